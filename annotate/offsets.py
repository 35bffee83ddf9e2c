"""Offsets: from a file's unit to code points and back, proved against the text.

Units
    ``code points``   Python's, ours.
    ``utf-16``        UTF-16 code units: Java, JavaScript (UIMA, GATE, doccano, old Label Studio).
    ``graphemes``     what a reader takes for one character (doccano's other mode); CR LF is one.
    ``crlf as one``   code points after a reader that turned CR LF into LF.
    ``utf-16, crlf as one``   both.

A foreign offset is never believed: ``prove`` looks at the surface text that
the file stores with its spans, tries the declared unit and then the others,
and stops with the line, the span, what it should say and what it says where
none fits all spans of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from goldwire.annotate.problems import Problem, ProblemError, missing, visible

UNITS = ("code points", "utf-16", "crlf as one", "utf-16, crlf as one", "graphemes")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Claim(NamedTuple):
    """A span as a file states it; ``says`` is the surface stored beside it, None where there is none.

    ``more`` holds further pieces of a discontinuous span; ``says`` joins them by a space, or by nothing.
    """

    start: int
    end: int
    says: str | None = None
    line: int = 0
    name: str = "span"
    more: tuple[tuple[int, int], ...] = ()


@lru_cache(maxsize=4)
def edges(text: str, unit: str) -> Sequence[int]:
    """Code point offset of each edge between units, the end of the text included.

    ``edges(text, unit)[i]`` is the code point offset of foreign offset ``i``; an
    edge inside a character (between two surrogates) is -1.

    >>> list(edges("a😀b", "utf-16"))
    [0, 1, -1, 2, 3]
    >>> list(edges("x\\r\\ny", "crlf as one"))
    [0, 1, 3, 4]
    """
    plain = unit == "code points"
    plain = plain or (unit == "utf-16" and (not text or max(text) <= "\uffff"))
    plain = plain or (unit == "crlf as one" and "\r\n" not in text)
    plain = plain or (unit == "graphemes" and text.isascii() and "\r\n" not in text)
    if plain:
        return range(len(text) + 1)
    if unit == "graphemes":
        return [0, *accumulate(map(len, _graphemes(text)))]
    found: list[int] = []
    wide = unit.startswith("utf-16")
    one = unit.endswith("crlf as one")
    for i, character in enumerate(text):
        if one and character == "\n" and i and text[i - 1] == "\r":
            continue
        found.append(i)
        if wide and character > "\uffff":
            found.append(-1)
    found.append(len(text))
    return found


@lru_cache(maxsize=4)
def positions(text: str, unit: str) -> Sequence[int]:
    """Foreign offset of each code point edge: the inverse of ``edges``.

    A code point inside a unit (LF after CR, a combining mark among graphemes) has
    the offset of that unit, so that nothing can be said about its middle;
    ``whole`` tells where that happens.

    >>> list(positions("a😀b", "utf-16"))
    [0, 1, 3, 4]
    """
    found = edges(text, unit)
    if isinstance(found, range):
        return found
    result = [0] * (len(text) + 1)
    last = 0
    for i, edge in enumerate(found):
        if edge >= 0:
            for middle in range(last + 1, edge):
                result[middle] = result[last]
            result[edge] = i
            last = edge
    return result


def whole(text: str, unit: str, start: int, end: int) -> bool:
    """Whether a code point span begins and ends at edges of the unit.

    >>> whole("e\\u0301a", "graphemes", 0, 1), whole("e\\u0301a", "graphemes", 0, 2)
    (False, True)
    """
    found = edges(text, unit)
    if isinstance(found, range):
        return 0 <= start <= end <= len(text)
    table = positions(text, unit)
    inside = 0 <= start <= end < len(table)
    return inside and found[table[start]] == start and found[table[end]] == end


def prove(
    text: str,
    claims: Iterable[Claim],
    *,
    unit: str = "code points",
    others: Sequence[str] = UNITS,
    where: str = "",
    inclusive: bool = False,
    same: Callable[[str, str], bool] = str.__eq__,
) -> tuple[str, list[tuple[int, int]]]:
    """The unit that all claims fit, and the claims' (start, end) in code points.

    ``unit`` is tried first, then ``others`` in their order; without any stored
    surface only ``unit`` is tried. ``same(stored, slice)`` compares surfaces. Raises
    ProblemError for the first claim that does not fit, in the unit that fits most.

    >>> prove("😀 Ada left", [Claim(3, 6, "Ada")], unit="code points")
    ('utf-16', [(2, 5)])
    >>> prove("Ada left", [Claim(1, 3, "Ad", 3)], where="a.ann")
    Traceback (most recent call last):
    goldwire.annotate.problems.ProblemError: a.ann:3: span-text: span 1–3 should say «Ad», the text says «da»
    """
    stated = [c._replace(end=c.end + 1) if inclusive else c for c in claims]
    witnessed = any(c.says is not None for c in stated)
    best: tuple[int, list[Claim], str] | None = None
    for candidate in dict.fromkeys((unit, *others) if witnessed else (unit,)):
        table = edges(text, candidate)
        wrong = [c for c in stated if not _fits(text, table, c, same)]
        if not wrong:
            return candidate, [(table[c.start], table[c.end]) for c in stated]
        if best is None or len(wrong) < best[0]:
            best = len(wrong), wrong, candidate
    assert best is not None
    raise ProblemError(_misfit(text, best[1][0], best[2], where))


def likely(text: str, claims: Sequence[Claim], units: Sequence[str]) -> str:
    """The unit to take where no surface is stored: the first, unless only another fits words.

    A unit fits where every claim begins and ends at the edge of a word, and cuts no grapheme cluster.

    >>> likely("😀 Ada left", [Claim(2, 5)], ("utf-16", "code points"))
    'code points'
    """
    if len(edges(text, units[0])) == len(text) + 1 and "\r\n" not in text:
        return units[0]
    clusters = set(edges(text, "graphemes"))
    for unit in units:
        table = edges(text, unit)
        if all(_at_words(text, table, clusters, claim) for claim in claims):
            return unit
    return units[0]


def _at_words(text: str, table: Sequence[int], clusters: set[int], claim: Claim) -> bool:
    said = _slice(text, table, claim.start, claim.end)
    if said is None or not said or said != said.strip():
        return False
    start, end = table[claim.start], table[claim.end]
    if start not in clusters or end not in clusters:
        return False
    left = start == 0 or not (text[start - 1].isalnum() and text[start].isalnum())
    return left and (end == len(text) or not (text[end - 1].isalnum() and text[end].isalnum()))


def foreign(
    text: str, spans: Sequence[tuple[int, int]], unit: str, *, inclusive: bool = False
) -> list[tuple[int, int]]:
    """Code point spans in another unit, for writing.

    >>> foreign("a😀b", [(1, 2), (2, 3)], "utf-16")
    [(1, 3), (3, 4)]
    """
    table = positions(text, unit)
    less = 1 if inclusive else 0
    return [(table[start], table[end] - less) for start, end in spans]


def sound(text: str, where: str, line: int = 0) -> str:
    """The text itself; raises ProblemError where it holds half a surrogate pair, which is no character."""
    if found := _SURROGATE.search(text):
        message = f"character {found.start()} is half of a surrogate pair (U+{ord(found[0]):04X})"
        raise ProblemError(Problem(where, line, "lone-surrogate", message))
    return text


def _fits(text: str, table: Sequence[int], claim: Claim, same: Callable[[str, str], bool]) -> bool:
    pieces = [_slice(text, table, start, end) for start, end in ((claim.start, claim.end), *claim.more)]
    if None in pieces:
        return False
    said = claim.says
    if said is None or said == pieces[0]:
        return said is None or not claim.more
    found = [p or "" for p in pieces]
    return same(said, " ".join(found)) or (len(found) > 1 and same(said, "".join(found)))


def _slice(text: str, table: Sequence[int], start: int, end: int) -> str | None:
    if not 0 <= start <= end < len(table) or table[start] < 0 or table[end] < 0:
        return None
    return text[table[start] : table[end]]


def _misfit(text: str, claim: Claim, unit: str, where: str) -> Problem:
    table = edges(text, unit)
    pieces = ((claim.start, claim.end), *claim.more)
    for start, end in pieces:
        place = f"{claim.name} {start}–{end}"
        if not 0 <= start <= end < len(table):
            size = f"the text has {len(table) - 1} {unit}"
            reason = "ends before it starts" if end < start else f"lies outside the text: {size}"
            return Problem(where, claim.line, "span-range", f"{place} {reason}")
        if table[start] < 0 or table[end] < 0:
            return Problem(where, claim.line, "span-range", f"{place} cuts a character in two ({unit})")
    place = f"{claim.name} {';'.join(f'{start}–{end}' for start, end in pieces)}"
    says = visible(" ".join(_slice(text, table, *piece) or "" for piece in pieces))
    should = visible(claim.says or "")
    return Problem(where, claim.line, "span-text", f"{place} should say {should}, the text says {says}")


def _graphemes(text: str) -> list[str]:
    try:
        import regex  # type: ignore[import-untyped]
    except ModuleNotFoundError as error:
        raise missing("formats", "regex") from error
    found: list[str] = regex.findall(r"\X", text)
    return found
