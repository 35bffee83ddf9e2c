"""What the grammar of quantities rests on: what it finds, and how it reads words."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from goldwire.evaluate.baseline.lexicon import inverted
from goldwire.evaluate.baseline.words import Word


class Quantity(NamedTuple):
    """words[first:end] is the expression, words[head:head_end] the bare numeral.

    ``trend_from`` is the index of an earlier quantity in the same list, -1 if none.
    """

    first: int
    end: int
    head: int
    head_end: int
    kind: str = "COUNT"
    value: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    mod: str = "exact"
    unit: str = ""
    open_low: bool = False
    open_high: bool = False
    trend_from: int = -1


def lower(words: Sequence[Word], j: int) -> str:
    """Word j in lower case, "" beyond the ends."""
    return words[j].lower if 0 <= j < len(words) else ""


def phrase(words: Sequence[Word], i: int, n: int) -> str:
    """The n words from i on, in lower case, with one space between."""
    return " ".join(w.lower for w in words[i : i + n])


def longest(words: Sequence[Word], i: int, key: str, most: int) -> tuple[int, str]:
    """(number of words, value) of the longest phrase of a table at word i; (0, "") if none."""
    known = inverted("quantities", key)
    for n in range(min(most, len(words) - i), 0, -1):
        if value := known.get(phrase(words, i, n)):
            return n, value
    return 0, ""
