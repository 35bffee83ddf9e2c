"""Words with their places: the one tokenisation that all rules of the baseline read.

It is finer than spaCy's, which keeps "15-year" together and cuts "10-15" only
sometimes: a hyphen, a sign and a clitic are words of their own here, and a
numeral never holds letters.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_WORD = re.compile(
    r"""
    (?:[^\W\d_]\.){2,}                                   # U.S., U.N., a.m.
  | [A-Z]{1,4}[0-9]+\b                                   # G20, M23: a name, not a numeral
  | [0-9]{1,3}(?:[,\u00a0\u202f\u2009][0-9]{3})+(?![0-9])(?:\.[0-9]+)?   # 1,250.5
  | [0-9]+(?:\.[0-9]+)?(?![0-9])
  | ['’]s\b                                              # the clitic stands alone
  | [^\W\d_]+(?:['’](?!s\b)[^\W\d_]+)*                   # didn't, O'Brien
  | \S
    """,
    re.VERBOSE,
)


class Word(NamedTuple):
    """A word, a numeral or a sign, and where it stands (code points)."""

    text: str
    start: int
    end: int
    lower: str  # with a straight apostrophe


def split(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """The words of a stretch of text, with offsets into the whole text.

    >>> [w.text for w in split("Some 10-15 of Oslo's 2.5m homes")]
    ['Some', '10', '-', '15', 'of', 'Oslo', "'s", '2.5', 'm', 'homes']
    """
    stop = len(text) if end is None else end
    return [
        Word(m.group(), m.start(), m.end(), m.group().lower().replace("’", "'"))
        for m in _WORD.finditer(text, start, stop)
    ]
