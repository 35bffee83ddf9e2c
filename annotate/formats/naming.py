"""Names of the files that a format makes, one for each document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from goldwire.annotate.document import Document


def file_name(wanted: str, taken: set[str]) -> str:
    """A name for a file of its own in a folder: no path, nothing hidden, none twice.

    >>> taken = set(); file_name("../a/b", taken), file_name("_a_b", taken)
    ('_a_b', '_a_b-2')
    """
    plain = re.sub(r"[^\w .+()\[\]@,=#&~-]+", "_", wanted).strip(". ")[:150] or "document"
    plain = re.sub(r"^[_.]+(?=[^_.])", "_", plain)
    name, number = plain, 1
    while name.lower() in taken:
        number += 1
        name = f"{plain}-{number}"
    taken.add(name.lower())
    return name


def named(documents: Iterable[Document], suffix: str) -> Iterator[tuple[str, Document]]:
    """Each document with the name of its file; "" for one document alone, which is the output itself.

    >>> [name for name, _ in named([Document("a"), Document("b")], ".tsv")]
    ['1.tsv', '2.tsv']
    """
    later = iter(documents)
    first = list(islice(later, 2))
    taken: set[str] = set()
    for number, item in enumerate(chain(first, later), start=1):
        own = "" if len(first) == 1 else file_name(item.meta.doc_id or str(number), taken) + suffix
        yield own, item
