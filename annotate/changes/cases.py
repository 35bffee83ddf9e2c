"""Where two or more annotators of one text differ, case by case.

Objects are matched by content (``counterparts.py``), whatever their ids are. A case is an
object that not all annotators have, or a part of one of which those that have it do
not say the same. Every reference is compared in the ids of the result: the first
annotator's where the first has the object, then the second's, and so on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from goldwire.annotate.changes.counterparts import align, free
from goldwire.annotate.changes.diff import at, names, title
from goldwire.annotate.changes.parts import Part, name_of, parts
from goldwire.annotate.document import COLLECTIONS, Document, objects

LETTERS = "abcd"
NOBODY = "–"

Parts = dict[str, Part]


class Case(Struct, frozen=True):
    """One disagreement. ``readings`` are in the order of the annotators; ``has`` says who has the object.

    ``part`` is "" where the object itself is in dispute. ``object`` names it as the first who has it
    does; ``ref`` is its id in the result.
    """

    id: str
    doc: str
    kind: str
    object: str
    part: str
    ref: str
    start: int
    readings: tuple[str, ...]
    has: tuple[bool, ...]

    @property
    def letters(self) -> str:
        """The annotators who can be followed: for a part, those who have the object."""
        return "".join(x for x, has in zip(LETTERS, self.has, strict=False) if has or not self.part)


class Pool:
    """The annotations of one text by several people, under common ids."""

    def __init__(self, sides: Sequence[Document]) -> None:
        """Raises ValueError where there are fewer than two sides or more than four, or texts that differ."""
        if not 2 <= len(sides) <= len(LETTERS):
            raise ValueError(f"adjudication is between two and {len(LETTERS)} annotators, not {len(sides)}")
        if any(side.text != sides[0].text for side in sides):
            raise ValueError("the annotators' texts differ; run goldwire retext first")
        self.sides = tuple(sides)
        self.ids = _common(sides)
        # For each side: id in the result -> kind, object, parts in the ids of the result.
        self.held: list[dict[str, tuple[str, Any, Parts]]] = []
        for side, ids in zip(sides, self.ids, strict=True):
            known = names(side)
            self.held.append(
                {
                    ids[x.id]: (kind, x, parts(x, _in(ids), _called(known)))
                    for kind, x in objects(side)
                    if kind != "provenance"
                }
            )

    def cases(self) -> list[Case]:
        """Every disagreement, in the order of the text."""
        found: list[tuple[tuple[int, int, str], Case]] = []
        order = list(COLLECTIONS)
        for ref in dict.fromkeys(ref for side in self.held for ref in side):
            rows = [side.get(ref) for side in self.held]
            kind, item, _ = next(row for row in rows if row)
            called, has = title(kind, item), tuple(row is not None for row in rows)
            start, rank = at(item), order.index(kind)
            if not all(has):
                said = tuple(row[1].id if row else NOBODY for row in rows)
                word = "\0removed" if has[0] else "\0added"  # before the parts of the object
                case = Case("", "", kind, called, "", ref, start, said, has)
                found.append(((start, rank, f"{called}: {word}"), case))
            for key in dict.fromkeys(key for row in rows if row for key in row[2]):
                values = [row[2].get(key) for row in rows if row]
                if key == "note" or all(_meant(v) == _meant(values[0]) for v in values):
                    continue
                said = tuple(_shown(row[2].get(key)) if row else NOBODY for row in rows)
                case = Case("", "", kind, called, key, ref, start, said, has)
                found.append(((start, rank, f"{called}: {name_of(key)} {' → '.join(said)}"), case))
        name = self.sides[0].meta.doc_id
        return [
            Case(f"{name}-{n:03d}", name, c.kind, c.object, c.part, c.ref, c.start, c.readings, c.has)
            for n, (_, c) in enumerate(sorted(found, key=lambda pair: pair[0]), start=1)
        ]


def _common(sides: Sequence[Document]) -> list[dict[str, str]]:
    """For each side, its ids -> ids in the result."""
    result: list[dict[str, str]] = []
    taken: set[str] = set()
    for side in sides:
        ids: dict[str, str] = {}
        for earlier, known in zip(sides, result, strict=False):
            for new, old in align(earlier, side).items():
                if new not in ids and known[old] not in ids.values():
                    ids[new] = known[old]
        for _, item in objects(side):
            if item.id not in ids:
                ids[item.id] = free(item.id, taken)
                taken.add(ids[item.id])
        taken.update(ids.values())
        result.append(ids)
    return result


def _in(ids: dict[str, str]) -> Any:
    return lambda ref: ids.get(ref, ref)


def _called(known: dict[str, str]) -> Any:
    return lambda ref: known.get(ref, ref)


def _meant(part: Part | None) -> Any:
    return part.meant if part else None


def _shown(part: Part | None) -> str:
    return (part.shown if part else "") or NOBODY
