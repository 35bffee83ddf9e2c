"""Numbers by quantulum3, a kept library: the only door to it.

What it finds is taken over as it is; only durations are left out, since here
they are times. It knows no modifiers and counts nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from goldwire.annotate.document import Document, Mention, Meta, Number
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate.baseline.lexicon import inverted
from goldwire.evaluate.baseline.numerals import written


def load() -> Callable[[str], Document]:
    """quantulum3 as a function of a text; raises ProblemError where it is not installed."""
    try:
        from quantulum3 import parser
    except ImportError:
        message = "needs quantulum3: pip install 'goldwire[baselines]'"
        raise ProblemError(Problem("quantulum3", 0, "missing-library", message)) from None

    def predict(text: str) -> Document:
        found = [q for q in parser.parse(text) if q.unit.entity.name != "time"]
        numbers = [n for i, q in enumerate(found, 1) if (n := _number(text, q, f"n{i}"))]
        return Document(text, Meta(lang="en", layers=("numbers",)), numbers=tuple(numbers))

    return predict


def _number(text: str, q: Any, id: str) -> Number | None:
    start, end = q.span
    surface = text[start:end].strip()
    start += len(text[start:end]) - len(text[start:end].lstrip())
    if not surface:
        return None
    share = q.unit.name == "percentage"
    value = _fraction(q.value) / (100 if share else 1)
    spread = _fraction(q.uncertainty or 0) / (100 if share else 1)
    known = inverted("quantities", "units")
    unit = "" if share or q.unit.name == "dimensionless" else known.get(q.unit.name, q.unit.name)
    return Number(
        id,
        Mention(surface, start),
        kind="SHARE" if share else "COUNT",
        value="" if spread else written(value),
        low=written(value - spread) if spread else "",
        high=written(value + spread) if spread else "",
        mod="between" if spread else "exact",
        unit=unit,
    )


def _fraction(value: float) -> Fraction:
    """A float as the decimal that it prints as."""
    return Fraction(Decimal(repr(float(value))))
