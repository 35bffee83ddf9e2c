"""Records: one document a line, a Prodigy task that carries the whole truth.

``spans`` lists every mention of every layer with the label of its layer; the
objects refer to spans by id. ``relations`` is the binary projection of roles,
links and chains for Prodigy's eyes; it is derived, and not read back here. A
prediction may leave out everything but ``text``: spans and relations that belong
to no object stay as they came, in ``Document.spans`` and ``Document.relations``.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from goldwire.annotate.document import CLASSES, COLLECTIONS, Document, Meta, objects
from goldwire.annotate.formats import prodigy_hash, source
from goldwire.annotate.formats.projection import relations
from goldwire.annotate.formats.record_spans import Reader, Writer, below, listed
from goldwire.annotate.heads import settled
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.annotate.structure import StructureError, build, plain

SCHEMA_VERSION = "1"
Tokenizer = Callable[[str], list[tuple[int, int]]]

# The collections in the order of a record's keys.
ORDER = (
    "segments tokens spans events links actors places times numbers quotations terms "
    "relations ambiguities masks provenance"
).split()
DERIVED = {"text", "meta", "schema_version", "_input_hash", "_task_hash", *ORDER}
KINDS = {name: kind for kind, name in COLLECTIONS.items()}


def decode(
    files: Mapping[str, BinaryIO], *, notes: list[Problem] | None = None, **options: Any
) -> Iterator[Document]:
    """A document from each record, a line each or items of one list; raises ProblemError with the line."""
    for name, line, raw, _ in source.each(files):
        if not isinstance(raw, dict):
            source.refuse(name, line, "structure", "a record should be an object")
        if notes is not None and (unread := _unread(raw)):
            message = f"kept, and not read as annotations: {', '.join(unread)}"
            notes.append(Problem(name, line, "unknown-key", message))
        yield document(raw, where=name, line=line)


def _unread(raw: Mapping[str, Any]) -> list[str]:
    """The keys that goldwire does not know and that may hold another tool's annotations."""

    def stretch(value: Any) -> bool:
        if isinstance(value, dict):
            return any("start" in key or "offset" in key for key in value)
        return isinstance(value, list) and len(value) > 1 and all(type(x) is int for x in value[:2])

    return [
        key
        for key, value in raw.items()
        if key not in DERIVED and isinstance(value, list) and value and all(map(stretch, value))
    ]


def document(raw: dict[str, Any], *, where: str, line: int = 1) -> Document:
    """The document of one record; raises ProblemError, with all that is wrong with its spans."""
    text, meta = raw.get("text"), raw.get("meta", {})
    if not isinstance(text, str):
        raise ProblemError(Problem(where, line, "structure", "text: is missing or is not a string"))
    try:
        spans = Reader(text, listed(raw, "spans"))
        if spans.wrong:
            raise ProblemError(*(Problem(where, line, rule, said) for rule, said in spans.wrong))
        found: dict[str, tuple[Any, ...]] = {}
        for name, kind in KINDS.items():
            if name not in ("spans", "relations"):
                found[name] = tuple(
                    _build(name, kind, index, item, spans) for index, item in enumerate(listed(raw, name))
                )
        found["spans"] = spans.unused()
        found["relations"] = tuple(spans.relations(listed(raw, "relations"), ours="schema_version" in raw))
        item = Document(
            text,
            _meta(meta),
            extra={k: v for k, v in raw.items() if k not in DERIVED and (k, v) != ("answer", "accept")},
            **found,
        )
    except StructureError as error:
        raise ProblemError(Problem(where, line, "structure", str(error))) from None
    return settled(item)


def _build(name: str, kind: str, index: int, raw: Any, spans: Reader) -> Any:
    try:
        if not isinstance(raw, dict):
            raise StructureError("should be an object")
        return build(CLASSES[kind], spans.filled(kind, {"id": f"{kind[0]}{index + 1}", **raw}))
    except StructureError as error:
        raise StructureError(below(f"{name}[{index}]", error)) from None


def _meta(raw: Any) -> Meta:
    try:
        return build(Meta, raw, skip=("sha256", "tokenizer"))
    except StructureError as error:
        raise StructureError(below("meta", error)) from None


def tokens(raw: dict[str, Any]) -> list[tuple[int, int]]:
    """The bounds of a record's tokens; raises StructureError."""
    rows, size = listed(raw, "tokens"), len(raw["text"])
    for index, row in enumerate(rows):
        if not isinstance(row, dict) or not all(type(row.get(k)) is int for k in ("start", "end")):
            said = "should be an object with whole numbers start and end"
            raise StructureError(f"tokens[{index}]: {said}")
        if not 0 <= row["start"] < row["end"] <= size:
            raise StructureError(f"tokens[{index}]: [{row['start']}, {row['end']}) is not in the text")
    return [(row["start"], row["end"]) for row in rows]


def encode(
    documents: Iterable[Document],
    *,
    lost: Counter[str] | None = None,
    tokenizer: Tokenizer | None = None,
    tokenizer_name: str = "",
    **options: Any,
) -> Iterator[tuple[str, bytes]]:
    """A line for each document. Without a tokenizer, tokens are [] and their indices -1."""
    for item in documents:
        yield "", line(record(item, tokenizer, tokenizer_name))


def line(row: dict[str, Any]) -> bytes:
    """The bytes of a record."""
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def record(
    document: Document, tokenizer: Tokenizer | None = None, tokenizer_name: str = ""
) -> dict[str, Any]:
    """The plain value of a record, every key present, in the order of the format."""
    text = document.text
    tokens = tokenizer(text) if tokenizer else []
    spans = Writer(document)
    rows = [_with_tokens(row, tokens) for row in spans.rows]
    written: dict[str, list[dict[str, Any]]] = {name: [] for name in KINDS}
    for kind, item in objects(document):
        written[COLLECTIONS[kind]].append(spans.written(kind, item))
    by_id = {row["id"]: row for row in rows}
    shown = relations(written, by_id)
    task = prodigy_hash.input_hash(text)
    extra = dict(document.extra)
    return {
        "text": text,
        "meta": {
            **plain(document.meta, defaults=True),
            "sha256": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
            "tokenizer": tokenizer_name,
        },
        **{name: written.get(name, []) for name in ORDER},
        "tokens": _token_rows(text, tokens),
        "spans": rows,
        "relations": shown,
        "schema_version": SCHEMA_VERSION,
        "_input_hash": task,
        "_task_hash": prodigy_hash.task_hash(task, rows),
        "answer": extra.pop("answer", "accept"),
        **extra,
    }


def _token_rows(text: str, tokens: list[tuple[int, int]]) -> list[dict[str, Any]]:
    return [
        {"text": text[a:b], "start": a, "end": b, "id": i, "ws": text[b : b + 1] == " "}
        for i, (a, b) in enumerate(tokens)
    ]


def _with_tokens(row: dict[str, Any], tokens: list[tuple[int, int]]) -> dict[str, Any]:
    """Token indices, the end inclusive; a span that cuts tokens gets those it touches."""
    if tokens:
        first = bisect_right(tokens, row["start"], key=lambda t: t[1])
        last = bisect_left(tokens, row["end"], key=lambda t: t[0]) - 1
        row = {**row, "token_start": min(first, last), "token_end": last}
    return row
