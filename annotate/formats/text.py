"""Plain text: the characters of a file, and nothing else.

Every character is kept, a byte order mark at the start too (it is then character
0 of the text, and ``notes`` says so); ``bom=drop`` leaves it out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, BinaryIO

from goldwire.annotate.document import Document, Meta
from goldwire.annotate.formats import source
from goldwire.annotate.formats.flat import flat
from goldwire.annotate.problems import Problem

CARRIES = frozenset({"text"})


def decode(
    files: Mapping[str, BinaryIO],
    *,
    ontology: Any = None,
    notes: list[Problem] | None = None,
    bom: str = "keep",
) -> Iterator[Document]:
    """A document from each file, named after it."""
    for name, file in files.items():
        text = source.text_of(source.whole(file, name), name)
        if text.startswith("\ufeff") and bom == "drop":
            text = text[1:]
        elif text.startswith("\ufeff") and notes is not None:
            message = "the file begins with U+FEFF, kept as character 0; -o bom=drop leaves it out"
            notes.append(Problem(name, 1, "byte-order-mark", message))
        yield Document(text, Meta(source.stem(name)))


def encode(documents: Iterable[Document], *, lost: Counter[str]) -> Iterator[tuple[str, bytes]]:
    """A file for each document, named by its id; one document alone is the output itself.

    >>> list(encode([Document("caf\\u00e9")], lost=Counter()))
    [('', b'caf\\xc3\\xa9')]
    """
    later = iter(documents)
    first = list(islice(later, 2))
    for number, item in enumerate(chain(first, later), start=1):
        name = f"{item.meta.doc_id or number}.txt" if len(first) > 1 else ""
        yield name, flat(item, CARRIES, lost).text.encode()
