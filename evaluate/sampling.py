"""What is resampled, documents or their sentences, and the interval that stands beside each score."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import TypeVar

import numpy as np

from goldwire.evaluate import resample
from goldwire.evaluate.counts import Counts, Tally, total
from goldwire.evaluate.draws import Floats

Key = TypeVar("Key", bound=Hashable)
ALL = ""  # the column of all labels together


@dataclass(frozen=True)
class Units:
    """Rows of counts (units, columns, 4); the first column is all labels together, then each label.

    ``kind`` is document or sentence; "" where neither will do, and ``why`` is what to show instead.
    """

    kind: str
    why: str
    columns: tuple[str, ...]
    rows: Floats


@dataclass(frozen=True)
class Bounds:
    """An interval to show beside a score, ``low`` to ``high``, or nan and ``why`` there is none.

    ``by`` is document or sentence (what was resampled), or item: where every resample gave the same score,
    Wilson's interval of a share of so many items stands in for the bootstrap, which cannot see any spread.
    """

    low: float = nan
    high: float = nan
    by: str = ""
    why: str = ""

    def __str__(self) -> str:
        """Two digits after the point, or a dash and the reason.

        >>> print(Bounds(0.5, 0.75), Bounds(why="3 documents"))
        [.50, .75] – (3 documents)
        """
        if isnan(self.low):
            return f"– ({self.why})" if self.why else "–"
        low, high = (f"{x:.2f}".removeprefix("0") for x in (self.low, self.high))
        return f"[{low}, {high}]"


def units(tallies: Sequence[Tally], sentences: Sequence[Sequence[int]] = ()) -> Units:
    """Count rows by document, or by sentence where there are too few documents and the metric allows it.

    ``tallies`` has one tally a document, ``sentences`` for each where its sentences begin.

    >>> from goldwire.evaluate.counts import Entry
    >>> tallies = [Tally([Entry("A", at, 1, 1, 1, 1) for at in range(0, 50, 5)])]
    >>> found = units(tallies, [range(0, 50, 5)])
    >>> found.kind, found.columns, found.rows.shape
    ('sentence', ('', 'A'), (10, 2, 4))
    >>> units(tallies).why
    '1 document'
    """
    columns = (ALL, *sorted({label for tally in tallies for label in tally}))
    whole = len(sentences) == len(tallies) and all(sentences) and all(t.divisible for t in tallies)
    kind, why = resample.choose(len(tallies), sum(map(len, sentences)) if whole else None)
    parts = list(tallies)
    if kind == "sentence":
        parts = [p for t, starts in zip(tallies, sentences, strict=True) for p in t.within(starts)]
    rows = [[_four(part.total if c == ALL else part.get(c, Counts())) for c in columns] for part in parts]
    return Units(kind, why, columns, np.array(rows, dtype=np.float64).reshape(len(parts), len(columns), 4))


def bounds(
    tallies: Sequence[Tally],
    sentences: Sequence[Sequence[int]] = (),
    *,
    statistic: str = "f1",
    method: str = "percentile",
    level: float = 0.95,
    resamples: int = 10_000,
    seed: int = 7,
) -> dict[str, Bounds]:
    """Return the interval of a metric for all labels together (""), for "macro", and for each label.

    >>> from goldwire.evaluate.counts import Entry
    >>> tallies = [Tally([Entry("A", -1, 1, 1, i % 3 > 0, 1)]) for i in range(12)]
    >>> {name: str(b) for name, b in bounds(tallies, statistic="recall").items()}
    {'': '[.42, .92]', 'A': '[.42, .92]', 'macro': '[.42, .92]'}
    """
    options = {"statistic": statistic, "method": method, "level": level, "resamples": resamples, "seed": seed}
    return together({"": tallies}, sentences, means={""}, **options)[""]  # type: ignore[arg-type]


def together(
    tallies: Mapping[Key, Sequence[Tally]],
    sentences: Sequence[Sequence[int]] = (),
    *,
    means: Collection[Key] = (),
    statistic: str = "f1",
    method: str = "percentile",
    level: float = 0.95,
    resamples: int = 10_000,
    seed: int = 7,
) -> dict[Key, dict[str, Bounds]]:
    """Return what `bounds` does for each of several metrics, all of them out of the same resamples.

    ``means`` are the metrics of which an interval of the macro mean is wanted, too.
    """
    options = {"method": method, "level": level, "resamples": resamples, "seed": seed}
    found = {key: units(each, sentences) for key, each in tallies.items()}
    result: dict[Key, dict[str, Bounds]] = {
        key: {name: Bounds(why=u.why) for name in (*u.columns, "macro")}
        for key, u in found.items()
        if not u.kind
    }
    for kind in ("document", "sentence"):
        own = {key: u for key, u in found.items() if u.kind == kind}
        if not own:
            continue
        rows = np.concatenate([u.rows for u in own.values()], axis=1)
        each = resample.intervals(rows, statistic=statistic, **options)  # type: ignore[arg-type]
        first = 0
        for key, u in own.items():
            sums = [
                total(t.total for t in tallies[key]),
                *(total(t[c] for t in tallies[key] if c in t) for c in u.columns[1:]),
            ]
            row = {c: _bounds(kind, each, first + i, sums[i], statistic) for i, c in enumerate(u.columns)}
            if key in means:
                mean = resample.intervals(
                    u.rows[:, 1:],
                    statistic=resample.macro(statistic),
                    **options,  # type: ignore[arg-type]
                )
                row["macro"] = _bounds(kind, mean, 0, sums[0], statistic)
            result[key] = row
            first += len(u.columns)
    return result


def of_clusters(
    parts: Mapping[str, Sequence[Tally]],
    mean: str,
    *,
    method: str = "percentile",
    level: float = 0.95,
    resamples: int = 10_000,
    seed: int = 7,
) -> Bounds:
    """Return the interval of F1 of a mean of cluster metrics, ``conll`` or ``blanc`` (`coreference`).

    ``parts`` has the tallies of each metric that takes part, by its name, one a document.

    >>> from goldwire.evaluate.counts import Entry
    >>> row = [Tally([Entry("", -1, i % 2, 1, i % 2, 1)]) for i in range(10)]
    >>> print(of_clusters({"muc": row, "b3": row, "ceaf_e": row}, "conll"))
    [.20, .80]
    """
    names = ("muc", "b3", "ceaf_e") if mean == "conll" else ("blanc_coref", "blanc_other")
    found = [units(parts[name]) for name in names]
    if not found[0].kind:
        return Bounds(why=found[0].why)
    rows = np.concatenate([u.rows[:, :1] for u in found], axis=1)
    statistic = resample.macro() if mean == "conll" else _blanc
    each = resample.intervals(
        rows, statistic=statistic, method=method, level=level, resamples=resamples, seed=seed
    )
    return _bounds(found[0].kind, each, 0, total(t.total for t in parts[names[0]]), "f1")


def _blanc(totals: Floats) -> Floats:
    """F1 of BLANC: the mean over the kinds of pairs that gold has, over both together if it has none."""
    values, used = resample.rates(totals), totals[..., 3] > 0
    with np.errstate(invalid="ignore"):
        mean = np.where(used, values, 0.0).sum(-1) / used.sum(-1)
    return np.where(used.any(-1), mean, resample.rates(totals.sum(-2)))[..., None]


def _bounds(kind: str, found: resample.Intervals, i: int, counts: Counts, statistic: str) -> Bounds:
    if found.why[i]:
        return Bounds(why=f"one {kind}" if found.why[i] == "one unit" else found.why[i])
    if not found.flat[i]:
        return Bounds(float(found.low[i]), float(found.high[i]), kind)
    items = {"precision": counts.p_all, "recall": counts.r_all}.get(
        statistic, (counts.p_all + counts.r_all) / 2
    )
    return Bounds(*resample.wilson(float(found.value[i]) * items, items, found.level), "item")


def _four(c: Counts) -> tuple[float, float, float, float]:
    return c.p_hit, c.p_all, c.r_hit, c.r_all
