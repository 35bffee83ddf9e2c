"""UIMA CAS as JSON, which holds its own types: the door to ``uima`` for ``.json`` files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from goldwire.annotate.document import Document
from goldwire.annotate.formats import uima
from goldwire.annotate.formats.naming import named
from goldwire.annotate.problems import Problem


def decode(
    files: Mapping[str, BinaryIO], *, ontology: Any = None, notes: list[Problem] | None = None
) -> Iterator[Document]:
    """A document from each file; raises ProblemError."""
    for name, file in files.items():
        yield uima.from_json(file, name, [] if notes is None else notes)


def encode(documents: Iterable[Document], *, lost: Counter[str]) -> Iterator[tuple[str, bytes]]:
    """A file for each document, named by its id; one document alone is the output itself."""
    for name, item in named(documents, ".json"):
        yield name, uima.json_of(uima.as_cas(item, lost), item.meta.doc_id)
