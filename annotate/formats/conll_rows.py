"""Lines of CoNLL-2003 and its kin: sentences of tokens with their columns, documents, comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from msgspec import Struct, field

from goldwire.annotate.formats import source

DOCSTART = "-DOCSTART-"
_LABEL = re.compile(r"O|[A-Z]-\S+")


class Line(Struct):
    """One token: its line in the file and its columns."""

    number: int
    columns: list[str]


class Part(Struct):
    """One document of a file, as it was read."""

    start: list[str] = field(default_factory=list)
    tabs: bool = False
    sentences: list[list[Line]] = field(default_factory=list)
    comments: dict[str, list[str]] = field(default_factory=dict)


def parts(file: BinaryIO, name: str, single: bool, label: int) -> Iterator[Part]:
    """The documents of a file, or its sentences where ``single``; raises ProblemError with the line.

    ``label`` is the number of the column whose labels tell a token # from a comment.
    """
    part, sentence, tabs = Part(), list[Line](), None
    seen = False
    width = 0
    for number, line in _sentence_a_line(source.lines(file, name)):
        if not line.strip():
            if sentence:
                part.sentences.append(sentence)
                sentence = []
                if single:
                    yield part
                    seen, part = True, Part(tabs=part.tabs)
            continue
        if tabs is None and ("\t" in line or not line.startswith("#")):
            tabs = "\t" in line
        if line.startswith("#") and "\t" not in line and (tabs or (tabs is None and len(line.split()) != 2)):
            part.comments.setdefault(str(len(part.sentences)), []).append(line)
            continue
        columns = line.split("\t") if "\t" in line else line.split()
        if line.startswith("#") and not sentence and _comment(columns, width, label):
            part.comments.setdefault(str(len(part.sentences)), []).append(line)
            continue
        if columns[0].startswith(DOCSTART):
            if sentence:
                source.refuse(name, number, "docstart", f"{DOCSTART} stands inside a sentence")
            if part.sentences or part.start:
                yield part
                seen = True
            part = Part(start=columns, comments=part.comments if not part.sentences else {})
            continue
        if len(columns) < 2:
            source.refuse(name, number, "columns", f"has one column, not a token and a label: {line[:80]!r}")
        part.tabs, width = bool(tabs), len(columns)
        sentence.append(Line(number, columns))
    if sentence:
        part.sentences.append(sentence)
    if part.sentences or part.start or not seen:
        yield part


def counts(part: Part) -> bool:
    """Whether the first of three columns and more is the number of the token in its sentence, from 0 or 1."""
    first = part.sentences[0][0].columns[0] if part.sentences else ""
    return first in ("0", "1") and all(
        len(line.columns) > 2 and line.columns[0] == str(at)
        for lines in part.sentences
        for at, line in enumerate(lines, start=int(first))
    )


def other_labels(part: Part, picked: tuple[int, int]) -> list[int]:
    """The columns that hold labels and are not the one that is read."""
    rows = [line.columns for lines in part.sentences for line in lines]
    wide = min(map(len, rows))
    taken = {n % wide for n in picked if -wide <= n < wide}
    return [
        n
        for n in range(wide)
        if n not in taken and all(_LABEL.fullmatch(r[n]) for r in rows) and any(r[n] != "O" for r in rows)
    ]


def _comment(columns: list[str], width: int, label: int) -> bool:
    """Whether a line that begins with # and stands before a sentence holds no token."""
    if width and len(columns) != width:
        return True
    return not (-len(columns) <= label < len(columns) and _LABEL.fullmatch(columns[label]))


def _sentence_a_line(file: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines of a file; one of spaCy's ``word|tag|label word|tag|label`` as a line for each token."""
    pieces = 0
    for number, line in file:
        words = line.split()
        if not pieces and words and not line.startswith(("#", DOCSTART)):
            ends = [w.rpartition("|") for w in words]
            piped = "\t" not in line and all(bar and _LABEL.fullmatch(end) for _, bar, end in ends)
            pieces = min(w.count("|") for w in words) if piped else -1
        if pieces < 1 or not all(w.count("|") >= pieces for w in words):
            yield number, line
            continue
        for word in words:
            yield number, "\t".join(word.rsplit("|", pieces))
        yield number, ""
