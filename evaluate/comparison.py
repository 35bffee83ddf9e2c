"""Several systems by one column of counts: every two tested, p corrected, and groups that do not differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from goldwire.evaluate import resample, significance
from goldwire.evaluate.draws import Floats, exact_sums
from goldwire.evaluate.resample import Statistic


@dataclass(frozen=True)
class Pair:
    """Two systems: difference a - b with its interval, p as tested, after Holm and after Benjamini-Hochberg.

    ``smallest`` is the least p that the units on which the two differ allow.
    """

    a: str
    b: str
    difference: float
    low: float
    high: float
    p: float
    holm: float
    bh: float
    exact: bool
    units: int
    smallest: float


@dataclass(frozen=True)
class Comparison:
    """Systems from best to worst with their values, every pair of them, and the groups that do not differ."""

    values: Mapping[str, float]
    pairs: tuple[Pair, ...]
    groups: tuple[tuple[str, ...], ...]
    level: float
    correction: str
    resamples: int
    seed: int


def compare(
    systems: Mapping[str, Floats],
    *,
    statistic: Statistic = "f1",
    correction: str = "holm",
    level: float = 0.05,
    resamples: int = 10_000,
    seed: int = 7,
) -> Comparison:
    """Compare systems by one column of counts, an array (units, 1, 4) each over the same units.

    Two systems differ if their p, after ``correction`` (holm or bh), is at most ``level``.
    Raises ValueError where units differ in number, or for another correction.

    >>> good, bad = (np.array([[[hits, 4.0, hits, 4]]] * 12) for hits in (4, 1))
    >>> found = compare({"bad": bad, "good": good, "copy": good})
    >>> list(found.values), found.groups, [pair.p for pair in found.pairs]
    (['good', 'copy', 'bad'], (('good', 'copy'), ('bad',)), [1.0, 0.00048828125, 0.00048828125])
    """
    if correction not in ("holm", "bh"):
        raise ValueError(f"correction: {correction!r} is none of holm, bh")
    totals = {name: exact_sums(rows).sum(0) for name, rows in systems.items()}
    value = {name: float(resample.apply(statistic, total)[0]) for name, total in totals.items()}
    ranked = sorted(systems, key=lambda name: -value[name] if value[name] == value[name] else 1.0)
    found = []
    for a, b in combinations(ranked, 2):
        test = significance.randomisation(
            systems[a], systems[b], statistic=statistic, resamples=resamples, seed=seed
        )
        bounds = resample.paired(
            systems[a], systems[b], statistic=statistic, level=1 - level, resamples=resamples, seed=seed
        )
        found.append((a, b, test, bounds))
    p = np.array([float(test.p[0]) for _, _, test, _ in found])
    holm, bh = significance.holm(p), significance.benjamini_hochberg(p)
    pairs = tuple(
        Pair(
            a,
            b,
            float(test.difference[0]),
            float(bounds.low[0]),
            float(bounds.high[0]),
            float(p[i]),
            float(holm[i]),
            float(bh[i]),
            test.exact,
            test.units,
            test.smallest,
        )
        for i, (a, b, test, bounds) in enumerate(found)
    )
    differ = [(x.a, x.b) for x in pairs if (x.holm if correction == "holm" else x.bh) <= level]
    groups = tuple(significance.groups(ranked, differ))
    return Comparison({n: value[n] for n in ranked}, pairs, groups, level, correction, resamples, seed)
