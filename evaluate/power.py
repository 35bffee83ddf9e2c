"""What a corpus can tell apart: the smallest difference a paired test would find, before any system is run.

Simulated, after Card et al., With Little Power Comes Great Responsibility, EMNLP
2020. Two systems answer the corpus's own units, each unit with the number of gold
items that it has. System a finds each item, and keeps from predicting a spurious
one in its place, with chance ``f1``, so that its precision and recall are about
``f1``; b does so with chance ``f1 + difference``. ``shared`` says how alike their
errors are: 0, each errs by itself; 1, b errs only where a does. The test is
``significance.randomisation`` of F1 over the units.

Within a unit items are taken for independent, which they are not, so that the
difference found is a lower bound. Draws are raw words of PCG64.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from goldwire.annotate.document import Document
from goldwire.evaluate.counts import Entry, Tally
from goldwire.evaluate.draws import Floats
from goldwire.evaluate.sampling import units
from goldwire.evaluate.significance import randomisation, smallest_p
from goldwire.evaluate.spans import STRETCHES

_STEP = 0.0025  # differences are tried in such steps


class _Rules(TypedDict):
    shared: float
    level: float
    resamples: int
    seed: int


@dataclass(frozen=True)
class Detectable:
    """The smallest difference in F1 found with the wanted power; nan and the reason ``why`` if none is."""

    difference: float
    why: str
    f1: float
    shared: float
    level: float
    power: float
    units: int
    items: int
    smallest_p: float


def detectable(
    items: Sequence[int],
    *,
    f1: float = 0.8,
    shared: float = 0.5,
    level: float = 0.05,
    power: float = 0.8,
    simulations: int = 400,
    resamples: int = 2000,
    seed: int = 7,
) -> Detectable:
    """Return the smallest difference in F1 that shows with chance ``power`` at ``level``.

    ``items`` is the number of gold items of each unit (sentence or document); units without any are left
    out. Raises ValueError for chances outside 0 to 1.

    >>> detectable([2] * 150, simulations=100, resamples=500).difference
    0.045
    >>> detectable([20, 10, 30]).why
    'the smallest p of 3 units is 0.25'
    """
    for name, chance in (("f1", f1), ("shared", shared), ("level", level), ("power", power)):
        if not 0 <= chance <= 1:
            raise ValueError(f"{name}: {chance:g} lies outside 0 to 1")
    held = np.array([n for n in items if n], dtype=np.int64)
    least = smallest_p(len(held), resamples)
    facts = (f1, shared, level, power, len(held), int(held.sum()), least)
    if least > level:
        return Detectable(float("nan"), f"the smallest p of {len(held)} units is {least:g}", *facts)
    low, high = 0, round((1 - f1) / _STEP)
    draws = _Draws(held, simulations, seed)
    rules: _Rules = {"shared": shared, "level": level, "resamples": resamples, "seed": seed}
    if draws.power(f1, f1 + high * _STEP, **rules) < power:
        return Detectable(float("nan"), f"not even {1 - f1:.3g} shows in {held.sum()} items", *facts)
    while high - low > 1:
        middle = (low + high) // 2
        found = draws.power(f1, f1 + middle * _STEP, **rules) >= power
        low, high = (low, middle) if found else (middle, high)
    return Detectable(high * _STEP, "", *facts)


def items(documents: Sequence[Document]) -> dict[str, tuple[str, list[int]]]:
    """Return for each layer of gold that holds anything what a unit is, and how many items each unit has.

    >>> from goldwire.annotate.document import Event, Mention
    >>> items([Document("Raid.", events=(Event("e1", Mention("Raid", 0)),))] * 12)["events"]
    ('document', [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])
    """
    sentences = [[s.start for s in d.segments] for d in documents]
    found = {}
    for layer, stretches in STRETCHES.items():
        tallies = [Tally(Entry(s.label, s.at, r_all=1) for s in stretches(d)) for d in documents]
        of = units(tallies, sentences)
        if any(t.total for t in tallies):
            found[layer] = of.kind or "document", [int(n) for n in of.rows[:, 0, 3]]
    return found


class _Draws:
    """The chances of one corpus, drawn once and used for every difference, so that power grows with it."""

    def __init__(self, held: NDArray[np.int64], simulations: int, seed: int) -> None:
        self.held = held
        raw = np.asarray(np.random.PCG64(seed).random_raw(6 * simulations * int(held.sum())), dtype=np.uint64)
        uniform = ((raw >> np.uint64(11)) * 2.0**-53).reshape(3, 2, simulations, -1)
        # Whether a is right; whether b follows a or errs by itself; whether b is right, or mends a's error.
        # Each for the gold items, and for the spurious predictions that may stand in their place.
        self.a, self.follows, self.b = uniform

    def power(
        self, f1: float, better: float, shared: float, level: float, resamples: int, seed: int
    ) -> float:
        """The share of simulated comparisons that reach the level."""
        a = self.a < f1
        mend = (better - f1) / (1 - f1) if f1 < 1 else 0.0
        b = np.where(self.follows < shared, a | (self.b < mend), self.b < better)
        test = randomisation(self._counts(a), self._counts(b), resamples=resamples, seed=seed)
        return float((test.p <= level).mean())

    def _counts(self, right: NDArray[np.bool_]) -> Floats:
        """Counts (units, simulations, 4) of gold items found and of spurious predictions kept out."""
        starts = np.concatenate([[0], np.cumsum(self.held)[:-1]])
        hits, kept = (np.add.reduceat(x.astype(np.float64), starts, axis=1).T for x in right)
        gold = np.broadcast_to(self.held[:, None].astype(np.float64), hits.shape)
        return np.stack([hits, hits + (gold - kept), hits, gold], axis=-1)
