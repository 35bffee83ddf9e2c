"""Why predictions are wrong: the causes, the errors that have them, and what mending one cause would gain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from goldwire.evaluate.counts import Counts, total

CAUSES = (
    *("missed", "spurious", "boundary", "type", "role", "attached", "merged", "split", "duplicate"),
    *("coreference", "value", "modifier", "unit", "counted", "speaker", "cue", "unsupported text"),
)
# Layer -> what a right item is, in the words of a metric.
JUDGED = {
    "events": "events.trigger",
    "arguments": "events.argument",
    "actors": "actors.mention, of the right actor",
    "places": "places.mention, of the right place",
    "times": "times.span with kind and value",
    "numbers": "numbers.fact",
    "quotations": "quotations.triple",
}


class Error(NamedTuple):
    """One error: the gold item, the predicted one, or both where they belong together.

    ``gold`` and ``pred`` are their words, "" where there is none; ``label`` is that of the gold item
    (else of the prediction), ``said`` what differs. ``at`` is where it begins, -1 nowhere in the text,
    ``end`` where it ends; of an argument, its event's. A right item is such a pair without a cause.
    """

    document: str
    layer: str
    cause: str
    label: str
    at: int
    gold: str
    pred: str
    said: str = ""
    end: int = -1

    @property
    def in_gold(self) -> bool:
        """Whether a gold item is not answered rightly."""
        return bool(self.gold)

    @property
    def in_pred(self) -> bool:
        """Whether a predicted item is not right."""
        return bool(self.pred)


class Judged(NamedTuple):
    """The items of one layer of one document: how many, how many right, every error, every right item."""

    layer: str
    gold: int
    pred: int
    right: int
    errors: tuple[Error, ...]
    hits: tuple[Error, ...] = ()

    @property
    def counts(self) -> Counts:
        """What the metric of the layer counts."""
        return Counts(self.right, self.pred, self.right, self.gold)


class Gain(NamedTuple):
    """One cause in one layer: its errors, and F1 if every one of them, and no other, were mended."""

    layer: str
    cause: str
    errors: int
    f1: float
    mended: float


def gains(judged: Iterable[Judged]) -> list[Gain]:
    """What each cause costs in each layer, the dearest first. Mending an error makes its item right.

    >>> missed = Error("A", "events", "missed", "MEET", 0, "met", "")
    >>> spurious = Error("A", "events", "spurious", "MEET", 9, "", "now")
    >>> [(g.cause, round(g.f1, 2), g.mended) for g in gains([Judged("events", 2, 2, 1, (missed, spurious))])]
    [('missed', 0.5, 0.8), ('spurious', 0.5, 0.6666666666666666)]
    """
    by_layer: dict[str, list[Judged]] = {}
    for one in judged:
        by_layer.setdefault(one.layer, []).append(one)
    found = []
    for layer, several in by_layer.items():
        now = total(j.counts for j in several)
        errors = [e for j in several for e in j.errors]
        for cause, number in Counter(e.cause for e in errors).items():
            own = [e for e in errors if e.cause == cause]
            found.append(Gain(layer, cause, number, now.rates().f1, (now + _mended(own)).rates().f1))
    order = {layer: i for i, layer in enumerate(by_layer)}
    return sorted(found, key=lambda g: (order[g.layer], -g.mended, CAUSES.index(g.cause)))


def _mended(errors: Sequence[Error]) -> Counts:
    """What mending changes: found gold items are hits, and predictions of nothing are gone."""
    hits = sum(1 for e in errors if e.in_gold)
    pred = sum(e.in_gold and not e.in_pred for e in errors) - sum(e.in_pred and not e.in_gold for e in errors)
    return Counts(hits, pred, hits, 0)
