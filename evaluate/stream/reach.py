"""Which intervals of the two sides may answer each other, without looking at all pairs of them.

A running maximum of ends, the usual index, is defeated by a few spans as long as the document: from
the first of them on, every earlier span seems to reach every later one. So spans are put into classes of
length, and within a class a gold span looks between two starts: there the length says where a partner can
begin. A span as long as the document stands in a class of its own and stops nobody.

Documents (and labels, where they must agree) are groups that never look at each other, so what is found
for one does not depend on what is counted beside it. A group in which more than ``LOOKED`` pairs would have
to be looked at keeps, of each span of either side, the ``KEPT`` best partners alone, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldwire.evaluate.stream.laid import Ints

ONE = 1 << 30  # similarities are whole numbers of 2**-30, as in edges.py
BLOCK = 1 << 18  # pairs that are looked at together
LOOKED = 30_000_000  # pairs of one group beyond which it keeps the best partners alone
KEPT = 8
Bools = NDArray[np.bool_]


class Line(NamedTuple):
    """Intervals of one side on a line: where each begins and ends, its group, where that group begins."""

    start: Ints
    end: Ints
    group: Ints
    floor: Ints

    def of(self, which: Ints | Bools) -> Line:
        """Some of them."""
        return Line(*(column[which] for column in self))


class Way(NamedTuple):
    """How pairs are judged. ``least``: 0 for any overlap, else the least intersection over union.

    ``worth`` gives that of pairs (whole numbers of 2**-30) from their intersection and their lengths.
    """

    least: float
    worth: Callable[[Ints, Ints, Ints], Ints]


class Edges(NamedTuple):
    """Pairs by gold index, what each is worth (but for a threshold), and groups of which not all are here.

    Of those groups ``best`` holds, for each gold and each predicted interval, what its best pair is worth.
    """

    gold: NDArray[Any]  # 32 bits: there may be very many
    pred: NDArray[Any]
    worth: NDArray[Any]
    cut: Ints
    best: tuple[Ints, Ints]


class Distinct:
    """Intervals without repetition, how many there are of each, and where the first of them stands."""

    def __init__(self, side: Line) -> None:
        order = np.lexsort((side.end, side.start))
        s, e = side.start[order], side.end[order]
        first = np.flatnonzero(
            np.concatenate([np.ones(min(len(s), 1), bool), (s[1:] != s[:-1]) | (e[1:] != e[:-1])])
        )
        self.number = np.diff(np.append(first, len(s)))
        self.place = order[first]
        self.line = side.of(self.place)


def iou(both: Ints, gold: Ints, pred: Ints) -> Ints:
    """Intersection over union."""
    return both * ONE // (gold + pred - both)


def dice(both: Ints, gold: Ints, pred: Ints) -> Ints:
    """The Dice coefficient of positions."""
    return 2 * both * ONE // (gold + pred)


def edges(gold: Line, pred: Line, way: Way, *, looked: int = -1) -> Edges:
    """Every pair that may be made; in a group that is too large, the best of them."""
    best = np.zeros(len(gold.start), np.int64), np.zeros(len(pred.start), np.int64)
    nothing = np.zeros(0, np.int32)
    if not len(gold.start) or not len(pred.start):
        return Edges(nothing, nothing, nothing, np.zeros(0, np.int64), best)
    windows = _windows(gold, pred, way.least)
    groups = 1 + max(int(gold.group.max()), int(pred.group.max()))
    number = np.bincount(gold.group, windows.number.sum(0), groups)
    cut = np.flatnonzero(number > (LOOKED if looked < 0 else looked))
    whole = ~np.isin(gold.group, cut)
    found: list[tuple[NDArray[Any], ...]] = [
        (i.astype(np.int32), j.astype(np.int32), w.astype(np.int32) if not way.least else nothing)
        for i, j, w in _judged(gold, pred, windows, np.flatnonzero(whole), way)
    ]
    if len(cut):
        kept = []
        for side, other, best_of in (gold, pred, best[0]), (pred, gold, best[1]):
            index = windows if side is gold else _windows(pred, gold, way.least)
            for own, far, w in _judged(side, other, index, np.flatnonzero(np.isin(side.group, cut)), way):
                first = np.flatnonzero(np.concatenate([[True], own[1:] != own[:-1]]))
                best_of[own[first]] = np.maximum.reduceat(w, first)
                chosen = _nearest(own, far, w)
                a, b = (own, far) if side is gold else (far, own)
                kept.append((a[chosen], b[chosen], w[chosen]))
        if kept:
            a, b, worth = (np.concatenate(column) for column in zip(*kept, strict=True))
            _, once = np.unique(a * len(pred.start) + b, return_index=True)
            made = tuple(column[once].astype(np.int32) for column in (a, b, worth))
            found.append((made[0], made[1], made[2] if not way.least else nothing))
    if not found:
        return Edges(nothing, nothing, nothing, cut, best)
    pairs = [np.concatenate(column) for column in zip(*found, strict=True)]
    if len(cut) and not whole.all():
        order = np.argsort(pairs[0], kind="stable")
        pairs = [column[order] if len(column) else column for column in pairs]
    return Edges(pairs[0], pairs[1], pairs[2], cut, best)


class _Windows(NamedTuple):
    """The other side by class and start, and for each class and interval where to look in it."""

    order: Ints
    first: Ints  # (classes, intervals)
    number: Ints


def _windows(side: Line, other: Line, least: float) -> _Windows:
    """Where the partners of each interval of a side must lie."""
    length, lengths = side.end - side.start, other.end - other.start
    extent = np.int64(max(int(side.end.max()), int(other.end.max())) + 1)
    # A class reaches from one length to the next 1/t times it, or twice it where any overlap will do.
    # A little more, so that rounding never puts two of one pair two classes apart.
    width = (max(np.log(1 / least), 1e-3) if least else np.log(2)) * (1 + 1e-6)
    own, classes = (np.floor(np.log(x) / width).astype(np.int64) for x in (length, lengths))
    key = classes * extent + other.start
    order = np.argsort(key, kind="stable")
    key = key[order]
    if least:
        early, late = (1 - least) / least * length, (1 - least) * length
        low = np.maximum(side.start - np.ceil(early).astype(np.int64) - 1, side.floor)
        high = np.minimum(side.start + np.ceil(late).astype(np.int64) + 1, side.end - 1)
        places = [(own + step, low) for step in (-1, 0, 1)]
    else:
        high = side.end - 1
        places = []
        for one in np.unique(classes):
            longest = int(lengths[classes == one].max())
            places.append((np.full_like(own, one), np.maximum(side.start - longest + 1, side.floor)))
    first = np.stack([np.searchsorted(key, c * extent + low) for c, low in places])
    last = np.stack([np.searchsorted(key, c * extent + high, side="right") for c, _ in places])
    return _Windows(order, first, np.maximum(last - first, 0))


def _judged(
    side: Line, other: Line, windows: _Windows, rows: Ints, way: Way
) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Pairs (interval, other, worth) of some intervals, in their order, a block of intervals at a time."""
    first, number = windows.first[:, rows], windows.number[:, rows]
    each = number.sum(0)
    until = np.cumsum(each)
    at = 0
    while at < len(rows):
        before = int(until[at - 1]) if at else 0
        to = max(int(np.searchsorted(until, before + BLOCK, side="right")), at + 1)
        here = number[:, at:to].T.reshape(-1)
        begin = first[:, at:to].T.reshape(-1)
        shift = begin - (np.cumsum(here) - here)
        j = windows.order[np.arange(int(here.sum())) + np.repeat(shift, here)]
        i = np.repeat(rows[at:to], each[at:to])
        at = to
        start, end = side.start[i], side.end[i]
        both = np.minimum(end, other.end[j]) - np.maximum(start, other.start[j])
        lengths = end - start, other.end[j] - other.start[j]
        kept = both > 0
        if way.least:
            # 1e-9, as in edges.py: the threshold is a decimal, which float64 only approximates.
            kept &= both >= way.least * (lengths[0] + lengths[1] - both) - 1e-9
        if kept.any():
            yield i[kept], j[kept], way.worth(both[kept], lengths[0][kept], lengths[1][kept])


def _nearest(i: Ints, j: Ints, worth: Ints) -> Ints:
    """Of pairs in the order of i, the best few of each i; of equally good ones the first that come."""
    new = np.concatenate([[True], i[1:] != i[:-1]])
    row = np.cumsum(new) - 1
    if len(i) <= BLOCK and row[-1] < BLOCK:
        # One sort of whole numbers instead of three: row, worth to 26 bits, place.
        key = np.sort(row << 45 | (ONE - worth) >> 4 << 18 | np.arange(len(i)))
        order = key & ((1 << 18) - 1)
    else:
        order = np.lexsort((np.arange(len(i)), (ONE - worth) >> 4, row))
    rank = np.arange(len(i)) - np.flatnonzero(new)[row[order]]
    return np.asarray(order[rank < KEPT], np.int64)
