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
from typing import Any, BinaryIO, TypeVar

from msgspec import Struct

from goldwire.annotate.document import CLASSES, COLLECTIONS, Document, Meta
from goldwire.annotate.formats import source
from goldwire.annotate.heads import head_found, head_left_out, map_mentions, settled
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.annotate.structure import StructureError, build, plain

T = TypeVar("T", bound=Struct)


def rows(data: bytes, *, where: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The lines that hold something, each with its physical number; raises ProblemError."""
    # split, not splitlines: U+2028 may stand inside a string and ends no line.
    for number, line in enumerate(source.text_of(data, where).split("\n"), start=1):
        if line.strip():
            yield number, parse(line, where=where, number=number)


def parse(line: str | bytes, *, where: str, number: int) -> dict[str, Any]:
    """The object on one line; raises ProblemError."""
    text = source.text_of(line, where, number) if isinstance(line, bytes) else line
    value = source.parsed(text.removeprefix("\ufeff") if number == 1 else text, where, number)
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
                first, meta = raw, opening(raw)
            elif kind in CLASSES:
                found[COLLECTIONS[kind]].append(map_mentions(annotation(kind, raw), head_found))
            else:
                raise StructureError(f"the first key {kind!r} is not a kind of annotation")
        except StructureError as error:
            raise ProblemError(Problem(where, number, "structure", str(error))) from None
    if first is None:
        raise ProblemError(
            Problem(where, 1, "no-document", "the first line should hold the document: {doc, text}")
        )
    layers = {name: tuple(items) for name, items in found.items()}
    return settled(Document(first["text"], meta, extra=first.get("extra", {}), **layers))


def opening(raw: dict[str, Any]) -> Meta:
    """What the first line of a file says besides the text and what is unknown; raises StructureError."""
    if not isinstance(raw.get("text"), str):
        raise StructureError("text: is missing or is not a string")
    if not isinstance(raw.get("extra", {}), dict):
        raise StructureError("extra: should be an object")
    return _named(Meta, "doc", "doc_id", raw, "doc", "text", "extra")


def annotation(kind: str, raw: dict[str, Any]) -> Any:
    """The object of a line, heads as they are given; raises StructureError."""
    return _named(CLASSES[kind], kind, "id", raw, kind)


def _named(cls: type[T], key: str, field: str, raw: dict[str, Any], *skip: str) -> T:
    """The object whose name stands under another key on a line than in a record."""
    if field in raw:
        raise StructureError(f"{field}: is what {key} says; it stands under that key alone")
    if not isinstance(raw[key], str):
        raise StructureError(f"{key}: should be a string, the id")
    return build(cls, {field: raw[key], **raw}, skip=skip)


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
