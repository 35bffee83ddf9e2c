"""The laws that a metric of spans should obey, tried on a tiny world until one breaks.

The world is so small (two documents of six words, two labels) that all of its
smallest inputs can be gone through in order of size; the first that breaks a law
is the smallest counterexample. Larger inputs are then drawn with a seed, and one
that breaks a law is cut down until nothing more can be left out of it.
"""

from __future__ import annotations

import copy
import itertools
import math
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from goldwire.evaluate.laws import world
from goldwire.evaluate.laws.calling import Asked, CannotExpressError, Value, form_of
from goldwire.evaluate.laws.world import Placed, World

_NEAR = 1e-9  # values closer than this are equal


@dataclass(frozen=True)
class Law:
    """A law: its name, what it says, and what breaks it in a world ("" if nothing does)."""

    name: str
    says: str
    broken: Callable[[Asked, World], str]


@dataclass(frozen=True)
class Verdict:
    """What became of a law: the smallest world that breaks it and how, or None."""

    law: Law
    counterexample: World | None
    how: str
    tried: int
    outside: int  # of these, how many the metric could not be given, or failed on
    declared: str  # why the metric says that it breaks this law; "" where it says nothing

    @property
    def fine(self) -> bool:
        """Kept, or broken as declared."""
        return self.counterexample is None or bool(self.declared)


def judge(
    metric: Callable[..., Any],
    *,
    form: str = "",
    cases: int = 2000,
    drawn: int = 300,
    seed: int = 7,
    exempt: Mapping[str, str] | None = None,
) -> list[Verdict]:
    """Try every law on a metric: ``cases`` smallest worlds, then ``drawn`` larger ones.

    ``form`` "" reads it off the annotation of the metric's first parameter (``spans`` without one).
    ``exempt`` (else the metric's attribute of that name) maps a law that it breaks on purpose to the reason.

    >>> def overlap(gold, pred):  # counts a prediction right as often as it was made
    ...     hits = sum(s in g for g, p in zip(gold, pred) for s in p)
    ...     return 2 * hits / (sum(map(len, gold)) + sum(map(len, pred)) or 1)
    >>> [v.law.name for v in judge(overlap, cases=400, drawn=0) if not v.fine]
    ['duplicates', 'swap', 'bounds']
    """
    scorer = Asked(metric, form or form_of(metric))
    reasons = exempt if exempt is not None else getattr(metric, "exempt", {})
    return [_verdict(law, scorer, cases, drawn, seed, reasons.get(law.name, "")) for law in LAWS]


def _verdict(law: Law, scorer: Asked, cases: int, drawn: int, seed: int, declared: str) -> Verdict:
    tried = outside = 0
    larger = world.drawn(random.Random(f"{seed} {law.name}"), drawn)
    for w in itertools.chain(itertools.islice(world.smallest(), cases), larger):
        tried += 1
        how = _how(law, scorer, w)
        outside += how is None
        if how:
            small = world.cut_down(w, lambda x: bool(_how(law, scorer, x)))
            return Verdict(law, small, _how(law, scorer, small) or how, tried, outside, declared)
    return Verdict(law, None, "", tried, outside, declared)


def _how(law: Law, scorer: Asked, w: World) -> str | None:
    """How a world breaks a law; "" if it does not, None if that cannot be said."""
    try:
        return law.broken(scorer, w)
    except CannotExpressError:
        return None
    except Exception as error:  # whatever a metric raises on good input is what it does wrong
        return f"{type(error).__name__}: {error}" if law.name == "defined" else None


def _identity(f: Asked, w: World) -> str:
    value = f(World(w.gold, w.gold))  # asked without gold too: a metric that fails keeps nothing
    fine = not w.gold or abs(value.f1 - 1) < _NEAR
    return "" if fine else f"a perfect prediction scores {value.f1:g}"


def _bounds(f: Asked, w: World) -> str:
    for name, x in f(w)._asdict().items():
        if not math.isnan(x) and not -_NEAR <= x <= 1 + _NEAR:
            return f"{name} is {x:g}"
    return ""


def _defined(f: Asked, w: World) -> str:
    value = f(w)
    one_sided = bool(w.gold) != bool(w.pred)
    return f"f1 is {value.f1:g}" if one_sided and value.f1 != 0 else ""


def _order(f: Asked, w: World) -> str:
    first = f(w)
    others = itertools.chain(
        ((gold, w.pred) for gold in _orders(w.gold)), ((w.gold, p) for p in _orders(w.pred))
    )
    for gold, pred in others:
        if not _same(first, other := f(World(gold, pred))):
            return f"f1 {first.f1:g}, and {other.f1:g} as {world.shown(World(gold, pred))}"
    return ""


