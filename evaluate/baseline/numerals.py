"""Numerals: the value that a run of words or digits denotes.

Pure grammar of English cardinals and fractions, without modifiers, units or
context. Values are exact: a ``Fraction`` until somebody writes it down.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from goldwire.evaluate.baseline.words import Word

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
)
ONES = {w: n for n, w in enumerate((_ONES + " seventeen eighteen nineteen").split())}
TENS = {w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
SCALES = {
    **{"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12},
    **{"lakh": 10**5, "crore": 10**7},
}
# Short for a scale only right after digits: "2.5m" is a number here, a measure of length to a unit's reader.
SUFFIXES = {"k": 10**3, "m": 10**6, "mn": 10**6, "mln": 10**6, "bn": 10**9, "b": 10**9, "tn": 10**12}
PARTS = {
    **{"half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7},
    **{"eighth": 8, "ninth": 9, "tenth": 10, "twentieth": 20, "hundredth": 100, "thousandth": 1000},
}
PARTS |= {f"{w}s": n for w, n in PARTS.items() if not w.startswith("hal")}
_ARTICLES = ("a", "an")


class Numeral(NamedTuple):
    """words[first:end] denote ``value``; ``part`` says that it is a share of something."""

    end: int
    value: Fraction
    part: bool = False


def numeral(words: Sequence[Word], i: int) -> Numeral | None:
    """The longest numeral that begins at word ``i``, or None.

    >>> from goldwire.evaluate.baseline.words import split
    >>> numeral(split("a quarter of a million"), 0)
    Numeral(end=5, value=Fraction(250000, 1), part=False)
    >>> numeral(split("two-thirds of them"), 0)
    Numeral(end=3, value=Fraction(2, 3), part=True)
    """
    return part_of_scale(words, i) or ratio(words, i) or part(words, i) or cardinal(words, i)


def cardinal(words: Sequence[Word], i: int) -> Numeral | None:
    """A whole or decimal number: digits, words, or digits with a scale."""
    total, current = Fraction(0), Fraction(0)
    j, last, lowest = i, "", Fraction(10) ** 15
    while j < len(words):
        word, step = words[j], 1
        lower = word.lower
        if lower in ("-", "and") and last and _goes_on(words, j, last, current):
            j += 1
            continue
        kind, n = _classify(words, j)
        if kind == "scale" and n < 1000 and last in ("", "tens") and current == 0 and j == i:
            break  # a bare "hundred" is no numeral
        if kind == "article" and j == i and _scale_at(words, j + 1):
            current = Fraction(1)
        elif kind == "digits" and j == i:
            current = n
        elif kind in ("ones", "tens") and (
            last in ("", "hundred", "scale") or (last == "tens" and 1 <= n <= 9)
        ):
            current += n
        elif (
            kind == "scale"
            and n == 100
            and last in ("ones", "digits", "tens", "article")
            and 0 < current < 100
        ):
            current *= 100
            kind = "hundred"
        elif kind == "scale" and n >= 1000 and last and current and n < lowest:
            total, current, lowest = total + current * n, Fraction(0), n
        elif kind == "dozen" and last in ("ones", "tens", "article", "digits") and not total:
            return Numeral(j + 1, current * 12)
        else:
            break
        j, last = j + step, kind
        if (tail := _and_a_half(words, j)) and last in ("ones", "tens", "scale", "digits"):
            if last == "scale":
                return Numeral(tail, total + lowest / 2)
            current += Fraction(1, 2)
            j = tail
    if not last or last == "article":
        return None
    return Numeral(j, total + current)


def _classify(words: Sequence[Word], j: int) -> tuple[str, Fraction]:
    lower = words[j].lower
    if lower[0].isdecimal() and lower.isascii():
        return "digits", Fraction(lower.replace(",", ""))
    if lower[0].isdecimal():
        return "digits", Fraction("".join(c for c in lower if c.isdecimal() or c == "."))
    if lower in ONES:
        return "ones", Fraction(ONES[lower])
    if lower in TENS:
        return "tens", Fraction(TENS[lower])
    if (scale := _scale_at(words, j)) == 12:
        return "dozen", Fraction(12)
    if scale:
        return "scale", Fraction(scale)
    return ("article" if lower in _ARTICLES else ""), Fraction(0)


def _scale_at(words: Sequence[Word], j: int) -> int:
    """The scale that word j names, 12 for a dozen, 0 for none; a suffix must touch digits."""
    if not 0 <= j < len(words):
        return 0
    lower = words[j].lower
    if lower == "dozen":
        return 12
    touches = j > 0 and words[j - 1].end == words[j].start and words[j - 1].text[-1].isdecimal()
    return SCALES.get(lower, 0) or (SUFFIXES.get(lower, 0) if touches else 0)


def _goes_on(words: Sequence[Word], j: int, last: str, current: Fraction) -> bool:
    """Whether a hyphen or "and" inside a numeral is followed by more of it."""
    if j + 1 >= len(words):
        return False
    kind, n = _classify(words, j + 1)
    if words[j].lower == "-":
        tight = words[j].start == words[j - 1].end and words[j].end == words[j + 1].start
        after_tens = last == "tens" and kind == "ones" and n < 10
        return tight and (after_tens or (kind in ("scale", "dozen") and last not in ("scale",)))
    return last in ("hundred", "scale") and kind in ("ones", "tens") and not _scale_after(words, j + 1)


def _scale_after(words: Sequence[Word], j: int) -> bool:
    """Whether a numeral with a scale of its own begins at j: "two million and three thousand" is two."""
    return _scale_at(words, j + 1) >= 1000


def _and_a_half(words: Sequence[Word], j: int) -> int:
    """The end of "and a half" at j, or 0."""
    return j + 3 if [w.lower for w in words[j : j + 3]] == ["and", "a", "half"] else 0


def _lower(words: Sequence[Word], j: int) -> str:
    return words[j].lower if 0 <= j < len(words) else ""


def _part_words(words: Sequence[Word], i: int) -> tuple[int, Fraction] | None:
    """A fraction's own words, ("a" | n) [-] (third | quarters | half …), where they begin at i."""
    j, count = i, Fraction(1)
    if _lower(words, j) in _ARTICLES or _lower(words, j) in ONES or _lower(words, j).isdecimal():
        lower = _lower(words, j)
        count = Fraction(1 if lower in _ARTICLES else ONES[lower] if lower in ONES else int(lower))
        j += 1
        if _lower(words, j) == "-":
            j += 1
        elif (
            _lower(words, j) == "/"
            and _lower(words, j + 1).isdecimal()
            and words[j].start == words[j - 1].end
        ):
            below = int(_lower(words, j + 1))
            return (j + 2, count / below) if count < below <= 100 else None
    if (n := PARTS.get(_lower(words, j), 0)) and count:
        return j + 1, count / n
    return None


