"""The best one-to-one pairing where a pair is worth a share: Dice or intersection over union.

Spans that overlap, directly or through others, form components, and each is solved by itself: one
against many by its best pair, others together in batches by the sparse solver. Its work grows with the
square of a component, so one beyond ``LARGEST`` gold spans is solved in windows along the text, and a
document (or a label in it) with more than ``LOOKED`` pairs keeps of each span the best partners alone.
There the pairing is valid but perhaps not the best; what it can lack is bounded by the sum, over the spans
of the side for which it is smaller, of what each span's best pair is worth.

Of a gold and b predicted spans of the same bounds, with n other gold and m other predicted spans that
overlap them, at most m and n can be needed elsewhere: min(a - m, b - n) pairs among equals are safe, and
are made first.
Where copies that are left would still make more than ``LOOKED`` edges, pairs are made by their worth.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from goldwire.evaluate import assignment
from goldwire.evaluate.stream import reach
from goldwire.evaluate.stream.laid import Ints
from goldwire.evaluate.stream.reach import Distinct, Line, Way

LOOKED = 2_000_000  # pairs of one group beyond which it keeps the best partners alone
LARGEST = 5_000  # gold spans of a component beyond which it is solved in windows
TOGETHER = 300  # gold spans of the components that are solved in one call
WINDOW, AHEAD = 1_500, 300  # gold spans whose pairs are settled together, and those looked at beyond them
Found = tuple[Ints, Ints, Ints]  # gold, predicted, worth


def pairs(gold: Line, pred: Line, way: Way) -> tuple[Ints, Ints, Ints, int]:
    """Indices that are paired, what each pair is worth (in 2**-30), and how much at most is lacking.

    An interval that stands there several times is named so often as copies of it are paired.

    >>> zero = np.zeros(2, np.int64)
    >>> a = Line(np.array([0, 4]), np.array([4, 8]), zero, zero)
    >>> b = Line(np.array([2, 6]), np.array([6, 9]), zero, zero)
    >>> i, j, worth, lacking = pairs(a, b, Way(0, reach.dice))
    >>> i.tolist(), j.tolist(), (worth / reach.ONE).round(3).tolist(), lacking
    ([0, 1], [0, 1], [0.5, 0.571], 0)
    """
    g, p = Distinct(gold), Distinct(pred)
    found = reach.edges(g.line, p.line, way, looked=LOOKED)
    edges = found.gold.astype(np.int64), found.pred.astype(np.int64), found.worth.astype(np.int64)
    if not len(edges[0]):
        return *edges, 0
    cut = found.cut
    made: list[Found] = []
    if max(g.number.max(), p.number.max()) > 1:
        twins, left = _twins(edges, g, p)
        size = _sum(g.line.group[edges[0]], left[0][edges[0]] * left[1][edges[1]])
        crowded = np.flatnonzero(size > LOOKED)
        apart = np.isin(g.line.group[edges[0]], crowded)
        greedy = _greedy(_some(edges, apart), left)
        solved, large = _solved_with_copies(g.line, _some(edges, ~apart), left)
        made = [twins, greedy, solved]
        cut = np.union1d(cut, crowded)
    else:
        solved, large = _best(g.line, edges)
        made = [solved]
    i, j, worth = (np.concatenate(column) for column in zip(*made, strict=True))
    cut = np.union1d(cut, large)
    lacking = 0
    if len(cut):
        most = []
        for side, best, ends in (g, found.best[0], edges[0]), (p, found.best[1], edges[1]):
            np.maximum.at(best, ends, edges[2])
            most.append(_sum(side.line.group, best * side.number, int(cut.max()) + 1)[cut])
        lacking = int((np.minimum(*most) - _sum(g.line.group[i], worth, int(cut.max()) + 1)[cut]).sum())
    return g.place[i], p.place[j], worth, lacking


def _some(edges: Found, which: NDArray[np.bool_]) -> Found:
    i, j, worth = edges
    return i[which], j[which], worth[which]


def _twins(edges: Found, g: Distinct, p: Distinct) -> tuple[Found, tuple[Ints, Ints]]:
    """Pairs of equal intervals that are safe to make, and how many copies are left of each."""
    i, j, worth = edges
    equal = (g.line.start[i] == p.line.start[j]) & (g.line.end[i] == p.line.end[j])
    a, b = i[equal], j[equal]
    # How many of each may be wanted elsewhere.
    wanted = [
        np.bincount(x[~equal], other.number[y[~equal]], len(own.number)).astype(np.int64)
        for x, y, own, other in ((i, j, g, p), (j, i, p, g))
    ]
    safe = np.maximum(np.minimum(g.number[a] - wanted[0][a], p.number[b] - wanted[1][b]), 0)
    left = g.number.copy(), p.number.copy()
    left[0][a] -= safe
    left[1][b] -= safe
    return (np.repeat(a, safe), np.repeat(b, safe), np.repeat(worth[equal], safe)), left


def _greedy(edges: Found, left: tuple[Ints, Ints]) -> Found:
    """Pairs by their worth, as long as there are copies."""
    i, j, worth = edges
    free = left[0].tolist(), left[1].tolist()
    order = np.lexsort((j, i, -worth))
    times = np.zeros(len(i), np.int64)
    for k, a, b in zip(order.tolist(), i[order].tolist(), j[order].tolist(), strict=True):
        if number := min(free[0][a], free[1][b]):
            times[k] = number
            free[0][a] -= number
            free[1][b] -= number
    return np.repeat(i, times), np.repeat(j, times), np.repeat(worth, times)


def _solved_with_copies(line: Line, edges: Found, left: tuple[Ints, Ints]) -> tuple[Found, Ints]:
    """Every copy that is left gets edges of its own."""
    i, j, worth = edges
    each = left[0][i] * left[1][j]
    begins = np.cumsum(left[0]) - left[0], np.cumsum(left[1]) - left[1]
    place = np.arange(int(each.sum())) - np.repeat(np.cumsum(each) - each, each)
    wide = np.repeat(left[1][j], each)
    rows = np.repeat(begins[0][i], each) + place // np.maximum(wide, 1)
    columns = np.repeat(begins[1][j], each) + place % np.maximum(wide, 1)
    owners = [np.repeat(np.arange(len(number)), number) for number in left]
    (a, b, w), large = _best(line.of(owners[0]), (rows, columns, np.repeat(worth, each)))
    return (owners[0][a], owners[1][b], w), large


def _best(line: Line, edges: Found) -> tuple[Found, Ints]:
    """The best pairs of edges, and the groups that were too large to be solved as a whole."""
    i, j, worth = edges
    if not len(i):
        return edges, i
    part = _components(i, j)
    order = np.lexsort((j, i, part))
    i, j, worth, part = i[order], j[order], worth[order], part[order]
    opens = np.flatnonzero(np.concatenate([[True], part[1:] != part[:-1]]))
    sizes = np.diff(np.append(opens, len(i)))
    golds, preds = _different(part, i, len(opens)), _different(part, j, len(opens))
    made: list[Found] = []
    stars = np.repeat(np.minimum(golds, preds) == 1, sizes)
    if stars.any():
        made.append(_stars(part[stars], i[stars], j[stars], worth[stars]))
    rest = np.minimum(golds, preds) > 1
    large = np.flatnonzero(rest & (golds > LARGEST))
    for k in large.tolist():
        here = slice(int(opens[k]), int(opens[k] + sizes[k]))
        made.append(_windows(line, i[here], j[here], worth[here]))
    small = np.flatnonzero(rest & (golds <= LARGEST))
    batch = (np.cumsum(golds[small]) - 1) // TOGETHER
    for number in np.unique(batch):
        members = small[batch == number]
        those = np.concatenate([np.arange(opens[k], opens[k] + sizes[k]) for k in members.tolist()])
        made.append(_solved(i[those], j[those], worth[those]))
    a, b, w = (np.concatenate(column) for column in zip(*made, strict=True))
    return (a, b, w), line.group[i[opens[large]]]


def _sum(group: Ints, worth: Ints, groups: int = 0) -> Ints:
    total = np.zeros(max(groups, int(group.max(initial=0)) + 1), np.int64)
    np.add.at(total, group, worth)
    return total


def _components(i: Ints, j: Ints) -> NDArray[Any]:
    """The component of each edge."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    golds, preds = int(i.max()) + 1, int(j.max()) + 1
    graph = csr_array((np.ones(len(i), np.int8), (i, golds + j)), shape=(golds + preds, golds + preds))
    return np.asarray(connected_components(graph, directed=False)[1][i])


