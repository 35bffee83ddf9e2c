"""Tables of spans, tab separated: ``csv.py`` with another default."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from goldwire.annotate.document import Document
from goldwire.annotate.formats import csv
from goldwire.annotate.formats.csv import decode

__all__ = ["decode", "encode"]


def encode(
    documents: Iterable[Document], *, lost: Counter[str], labels: str = "layer"
) -> Iterator[tuple[str, bytes]]:
    """One table for all documents."""
    return csv.encode(documents, lost=lost, delimiter="\t", labels=labels)
