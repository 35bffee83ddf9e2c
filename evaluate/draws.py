"""Draws that are the same on any machine, and sums that no order changes.

Draws are the raw 64-bit words of PCG64, whose stream numpy never changes: two
draws of 32 bits a word, low half first, index = draw * units >> 32; or 64 coins a
word, lowest bit first. Each resample begins with a new word. Rows are rounded to
a binary fraction so short that every sum of them is exact; whole counts are left
as they are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CHUNK = 1 << 24  # bytes of one weights matrix; some four of its kind are alive at once


def exact_sums(rows: Floats) -> Floats:
    """Round to a binary fraction of which any sum of len(rows) rows is exact in float64."""
    most = float(np.abs(rows).max(initial=0.0)) * max(len(rows), 1) * 2
    scale = 2.0 ** (52 - math.ceil(math.log2(most))) if most else 1.0
    return np.round(rows * scale) / scale


def distinct(flat: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """The different columns of a matrix, and for each column which of them it is.

    Many are the same (hits of either side, the gold items of two systems), and a product need be made once.
    """
    found: dict[bytes, int] = {}
    which = [found.setdefault(column.tobytes(), len(found)) for column in np.ascontiguousarray(flat.T)]
    first = [which.index(i) for i in range(len(found))]
    return np.ascontiguousarray(flat[:, first]), np.array(which, dtype=np.int64)


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


def drawn(rows: Floats, resamples: int, seed: int) -> Iterator[tuple[Floats, NDArray[np.int64]]]:
    """Totals of resamples drawn at random, a chunk at a time, each standing once."""
    n = len(rows)
    flat, column = distinct(rows.reshape(n, -1))
    per_row = (n + 1) // 2
    step = max(1, CHUNK // (8 * max(n, flat.shape[1])))
    source = np.random.PCG64(seed)
    for first in range(0, resamples, step):
        count = min(step, resamples - first)
        raw = np.asarray(source.random_raw(count * per_row), dtype="<u8")
        draws = raw.view("<u4").reshape(count, -1)[:, :n].astype(np.uint64)
        draws *= np.uint64(n)
        draws >>= np.uint64(32)
        places = draws.view(np.int64)
        places += np.arange(count, dtype=np.int64)[:, None] * n
        weights = np.bincount(places.reshape(-1), minlength=count * n).reshape(count, n).astype(np.float64)
        yield (weights @ flat)[:, column].reshape(count, *rows.shape[1:]), np.ones(count, dtype=np.int64)


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
