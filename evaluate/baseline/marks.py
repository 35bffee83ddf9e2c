"""Quotation marks: which open, which close, and what stands between them."""

from __future__ import annotations

_PAIRS = {"“": "”", "«": "»", "„": "“", "‹": "›"}


def pairs(text: str) -> list[tuple[int, int]]:
    """(offset of the opening mark, offset behind the closing one) of every pair, in reading order.

    Straight marks open and close in turn; a mark left open at the end of a paragraph closes there
    unless the next paragraph opens with one. Apostrophes are never marks.

    >>> pairs('He said “no” and "yes".')
    [(8, 12), (17, 22)]
    """
    found: list[tuple[int, int]] = []
    start, closing = -1, ""
    for at, c in enumerate(text):
        if start >= 0:
            if c == closing:
                found.append((start, at + 1))
                start = -1
            elif c == "\n":
                start = -1  # never closed: an inch mark, or a slip
        elif c in _PAIRS:
            start, closing = at, _PAIRS[c]
        elif c == '"':
            start, closing = at, '"'
    return found
