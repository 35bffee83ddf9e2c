"""The most pairs of spans whose intersection over union reaches a threshold, one to one.

Lengths prune the edges. Where the intersection is at least t times the union, the shorter
span is at least t times as long as the longer, and the predicted one begins no later than
(1 - t) lengths of the gold one after it, and no earlier than (1 - t) / t lengths before it. So
spans are put into classes of length, each 1/t times that of the one before; a gold span
looks into three of them, and there between two starts. A span as long as the document
never meets a short one.

Many equal spans would make many equal edges. Of a gold and b predicted spans of the
same bounds, with n other gold and m other predicted spans that reach the threshold, at most m
and n can be needed elsewhere; min(a - m, b - n) pairs among equals are safe, and are made first.

What is left is a largest matching of a sparse graph (Hopcroft & Karp 1973, scipy's).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate.stream.columns import Ints

BLOCK = 1 << 20  # pairs of spans that are looked at together
EDGES = 40_000_000  # edges of one batch beyond which it is refused: 640 MB


def pairs(gold: tuple[Ints, Ints], pred: tuple[Ints, Ints], least: float) -> tuple[Ints, Ints]:
    """Indices of gold and of predicted intervals (start, end) that are paired.

    >>> a, b = (np.array([0, 4]), np.array([6, 10])), (np.array([3, 0]), np.array([9, 9]))
    >>> [x.tolist() for x in pairs(a, b, 0.5)]
    [[0, 1], [1, 0]]
    """
    g, p = (_distinct(*side) for side in (gold, pred))
    i, j = edges((g.start, g.end), (p.start, p.end), least)
    equal = (g.start[i] == p.start[j]) & (g.end[i] == p.end[j])
    # How many of each may be wanted elsewhere.
    rivals = np.zeros(len(g.start), np.int64), np.zeros(len(p.start), np.int64)
    np.add.at(rivals[0], i[~equal], p.number[j[~equal]])
    np.add.at(rivals[1], j[~equal], g.number[i[~equal]])
    a, b = i[equal], j[equal]
    safe = np.maximum(np.minimum(g.number[a] - rivals[0][a], p.number[b] - rivals[1][b]), 0)
    made = _members(g, a, safe), _members(p, b, safe)
    left = g.number.copy(), p.number.copy()
    left[0][a] -= safe
    left[1][b] -= safe
    rest = (
        _members(g, np.arange(len(left[0])), left[0], last=True),
        _members(p, np.arange(len(left[1])), left[1], last=True),
    )
    found = _matched(i, j, left)
    return np.concatenate([made[0], rest[0][found[0]]]), np.concatenate([made[1], rest[1][found[1]]])


def edges(gold: tuple[Ints, Ints], pred: tuple[Ints, Ints], least: float) -> tuple[Ints, Ints]:
    """Every pair that reaches the threshold; ProblemError beyond ``EDGES``."""
    (gs, ge), (ps, pe) = gold, pred
    if not len(gs) or not len(ps):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    width = max(np.log(1 / least), 1e-3)
    kinds = [np.floor(np.log(end - start) / width).astype(np.int64) for start, end in (gold, pred)]
    extent = np.int64(max(int(ge.max()), int(pe.max())) + 1)
    key = kinds[1] * extent + ps
    order = np.argsort(key, kind="stable")
    key = key[order]
    length = ge - gs
    low = np.maximum(gs - np.ceil((1 - least) / least * length).astype(np.int64) - 1, 0)
    high = np.minimum(gs + np.ceil((1 - least) * length).astype(np.int64) + 1, extent - 1)
    found: list[tuple[Ints, Ints]] = []
    number = 0
    for step in (-1, 0, 1):
        line = (kinds[0] + step) * extent
        first, last = np.searchsorted(key, line + low), np.searchsorted(key, line + high, side="right")
        each = last - first
        until = np.cumsum(each)
        at = 0
        while at < len(each):
            before = until[at - 1] if at else 0
            to = max(int(np.searchsorted(until, before + BLOCK, side="right")), at + 1)
            i = np.repeat(np.arange(at, to), each[at:to])
            j = order[
                np.arange(len(i)) - np.repeat(until[at:to] - each[at:to] - before, each[at:to]) + first[i]
            ]
            both = np.minimum(ge[i], pe[j]) - np.maximum(gs[i], ps[j])
            union = length[i] + (pe[j] - ps[j]) - both
            # 1e-9, as in match.py: the threshold is a decimal, which float64 only approximates.
            kept = (both > 0) & (both >= least * union - 1e-9)
            found.append((i[kept], j[kept]))
            number += int(kept.sum())
            if number > EDGES:
                message = f"more than {EDGES:,} pairs of spans reach this; exact needs no list of them"
                raise ProblemError(Problem(f"overlap@{least:g}", 0, "too-many-pairs", message))
            at = to
    i, j = (np.concatenate(column) for column in zip(*found, strict=True)) if found else (gs[:0], gs[:0])
    return i, j


class _Distinct:
    """Intervals without repetition, how many of each, and where the copies stand."""

    def __init__(self, start: Ints, end: Ints) -> None:
        self.order = np.lexsort((end, start))
        s, e = start[self.order], end[self.order]
        new = np.concatenate([np.ones(min(len(s), 1), bool), (s[1:] != s[:-1]) | (e[1:] != e[:-1])])
        self.first = np.flatnonzero(new)
        self.number = np.diff(np.append(self.first, len(s)))
        self.start, self.end = s[self.first], e[self.first]


def _distinct(start: Ints, end: Ints) -> _Distinct:
    return _Distinct(start, end)


def _members(side: _Distinct, which: Ints, number: Ints, *, last: bool = False) -> Ints:
    """So many copies of some of the distinct intervals, the first ones or the last ones."""
    begin = side.first[which] + (side.number[which] - number if last else 0)
    offset = np.arange(int(number.sum())) - np.repeat(np.cumsum(number) - number, number)
    return np.asarray(side.order[np.repeat(begin, number) + offset], np.int64)


def _matched(i: Ints, j: Ints, left: tuple[Ints, Ints]) -> tuple[NDArray[Any], NDArray[Any]]:
    """A largest matching between the copies that are left; edges are between distinct intervals."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    copies = left[0][i] * left[1][j]
    i, j, copies = i[copies > 0], j[copies > 0], copies[copies > 0]
    if not len(i):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    begins = [np.cumsum(n) - n for n in left]
    place = np.arange(int(copies.sum())) - np.repeat(np.cumsum(copies) - copies, copies)
    wide = np.repeat(left[1][j], copies)
    rows = np.repeat(begins[0][i], copies) + place // wide
    columns = np.repeat(begins[1][j], copies) + place % wide
    graph = csr_array(
        (np.ones(len(rows), np.int8), (rows, columns)), shape=(int(left[0].sum()), int(left[1].sum()))
    )
    partner = maximum_bipartite_matching(graph, perm_type="column")
    matched = np.flatnonzero(partner >= 0)
    return matched, partner[matched]
