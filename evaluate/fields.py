"""Fields of objects compared: given that the objects answer each other, and end to end.

Given a match, only pairs of objects that answer each other are counted, so that the
score says how well a field is filled once its object is found; and copies of these
objects, so that saying several things of one object does not pay. End to end, every
object counts, and a hit needs the object and the field.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from goldwire.evaluate.alignment import Alignment, Couple
from goldwire.evaluate.counts import Entry, Tally
from goldwire.evaluate.match import Pieces, one_to_one, shared
from goldwire.evaluate.spans import masked


class Layer(NamedTuple):
    """The objects of a layer on both sides, those that answer each other, and where each stands."""

    name: str
    gold: Sequence[Any]
    pred: Sequence[Any]
    couples: Sequence[Couple[Any]]
    gold_places: Sequence[Pieces]
    pred_places: Sequence[Pieces]

    @classmethod
    def of(
        cls,
        aligned: Alignment,
        name: str,
        sides: tuple[Sequence[Any], Sequence[Any]],
        couples: Callable[[], Sequence[Couple[Any]]],
        place: Callable[[Any], Pieces],
    ) -> Layer:
        """The layer of that name; it is made once for an alignment."""

        def made() -> Layer:
            return cls(name, *sides, couples(), list(map(place, sides[0])), list(map(place, sides[1])))

        return aligned.once(f"layer {name}", made)


def found(layer: Layer, mask: Pieces, *, copies: bool) -> tuple[set[int], set[int]]:
    """The gold objects outside ``mask`` that are answered, and the predicted ones that answer these.

    With ``copies`` also what stands where one of the latter does, and (of events) under the same type. Not
    so in gold, where two at one place are two, as those of a chain of quotations.
    """
    couples = [c for c in layer.couples if not shared(layer.gold_places[c.i], mask)]
    gold, pred = {c.i for c in couples}, {c.j for c in couples}
    if not copies:
        return gold, pred

    def what(j: int) -> tuple[Pieces, str]:
        return layer.pred_places[j], layer.pred[j].type if layer.name == "events" else ""

    taken = {what(j) for j in pred}
    alike = {j for j in range(len(layer.pred)) if what(j) in taken}
    return gold, pred | {j for j in alike if not shared(layer.pred_places[j], mask)}


def always(item: Any) -> bool:
    """Every object has the field."""
    return True


def compare(
    aligned: Alignment,
    layer: Layer,
    right: Callable[[Any, Any], bool],
    label: Callable[[Any], str],
    *,
    given: bool,
    holds: Callable[[Any], bool] = always,
) -> Tally:
    """Count objects whose field is ``right(gold, pred)``, each under its own side's label.

    Only objects that stand somewhere and hold the field are counted, on either side; see the module for
    ``given``.
    Masked text is not counted: gold there is left out, and so are predictions that answer nothing.
    """
    mask = masked(aligned.gold, layer.name)
    hidden = {i for i, place in enumerate(layer.gold_places) if shared(place, mask)}
    couples = [c for c in layer.couples if c.i not in hidden]
    coupled = found(layer, mask, copies=given)
    hits = [c for c in couples if holds(c.gold) and holds(c.pred) and right(c.gold, c.pred)]
    hit = {c.i for c in hits}, {c.j for c in hits}
    entries = [
        Entry(label(x), _at(place), r_hit=int(i in hit[0]), r_all=1)
        for i, (x, place) in enumerate(zip(layer.gold, layer.gold_places, strict=True))
        if place and holds(x) and i not in hidden and (not given or i in coupled[0])
    ]
    entries += [
        Entry(label(x), _at(place), p_hit=int(j in hit[1]), p_all=1)
        for j, (x, place) in enumerate(zip(layer.pred, layer.pred_places, strict=True))
        if place and holds(x) and (j in coupled[1] or not (given or shared(place, mask)))
    ]
    return Tally(entries)


def parts(
    aligned: Alignment,
    layer: Layer,
    of: Callable[[Any], Sequence[Any]],
    same: Callable[[Any, Any], int],
    label: Callable[[Any], str],
    *,
    given: bool = False,
    within: Callable[[Any, Any], int] | None = None,
) -> Tally:
    """Count the parts of objects, such as arguments: a part can be found only where its object is.

    The parts of two objects that answer each other are paired one to one, as many as possible, by ``same``.
    Given a match, only parts of objects that answer each other are counted; with ``within``, only those
    of gold that are paired by it, and all predicted ones that could be.
    """
    mask = masked(aligned.gold, layer.name)
    hidden = {i for i, place in enumerate(layer.gold_places) if shared(place, mask)}
    hits: tuple[set[tuple[int, int]], set[tuple[int, int]]] = set(), set()
    asked: tuple[set[tuple[int, int]], set[tuple[int, int]]] = set(), set()
    coupled = found(layer, mask, copies=given)
    for c in layer.couples:
        if c.i in hidden:
            continue
        gold, pred = of(c.gold), of(c.pred)
        for pair in one_to_one(gold, pred, same):
            hits[0].add((c.i, pair.gold))
            hits[1].add((c.j, pair.pred))
        if within:
            pairs = one_to_one(gold, pred, lambda a, b: bool(within(a, b)) * (1 + bool(same(a, b))))
            asked[0].update((c.i, pair.gold) for pair in pairs)
            # Every answer to what was asked, so that giving all of them does not pay.
            asked[1].update(
                (c.j, k) for k, b in enumerate(pred) if any(within(gold[pair.gold], b) for pair in pairs)
            )
    counted = [
        [
            (_at(place), part, (i, k) in hits[side])
            for i, (x, place) in enumerate(zip(items, places, strict=True))
            if i in coupled[side] or not (given or shared(place, mask))
            for k, part in enumerate(of(x))
            if not (given and within) or (i, k) in asked[side]
        ]
        for side, (items, places) in enumerate(
            ((layer.gold, layer.gold_places), (layer.pred, layer.pred_places))
        )
    ]
    return Tally(
        [Entry(label(part), at, r_hit=int(hit), r_all=1) for at, part, hit in counted[0]]
        + [Entry(label(part), at, p_hit=int(hit), p_all=1) for at, part, hit in counted[1]]
    )


def _at(place: Pieces) -> int:
    return place[0][0] if place else -1
