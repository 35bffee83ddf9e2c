"""Tables of spans: comma, semicolon or tab separated, a span a row, the columns named in the first row.

We write ``doc text id label start end surface more head head_start form metonymy
confidence note extra``: one row without ``start`` for each document, which holds its
text, then a row for each span. ``more`` lists further pieces as ``start-end``,
``extra`` is a JSON object.

We read tables of others, too: columns in any order, under the names in
``SYNONYMS`` or those of the option ``columns`` ("start=von,end=bis"); the text in a
column (in every row or in the first of a document), or in the file of the same
name that ends in ``.txt``. Columns that mean nothing here are kept with the span.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, BinaryIO, NamedTuple

from goldwire.annotate.document import Document, Fragment, Mention, Meta, Span
from goldwire.annotate.formats import TABLE, source
from goldwire.annotate.formats.flat import flat
from goldwire.annotate.heads import head_found
from goldwire.annotate.offsets import Claim, prove
from goldwire.annotate.problems import Problem
from goldwire.annotate.structure import StructureError

COLUMNS = (
    "doc text id label start end surface more head head_start form metonymy confidence note extra"
).split()
SYNONYMS = {
    "doc": "doc_id document document_id docid file",
    "label": "type tag entity_type category",
    "start": "begin start_offset start_char",
    "end": "stop end_offset end_char",
    "surface": "span span_text mention entity",
}
Row = tuple[int, dict[str, str]]


def decode(
    files: Mapping[str, BinaryIO],
    *,
    ontology: Any = None,
    notes: list[Problem] | None = None,
    columns: str = "",
    delimiter: str = "",
    unit: str = "code points",
) -> Iterator[Document]:
    """Documents from the rows of each table; raises ProblemError with the row's first line."""
    texts = {source.stem(n): f for n, f in files.items() if n.endswith(".txt")}
    for name, file in files.items():
        if name.endswith(".txt") and len(files) > 1:
            continue
        beside = texts.get(source.stem(name))
        given = source.text_of(source.whole(beside, name), name) if beside else None
        key: tuple[str, str] = ("", "")
        count = 0

        def document_of(row: Row, given: str | None = given) -> int:
            nonlocal key, count
            doc, text = row[1].get("doc", ""), row[1].get("text", "")
            new = not row[1].get("start") if given is None else False
            if new or not count or doc != key[0] or text not in ("", key[1]):
                count += 1
                key = (doc, text)
            return count

        for _, rows in groupby(_rows(file, name, columns, delimiter), key=document_of):
            yield _document(list(rows), given, name, unit)


def _rows(file: BinaryIO, name: str, columns: str, delimiter: str) -> Iterator[Row]:
    """Rows as dictionaries under our names of the columns, with the line on which each begins."""
    lines = source.whole_lines(file, name)
    header = next(lines, (1, ""))[1]
    chosen = {"tab": "\t"}.get(delimiter, delimiter) or max("\t;,", key=header.count)
    # The limit is one for all readers of the process; a document's text is one cell here.
    csv.field_size_limit(source.LIMIT)
    reader = csv.reader(_chained(header, lines), delimiter=chosen, strict=True)
    try:
        named = _named(next(reader, []), columns, name)
        at = reader.line_num + 1
        for cells in reader:
            if cells:
                if len(cells) > len(named):
                    message = f"has {len(cells)} cells, the first row names {len(named)} columns"
                    source.refuse(name, at, "columns", message)
                yield at, dict(zip(named, cells, strict=False))
            at = reader.line_num + 1
    except csv.Error as error:
        source.refuse(name, reader.line_num, "csv", str(error))


def _chained(header: str, lines: Iterator[tuple[int, str]]) -> Iterator[str]:
    yield header
    yield from (line for _, line in lines)


def _named(header: list[str], columns: str, name: str) -> list[str]:
    theirs = {other: ours for ours, others in SYNONYMS.items() for other in others.split()}
    found = [h.strip() for h in header]
    for pair in filter(None, columns.split(",")):
        ours, _, other = pair.partition("=")
        if ours not in COLUMNS or other not in found:
            message = f"columns: {pair!r} should be one of {' '.join(COLUMNS)}, =, and a column of the file"
            source.refuse(name, 1, "option", message)
        found[found.index(other)] = ours
    low = [h if h in COLUMNS else h.lower() if h.lower() in COLUMNS else h for h in found]
    result = [theirs.get(h.lower(), h) if theirs.get(h.lower()) not in low else h for h in low]
    missing = {"start", "end", "label"} - set(result)
    if missing or len(set(result)) < len(result):
        what = f"names no column {', '.join(sorted(missing))}" if missing else "names a column twice"
        source.refuse(name, 1, "columns", f"the first row {what}: {', '.join(header)[:200]}")
    return result


