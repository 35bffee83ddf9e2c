"""What a metric is given, and how its answer is read, whatever metric it is.

A metric is any callable of (gold, pred). What it is given depends on the form:

``spans``       two lists, a document each, of (start, end, label) with offsets in words, end exclusive
``document``    two ``Document``s; every span stands once in each layer (as an event's trigger, an actor's
                mention, a number, a quotation …); labels become types, and spans of one label one cluster
``documents``   two lists of ``Document``s

It returns a number (taken for F1), or precision, recall and F1 (a sequence of three, or names, keys or
attributes ``precision``, ``recall``, ``f1``), or what goldwire's own metrics return: rows of counts by label.
A metric that cannot be given some input at all (overlapping spans as tags) raises `CannotExpressError` there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, get_type_hints

from goldwire.annotate.document import Document
from goldwire.evaluate.counts import Counts, total
from goldwire.evaluate.laws import world
from goldwire.evaluate.laws.world import World

FORMS = ("spans", "document", "documents")


class CannotExpressError(ValueError):
    """Raised by a metric for input that its own form cannot hold; such input is passed over."""


class Value(NamedTuple):
    """What a metric said; nan for what it does not say."""

    precision: float
    recall: float
    f1: float


def form_of(metric: Callable[..., Any]) -> str:
    """The form that the annotation of a metric's first parameter asks for.

    >>> def ours(gold: Document, pred: Document) -> float: ...
    >>> form_of(ours), form_of(lambda gold, pred: 0)
    ('document', 'spans')
    """
    try:
        hints = get_type_hints(metric if hasattr(metric, "__name__") else type(metric).__call__)
    except (NameError, TypeError):
        return "spans"
    first = next(iter(hints.values()), None)
    return "document" if first is Document else "documents" if "Document" in str(first) else "spans"


class Asked:
    """A metric that is asked about worlds: given them in its form, its answers read and kept."""

    def __init__(self, metric: Callable[..., Any], form: str) -> None:
        if form not in FORMS:
            raise ValueError(f"form: {form!r} is none of {', '.join(FORMS)}")
        self.metric, self.form = metric, form
        self._known: dict[tuple[World, str], Value] = {}
        self._pairs: dict[tuple[int, int], Counts] = {}

    def __call__(self, w: World, ids: str = "") -> Value:
        if (w, ids) not in self._known:
            self._known[w, ids] = self.say(*self.given(w, ids))
        return self._known[w, ids]

    def given(self, w: World, ids: str = "") -> tuple[Any, Any]:
        """Both sides in the metric's form."""
        if self.form == "spans":
            return world.lists(w.gold), world.lists(w.pred)
        return world.documents(w.gold, ids), world.documents(w.pred, ids[::-1])

    def call(self, gold: Any, pred: Any) -> None:
        """Call the metric and forget its answer."""
        for pair in zip(gold, pred, strict=True) if self.form == "document" else [(gold, pred)]:
            self.metric(*pair)

    def say(self, gold: Any, pred: Any) -> Value:
        """Call the metric and read its answer."""
        if self.form == "document":
            return Value(*total(self._row(g, p) for g, p in zip(gold, pred, strict=True)).rates())
        return read(self.metric(gold, pred))

    def _row(self, gold: Document, pred: Document) -> Counts:
        # The documents are kept by `world` for as long as it lives, so their addresses name them.
        if (key := (id(gold), id(pred))) not in self._pairs:
            self._pairs[key] = total(_rows(self.metric(gold, pred)))
        return self._pairs[key]


def read(answer: Any) -> Value:
    """Precision, recall and F1 in whatever shape a metric returns them; TypeError for anything else.

    >>> read(0.5), read({"precision": 1, "recall": 0.5, "f1": 0.667}).recall
    (Value(precision=nan, recall=nan, f1=0.5), 0.5)
    """
    if answer is None:
        return Value(math.nan, math.nan, math.nan)
    if isinstance(answer, Mapping) and answer and all(isinstance(x, Counts) for x in answer.values()):
        return Value(*total(answer.values()).rates())
    if isinstance(answer, Mapping) and not answer:
        return Value(math.nan, math.nan, math.nan)
    names = ("precision", "recall", "f1")
    if isinstance(answer, Mapping) and "f1" in answer:
        return Value(*(_number(answer.get(name)) for name in names))
    if hasattr(answer, "f1"):
        return Value(*(_number(getattr(answer, name, None)) for name in names))
    if isinstance(answer, Sequence) and not isinstance(answer, str) and len(answer) == len(names):
        return Value(*map(_number, answer))
    try:
        return Value(math.nan, math.nan, float(answer))
    except (TypeError, ValueError):
        raise TypeError(
            f"a metric returns a number or precision, recall and f1, not {answer!r:.60}"
        ) from None


def _rows(answer: Any) -> list[Counts]:
    if isinstance(answer, Counts):
        return [answer]
    if isinstance(answer, Mapping) and all(isinstance(x, Counts) for x in answer.values()):
        return list(answer.values())
    raise TypeError(f"a metric of single documents returns rows of counts by label, not {answer!r:.60}")


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)
