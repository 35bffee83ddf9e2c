"""How far annotators agree: every figure of the scorer between them, and coefficients against chance.

F1 is the scorer's own, each annotator taken for gold in turn and the counts of
both directions averaged (they differ only where a metric is not symmetric).
Kappa and alpha are of closed choices on objects that annotators have both found
(``attributes.py``); alpha_U and gamma of where units begin and end (``boundaries.py``).
Under ``heads`` mentions are compared by their heads, so that an extent in dispute
spoils nothing that hangs on it. Times that rest on metadata are no reading of the
text: their values are left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from goldwire.annotate.document import Document
from goldwire.evaluate import metrics, sampling
from goldwire.evaluate.agreement import attributes, boundaries, coreference
from goldwire.evaluate.agreement.annotators import Compared, Figure, Options, tallies
from goldwire.evaluate.counts import Tally, total
from goldwire.evaluate.sampling import Bounds

HEADS = "heads"
# The metrics that a table of agreement shows, each with the way of matching.
SHOWN: tuple[tuple[str, str], ...] = (
    ("events.trigger(typed=False)", HEADS),
    ("events.trigger", HEADS),
    ("events.argument", HEADS),
    ("events.argument(given=True)", HEADS),
    ("events.attribute(name=polarity, given=True)", HEADS),
    ("events.factuality(given=True)", HEADS),
    ("events.link", HEADS),
    ("actors.mention(typed=False)", "exact"),
    ("actors.mention(typed=False)", HEADS),
    ("actors.mention", HEADS),
    ("places.mention(typed=False)", "exact"),
    ("places.mention(typed=False)", HEADS),
    ("places.mention", HEADS),
    ("times.span(typed=False)", "exact"),
    ("times.value(given=True)", "exact"),
    ("numbers.span(typed=False)", "exact"),
    ("numbers.span(typed=False)", HEADS),
    ("numbers.value(given=True)", HEADS),
    ("numbers.bounds(given=True)", HEADS),
    ("numbers.attribute(name=mod, given=True)", HEADS),
    ("numbers.reference(name=counted, given=True)", HEADS),
    ("numbers.fact", HEADS),
    ("quotations.content", "exact"),
    ("quotations.content", "overlap@0.5"),
    ("quotations.content", "partial"),
    ("quotations.cue", "exact"),
    ("quotations.speaker(given=True)", f"{HEADS} overlap@0.5"),
    ("quotations.parent(given=True)", f"{HEADS} overlap@0.5"),
    ("quotations.chain(given=True)", f"{HEADS} overlap@0.5"),
)


def figures(compared: Compared, options: Options = Options()) -> Iterator[Figure]:
    """Every figure of agreement, layer by layer: F1, clusters, closed choices, units.

    >>> from goldwire.annotate.document import Event, Mention, Meta
    >>> from goldwire.evaluate.agreement.annotators import compared
    >>> raid, talk = Event("e1", Mention("raid", 4), "STRIKE"), Event("e2", Mention("talk", 9), "MEET")
    >>> one = Document("The raid talk", Meta("A"), events=(raid, talk))
    >>> other = Document("The raid talk", Meta("A"), events=(replace(talk, type="TALK"),))
    >>> found = figures(compared({"one": [one], "other": [other]}), Options(("events",)))
    >>> [(f.measure, round(f.value, 3), f.same, f.n) for f in found if f.kind == "F1"][:2]
    [('trigger(typed=False)', 0.667, 1.0, 1.5), ('trigger', 0.0, 0.0, 1.5)]
    """
    for layer in metrics.LAYERS:
        if options.wants(layer):
            for name, way in SHOWN:
                if name.startswith(f"{layer}."):
                    yield from scored(compared, metrics.METRICS[name], way, options)
            yield from coreference.figures(compared, layer, options)
            yield from attributes.figures(compared, layer, options)
            yield from boundaries.figures(compared, layer, options)


def scored(compared: Compared, metric: metrics.Metric, way: str, options: Options) -> Iterator[Figure]:
    """F1 of a metric between annotators: micro, and as ``options.by`` asks, each label or document."""
    words = way.split()
    match = next((w for w in words if w != HEADS), "exact")
    texts = compared.heads if HEADS in words else compared.texts
    if metric.function.__name__ == "value" and metric.layer == "times":
        texts = tuple(tuple(map(_without_metadata, versions)) for versions in texts)
    measure = metric.name.removeprefix(f"{metric.layer}.")

    def count(gold: Document, pred: Document) -> Tally:
        return metric(gold, pred, match=match)

    for who, pairs in compared.pairs(options):
        found = tallies(count, texts, pairs)
        bounds = sampling.bounds(found, compared.sentences, **options.bootstrap)
        columns = [("", "", found, bounds[""])]
        if options.by == "label" or "polarity" in measure:
            # Of polarity the rare value is the one that tells: everybody agrees on the other.
            labels = sorted({label for t in found for label in t if label and label != "pos"})
            columns += [(x, "", [_only(t, x) for t in found], bounds[x]) for x in labels]
        if options.by == "document":
            columns += [("", d, [t], Bounds()) for d, t in zip(compared.documents, found, strict=True)]
        for label, document, part, interval in columns:
            c = total(t.total for t in part)
            if c:
                row = (c.rates().f1, interval, (c.p_hit + c.r_hit) / 2, (c.p_all + c.r_all) / 2)
                yield Figure(metric.layer, measure, way, "F1", who, label, document, *row)


def _without_metadata(document: Document) -> Document:
    return replace(document, times=tuple(t for t in document.times if t.basis != "metadata"))


def _only(tally: Tally, label: str) -> Tally:
    return Tally(e for e in tally.entries if e.label == label)
