"""Two documents laid side by side: which objects answer each other, once for every metric.

Mentions, events, numbers, times and quotations are paired one to one by their
spans (``match.py``). Entities are not paired but *answered*: a predicted entity
stands for the gold entity with which it shares most mentions. So any coreferent
mention is as good as another, several pieces of an entity may each stand for it,
and one heap of everything stands for one entity only.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import cached_property
from math import fsum
from typing import Any, Generic, NamedTuple, TypeVar

from msgspec import Struct

from goldwire.annotate.document import Argument, Document, Event, Mention, Number, Quotation, Time
from goldwire.evaluate import quantities, spans
from goldwire.evaluate.lookup import Entity, Side
from goldwire.evaluate.match import Matching, Pair, Stretch, align, answers, matching, one_to_one
from goldwire.evaluate.timex import same_value

T = TypeVar("T")

AUTHOR = "AUTHOR"


class Couple(NamedTuple, Generic[T]):
    """A gold object and the prediction that answers it, with their places in their lists."""

    gold: T
    pred: T
    i: int
    j: int


class Alignment:
    """Gold and pred side by side under one way of matching; everything is computed when asked for.

    An object answers another or does not, so where spans have credit in part (``partial``) objects and
    mentions of clusters want half of what they cover together, as under ``overlap@0.5``: else one span
    over the whole text would stand for anything that was missed.
    """

    def __init__(self, gold: Document, pred: Document, match: str = "exact") -> None:
        self.gold, self.pred = gold, pred
        asked = matching(match)
        self.tokens = asked.mode == "partial-token"
        self.how = Matching("overlap") if asked.mode.startswith("partial") else asked
        self.sides = Side(gold), Side(pred)
        self._kept: dict[Hashable, Any] = {}

    def once(self, name: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` gives, computed only the first time that something of this name is asked for."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]  # type: ignore[no-any-return]

    def measured(self, stretches: Sequence[Stretch]) -> Sequence[Stretch]:
        """Stretches in the unit in which they are compared."""
        return spans.by_tokens(stretches, self.gold.text) if self.tokens else stretches

    def pairs(
        self,
        gold: Sequence[Stretch],
        pred: Sequence[Stretch],
        *,
        typed: bool = False,
        prefer: Callable[[int, int], int] | None = None,
    ) -> list[Pair]:
        """Pair stretches one to one under this way of matching."""
        return align(self.measured(gold), self.measured(pred), self.how, typed=typed, prefer=prefer)

    def same_span(self, gold: Mention | None, pred: Mention | None) -> bool:
        """Whether one mention answers the other; two that are both missing do."""
        if gold is None or pred is None:
            return gold is pred
        return bool(self.pairs([spans.stretch(gold)], [spans.stretch(pred)]))

    def same_spans(self, gold: Sequence[Mention], pred: Sequence[Mention]) -> bool:
        """Whether every mention of either side is answered by one of the other."""
        pairs = self.pairs([spans.stretch(m) for m in gold], [spans.stretch(m) for m in pred])
        return len(pairs) == len(gold) == len(pred)

    @cached_property
    def stands_for(self) -> dict[Entity, Entity]:
        """Predicted entity -> the gold entity that has most of its mentions, if any has one.

        Among equals the one whose mentions are most alike is taken, then one with most of the very same
        mentions, then one of the same kind and type, then the smaller (it is covered better), then the one
        that comes first. Of gold entities that nothing tells apart it is the one under which they all go
        (`Side.twins`).
        """
        names = [list(side.entities) for side in self.sides]
        flat = [
            [(k, m) for k, ms in enumerate(side.entities.values()) for m in set(ms)] for side in self.sides
        ]
        measured = [self.measured([m for _, m in mentions]) for mentions in flat]
        # For each mention of a predicted entity, what the nearest mention of each gold entity is worth.
        nearest: dict[tuple[int, int], tuple[float, float]] = {}
        for (i, j), worth in answers(measured[0], measured[1], self.how).items():
            key = (flat[0][i][0], j)
            nearest[key] = max(nearest.get(key, worth), worth)
        common: dict[int, dict[int, list[tuple[float, float]]]] = {}
        for (g, j), worth in nearest.items():
            common.setdefault(flat[1][j][0], {}).setdefault(g, []).append(worth)
        found: dict[Entity, Entity] = {}
        for p, row in common.items():
            pred = names[1][p]

            def rank(g: int, row: dict[int, list[tuple[float, float]]] = row, pred: Entity = pred) -> Any:
                gold = names[0][g]
                own, other = self.sides[0].sorts.get(gold, ("", "")), self.sides[1].sorts.get(pred, ("", ""))
                mentions = sorted(self.sides[0].entities[gold])
                worth = (-fsum(w[0] for w in row[g]), -fsum(w[1] for w in row[g]))
                # Where tokens are compared, the same one may be touched by mentions that differ.
                equal = -len({m.pieces for m in mentions} & {m.pieces for m in self.sides[1].entities[pred]})
                return (*worth, equal, own[0] != other[0], own[1] != other[1], len(mentions), mentions)

            found[pred] = self.sides[0].twins[names[0][min(row, key=rank)]]
        return found

    def same_entity(self, gold: Entity | None, pred: Entity | None) -> bool:
        """Whether the predicted entity stands for the gold one; two that are both missing do."""
        if gold is None or pred is None:
            return gold is pred
        answered = self.stands_for.get(pred)
        return answered is not None and answered == self.sides[0].twins.get(gold)

    def same_filler(self, gold: Argument, pred: Argument, by: str) -> bool:
        """Whether one argument's filler answers the other's: ``by`` entity, span or head."""
        if by == "entity":
            return self.same_entity(self.sides[0].filler(gold), self.sides[1].filler(pred))
        g, p = self.sides[0].evidence(gold), self.sides[1].evidence(pred)
        if g is None or p is None:
            return False
        if by == "head":
            return bool(align([g], [p], matching("head"), typed=False))
        return bool(self.pairs([g], [p]))

    @cached_property
    def events(self) -> list[Couple[Event]]:
        """Events of the same type whose triggers answer each other; where there is a choice, by arguments."""
        return self._couples("events", spans.triggers, self.arguments, typed=True)

    def arguments(self, gold: Event, pred: Event) -> int:
        """How many arguments two events share, by role and entity, one to one."""
        return len(one_to_one(gold.args, pred.args, self.same_argument))

    def same_argument(self, gold: Argument, pred: Argument, *, by: str = "entity", typed: bool = True) -> int:
        """How two arguments agree: 2 in role and filler, 1 in the filler alone (if not typed), else 0."""
        role = gold.role == pred.role and gold.polarity == pred.polarity
        return (1 + role) * ((role or not typed) and self.same_filler(gold, pred, by))

    @cached_property
    def numbers(self) -> list[Couple[Number]]:
        """Numbers whose spans answer each other; where there is a choice, those that say most alike."""
        fields = ("kind", "mod", "stat", "value", "low", "high", "unit")

        def liked(gold: Number, pred: Number) -> int:
            alike = [bool(getattr(gold, f) == getattr(pred, f)) for f in fields]
            meant = sum(alike[:3]) + sum(self.same_reference(gold, pred, f) for f in ("counted", "as_of"))
            meant += quantities.same_value(gold, pred) + quantities.same_bounds(gold, pred)
            meant += quantities.same_unit(gold.unit, pred.unit)
            # What is written alike decides only between those that mean the same.
            return (len(fields) + 1) * meant + sum(alike)

        return self._couples("numbers", spans.numbers, liked)

    def same_reference(self, gold: Number, pred: Number, name: str) -> bool:
        """Whether two numbers refer to the same by a field; two that refer to nothing do."""
        g, p = getattr(gold, name), getattr(pred, name)
        if AUTHOR in (g, p) or not (g and p):
            return bool(g == p)
        if name == "said_by":
            return self.same_holder(g, p)
        return self.same_entity(self.sides[0].entity(g), self.sides[1].entity(p))

    @cached_property
    def times(self) -> list[Couple[Time]]:
        """Times whose spans answer each other; where there is a choice, those that say the same."""
        return self._couples(
            "times", spans.times, lambda g, p: 2 * (g.kind == p.kind) + same_value(g.value, p.value)
        )

    @cached_property
    def quotations(self) -> list[Couple[Quotation]]:
        """Quotations whose contents answer each other; where there is a choice, by speaker and cue."""

        def liked(gold: Quotation, pred: Quotation) -> int:
            speaker = self.same_entity(self.sides[0].speaker(gold), self.sides[1].speaker(pred))
            return 2 * speaker + self.same_spans(gold.cue, pred.cue)

        return self._couples("quotations", spans.contents, liked)

    @cached_property
    def quotation_answered(self) -> dict[str, str]:
        """Id of a predicted quotation -> id of the gold one that it answers."""
        return {c.pred.id: c.gold.id for c in self.quotations}

    def same_holder(self, gold: str, pred: str) -> bool:
        """Whether both are the author, or quotations that answer each other or have the same speaker."""
        if AUTHOR in (gold, pred):
            return gold == pred
        if self.quotation_answered.get(pred) == gold:
            return True
        speakers = self.sides[0].speaker_of.get(gold), self.sides[1].speaker_of.get(pred)
        return speakers[0] is not None and self.same_entity(*speakers)

    def _couples(
        self,
        name: str,
        extract: Callable[[Document], list[Stretch]],
        liked: Callable[[Any, Any], int],
        *,
        typed: bool = False,
    ) -> list[Couple[Any]]:
        g, p = getattr(self.gold, name), getattr(self.pred, name)
        first = _keyed(extract(self.gold), g, self.sides[0])
        second = _keyed(extract(self.pred), p, self.sides[1])
        known: dict[Hashable, int] = {}

        def prefer(i: int, j: int) -> int:
            # Copies say the same, so a document full of them is asked about once.
            key = _copied(first[i], i), _copied(second[j], j)
            if key not in known:
                known[key] = liked(g[i], p[j])
            return known[key]

        found = self.pairs(first, second, typed=typed, prefer=prefer)
        return [Couple(g[x.gold], p[x.pred], x.gold, x.pred) for x in found]


_last: tuple[Document, Document, str, Alignment] | None = None


def aligned(gold: Document, pred: Document, match: str = "exact") -> Alignment:
    """The alignment of two documents; the last one is kept, since metrics come one after the other."""
    global _last  # noqa: PLW0603 - a memory of one, never seen from outside
    kept = _last
    if kept and kept[0] is gold and kept[1] is pred and kept[2] == match:
        return kept[3]
    fresh = Alignment(gold, pred, match)
    _last = (gold, pred, match, fresh)
    return fresh


def _keyed(stretches: list[Stretch], items: Sequence[Struct], side: Side) -> list[Stretch]:
    """Stretches that stand twice get what their objects say as a key, so that order decides nothing."""
    seen: dict[tuple[Any, str], int] = {}
    for s in stretches:
        seen[s.pieces, s.label] = seen.get((s.pieces, s.label), 0) + 1
    if len(seen) == len(stretches):
        return stretches
    return [
        s._replace(key=(_content(item, side),)) if seen[s.pieces, s.label] > 1 else s
        for s, item in zip(stretches, items, strict=True)
    ]


def _copied(stretch: Stretch, number: int) -> Hashable:
    """What a stretch is known by: its content where it stands twice, else its number."""
    return (stretch.pieces, stretch.label, stretch.key) if stretch.key else number


def _content(item: Any, side: Side) -> str:
    """What an object says, ids replaced by what they stand for."""
    match item:
        case str() if item in side.known:
            return repr(sorted(side.entities.get(side.cluster.get(item, item), [])))
        case Struct():
            names = [
                n for n in item.__struct_fields__ if n not in ("id", "coref", "note", "extra", "confidence")
            ]
            return repr([(n, _content(getattr(item, n), side)) for n in names])
        case tuple():
            return repr(sorted(_content(x, side) for x in item))
        case _:
            return repr(item)
