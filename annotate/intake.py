"""Anybody's texts on their way in: plain text, rows of JSONL or CSV, and notes about them.

The notes are a TOML file: what is known of source files from outside the text,
and decisions that override the rules of ``segment.py``. A table for each file,
named like it:

    ["report.txt"]
    sha256 = "…"                  the file is refused if it has changed
    cut = true                    the file holds several articles
    ids = ["A", "B"]              of its articles, in order
    lang = "en"
    license = "…"
    lines = { 20 = "subhead" }    headline, subhead or prose
    dct = { B = { value = "XXXX-07-03", evidence = "…" } }    basis: metadata
    outside = [ { what = "year", value = "2018", evidence = "…" } ]

``outside`` is for people and for resolving dates; it never enters a document.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from goldwire.annotate.dateline import document_time
from goldwire.annotate.document import Document, Meta
from goldwire.annotate.ontology import Ontology
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.annotate.segment import KINDS, articles, document, lines

# Names under which rows of other people's files hold what a document has.
FIELDS: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "article"),
    "doc_id": ("doc_id", "id", "doc", "uid"),
    "title": ("title", "headline"),
    "origin": ("origin", "url", "source", "link"),
    "dct": ("dct", "date", "published", "pubdate"),
    "lang": ("lang", "language"),
    "license": ("license", "licence"),
}


class Known(Struct, frozen=True, forbid_unknown_fields=True):
    """Something known from outside the text, and where from."""

    value: str
    evidence: str
    what: str = ""


class Notes(Struct, frozen=True, forbid_unknown_fields=True):
    """What the notes say of one file."""

    sha256: str = ""
    cut: bool = False
    ids: tuple[str, ...] = ()
    lang: str = ""
    license: str = ""
    lines: dict[str, str] = field(default_factory=dict)
    dct: dict[str, Known] = field(default_factory=dict)
    outside: tuple[Known, ...] = ()


def notes(data: bytes, *, where: str) -> dict[str, Notes]:
    """The notes of a TOML file by name of the file they are about; raises ProblemError."""
    try:
        found = msgspec.convert(tomllib.loads(data.decode("utf-8")), dict[str, Notes])
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ProblemError(Problem(where, 0, "notes", str(error))) from None
    for name, item in found.items():
        for number, kind in item.lines.items():
            if not number.isdecimal() or kind not in KINDS:
                said = f'{name}: lines: {number} = "{kind}" should be a number and one of {", ".join(KINDS)}'
                raise ProblemError(Problem(where, 0, "notes", said))
    return found


def documents(data: bytes, *, name: str, where: str, known: Notes) -> Iterator[Document]:
    """The empty documents of a file, rows or plain text by its suffix; raises ProblemError."""
    suffix = name.rpartition(".")[2].lower()
    lang = known.lang or "en"
    if suffix in ("jsonl", "ndjson"):
        return from_rows(jsonl_rows(data, where=where), name=name, where=where, lang=lang)
    if suffix in ("csv", "tsv"):
        return from_rows(csv_rows(data, where=where), name=name, where=where, lang=lang)
    return from_text(data, name=name, where=where, known=known)


def collisions(found: list[tuple[str, Document]], ontology: Ontology) -> list[Problem]:
    """Documents of one id, and segments whose kind the ontology does not have."""
    problems = []
    seen: dict[str, str] = {}
    kinds = ontology.closed.get("segments.kind", {})
    for where, item in found:
        name = item.meta.doc_id
        if name in seen:
            said = f"the id {name!r} is also that of a document of {seen[name]}"
            problems.append(Problem(where, 0, "repeated-id", said))
        seen[name] = where
        unknown = sorted({s.kind for s in item.segments} - kinds.keys()) if kinds else []
        if unknown:
            said = f"{name}: the ontology {ontology.name} has no kind of segment {', '.join(unknown)}"
            problems.append(Problem(where, 0, "unknown-label", said))
    return problems


def from_text(data: bytes, *, name: str, where: str, known: Notes) -> Iterator[Document]:
    """The documents of a plain text: one, or one for each article where the notes say ``cut``.

    ``name`` is the file's name, its stem the document's id.
    """
    text = _decoded(data, where)
    sha = hashlib.sha256(data).hexdigest()
    if known.sha256 and known.sha256 != sha:
        said = f"the notes were made for sha256 {known.sha256}, the file has {sha}"
        raise ProblemError(Problem(where, 0, "notes", said))
    found = lines(text, cut=known.cut, decided={int(n): kind for n, kind in known.lines.items()})
    if not found:
        raise ProblemError(Problem(where, 0, "empty-text", "the file holds no text"))
    parts = articles(found) if known.cut else [found]
    if known.ids and len(known.ids) != len(parts):
        said = f"the notes name {len(known.ids)} articles, the rules find {len(parts)}"
        raise ProblemError(Problem(where, 0, "notes", said))
    stem = name.rpartition(".")[0] or name
    ids = known.ids or ([stem] if len(parts) == 1 else [f"{stem}-{n}" for n in range(1, len(parts) + 1)])
    for doc_id, part in zip(ids, parts, strict=True):
        span = f"{part[0].start}-{part[-1].end}"
        origin = f"{name}, characters {span}, lines {part[0].number}-{part[-1].number}, sha256 {sha}"
        lang = known.lang or "en"
        meta = Meta(doc_id=doc_id, origin=origin, lang=lang, license=known.license)
        yield _timed(document(text, part, meta, lang), known.dct.get(doc_id))


def from_rows(
    rows: Iterator[tuple[int, Mapping[str, Any]]], *, name: str, where: str, lang: str = "en"
) -> Iterator[Document]:
    """A document for each row; ``FIELDS`` says under which names its text and metadata may stand.

    Other keys are left aside. A date that the row gives is the document time, by
    ``metadata``; without one, the text is asked.
    """
    stem = name.rpartition(".")[0] or name
    for index, (number, row) in enumerate(rows, start=1):
        said = {key: _field(row, names) for key, names in FIELDS.items()}
        if not said["text"].strip():
            names = ", ".join(FIELDS["text"])
            raise ProblemError(Problem(where, number, "empty-text", f"no text under any of {names}"))
        text = said.pop("text")
        said["doc_id"] = said["doc_id"] or f"{stem}-{index}"
        said["lang"] = said["lang"] or lang
        meta = Meta(**said)  # type: ignore[arg-type]  # the keys are those of FIELDS
        if meta.dct:
            meta = replace(meta, dct_basis="metadata", dct_evidence=f"{where}, row {index}")
        yield _timed(document(text, lines(text, cut=False), meta, meta.lang), None)


def jsonl_rows(data: bytes, *, where: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The objects of a JSONL file with their line numbers; raises ProblemError."""
    for number, line in enumerate(_decoded(data, where).split("\n"), start=1):
        if line.strip():
            try:
                value = json.loads(line)
            except ValueError as error:
                raise ProblemError(Problem(where, number, "not-json", str(error))) from None
            if not isinstance(value, dict):
                raise ProblemError(Problem(where, number, "not-json", "a line should be an object"))
            yield number, value


