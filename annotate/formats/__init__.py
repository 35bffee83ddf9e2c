"""Formats: one module each, two verbs, one line in a table.

The contract
    ``decode(files, *, ontology=None, notes=None, **options) -> Iterator[Document]``
        ``files`` maps a file's name to its open binary stream, so that pairs
        (``a.txt``, ``a.ann``) come together. Nothing is opened here, nothing is
        read further than the documents yielded so far need. What cannot be used
        raises ``ProblemError`` with the file's name and the physical line; what
        was used, but mended or left aside, is appended to ``notes``.
    ``encode(documents, *, lost, **options) -> Iterator[tuple[str, bytes]]``
        Yields (name, content). ``""`` is the output file itself; its chunks are
        written one after the other, so that a long file streams. Any other name
        is a file below the output folder, whole; ``*.xml`` is a file beside the
        output, of the same name but for what follows the star. What the target
        cannot hold is counted in ``lost`` ("discontinuous mention": 3).
    ``options`` are keyword-only parameters of the two functions, strings or
    booleans; ``goldwire convert -o view=rel`` passes them on.

    Whatever the unit of the file, a Document counts code points: ``offsets.py``
    converts, and proves the result against the surface text that the file holds.
    ``loss.keep(document, carries, lost)`` reduces a document to what a row of the
    table claims and counts what it took away, so what the table says is what a
    round trip gives back; a test proves it for each row.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8

from goldwire.annotate.formats.contract import CARRIES, EVERYTHING, OBJECTS, TABLE, Codec, Format
from goldwire.annotate.formats.table import ROWS
from goldwire.annotate.problems import Problem, ProblemError

__all__ = [
    "CARRIES",
    "EVERYTHING",
    "FORMATS",
    "OBJECTS",
    "ROWS",
    "TABLE",
    "Codec",
    "Format",
    "find",
    "recognise",
]

FORMATS: dict[str, Format] = {row.name: row for row in ROWS}


def find(name: str) -> Format:
    """The row of that name; raises ProblemError that lists the names there are."""
    if name not in FORMATS:
        raise ProblemError(
            Problem(name, 0, "unknown-format", f"the formats are {', '.join(sorted(FORMATS))}")
        )
    return FORMATS[name]


def recognise(path: str, head: bytes = b"") -> Format:
    """The format of a file by its name and its first bytes (4,096 are enough).

    A row whose ``sign`` is found in ``head`` goes before rows without a sign, and
    a longer suffix before a shorter one. Raises ProblemError where nothing fits.
    """
    named = [(len(s), row) for row in ROWS for s in row.suffixes if path.lower().endswith(s)]
    named.sort(key=lambda pair: -pair[0])
    start = head[:4096].removeprefix(BOM_UTF8)
    signed = [row for _, row in named if row.sign and re.search(row.sign.encode(), start)]
    plain = [row for _, row in named if not row.sign or not head]
    # A suffix that one format alone has tells it, wherever in the file its sign may stand.
    alone = [row for _, row in named] if len(named) == 1 else []
    for row in signed + plain + alone:
        return row
    message = "neither its name nor its first bytes tell the format; name it with --from"
    raise ProblemError(Problem(path, 0, "unknown-format", message))
