"""Where the rules look: one segment at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from goldwire.annotate import segment
from goldwire.annotate.document import Document

_LINE = re.compile(r"[^\n]*\S[^\n]*")


def add(document: Document) -> Document:
    """The document with its segments, cut by the rules of ``goldwire new``; those it has are kept."""
    if document.segments or not document.text.strip():
        return document
    found = segment.lines(document.text, cut=False)
    first = found[0].start
    cut = segment.document(document.text, found, document.meta).segments
    moved = tuple(replace(s, start=s.start + first, end=s.end + first) for s in cut)
    return replace(document, segments=moved)


def sentences(document: Document) -> Iterator[tuple[int, int]]:
    """(start, end) of each segment; of each line where a document has none."""
    if document.segments:
        yield from ((s.start, s.end) for s in document.segments)
    else:
        yield from (m.span() for m in _LINE.finditer(document.text))
