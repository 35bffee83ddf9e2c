"""When two numbers say the same: values by decimal arithmetic, units through pint."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from goldwire.annotate.document import Number
from goldwire.annotate.problems import missing

_GREAT = re.compile(r"\d{3}|(\*\*|\^).*(\*\*|\^)")


def decimal(text: str) -> Decimal | None:
    """The number that a decimal string writes; None where it writes none.

    >>> decimal("1e3"), decimal("dozens")
    (Decimal('1E+3'), None)
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def equal(gold: str, pred: str, *, absolute: str = "0", relative: str = "0") -> bool:
    """Whether two decimal strings are the same number: |gold - pred| <= max(absolute, relative * |gold|).

    Two empty ones are the same; what is no number is equal to its own letters only.

    >>> equal("12", "12.0"), equal("", "0"), equal("1000", "1040", relative="0.05"), equal("a", "a")
    (True, False, True, True)
    """
    if gold == pred:
        return True
    g, p = decimal(gold), decimal(pred)
    if g is None or p is None:
        return False
    return abs(g - p) <= max(Decimal(absolute), Decimal(relative) * abs(g))


def same_value(gold: Number, pred: Number, *, absolute: str = "0", relative: str = "0") -> bool:
    """Whether the values are equal, converted where the units differ but measure the same thing.

    >>> from goldwire.annotate.document import Mention
    >>> far, off = Number("n1", Mention("5 km", 0), value="5", unit="km"), Mention("5000 m", 0)
    >>> same_value(far, Number("n1", off, value="5000", unit="m"))
    True
    """
    if gold.unit == pred.unit or not (gold.unit and pred.unit) or decimal(pred.value) is None:
        return equal(gold.value, pred.value, absolute=absolute, relative=relative)
    factor = conversion(pred.unit, gold.unit)
    if factor is None:
        return equal(gold.value, pred.value, absolute=absolute, relative=relative)
    return equal(gold.value, str(Decimal(pred.value) * factor), absolute=absolute, relative=relative)


def same_bounds(gold: Number, pred: Number) -> bool:
    """Whether both bounds are equal, and open on both sides or on neither."""
    return (
        equal(gold.low, pred.low)
        and equal(gold.high, pred.high)
        and (gold.open_low, gold.open_high) == (pred.open_low, pred.open_high)
    )


def same_unit(gold: str, pred: str) -> bool:
    """Whether two units measure the same thing, so that a value in one can be written in the other.

    Names that pint does not know are compared letter by letter.

    >>> same_unit("km", "kilometre"), same_unit("km", "mile"), same_unit("km", "hour"), same_unit("", "")
    (True, True, False, True)
    """
    if gold == pred or not (gold and pred):
        return gold == pred
    return conversion(pred, gold) is not None


@cache
def conversion(source: str, target: str) -> Decimal | None:
    """What a value in one unit is multiplied by to be in the other; None where it cannot be.

    Temperatures have an offset and no factor, so degrees are converted to themselves only.

    >>> conversion("km", "m"), conversion("km", "refugee")
    (Decimal('1E+3'), None)
    """
    # A unit is read as a formula; one with great numbers in it would be computed for hours.
    if any(len(unit) > 40 or _GREAT.search(unit) for unit in (source, target)):
        return None
    registry = _registry()
    try:
        none, one = (Decimal(registry.Quantity(Decimal(n), source).to(target).magnitude) for n in (0, 1))
        return one if none == 0 else None
    except Exception:
        return None


@cache
def _registry() -> Any:
    try:
        import pint
    except ImportError:
        raise missing("units", "pint") from None
    return pint.UnitRegistry(non_int_type=Decimal)
