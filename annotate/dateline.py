"""When a text was written, as far as it says so itself.

latest-date
    The document time is the latest day that the text names as past or present:
    it was written on that day or soon after. Days in a sentence that looks ahead
    before naming them ("will meet on May 3") do not count. Without a day that
    has a month, there is no document time. A year is never supplied: ``XXXX``
    stands where the text has none, and such days are compared within one year
    only if they lie no more than six months apart.

English month names; dates in digits are read in the order year, month, day only,
since 4/5 is two dates.
"""

from __future__ import annotations

import re
from calendar import month_abbr, month_name
from typing import NamedTuple

_MONTHS = {name.lower(): n for names in (month_name, month_abbr) for n, name in enumerate(names) if n}
_MONTHS["sept"] = 9
_MONTH = "|".join(sorted((re.escape(m) for m in _MONTHS), key=len, reverse=True))
_DAY = r"(?P<{0}>[0-3]?\d)(?:st|nd|rd|th)?(?!\d|[.,]\d)"
_RANGE = rf"{_DAY.format('day')}(?:\s?[-–—]\s?{_DAY.format('last')})?"
_YEAR = r"(?:,?\s(?P<year>(?:19|20)\d\d)\b)?"
_PATTERNS = (
    re.compile(rf"\b(?P<month>{_MONTH})\.?\s{_RANGE}{_YEAR}", re.IGNORECASE),
    re.compile(rf"\b{_RANGE}\s(?:of\s)?(?P<month>{_MONTH})\b\.?{_YEAR}", re.IGNORECASE),
    re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)\b(?P<last>)"),
)
_BEFORE = re.compile(r"(?:\bon\s)?(?:\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s)?$", re.IGNORECASE)
_AHEAD = re.compile(
    r"\b(will|shall|would|going to|plan(?:s|ned)? (?:to|for)|scheduled"
    r"|due (?:on|in|for|at)|next (?:week|month))"
    r"\b[^.;]*$",
    re.IGNORECASE,
)


class Day(NamedTuple):
    """A day that a text names; ``year`` 0 where it does not say."""

    year: int
    month: int
    day: int
    start: int
    surface: str
    ahead: bool
    alone: bool = True

    @property
    def value(self) -> str:
        """TIMEX3, with XXXX for a year that is not said."""
        return f"{self.year or 'XXXX'}-{self.month:02}-{self.day:02}"


def days(text: str, sentences: list[tuple[int, int]]) -> list[Day]:
    """The days that a text names, in reading order; of "July 4-5", the last. Code points.

    >>> [d.value for d in days("It fell on July 4-5 and on 6 May 2019.", [(0, 38)])]
    ['XXXX-07-05', '2019-05-06']
    """
    found = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            said = match.groupdict()
            month = said["month"]
            number = int(month) if month.isdecimal() else _MONTHS[month.lower()]
            day = int(said["last"] or said["day"])
            if not (1 <= number <= 12 and 1 <= day <= 31):
                continue
            begins = next((a for a, b in sentences if a <= match.start() < b), 0)
            ahead = bool(_AHEAD.search(text, begins, match.start()))
            year = int(said["year"] or 0)
            before = _BEFORE.search(text, begins, match.start())
            start = before.start() if before else match.start()
            surface = text[start : match.end()].rstrip(".")
            found.append(Day(year, number, day, start, surface, ahead, not said["last"]))
    return sorted(found, key=lambda d: d.start)


def document_time(text: str, sentences: list[tuple[int, int]]) -> tuple[str, str, str]:
    """(value, basis, words that name it) of the document time, by the rule above.

    >>> document_time("It rained on May 3. They will meet on May 9.", [(0, 19), (20, 44)])
    ('XXXX-05-03', 'text', 'on May 3')
    """
    named = days(text, sentences)
    past = [d for d in named if not d.ahead]
    if not past:
        return "", "none", ""
    months = {d.month for d in past if not d.year}
    if months and (max(months) - min(months) > 6 or any(d.year for d in past)):
        return "", "none", ""
    latest = max(past, key=lambda d: (d.year, d.month, d.day, d.alone, -d.start))
    return latest.value, "text", latest.surface
