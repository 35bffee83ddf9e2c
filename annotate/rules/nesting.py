"""Which quotations hold a stretch of text, from the outside to the inside."""

from __future__ import annotations

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


def around(document: Document, mention: Mention) -> list[Quotation]:
    """The quotations whose content holds the mention, the outermost first.

    A word that is itself (part of) a quotation's cue is outside its content.
    Of a chain, in which sources share one content, the one nearest to the author goes first.
    """
    found = [
        q
        for q in document.quotations
        if holds(content(q), mention.pieces)
        and not any(overlaps(cue.pieces, mention.pieces) for cue in q.cue)
    ]
    return sorted(found, key=lambda q: (-size(content(q)), len(q.via)))


def innermost(holders: list[Quotation]) -> list[Quotation]:
    """The last of the holders, or those that are last together: speakers of one cue."""
    if not holders:
        return []
    last = holders[-1]
    return [q for q in holders if content(q) == content(last) and len(q.via) == len(last.via)]
