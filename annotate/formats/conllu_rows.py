"""Rows of CoNLL-U and where their forms stand in the text that they make."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from goldwire.annotate.formats import source

# What SpacesAfter and SpacesBefore spell, as in UDPipe.
SPELT = {"\\s": " ", "\\t": "\t", "\\r": "\r", "\\n": "\n", "\\p": "|", "\\\\": "\\"}
_SPELT = re.compile(r"\\[strnp\\]")


class Row(Struct):
    """One line of a sentence: its number in the file, its id, its ten columns.

    ``kind`` is "word", "range" (3-4, a token of several words) or "empty" (8.1); ``second``
    is the end of the range, or the number behind the point.
    """

    line: int
    kind: str
    number: int
    second: int
    columns: list[str]

    @property
    def form(self) -> str:
        return self.columns[1]

    def misc(self, key: str) -> str:
        """A value in MISC; "" where there is none."""
        for pair in self.columns[9].split("|"):
            name, equals, value = pair.partition("=")
            if name == key and equals:
                return value
        return ""


class Sentence(Struct):
    """Comments and rows, and the line on which they begin."""

    line: int
    comments: list[str]
    rows: list[Row]

    def comment(self, key: str) -> str | None:
        """The value of ``# key = value``; None where there is none."""
        for line in self.comments:
            name, equals, value = line[1:].partition("=")
            if equals and name.strip() == key:
                return value.strip()
        return None

    def has(self, word: str) -> bool:
        """Whether a comment begins with a word: ``# newpar``, ``# newdoc id = x``."""
        return any(line[1:].split()[:1] == [word] for line in self.comments)


def rows_of(lines: Sequence[tuple[int, list[str]]], ids: Sequence[Any], where: str) -> list[Row]:
    """Rows from (line, columns) and the ids that the conllu package read; raises ProblemError."""
    found: list[Row] = []
    count = 0
    for (line, columns), own in zip(lines, ids, strict=True):
        if isinstance(own, int):
            row = Row(line, "word", own, own, columns)
            count += 1
            if own != count:
                source.refuse(where, line, "word-number", f"is word {own}, and should be {count}")
        elif isinstance(own, tuple) and own[1] == "-":
            row = Row(line, "range", own[0], own[2], columns)
            if own[0] != count + 1 or own[2] < own[0]:
                source.refuse(
                    where, line, "word-number", f"the range {own[0]}-{own[2]} stands after word {count}"
                )
        elif isinstance(own, tuple):
            row = Row(line, "empty", own[0], own[2], columns)
        else:
            source.refuse(where, line, "word-number", f"{columns[0]!r} is no number of a word")
        if not row.form:
            source.refuse(where, line, "form", "the form is empty")
        found.append(row)
    until = max((r.second for r in found if r.kind == "range"), default=0)
    if until > count:
        line = next(r.line for r in found if r.second == until)
        source.refuse(where, line, "word-number", f"the range ends at {until} of {count} words")
    return found


def layout(sentences: Sequence[Sentence]) -> tuple[str, list[list[tuple[int, int]]]]:
    """The text that sentences make, and the place of each row in it.

    A word within a token of several has its own place where the words, put together,
    are the token, else the token's; an empty node stands after what comes before it.
    """
    pieces: list[str] = []
    places: list[list[tuple[int, int]]] = []
    at = 0

    def write(text: str) -> None:
        nonlocal at
        pieces.append(text)
        at += len(text)

    for n, sentence in enumerate(sentences):
        follower = sentences[n + 1] if n + 1 < len(sentences) else None
        if n == 0 and sentence.rows:
            first = next((r for r in sentence.rows if r.kind != "empty"), sentence.rows[0])
            write(unspelt(first.misc("SpacesBefore")))
        found: list[tuple[int, int]] = []
        inside: list[tuple[int, int]] = []
        surface = _surfaces(sentence.rows)
        last = max((i for i, shown in enumerate(surface) if shown), default=-1)
        for i, row in enumerate(sentence.rows):
            if row.kind == "empty":
                place = found[-1][1] if found else at
                found.append((place, place))
                continue
            if not surface[i]:
                found.append(inside.pop(0))
                continue
            start = at
            write(row.form)
            found.append((start, at))
            if row.kind == "range":
                numbers = range(row.number, row.second + 1)
                words = [r.form for r in sentence.rows[i:] if r.kind == "word" and r.number in numbers]
                inside = _divided(words, row.form, start)
            write(gap_after(row, i == last, follower))
        places.append(found)
    return "".join(pieces), places


def _surfaces(rows: Sequence[Row]) -> list[bool]:
    """For each row, whether it stands in the text itself: no empty node, no word within a range."""
    found, until = [], 0
    for row in rows:
        found.append(row.kind == "range" or (row.kind == "word" and row.number > until))
        until = row.second if row.kind == "range" else until
    return found


def _divided(words: Sequence[str], form: str, start: int) -> list[tuple[int, int]]:
    if "".join(words) != form:
        return [(start, start + len(form)) for _ in words]
    found = []
    for word in words:
        found.append((start, start + len(word)))
        start += len(word)
    return found


def gap_after(row: Row, last: bool, follower: Sentence | None) -> str:
    """What stands between a token and the next; nothing after the last token of a document."""
    if spelt := row.misc("SpacesAfter"):
        return unspelt(spelt)
    if row.misc("SpaceAfter") == "No" or (last and follower is None):
        return ""
    return "\n" if last and follower and follower.has("newpar") else " "


def unspelt(value: str) -> str:
    """The characters that SpacesAfter spells.

    >>> unspelt(r"\\s\\n"), spelt(" |")
    (' \\n', '\\\\s\\\\p')
    """
    return _SPELT.sub(lambda m: SPELT[m[0]], value)


def spelt(text: str) -> str:
    """White space as SpacesAfter spells it."""
    other = {value: key for key, value in SPELT.items()}
    return "".join(other.get(c, c) for c in text)