def _different(part: NDArray[Any], ends: Ints, parts: int) -> Ints:
    """How many different ends the edges of each part have; parts come in order."""
    number = np.cumsum(np.concatenate([[0], part[1:] != part[:-1]]))
    wide = int(ends.max()) + 1
    return np.bincount(np.unique(number * wide + ends) // wide, minlength=parts)


def _stars(part: NDArray[Any], i: Ints, j: Ints, worth: Ints) -> Found:
    """The best edge of each part."""
    order = np.lexsort((j, i, -worth, part))
    first = order[np.concatenate([[True], part[order][1:] != part[order][:-1]])]
    return i[first], j[first], worth[first]


def _solved(i: Ints, j: Ints, worth: Ints) -> Found:
    """The best pairing of some edges."""
    golds, rows = np.unique(i, return_inverse=True)
    preds, columns = np.unique(j, return_inverse=True)
    chosen = assignment.sparse(rows, columns, worth.astype(np.float64), (len(golds), len(preds)))
    return i[chosen], j[chosen], worth[chosen]


def _windows(gold: Line, i: Ints, j: Ints, worth: Ints) -> Found:
    """A good pairing of a long component: window after window along the text, each looking a little ahead."""
    rows = np.unique(i)
    rows = rows[np.lexsort((gold.end[rows], gold.start[rows]))]
    place = np.zeros(int(rows.max()) + 1, np.int64)
    place[rows] = np.arange(len(rows))
    order = np.argsort(place[i], kind="stable")
    i, j, worth = i[order], j[order], worth[order]
    at = place[i]
    taken = np.zeros(int(j.max()) + 1, bool)
    made: list[Found] = []
    for first in range(0, len(rows), WINDOW):
        low, high = np.searchsorted(at, (first, first + WINDOW + AHEAD))
        free = np.arange(low, high)[~taken[j[low:high]]]
        if not len(free):
            continue
        a, b, w = _solved(i[free], j[free], worth[free])
        kept = place[a] < first + WINDOW
        taken[b[kept]] = True
        made.append((a[kept], b[kept], w[kept]))
    a, b, w = (np.concatenate(column) for column in zip(*made, strict=True))
    return a, b, w
