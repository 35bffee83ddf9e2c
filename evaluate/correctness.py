"""Which predictions are right: those of a layer, each with its confidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isfinite, nan
from typing import NamedTuple

from goldwire.annotate.document import Document, Mention
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate import spans
from goldwire.evaluate.documents import named, pair
from goldwire.evaluate.labels import LabelMap, typed
from goldwire.evaluate.match import Stretch, align, matching, shared

LAYERS = ("events", "actors", "places", "times", "numbers", "quotations", "spans")


class Prediction(NamedTuple):
    """One prediction: what it claims, whether it is right, its label and its document."""

    confidence: float
    right: bool
    label: str
    document: str


@dataclass(frozen=True)
class Judged:
    """Predictions of one layer, and the number of gold items in each document.

    ``without`` counts predictions that carry no confidence; they are not among them.
    """

    predictions: tuple[Prediction, ...]
    gold: dict[str, int]
    without: int

    @property
    def confidence(self) -> list[float]:
        """What each prediction claims."""
        return [p.confidence for p in self.predictions]

    @property
    def right(self) -> list[bool]:
        """Whether each prediction is right."""
        return [p.right for p in self.predictions]

    @property
    def document(self) -> list[str]:
        """The document of each prediction."""
        return [p.document for p in self.predictions]


def judged(
    gold: Sequence[Document],
    pred: Iterable[Document],
    layer: str,
    *,
    match: str = "exact",
    labels: LabelMap | None = None,
    where: str = "prediction",
) -> Judged:
    """Pair the typed spans of a layer with gold one to one, and say of each prediction whether it is right.

    Of equal predictions the most confident is paired. The confidence is that of the object, else of its
    mention. Raises ProblemError for a confidence that is no number, and where no prediction has one.

    >>> from goldwire.annotate.document import Event, Meta
    >>> raid, talk = Mention("raid", 4), Mention("talk", 9)
    >>> sure = Event("e1", raid, "STRIKE", confidence="0.9"), Event("e2", talk, "WAR", confidence=".2")
    >>> gold = Document("The raid talk", Meta("A"), events=(Event("e1", raid, "STRIKE"), Event("e2", talk)))
    >>> found = judged([gold], [Document("The raid talk", Meta("A"), events=sure)], "events")
    >>> found.confidence, found.right, found.gold
    ([0.9, 0.2], [True, False], {'A': 2})
    """
    from goldwire.annotate import files

    if layer not in LAYERS:
        raise ProblemError(Problem(layer, 0, "unknown-layer", f"the layers are {', '.join(LAYERS)}"))
    how = matching(match)
    paired = pair(gold, pred, where=where)
    both = typed([g for g, _ in paired.documents], [p for _, p in paired.documents], files.ontology(), labels)
    rows: list[Prediction] = []
    golds: dict[str, int] = {}
    without = 0
    for i, (g, p) in enumerate(zip(both.gold, both.pred, strict=True)):
        name = named(g, i)
        masked = spans.masked(g, layer)
        wanted = [s for s, _ in _spans(g, layer) if not shared(s.pieces, masked)]
        made = [(s._replace(key=(_order(c),)), c) for s, c in _spans(p, layer)]
        hits = {x.pred for x in align(wanted, [s for s, _ in made], how, typed=True)}
        golds[name] = len(wanted)
        for j, (s, said) in enumerate(made):
            if j in hits or not shared(s.pieces, masked):
                value = _number(said, where, name)
                without += value is None
                if value is not None:
                    rows.append(Prediction(value, j in hits, s.label, name))
    if without and not rows:
        message = f"none of {without} predictions of {layer} has a confidence"
        raise ProblemError(Problem(where, 0, "no-confidence", message))
    return Judged(tuple(rows), golds, without)


def _spans(document: Document, layer: str) -> Iterator[tuple[Stretch, str]]:
    """Every span of a layer with the confidence that goes with it."""
    d = document
    match layer:
        case "events":
            yield from (
                (spans.stretch(e.trigger, e.type), e.confidence or e.trigger.confidence) for e in d.events
            )
        case "actors":
            yield from _mentions((m, a.type, a.confidence) for a in d.actors for m in a.mentions)
        case "places":
            yield from _mentions((m, p.kind, p.confidence) for p in d.places for m in p.mentions)
        case "quotations":
            for q in d.quotations:
                if q.content:
                    yield Stretch(spans.content(q)), q.confidence
        case "spans":
            yield from _mentions((s.mention, s.label, s.confidence) for s in d.spans)
        case _:
            yield from _mentions((x.mention, x.kind, x.confidence) for x in getattr(d, layer))


def _mentions(found: Iterable[tuple[Mention, str, str]]) -> Iterator[tuple[Stretch, str]]:
    for mention, label, confidence in found:
        yield spans.stretch(mention, label), confidence or mention.confidence


def _order(confidence: str) -> str:
    """A key by which the most confident of equal predictions comes first."""
    try:
        return f"{1e9 - float(confidence or 0):024.12f}"
    except ValueError:
        return confidence


def _number(said: str, where: str, document: str) -> float | None:
    if not said:
        return None
    try:
        value = float(said)
    except ValueError:
        value = nan
    if isfinite(value):
        return value
    raise ProblemError(Problem(where, 0, "confidence", f"{document}: {said!r} is no number"))
