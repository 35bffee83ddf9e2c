"""The most pairs of spans whose intersection over union reaches a threshold, one to one.

Lengths prune the pairs (``reach.py``): where the intersection is at least t times the union, the shorter
span is at least t times as long as the longer, and the predicted one begins no later than
(1 - t) lengths of the gold one after it, and no earlier than (1 - t) / t lengths before it.

What is left is a largest matching of a sparse graph (Hopcroft & Karp 1973); where many equal spans would
make many equal edges, it is a largest flow between the distinct ones instead (Dinic 1970). Both are scipy's.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from goldwire.evaluate.stream import reach
from goldwire.evaluate.stream.laid import Ints
from goldwire.evaluate.stream.reach import Distinct, Line, Way

MORE = 2  # times as many edges as distinct ones, beyond which copies are not told apart


def pairs(gold: Line, pred: Line, least: float) -> tuple[Ints, Ints, int]:
    """Which gold and which predicted intervals are paired, and how many pairs at most are lacking.

    An interval that stands there several times is named so often as copies of it are paired.

    >>> zero = np.zeros(2, np.int64)
    >>> a = Line(np.array([0, 4]), np.array([6, 10]), zero, zero)
    >>> b = Line(np.array([3, 0]), np.array([9, 9]), zero, zero)
    >>> i, j, lacking = pairs(a, b, 0.5)
    >>> i.tolist(), sorted(j.tolist()), lacking
    ([0, 1], [0, 1], 0)
    """
    sides = Distinct(gold), Distinct(pred)
    found = reach.edges(sides[0].line, sides[1].line, Way(least, reach.iou))
    number = sides[0].number, sides[1].number
    if (number[0][found.gold] * number[1][found.pred]).sum() > MORE * len(found.gold):
        made = _flow(found.gold, found.pred, number)
    else:
        made = _matched(found.gold, found.pred, number)
    lacking = 0
    if len(found.cut):
        groups = int(found.cut.max()) + 1
        most = [
            np.bincount(s.line.group, s.number * (best > 0), groups)[found.cut]
            for s, best in zip(sides, found.best, strict=True)
        ]
        here = np.bincount(sides[0].line.group, made[0], groups)[found.cut]
        lacking = int((np.minimum(*most) - here).sum())
    i, j = (np.repeat(side.place, times) for side, times in zip(sides, made, strict=True))
    return i, j, lacking


def _matched(i: NDArray[Any], j: NDArray[Any], number: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """How many copies of each row and of each column have partners; edges come in the order of their rows."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    each = np.bincount(i, minlength=len(number[0]))
    if not len(i):
        return np.zeros_like(number[0]), np.zeros_like(number[1])
    owners = [np.repeat(np.arange(len(n)), n) for n in number]
    if len(owners[1]) > len(number[1]):
        # Every copy of a column is a column.
        times = number[1][j]
        first = np.cumsum(number[1]) - number[1]
        until = np.cumsum(times)
        each = np.bincount(i, times, len(number[0])).astype(np.int64)
        shift = (first[j] - (until - times)).astype(np.int32)
        j = np.arange(int(until[-1]), dtype=np.int32) + np.repeat(shift, times)
    if len(owners[0]) > len(number[0]):
        # Every copy of a row has the edges of the row.
        begin = np.cumsum(each) - each
        each, begin = each[owners[0]], begin[owners[0]]
        shift = (begin - (np.cumsum(each) - each)).astype(np.int32)
        j = j[np.arange(int(each.sum()), dtype=np.int32) + np.repeat(shift, each)]
    until = np.concatenate([[0], np.cumsum(each)]).astype(np.int32)
    graph = csr_array((np.ones(len(j), np.int8), j, until), shape=(len(owners[0]), len(owners[1])))
    partner = maximum_bipartite_matching(graph, perm_type="column")
    rows, columns = np.flatnonzero(partner >= 0), partner[partner >= 0]
    return (
        np.bincount(owners[0][rows], minlength=len(number[0])),
        np.bincount(owners[1][columns], minlength=len(number[1])),
    )


def _flow(i: NDArray[Any], j: NDArray[Any], number: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """How many copies of each row and of each column have partners."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_flow

    n, m = map(len, number)
    source, sink = n + m, n + m + 1
    rows = np.concatenate([np.full(n, source), i, n + np.arange(m)])
    columns = np.concatenate([np.arange(n), n + j, np.full(m, sink)])
    most = np.concatenate([number[0], np.minimum(number[0][i], number[1][j]), number[1]]).astype(np.int32)
    graph = csr_array((most, (rows, columns)), shape=(n + m + 2, n + m + 2))
    flow = maximum_flow(graph, source, sink).flow
    made = flow[[source], :n].toarray()[0], -flow[[sink], n : n + m].toarray()[0]
    return made[0].astype(np.int64), made[1].astype(np.int64)
