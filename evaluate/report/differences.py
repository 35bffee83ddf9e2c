"""Two systems against each other in the report: figures with their tests, and which errors are whose."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import isnan
from typing import Any

from goldwire.evaluate.causes import Error, Judged
from goldwire.evaluate.metrics import HEADLINES
from goldwire.evaluate.report.text import rate
from goldwire.evaluate.report.versus import SHOWN_LABELS, probability, remarks
from goldwire.evaluate.scores import Scores
from goldwire.evaluate.versus import Between, Contest, against


def between(systems: Sequence[tuple[str, Scores]], seed: int) -> list[dict[str, Any]]:
    """For every two systems the metrics that a layer is known by: both F1, difference, test, documents."""
    if len(systems) < 2:
        return []
    found = against(dict(systems), HEADLINES, seed=seed)
    said = [next(remarks(found)), f"bold: told apart at {found.level:g}, p corrected"]
    tables = []
    for (i, (a, _)), (j, (b, _)) in combinations(enumerate(systems), 2):
        rows = [
            _row(contest, pair, a, b, found.level) for contest in found.contests for pair in contest.pairs
        ]
        tables.append({"a": i, "b": j, "rows": [row for row in rows if row], "said": said})
    return tables


def _row(contest: Contest, pair: Between, a: str, b: str, level: float) -> dict[str, Any] | None:
    """A line of the table of a and b, None where the pair is another one."""
    t = pair.test
    if {t.a, t.b} != {a, b}:
        return None
    sign = 1 if t.a == a else -1
    low, high = sorted((sign * t.low, sign * t.high))
    won, lost = (pair.won, pair.lost) if t.a == a else (pair.lost, pair.won)
    labels = [f"{label} {sign * hits:+g}" for label, _, hits in pair.labels[:SHOWN_LABELS] if hits]
    return {
        "metric": contest.metric,
        "a": rate(contest.rates[a].f1),
        "b": rate(contest.rates[b].f1),
        "by": signed(sign * t.difference),
        "interval": "–" if isnan(low) or contest.why else f"[{signed(low)}, {signed(high)}]",
        "p": probability(t.p),
        "holm": probability(t.holm),
        "differ": t.holm <= level,
        "won": len(won),
        "lost": len(lost),
        "tied": len(pair.tied),
        "labels": ", ".join(labels),
    }


def signed(value: float) -> str:
    """A difference of rates in percent, with its sign.

    >>> signed(0.05), signed(-0.1), signed(float("nan"))
    ('+5.0', '−10.0', '–')
    """
    return rate(value) if isnan(value) or not value else f"{'+' if value > 0 else '−'}{rate(abs(value))}"


def what(error: Error) -> tuple[Any, ...]:
    """What systems that err alike err on: the gold item, or the words that are none."""
    return error.document, error.layer, error.at, error.label, error.gold or (error.pred,)


def shared(judged: Sequence[Sequence[Judged]]) -> dict[tuple[int, int], tuple[int, int, int]]:
    """For every two systems the errors of each where the other has none, and of the first where it has."""
    each = [[what(e) for j in one for e in j.errors] for one in judged]
    known = [set(keys) for keys in each]
    found = {}
    for i, j in combinations(range(len(each)), 2):
        both = sum(key in known[j] for key in each[i])
        found[i, j] = len(each[i]) - both, sum(key not in known[i] for key in each[j]), both
    return found
