"""The annotations without the text, for those who may not pass the text on, and the way back.

Every stretch of text becomes its place: mentions and heads by their length, longer
strings that stand in the text by their bounds. The document keeps the length and
the sha256 of its text, by which the way back finds the text in a file and proves it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from goldwire.annotate.document import Document
from goldwire.annotate.formats import lines
from goldwire.annotate.problems import Problem, ProblemError

# A string of this many characters or more that stands in the text is text, wherever it is quoted.
QUOTED = 12


def strip(document: Document) -> bytes:
    """The annotation lines of a document, without its text."""
    text = document.text
    rows = [row for _, row in lines.rows(lines.write(document), where=document.meta.doc_id)]
    first = {"doc": rows[0].pop("doc"), "length": len(text), "sha256": digest(text)}
    del rows[0]["text"]
    rows[0] = {**first, **rows[0]}
    return b"".join(json.dumps(_hidden(row, text), ensure_ascii=False).encode() + b"\n" for row in rows)


def restore(data: bytes, sources: Iterable[str], *, where: str) -> Document:
    """The document, its text found in one of the sources; raises ProblemError where none holds it.

    >>> from goldwire.annotate.document import Meta, Term, Mention
    >>> d = Document("Ada left.", Meta("d"), terms=(Term("w1", Mention("left", 4)),))
    >>> b"left" in strip(d), restore(strip(d), ["Eva stayed.\\nAda left.\\n"], where="d") == d
    (False, True)
    """
    rows = list(lines.rows(data, where=where))
    wanted, length = rows[0][1].pop("sha256", ""), rows[0][1].pop("length", -1)
    candidates = (c for source in sources for c in _runs(source, length))
    text = next((c for c in candidates if digest(c) == wanted), None)
    if text is None:
        message = f"no given file holds the text of {length} characters with sha256 {wanted[:12]}…"
        raise ProblemError(Problem(where, 1, "no-text", message))
    rows[0] = (rows[0][0], {"doc": rows[0][1]["doc"], "text": text, **rows[0][1]})
    return lines.document([(n, _shown(row, text)) for n, row in rows], where=where)


def digest(text: str) -> str:
    """The sha256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _runs(source: str, length: int) -> Iterator[str]:
    """The source itself, and every run of its lines that is as long as the text."""
    yield source
    starts = [0, *(i + 1 for i, c in enumerate(source) if c == "\n")]
    for start in starts:
        end = start + length
        if end == len(source) or source[end : end + 1] == "\n":
            yield source[start:end]


def _hidden(value: Any, text: str) -> Any:
    if isinstance(value, dict):
        rest = dict(value)
        said, start = rest.get("text"), rest.get("start")
        if isinstance(said, str) and isinstance(start, int) and text.startswith(said, start):
            del rest["text"]
            rest = {"length": len(said), **rest}
            if head := rest.get("head", ""):
                at = rest.pop("head_start", -1)
                rest["head"] = [at if at >= 0 else start + said.find(head), len(head), int(at >= 0)]
        return {k: _hidden(v, text) for k, v in rest.items()}
    if isinstance(value, list):
        return [_hidden(x, text) for x in value]
    if isinstance(value, str) and len(value) >= QUOTED and value in text:
        return {"from": text.index(value), "to": text.index(value) + len(value)}
    return value


def _shown(value: Any, text: str) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"from", "to"} and isinstance(value["from"], int):
            return text[value["from"] : value["to"]]
        rest = dict(value)
        if "length" in rest and "start" in rest:
            start, length = rest["start"], rest.pop("length")
            rest = {"text": text[start : start + length], **rest}
            if "head" in rest:
                at, size, said = rest["head"]
                rest |= {"head": text[at : at + size], **({"head_start": at} if said else {})}
        return {k: v if k == "text" else _shown(v, text) for k, v in rest.items()}
    return [_shown(x, text) for x in value] if isinstance(value, list) else value
