"""How one document stands in a file of annotation lines or of records, as rows of plain values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from goldwire.annotate.canonical import canonical, document
from goldwire.annotate.document import CLASSES, Document
from goldwire.annotate.formats import lines, record
from goldwire.annotate.jsonlines import UNREADABLE, read
from goldwire.annotate.problems import Problem, ProblemError, visible

Raw = dict[str, Any]
DOC = "doc"


def version(data: bytes) -> str:
    """The name of a file's content; of no file, the name of nothing."""
    return hashlib.sha256(data).hexdigest()


def rows(data: bytes, *, where: str, doc: str = "") -> list[Raw]:
    """The annotation lines of the document of that id, filled in and in order; of the only one if "".

    Raises ProblemError where a line cannot be read or filled in, where two objects have one id, or
    where a file of records does not say which document is meant.

    >>> rows(b'{"doc": "d", "text": "Ada left."}\\n{"event": "", "trigger": "left"}', where="d.jsonl")[1]
    {'event': 'e1', 'trigger': {'text': 'left', 'start': 4}, 'coref': 'e1'}
    """
    if not _is_lines(data, where):
        data = lines.write(_chosen(data, where, doc)[1])
    found = [raw for _, raw in read(canonical(data, where=where), where=where)[0]]
    seen: set[str] = set()
    for number, raw in enumerate(found, start=1):
        name = key(raw)
        if name in seen:
            said = f"the id {visible(name)} is that of an object before it; the editor needs an id for each"
            raise ProblemError(Problem(where, number, "repeated-id", said))
        seen.add(name)
    return found


def stored(data: bytes, changed: Iterable[Raw], *, where: str, doc: str = "") -> bytes:
    """The file with the document replaced by its changed lines, in canonical form."""
    written = canonical(written_as(changed), where=where)
    if not data or _is_lines(data, where):
        return written
    chosen, _, raw = _chosen(data, where, doc)
    item = document(read(written, where=where)[0], where=where)
    meta: Raw = raw.get("meta") or {}
    task = {
        **record.record(item, tokenizer_name=meta.get("tokenizer", "")),
        "tokens": raw.get("tokens") or [],
    }
    parts = data.split(b"\n")
    parts[chosen - 1] = canonical(json.dumps(task, ensure_ascii=False).encode(), where=where).rstrip(b"\n")
    return b"\n".join(parts)


def made(changed: Iterable[Raw], *, where: str) -> Document:
    """The document that rows make; raises ProblemError."""
    return document(read(written_as(changed), where=where)[0], where=where)


def written_as(changed: Iterable[Raw]) -> bytes:
    """Rows as the lines of a file."""
    return b"".join(json.dumps(raw, ensure_ascii=False).encode("utf-8", "replace") + b"\n" for raw in changed)


def key(raw: Raw) -> str:
    """What a row is known by: its id, or "" for the line of the document."""
    kind = next(iter(raw), "")
    return "" if kind == DOC else str(raw[kind]) if kind in CLASSES else ""


def _is_lines(data: bytes, where: str) -> bool:
    found, problems = read(data, where=where)
    problems = [p for p in problems if p.rule in UNREADABLE]
    if problems:
        raise ProblemError(*problems)
    if not found:
        raise ProblemError(Problem(where, 1, "no-document", "the file is empty"))
    return any(DOC in raw for _, raw in found)


def _chosen(data: bytes, where: str, doc: str) -> tuple[int, Document, Raw]:
    """(line, document, raw value) of the record that is meant."""
    found = [
        (number, record.document(raw, where=where, line=number), raw)
        for number, raw in read(data, where=where)[0]
    ]
    mine = [row for row in found if not doc or row[1].meta.doc_id == doc]
    if len(mine) == 1:
        return mine[0]
    names = ", ".join(row[1].meta.doc_id or f"line {row[0]}" for row in found[:20])
    said = f"no record has the id {visible(doc)}" if doc and not mine else "say which with --doc"
    raise ProblemError(Problem(where, 0, "which-document", f"{said}; the file holds {names}"))
