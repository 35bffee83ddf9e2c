"""Texts made of tokens, and tokens made of texts: what all token formats share.

Rebuilding a text
    Tokens of a sentence are joined by one space, unless the format says that none
    follows; sentences by a line feed. The bounds of the tokens in that text are kept
    in the document's ``extra["tokens"]``, each sentence is a segment.
Cutting a text
    The tokens kept are used again. A document without any is cut into words and
    signs (``words``) or by spaCy (``spacy``), and moreover wherever an annotation
    begins or ends, so that each stands on whole tokens.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from goldwire.annotate.document import Document, Segment, mentions, objects
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.annotate.tokens import spacy_tokens, words

Bounds = tuple[int, int]
KEY = "tokens"


class Token(NamedTuple):
    """A token as a format gives it; ``space`` tells whether a space follows."""

    text: str
    space: bool = True


class Built(NamedTuple):
    """A text made of tokens: their bounds, all in one list, and its sentences as segments."""

    text: str
    tokens: list[Bounds]
    segments: tuple[Segment, ...]

    @property
    def extra(self) -> dict[str, Any]:
        return {KEY: [list(t) for t in self.tokens]}


def built(sentences: Iterable[Sequence[Token]], glue: str = "\n") -> Built:
    """The text of tokenised sentences.

    >>> built([[Token("Go", False), Token(".")], [Token("Now"), Token("!")]])[:2]
    ('Go.\\nNow !', [(0, 2), (2, 3), (4, 7), (8, 9)])
    """
    pieces: list[str] = []
    tokens: list[Bounds] = []
    segments: list[Segment] = []
    at = 0
    for sentence in sentences:
        if not sentence:
            continue
        if segments:
            pieces.append(glue)
            at += len(glue)
        first = at
        for n, token in enumerate(sentence):
            tokens.append((at, at + len(token.text)))
            follows = " " if token.space and n + 1 < len(sentence) else ""
            pieces.append(token.text + follows)
            at = tokens[-1][1] + len(follows)
        segments.append(Segment(f"g{len(segments) + 1}", first, at))
    return Built("".join(pieces), tokens, tuple(segments))


def located(text: str, tokens: Sequence[str]) -> list[Bounds] | None:
    """Where tokens stand in a text that they are all of, but for white space; None where they are not.

    >>> located("Go.  Now!", ["Go", ".", "Now", "!"]), located("Go now", ["Go", "Now"])
    ([(0, 2), (2, 3), (5, 8), (8, 9)], None)
    """
    found: list[Bounds] = []
    at = 0
    for token in tokens:
        while at < len(text) and text[at].isspace() and not text.startswith(token, at):
            at += 1
        if not text.startswith(token, at):
            return None
        found.append((at, at + len(token)))
        at += len(token)
    return found if not text[at:].strip() else None


def tokens_of(document: Document, tokenizer: str = "") -> list[Bounds]:
    """The tokens of a document, in order: those it was read with, else those of ``tokenizer``.

    ``tokenizer`` is "words" (the default) or "spacy"; both are cut at the bounds of annotations.

    >>> from goldwire.annotate.document import Mention, Span
    >>> tokens_of(Document("U.S.-led", spans=(Span("s1", Mention("U.S", 0)),)))
    [(0, 3), (3, 4), (4, 5), (5, 8)]
    """
    kept = document.extra.get(KEY)
    if not tokenizer and kept and _sound(kept, len(document.text)):
        return [(start, end) for start, end in kept]
    if tokenizer not in ("", "words", "spacy"):
        message = f"tokenizer is 'words' or 'spacy', not {tokenizer!r}"
        raise ProblemError(Problem("goldwire", 0, "option", message))
    if tokenizer == "spacy":
        cut = [(a, b) for a, b in spacy_tokens(document.text) if document.text[a:b].strip()]
    else:
        cut = words(document.text)
    edges = {e for _, x in objects(document) for _, m in mentions(x) for piece in m.pieces for e in piece}
    edges |= {e for s in document.segments for e in (s.start, s.end)}
    inner = sorted(edges)
    found = []
    for start, end in cut:
        breaks = inner[bisect_right(inner, start) : bisect_left(inner, end)]
        found += list(pairwise([start, *breaks, end]))
    return found


def sentences_of(document: Document, tokens: Sequence[Bounds]) -> list[range]:
    """The sentences as ranges of tokens: the segments, else the lines of the text."""
    starts = {s.start for s in document.segments} | {s.end for s in document.segments}
    if not document.segments:
        starts = {m.end() for m in re.finditer("\n", document.text)}
    edges = sorted(starts)
    found: list[range] = []
    first = 0
    for n in range(1, len(tokens) + 1):
        apart = n == len(tokens) or bisect_right(edges, tokens[n][0]) > bisect_right(edges, tokens[n - 1][0])
        if apart:
            found.append(range(first, n))
            first = n
    return found


def covered(tokens: Sequence[Bounds], start: int, end: int, lost: Counter[str]) -> Bounds | None:
    """The tokens (first, last + 1) that a stretch of text touches; counts what had to be moved.

    >>> lost = Counter()
    >>> covered([(0, 3), (4, 8)], 0, 6, lost), lost
    ((0, 2), Counter({'span moved to whole tokens': 1}))
    """
    first = bisect_right(tokens, start, key=lambda t: t[1])
    last = bisect_left(tokens, end, key=lambda t: t[0])
    if first >= last:
        lost["span without a token"] += 1
        return None
    if (tokens[first][0], tokens[last - 1][1]) != (start, end):
        lost["span moved to whole tokens"] += 1
    return first, last


def _sound(kept: Any, length: int) -> bool:
    """Whether the tokens kept still fit the text: in order, apart, inside."""
    try:
        flat = [offset for start, end in kept for offset in (start, end)]
    except (TypeError, ValueError):
        return False
    whole = all(type(x) is int for x in flat)
    return whole and all(a <= b for a, b in pairwise([0, *flat, length]))
