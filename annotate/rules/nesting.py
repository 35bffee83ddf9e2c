"""Which quotations hold a stretch of text, from the outside to the inside."""

from __future__ import annotations

from typing import NamedTuple

from goldwire.annotate.document import Document, Mention, Quotation

Pieces = tuple[tuple[int, int], ...]


def content(quotation: Quotation) -> Pieces:
    """The pieces of a quotation's content, in reading order."""
    return tuple(sorted(piece for mention in quotation.content for piece in mention.pieces))


def holds(outer: Pieces, inner: Pieces) -> bool:
    """Does every inner piece lie in an outer one?"""
    return all(any(a <= start and end <= b for a, b in outer) for start, end in inner)


def overlaps(first: Pieces, second: Pieces) -> bool:
    """Do they share a character?"""
    return any(a < end and start < b for a, b in first for start, end in second)


def size(pieces: Pieces) -> int:
    """The number of characters."""
    return sum(end - start for start, end in pieces)


class Held(NamedTuple):
    """A quotation with what is asked of it again and again."""

    start: int
    end: int
    content: Pieces
    cue: Pieces
    quotation: Quotation


def held(document: Document) -> list[Held]:
    """The quotations that have content, the longest first; of a chain, the nearest to the author first."""
    found = []
    for q in document.quotations:
        if pieces := content(q):
            cue = tuple(piece for mention in q.cue for piece in mention.pieces)
            found.append(Held(pieces[0][0], max(end for _, end in pieces), pieces, cue, q))
    return sorted(found, key=lambda h: (-size(h.content), len(h.quotation.via)))


def around(quotations: list[Held], mention: Mention) -> list[Quotation]:
    """The quotations whose content holds the mention, the outermost first.

    A word that is itself (part of) a quotation's cue is outside its content.
    """
    start, end = mention.bounds
    return [
        h.quotation
        for h in quotations
        if h.start <= start
        and end <= h.end
        and holds(h.content, mention.pieces)
        and not overlaps(h.cue, mention.pieces)
    ]


def innermost(holders: list[Quotation]) -> list[Quotation]:
    """The last of the holders, or those that are last together: speakers of one cue."""
    if not holders:
        return []
    last = holders[-1]
    return [q for q in holders if content(q) == content(last) and len(q.via) == len(last.via)]