def part_of_scale(words: Sequence[Word], i: int) -> Numeral | None:
    """A fraction of a round number: "half a million", "three quarters of a billion", "half a dozen"."""
    found = _part_words(words, i)
    if not found:
        return None
    j, value = found
    half = _lower(words, j - 1) == "half"
    for skip in ("-", "of", "a", "-") if half else ("of", "a"):
        if _lower(words, j) == skip:
            j += 1
        elif not half:
            return None
    scale = _scale_at(words, j)
    # "half the hundred" and "a tenth of hundreds" are no numerals; a bare "third million" is an ordinal.
    return Numeral(j + 1, value * scale) if scale else None


def ratio(words: Sequence[Word], i: int) -> Numeral | None:
    """A share said as a ratio: "one in five", "three out of every four", "9 in 10"."""
    top = cardinal(words, i)
    if not top or top.end >= len(words):
        return None
    j = top.end
    if _lower(words, j) == "out" and _lower(words, j + 1) == "of":
        j += 2
    elif _lower(words, j) == "in":
        j += 1
    else:
        return None
    j += _lower(words, j) == "every"
    bottom = cardinal(words, j) if j < len(words) and _lower(words, j) not in _ARTICLES else None
    if not bottom or not top.value < bottom.value or bottom.value > 100 or bottom.value < 2:
        return None
    return Numeral(bottom.end, top.value / bottom.value, part=True)


def part(words: Sequence[Word], i: int) -> Numeral | None:
    """A fraction of something: "two-thirds", "a quarter of", "half of the", "one-fifth"."""
    found = _part_words(words, i)
    if not found:
        return None
    j, value = found
    after, name = _lower(words, j), _lower(words, j - 1)
    hyphen = j - i == 3  # or a slash
    several = name.endswith("s") and j - i >= 2
    if name == "half":
        follows = after in (
            "of",
            "the",
            "a",
            "an",
            "its",
            "their",
            "his",
            "her",
            "our",
            "all",
            "that",
            "those",
        )
        return Numeral(j, value, part=True) if follows or hyphen else None
    # "a third man" and "the fourth" are ordinals; "a third of" and "two thirds" are shares.
    alone = j - i == 1
    return Numeral(j, value, part=True) if (not alone and (after == "of" or hyphen or several)) else None


def written(value: Fraction, places: int = 6) -> str:
    """A value as a plain decimal string: no exponent, no zeros at the end, at most ``places`` decimals.

    >>> written(Fraction(5, 2)), written(Fraction(10**6)), written(Fraction(2, 3))
    ('2.5', '1000000', '0.666667')
    """
    if value.denominator == 1:
        return str(value.numerator)
    scaled = round(value * 10**places)
    digits = f"{abs(scaled):0{places + 1}d}"
    sign = "-" if scaled < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")
