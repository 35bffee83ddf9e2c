"""Quantities without a figure: "most of", "tens of thousands", "a number of", "a couple of"."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from goldwire.evaluate.baseline.grammar import Quantity, longest, lower, phrase
from goldwire.evaluate.baseline.lexicon import phrases, table
from goldwire.evaluate.baseline.lexicon import words as listed
from goldwire.evaluate.baseline.nouns import is_plural
from goldwire.evaluate.baseline.words import Word

_LIST = "quantities"


def indefinite(words: Sequence[Word], i: int) -> Quantity | None:
    """A quantity without a figure: "dozens", "hundreds of thousands", "a number of", "most of"."""
    return _most(words, i) or _crowd(words, i) or _couple(words, i) or _numerous(words, i)


def _most(words: Sequence[Word], i: int) -> Quantity | None:
    n = next((n for n in (3, 2, 1) if phrase(words, i, n) in phrases(table(_LIST)["mostly"])), 0)
    after = lower(words, i + n)
    if not n or (
        n == 1 and (lower(words, i - 1) in ("the", "at") or not (after == "of" or is_plural(after)))
    ):
        return None
    half = Fraction(1, 2)
    return Quantity(i, i + n, i + n - 1, i + n, "SHARE", None, half, Fraction(1), "more_than", open_low=True)


def _crowd(words: Sequence[Word], i: int) -> Quantity | None:
    """ "hundreds", "tens of thousands", "many thousands": at least twice what the word says."""
    n, mod = longest(words, i, "before", 5)
    head = i + (n if mod else 0)
    head += lower(words, head) in ("many", "several") and lower(words, head + 1) in table(_LIST)["crowds"]
    known = table(_LIST)["crowds"]
    named = head > 0 and words[head].text[0].isupper()
    if lower(words, head) not in known or named:
        return None
    low, end = known[lower(words, head)], head + 1
    while lower(words, end) == "of" and (more := known.get(lower(words, end + 1))):
        low, end = str(int(low) * int(more) // 2) if low else "", end + 2
    if lower(words, head) in ("tens", "scores") and end == head + 1 and lower(words, end) != "of":
        return None
    return Quantity(i, end, head, end, low=Fraction(low) if low else None, mod="vague")


def _couple(words: Sequence[Word], i: int) -> Quantity | None:
    if phrase(words, i, 3) == "a couple of" and lower(words, i + 3) not in (
        "the",
        "them",
        "these",
        "hundred",
    ):
        return Quantity(i, i + 2, i + 1, i + 2, value=Fraction(2), mod="approx")
    return None


def _numerous(words: Sequence[Word], i: int) -> Quantity | None:
    n = next((n for n in (4, 3, 1) if phrase(words, i, n) in listed(_LIST, "vague")), 0)
    if not n:
        return None
    end = i + n - (n > 1)  # "of" is outside
    return Quantity(i, end, end - 1, end, mod="vague")