def csv_rows(data: bytes, *, where: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The rows of a CSV or TSV file with a header line; the number is that of a row's last line."""
    text = _decoded(data, where)
    head = text.split("\n", 1)[0]
    # Of the delimiters in use, the one that the header line has most of; csv.Sniffer guesses from prose.
    delimiter = max(",;\t", key=head.count)
    csv.field_size_limit(1 << 30)  # articles are longer than the 128 kB that csv allows
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise ProblemError(Problem(where, reader.reader.line_num, "not-csv", str(error))) from None


def _decoded(data: bytes, where: str) -> str:
    """The text of a file; a byte order mark goes, since it is no character of the text."""
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        said = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8 first"
        raise ProblemError(Problem(where, number, "encoding", said)) from None


def _field(row: Mapping[str, Any], names: tuple[str, ...]) -> str:
    lowered = {str(k).strip().lower(): v for k, v in row.items()}
    value = next((lowered[n] for n in names if lowered.get(n) not in (None, "")), "")
    return value if isinstance(value, str) else str(value)


def _timed(item: Document, known: Known | None) -> Document:
    if item.meta.dct:
        return item
    if known:
        value, basis, evidence = known.value, "metadata", known.evidence
    else:
        value, basis, evidence = document_time(item.text, [(s.start, s.end) for s in item.segments])
    meta = replace(item.meta, dct=value, dct_basis=basis, dct_evidence=evidence)
    return replace(item, meta=meta)
