"""Scores: what ``score`` returns, and every way to look at it.

Nothing is divided here and nothing is counted: a ``Scores`` holds the tally of
every metric for every document, and its rows are sums of those.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan, nan
from os import PathLike
from typing import TYPE_CHECKING, Any, NamedTuple

from goldwire.annotate import files
from goldwire.annotate.document import Document
from goldwire.annotate.ontology import Ontology
from goldwire.evaluate import across, coreference, counts, metrics, signature
from goldwire.evaluate.counts import Counts, Rates, Tally
from goldwire.evaluate.documents import failures, named, pair
from goldwire.evaluate.labels import LabelMap, typed
from goldwire.evaluate.match import matching
from goldwire.evaluate.metrics import METRICS
from goldwire.evaluate.tallies import Key, counted_across, counted_by, figures, figures_across, tried

if TYPE_CHECKING:
    import pandas

    from goldwire.evaluate.sampling import Bounds

MICRO, MACRO = "micro", "macro"


class Row(NamedTuple):
    """One line of a report.

    ``label`` is ``micro`` for all labels together, ``macro`` for the mean over ``labels`` labels
    (which has rates but no counts), else a label. ``document`` is "" for all of them together.
    ``interval`` is that of F1, None where none was asked for.
    """

    metric: str
    match: str
    label: str
    document: str
    counts: Counts
    rates: Rates
    labels: int
    interval: Bounds | None = None


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
    dropped: Mapping[str, int] = field(default_factory=dict)  # what a repair took out, by rule
    unplaced: int = 0  # what a system said that stands nowhere in the text
    sentences: tuple[tuple[int, ...], ...] = ()  # where each sentence of each document begins
    intervals: Mapping[Key, Mapping[str, Bounds]] = field(default_factory=dict)
    across: Mapping[Key, Counts] = field(default_factory=dict)  # identity across documents (``across.py``)
    # How many hits at most the best pairing has more, where it was too large to be looked for.
    lacking: Mapping[Key, float] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)  # documents that the system failed on, and why

    def __getitem__(self, metric: str) -> Counts:
        """The micro counts of a metric, in the first way of matching it was counted in."""
        for (name, _), row in self.across.items():
            if name == metric:
                return row
        for name, match in self.tallies:
            if name == metric:
                return self.counts(metric, match)
        raise KeyError(metric)

    def found(self, row: Row) -> float:
        """F1 of a row's metric where its object is found; nan if it has no such twin."""
        twin = METRICS[row.metric].given if row.metric in METRICS else ""
        key = (twin, row.match)
        if not twin or key not in self.tallies or row.label != MICRO or row.document:
            return nan
        return self.counts(*key).rates().f1

    def counts(self, metric: str, match: str = "", label: str = MICRO) -> Counts:
        """The counts of a metric over all documents; of one label, or of all (``micro``)."""
        tallies = self.tallies[metric, match]
        if label == MICRO:
            return counts.total(t.total for t in tallies)
        return counts.total(t[label] for t in tallies if label in t)

    def rates(self, metric: str, *, match: str = "", average: str | None = MICRO) -> Any:
        """Precision, recall and F1 of a metric: ``average`` micro, macro, or None for each label.

        ``match`` "" takes the first way of matching it was counted in. Raises KeyError for a metric that
        was not counted, ValueError for another average.
        """
        key = next((k for k in self.tallies if k[0] == metric and match in ("", k[1])), None)
        if key is None:
            raise KeyError(metric)
        each = {label: self.counts(*key, label) for label in self.labels(*key)}
        match average:
            case "micro":
                return self.counts(*key).rates()
            case "macro":
                return counts.macro(each.values())[0]
            case None:
                return {label: row.rates() for label, row in each.items()}
        raise ValueError(f"average: {average!r} is none of micro, macro, None")

    def __contains__(self, metric: str) -> bool:
        return any(name == metric for name, _ in self.tallies)

    def labels(self, metric: str, match: str = "") -> list[str]:
        """The labels that stand on either side, sorted."""
        return sorted({label for tally in self.tallies[metric, match] for label in tally})

    def rows(self, *, by: str = "", main: bool = False) -> list[Row]:
        """Rows for all labels together, then the macro mean; with ``by`` also for each label or document.

        ``main`` leaves out the metrics that look closer.
        """
        found = [
            row
            for key in self.tallies
            if not main or METRICS[key[0]].main
            for row in (
                *self._rows(key, by),
                *self._means(key, by, ("conll",) if main else ("blanc", "conll")),
            )
        ]
        return found + self._across(main)

    def _across(self, main: bool) -> list[Row]:
        """Identity across documents: rows that belong to no document, so without an interval."""
        if not self.across:
            return []
        from goldwire.evaluate import sampling

        why = sampling.Bounds(why="across documents") if self.intervals else None
        return [
            Row(*key, MICRO, "", row, rates, 1, why)
            for key, (row, rates) in across.rated(self.across).items()
            if not main or key[0] in across.SHOWN
        ]

    def _rows(self, key: Key, by: str) -> Iterable[Row]:
        each = {label: self.counts(*key, label) for label in self.labels(*key)}
        whole = self.counts(*key)
        bounds = self.intervals.get(key, {})
        yield Row(*key, MICRO, "", whole, whole.rates(), len(each), bounds.get(""))
        if METRICS[key[0]].macro and len(each) > 1:
            mean, of = counts.macro(each.values())
            yield Row(*key, MACRO, "", Counts(), mean, of, bounds.get(MACRO))
        if by == "label":
            for label, row in each.items():
                if label:
                    yield Row(*key, label, "", row, row.rates(), 1, bounds.get(label))
        if by == "document":
            for document, tally in zip(self.documents, self.tallies[key], strict=True):
                yield Row(*key, MICRO, document, tally.total, tally.total.rates(), len(tally))

    def _means(self, key: Key, by: str, wanted: Sequence[str]) -> Iterable[Row]:
        """BLANC and the CoNLL mean, after the last of the metrics of which they are means."""
        name, match = key
        stem, _, last = name.rpartition("metric=")
        if last != "lea)":
            return
        parts = {m: self.tallies[f"{stem}metric={m})", match] for m in metrics.CLUSTERS}
        documents = [("", {m: counts.total(t.total for t in ts) for m, ts in parts.items()})]
        if by == "document":
            for k, document in enumerate(self.documents):
                documents.append((document, {m: ts[k].total for m, ts in parts.items()}))
        for document, rows in documents:
            blanc = coreference.blanc_rates(rows["blanc_coref"], rows["blanc_other"])
            means = {"blanc": blanc, "conll": coreference.conll(rows)}
            for metric in wanted:
                name = f"{stem}metric={metric})"
                bounds = None if document else self.intervals.get((name, match), {}).get("")
                yield Row(name, match, MICRO, document, Counts(), means[metric], 1, bounds)

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
            "dropped": dict(self.dropped),
            "failed": dict(self.failed),
            "unplaced": self.unplaced,
            "lacking": [{"metric": m, "match": way, "hits": n} for (m, way), n in self.lacking.items()],
            "rows": [plain(row) for row in self.rows(by=by)],
        }

    def to_frame(self, *, by: str = "label") -> pandas.DataFrame:
        """The rows as a pandas table."""
        try:
            import pandas
        except ImportError:
            from goldwire.annotate.problems import missing

            raise missing("stats", "pandas") from None
        return pandas.DataFrame([plain(row) for row in self.rows(by=by)])

    def _repr_html_(self) -> str:
        from goldwire.evaluate.report.tables import html

        return html(self)


