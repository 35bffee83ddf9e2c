"""Coefficients of agreement on labels: Cohen's and Fleiss' kappa, Krippendorff's alpha.

Each is a function of sums over items, so that it can be resampled like any score:
a table for two annotators, or for any number of them a row of sums.

Cohen, Educational and Psychological Measurement 20, 1960; Fleiss, Psychological
Bulletin 76, 1971; Krippendorff, Content Analysis, 2004, chapter 11.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any, Literal

import numpy as np

from goldwire.annotate.problems import missing
from goldwire.evaluate.draws import Floats

Level = Literal["nominal", "ordinal", "interval", "ratio"]
Labels = Sequence[Hashable | None]  # what each annotator said of one item; None where it has none


def cohen(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Cohen's kappa of two annotators; nan where chance alone would make them agree, or nothing is there.

    >>> round(cohen([("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")]), 3)
    0.5
    """
    return float(cohen_of(tables(pairs).sum(0)))


def fleiss(items: Sequence[Labels]) -> float:
    """Fleiss' kappa of any number of annotators, over the items that all of them have.

    >>> round(fleiss([("a", "a", "a"), ("a", "b", "a"), ("b", "b", "b")]), 3)
    0.55
    """
    return float(fleiss_of(fleiss_rows(items).sum(0)))


def alpha(items: Sequence[Sequence[Any]], level: Level = "nominal") -> float:
    """Krippendorff's alpha of any number of annotators, who need not all have every item.

    ``level`` is nominal, ordinal, interval or ratio; the last three need the library `krippendorff`
    (goldwire[stats]) and numbers.

    >>> round(alpha([("a", "a", None), ("a", "b", "a"), ("b", "b", "b")]), 3)
    0.562
    """
    if level == "nominal":
        return float(alpha_of(alpha_rows(items).sum(0)))
    try:
        import krippendorff
    except ImportError:
        raise missing("stats", "krippendorff") from None
    data = np.array(
        [[math.nan if x is None else float(x) for x in item] for item in items], dtype=np.float64
    ).T
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement=level))


def tables(pairs: Sequence[tuple[Hashable, Hashable]]) -> Floats:
    """One table (labels, labels) an item, with a 1 where its two labels meet."""
    places = _places(x for pair in pairs for x in pair)
    rows = np.zeros((len(pairs), len(places), len(places)))
    for row, (a, b) in zip(rows, pairs, strict=True):
        row[places[a], places[b]] = 1
    return rows


def cohen_of(table: Floats) -> Floats:
    """Kappa of summed tables (…, labels, labels)."""
    n = table.sum((-2, -1))
    with np.errstate(invalid="ignore", divide="ignore"):
        same = np.trace(table, axis1=-2, axis2=-1) / n
        chance = (table.sum(-1) * table.sum(-2)).sum(-1) / n**2
        return np.where(1 - chance > _NOTHING, (same - chance) / (1 - chance), np.nan)


def fleiss_rows(items: Sequence[Labels]) -> Floats:
    """One row an item that everybody has: 1, its agreement, the share of each label."""
    whole = [item for item in items if None not in item]
    places = _places(x for item in whole for x in item)
    rows = np.zeros((len(whole), 2 + len(places)))
    for row, item in zip(rows, whole, strict=True):
        m = len(item)
        row[0] = 1
        for label, n in Counter(item).items():
            row[1] += n * (n - 1) / (m * (m - 1)) if m > 1 else math.nan
            row[2 + places[label]] = n / m
    return rows


def fleiss_of(row: Floats) -> Floats:
    """Fleiss' kappa of summed rows (…, 2 + labels)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        same = row[..., 1] / row[..., 0]
        chance = ((row[..., 2:] / row[..., :1]) ** 2).sum(-1)
        return np.where(1 - chance > _NOTHING, (same - chance) / (1 - chance), np.nan)


def alpha_rows(items: Sequence[Labels]) -> Floats:
    """One row an item that two or more have: the pairs in it that disagree, and how often each label."""
    held = [[x for x in item if x is not None] for item in items]
    held = [item for item in held if len(item) > 1]
    places = _places(x for item in held for x in item)
    rows = np.zeros((len(held), 1 + len(places)))
    for row, item in zip(rows, held, strict=True):
        m, counts = len(item), Counter(item)
        row[0] = sum(n * (m - n) for n in counts.values()) / (m - 1)
        for label, n in counts.items():
            row[1 + places[label]] = n
    return rows


def alpha_of(row: Floats) -> Floats:
    """Nominal alpha of summed rows (…, 1 + labels)."""
    counts = row[..., 1:]
    n = counts.sum(-1)
    expected = n**2 - (counts**2).sum(-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > _NOTHING, 1 - (n - 1) * row[..., 0] / expected, np.nan)


def _places(labels: Any) -> dict[Hashable, int]:
    return {label: i for i, label in enumerate(sorted(set(labels), key=repr))}


_NOTHING = 1e-12
