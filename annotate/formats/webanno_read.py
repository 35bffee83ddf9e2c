"""WebAnno TSV 3 → layers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from goldwire.annotate.formats import source
from goldwire.annotate.formats.layers import Layer, Layers
from goldwire.annotate.formats.webanno_cells import UNIT, Column, Row, Rows
from goldwire.annotate.formats.webanno_write import Writing
from goldwire.annotate.offsets import Claim, edges, prove
from goldwire.annotate.problems import ProblemError

FORMAT = re.compile(r"#FORMAT=WebAnno TSV (3(?:\.\d+)?)\s*")
_BOUNDS = re.compile(r"(\d{1,9})-(\d{1,9})")
_ESCAPED_TEXT = re.compile(r"\\([\\tnfrb\x00-\x07\x0e-\x1f])")
_JAVA = re.compile(r"\\(?:u+([0-9a-fA-F]{4})|([0-7]{1,3})|(.))", re.DOTALL)
_CONTROL = {"t": "\t", "n": "\n", "f": "\f", "r": "\r", "b": "\b"}
GAP = 100_000  # blanks between two sentences; more is no document but an attack


class Sentence(NamedTuple):
    """The lines of one sentence."""

    line: int
    id: str
    text: str
    rows: list[Row]


def unescape_text(value: str, version: str) -> str:
    """A text line as it was; versions up to 3.1 escaped as Java does."""
    if version in ("3", "3.0", "3.1"):
        return _JAVA.sub(_java, value)
    return _ESCAPED_TEXT.sub(lambda m: _CONTROL.get(m[1], m[1]), value)


def _java(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    if found[2]:
        return chr(int(found[2], 8))
    return _CONTROL.get(found[3], found[3])


class Header(NamedTuple):
    """What stands above the first sentence; ``other`` are lines that the format does not define."""

    version: str
    layers: dict[str, Layer]
    columns: list[Column]
    other: list[str]


def header(lines: Iterator[tuple[int, str]], where: str) -> tuple[Header, tuple[int, str] | None]:
    """The header, and the first line after it; raises ProblemError."""
    number, first = next(lines, (1, ""))
    found = FORMAT.fullmatch(first)
    if not found:
        older = " (TSV 1 and 2 are not read)" if first.strip().startswith("#") else ""
        source.refuse(where, number, "format", f"the first line is not #FORMAT=WebAnno TSV 3.x{older}")
    result = Header(found[1], {}, [], [])
    for number, line in lines:
        if line.startswith(("#Text=", "#Sentence.id=")):
            return result, (number, line)
        declared = re.match(r"#T_(SP|RL|CH)=(.*)", line)
        if declared:
            _declaration(result, declared[1], declared[2], number, where)
        elif line.startswith("#"):
            result.other.append(line)
        elif line.strip():
            source.refuse(where, number, "syntax", "rows should follow a line #Text=")
    return result, None


def _declaration(result: Header, kind: str, rest: str, number: int, where: str) -> None:
    name, *fields = rest.split("|")
    if not name:
        source.refuse(where, number, "syntax", "a layer is declared without a name")
    layer = Layer(name, {"SP": "span", "RL": "relation", "CH": "chain"}[kind])
    columns: list[Column] = []
    for position, said in enumerate(fields):
        if kind == "SP" and said.startswith("ROLE_"):
            feature, _, link = said.removeprefix("ROLE_").partition("_")
            target = fields[position + 1] if position + 1 < len(fields) else ""
            if not target:
                source.refuse(where, number, "syntax", f"the slot {feature} has no target")
            own = feature.rpartition(":")[2]
            layer.slots[own] = (link, target)
            layer.features.append(own)
            columns += [Column(name, "slot-role", own), Column(name, "slot-target", own)]
        elif position and fields[position - 1].startswith("ROLE_"):
            continue
        elif kind == "RL" and said.startswith("BT_"):
            layer.base = said.removeprefix("BT_")
            columns.append(Column(name, "base"))
        elif said:
            layer.features.append(said)
            roles = {"referenceType": "chain-type", "referenceRelation": "chain-link"}
            columns.append(Column(name, roles.get(said, "value") if kind == "CH" else "value", said))
    if not columns or (kind == "RL" and not fields[0]):
        columns.insert(0, Column(name, "none"))
    if name in result.layers:
        source.refuse(where, number, "repeated-layer", f"{name} is declared twice")
    result.layers[name] = layer
    result.columns.extend(columns)


def sentences(
    top: Header, lines: Iterator[tuple[int, str]], first: tuple[int, str] | None, where: str
) -> Iterator[Sentence]:
    """The sentences with their rows; raises ProblemError with the line of what is wrong."""
    line: tuple[int, str] | None = first
    own, start = "", 0
    said: list[str] = []
    rows: list[Row] = []
    while line is not None:
        number, text = line
        if (
            text.startswith("#")
            and (not rows or text.startswith(("#Text=", "#Sentence.id=")))
            and not _is_row(text)
        ):
            if rows:
                yield Sentence(start, own, "\n".join(said), rows)
                own, said, rows = "", [], []
            start = start if said or own else number
            if text.startswith("#Sentence.id="):
                own = unescape_text(text.removeprefix("#Sentence.id="), top.version)
            elif text.startswith("#Text="):
                said.append(unescape_text(text.removeprefix("#Text="), top.version))
        elif not text.strip(" "):
            if rows:
                yield Sentence(start, own, "\n".join(said), rows)
                own, said, rows = "", [], []
        else:
            if not said:
                source.refuse(where, number, "syntax", "rows should follow a line #Text=")
            rows.append(_row(top, text, number, where))
        line = next(lines, None)
    if rows:
        yield Sentence(start, own, "\n".join(said), rows)
    elif said:
        source.refuse(where, start, "syntax", "a sentence without any token")


def _is_row(text: str) -> bool:
    return bool(UNIT.match(text))


def _row(top: Header, text: str, number: int, where: str) -> Row:
    unit, *fields = text.split("\t")
    bounds = _BOUNDS.fullmatch(fields[0]) if fields else None
    if not UNIT.fullmatch(unit) or not bounds or len(fields) < 2:
        source.refuse(
            where, number, "syntax", "a row should begin with sentence-token, begin-end and the token"
        )
    cells = fields[2:]
    if len(cells) < len(top.columns):
        message = f"has {len(cells)} columns after the token, the header declares {len(top.columns)}"
        source.refuse(where, number, "columns", message)
    return Row(number, unit, int(bounds[1]), int(bounds[2]), fields[1], cells)


def assembled(found: list[Sentence], unit: str, where: str) -> tuple[str, list[tuple[int, int]]]:
    """The text that the sentences make, and their bounds in code points.

    Between sentences stands a line break, and blanks where the offsets ask for more.
    """
    parts: list[str] = []
    length = size = 0  # in code points, in units of the file
    bounds: list[tuple[int, int]] = []
    for s in found:
        begin = s.rows[0].start
        if parts and begin == size - 1:
            parts[-1] = parts[-1][:-1]
            length, size = length - 1, size - 1
        if not size <= begin <= size + GAP:
            message = f"begins at {begin}, where {size} characters precede it"
            source.refuse(where, s.rows[0].line, "span-range", f"the sentence {message}")
        gap = " " * (begin - size)
        parts.append(gap + s.text + "\n")
        start = length + len(gap)
        bounds.append((start, start + len(s.text)))
        length += len(parts[-1])
        size += len(gap) + 1 + (len(edges(s.text, unit)) - 1)
    return "".join(parts)[:-1], bounds


def read(found: list[Sentence], top: Header, where: str) -> Layers:
    """The layers of a file; offsets are proved on the tokens."""
    if not found:
        source.refuse(where, 1, "no-text", "holds no sentence")
    problem: ProblemError | None = None
    for unit in ("utf-16", "code points"):
        try:
            text, bounds = assembled(found, unit, where)
            rows = [row for s in found for row in s.rows]
            claims = [Claim(r.start, r.end, r.text, r.line, f"token {r.unit}") for r in rows]
            prove(text, claims, unit=unit, others=(), where=where, same=_same)
        except ProblemError as error:
            problem = problem or error
            continue
        source.checked_text(text, where)
        counted = "utf-16" if text.isascii() else unit
        cas = Layers(text, top.layers)
        cas.sentences = [(start, end, s.id) for (start, end), s in zip(bounds, found, strict=True)]
        Rows(cas, top.columns, rows, edges(text, unit), where).fill()
        given = {a.id: a.number for a in cas.annotations if a.number}
        if Writing(cas, fresh=True).numbers == given:
            for a in cas.annotations:
                a.number = 0
        if counted != "utf-16":
            cas.more["unit"] = counted
        if top.version != "3.3":
            cas.more["version"] = top.version
        if top.other:
            cas.more["header"] = top.other
        if all(len(row.cells) == len(top.columns) for row in rows):
            cas.more["tab"] = "none"  # INCEpTION ends each row with one
        return cas
    assert problem is not None
    raise problem


def _same(stored: str, found: str) -> bool:
    return stored.strip() == found.strip() or stored == found.replace("\t", " ")
