"""Values of times: TIMEX3 dates, intervals and durations, with XXXX for what the text does not say."""

from __future__ import annotations

import re
from calendar import monthrange

_YEAR = r"(?P<year>\d{4}|\d{3}X|\d{2}XX|XXXX)"
_MONTH = r"(?P<month>0[1-9]|1[0-2]|XX)"
_DAY = r"(?P<day>0[1-9]|[12]\d|3[01]|XX)"
_HOUR = r"T(MO|MI|AF|EV|NI|DT|([01]\d|2[0-4]|XX)(:([0-5]\d|XX)(:([0-5]\d|XX))?)?)"
_DATE = re.compile(
    rf"{_YEAR}(-{_MONTH}(-{_DAY}({_HOUR})?)?|-W(0[1-9]|[1-4]\d|5[0-3]|XX)(-([1-7]|WE)({_HOUR})?)?"
    r"|-(SP|SU|FA|WI|Q[1-4X]|H[12X]))?"
)
_CENTURY = re.compile(r"\d\d|\d\d\d|BC\d{4}")
_N = r"(\d+(\.\d+)?|X+)"
_DURATION = re.compile(rf"P(?=.)({_N}(Y|DE|CE))?({_N}M)?({_N}W)?({_N}D)?(T(?=.)({_N}H)?({_N}M)?({_N}S)?)?")
_DAY_ONLY = re.compile(r"(\d{4}|XXXX)-\d\d-\d\d")

REFERENCES = ("PAST_REF", "PRESENT_REF", "FUTURE_REF")


def is_date(value: str) -> bool:
    """A calendar point of any size, X for what is unknown.

    >>> [is_date(v) for v in ("XXXX-07-04", "2018-07", "XXXX-WXX-2", "2014-SU", "XXXX-02-30", "July 4")]
    [True, True, True, True, False, False]
    """
    found = _DATE.fullmatch(value)
    if not found:
        return bool(_CENTURY.fullmatch(value))
    year, month, day = (found.group(n) or "" for n in ("year", "month", "day"))
    if not (month.isdecimal() and day.isdecimal()):
        return True
    # An unknown year may be a leap year.
    return int(day) <= monthrange(int(year) if year.isdecimal() and int(year) else 2000, int(month))[1]


def is_interval(value: str) -> bool:
    """Two calendar points with a slash, the first not after the second."""
    start, slash, end = value.partition("/")
    ordered = start <= end if start[:7] == end[:7] else "X" in value or start <= end
    return bool(slash) and is_date(start) and is_date(end) and ordered


def is_duration(value: str) -> bool:
    """A length of time as in ISO 8601, X for what is unknown.

    >>> [is_duration(v) for v in ("P4D", "PT15H", "P2W", "PXY", "P", "PT", "2 weeks")]
    [True, True, True, True, False, False, False]
    """
    return bool(_DURATION.fullmatch(value))


def is_resolved(value: str) -> bool:
    """An interval of days, the first not after the second where both have a year or neither has.

    >>> [is_resolved(v) for v in ("XXXX-07-04/XXXX-07-05", "2018-07-05/2018-07-04", "XXXX-07/XXXX-08")]
    [True, False, False]
    """
    start, _, end = value.partition("/")
    if not (_DAY_ONLY.fullmatch(start) and _DAY_ONLY.fullmatch(end) and is_date(start) and is_date(end)):
        return False
    if start[:4] == end[:4] == "XXXX":
        return start[:7] != end[:7] or start <= end  # December may come before January
    return start <= end if "X" not in start + end else False


def is_value(kind: str, value: str) -> bool:
    """Does the value fit the kind of time? Kinds that are not known take any value."""
    match kind:
        case "DATE":
            return is_date(value)
        case "INTERVAL":
            return is_interval(value)
        case "DURATION":
            return is_duration(value)
        case "REFERENCE":
            return value in REFERENCES
        case "RELATIVE":
            return not value or is_date(value) or is_interval(value)
    return True
