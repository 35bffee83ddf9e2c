"""Texts without what tools and typists vary: white space, quotation marks, dashes, case, unseen characters.

Every folded character knows the stretch of the text that it stands for, so what is
found in the folded text can be said in offsets of the text itself.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_QUOTES = dict.fromkeys("“”„‟«»″〝〞＂", '"') | dict.fromkeys("‘’‚‛‹›′`´", "'")
_DASHES = dict.fromkeys("‐‑‒–—―−﹘－", "-")
_ALIKE = _QUOTES | _DASHES | {"⁄": "/"}
# Soft hyphen, zero-width characters, byte order mark, variation selectors, directional marks.
_UNSEEN = frozenset(
    "\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
)
# How treebanks write brackets and quotation marks.
_TREEBANK = {
    "-LRB-": "(",
    "-RRB-": ")",
    "-LSB-": "[",
    "-RSB-": "]",
    "-LCB-": "{",
    "-RCB-": "}",
    "``": '"',
    "''": '"',
}
_UNITS = re.compile("|".join(map(re.escape, _TREEBANK)) + r"|\s+|[-‐‑‒–—―−]{2,}|.", re.DOTALL)


class Folded(NamedTuple):
    """The folded text, and for each of its characters the (start, end) it stands for."""

    text: str
    places: list[tuple[int, int]]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the text that a stretch of the folded text stands for."""
        return self.places[start][0], self.places[end - 1][1]


def fold(text: str, *, spaces: bool = True) -> Folded:
    """Fold a text; without ``spaces`` white space is left out altogether.

    >>> folded = fold("The “U.\\u00ad N.”  said —")
    >>> folded.text, folded.span(4, 10)
    ('the "u. n." said -', (4, 11))
    >>> fold("-LRB- Ｕ N )", spaces=False).text
    '(un)'
    """
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    for unit in _UNITS.finditer(text):
        said = _folded(unit[0], spaces)
        pieces.append(said)
        places += [unit.span()] * len(said)
    return Folded("".join(pieces), places)


def _folded(unit: str, spaces: bool) -> str:
    if unit in _TREEBANK:
        return _TREEBANK[unit]
    if unit.isspace():
        return " " if spaces else ""
    if unit[0] in _DASHES or unit.startswith("--"):
        return "-"
    if unit in _UNSEEN:
        return ""
    return unicodedata.normalize("NFKD", _ALIKE.get(unit, unit)).casefold()
