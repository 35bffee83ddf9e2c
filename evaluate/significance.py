"""Does one system differ from another, and which of several do.

Two-sided paired tests on the units of ``resample``: the outputs of two systems
are exchanged unit by unit. Exact where all exchanges can be gone through; else
drawn, the same on any machine (``draws.py``).

Noreen, Computer-Intensive Methods for Testing Hypotheses, 1989 (p = (c + 1) /
(n + 1)); Holm, Scandinavian Journal of Statistics 6, 1979; Benjamini & Hochberg,
JRSS B 57, 1995; Piepho, JCGS 13, 2004 (groups that do not differ).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from goldwire.evaluate.draws import Changes, Floats, Rows, all_coins, coins
from goldwire.evaluate.resample import Statistic, apply, side_by_side

_TIE = 1e-12  # differences closer than this are the same difference


@dataclass(frozen=True)
class PairedTest:
    """A test a column: difference a - b, its p, and the smallest p that these units allow."""

    difference: Floats
    p: Floats
    smallest: float
    exact: bool
    resamples: int
    units: int
    seed: int


def randomisation(
    a: Floats, b: Floats, *, statistic: Statistic = "f1", resamples: int = 10_000, seed: int = 7
) -> PairedTest:
    """Test whether two systems differ, by exchanging their outputs unit by unit (two-sided).

    p = (c + 1) / (n + 1), c counting the exchanges whose difference is at least as large as the one seen
    (>=, so that p = 1 for identical systems); c / 2^n over all exchanges where these are no more than
    ``resamples``. Units on which both systems have the same counts are left out first: exchanging them
    changes nothing. An exchange that leaves a value undefined counts as at least as large. Where the
    difference itself is undefined, so is p.

    >>> a = np.array([[[3.0, 3, 3, 4]], [[2, 2, 2, 2]], [[2, 2, 2, 3]]])
    >>> b = np.array([[[1.0, 3, 1, 4]], [[1, 2, 1, 2]], [[1, 2, 1, 3]]])
    >>> test = randomisation(a, b)
    >>> test.p.item(), test.smallest, randomisation(a, a).p.item()
    (0.25, 0.25, 1.0)
    """
    both = Rows(side_by_side(a, b))
    total_a, total_b = both.total().reshape(2, *a.shape[1:])
    seen = apply(statistic, total_a) - apply(statistic, total_b)
    change = Changes(both)
    n, width = change.units, max(change.width, 1)
    exact = n < 62 and 2**n <= resamples
    reached = np.zeros(seen.shape)
    done = 0
    for rows in all_coins(n, width) if exact else coins(n, width, resamples, seed):
        moved = change.times(rows).reshape(-1, *total_a.shape)
        new = apply(statistic, total_a + moved) - apply(statistic, total_b - moved)
        reached += (~(np.abs(new) < np.abs(seen) - _TIE)).sum(0)
        done += len(rows)
    p = reached / done if exact else (reached + 1) / (done + 1)
    return PairedTest(
        seen, np.where(np.isnan(seen), np.nan, p), smallest_p(n, resamples), exact, done, n, seed
    )


def smallest_p(units: int, resamples: int = 10_000) -> float:
    """Return the smallest two-sided p that a paired test on so many units can give.

    >>> [smallest_p(n) for n in (0, 1, 3, 6)], smallest_p(200, 999)
    ([1.0, 1.0, 0.25, 0.03125], 0.001)
    """
    if units == 0:
        return 1.0
    least = 2.0 ** (1 - units) if units < 1000 else 0.0
    return least if units < 62 and 2**units <= resamples else max(least, 1 / (resamples + 1))


def holm(p: Floats) -> Floats:
    """Adjust p-values so that the chance of any false difference among them stays below the level.

    nan (a test that could not be made) belongs to no family and stays nan.

    >>> holm(np.array([0.01, 0.04, np.nan, 0.03])).round(4).tolist()
    [0.03, 0.06, nan, 0.06]
    """
    p = np.asarray(p, dtype=np.float64)
    made = np.flatnonzero(~np.isnan(p))
    order = made[np.argsort(p[made], kind="stable")]
    adjusted = np.full(p.shape, np.nan)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1)), 1.0)
    return adjusted


def benjamini_hochberg(p: Floats) -> Floats:
    """Adjust p-values so that the share of false differences among those found stays below the level.

    >>> benjamini_hochberg(np.array([0.01, 0.04, np.nan, 0.03])).round(4).tolist()
    [0.03, 0.04, nan, 0.04]
    """
    from scipy.stats import false_discovery_control

    p = np.asarray(p, dtype=np.float64)
    made = ~np.isnan(p)
    adjusted = np.full(p.shape, np.nan)
    if made.any():
        adjusted[made] = false_discovery_control(p[made], method="bh")
    return adjusted


def groups(systems: Sequence[str], differ: Sequence[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Return the largest groups of systems no two of which differ, in the order of ``systems``.

    A system may stand in several groups; best first, systems sharing a group are not told apart.

    >>> groups(["A", "B", "C"], [("A", "C")])
    [('A', 'B'), ('B', 'C')]
    """
    found = [frozenset(systems)]
    for pair in map(frozenset, differ):
        halves = [group - {x} for group in found if pair <= group for x in pair]
        kept = [group for group in found if not pair <= group]
        found = _largest(kept + halves)
    ranked = [tuple(x for x in systems if x in group) for group in found if group]
    return sorted(ranked, key=lambda group: [systems.index(x) for x in group])


def _largest(sets: list[frozenset[str]]) -> list[frozenset[str]]:
    unique = list(dict.fromkeys(sets))
    return [x for x in unique if not any(x < y for y in unique)]
