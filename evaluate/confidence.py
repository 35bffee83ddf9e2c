"""What a system's confidences are worth: curves, average precision, calibration, operating point.

Every function takes the predictions that were made, each with its confidence and
whether it is right (paired with a gold item in a one-to-one match over all
predictions), and the number of gold items, since what was never predicted is
missed at every threshold. A threshold keeps the predictions whose confidence is
at least that; equal confidences therefore stand or fall together. Nothing is
paired anew below a threshold.

scikit-learn draws the curve (`pip install 'goldwire[stats]'`); this is the only
module that asks it to.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goldwire.annotate.problems import missing

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """Precision, recall and F1 at each distinct confidence, from the highest down."""

    threshold: Floats
    precision: Floats
    recall: Floats
    f1: Floats


@dataclass(frozen=True)
class Point:
    """An operating point: keep predictions with at least this confidence, and get these rates."""

    threshold: float
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Bin:
    """Predictions of similar confidence: how many, what they claim on average, how many are right."""

    low: float
    high: float
    n: int
    confidence: float
    right: float


@dataclass(frozen=True)
class Calibration:
    """Expected and largest calibration error, Brier score, and the bins they come from."""

    ece: float
    mce: float
    brier: float
    bins: tuple[Bin, ...]


def curve(confidence: Sequence[float], right: Sequence[bool], gold: int) -> Curve:
    """Precision against recall as the threshold falls; equal confidences are one point.

    Raises ValueError where more predictions are right than there are gold items.

    >>> c = curve([0.9, 0.5, 0.5, 0.2], [True, True, False, True], gold=4)
    >>> c.threshold.tolist(), c.precision.round(2).tolist(), c.recall.tolist()
    ([0.9, 0.5, 0.2], [1.0, 0.67, 0.75], [0.25, 0.5, 0.75])
    """
    score, hit = _checked(confidence, right, gold)
    if not hit.any():
        threshold = np.unique(score)[::-1]
        return Curve(threshold, *(np.zeros(len(threshold)) for _ in range(3)))
    try:
        from sklearn.metrics import precision_recall_curve
    except ImportError:
        raise missing("stats", "scikit-learn") from None
    precision, found, threshold = precision_recall_curve(hit, score)
    # Its recall is that of the gold items that were found at all, and its last point has no threshold.
    precision, recall = precision[:-1][::-1], found[:-1][::-1] * (hit.sum() / gold)
    # From whole counts, so that thresholds that are equally good are exactly so.
    hits = np.rint(recall * gold)
    kept = np.rint(np.divide(hits, precision, out=np.zeros(len(hits)), where=hits > 0))
    f1 = 2 * hits / (kept + gold)
    return Curve(threshold[::-1].astype(np.float64), precision, recall, f1)


def average_precision(
    confidence: Sequence[float], right: Sequence[bool], gold: int, rule: str = "step"
) -> float:
    """Average precision, under a rule that must be named with the number.

    ``step``: sum of the gain in recall times precision, equal confidences one threshold, nothing
    interpolated (scikit-learn's; here over all gold items). ``voc``: precision interpolated to the best at
    any higher recall, equal confidences in the order given (PASCAL VOC 2010). ``coco``: likewise, mean over
    101 recalls. Only ``step`` does not depend on the order of predictions. nan without gold items.

    >>> scores, right = [0.5, 0.5, 0.5, 0.5], [True, False, True, False]
    >>> [round(average_precision(scores, right, 4, rule), 3) for rule in ("step", "voc", "coco")]
    [0.25, 0.417, 0.422]
    """
    score, hit = _checked(confidence, right, gold)
    if not gold:
        return math.nan
    if rule == "step":
        points = curve(confidence, right, gold)
        return math.fsum(np.diff(points.recall, prepend=0.0) * points.precision)
    if rule not in ("voc", "coco"):
        raise ValueError(f"rule: {rule!r} is none of step, voc, coco")
    hits = np.cumsum(hit[np.argsort(-score, kind="stable")])
    precision = hits / np.arange(1, len(hits) + 1)
    best = np.maximum.accumulate(precision[::-1])[::-1]
    recall = hits / gold
    if rule == "voc":
        return math.fsum(np.diff(recall, prepend=0.0) * best)
    at = np.searchsorted(recall, np.linspace(0, 1, 101), side="left")
    return math.fsum(best[at[at < len(best)]]) / 101


def operating_point(points: Curve, *, precision: float = 0.0, recall: float = 0.0) -> Point | None:
    """Return the threshold of best F1 among those that reach ``precision`` and ``recall``; None if none does.

    Of equally good thresholds the one with the higher recall; then the highest.

    >>> points = curve([0.9, 0.5, 0.5, 0.2], [True, True, False, True], gold=4)
    >>> operating_point(points).threshold, operating_point(points, precision=0.9).threshold
    (0.2, 0.9)
    """
    allowed = np.flatnonzero((points.precision >= precision) & (points.recall >= recall))
    if not len(allowed):
        return None
    best = allowed[np.lexsort((points.threshold[allowed], points.recall[allowed], points.f1[allowed]))[-1]]
    columns = (points.threshold, points.precision, points.recall, points.f1)
    return Point(*(float(column[best]) for column in columns))


def held_out(
    confidence: Sequence[float], right: Sequence[bool], document: Sequence[str], gold: dict[str, int]
) -> Point:
    """Score each document at the threshold that is best on all the others, and pool the counts.

    A threshold chosen on the documents it is reported on flatters; this is what to expect of it on new
    ones. ``document`` names the document of each prediction, ``gold`` the gold items of every document.
    The threshold returned is the median of those chosen.

    >>> held_out([0.9, 0.4, 0.6, 0.3], [True, False, True, False], ["a", "a", "b", "b"], {"a": 1, "b": 1})
    Point(threshold=0.75, precision=1.0, recall=0.5, f1=0.6666666666666666)
    """
    score, hit = _checked(confidence, right, sum(gold.values()))
    names = np.asarray(document, dtype=object)
    kept, hits, thresholds = 0, 0, []
    for name, own in gold.items():
        here = names == name
        rest = sum(gold.values()) - own
        point = operating_point(curve(score[~here].tolist(), hit[~here].tolist(), rest)) if rest else None
        threshold = point.threshold if point else -math.inf
        thresholds.append(threshold)
        kept += int((here & (score >= threshold)).sum())
        hits += int((here & hit & (score >= threshold)).sum())
    total = sum(gold.values())
    p, r = (hits / n if n else math.nan for n in (kept, total))
    f1 = 2 * hits / (kept + total) if kept + total else math.nan
    return Point(float(np.median(thresholds)) if thresholds else math.nan, p, r, f1)


def calibration(confidence: Sequence[float], right: Sequence[bool], bins: int = 10) -> Calibration:
    """Expected calibration error over equal bins of [0, 1], each closed above, the first also below.

    ECE is the mean of |claimed - right| over predictions, bin by bin (Naeini et al. 2015); MCE the largest
    such gap; Brier the mean squared difference, which needs no bins. nan without predictions.
    Raises ValueError for a confidence outside [0, 1].

    >>> c = calibration([0.9, 0.9, 0.9, 0.3], [True, True, False, False], bins=2)
    >>> round(c.ece, 3), round(c.mce, 3), [b.n for b in c.bins]
    (0.25, 0.3, [1, 3])
    """
    score, hit = _checked(confidence, right, len(right))
    if len(score) and not (score.min() >= 0 and score.max() <= 1):
        raise ValueError(f"confidence: {score.min():g} to {score.max():g}, calibration needs 0 to 1")
    if not len(score):
        return Calibration(math.nan, math.nan, math.nan, ())
    edges = np.linspace(0, 1, bins + 1)
    place = np.clip(np.searchsorted(edges, score, side="left") - 1, 0, bins - 1)
    found = []
    for i in range(bins):
        inside = place == i
        if n := int(inside.sum()):
            claimed, true = math.fsum(score[inside]) / n, float(hit[inside].sum()) / n
            found.append(Bin(float(edges[i]), float(edges[i + 1]), n, claimed, true))
    gaps = [abs(b.confidence - b.right) for b in found]
    ece = math.fsum(gap * b.n for gap, b in zip(gaps, found, strict=True)) / len(score)
    return Calibration(ece, max(gaps), math.fsum((score - hit) ** 2) / len(score), tuple(found))


def risk_coverage(confidence: Sequence[float], right: Sequence[bool]) -> tuple[Floats, Floats, float]:
    """Coverage, risk and the area under them as less and less confident predictions are kept.

    Coverage is the share of predictions kept, risk the share of these that are wrong, one point a distinct
    confidence; the area (AURC, Geifman & El-Yaniv 2017) is the mean of the risk over coverage, each point
    weighing what it adds to coverage.

    >>> coverage, risk, area = risk_coverage([0.9, 0.8, 0.8, 0.1], [True, True, False, False])
    >>> coverage.tolist(), risk.round(3).tolist(), round(area, 3)
    ([0.25, 0.75, 1.0], [0.0, 0.333, 0.5], 0.292)
    """
    score, hit = _checked(confidence, right, len(right))
    if not len(score):
        return np.zeros(0), np.zeros(0), math.nan
    order = np.argsort(-score, kind="stable")
    last = np.flatnonzero(np.append(np.diff(score[order]) != 0, True))
    kept = last + 1
    risk = 1 - np.cumsum(hit[order])[last] / kept
    coverage = kept / len(score)
    return coverage, risk, math.fsum(np.diff(coverage, prepend=0.0) * risk)


def _checked(
    confidence: Sequence[float], right: Sequence[bool], gold: int
) -> tuple[Floats, NDArray[np.bool_]]:
    score, hit = np.asarray(confidence, dtype=np.float64), np.asarray(right, dtype=np.bool_)
    if len(score) != len(hit):
        raise ValueError(f"confidence: {len(score)} values for {len(hit)} predictions")
    if not np.isfinite(score).all():
        raise ValueError("confidence: not a finite number")
    if hit.sum() > gold:
        raise ValueError(f"right: {hit.sum()} predictions are right and there are {gold} gold items")
    return score, hit
