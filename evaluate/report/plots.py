"""The geometry of the report's plots: rates in, coordinates out; the template draws them.

By hand rather than with matplotlib: its SVG turns words into outlines, which no screen
reader reads and no search finds, fixes the colours, so that a dark page cannot have its
own, and takes some 40 kB for each plot. These are a few hundred bytes of lines and text,
in the colours of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import NamedTuple

from goldwire.evaluate.scores import Row

PLANE = 260  # pixels of the precision-recall plane, a side
CONTOURS = (0.2, 0.4, 0.6, 0.8)


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
    """Layers in the plane, their names moved apart; those without precision or recall are left out."""
    line = 12
    found = [
        (PLANE * row.rates.recall, PLANE * (1 - row.rates.precision), label, words)
        for (label, row), words in zip(rows, said, strict=True)
        if not isnan(row.rates.recall) and not isnan(row.rates.precision)
    ]
    placed: list[Point] = []
    for x, y, label, words in sorted(found, key=lambda p: p[1]):
        width = 6.5 * len(label)
        left = x + 8 + width > PLANE
        span = (x - 8 - width, x - 8) if left else (x + 8, x + 8 + width)
        at = y + 4
        for p in placed:
            other = 6.5 * len(p.label)
            theirs = (p.label_x - other, p.label_x) if p.anchor == "end" else (p.label_x, p.label_x + other)
            if span[0] < theirs[1] and theirs[0] < span[1] and at < p.label_y + line:
                at = max(at, p.label_y + line)
        placed.append(
            Point(
                round(x, 1),
                round(y, 1),
                round(x - 8 if left else x + 8, 1),
                round(at, 1),
                "end" if left else "start",
                label,
                words,
            )
        )
    return placed
