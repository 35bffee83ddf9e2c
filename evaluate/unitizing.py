"""Agreement on where units begin and end: Krippendorff's alpha_U.

A unit is (start, end, label), half-open; a continuum is what each annotator
marked in one text. Units are not paired first: every unit is compared with what
the other annotators have in its place, squared differences of the bounds being
the disagreement. 1 is perfect agreement, 0 that of chance.

Krippendorff, Sociological Methodology 25, 1995; Content Analysis, 2nd edition,
2004, section 11.6 (with the sign in the expected disagreement that the later
text mends).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Unit = tuple[float, float, str]
Continuum = Sequence[Iterable[Unit]]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Disagreement:
    """Observed and expected disagreement, and the coefficient that is 1 - observed / expected."""

    observed: float
    expected: float

    @property
    def coefficient(self) -> float:
        """nan where nothing could disagree."""
        return 1 - self.observed / self.expected if self.expected else math.nan


def alpha_u(continua: Sequence[tuple[float, Continuum]]) -> tuple[Disagreement, dict[str, Disagreement]]:
    """Return alpha_U over all labels, and for each label.

    ``continua`` gives for each text its length and what each annotator marked, annotators in one order.
    Texts are one continuum whose gaps end where a text ends. Units of one annotator and label must not
    overlap (see `outermost`); units without length weigh nothing and are left out.

    Raises ValueError where they overlap, or texts have different numbers of annotators.

    >>> long, short = [(1, 9, "A")], [(2, 3, "A"), (4, 5, "A"), (6, 7, "A")]
    >>> overall, by_label = alpha_u([(10, [long, short])])
    >>> overall.observed, round(overall.expected, 4), round(overall.coefficient, 4)
    (0.91, 0.5352, -0.7003)
    """
    texts = [(length, [distinct(marked) for marked in continuum]) for length, continuum in continua]
    annotators = {len(continuum) for _, continuum in texts}
    if len(annotators) > 1:
        raise ValueError(f"alpha_u: texts with {' and '.join(map(str, sorted(annotators)))} annotators")
    m = annotators.pop() if annotators else 0
    total = math.fsum(length for length, _ in texts)
    labels = sorted({unit[2] for _, continuum in texts for units in continuum for unit in units})
    found = {label: _label_disagreement(texts, label, m, total) for label in labels} if m > 1 else {}
    observed = math.fsum(d.observed for d in found.values())
    expected = math.fsum(d.expected for d in found.values())
    return Disagreement(observed, expected), found


def outermost(units: Iterable[Unit]) -> list[Unit]:
    """Keep of each label the units that overlap none before them, the longest at a place first.

    >>> outermost([(4, 9, "A"), (0, 9, "A"), (0, 3, "B"), (7, 12, "A")])
    [(0, 3, 'B'), (0, 9, 'A')]
    """
    kept: list[Unit] = []
    reached: dict[str, float] = {}
    for start, end, label in sorted(set(units), key=lambda u: (u[2], u[0], -u[1])):
        if start >= reached.get(label, -math.inf):
            kept.append((start, end, label))
            reached[label] = end
    return sorted(kept)


def distinct(units: Iterable[Unit]) -> list[Unit]:
    """The units without repetition and without those of no length, in order."""
    return sorted({unit for unit in units if unit[1] > unit[0]})


def _label_disagreement(
    texts: Sequence[tuple[float, Sequence[Sequence[Unit]]]], label: str, m: int, total: float
) -> Disagreement:
    observed, all_sizes, all_gaps = 0.0, [], []
    for length, continuum in texts:
        bounds = [np.array([u[:2] for u in units if u[2] == label]).reshape(-1, 2) for units in continuum]
        observed += math.fsum(_difference(a, b) for i, a in enumerate(bounds) for b in bounds[:i])
        all_sizes += [b[:, 1] - b[:, 0] for b in bounds]
        all_gaps += [_gaps(b, length, label) for b in bounds]
    sizes, gaps = np.concatenate(all_sizes), np.concatenate(all_gaps)
    # How far a unit lies, on average over all places, from each of the others and inside which gaps.
    from_units = (len(sizes) - 1) / 3 * (2 * sizes**3 - 3 * sizes**2 + sizes)
    room = np.maximum(gaps[None, :] - sizes[:, None] + 1, 0) * (gaps[None, :] >= sizes[:, None])
    moved = math.fsum(from_units + sizes**2 * room.sum(1))
    places = m * total * (m * total - 1) - math.fsum(sizes * (sizes - 1))
    return Disagreement(2 * observed / (m * (m - 1) * total**2), 2 / total * moved / places)


def _difference(a: Floats, b: Floats) -> float:
    """Squared differences of the bounds of units that overlap, and squared lengths of those that do not."""
    meet = np.maximum(a[:, None, 0], b[None, :, 0]) < np.minimum(a[:, None, 1], b[None, :, 1])
    apart = ((a[:, None, :] - b[None, :, :]) ** 2).sum(2)[meet].sum()
    lone_a, lone_b = a[~meet.any(1)], b[~meet.any(0)]
    return float(apart + sum(((x[:, 1] - x[:, 0]) ** 2).sum() for x in (lone_a, lone_b)))


def _gaps(bounds: Floats, length: float, label: str) -> Floats:
    """Lengths of what lies before, between and after the units of one annotator."""
    if len(bounds) and (bounds[0, 0] < 0 or bounds[-1, 1] > length):
        raise ValueError(f"alpha_u: a unit of {label!r} lies outside the text of length {length:g}")
    gaps: Floats = np.append(bounds[:, 0], length) - np.insert(bounds[:, 1], 0, 0)
    if (gaps < 0).any():
        raise ValueError(f"alpha_u: units of one annotator overlap in {label!r}")
    return gaps[gaps > 0]
