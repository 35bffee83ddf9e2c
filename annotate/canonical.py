"""The canonical form of a file: what was left out filled in, everything in one order.

Lines stand in the order of the kinds, objects of a kind in reading order,
mentions of an object too; arguments stay in the order in which they were
written. The ids stay as they are, unknown keys and notes are kept. Formatting a
canonical file changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from goldwire.annotate.document import Document, Event, mentions, objects
from goldwire.annotate.fill import fill
from goldwire.annotate.formats import lines, record
from goldwire.annotate.jsonlines import UNREADABLE, Row, read
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.annotate.structure import StructureError

NOWHERE = 1 << 62


def canonical(data: bytes, *, where: str) -> bytes:
    """The canonical bytes of a file of annotation lines or of records.

    Raises ProblemError, with every reason, where a line cannot be read or what was
    left out cannot be filled in.

    >>> given = b'{"doc": "d", "text": "Ada left Rome."}\\n{"event": "", "trigger": "left"}\\n'
    >>> print(canonical(given, where="d.jsonl").decode().splitlines()[1])
    {"event": "e1", "trigger": {"text": "left", "start": 4}, "coref": "e1"}
    """
    rows, problems = read(data, where=where)
    problems = [p for p in problems if p.rule in UNREADABLE]
    if problems:
        raise ProblemError(*problems)
    if not rows or any("doc" in raw for _, raw in rows):
        return lines.write(ordered(document(rows, where=where)))
    return b"".join(_record(raw, where, number) for number, raw in rows)


def document(rows: list[Row], *, where: str) -> Document:
    """The document that lines make, filled in; raises ProblemError with all that is in the way."""
    rows, problems = fill(rows, where=where)
    if problems:
        raise ProblemError(*problems)
    first = [row for row in rows if next(iter(row[1]), "") == "doc"]
    if len(first) > 1:
        said = f"a second document begins here, the first one on line {first[0][0]}"
        raise ProblemError(Problem(where, first[1][0], "second-document", said))
    return lines.document([*first, *(row for row in rows if row not in first)], where=where)


def _record(raw: dict[str, Any], where: str, number: int) -> bytes:
    item = ordered(record.document(raw, where=where, line=number))
    meta = raw.get("meta")
    named = meta.get("tokenizer", "") if isinstance(meta, dict) else ""
    # Tokens are somebody's work too: they are kept with what stands in them, not made anew.
    try:
        tokens = record.tokens(raw)
    except StructureError as error:
        raise ProblemError(Problem(where, number, "structure", str(error))) from None
    made = record.record(item, lambda _: tokens, named if isinstance(named, str) else "")
    made["tokens"] = [
        {**old, **new} for old, new in zip(raw.get("tokens") or [], made["tokens"], strict=True)
    ]
    return record.line(made)


def ordered(document: Document) -> Document:
    """The document with its objects in reading order, and events named by the first mention.

    Objects that stand nowhere in the text follow those that do. What points at
    another object (links, relations, ambiguities, provenance) stands where that does.
    """
    at: dict[str, tuple[int, int]] = {"": (-1, 0)}
    for kind, item in objects(document):
        if kind not in ("segment", "mask"):
            at[item.id] = _stands(item)

    def by(key: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return lambda item: (*key(item), _natural(item.id))

    def stands(item: Any) -> tuple[int, int]:
        return at[item.id]

    def pointing(*names: str) -> Callable[[Any], Any]:
        return by(lambda item: [at.get(getattr(item, name), (NOWHERE, 0)) for name in names])

    changes: dict[str, Any] = {
        name: tuple(sorted(getattr(document, name), key=by(stands)))
        for name in ("times", "numbers", "quotations", "terms", "events", "spans")
    }
    for name in ("actors", "places"):
        items = sorted(getattr(document, name), key=by(stands))
        changes[name] = tuple(replace(x, mentions=tuple(sorted(x.mentions, key=_bounds))) for x in items)
    for name in ("segments", "masks"):
        changes[name] = tuple(sorted(getattr(document, name), key=by(lambda x: (x.start, -x.end))))
    for name in ("links", "relations"):
        changes[name] = tuple(sorted(getattr(document, name), key=pointing("source", "target")))
    for name in ("ambiguities", "provenance"):
        changes[name] = tuple(sorted(getattr(document, name), key=pointing("on")))
    changes["events"] = _identified(changes["events"])
    return replace(document, **changes)


def _identified(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Events whose ``coref`` is the id of the first mention of the same event, in reading order."""
    known = {e.id for e in events}
    parent = {e.id: e.id for e in events}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    rank = {e.id: index for index, e in reversed(list(enumerate(events)))}
    for event in events:
        if event.coref in known:
            first, second = sorted((root(event.id), root(event.coref)), key=lambda i: rank[i])
            parent[second] = first
    return tuple(replace(e, coref=root(e.id)) if e.coref in known else e for e in events)


def _stands(item: Any) -> tuple[int, int]:
    found = [m.bounds for _, m in mentions(item)]
    return min([(start, -end) for start, end in found], default=(NOWHERE, 0))


def _bounds(mention: Any) -> tuple[int, int]:
    start, end = mention.bounds
    return start, -end


def _natural(name: str) -> tuple[Any, ...]:
    """Sorts e2 before e10."""
    return tuple((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in re.findall(r"\d+|\D+", name))