def _documents(f: Asked, w: World) -> str:
    first, other = f(w), f(World(world.turned(w.gold), world.turned(w.pred)))
    return "" if _same(first, other) else f"f1 {first.f1:g}, and {other.f1:g} with the documents exchanged"


def _duplicates(f: Asked, w: World) -> str:
    first = f(w)
    for item in dict.fromkeys(w.pred):
        if sum(world.touch(item, x) for x in w.gold) > 1:
            continue  # a copy may rightly answer another gold item, where overlap is enough
        other = f(World(w.gold, (*w.pred, item)))
        if other.f1 > first.f1 + _NEAR:
            return f"f1 {first.f1:g} becomes {other.f1:g} with {world.word(item)} once more"
    return ""


def _right(f: Asked, w: World) -> str:
    first = f(w)
    for item in dict.fromkeys(w.gold):
        if any(world.touch(item, x) for x in w.pred):
            continue  # it may have its answer already, where overlap is enough
        other = f(World(w.gold, (*w.pred, item)))
        if first.f1 > other.f1 + _NEAR:
            return f"f1 {first.f1:g} becomes {other.f1:g} with {world.word(item)} predicted as well"
    return ""


def _another(f: Asked, w: World) -> str:
    first = f(w)
    for item in world.EVERY:
        if item.end <= _reach(w):
            other = f(World(w.gold, (*w.pred, item)))
            if other.recall < first.recall - _NEAR:
                return f"recall {first.recall:g} becomes {other.recall:g} with {world.word(item)} as well"
    return ""


def _reach(w: World) -> int:
    return max((s.end for s in (*w.gold, *w.pred)), default=0)


def _wrong(f: Asked, w: World) -> str:
    first = f(w)
    for item in world.EVERY:
        if item.end == item.start + 1 and not any(world.touch(item, other) for other in (*w.gold, *w.pred)):
            other = f(World(w.gold, (*w.pred, item)))
            if other.f1 > first.f1 + _NEAR:
                return f"f1 {first.f1:g} becomes {other.f1:g} with {world.word(item)} predicted in vain"
            if first.f1 > _NEAR and other.f1 > first.f1 - _NEAR:
                return f"f1 stays {first.f1:g} with {world.word(item)} predicted in vain"
    return ""


def _renaming(f: Asked, w: World) -> str:
    if f.form == "spans":
        renamed = World(*(tuple(s._replace(label="BA"["AB".index(s.label)]) for s in side) for side in w))
        first, other = f(w), f(renamed)
        return "" if _same(first, other) else f"f1 {first.f1:g}, and {other.f1:g} with A and B exchanged"
    first, other = f(w), f(w, "zyx")
    return "" if _same(first, other) else f"f1 {first.f1:g}, and {other.f1:g} under other ids"


def _swap(f: Asked, w: World) -> str:
    here, there = f(w), f(World(w.pred, w.gold))
    if (
        _near(here.precision, there.recall)
        and _near(here.recall, there.precision)
        and _near(here.f1, there.f1)
    ):
        return ""
    return (
        f"P {here.precision:g} R {here.recall:g} F1 {here.f1:g}; exchanged "
        f"P {there.precision:g} R {there.recall:g} F1 {there.f1:g}"
    )


def _untouched(f: Asked, w: World) -> str:
    gold, pred = f.given(w)
    before = copy.deepcopy((gold, pred))
    f.call(gold, pred)
    return "" if (gold, pred) == before else "the lists it was given are others afterwards"


def _orders(items: tuple[Placed, ...]) -> Iterator[tuple[Placed, ...]]:
    few = 3  # all six orders of three; of more, the reverse and the sorted one
    yield from itertools.permutations(items) if len(items) <= few else (items[::-1], tuple(sorted(items)))


def _same(a: Value, b: Value) -> bool:
    return all(map(_near, a, b))


def _near(a: float, b: float) -> bool:
    return (math.isnan(a) and math.isnan(b)) or abs(a - b) < _NEAR


LAWS: tuple[Law, ...] = (
    Law("identity", "a perfect prediction scores 1", _identity),
    Law("order", "the order of items changes nothing", _order),
    Law("documents", "the order of documents changes nothing", _documents),
    Law(
        "duplicates",
        "a prediction once more never helps (where it touches one gold item at most)",
        _duplicates,
    ),
    Law("right", "a right prediction where there was none never hurts", _right),
    Law("another", "one prediction more, right or wrong, never costs recall", _another),
    Law("wrong", "a prediction where nothing is always costs", _wrong),
    Law("renaming", "other ids change nothing (spans: labels exchanged on both sides)", _renaming),
    Law("defined", "any input has a score; gold or predictions alone score 0", _defined),
    Law("swap", "gold and predictions exchanged exchange precision and recall", _swap),
    Law("bounds", "scores lie between 0 and 1", _bounds),
    Law("untouched", "what was given stays as it was", _untouched),
)
