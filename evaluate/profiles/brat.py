"""The scorer of brat annotations: BRATEval (READ-BioMed) v0.3.2 at 17acc16, entities.

Written from what CompareEntities answers with exact types and exact or overlapping spans.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from goldwire.evaluate.assignment import best
from goldwire.evaluate.counts import Four as Row
from goldwire.evaluate.profiles.semeval import Item, touching


class Entity(NamedTuple):
    """A text-bound annotation: its id (T1), type, and fragments (start, end), half-open."""

    id: str
    type: str
    pieces: tuple[tuple[int, int], ...]


def brateval(gold: Sequence[Entity], pred: Sequence[Entity], *, overlap: bool = False) -> dict[str, Row]:
    """Count one document's entities by type, each gold one taking the first prediction that fits.

    Faults kept: gold and predictions are gone through in the order in which Java hashes their ids,
    which decides what is left for others where spans overlap; and a discontinuous prediction equals
    a gold span as soon as it has all of its fragments, whatever else it has.

    >>> gold = [Entity("T1", "PER", ((0, 3),))]
    >>> brateval(gold, [Entity("T1", "PER", ((0, 3), (7, 9)))])
    {'PER': (1, 1, 1, 1)}
    """
    given = in_java_order({p.id: p for p in pred})
    near = touching([_extent(p) for p in given])
    taken: set[int] = set()
    p_all, r_all, hit = Counter(p.type for p in given), Counter[str](), Counter[str]()
    for g in in_java_order({g.id: g for g in gold}):
        r_all[g.type] += 1
        free = (j for j in near(_extent(g)) if j not in taken and given[j].type == g.type)
        found = next((j for j in free if _fits(g, given[j], overlap)), -1)
        if found >= 0:
            hit[g.type] += 1
            taken.add(found)
    return {x: (hit[x], p_all[x], hit[x], r_all[x]) for x in sorted(p_all.keys() | r_all.keys())}


def brateval_fixed(
    gold: Sequence[Entity], pred: Sequence[Entity], *, overlap: bool = False
) -> dict[str, Row]:
    """The same with the best one-to-one pairing, and equal spans being equal.

    >>> gold = [Entity("T1", "PER", ((0, 3),))]
    >>> brateval_fixed(gold, [Entity("T1", "PER", ((0, 3), (7, 9)))])
    {'PER': (0, 1, 0, 1)}
    """
    near = touching([_extent(p) for p in pred])
    edges = {
        (i, j): 1
        for i, g in enumerate(gold)
        for j in near(_extent(g))
        if g.type == pred[j].type
        and (_touch(g, pred[j]) if overlap else sorted(g.pieces) == sorted(pred[j].pieces))
    }
    hit = Counter(gold[i].type for i, _ in best(edges))
    p_all, r_all = Counter(p.type for p in pred), Counter(g.type for g in gold)
    return {x: (hit[x], p_all[x], hit[x], r_all[x]) for x in sorted(p_all.keys() | r_all.keys())}


def _extent(entity: Entity) -> Item:
    return Item(min(a for a, _ in entity.pieces), max(b for _, b in entity.pieces), entity.type)


def _fits(gold: Entity, pred: Entity, overlap: bool) -> bool:
    return set(gold.pieces) <= set(pred.pieces) or (overlap and _touch(gold, pred))


def _touch(a: Entity, b: Entity) -> bool:
    return any(x[0] < y[1] and y[0] < x[1] for x in a.pieces for y in b.pieces)


def in_java_order(entities: dict[str, Entity]) -> list[Entity]:
    """The values in the order of a java.util.HashMap with these keys, put in as they come.

    >>> [e.id for e in in_java_order({f"T{n}": Entity(f"T{n}", "", ()) for n in (10, 9, 1)})]
    ['T10', 'T9', 'T1']
    """
    size = 16
    while len(entities) > size * 3 // 4:
        size *= 2
    slots: dict[int, list[Entity]] = {}
    for key, entity in entities.items():
        slots.setdefault(_spread(key) % size, []).append(entity)
    return [entity for slot in sorted(slots) for entity in slots[slot]]


def _spread(key: str) -> int:
    code = 0
    for unit in _utf16(key):
        code = (31 * code + unit) & 0xFFFFFFFF
    return code ^ (code >> 16)


def _utf16(text: str) -> Iterable[int]:
    data = text.encode("utf-16-le")
    return (int.from_bytes(data[i : i + 2], "little") for i in range(0, len(data), 2))
