"""Agreement on who is who: LEA and the CoNLL mean between annotators."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import fsum, isnan, nan
from typing import Any

import numpy as np
from msgspec.structs import replace

from goldwire.annotate.document import Document
from goldwire.evaluate import metrics, resample, sampling
from goldwire.evaluate.agreement.annotators import Compared, Figure, Options, tallies
from goldwire.evaluate.agreement.items import items
from goldwire.evaluate.counts import Counts, Tally
from goldwire.evaluate.draws import Floats
from goldwire.evaluate.sampling import Bounds

LAYERS = ("events", "actors", "places")
MEANS = {"lea": ("lea",), "conll": ("muc", "b3", "ceaf_e")}
PARTS = ("muc", "b3", "ceaf_e", "lea")


def figures(compared: Compared, layer: str, options: Options) -> Iterator[Figure]:
    """Clusters of a layer, by the heads of mentions: of all, and of those that both annotators have."""
    if layer not in LAYERS:
        return
    for measure, sides in ("coreference", _all), ("coreference(given=True)", partial(_common, layer)):
        for who, pairs in compared.pairs(options):
            found = {p: tallies(partial(_count, layer, p, sides), compared.heads, pairs) for p in PARTS}
            if not any(t.total for t in found["b3"]):
                continue
            for mean, of in MEANS.items():
                rows = np.stack([sampling.units(found[part]).rows[:, 0] for part in of], axis=1)
                yield _figure(layer, f"{measure} {mean}", who, "", rows, options)
                if options.by == "document":
                    for i, document in enumerate(compared.documents):
                        yield _figure(layer, f"{measure} {mean}", who, document, rows[i : i + 1], options)


def _all(gold: Document, pred: Document) -> tuple[Document, Document]:
    return gold, pred


def _count(layer: str, part: str, sides: Any, gold: Document, pred: Document) -> Tally:
    return metrics.METRICS[f"{layer}.coreference(metric={part})"](*sides(gold, pred), match="exact")


def _figure(layer: str, measure: str, who: str, document: str, rows: Floats, options: Options) -> Figure:
    """The mean F1 of several metrics' rows (documents, metrics, 4); its interval only over documents."""
    kind, why = resample.choose(len(rows))
    values = [Counts(*map(float, row)).rates().f1 for row in rows.sum(0)]
    mean = nan if any(map(isnan, values)) else fsum(values) / len(values)
    bounds = Bounds(why="" if document else why)
    if kind:
        found = resample.intervals(rows, statistic=_mean, **options.bootstrap)
        if not found.flat[0]:
            bounds = Bounds(float(found.low[0]), float(found.high[0]), kind)
    return Figure(layer, measure, "heads", "F1", who, "", document, mean, bounds, nan, nan)


def _mean(totals: Floats) -> Floats:
    return np.asarray(resample.rates(totals).mean(-1, keepdims=True), dtype=np.float64)


def _common(layer: str, gold: Document, pred: Document) -> tuple[Document, Document]:
    """Both documents with only those mentions of a layer that stand in either."""
    both = [item for item in items(layer, (gold, pred)) if None not in item]
    found = []
    for side, document in enumerate((gold, pred)):
        held = [m for item in both if (m := item[side])]
        if layer == "events":
            found.append(replace(document, events=_together(document, {id(m.owner) for m in held})))
        else:
            kept = {id(m.mention) for m in held}
            entities = [
                replace(x, mentions=tuple(m for m in x.mentions if id(m) in kept))
                for x in getattr(document, layer)
            ]
            found.append(replace(document, **{layer: tuple(x for x in entities if x.mentions)}))
    return found[0], found[1]


def _together(document: Document, kept: set[int]) -> tuple[Any, ...]:
    """The events that are kept; those of one cluster get the first of them for its id."""
    first: dict[str, str] = {}
    events = [e for e in document.events if id(e) in kept]
    for e in events:
        first.setdefault(e.coref or e.id, e.id)
    return tuple(replace(e, coref=first[e.coref or e.id]) for e in events)
