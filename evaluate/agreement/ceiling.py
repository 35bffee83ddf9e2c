"""A system beside the annotators: its F1 against gold, theirs among each other, on the same metrics.

No system is right beyond what annotators agree on; where it scores higher it has
learnt whose habits gold follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isnan, nan
from typing import NamedTuple

from goldwire.annotate.document import Document
from goldwire.evaluate import metrics
from goldwire.evaluate.agreement import SHOWN, scored
from goldwire.evaluate.agreement.annotators import Compared, Options, compared


class Beside(NamedTuple):
    """One metric: F1 of the system, F1 among annotators with its interval, and system / annotators."""

    metric: str
    match: str
    system: float
    annotators: float
    low: float
    high: float
    ratio: float


def ceiling(
    annotators: Compared, gold: Sequence[Document], system: Sequence[Document], options: Options = Options()
) -> Iterator[Beside]:
    """Score a system and the annotators on every metric of the table of agreement.

    What a system does not attempt has no row. Raises ProblemError where texts differ.

    >>> from goldwire.annotate.document import Event, Mention, Meta
    >>> raid, talk = Event("e1", Mention("raid", 4), "STRIKE"), Event("e2", Mention("talk", 9), "MEET")
    >>> both, one = (Document("The raid talk", Meta("A"), events=e) for e in ((raid, talk), (raid,)))
    >>> rows = ceiling(compared({"a": [both], "b": [both]}), [both], [one])
    >>> [(r.metric, round(r.ratio, 3)) for r in rows][:1]
    [('events.trigger(typed=False)', 0.667)]
    """
    beside = compared({"gold": gold, "system": system})
    plain = Options(options.layers, interval=options.interval, resamples=options.resamples, seed=options.seed)
    for name, way in SHOWN:
        metric = metrics.METRICS[name]
        if not options.wants(metric.layer) or not any(metric.attempted(d) for d in system):
            continue
        theirs = next(iter(scored(annotators, metric, way, plain)), None)
        its = next(iter(scored(beside, metric, way, plain)), None)
        if theirs and its:
            ratio = its.value / theirs.value if theirs.value and not isnan(its.value) else nan
            yield Beside(name, way, its.value, theirs.value, theirs.bounds.low, theirs.bounds.high, ratio)


def text(rows: Sequence[Beside]) -> str:
    """A line a metric."""
    lines = [("metric", "system", "annotators", "", "ratio")]
    for r in rows:
        interval = "" if isnan(r.low) else f"[{r.low:.3f}, {r.high:.3f}]"
        lines.append(
            (f"{r.metric} {r.match}", f"{r.system:.3f}", f"{r.annotators:.3f}", interval, f"{r.ratio:.2f}")
        )
    width = [max(map(len, column)) for column in zip(*lines, strict=True)]
    shown = ["  ".join(c.ljust(w) for c, w in zip(line, width, strict=True)).rstrip() for line in lines]
    return "\n".join(shown).replace("nan", "–") + "\n"
