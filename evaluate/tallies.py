"""The tallies of a document: every metric's counts, against the reading of gold that suits it best."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from goldwire.annotate.document import Document
from goldwire.evaluate import across, counts, metrics, readings
from goldwire.evaluate.counts import Counts, Tally
from goldwire.evaluate.labels import Typed
from goldwire.evaluate.metrics import Metric

Key = tuple[str, str]  # the name of a metric, the way of matching ("" where the metric fixes its own)


def tried(both: Typed) -> list[Metric]:
    """The metrics of what any prediction attempted, without layers that are counted together."""
    return [m for m in metrics.ROWS if m.layer not in both.merged and any(map(m.attempted, both.pred))]


def suited(gold: Document, pred: Document, attempted: Sequence[Metric], way: str) -> Document:
    """The joint reading of gold that a prediction answers best, by the metrics of what was attempted."""
    judges = [m for m in attempted if m.judges]

    def rows(reading: Document) -> Iterable[tuple[float, float]]:
        for metric in judges:
            total = metric(reading, pred, match=way).total
            yield total.p_hit + total.r_hit, total.p_all + total.r_all

    return readings.best(gold, rows)


def counted_by(
    gold: Document, pred: Document, counted: list[Metric], attempted: list[Metric], ways: list[str]
) -> dict[Key, Tally]:
    """The tallies of one document, each way of matching against the reading that suits it best."""
    found: dict[Key, Tally] = {}
    # A metric that fixes its way of matching goes with the reading that suits exact matching.
    fixed = [m for m in counted if m.match]
    for way in dict.fromkeys([*ways, *(["exact"] if fixed else [])]):
        reading = suited(gold, pred, attempted, way)
        if way in ways:
            found |= {(m.name, way): m(reading, pred, match=way) for m in counted if not m.match}
        if way == "exact":
            found |= {(m.name, ""): m(reading, pred) for m in fixed}
    # In the order of the table of metrics, the ways of matching of one metric together.
    order = {m.name: i for i, m in enumerate(counted)}
    return dict(sorted(found.items(), key=lambda item: order[item[0][0]]))


def counted_across(
    both: Typed,
    layers: Sequence[str],
    known: across.Table,
    attempted: Sequence[Metric],
    ways: Sequence[str],
) -> tuple[dict[Key, Counts], tuple[str, ...]]:
    """What is said of identity across documents, by metric and way; the names of what no prediction says."""
    found: dict[Key, Counts] = {}
    unsaid: list[str] = []
    for layer in layers:
        if layer in both.merged:
            continue
        if across.claimed(both.pred, {}, layer):
            for way in ways:
                pairs = zip(both.gold, both.pred, strict=True)
                readings = [suited(g, p, attempted, way) for g, p in pairs]
                rows = across.count(readings, both.pred, known, layer, match=way)
                found |= {(across.name(layer, metric), way): row for metric, row in rows.items()}
        elif across.claimed(both.gold, known, layer):
            unsaid += [across.name(layer, metric) for metric in across.METRICS]
    order = [across.name(layer, metric) for layer in across.LAYERS for metric in across.METRICS]
    return dict(sorted(found.items(), key=lambda item: order.index(item[0][0]))), tuple(unsaid)


def figures_across(rows: Mapping[Key, Counts]) -> Iterable[tuple[str, ...]]:
    """The same for identity across documents."""
    return ((*key, "", *_written(row)) for key, row in rows.items())


def figures(tallies: Mapping[Key, Sequence[Tally]]) -> Iterable[tuple[str, ...]]:
    """Every sum of a metric and a label, written so that equal ones are equal: what a signature digests."""
    for key, found in tallies.items():
        for label in sorted({label for tally in found for label in tally}):
            row = counts.total(t[label] for t in found if label in t)
            yield (*key, label, *_written(row))


def _written(row: Counts) -> Iterable[str]:
    return (f"{x:.9g}" for x in (row.p_hit, row.p_all, row.r_hit, row.r_all))
