"""Draws that are the same on any machine, and sums that no order changes.

Draws are the raw 64-bit words of PCG64, whose stream numpy never changes: two
draws of 32 bits a word, low half first, index = draw * units >> 32; or 64 coins a
word, lowest bit first. Each resample begins with a new word. Rows are rounded to
a binary fraction so short that every sum of them is exact; whole counts are left
as they are. However many units there are, no copy of them is made beyond ``CHUNK``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CHUNK = 1 << 24  # bytes of one matrix of weights, or of rows; some four of their kind are alive at once
LONG = 20_000  # units of which resamples are drawn one by one


def exact_sums(rows: Floats) -> Floats:
    """Round to a binary fraction of which any sum of len(rows) rows is exact in float64."""
    scale = _scale((rows,), len(rows))
    return np.round(rows * scale) / scale


def _scale(parts: Sequence[Floats], units: int) -> float:
    most = max((max(float(x.max(initial=0.0)), -float(x.min(initial=0.0))) for x in parts), default=0.0)
    most *= max(units, 1) * 2
    return 2.0 ** (52 - math.ceil(math.log2(most))) if most else 1.0


class Rows:
    """What each unit contributes, as a matrix to be multiplied with weights: exact, and mostly not there.

    ``parts`` are arrays (units, …) laid side by side: of one system, or of two. Many columns are the same
    (hits of either side, the gold items of two systems), and each is multiplied but once. A matrix that fits
    into ``CHUNK`` is made; of a larger one, stretches of units are, when they are needed.
    """

    def __init__(self, parts: Sequence[Floats]) -> None:
        self.units = len(parts[0])
        self.parts = [part.reshape(self.units, math.prod(part.shape[1:])) for part in parts]
        self._scale = _scale(self.parts, self.units)
        columns = sum(part.shape[1] for part in self.parts)
        self._stretch = max(1, CHUNK // (16 * max(columns, 1)))
        # Whole counts are exact as they are.
        whole = (bool((p[s] == np.rint(p[s])).all()) for p in self.parts for s in self._stretches())
        self._whole = self._scale >= 1 and all(whole)
        self._find_columns(columns)

    def of(self, units: slice) -> Floats:
        """The rows of some units (k, columns), rounded."""
        return self._rounded(np.concatenate([part[units] for part in self.parts], axis=1))

    def _rounded(self, rows: Floats) -> Floats:
        return rows if self._whole else np.round(rows * self._scale) / self._scale

    def _find_columns(self, columns: int) -> None:
        """Find which columns there are; ``column`` says which of them each one is."""
        names = [blake2b(digest_size=16) for _ in range(columns)]
        for units in self._stretches():
            for name, column in zip(names, np.ascontiguousarray(self.of(units).T), strict=True):
                name.update(column.tobytes())
        digests = [name.digest() for name in names]
        found = list(dict.fromkeys(digests))
        self.column = np.array([found.index(digest) for digest in digests], dtype=np.int64)
        self._first = [digests.index(digest) for digest in found]
        self.width = len(found)
        self._held: Floats | None = None
        if 8 * self.units * max(columns, 1) <= CHUNK:
            self._held = np.ascontiguousarray(self.of(slice(None))[:, self._first])

    def _stretches(self) -> list[slice]:
        firsts = range(0, self.units, self._stretch)
        return [slice(first, min(first + self._stretch, self.units)) for first in firsts]

    def times(self, weights: Floats) -> Floats:
        """Sums of the units, so often each as a row of weights (k, units) says: (k, columns)."""
        found = np.zeros((len(weights), self.width))
        if self._held is not None:
            found += weights @ self._held
        else:
            for units in self._stretches():  # sums are exact, so in any order
                found += weights[:, units] @ np.take(self.of(units), self._first, axis=1)
        every: Floats = found[:, self.column]
        return every

    def total(self) -> Floats:
        """The sum of all units, a column each."""
        return self.times(np.ones((1, self.units))).reshape(-1)


class Changes(Rows):
    """What exchanging a unit's two outputs moves from one system to the other: part 1 less part 0.

    ``units`` are those on which the two differ.
    """

    def __init__(self, both: Rows) -> None:
        self.parts, self._scale, self._whole = both.parts, both._scale, both._whole
        columns = self.parts[0].shape[1]
        self._stretch = both._stretch
        self._kept = np.arange(both.units)
        self.units = both.units
        differ = [self.of(units).any(axis=1) for units in self._stretches()]
        self._kept = np.flatnonzero(np.concatenate(differ)) if differ else self._kept
        self.units = len(self._kept)
        self._find_columns(columns)

    def of(self, units: slice) -> Floats:
        """What the exchange of some units moves (k, columns)."""
        a, b = (self._rounded(part[self._kept[units]]) for part in self.parts)
        return b - a


def every(rows: Floats) -> Iterator[tuple[Floats, NDArray[np.int64]]]:
    """Totals of every distinct resample, with the number of ways to draw it."""
    n = len(rows)
    places = list(combinations(range(2 * n - 1), max(n - 1, 0)))
    bars = np.array(places, dtype=np.int64).reshape(len(places), -1)
    edges = np.concatenate([np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), 2 * n - 1)], axis=1)
    weights = np.diff(edges) - 1 if n else np.zeros((1, 0), dtype=np.int64)
    factorials = np.array([math.factorial(i) for i in range(n + 1)], dtype=np.int64)
    ways = math.factorial(n) // factorials[weights].prod(1)
    flat = rows.reshape(n, math.prod(rows.shape[1:]))
    yield (weights.astype(np.float64) @ flat).reshape(-1, *rows.shape[1:]), ways


def weights(units: int, width: int, resamples: int, seed: int) -> Iterator[Floats]:
    """How often each unit is drawn in each resample (k, units), a chunk of resamples at a time."""
    per_row = (units + 1) // 2
    source = np.random.PCG64(seed)
    # Long resamples are drawn one by one, which holds one matrix instead of four: it may be larger.
    step = max(1, (3 * CHUNK if units > LONG else CHUNK) // (8 * max(units, width)))
    for first in range(0, resamples, step):
        count = min(step, resamples - first)
        if units > LONG:
            found = np.empty((count, units))
            for row in found:
                row[:] = np.bincount(_places(source.random_raw(per_row), 1, units), minlength=units)
        else:
            places = _places(source.random_raw(count * per_row), count, units)
            found = np.bincount(places, minlength=count * units).reshape(count, units).astype(np.float64)
        yield found


def _places(words: NDArray[np.uint64], count: int, units: int) -> NDArray[np.int64]:
    """The units drawn by some words, those of the k-th resample raised by k times the number of units."""
    raw = np.asarray(words, dtype="<u8")
    draws = raw.view("<u4").reshape(count, -1)[:, :units].astype(np.uint64)
    draws *= np.uint64(units)
    draws >>= np.uint64(32)
    places = draws.view(np.int64)
    places += np.arange(count, dtype=np.int64)[:, None] * units
    return places.reshape(-1)


def all_coins(n: int, width: int) -> Iterator[Floats]:
    """Every row of n coins, a chunk at a time; ``width`` is that of what they will be multiplied with."""
    step = max(1, CHUNK // (8 * max(n, width, 1)))
    for first in range(0, 2**n, step):
        numbers = np.arange(first, min(first + step, 2**n), dtype=np.int64)
        yield (numbers[:, None] >> np.arange(n) & 1).astype(np.float64)


def coins(n: int, width: int, resamples: int, seed: int) -> Iterator[Floats]:
    """Rows of n coins drawn at random, a chunk at a time."""
    per_row = (n + 63) // 64
    step = max(1, CHUNK // (8 * max(n, width)))
    source = np.random.PCG64(seed)
    for first in range(0, resamples, step):
        count = min(step, resamples - first)
        raw = np.asarray(source.random_raw(count * per_row), dtype="<u8").view(np.uint8)
        yield np.unpackbits(raw.reshape(count, -1), axis=1, count=n, bitorder="little").astype(np.float64)