def score(
    gold: str | PathLike[str] | Iterable[Document],
    pred: str | PathLike[str] | Iterable[Document],
    *,
    layers: Sequence[str] | None = None,
    match: str | Sequence[str] = "exact",
    labels: LabelMap | None = None,
    ontology: Ontology | None = None,
    interval: str = "",
    level: float = 0.95,
    resamples: int = 10_000,
    seed: int = 7,
    gold_name: str = "",
    repair: str = "",
    align: str = "",
    dropped: Mapping[str, int] | None = None,
    entities: str | PathLike[str] | Mapping[tuple[str, str], str] = "",
    where: str = "prediction",
) -> Scores:
    """Score predicted documents against gold ones; either may be a path to a file or folder of them.

    ``layers`` names layers or single metrics (all of them by default), ``match`` one or several
    ways of matching spans (``match.py``), ``labels`` a translation (``labels.py``), ``interval``
    percentile or bca (none by default: ``resample.py`` says what they are). ``gold_name`` only stands in
    the report. A file of predictions with problems is refused with their lines, or mended by ``repair``
    (``intake.py``); of documents that are given, ``repair`` and ``dropped`` only stand in the report. Where
    gold declares ambiguities, each document is scored against the joint reading that the prediction
    answers best (``readings.py``).

    ``entities`` says which objects of different gold documents are one (``across.py``): a file like
    ``corpus/entities.jsonl``, or (document, object) -> entity. Without it Wikidata ids say so.

    ``align`` ("text" or "tokens") carries predictions made on another version of a text over to gold's
    (``annotate/carry.py``). Raises ProblemError for names that do not exist and, without ``align``, for
    documents whose text differs from gold.

    >>> from goldwire.annotate.document import Event, Mention, Meta
    >>> raid, talk = Event("e1", Mention("raid", 4), "STRIKE"), Event("e2", Mention("talk", 9), "MEET")
    >>> gold = [Document("The raid talk", Meta("A"), events=(raid, talk))]
    >>> scores = score(gold, [Document("The raid talk", Meta("A"), events=(raid,))])
    >>> scores["events.trigger"].rates()
    Rates(precision=1.0, recall=0.5, f1=0.6666666666666666)
    """
    golds = _documents(gold)
    if isinstance(pred, str | PathLike):
        from goldwire.evaluate import intake

        where = str(pred)
        preds, dropped = intake.predictions(where, ontology or files.ontology(), repair=repair)
    else:
        preds = list(pred)
    if align:
        from goldwire.annotate.carry import carried

        preds = list(carried(preds, {d.meta.doc_id: d.text for d in golds}, align))
    paired = pair(golds, preds, where=where)
    ways = [str(matching(m)) for m in ([match] if isinstance(match, str) else match)]
    beyond, named_layers = across.chosen(None if layers is None else tuple(layers))
    wanted = metrics.chosen(named_layers)
    golds, preds = [g for g, _ in paired.documents], [p for _, p in paired.documents]
    both = typed(golds, preds, ontology or files.ontology(), labels)
    attempted = tried(both)
    counted = [m for m in wanted if m in attempted]
    found = [counted_by(g, p, counted, attempted, ways) for g, p in zip(both.gold, both.pred, strict=True)]
    keys = list(found[0]) if found else []
    tallies = {key: tuple(document[key] for document in found) for key in keys}
    sentences = tuple(tuple(s.start for s in g.segments) for g, _ in paired.documents)
    bounds: dict[Key, dict[str, Bounds]] = {}
    if interval:
        from goldwire.evaluate import sampling

        options: Any = {"method": interval, "level": level, "resamples": resamples, "seed": seed}
        means = {key for key in tallies if METRICS[key[0]].macro}
        bounds = sampling.together(tallies, sentences, means=means, **options)
        for stem, way in [(k[0].removesuffix("lea)"), k[1]) for k in tallies if k[0].endswith("metric=lea)")]:
            parts = {m: tallies[f"{stem}{m})", way] for m in metrics.CLUSTERS}
            for mean in ("blanc", "conll"):
                bounds[f"{stem}{mean})", way] = {"": sampling.of_clusters(parts, mean, **options)}
    known = across.table(entities) if isinstance(entities, str | PathLike) and entities else entities or {}
    assert not isinstance(known, str | PathLike)
    between, unsaid = counted_across(both, beyond, known, attempted, ways)
    written = {
        "gold": f"{gold_name}+sha256.{signature.digest(g for g, _ in paired.documents)[:12]}".lstrip("+"),
        "layers": ",".join(layers) if layers else "all",
        "match": ",".join(ways),
        "map": labels.name if labels else "",
        "repair": repair,
        "align": align,
        "entities": across.digest(known) if between and known else "",
        "interval": f"{interval}-{level:g}-{resamples}" if interval else "",
        "seed": str(seed) if interval else "",
        "result": signature.result((*figures(tallies), *figures_across(between), *_digits(bounds))),
    }
    return Scores(
        tuple(named(g, i) for i, (g, _) in enumerate(paired.documents)),
        tallies,
        signature.write(written),
        (
            *(m.name for m in wanted if m not in attempted and m.layer not in ("spans", *both.merged)),
            *unsaid,
        ),
        paired.missing,
        paired.unknown,
        both.unmapped_gold,
        both.unmapped_pred,
        both.merged,
        dropped or {},
        sum(len(p.extra.get("unanchored", ())) for p in preds),
        sentences,
        bounds,
        between,
        failed={named(g, i): r[0] for i, (g, p) in enumerate(paired.documents) if (r := failures(p))},
    )


def _documents(given: str | PathLike[str] | Iterable[Document]) -> list[Document]:
    """Documents as they are, or those of a file or folder."""
    return files.read(str(given)) if isinstance(given, str | PathLike) else list(given)


def _digits(intervals: Mapping[Key, Mapping[str, Bounds]]) -> Iterable[tuple[str, ...]]:
    """Every bound of an interval, written so that equal ones are equal: for the digest of a signature."""
    for key, columns in intervals.items():
        for column, b in columns.items():
            yield *key, column, "interval", f"{b.low:.9g}", f"{b.high:.9g}"


def plain(row: Row) -> dict[str, Any]:
    """A row as plain values; what is not defined is None."""
    c, bounds = row.counts, row.interval
    known = bounds is not None and not isnan(bounds.low)
    return {
        "metric": row.metric,
        "match": row.match,
        "label": row.label,
        "document": row.document,
        **{name: None if isnan(x) else x for name, x in row.rates._asdict().items()},
        "low": bounds.low if bounds and known else None,
        "high": bounds.high if bounds and known else None,
        "p_hit": c.p_hit,
        "p_all": c.p_all,
        "r_hit": c.r_hit,
        "r_all": c.r_all,
        "labels": row.labels,
    }
