"""Lines that are JSON, but not annotations: rules over plain values, before there are objects."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from goldwire.annotate.document import CLASSES
from goldwire.annotate.fill import fill
from goldwire.annotate.formats.lines import annotation, opening
from goldwire.annotate.jsonlines import Row, leaves
from goldwire.annotate.placing import mentions
from goldwire.annotate.problems import Problem, visible
from goldwire.annotate.structure import StructureError

KINDS = ", ".join(CLASSES)


def lines(rows: list[Row], where: str) -> Iterator[Problem]:
    """What is wrong with the rows of annotation lines as plain values, and as a file."""
    first = [number for number, raw in rows if next(iter(raw), "") == "doc"]
    if not first or rows[0][0] != first[0]:
        line = rows[0][0] if rows else 1
        said = 'the first line should hold the document: {"doc": …, "text": …}'
        yield Problem(where, line, "no-document", said)
    for number in first[1:]:
        said = f"a second document begins here, the first one on line {first[0]}"
        yield Problem(where, number, "second-document", said)
    for number, raw in rows:
        yield from (Problem(where, number, rule, said) for rule, said in _line(raw))


def _line(raw: dict[str, Any]) -> Iterator[tuple[str, str]]:
    kind = next(iter(raw), "")
    if kind != "doc" and kind not in CLASSES:
        yield "unknown-kind", f"the first key is {visible(kind)}, and should be doc or one of {KINDS}"
        return
    wrong = list(values(raw))
    yield from wrong
    if kind == "doc" and not wrong:
        try:
            opening(raw)
        except StructureError as error:
            yield "structure", str(error)


def values(raw: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Nulls and numbers with a fraction, which no field takes."""
    for path, leaf in leaves(raw):
        if leaf is None:
            yield "null", f'{path}: is null; leave it out, or write "" or []'
        elif isinstance(leaf, float):
            yield "float", f"{path}: is the number {leaf}; write whole numbers, or a decimal in quotes"


def unfilled(raw: dict[str, Any]) -> str:
    """What fmt would have to fill in on a line, in words; "" if nothing. May write short forms out."""
    kind = next(iter(raw), "")
    if kind not in CLASSES:
        return ""
    if raw[kind] == "":
        return "the id is left out"
    if kind in ("segment", "mask"):
        return "" if {"start", "end"} <= raw.keys() else "start and end are left out"
    if kind == "event" and not raw.get("coref"):
        return "coref is left out"
    before = repr(raw)
    missing = [path for path, m in mentions(CLASSES[kind], raw) if "start" not in m]
    if missing:
        return f"start is left out at {', '.join(missing)}"
    return "a short form stands for a list" if repr(raw) != before else ""


def filled(rows: list[Row], where: str) -> tuple[list[Row], list[Problem]]:
    """The rows with what was left out filled in, and a problem for each line where that was so.

    Lines that hold everything stay exactly as they are.
    """
    missing = {number for number, raw in rows if not _is_whole(raw)}
    if not missing:
        return rows, []
    complete, wrong = fill(copy.deepcopy(rows), where=where)
    result, problems = [], list(wrong)
    hopeless = {p.line for p in wrong}
    for row, (_, full) in zip(rows, complete, strict=True):
        said = unfilled(copy.deepcopy(row[1])) if row[0] in missing else ""
        result.append((row[0], full) if said else row)
        if said and row[0] not in hopeless:
            problems.append(Problem(where, row[0], "not-filled", f"{said}; goldwire fmt fills it in"))
    return result, problems


def _is_whole(raw: dict[str, Any]) -> bool:
    """Does a line hold everything already? A quick look; what is not whole may also be wrong."""
    kind = next(iter(raw), "")
    if kind not in CLASSES:
        return True
    if any(leaf in ("occurrence", "head_occurrence") for _, leaf in leaves(raw)):
        return False
    try:
        annotation(kind, raw)
    except StructureError:
        return False
    return bool(raw[kind]) and (kind != "event" or bool(raw.get("coref")))
