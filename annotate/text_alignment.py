"""Where a place of one text is in another: for corrected texts and for texts of other tools.

Words are aligned first, then the characters of words that changed, so that long
texts stay cheap and a changed word still keeps the letters that it kept.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple


class Block(NamedTuple):
    """A stretch of the old text and the stretch of the new one that stands for it."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int
    same: bool


class Alignment:
    """Two texts side by side. Offsets are code points, half-open.

    >>> moved = Alignment("The old bridge fell.", "The very old bridges fell.")
    >>> moved.span(4, 14), moved.span(15, 19)
    ((9, 20), (21, 25))
    """

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self.blocks = [b for b in _blocks(old, new) if b.old_start < b.old_end]
        self._starts = [b.old_start for b in self.blocks]

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where a span went; None if an edge of it was rewritten or less than half of it is left.

        An edge that stood between words does not cut a word that has grown.
        """
        first, last = self._edge(start, left=True), self._edge(end, left=False)
        if first is None or last is None or first >= last or not self._kept(start, end):
            return None
        if not _inside_word(self.old, start):
            while _inside_word(self.new, first):
                first -= 1
        if not _inside_word(self.old, end):
            while _inside_word(self.new, last):
                last += 1
        return first, last

    def _kept(self, start: int, end: int) -> bool:
        """Is half of the span or more still there?"""
        same = (min(end, b.old_end) - max(start, b.old_start) for b in self.blocks if b.same)
        return 2 * sum(n for n in same if n > 0) >= end - start

    def _edge(self, at: int, *, left: bool) -> int | None:
        if not self.blocks:
            return None
        # An edge belongs to a character: a left edge to the one after it, a right edge to the one before.
        block = self.blocks[bisect_right(self._starts, at if left else at - 1) - 1]
        if block.same:
            return block.new_start + at - block.old_start
        if block.new_start == block.new_end:
            # Deleted: the edge moves to what is left of the span.
            return block.new_start
        outer = block.old_start if left else block.old_end
        return (block.new_start if left else block.new_end) if at == outer else None


def _inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _blocks(old: str, new: str) -> Iterator[Block]:
    ours, theirs = (re.findall(r"\w+|\W", text) for text in (old, new))
    at, to = 0, 0
    for tag, i, j, k, m in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        a, b = "".join(ours[i:j]), "".join(theirs[k:m])
        if tag == "replace":
            yield from _letters(a, b, at, to)
        else:
            yield Block(at, at + len(a), to, to + len(b), tag == "equal")
        at, to = at + len(a), to + len(b)


def _letters(a: str, b: str, at: int, to: int) -> Iterator[Block]:
    """Words that changed, letter by letter: a mark exchanged for another keeps its edge."""
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        pairs = min(j - i, m - k) if tag == "replace" else 0
        for n in range(pairs):
            yield Block(at + i + n, at + i + n + 1, to + k + n, to + k + n + 1, False)
        if i + pairs < j or k + pairs < m:
            yield Block(at + i + pairs, at + j, to + k + pairs, to + m, tag == "equal")
