"""Scores: what ``score`` returns, and every way to look at it.

Nothing is divided here and nothing is counted: a ``Scores`` holds the tally of
every metric for every document, and its rows are sums of those.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan
from typing import TYPE_CHECKING, Any, NamedTuple

from goldwire.annotate import files
from goldwire.annotate.document import Document
from goldwire.annotate.ontology import Ontology
from goldwire.evaluate import counts, metrics, signature
from goldwire.evaluate.counts import Counts, Rates, Tally
from goldwire.evaluate.labels import LabelMap, typed
from goldwire.evaluate.match import matching
from goldwire.evaluate.pair import Paired, named, pair

if TYPE_CHECKING:
    import pandas

MICRO, MACRO = "micro", "macro"
Key = tuple[str, str]  # the name of a metric, the way of matching ("" where there is none)


class Row(NamedTuple):
    """One line of a report.

    ``label`` is ``micro`` for all labels together, ``macro`` for the mean over ``labels`` labels
    (which has rates but no counts), else a label. ``document`` is "" for all of them together.
    """

    metric: str
    match: str
    label: str
    document: str
    counts: Counts
    rates: Rates
    labels: int


@dataclass(frozen=True)
class Scores:
    """The tallies of every metric, a document each, and what has to be said beside them."""

    documents: tuple[str, ...]
    tallies: Mapping[Key, tuple[Tally, ...]]
    signature: str
    not_attempted: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    unmapped_gold: Mapping[str, int] = field(default_factory=dict)
    unmapped_pred: Mapping[str, int] = field(default_factory=dict)
    merged: tuple[str, ...] = ()  # layers that the label map cannot tell apart, counted as spans
    sentences: tuple[tuple[int, ...], ...] = ()  # where each sentence of each document begins

    def __getitem__(self, metric: str) -> Counts:
        """The micro counts of a metric, in the first way of matching it was counted in."""
        for name, match in self.tallies:
            if name == metric:
                return self.counts(metric, match)
        raise KeyError(metric)

    def counts(self, metric: str, match: str = "", label: str = MICRO) -> Counts:
        """The counts of a metric over all documents; of one label, or of all (``micro``)."""
        tallies = self.tallies[metric, match]
        if label == MICRO:
            return counts.total(t.total for t in tallies)
        return counts.total(t[label] for t in tallies if label in t)

    def labels(self, metric: str, match: str = "") -> list[str]:
        """The labels that stand on either side, sorted."""
        return sorted({label for tally in self.tallies[metric, match] for label in tally})

    def rows(self, *, by: str = "") -> list[Row]:
        """Rows for all labels together, then the macro mean; with ``by`` also for each label or document."""
        return [row for key in self.tallies for row in self._rows(key, by)]

    def _rows(self, key: Key, by: str) -> Iterable[Row]:
        each = {label: self.counts(*key, label) for label in self.labels(*key)}
        whole = self.counts(*key)
        yield Row(*key, MICRO, "", whole, whole.rates(), len(each))
        if len(each) > 1:
            mean, of = counts.macro(each.values())
            yield Row(*key, MACRO, "", Counts(), mean, of)
        if by == "label":
            for label, row in each.items():
                yield Row(*key, label, "", row, row.rates(), 1)
        if by == "document":
            for document, tally in zip(self.documents, self.tallies[key], strict=True):
                yield Row(*key, MICRO, document, tally.total, tally.total.rates(), len(tally))

    def to_dict(self, *, by: str = "label") -> dict[str, Any]:
        """Plain values for JSON; what is not defined is None."""
        return {
            "signature": self.signature,
            "documents": list(self.documents),
            "missing": list(self.missing),
            "unknown": list(self.unknown),
            "not_attempted": list(self.not_attempted),
            "unmapped_gold": dict(self.unmapped_gold),
            "unmapped_pred": dict(self.unmapped_pred),
            "merged": list(self.merged),
            "rows": [_plain(row) for row in self.rows(by=by)],
        }

    def to_frame(self, *, by: str = "label") -> pandas.DataFrame:
        """The rows as a pandas table."""
        import pandas

        return pandas.DataFrame([_plain(row) for row in self.rows(by=by)])


def score(
    gold: Iterable[Document],
    pred: Iterable[Document],
    *,
    layers: Sequence[str] | None = None,
    match: str | Sequence[str] = "exact",
    labels: LabelMap | None = None,
    ontology: Ontology | None = None,
    where: str = "prediction",
) -> Scores:
    """Score predicted documents against gold ones.

    ``layers`` names layers or single metrics (all of them by default), ``match`` one or several
    ways of matching spans (``match.py``), ``labels`` a translation (``labels.py``).
    Raises ProblemError for names that do not exist and for documents whose text differs from gold.

    >>> from goldwire.annotate.document import Event, Mention, Meta
    >>> raid, talk = Event("e1", Mention("raid", 4), "STRIKE"), Event("e2", Mention("talk", 9), "MEET")
    >>> gold = [Document("The raid talk", Meta("A"), events=(raid, talk))]
    >>> scores = score(gold, [Document("The raid talk", Meta("A"), events=(raid,))])
    >>> scores["events.trigger"].rates()
    Rates(precision=1.0, recall=0.5, f1=0.6666666666666666)
    """
    paired = pair(gold, pred, where=where)
    ways = [str(matching(m)) for m in ([match] if isinstance(match, str) else match)]
    golds, preds = (
        (tuple(side) for side in zip(*paired.documents, strict=True)) if paired.documents else ((), ())
    )
    both = typed(golds, preds, ontology or files.ontology(), labels)
    tallies: dict[Key, tuple[Tally, ...]] = {}
    wanted = metrics.chosen(None if layers is None else tuple(layers))
    for metric in wanted:
        if metric.layer not in both.merged and any(map(metric.attempted, both.pred)):
            for way in ways if metric.matches else [""]:
                pairs = zip(both.gold, both.pred, strict=True)
                tallies[metric.name, way] = tuple(metric(g, p, match=way or "exact") for g, p in pairs)
    counted = {name for name, _ in tallies}
    return Scores(
        tuple(named(g, i) for i, (g, _) in enumerate(paired.documents)),
        tallies,
        _signature(paired, tallies, layers, ways, labels),
        tuple(m.name for m in wanted if m.name not in counted and m.layer not in ("spans", *both.merged)),
        paired.missing,
        paired.unknown,
        both.unmapped_gold,
        both.unmapped_pred,
        both.merged,
        tuple(tuple(s.start for s in g.segments) for g, _ in paired.documents),
    )


def _signature(
    paired: Paired,
    tallies: Mapping[Key, tuple[Tally, ...]],
    layers: Sequence[str] | None,
    ways: list[str],
    labels: LabelMap | None,
) -> str:
    figures = [
        (*key, label, *(f"{x:.9g}" for x in (row.p_hit, row.p_all, row.r_hit, row.r_all)))
        for key, found in tallies.items()
        for label in sorted({label for tally in found for label in tally})
        for row in [counts.total(t[label] for t in found if label in t)]
    ]
    return signature.write(
        {
            "gold": f"sha256.{signature.digest(g for g, _ in paired.documents)[:12]}",
            "layers": ",".join(layers) if layers else "all",
            "match": ",".join(ways),
            "map": labels.name if labels else "",
            "result": signature.result(figures),
        }
    )


def _plain(row: Row) -> dict[str, Any]:
    figures = {name: None if isnan(x) else x for name, x in row.rates._asdict().items()}
    c = row.counts
    return {
        "metric": row.metric,
        "match": row.match,
        "label": row.label,
        "document": row.document,
        **figures,
        "p_hit": c.p_hit,
        "p_all": c.p_all,
        "r_hit": c.r_hit,
        "r_all": c.r_all,
        "labels": row.labels,
    }
