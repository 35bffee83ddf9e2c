"""Intervals from what each unit contributed to a score.

A unit is a document, or a sentence where a corpus has too few documents
(`choose`). Its row holds the four counts of every column (a column is a label,
a matching mode, a layer): an array (units, columns, 4) of p_hit, p_all, r_hit,
r_all, float64. A resample is a sum of rows, so that all columns come out of one
product of weights and rows.

The same seed gives the same digits on any machine: draws are the raw 64-bit
words of PCG64, whose stream numpy never changes (two draws of 32 bits a word,
low half first, index = draw * units >> 32; each resample begins with a new
word), and rows are rounded to a binary
fraction so short that every sum is exact, so that no order of summation differs
from another. Whole counts are left as they are.

Efron & Tibshirani, An Introduction to the Bootstrap, 1993 (percentile; BCa,
section 14.3). Paired tests stand in ``significance``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from goldwire.evaluate.draws import CHUNK, Floats, Rows, every, weights

Statistic = str | Callable[[Floats], Floats]

FEWEST_DOCUMENTS = 10
_HELD = 1 << 25  # bytes of resampled values of one block of columns
_NO_SPREAD = 1e-24  # a sum of squares below this is rounding


@dataclass(frozen=True)
class Intervals:
    """One interval a column. ``method`` is what was done, ``why`` says why a column has none.

    ``flat`` marks columns in which every resample gave the same value: a perfect score, say. Such an
    interval has no width because the bootstrap cannot see it, not because the score is certain.
    """

    value: Floats
    low: Floats
    high: Floats
    flat: NDArray[np.bool_]
    why: tuple[str, ...]
    method: str
    exact: bool
    resamples: int
    level: float
    seed: int


def choose(documents: int, sentences: int | None = None) -> tuple[str, str]:
    """Say what to resample: "document", "sentence", or nothing and the reason that a cell shows.

    ``sentences`` is their number where the counts decompose by sentence, else None.

    >>> choose(40), choose(3, 120), choose(3)
    (('document', ''), ('sentence', ''), ('', '3 documents'))
    """
    if documents >= FEWEST_DOCUMENTS:
        return "document", ""
    if sentences is not None and sentences >= FEWEST_DOCUMENTS:
        return "sentence", ""
    return "", f"{documents} document{'' if documents == 1 else 's'}"


def rates(totals: Floats, statistic: str = "f1") -> Floats:
    """Precision, recall or F1 of summed counts (…, 4): `counts.Counts.rates`, for arrays.

    >>> rates(np.array([[1.0, 2, 1, 4], [0, 0, 0, 3], [0, 0, 0, 0]]))
    array([0.33333333, 0.        ,        nan])
    >>> rates(np.array([1.0, 2, 1, 4]), "recall").item()
    0.25
    """
    p_hit, p_all, r_hit, r_all = (totals[..., i] for i in range(4))
    with np.errstate(divide="ignore", invalid="ignore"):
        match statistic:
            case "precision":
                return _float(p_hit / p_all)
            case "recall":
                return _float(r_hit / r_all)
            case "f1":
                # 2pr / (p + r) with p = p_hit / p_all and r = r_hit / r_all, cleared of fractions: one
                # division, so that equal counts give equal values whatever the way to them.
                score = 2 * p_hit * r_hit / (p_hit * r_all + r_hit * p_all)
                nothing = (p_hit == 0) | (r_hit == 0)
                return _float(np.where(nothing, np.where(p_all + r_all > 0, 0.0, np.nan), score))
    raise ValueError(f"statistic: {statistic!r} is none of precision, recall, f1")


def macro(statistic: str = "f1") -> Callable[[Floats], Floats]:
    """Mean over the columns, those without a value left out: one value a resample.

    >>> macro()(np.array([[1.0, 2, 1, 4], [1, 1, 1, 1], [0, 0, 0, 0]]))
    array([0.66666667])
    """

    def mean(totals: Floats) -> Floats:
        values = rates(totals, statistic)
        defined = ~np.isnan(values)
        with np.errstate(invalid="ignore"):
            return _float(np.where(defined, values, 0.0).sum(-1) / defined.sum(-1))[..., None]

    return mean


def intervals(
    units: Floats,
    *,
    statistic: Statistic = "f1",
    method: str = "percentile",
    level: float = 0.95,
    resamples: int = 10_000,
    seed: int = 7,
) -> Intervals:
    """Bootstrap an interval for every column of (units, columns, 4).

    ``statistic`` is precision, recall, f1, or a function of totals (…, columns, 4) to values (…, k), such
    as `macro`; with a function, units may be of any shape (units, …), and totals are of that shape too.
    ``method`` is percentile or bca. Where there are no more distinct resamples than ``resamples`` (up to
    eight units) all are enumerated, and the percentiles are exact. Percentiles are interpolated linearly.
    Resamples in which a column is undefined are left out of its percentiles. A column to which fewer than
    two units contribute has no interval, and ``why`` says so. BCa falls back to the percentile where it is
    undefined: no spread, or the value outside all resamples.

    Raises ValueError for an unknown method or an array of another shape.

    >>> found = intervals(np.array([[[3.0, 4, 3, 4]], [[0, 2, 0, 0]], [[5, 5, 5, 7]], [[1, 2, 1, 5]]]))
    >>> found.exact, found.low.round(4).tolist(), found.value.round(4).tolist(), found.high.round(4).tolist()
    (True, [0.2222], [0.6207], [0.8])
    """
    if method not in ("percentile", "bca"):
        raise ValueError(f"method: {method!r} is none of percentile, bca")
    units = np.asarray(units, dtype=np.float64) if callable(statistic) else checked(units)
    return _bootstrap((units,), statistic, None, method=method, level=level, resamples=resamples, seed=seed)


def paired(
    a: Floats,
    b: Floats,
    *,
    statistic: Statistic = "f1",
    method: str = "percentile",
    level: float = 0.95,
    resamples: int = 10_000,
    seed: int = 7,
) -> Intervals:
    """Bootstrap an interval for the difference a - b, both resampled by the same draws; see `intervals`.

    >>> a = np.array([[[3.0, 3, 3, 4]], [[2, 2, 2, 2]]])
    >>> b = np.array([[[1.0, 3, 1, 4]], [[2, 2, 2, 2]]])
    >>> paired(a, b).value.round(4).tolist(), paired(a, b).high.round(4).tolist()
    ([0.3636], [0.5558])
    """
    both = side_by_side(a, b)
    columns = both[0].shape[1]

    def difference(totals: Floats) -> Floats:
        return apply(statistic, totals[..., :columns, :]) - apply(statistic, totals[..., columns:, :])

    held = _contributing(*both)
    return _bootstrap(both, difference, held, method=method, level=level, resamples=resamples, seed=seed)


def wilson(hits: float, all_: float, level: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval (1927) of a share: what to show where a bootstrap has no width.

    It takes items for independent, which items of one document are not.

    >>> [round(x, 2) for x in wilson(8, 8)]
    [0.68, 1.0]
    """
    if not all_:
        return math.nan, math.nan
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, z2 = hits / all_, z * z
    middle = (share + z2 / (2 * all_)) / (1 + z2 / all_)
    half = z * math.sqrt(share * (1 - share) / all_ + z2 / (4 * all_ * all_)) / (1 + z2 / all_)
    return max(0.0, middle - half), min(1.0, middle + half)