def _document(rows: list[Row], given: str | None, name: str, unit: str) -> Document:
    first, cells = rows[0]
    if given is None and "text" not in cells:
        source.refuse(name, 1, "no-text", "there is no column text, and no .txt file of the same name")
    text = source.checked_text(cells.get("text", "") if given is None else given, name, first)
    spans = [(line, row) for line, row in rows if row.get("start")]
    claims = [c for line, row in spans for c in _claims(row, name, line)]
    _, bounds = prove(text, claims, unit=unit, where=name)
    at = iter(bounds)
    made = tuple(_span(n, line, row, text, at, name) for n, (line, row) in enumerate(spans, start=1))
    own = {} if cells.get("start") else _extra(cells, name, first)
    return Document(text, Meta(cells.get("doc", source.stem(name))), spans=made, extra=own)


def _extra(row: Mapping[str, str], name: str, line: int) -> dict[str, Any]:
    """The columns that mean nothing here, and the keys in the column ``extra``."""
    extra: dict[str, Any] = source.rest(row, *COLUMNS)
    if row.get("extra"):
        extra |= source.shaped(source.parsed(row["extra"], name, line), dict[str, Any], name, line)
    return extra


def _claims(row: Mapping[str, str], name: str, line: int) -> Iterator[Claim]:
    """The pieces of one row; the surface of several pieces is that of the first."""
    pieces = [(row["start"], row.get("end", ""))]
    pieces += [tuple(p.split("-", 1)) for p in row.get("more", "").split() if "-" in p]  # type: ignore[misc]
    for index, (start, end) in enumerate(pieces):
        if not (start.isdecimal() and end.isdecimal() and len(start + end) < 30):
            source.refuse(name, line, "offset", f"start and end should be whole numbers: {start!r}, {end!r}")
        says = row.get("surface") or None if not index else None
        yield Claim(int(start), int(end), says, line)


def _span(
    number: int, line: int, row: Mapping[str, str], text: str, at: Iterator[tuple[int, int]], name: str
) -> Span:
    start, end = next(at)
    more = [next(at) for p in row.get("more", "").split() if "-" in p]
    head_start = row.get("head_start", "")
    mention = Mention(
        text[start:end],
        start,
        head=row.get("head", ""),
        head_start=int(head_start) if head_start.isdecimal() and len(head_start) < 10 else -1,
        more=tuple(Fragment(text[a:b], a) for a, b in more),
        form=row.get("form", ""),
        metonymy=row.get("metonymy", ""),
    )
    try:
        mention = head_found(mention)
    except StructureError as error:
        source.refuse(name, line, "head", str(error))
    ident = row.get("id") or f"s{number}"
    confidence, note = row.get("confidence", ""), row.get("note", "")
    return Span(ident, mention, row.get("label", ""), confidence, note, _extra(row, name, line))


def encode(
    documents: Iterable[Document], *, lost: Counter[str], delimiter: str = ",", labels: str = "layer"
) -> Iterator[tuple[str, bytes]]:
    """One table for all documents.

    >>> ada = Document("Ada left.", Meta("d"), spans=(Span("s1", Mention("Ada", 0), "PER"),))
    >>> print(b"".join(b for _, b in encode([ada], lost=Counter())).decode(), end="")
    doc,text,id,label,start,end,surface,more,head,head_start,form,metonymy,confidence,note,extra
    d,Ada left.,,,,,,,,,,,,,
    d,,s1,PER,0,3,Ada,,,,,,,,
    """
    yield "", _lines([COLUMNS], delimiter)
    for item in documents:
        document = flat(item, TABLE, lost, labels=labels)
        doc = document.meta.doc_id
        rows = [[doc, document.text, *[""] * (len(COLUMNS) - 3), _object(document.extra)]]
        rows += [[doc, "", *_cells(span)] for span in document.spans]
        yield "", _lines(rows, delimiter)


def _cells(span: Span) -> list[str]:
    m = span.mention
    more = " ".join(f"{f.start}-{f.end}" for f in m.more)
    head_start = str(m.head_start) if m.head_start >= 0 else ""
    place = [str(m.start), str(m.end), m.text, more, m.head, head_start]
    return [span.id, span.label, *place, m.form, m.metonymy, span.confidence, span.note, _object(span.extra)]


def _object(extra: dict[str, Any]) -> str:
    return json.dumps(extra, ensure_ascii=False) if extra else ""


def _lines(rows: Iterable[list[str]], delimiter: str) -> bytes:
    # Before Python 3.13, a lone CR is quoted only where CR ends the rows, too.
    written: list[str] = []
    chosen = {"tab": "\t"}.get(delimiter, delimiter)
    out = csv.writer(_Sink(written.append), delimiter=chosen, lineterminator="\r\n")
    out.writerows(rows)
    return b"".join(line.removesuffix("\r\n").encode() + b"\n" for line in written)


class _Sink(NamedTuple):
    """What the csv library takes for a file: it is called once for each row."""

    write: Callable[[str], None]
