"""What a profile is: another scorer's way to count, under its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from math import isnan, nan

from goldwire.annotate.document import Document
from goldwire.evaluate import counts
from goldwire.evaluate.counts import Counts, Four, Rates

Rows = Mapping[str, Counts]
Results = dict[str, Rates]
Pair = tuple[Document, Document]  # gold, predicted


def zero(rates: Rates, value: float = 0.0) -> Rates:
    """The rates with what is not defined replaced, as most published scorers do."""
    return Rates(*(value if isnan(x) else x for x in rates))


def each(rows: Rows) -> Results:
    """Every row by itself, nothing out of nothing being 0."""
    return {name: zero(row.rates()) for name, row in rows.items()}


def micro(rows: Rows) -> Results:
    """All labels together under ``micro``, then every label."""
    return {"micro": zero(counts.total(rows.values()).rates()), **each(rows)}


def averages(rows: Rows, *, value: float = 0.0) -> Results:
    """Micro, macro and weighted means over labels as scikit-learn and seqeval take them.

    ``value`` is what 0/0 counts as (their ``zero_division``). Over no label the macro mean is nan.

    >>> averages({"A": Counts(1, 2, 1, 1), "B": Counts(0, 0, 0, 3)})["weighted"]
    Rates(precision=0.125, recall=0.25, f1=0.16666666666666666)
    """
    label = {name: zero(row.rates(), value) for name, row in rows.items()}
    golds = sum(row.r_all for row in rows.values())
    weights = {name: row.r_all for name, row in rows.items()}
    if golds:
        weighted = Rates(*(sum(r[i] * weights[n] for n, r in label.items()) / golds for i in range(3)))
    else:
        missing = 0.0 if any(row.p_all for row in rows.values()) else value
        weighted = Rates(missing, value, missing)
    columns = [[r[i] for r in label.values()] for i in range(3)]
    macro = Rates(*(sum(c) / len(c) if c else nan for c in columns))
    return {
        "micro": zero(counts.total(rows.values()).rates(), value),
        "macro": macro,
        "weighted": weighted,
        **label,
    }


@dataclass(frozen=True)
class Profile:
    """One published scorer, faults and all, or with ``+fixed`` in its name without them.

    ``count`` counts documents, each with its prediction; ``finish`` turns the rows into what the
    scorer reports, of which ``headline`` is the result that papers quote. ``exempt`` maps each law
    that the headline breaks to the reason.
    """

    name: str
    about: str
    reference: str
    headline: str
    count: Callable[[Sequence[Pair]], Mapping[str, Four]]
    finish: Callable[[Rows], Results] = each
    exempt: Mapping[str, str] = field(default_factory=dict)

    def score(self, pairs: Iterable[Pair]) -> Results:
        """What the scorer reports for gold documents with their predictions."""
        return self.finish(self.rows(pairs))

    def rows(self, pairs: Iterable[Pair]) -> dict[str, Counts]:
        """The counts behind that."""
        return {name: Counts(*row) for name, row in self.count(list(pairs)).items()}

    def __call__(self, gold: Sequence[Document], pred: Sequence[Document]) -> Rates:
        """The headline for documents with their predictions; nan where there is nothing to score."""
        found = self.score(zip(gold, pred, strict=True))
        return found.get(self.headline, Rates(nan, nan, nan))


def by_document(
    count: Callable[[Document, Document], Mapping[str, Four]],
) -> Callable[[Sequence[Pair]], Mapping[str, Four]]:
    """A way to count one document, for all of them: rows add."""
    return lambda pairs: summed(count(gold, pred) for gold, pred in pairs)


def summed(found: Iterable[Mapping[str, Four]]) -> dict[str, Four]:
    """The sums of rows by name, the same in whatever order they come."""
    rows: dict[str, list[Counts]] = {}
    for one in found:
        for name, row in one.items():
            rows.setdefault(name, []).append(Counts(*row))
    return {name: astuple(counts.total(each)) for name, each in rows.items()}
