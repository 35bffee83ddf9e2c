"""Quantities: a numeral with its modifier, its range and its unit, wherever they stand.

Finds expressions and what they say; which noun they count, and who says them,
is for the components that know about actors, events and quotations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache

from goldwire.evaluate.baseline.grammar import Quantity, longest, lower
from goldwire.evaluate.baseline.indefinite import indefinite
from goldwire.evaluate.baseline.lexicon import phrases, table
from goldwire.evaluate.baseline.lexicon import words as listed
from goldwire.evaluate.baseline.numerals import ONES, PARTS, SCALES, TENS, Numeral, numeral
from goldwire.evaluate.baseline.words import Word

_LIST = "quantities"
_PERIODS = {"day", "week", "month", "year", "hour", "minute", "night", "morning"}


def quantities(words: Sequence[Word], taken: Sequence[tuple[int, int]] = ()) -> list[Quantity]:
    """Every quantity of a sentence in reading order; nothing that touches ``taken`` (start, end) offsets.

    >>> from goldwire.evaluate.baseline.words import split
    >>> q = quantities(split("More than 600 of the 12,000 to 15,000 inmates fled."))
    >>> [(x.mod, int(x.low), int(x.high or 0)) for x in q]
    [('more_than', 600, 0), ('between', 12000, 15000)]
    """
    found: list[Quantity] = []
    i = 0
    begins = starters()
    while i < len(words):
        if words[i].lower not in begins and not words[i].lower[0].isdecimal():
            i += 1
            continue
        made = list(_at(words, i, taken, found))
        found += made
        i = made[-1].end if made else i + 1
    return found


@cache
def starters() -> frozenset[str]:
    """The words that a quantity may begin with, besides figures: the others need no second look."""
    known = table(_LIST)
    lists = [*known["before"].values(), known["vague"], known["mostly"], known["currency"]["codes"].lower()]
    firsts = {item.split()[0] for listing in lists for item in phrases(listing)}
    numerals = {*ONES, *TENS, *PARTS, *SCALES, "a", "an", "dozen"}
    others = {*known["crowds"], *known["currency"]["signs"], *known["currency"]["countries"]}
    return frozenset(firsts | numerals | others | set("between from many several once twice thrice".split()))


def _at(
    words: Sequence[Word], i: int, taken: Sequence[tuple[int, int]], earlier: Sequence[Quantity]
) -> Iterator[Quantity]:
    """The quantity (or the two of a trend) that begins at word i."""
    trend = _trend(words, i, taken, len(earlier))
    if trend:
        yield from trend
        return
    made = indefinite(words, i) or _frequency(words, i) or _valued(words, i)
    if made and not _touches(words, made, taken):
        yield made


def _touches(words: Sequence[Word], q: Quantity, taken: Sequence[tuple[int, int]]) -> bool:
    start, end = words[q.first].start, words[q.end - 1].end
    return any(a < end and start < b for a, b in taken)


# -- expressions with a value ------------------------------------------------


def _valued(words: Sequence[Word], i: int, *, single: bool = False) -> Quantity | None:
    """A figure with what stands before and after it; a range too unless ``single``."""
    n, mod = longest(words, i, "before", 5)
    j = i + n
    between = lower(words, j) == "between"
    outer = not single and not n and lower(words, j) == "from"  # "from 20 to 30" is a range unless a trend
    j += between or outer
    sign = _currency_at(words, j)
    figure_at = j + sign[0]
    first = numeral(words, figure_at) if figure_at < len(words) else None
    if not first or not _is_quantity(words, figure_at, first, alone=not (n or sign[0])):
        return None
    second = None if single else _second(words, figure_at, first, between)
    if (between or outer) and not second:
        return None
    end, low, high = first.end, first.value, None
    part = first.part
    if second:
        end, high = second.end, second.value
        low = _shared_scale(words, figure_at, first, second)
        part = part or second.part
    unit_end, unit = _unit(words, end)
    unit = sign[1] or unit
    after_n, after = longest(words, max(end, unit_end), "after", 2)
    kind = "SHARE" if part or unit == "%" else "COUNT"
    last = max(end, unit_end) + after_n
    if not after_n:
        after_n, after = longest(words, end, "after", 2)
        last = max(unit_end, end + after_n)
    bare = figure_at + (
        words[figure_at].lower in ("a", "an") and end - figure_at == 2
    )  # "a dozen": its head is "dozen"
    said = "" if unit == "%" else unit
    made = Quantity(i, last, bare, end, kind, low, None, None, after or mod or "exact", said)
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
    return q._replace(value=low)


def _currency_at(words: Sequence[Word], j: int) -> tuple[int, str]:
    """(words taken, ISO 4217 code) of a sign of currency before a figure."""
    known = table(_LIST)["currency"]
    sign, code = lower(words, j), words[j].text if j < len(words) else ""
    if sign in known["signs"]:
        return 1, known["signs"][sign]
    if sign in known["countries"] and lower(words, j + 1) == "$":
        return 2, known["countries"][sign]
    return (1, code) if code in phrases(known["codes"]) else (0, "")


def _unit(words: Sequence[Word], j: int) -> tuple[int, str]:
    """(end, unit) of the words of a unit after a figure; a hyphen before it may stand: "20-kilometre"."""
    k = j + (lower(words, j) == "-" and j + 1 < len(words) and words[j].end == words[j + 1].start)
    n, unit = longest(words, k, "units", 2)
    return (k + n, unit) if n else (j, "")


def _second(words: Sequence[Word], i: int, first: Numeral, between: bool) -> Numeral | None:
    """The other end of a range: "10 to 15", "10-15", "between 10 and 15", "two or three"."""
    j = first.end
    unit_end, unit = _unit(words, j)
    joiner = lower(words, j)
    if unit and lower(words, unit_end) in ("to", "-", "–", "and"):
        j, joiner = unit_end, lower(words, unit_end)
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
    before, after = lower(words, i - 1), lower(words, found.end)
    word = words[i]
    if (
        i
        and before in ("-", "/", ":", "#", ".")
        and words[i - 1].end == word.start
        and word.text[0].isdecimal()
    ):
        return False
    if before == "." and lower(words, i - 2) in ("no", "nos", "art", "sec"):
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


def _frequency(words: Sequence[Word], i: int) -> Quantity | None:
    """ "twice", "three times", "five times a day", "once a week"."""
    n, mod = longest(words, i, "before", 5)
    j = i + n
    word, at = lower(words, j), j + 1
    found = numeral(words, j) if j < len(words) else None
    if word in ("once", "twice", "thrice"):
        value = Fraction({"once": 1, "twice": 2, "thrice": 3}[word])
    elif found and not found.part and found.end < len(words) and lower(words, found.end) == "times":
        value, at = found.value, found.end + 1
    else:
        return None
    per = lower(words, at) in ("a", "an", "every", "per", "each") and lower(words, at + 1) in _PERIODS
    if (word == "once" and not per) or lower(words, at) in ("as", "the", "more", "higher", "larger", "over"):
        return None  # "once" is mostly "formerly"; "twice as many" compares
    head_end = at if at == j + 1 else at - 1
    made = Quantity(i, at + 2 * per, j, head_end, "FREQUENCY", mod=mod or "exact")
    return _bounded(made, value, None)


def _trend(
    words: Sequence[Word], i: int, taken: Sequence[tuple[int, int]], index: int
) -> tuple[Quantity, Quantity] | None:
    """ "rose from 160 to 270 thousand": two quantities, the second with a trend from the first."""
    if lower(words, i) != "from" or not listed(_LIST, "rises") & {w.lower for w in words[max(0, i - 8) : i]}:
        return None
    first = _valued(words, i + 1, single=True)
    if not first or lower(words, first.end) != "to":
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
        first = first._replace(unit=second.unit)
    if second.kind == "SHARE" and first.kind == "COUNT" and first.value is not None:
        first = _bounded(first._replace(kind="SHARE"), first.value / 100, None)  # "from 20 to 30 percent"
    return first, second._replace(trend_from=index)
