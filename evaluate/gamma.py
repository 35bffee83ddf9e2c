"""Agreement on where units begin and end: Mathet's gamma.

gamma aligns the units of all annotators as well as can be (places and labels
together) and compares the disorder of that alignment with that of continua drawn
at random. Mathet, Widlöcher & Métivier, Computational Linguistics 41(3), 2015.

The best alignment is an exact set packing, solved by HiGHS through scipy (two
annotators: an assignment). pygamma-agreement is the reference for the values and
is not needed: it takes 15 seconds for 350 units of three annotators, and its
fallback solver, GLPK, is under the GPL.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist, fmean, pstdev

import numpy as np
from numpy.typing import NDArray

from goldwire.evaluate.assignment import best
from goldwire.evaluate.unitizing import Continuum, Unit, distinct

Floats = NDArray[np.float64]

_SHORTEST = 1e-6  # a sampled unit is drawn again until it is longer


@dataclass(frozen=True)
class Gamma:
    """gamma with the disorder observed, the one expected by chance, and how many samples say so."""

    gamma: float
    observed: float
    expected: float
    samples: int
    seed: int


def disorder(
    continuum: Continuum, *, alpha: float = 1.0, beta: float = 1.0
) -> tuple[float, list[tuple[int, ...]]]:
    """Return the disorder of the best alignment, and the alignment.

    Two units are ``alpha`` times their positional dissimilarity ((|start difference| + |end difference|) /
    (sum of lengths))², plus ``beta`` if their labels differ; a unit and nothing, or nothing twice, are 1.
    A unitary alignment takes at most one unit of each annotator and weighs the mean over all pairs of
    annotators. The alignment lists, for each, the index of each annotator's unit (of the distinct units in
    order), -1 for none. The disorder is the sum over the mean number of units an annotator.

    Raises ValueError without units or with fewer than two annotators.

    >>> joe, jack = [(4, 14, "A"), (20, 30, "B")], [(4, 14, "A"), (20, 25, "B")]
    >>> william = [(14, 24, "A"), (40, 44, "B")]
    >>> round(disorder([joe, jack, william])[0], 6)
    1.185185
    """
    marked = [distinct(units) for units in continuum]
    count = sum(map(len, marked))
    if len(marked) < 2 or not count:
        raise ValueError(f"disorder: {count} units of {len(marked)} annotators")
    tables = {
        (i, j): _dissimilarity(marked[i], marked[j], alpha, beta)
        for i in range(len(marked))
        for j in range(i + 1, len(marked))
    }
    candidates = list(_candidates(tuple(map(len, marked)), tables))
    chosen = _two(candidates) if len(marked) == 2 else _partition(candidates)
    taken = {(i, unit) for aligned, _ in chosen for i, unit in enumerate(aligned) if unit >= 0}
    alone = [
        (i, unit) for i, units in enumerate(marked) for unit in range(len(units)) if (i, unit) not in taken
    ]
    alignment = [aligned for aligned, _ in chosen]
    alignment += [tuple(unit if j == i else -1 for j in range(len(marked))) for i, unit in alone]
    return (math.fsum(cost for _, cost in chosen) + len(alone)) * len(marked) / count, sorted(alignment)


def gamma(
    continuum: Continuum,
    *,
    alpha: float = 1.0,
    beta: float = 1.0,
    precision: float = 0.02,
    samples: int = 100,
    most: int = 1000,
    seed: int = 7,
) -> Gamma:
    """Return gamma: 1 - disorder / the mean disorder of continua drawn at random.

    A random continuum has, for each annotator, a number of units, gaps and lengths drawn from normal
    distributions of the mean and deviation seen (the gap before a first unit included, and one of 0), and
    labels as often as seen: the sampling of pygamma-agreement. ``samples`` are drawn; then as many as keep
    the expected disorder within ``precision`` at 95% (section 5.3 of the paper), at most ``most``. Seeded;
    the draws are the same on any machine.

    nan without units.

    >>> a, b = [(0, 5, "X"), (9, 14, "Y")], [(0, 5, "X"), (9, 14, "Y")]
    >>> gamma([a, b], samples=5, most=5).gamma
    1.0
    """
    marked = [distinct(units) for units in continuum]
    if len(marked) < 2 or not any(marked):
        return Gamma(math.nan, math.nan, math.nan, 0, seed)
    observed, _ = disorder(marked, alpha=alpha, beta=beta)
    drawn = _Sampler(marked, seed)
    found = [disorder(drawn.continuum(), alpha=alpha, beta=beta)[0] for _ in range(samples)]
    spread = pstdev(found) / fmean(found) if any(found) else 0.0
    needed = min(most, math.ceil((1.96 * spread / precision) ** 2))
    found += [disorder(drawn.continuum(), alpha=alpha, beta=beta)[0] for _ in range(needed - samples)]
    expected = math.fsum(found) / len(found)
    value = 1.0 if not observed else 1 - observed / expected if expected else math.nan
    return Gamma(value, observed, expected, len(found), seed)


def _dissimilarity(a: Sequence[Unit], b: Sequence[Unit], alpha: float, beta: float) -> Floats:
    (s, e), (t, f) = (np.array([u[:2] for u in units], dtype=float).reshape(-1, 2).T for units in (a, b))
    far = (np.abs(s[:, None] - t) + np.abs(e[:, None] - f)) / ((e - s)[:, None] + (f - t))
    label_a, label_b = (np.array([u[2] for u in units], dtype=object) for units in (a, b))
    return np.asarray(alpha * far**2 + beta * (label_a[:, None] != label_b), dtype=np.float64)


def _candidates(
    sizes: tuple[int, ...], tables: dict[tuple[int, int], Floats]
) -> Iterator[tuple[tuple[int, ...], float]]:
    """Unitary alignments of two units and more that are better than any of their units left alone."""
    n = len(sizes)
    pairs = math.comb(n, 2)
    most = pairs + n - 1  # a unit whose dissimilarities sum to more is better alone in any company
    near = {
        (i, j): [np.flatnonzero(row < most).tolist() for row in table] for (i, j), table in tables.items()
    }

    def grow(
        taken: list[tuple[int, int]], sums: list[float], first: int
    ) -> Iterator[tuple[tuple[int, ...], float]]:
        k = len(taken)
        if k > 1 and max(sums) < pairs + k - 1:
            aligned = [-1] * n
            for i, unit in taken:
                aligned[i] = unit
            yield tuple(aligned), (sum(sums) / 2 + pairs - math.comb(k, 2)) / pairs
        for j in range(first, n):
            options = near[taken[0][0], j][taken[0][1]] if taken else range(sizes[j])
            for unit in options:
                d = [float(tables[i, j][u, unit]) for i, u in taken]
                new = [x + y for x, y in zip(sums, d, strict=True)] + [sum(d)]
                if max(new) < most:
                    yield from grow([*taken, (j, unit)], new, j + 1)

    yield from grow([], [], 0)


def _two(candidates: list[tuple[tuple[int, ...], float]]) -> list[tuple[tuple[int, ...], float]]:
    costs = {(a, b): cost for (a, b), cost in candidates}
    return [(pair, costs[pair]) for pair in best({pair: 2 - cost for pair, cost in costs.items()})]


def _partition(candidates: list[tuple[tuple[int, ...], float]]) -> list[tuple[tuple[int, ...], float]]:
    """Choose alignments that share no unit and save most against leaving all units alone."""
    if not candidates:
        return []
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    units = [[(i, unit) for i, unit in enumerate(aligned) if unit >= 0] for aligned, _ in candidates]
    rows = {unit: row for row, unit in enumerate(sorted({x for aligned in units for x in aligned}))}
    row = [rows[x] for aligned in units for x in aligned]
    column = [c for c, aligned in enumerate(units) for _ in aligned]
    use = csr_array((np.ones(len(row)), (row, column)), shape=(len(rows), len(candidates)))
    saved = np.array([len(x) - cost for x, (_, cost) in zip(units, candidates, strict=True)])
    solved = milp(
        -saved,
        integrality=np.ones(len(saved), dtype=np.int64),
        bounds=Bounds(np.zeros(len(saved)), np.ones(len(saved))),
        constraints=LinearConstraint(use, -np.inf, 1),
        options={"mip_rel_gap": 0},
    )
    if solved.x is None:
        raise ValueError(f"gamma: no best alignment among {len(candidates)} candidates: {solved.message}")
    return [candidates[c] for c in np.flatnonzero(solved.x > 0.5)]


class _Sampler:
    """Random continua after the numbers, gaps, lengths and labels of a given one."""

    def __init__(self, marked: Sequence[Sequence[Unit]], seed: int) -> None:
        gaps = [0.0]
        for units in marked:
            gaps += [b[0] - a[1] for a, b in pairwise(units)]
            gaps += [units[0][0]] if units and units[0][0] > 0 else []
        lengths = [u[1] - u[0] for units in marked for u in units]
        self._counts = [len(units) for units in marked]
        self._count, self._gap, self._length = _moments(self._counts), _moments(gaps), _moments(lengths)
        labels = sorted(Counter(u[2] for units in marked for u in units).items())
        self._labels = [label for label, n in labels for _ in range(n)]
        self._source = np.random.PCG64(seed)
        self._unit_normal = NormalDist()

    def continuum(self) -> list[list[Unit]]:
        """Draw one; it has at least one unit."""
        drawn: list[list[Unit]] = []
        for _ in self._counts:
            count = abs(int(self._normal(self._count)))
            drawn.append(list(self._line(count if any(drawn) else max(1, count))))
        return drawn

    def _line(self, count: int) -> Iterator[Unit]:
        end = 0.0
        for _ in range(count):
            start = end + self._normal(self._gap)
            length = 0.0
            while length < _SHORTEST:
                length = abs(self._normal(self._length))
            end = start + length
            yield start, end, self._labels[int(self._uniform() * len(self._labels))]

    def _normal(self, moments: tuple[float, float]) -> float:
        mean, deviation = moments
        return mean + deviation * self._unit_normal.inv_cdf(self._uniform())

    def _uniform(self) -> float:
        """From the upper 52 bits of a word, never 0 nor 1."""
        return ((int(self._source.random_raw()) >> 12) + 0.5) * 2.0**-52


def _moments(values: Sequence[float]) -> tuple[float, float]:
    return fmean(values), pstdev(values)
