"""What a profile is: another scorer's way to count, under its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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

    ``count`` counts one document; its rows add over documents, and ``finish`` turns the sums
    into what the scorer reports. A scorer that has to see all documents first has ``over``
    instead. ``headline`` is the result that papers quote. ``exempt`` maps each law that it
    breaks to the reason.
    """

    name: str
    about: str
    reference: str
    headline: str
    count: Callable[[Document, Document], Mapping[str, Four]]
    finish: Callable[[Rows], Results] = each
    exempt: Mapping[str, str] = field(default_factory=dict)
    over: Callable[[Sequence[Pair]], Mapping[str, Four]] | None = None

    def rows(self, gold: Document, pred: Document) -> dict[str, Counts]:
        """The rows of one document; of a scorer that has to see all, as if there were no other."""
        if self.over:
            return {name: Counts(*row) for name, row in self.over([(gold, pred)]).items()}
        return {name: Counts(*row) for name, row in self.count(gold, pred).items()}

    def score(self, pairs: Iterable[Pair]) -> Results:
        """What the scorer reports for gold documents with their predictions."""
        if self.over:
            return self.finish({name: Counts(*row) for name, row in self.over(list(pairs)).items()})
        summed: dict[str, list[Counts]] = {}
        for gold, pred in pairs:
            for name, row in self.rows(gold, pred).items():
                summed.setdefault(name, []).append(row)
        return self.finish({name: counts.total(rows) for name, rows in summed.items()})

    def __call__(self, gold: Sequence[Document], pred: Sequence[Document]) -> Rates:
        """The headline for documents with their predictions; nan where there is nothing to score."""
        found = self.score(zip(gold, pred, strict=True))
        return found.get(self.headline, Rates(nan, nan, nan))
