"""When two numbers say the same: values in exact arithmetic, units through pint."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from goldwire.annotate.document import Number
from goldwire.annotate.problems import missing

_GREAT = re.compile(r"\d{3}|(\*\*|\^).*(\*\*|\^)")
_LONGEST = 1000  # digits of a number, written out, that is still computed with


class Conversion(NamedTuple):
    """What a value in one unit is in another: ``factor`` times it, and ``offset`` more."""

    factor: Fraction
    offset: Fraction


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

    Two empty ones are the same; what is no number is equal to its own letters only, and one beyond all
    measure (1e9999999) to itself only, however it is written.

    >>> equal("12", "12.0"), equal("", "0"), equal("1000", "1040", relative="0.05"), equal("a", "a")
    (True, False, True, True)
    """
    return gold == pred or _near(gold, _exact(pred), pred, absolute, relative)


def same_value(gold: Number, pred: Number, *, absolute: str = "0", relative: str = "0") -> bool:
    """Whether the values are equal, converted where the units differ but measure the same thing.

    >>> from goldwire.annotate.document import Mention
    >>> far, off = Number("n1", Mention("5 km", 0), value="5", unit="km"), Mention("5000 m", 0)
    >>> same_value(far, Number("n1", off, value="5000", unit="m"))
    True
    """
    return _same(gold, pred, "value", absolute=absolute, relative=relative)


def same_bounds(gold: Number, pred: Number) -> bool:
    """Whether both bounds are equal, converted as values are, and open on both sides or on neither."""
    return (
        _same(gold, pred, "low")
        and _same(gold, pred, "high")
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
def conversion(source: str, target: str) -> Conversion | None:
    """How a value in one unit is written in the other; None where it cannot be. Nothing is rounded.

    >>> conversion("foot", "yard"), conversion("degF", "degC").offset, conversion("km", "refugee")
    (Conversion(factor=Fraction(1, 3), offset=Fraction(0, 1)), Fraction(-160, 9), None)
    """
    # A unit is read as a formula; one with great numbers in it would be computed for hours.
    if any(len(unit) > 40 or _GREAT.search(unit) for unit in (source, target)):
        return None
    registry = _registry()
    try:
        none, one = (Fraction(registry.Quantity(Fraction(n), source).to(target).magnitude) for n in (0, 1))
    except Exception:
        return None
    return Conversion(one - none, none)


def _same(gold: Number, pred: Number, field: str, *, absolute: str = "0", relative: str = "0") -> bool:
    """Whether a field that holds a value says the same in gold's unit.

    Of a change (``stat`` is flow) only the factor counts: 9 degrees Fahrenheit more are 5 Celsius more.
    """
    wanted, said = str(getattr(gold, field)), str(getattr(pred, field))
    value = _exact(said)
    differ = gold.unit != pred.unit and bool(gold.unit and pred.unit)
    how = conversion(pred.unit, gold.unit) if differ and value is not None else None
    if how is None or value is None:
        return equal(wanted, said, absolute=absolute, relative=relative)
    changed = value * how.factor + (0 if gold.stat == "flow" else how.offset)
    return _near(wanted, changed, "", absolute, relative)


def _near(gold: str, pred: Fraction | None, written: str, absolute: str, relative: str) -> bool:
    g = _exact(gold)
    if g is None or pred is None:
        # Of what cannot be computed with, equal numbers are still equal.
        a, b = decimal(gold), decimal(written)
        return a is not None and a == b
    return abs(g - pred) <= max(Fraction(absolute), Fraction(relative) * abs(g))


def _exact(text: str) -> Fraction | None:
    """The same as a fraction; None also for one that would take too many digits."""
    value = decimal(text)
    if value is None or len(text) > _LONGEST or (value and abs(value.adjusted()) > _LONGEST):
        return None
    return Fraction(value)


@cache
def _registry() -> Any:
    try:
        import pint
    except ImportError:
        raise missing("units", "pint") from None
    return pint.UnitRegistry(non_int_type=Fraction)
