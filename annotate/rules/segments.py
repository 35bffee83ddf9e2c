"""Segments: they cover the text without overlap, and mentions stay inside them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from goldwire.annotate.document import Document, Quotation, objects
from goldwire.annotate.problems import visible
from goldwire.annotate.rules.context import Context, Finding
from goldwire.annotate.rules.offsets import every


def segment_edges(document: Document, context: Context) -> Iterator[Finding]:
    for segment in document.segments:
        piece = document.text[segment.start : segment.end]
        if piece != piece.strip():
            yield segment, f"{visible(piece)} has space at its edge; goldwire fmt trims it"


def segment_overlap(document: Document, context: Context) -> Iterator[Finding]:
    order = sorted(document.segments, key=lambda s: (s.start, s.end))
    for before, after in itertools.pairwise(order):
        if after.start < before.end:
            common = document.text[after.start : min(before.end, after.end)]
            yield after, f"overlaps {before.id} at {after.start}: {visible(common)}"


def segment_gap(document: Document, context: Context) -> Iterator[Finding]:
    if not document.segments and "segments" not in context.finished:
        return
    size = len(document.text)
    if any(not 0 <= s.start < s.end <= size for s in document.segments):
        return  # that is the problem, and the gap its consequence
    at = 0
    ends = [(s.start, s.end) for s in sorted(document.segments, key=lambda s: s.start)]
    for start, end in [*ends, (len(document.text), 0)]:
        piece = document.text[at:start]
        if piece.strip():
            yield (
                None,
                f"{visible(piece.strip())} at {at + len(piece) - len(piece.lstrip())} lies in no segment",
            )
        at = max(at, end)


def inside_segment(document: Document, context: Context) -> Iterator[Finding]:
    for kind, item in objects(document):
        if kind in ("span", "segment"):
            continue
        whole = [m.pieces for m in item.content] if isinstance(item, Quotation) else []
        for mention in every(item):
            found = [context.segment(start) for start, _ in mention.pieces]
            inside = all(s and end <= s[1] for s, (_, end) in zip(found, mention.pieces, strict=True))
            one = mention.pieces in whole or len(set(found)) == 1
            if not inside or not one:
                text = document.text[mention.bounds[0] : mention.bounds[1]]
                yield item, f"{visible(text)} is not within one segment"
