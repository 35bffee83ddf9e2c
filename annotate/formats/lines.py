"""Annotation lines: one document a file, one annotation a line, what people edit.

The first key of a line is its kind and holds the id: ``{"actor": "a1", …}``; the
first line is the document: ``{"doc": "A", "text": …}``. Fields at their default
are left out, and so is everything that can be derived.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, BinaryIO

from goldwire.annotate.document import CLASSES, COLLECTIONS, Document, Meta
from goldwire.annotate.heads import head_found, head_left_out, map_mentions, settled
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.annotate.structure import StructureError, build, plain


def rows(data: bytes, *, where: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The lines that hold something, each with its physical number; raises ProblemError."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        raise ProblemError(Problem(where, number, "encoding", f"is not UTF-8: {error.reason}")) from None
    # split, not splitlines: U+2028 may stand inside a string and ends no line.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, parse(line, where=where, number=number)


def parse(line: str | bytes, *, where: str, number: int) -> dict[str, Any]:
    """The object on one line; raises ProblemError."""
    try:
        value = json.loads(line)
    except UnicodeDecodeError as error:
        raise ProblemError(Problem(where, number, "encoding", f"is not UTF-8: {error.reason}")) from None
    except json.JSONDecodeError as error:
        raise ProblemError(Problem(where, number, "not-json", error.msg)) from None
    except RecursionError:
        raise ProblemError(Problem(where, number, "not-json", "is nested too deeply")) from None
    if not isinstance(value, dict):
        raise ProblemError(Problem(where, number, "not-json", "a line should be an object"))
    return value


def document(lines: Iterable[tuple[int, dict[str, Any]]], *, where: str) -> Document:
    """The document that the lines of one file make; raises ProblemError with the line."""
    found: dict[str, list[Any]] = {name: [] for name in COLLECTIONS.values()}
    first: dict[str, Any] | None = None
    for number, raw in lines:
        kind = next(iter(raw), "")
        try:
            if kind == "doc" and first is None:
                first = raw
                meta = build(Meta, {"doc_id": raw["doc"], **raw}, skip=("doc", "text", "extra"))
                extra = raw.get("extra", {})
                if not isinstance(raw.get("text"), str):
                    raise StructureError("text: is missing or is not a string")
            elif kind in CLASSES:
                item = build(CLASSES[kind], {"id": raw[kind], **raw}, skip=(kind,))
                found[COLLECTIONS[kind]].append(map_mentions(item, head_found))
            else:
                raise StructureError(f"the first key {kind!r} is not a kind of annotation")
        except StructureError as error:
            raise ProblemError(Problem(where, number, "structure", str(error))) from None
    if first is None:
        raise ProblemError(
            Problem(where, 1, "no-document", "the first line should hold the document: {doc, text}")
        )
    layers = {name: tuple(items) for name, items in found.items()}
    return settled(Document(first["text"], meta, extra=extra, **layers))


def decode(files: Mapping[str, BinaryIO], **options: Any) -> Iterator[Document]:
    """One document from each file."""
    for name, file in files.items():
        yield document(rows(file.read(), where=name), where=name)


def encode(
    documents: Iterable[Document], *, lost: Counter[str] | None = None, **options: Any
) -> Iterator[tuple[str, bytes]]:
    """A file for each document, named by its id; one document alone is the output itself."""
    later = iter(documents)
    first = list(islice(later, 2))
    if len(first) == 1:
        yield "", write(first[0])
        return
    for number, item in enumerate(chain(first, later), start=1):
        yield f"{item.meta.doc_id or number}.jsonl", write(item)


def write(item: Document) -> bytes:
    """The lines of one document, in the order of its objects.

    >>> from goldwire.annotate.document import Actor
    >>> print(write(Document("Ada left.", Meta("d1"), actors=(Actor("a1", "PER"),))).decode(), end="")
    {"doc": "d1", "text": "Ada left."}
    {"actor": "a1", "type": "PER"}
    """
    meta = plain(item.meta, defaults=False)
    meta.pop("doc_id", None)
    first = {"doc": item.meta.doc_id, "text": item.text, **meta}
    lines = [{**first, "extra": item.extra} if item.extra else first]
    for kind, name in COLLECTIONS.items():
        for x in getattr(item, name):
            body = plain(map_mentions(x, head_left_out), defaults=False)
            lines.append({kind: body.pop("id"), **body})
    return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)