def checked(units: Floats) -> Floats:
    """The array as float64; ValueError if its shape is not (units, columns, 4)."""
    units = np.asarray(units, dtype=np.float64)
    if units.ndim != 3 or units.shape[2] != 4:
        raise ValueError(f"units: the shape is {units.shape}, not (units, columns, 4)")
    return units


def side_by_side(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Both systems as arrays; ValueError if their shapes differ."""
    a, b = checked(a), checked(b)
    if a.shape != b.shape:
        raise ValueError(f"the systems differ in units and columns: {a.shape[:2]} and {b.shape[:2]}")
    return a, b


def _contributing(*parts: Floats) -> NDArray[np.int64]:
    """How many units contribute to each column of (units, columns, 4), of any of the parts."""
    columns = range(parts[0].shape[1])
    each = [np.logical_or.reduce([part[:, k].any(axis=1) for part in parts]).sum() for k in columns]
    return np.array(each, dtype=np.int64)


def _float(values: NDArray[np.floating]) -> Floats:
    return np.asarray(values, dtype=np.float64)


def apply(statistic: Statistic, totals: Floats) -> Floats:
    """The statistic of totals (…, columns, 4)."""
    return statistic(totals) if callable(statistic) else rates(totals, statistic)


def _bootstrap(
    parts: Sequence[Floats],
    statistic: Statistic,
    held: NDArray[np.int64] | None,
    *,
    method: str,
    level: float,
    resamples: int,
    seed: int,
) -> Intervals:
    """The parts stand side by side: two systems, or one.

    ``held``: how many units contribute to each value; None where values are columns, or of all columns.
    """
    if method not in ("percentile", "bca"):
        raise ValueError(f"method: {method!r} is none of percentile, bca")
    n, columns = len(parts[0]), sum(part.shape[1] for part in parts)
    exact = n < 10 and math.comb(max(2 * n - 1, 0), n) <= resamples
    # A function of all columns sees them all; others are taken in blocks, so that the values fit in memory.
    wide = columns if callable(statistic) else max(1, _HELD // (8 * resamples))
    found = []
    for first in range(0, max(columns, 1), max(wide, 1)):
        taken = parts if len(parts) > 1 else [parts[0][:, first : first + wide]]
        shape = (sum(part.shape[1] for part in taken), *parts[0].shape[2:])
        rows = Rows(taken)
        if exact:
            whole = rows.of(slice(None)).reshape(n, *shape)
            values, ways = zip(*((apply(statistic, t), w) for t, w in every(whole)), strict=True)
        else:
            drawn = weights(n, rows.width, resamples, seed)
            values = tuple(apply(statistic, rows.times(w).reshape(len(w), *shape)) for w in drawn)
            ways = (np.ones(resamples, dtype=np.int64),)
        found.append(
            _interval(
                rows,
                shape,
                np.concatenate(values),
                np.concatenate(ways),
                statistic,
                method=method,
                level=level,
            )
        )
    value, low, high, flat = (np.concatenate([part[i] for part in found]) for i in range(4))
    if held is None:
        own = len(value) == columns and not callable(statistic)
        held = _contributing(parts[0]) if own else np.full(len(value), n)
    why = tuple("" if k > 1 else "one unit" if k else "nothing to count" for k in held.tolist())
    alone = held < 2
    low, high = np.where(alone, np.nan, low), np.where(alone, np.nan, high)
    return Intervals(value, low, high, flat, why, method, exact, n**n if exact else resamples, level, seed)


def _interval(
    rows: Rows,
    shape: tuple[int, ...],
    values: Floats,
    ways: NDArray[np.int64],
    statistic: Statistic,
    *,
    method: str,
    level: float,
) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    total = rows.total().reshape(shape)
    value = apply(statistic, total)
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    q = np.repeat(tails[:, None], len(value), axis=1)
    if method == "bca":
        size = max(1, CHUNK // (8 * max(total.size, 1)))
        steps = [slice(first, first + size) for first in range(0, rows.units, size)]
        left_out = [apply(statistic, total - rows.of(step).reshape(-1, *shape)) for step in steps]
        q = _bca(value, values, ways, np.concatenate(left_out) if left_out else value[None][:0], tails)
    low, high, least, most = _quantiles(
        values, ways, np.concatenate([q, np.repeat([[0.0], [1.0]], len(value), 1)])
    )
    return value, low, high, least == most


def _bca(value: Floats, values: Floats, ways: NDArray[np.int64], left_out: Floats, tails: Floats) -> Floats:
    """Corrected tail probabilities (2, columns); the plain ones where the correction is undefined."""
    normal = NormalDist()
    q = np.repeat(tails[:, None], len(value), axis=1)
    for column in range(len(value)):
        defined = ~np.isnan(values[:, column])
        all_ = ways[defined].sum()
        here, weight = values[defined, column], ways[defined]
        less, same = weight[here < value[column]].sum(), weight[here == value[column]].sum()
        share = float(less + same / 2) / float(all_) if all_ else math.nan
        jack = left_out[~np.isnan(left_out[:, column]), column]
        away = jack.mean() - jack if len(jack) else jack
        spread = math.fsum(away**2)
        if not 0 < share < 1 or spread < _NO_SPREAD:
            continue
        z0, acceleration = normal.inv_cdf(share), math.fsum(away**3) / (6 * spread**1.5)
        for tail, plain in enumerate(tails):
            z = z0 + normal.inv_cdf(plain)
            q[tail, column] = normal.cdf(z0 + z / (1 - acceleration * z))
    return q


def _quantiles(values: Floats, ways: NDArray[np.int64], q: Floats) -> Floats:
    """Linear percentiles q (k, columns) of the defined values (rows, columns), each row ``ways`` times."""
    once = bool((ways == 1).all())
    columns = np.ascontiguousarray(values.T)
    order = None if once else np.argsort(columns, axis=1, kind="stable")
    ranked = np.sort(columns, axis=1) if order is None else np.take_along_axis(columns, order, axis=1)
    out = np.full(q.shape, np.nan)
    for column, row in enumerate(ranked):  # nan comes last
        defined = len(row) - int(np.isnan(row).sum())
        if not defined:
            continue
        until = np.arange(1, defined + 1) if order is None else np.cumsum(ways[order[column, :defined]])
        place = q[:, column] * (int(until[-1]) - 1)
        below = np.floor(place)
        lower = row[np.searchsorted(until, below, side="right")]
        upper = row[np.searchsorted(until, np.ceil(place), side="right")]
        out[:, column] = lower + (upper - lower) * (place - below)
    return out
