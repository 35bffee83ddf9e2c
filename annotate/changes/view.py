"""What a person sees of a case: the text around it with its slice marked, and everybody's reading."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from goldwire.annotate.changes.cases import LETTERS, NOBODY, Case, Pool
from goldwire.annotate.changes.diff import names, title
from goldwire.annotate.changes.parts import name_of
from goldwire.annotate.changes.walk import Walk, last_rule, open_cases
from goldwire.annotate.document import Document, mentions
from goldwire.annotate.readable import told

NEAR = 120  # characters around the slice where a text has no segments
LONGEST = 3  # segments that are shown


class Reading(Struct, frozen=True):
    """What one annotator says: ``said`` of the part in dispute, ``object`` of the whole, "" for none."""

    letter: str
    annotator: str
    said: str
    object: str
    can_be_followed: bool


class Stretch(Struct, frozen=True):
    """A piece of the text with its place; ``marks`` are half-open places in the document."""

    name: str
    start: int
    end: int
    text: str
    marks: tuple[tuple[int, int], ...]


class View(Struct, frozen=True):
    """One case for the eye. ``number`` counts from 1; ``open`` is how many are left, this one among them."""

    id: str
    number: int
    cases: int
    open: int
    doc: str
    title: str
    part: str
    context: tuple[Stretch, ...]
    readings: tuple[Reading, ...]
    asks: str
    rule: str
    said: str


def view(walk: Walk) -> View:
    """The case that is looked at; raises IndexError at the end of the walk."""
    case = walk.case
    pool = walk.pools[case.doc]
    return View(
        id=case.id,
        number=walk.at + 1,
        cases=len(walk.cases),
        open=len(open_cases(walk)),
        doc=case.doc,
        title=case.object,
        part=name_of(case.part) if case.part else "",
        context=tuple(_context(pool.sides[0], _marks(pool, case))),
        readings=tuple(_readings(walk, pool, case)),
        asks=walk.asks,
        rule=last_rule(walk),
        said=walk.said,
    )


def _readings(walk: Walk, pool: Pool, case: Case) -> Iterable[Reading]:
    everyone = zip(LETTERS, walk.annotators, pool.sides, pool.held, case.readings, strict=False)
    for letter, annotator, side, held, reading in everyone:
        whole = ""
        said = reading
        if case.ref in held:
            kind, item, _ = held[case.ref]
            whole = told(kind, item, names(side))
            said = reading if case.part else title(kind, item)
        elif not case.part:
            said = NOBODY
        yield Reading(letter, annotator, said, whole, letter in case.letters)


def _marks(pool: Pool, case: Case) -> list[tuple[int, int]]:
    """Where the case stands: the mention in dispute, else the mentions of the object."""
    bounds = case.part.rpartition("@")[2] if " «" in case.part else ""
    if bounds:
        return [(int(s), int(e)) for s, _, e in (piece.partition("-") for piece in bounds.split(","))]
    found: set[tuple[int, int]] = set()
    for side in pool.held:
        if case.ref in side:
            found |= _stands(side[case.ref][1], pool)
    return sorted(found)


def _stands(item: Any, pool: Pool) -> set[tuple[int, int]]:
    if hasattr(item, "start"):
        return {(item.start, item.end)}
    found = {piece for label, m in mentions(item) if label != "ARG" for piece in m.pieces}
    if not found:  # what points at something stands where that does
        refs = {getattr(item, name, "") for name in ("on", "source", "target")} - {""}
        pointed = [side[ref][1] for side in pool.held for ref in refs if ref in side]
        found = {piece for other in pointed for _, m in mentions(other) for piece in m.pieces}
    return found


def _context(document: Document, marks: list[tuple[int, int]]) -> Iterable[Stretch]:
    """The segments that hold marks, the first few of them; without segments, the characters around."""
    size = len(document.text)
    first = marks[0] if marks else (0, 0)
    window = (max(0, first[0] - NEAR), min(size, first[1] + NEAR))
    bounds = [(f"{s.id} {s.kind}", s.start, s.end) for s in document.segments]
    inside = [b for b in bounds if any(b[1] <= start and end <= b[2] for start, end in marks)]
    for name, start, end in inside[:LONGEST] or [("", *window)]:
        held = tuple(m for m in marks if start <= m[0] and m[1] <= end)
        yield Stretch(name, start, end, document.text[start:end], held)
    if len(inside) > LONGEST:
        yield Stretch(f"… and in {len(inside) - LONGEST} more", first[0], first[0], "", ())
