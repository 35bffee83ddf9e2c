"""Quantities: a numeral with its modifier, its range and its unit, wherever they stand.

Finds expressions and what they say; which noun they count, and who says them,
is for the components that know about actors, events and quotations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from goldwire.evaluate.baseline.lexicon import inverted, phrases, table
from goldwire.evaluate.baseline.lexicon import words as listed
from goldwire.evaluate.baseline.numerals import SCALES, Numeral, numeral
from goldwire.evaluate.baseline.words import Word

_LIST = "quantities"
_TIMES = {"times", "time", "fold"}


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


def quantities(words: Sequence[Word], taken: Sequence[tuple[int, int]] = ()) -> list[Quantity]:
    """Every quantity of a sentence in reading order; nothing that touches ``taken`` (start, end) offsets.

    >>> from goldwire.evaluate.baseline.words import split
    >>> q = quantities(split("More than 600 of the 12,000 to 15,000 inmates fled."))
    >>> [(x.mod, int(x.low), int(x.high or 0)) for x in q]
    [('more_than', 600, 0), ('between', 12000, 15000)]
    """
    found: list[Quantity] = []
    i = 0
    while i < len(words):
        made = list(_at(words, i, taken, found))
        found += made
        i = made[-1].end if made else i + 1
    return found


def _at(
    words: Sequence[Word], i: int, taken: Sequence[tuple[int, int]], earlier: Sequence[Quantity]
) -> Iterator[Quantity]:
    """The quantity (or the two of a trend) that begins at word i."""
    trend = _trend(words, i, taken, len(earlier))
    if trend:
        yield from trend
        return
    made = _vague(words, i) or _frequency(words, i) or _valued(words, i)
    if made and not _touches(words, made, taken):
        yield made


def _touches(words: Sequence[Word], q: Quantity, taken: Sequence[tuple[int, int]]) -> bool:
    start, end = words[q.first].start, words[q.end - 1].end
    return any(a < end and start < b for a, b in taken)


def _lower(words: Sequence[Word], j: int) -> str:
    return words[j].lower if 0 <= j < len(words) else ""


def _phrase(words: Sequence[Word], i: int, n: int) -> str:
    return " ".join(w.lower for w in words[i : i + n])


def _longest(words: Sequence[Word], i: int, key: str, most: int) -> tuple[int, str]:
    """(number of words, value) of the longest phrase of a table at word i; (0, "") if none."""
    known = inverted(_LIST, key)
    for n in range(min(most, len(words) - i), 0, -1):
        if value := known.get(_phrase(words, i, n)):
            return n, value
    return 0, ""


# -- expressions with a value ------------------------------------------------


def _valued(words: Sequence[Word], i: int, *, single: bool = False) -> Quantity | None:
    """A figure with what stands before and after it; a range too unless ``single``."""
    n, mod = _longest(words, i, "before", 5)
    j = i + n
    between = _lower(words, j) == "between"
    j += between
    sign = _currency_at(words, j)
    figure_at = j + sign[0]
    first = numeral(words, figure_at) if figure_at < len(words) else None
    if not first or not _is_quantity(words, figure_at, first, alone=not (n or sign[0])):
        return None
    second = None if single else _second(words, figure_at, first, between)
    if between and not second:
        return None
    end, low, high = first.end, first.value, None
    part = first.part
    if second:
        end, high = second.end, second.value
        low = _shared_scale(words, figure_at, first, second)
        part = part or second.part
    unit_end, unit = _unit(words, end)
    unit = sign[1] or unit
    after_n, after = _longest(words, max(end, unit_end), "after", 2)
    kind = "SHARE" if part or unit == "%" else "COUNT"
    last = max(end, unit_end) + after_n
    if not after_n:
        after_n, after = _longest(words, end, "after", 2)
        last = max(unit_end, end + after_n)
    made = Quantity(i, last, figure_at, end, kind, low, None, None, after or mod or "exact", unit)
    if unit == "%":
        low, high = low / 100, high / 100 if high is not None else None
    return _bounded(made, low, high)


def _bounded(q: Quantity, low: Fraction, high: Fraction | None) -> Quantity:
    """Value and bounds from the modifier: what is beyond an open bound is not included."""
    if high is not None:
        return q._replace(value=None, low=low, high=high, mod="between")
    match q.mod:
        case "more_than":
            return q._replace(value=low, low=low, open_low=True)
        case "at_least":
            return q._replace(value=low, low=low)
        case "less_than":
            return q._replace(value=low, high=low, open_high=True)
        case "at_most":
            return q._replace(value=low, high=low)
        case "approx":
            return q._replace(value=low)
    return q._replace(value=low, low=low, high=low)


def _currency_at(words: Sequence[Word], j: int) -> tuple[int, str]:
    """(words taken, ISO 4217 code) of a sign of currency before a figure."""
    known = table(_LIST)["currency"]
    sign, code = _lower(words, j), words[j].text if j < len(words) else ""
    if sign in known["signs"]:
        return 1, known["signs"][sign]
    if sign in known["countries"] and _lower(words, j + 1) == "$":
        return 2, known["countries"][sign]
    return (1, code) if code in phrases(known["codes"]) else (0, "")


def _unit(words: Sequence[Word], j: int) -> tuple[int, str]:
    """(end, unit) of the words of a unit after a figure; a hyphen before it may stand: "20-kilometre"."""
    k = j + (_lower(words, j) == "-" and j + 1 < len(words) and words[j].end == words[j + 1].start)
    n, unit = _longest(words, k, "units", 2)
    return (k + n, unit) if n else (j, "")


def _second(words: Sequence[Word], i: int, first: Numeral, between: bool) -> Numeral | None:
    """The other end of a range: "10 to 15", "10-15", "between 10 and 15", "two or three"."""
    j = first.end
    unit_end, unit = _unit(words, j)
    joiner = _lower(words, j)
    if unit and _lower(words, unit_end) in ("to", "-", "–", "and"):
        j, joiner = unit_end, _lower(words, unit_end)
    ok = joiner == "and" if between else joiner in ("to", "-", "–", "or")
    if not ok or j + 1 >= len(words):
        return None
    j += 1
    j += _currency_at(words, j)[0]
    second = numeral(words, j) if j < len(words) else None
    if not second or second.part != first.part:
        return None
    low = _shared_scale(words, i, first, second)
    close = low < second.value and (joiner != "or" or second.value - low <= max(low, Fraction(2)))
    return second if close else None


def _shared_scale(words: Sequence[Word], i: int, first: Numeral, second: Numeral) -> Fraction:
    """The lower end, multiplied where only the upper one names the scale: "2 to 3 million"."""
    last = words[second.end - 1].lower
    scale = SCALES.get(last, 12 if last == "dozen" else 0)
    own = any(w.lower in SCALES or w.lower == "dozen" for w in words[i : first.end])
    if scale and not own and first.value < second.value / scale * 1 and first.value < 1000:
        return first.value * scale
    return first.value


def _is_quantity(words: Sequence[Word], i: int, found: Numeral, *, alone: bool) -> bool:
    """Whether a numeral counts something: no part of a name, an age, a score, a pronoun "one"."""
    before, after = _lower(words, i - 1), _lower(words, found.end)
    word = words[i]
    if (
        i
        and before in ("-", "/", ":", "#", ".")
        and words[i - 1].end == word.start
        and word.text[0].isdecimal()
    ):
        return False
    if before == "." and _lower(words, i - 2) in ("no", "nos", "art", "sec"):
        return False
    tight = found.end < len(words) and words[found.end].start == words[found.end - 1].end
    if (
        tight
        and after in ("-", "–")
        and words[found.end + 1 :][:1]
        and words[found.end + 1].text[0].isdecimal()
    ):
        following = numeral(words, found.end + 1)
        if following and following.value <= found.value:
            return False  # a score, a telephone number, a decade
    if (
        alone
        and before in listed(_LIST, "namers")
        and (words[i - 1].text[0].isupper() or before in ("no", "number", "nos"))
    ):
        return False
    if tight and after in (":", "/"):
        return False
    if word.lower == "one" and found.end == i + 1:
        noun = after.isalpha() and after not in listed(_LIST, "after_one")
        return noun and before not in listed(_LIST, "before_one")
    return not (_is_age(words, found.end) or before == "aged" or after in ("st", "nd", "rd", "th"))


def _is_age(words: Sequence[Word], j: int) -> bool:
    """ "12-year-old", "12 years old", "12 years of age"."""
    tail = [w.lower for w in words[j : j + 5] if w.lower != "-"]
    return tail[:2] in (["year", "old"], ["years", "old"], ["month", "old"]) or tail[:3] == [
        "years",
        "of",
        "age",
    ]


# -- the others --------------------------------------------------------------


def _vague(words: Sequence[Word], i: int) -> Quantity | None:
    """ "dozens", "hundreds of thousands", "several", "a few hundred", "most of the"."""
    for phrase in phrases(table(_LIST)["mostly"]):
        n = phrase.count(" ") + 1
        if _phrase(words, i, n) == phrase:
            half = Fraction(1, 2)
            q = Quantity(i, i + n - 1, i, i + n - 1, "SHARE", None, half, None, "more_than")
            return q._replace(open_low=True)
    n, mod = _longest(words, i, "before", 5)
    j = i + n if n and mod else i
    j += _lower(words, j) == "many" and _lower(words, j + 1) in listed(_LIST, "crowds")
    if _lower(words, j) in listed(_LIST, "crowds"):
        k = j + 1
        while _lower(words, k) == "of" and _lower(words, k + 1) in listed(_LIST, "crowds"):
            k += 2
        if _lower(words, j) in ("tens", "scores") and k == j + 1 and _lower(words, k) != "of":
            return None
        return Quantity(i, k, i, k, mod="vague")
    n = next((n for n in range(4, 0, -1) if _phrase(words, i, n) in listed(_LIST, "vague")), 0)
    n = min(n, len(words) - i)
    if not n:
        return None
    k = i + n
    if _lower(words, k) in SCALES or _lower(words, k) == "dozen":
        k += 1
    elif _lower(words, i) == "many" and _lower(words, i - 1) in ("how", "as", "so", "too"):
        return None
    elif _lower(words, k - 1) == "of":
        k -= 1
    return Quantity(i, k, i, k, mod="vague")


def _frequency(words: Sequence[Word], i: int) -> Quantity | None:
    """ "twice", "three times", "five times a day", "once a week"."""
    n, mod = _longest(words, i, "before", 5)
    j = i + n
    word = _lower(words, j)
    per = _lower(words, j + 1) in ("a", "an", "every", "per", "each")
    if word in ("twice", "thrice") or (word == "once" and per):
        value = Fraction({"once": 1, "twice": 2, "thrice": 3}[word])
        return _bounded(Quantity(i, j + 1, j, j + 1, "FREQUENCY", mod=mod or "exact"), value, None)
    found = numeral(words, j) if j < len(words) else None
    if found and not found.part and found.end < len(words) and _lower(words, found.end) in _TIMES:
        made = Quantity(i, found.end + 1, j, found.end, "FREQUENCY", mod=mod or "exact")
        return _bounded(made, found.value, None)
    return None


def _trend(
    words: Sequence[Word], i: int, taken: Sequence[tuple[int, int]], index: int
) -> tuple[Quantity, Quantity] | None:
    """ "rose from 160 to 270 thousand": two quantities, the second with a trend from the first."""
    if _lower(words, i) != "from" or not listed(_LIST, "rises") & {w.lower for w in words[max(0, i - 8) : i]}:
        return None
    first = _valued(words, i + 1, single=True)
    if not first or _lower(words, first.end) != "to":
        return None
    second = _valued(words, first.end + 1, single=True)
    if not second or _touches(words, first, taken) or _touches(words, second, taken):
        return None
    a = Numeral(first.head_end, first.value or Fraction(0))
    b = Numeral(second.head_end, second.value or Fraction(0))
    scaled = _shared_scale(words, first.head, a, b)
    if scaled != first.value:
        first = _bounded(first, scaled, None)
    if second.unit and not first.unit:
        first = first._replace(unit=second.unit, kind=second.kind)
        if second.unit == "%" and first.value is not None:
            first = _bounded(first, first.value / 100, None)
    return first, second._replace(trend_from=index)
