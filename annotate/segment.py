"""Texts cut into articles and segments, each decision with what it rests on.

A line of the text is a paragraph. The rules, in the order in which they apply:

no-final-punctuation
    A line is a heading if its last character, closing quotation marks and
    brackets aside, is no punctuation, if it has at most 200 characters, if prose
    follows it, and if no more than two such lines follow each other (more are a
    list). Every other line is prose and is cut into sentences.
first-heading
    A heading before all prose is a headline; a further one right below it is a
    sub-headline.
shared-words
    A heading inside a text begins another article if the prose below it, up to
    the next heading, shares less than a fifth of its words with the article so
    far; else it is a sub-headline. Compared are sets of words of five letters and
    more, relative to the smaller set (lexical cohesion, as in Hearst's
    TextTiling, 1997). On three other news articles the rule kept 18 of 21 pairs
    of halves together and 9 of 12 pairs of articles apart: it errs, its reasons
    are printed, and ``lines`` of the notes overrides it.

Where a text is one article by declaration (``cut=False``), headings after the
first are sub-headlines.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from goldwire.annotate.document import Document, Meta, Provenance, Segment
from goldwire.annotate.sentences import sentences, splitter

LONGEST_HEADING = 200
MOST_HEADINGS = 2
SHARED = 0.2
KINDS = ("headline", "subhead", "prose")

_WORD = re.compile(r"[^\W\d_][\w’'-]{4,}")


class Line(NamedTuple):
    """A line that holds something: its number from 1, its bounds in the text, what it is, and why."""

    number: int
    start: int
    end: int
    kind: str
    rule: str
    reason: str


def lines(text: str, *, cut: bool, decided: Mapping[int, str] | None = None) -> list[Line]:
    """The lines of a text, each a headline, a sub-headline or prose, by the rules above.

    ``decided`` overrides the rules: number of a line -> its kind. Code points.

    >>> [(line.number, line.kind) for line in lines("Storm hits coast\\n\\nIt rained. It blew.", cut=False)]
    [(1, 'headline'), (3, 'prose')]
    """
    decided = decided or {}
    bounds = _bounds(text)
    headings = _headings(text, bounds, decided)
    result: list[Line] = []
    said: set[str] = set()  # the words of the article so far
    for index, (number, start, end) in enumerate(bounds):
        if number in decided:
            kind, rule, reason = decided[number], "decided", "the notes say so"
        elif number not in headings:
            kind, rule, reason = "prose", "", ""
        else:
            below = _below(text, bounds, headings, index)
            kind, rule, reason = _heading(result, said, below, cut)
        if kind == "headline":
            said = set()
        said |= words(text[start:end])
        result.append(Line(number, start, end, kind, rule, reason))
    return result


def articles(found: list[Line]) -> list[list[Line]]:
    """The lines of each article: one begins at every headline, and at the first line."""
    result: list[list[Line]] = []
    for line in found:
        if not result or line.kind == "headline":
            result.append([])
        result[-1].append(line)
    return result


def document(text: str, found: list[Line], meta: Meta, lang: str = "en") -> Document:
    """The empty document of one article: its part of the text, with its segments.

    What the rules decided about its headings stands in its provenance.
    """
    first, last = found[0].start, found[-1].end
    segments: list[Segment] = []
    reasons: list[tuple[str, str, str]] = []
    # Paragraphs count from the first line of the article, empty lines not counted.
    for paragraph, line in enumerate(found, start=1):
        prose = text[line.start : line.end]
        pieces = sentences(prose, lang) if line.kind == "prose" else [(0, len(prose))]
        for start, end in pieces:
            kind = "sentence" if line.kind == "prose" else line.kind
            at = line.start - first
            segments.append(Segment(f"g{len(segments) + 1}", at + start, at + end, kind, paragraph))
        if line.reason:
            reasons.append((segments[-len(pieces)].id, line.rule, f"line {line.number}: {line.reason}"))
    provenance = [Provenance("v1", action="segmented", tool=f"goldwire new, {splitter()}")]
    provenance += [
        Provenance(f"v{n}", on, action="segmented", rule=rule, tool="goldwire new", note=reason)
        for n, (on, rule, reason) in enumerate(reasons, start=2)
    ]
    return Document(text[first:last], meta, segments=tuple(segments), provenance=tuple(provenance))


def words(text: str) -> set[str]:
    """The words of five letters and more, in lower case and without a possessive ending."""
    return {re.sub("[’']s$", "", w.lower()) for w in _WORD.findall(text)}


def shared(a: set[str], b: set[str]) -> float:
    """The share of the smaller set that the other one has, too; 0 where one is empty."""
    smaller = min(len(a), len(b))
    return len(a & b) / smaller if smaller else 0.0


def _bounds(text: str) -> list[tuple[int, int, int]]:
    """(number, start, end) of every line that holds something, without whitespace at its edges."""
    result = []
    at = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            start = at + len(line) - len(line.lstrip())
            result.append((number, start, at + len(line.rstrip())))
        at += len(line) + 1
    return result


def _headings(text: str, bounds: list[tuple[int, int, int]], decided: Mapping[int, str]) -> set[int]:
    """The numbers of the lines that look like headings, or are said to be."""
    result = {n for n, kind in decided.items() if kind != "prose"}
    run: list[int] = []
    for number, start, end in bounds:
        line = text[start:end]
        if number not in decided and len(line) <= LONGEST_HEADING and not _is_closed(line):
            run.append(number)
            continue
        # Headings stand above prose: what ends the text heads nothing.
        if len(run) <= MOST_HEADINGS:
            result.update(run)
        run = []
    return result


def _is_closed(line: str) -> bool:
    """Does the line end in punctuation, closing quotation marks and brackets aside?"""
    bare = line.rstrip("”»’\"')]}")
    return not bare or unicodedata.category(bare[-1])[0] == "P"


def _below(text: str, bounds: list[tuple[int, int, int]], headings: set[int], index: int) -> set[str]:
    """The words of the prose below a heading, up to the next one."""
    result: set[str] = set()
    for number, start, end in bounds[index + 1 :]:
        if number in headings:
            if result:
                break
            continue
        result |= words(text[start:end])
    return result


def _heading(before: list[Line], said: set[str], below: set[str], cut: bool) -> tuple[str, str, str]:
    """Headline or sub-headline: the kind, the rule, and the reason in words."""
    open_end = "no final punctuation"
    if not before:
        return "headline", "first-heading", f"{open_end}, and it is the first line"
    if all(line.kind != "prose" for line in before) or before[-1].kind != "prose":
        return "subhead", "first-heading", f"{open_end}, right below a heading"
    if not cut:
        return "subhead", "no-final-punctuation", f"{open_end}, inside the article"
    part = shared(said, below)
    common = ", ".join(sorted(said & below)[:5]) or "none"
    reason = (
        f"{open_end}; what follows shares {len(said & below)} of {min(len(said), len(below))} words "
        f"with the article above ({common})"
    )
    return ("subhead" if part >= SHARED else "headline"), "shared-words", reason
