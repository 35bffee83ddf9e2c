"""The most pairs of overlapping intervals, one to one, in one sweep.

Take the interval that ends first, of either side. Whatever is left on the other side
and begins before it ends overlaps it, for all that is left ends later. Pair it with
the one of those that ends first. This is optimal: let some best pairing give it, g,
another partner p, and p' (the first to end) the partner g'. Exchanged they overlap
still: g and p' do, and g' begins before p' ends, so before p ends, and does not end
before g does, which is after p begins. If g or p' is free there, pairing them costs
at most one pair and gains one. So no edges are needed: n intervals take n log n,
however many of them overlap, nest or coincide.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush

Interval = tuple[int, int, int]  # start, end (half-open, start < end), and what orders equal ones


def pairs(gold: Sequence[Interval], pred: Sequence[Interval]) -> list[tuple[int, int]]:
    """Index pairs of a largest one-to-one pairing of intervals that share a position.

    Of equal intervals the one with the smallest third member goes first, so the order of the
    sequences decides nothing but which of two equal triples is taken.

    >>> pairs([(5, 10, 0), (9, 15, 0)], [(0, 6, 0), (5, 10, 0)])
    [(0, 0), (1, 1)]
    >>> pairs([(0, 5, 0)], [(5, 9, 0)])
    []
    """
    sides = (gold, pred)
    # Who ends first is next to be paired, who begins first is next to be available.
    order = sorted((x[1], x[0], x[2], side, i) for side in (0, 1) for i, x in enumerate(sides[side]))
    arriving = [sorted(range(len(s)), key=lambda i, s=s: s[i], reverse=True) for s in sides]  # type: ignore[misc]
    ready: tuple[list[tuple[int, int, int, int]], ...] = ([], [])
    used = [bytearray(len(s)) for s in sides]
    found: list[tuple[int, int]] = []
    for end, _, _, side, i in order:
        if used[side][i]:
            continue
        used[side][i] = True
        other = 1 - side
        rows, waiting, heap, taken = sides[other], arriving[other], ready[other], used[other]
        while waiting and rows[waiting[-1]][0] < end:
            j = waiting.pop()
            heappush(heap, (rows[j][1], rows[j][0], rows[j][2], j))
        while heap and taken[heap[0][3]]:
            heappop(heap)
        if heap:
            j = heappop(heap)[3]
            taken[j] = True
            found.append((i, j) if side == 0 else (j, i))
    return sorted(found)
