"""The geometry of the report's plots: rates in, coordinates out; the template draws them.

By hand rather than with matplotlib: its SVG turns words into outlines, which no screen
reader reads and no search finds, fixes the colours, so that a dark page cannot have its
own, and takes some 40 kB for each plot. These are a few hundred bytes of lines and text,
in the colours of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isnan
from typing import NamedTuple

from goldwire.evaluate.scores import Row

PLANE = 260  # pixels of the precision-recall plane, a side
CONTOURS = (0.2, 0.4, 0.6, 0.8)
LINE = 12  # pixels between the names of points
Box = tuple[float, float, float, float]  # left, top, right, bottom


class Dot(NamedTuple):
    """F1 of one system on one metric in a plot of 0 to 100 (x), with its interval; low is -1 without one."""

    system: int
    x: float
    low: float
    high: float
    said: str


class Point(NamedTuple):
    """One layer in the plane: x is recall, y precision downwards, ``label`` is written at ``label_y``."""

    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str
    label: str
    said: str


class Contour(NamedTuple):
    """A line of equal F1, as an SVG path, and where its name stands."""

    f1: str
    path: str
    x: float
    y: float


def dot(system: int, row: Row, said: str) -> Dot | None:
    """Where a row's F1 stands; None where it is not defined."""
    if isnan(row.rates.f1):
        return None
    bounds = row.interval
    known = bounds is not None and not isnan(bounds.low)
    low, high = (100 * bounds.low, 100 * bounds.high) if bounds and known else (-1.0, -1.0)
    return Dot(system, round(100 * row.rates.f1, 1), round(low, 1), round(high, 1), said)


def contours() -> list[Contour]:
    """Lines of equal F1: precision = f r / (2 r - f), for r from f / (2 - f) to 1.

    >>> [(c.f1, c.path[:12]) for c in contours()][0]
    ('0.2', 'M28.9 0.0L29')
    """
    found = []
    for f1 in CONTOURS:
        least = f1 / (2 - f1)
        recalls = [least + (1 - least) * (k / 24) ** 2 for k in range(25)]
        places = [(PLANE * r, PLANE * (1 - min(f1 * r / (2 * r - f1), 1))) for r in recalls]
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        found.append(Contour(f"{f1:g}", path, PLANE, round(places[-1][1], 1)))
    return found


def points(rows: Sequence[tuple[str, Row]], said: Sequence[str]) -> list[Point]:
    """Layers in the plane, each with its name where it covers least; without precision or recall left out."""
    found = [
        (PLANE * row.rates.recall, PLANE * (1 - row.rates.precision), label, words)
        for (label, row), words in zip(rows, said, strict=True)
        if not isnan(row.rates.recall) and not isnan(row.rates.precision)
    ]
    taken: list[Box] = [(x - 6, y - 6, x + 6, y + 6) for x, y, _, _ in found]
    placed: list[Point] = []
    for x, y, label, words in sorted(found, key=lambda p: (p[1], p[0])):
        box, at, anchor = _place(x, y, 6.5 * len(label), taken)
        taken.append(box)
        placed.append(
            Point(round(x, 1), round(y, 1), round(at[0], 1), round(at[1] + 4, 1), anchor, label, words)
        )
    return placed


def _place(x: float, y: float, width: float, taken: Sequence[Box]) -> tuple[Box, tuple[float, float], str]:
    """Where a name beside a point covers least: its box, where its text stands, and which end of it."""
    best: tuple[Box, tuple[float, float], str] | None = None
    least = inf
    # The nearest places come first, so that of equals they are taken.
    for down in sorted(range(-7 * LINE, 8 * LINE, LINE // 2), key=lambda d: (abs(d), d < 0)):
        for anchor, left, at in (("start", x + 9, x + 9), ("end", x - 9 - width, x - 9)):
            box = (left, y + down - 7, left + width, y + down + 5)
            cost = _covered(box, taken) + _outside(box)
            if cost < least:
                least, best = cost, (box, (at, y + down), anchor)
    assert best
    return best


def _covered(box: Box, taken: Sequence[Box]) -> float:
    """How much of a box others cover."""
    return sum(
        max(0.0, min(box[2], b[2]) - max(box[0], b[0])) * max(0.0, min(box[3], b[3]) - max(box[1], b[1]))
        for b in taken
    )


def _outside(box: Box) -> float:
    """How far a box leaves the plane."""
    return 20 * sum(max(0.0, x) for x in (-box[0], -8 - box[1], box[2] - PLANE, box[3] - PLANE))
