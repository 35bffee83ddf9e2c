"""Values of times: TIMEX3 and the interval of days that they stand for."""

from __future__ import annotations

from calendar import monthrange
from typing import NamedTuple

_MONTHS = "january february march april may june july august september october november december"
MONTHS = {m: n for n, m in enumerate(_MONTHS.split(), 1)}
SHORT = {m[:3]: n for m, n in MONTHS.items()} | {"sept": 9}
WEEKDAYS = {d: n for n, d in enumerate("monday tuesday wednesday thursday friday saturday sunday".split(), 1)}
SEASONS = {"spring": "SP", "summer": "SU", "autumn": "FA", "fall": "FA", "winter": "WI"}
UNITS = {
    **{"second": "TS", "minute": "TM", "hour": "TH", "day": "D", "night": "D", "week": "W", "month": "M"},
    **{"year": "Y", "decade": "Y", "century": "Y"},
}
FACTORS = {"decade": 10, "century": 100}


class Date(NamedTuple):
    """A calendar point; "" where the text does not say."""

    year: str = ""
    month: int = 0
    day: int = 0
    weekday: int = 0
    season: str = ""

    @property
    def value(self) -> str:
        """TIMEX3, unknown parts X.

        >>> Date(month=5, day=9).value, Date(weekday=2).value, Date("2014", season="SU").value
        ('XXXX-05-09', 'XXXX-WXX-2', '2014-SU')
        """
        year = self.year or "XXXX"
        if self.day:
            return f"{year}-{self.month:02d}-{self.day:02d}"
        if self.month:
            return f"{year}-{self.month:02d}"
        if self.weekday:
            return f"{year}-WXX-{self.weekday}"
        return f"{year}-{self.season}" if self.season else year

    @property
    def days(self) -> tuple[str, str]:
        """First and last day, or two empty strings where the text alone does not give them.

        >>> Date(month=6).days
        ('XXXX-06-01', 'XXXX-06-30')
        """
        year = self.year or "XXXX"
        if self.day:
            return self.value, self.value
        if self.month:
            # February without a year: the shorter one.
            last = monthrange(int(self.year) if self.year.isdecimal() else 2001, self.month)[1]
            return f"{year}-{self.month:02d}-01", f"{year}-{self.month:02d}-{last:02d}"
        if self.year.isdecimal() and not self.season:
            return f"{year}-01-01", f"{year}-12-31"
        return "", ""


def month(name: str) -> int:
    """The number of a month's name or its abbreviation; 0 if it is none."""
    lower = name.lower().rstrip(".")
    return MONTHS.get(lower) or SHORT.get(lower, 0)


def duration(count: str, unit: str) -> str:
    """ISO 8601, X for an unknown count.

    >>> duration("4", "day"), duration("15", "hour"), duration("X", "decade"), duration("2", "decade")
    ('P4D', 'PT15H', 'PXY', 'P20Y')
    """
    code = UNITS[unit]
    if unit in FACTORS and count != "X":
        count = str(int(count) * FACTORS[unit]) if count.isdecimal() else "X"
    return f"PT{count}{code[1]}" if code.startswith("T") else f"P{count}{code}"
