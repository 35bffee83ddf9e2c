"""When two TIMEX3 values are the same."""

from __future__ import annotations


def same_value(gold: str, pred: str) -> bool:
    """Whether two values are equal, an X in gold standing for any digit.

    >>> same_value("XXXX-07", "2018-07"), same_value("2018-07", "XXXX-07"), same_value("XXXX-07", "XXXX-07")
    (True, False, True)
    """
    return len(gold) == len(pred) and all(
        g == p or (g == "X" and p.isdecimal()) for g, p in zip(gold, pred, strict=True)
    )
