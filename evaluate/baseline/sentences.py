"""Where the rules look: one sentence at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from goldwire.annotate.document import Document

_LINE = re.compile(r"[^\n]*\S[^\n]*")


def sentences(document: Document) -> Iterator[tuple[int, int]]:
    """(start, end) of each segment; of each line where a document has none."""
    if document.segments:
        yield from ((s.start, s.end) for s in document.segments)
    else:
        yield from (m.span() for m in _LINE.finditer(document.text))
