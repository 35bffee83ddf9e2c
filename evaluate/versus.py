"""Systems against each other on gold: every metric put to ``comparison.py``, and where differences arise."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from goldwire.annotate.document import Document
from goldwire.evaluate import metrics, sampling
from goldwire.evaluate.comparison import Comparison, Pair, compare
from goldwire.evaluate.counts import Counts, Rates, Tally, total
from goldwire.evaluate.labels import LabelMap
from goldwire.evaluate.sampling import Bounds
from goldwire.evaluate.scores import Scores, score
from goldwire.evaluate.tallies import Key


class Between(NamedTuple):
    """Two systems on one metric: the test, documents that a won, that b won, and that neither did.

    ``labels`` says for each label how much better a is in F1, and by how many hits, most hits first.
    """

    test: Pair
    won: tuple[str, ...]
    lost: tuple[str, ...]
    tied: tuple[str, ...]
    labels: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True)
class Contest:
    """One metric: the systems from best to worst, each two of them, and what was resampled.

    ``why`` is the reason that differences have no interval, if they have none.
    """

    metric: str
    match: str
    rates: Mapping[str, Rates]
    bounds: Mapping[str, Bounds]
    groups: tuple[tuple[str, ...], ...]
    pairs: tuple[Between, ...]
    unit: str
    why: str


@dataclass(frozen=True)
class Versus:
    """Everything that was compared, and how."""

    systems: tuple[str, ...]
    documents: tuple[str, ...]
    contests: tuple[Contest, ...]
    correction: str
    level: float
    resamples: int
    seed: int
    signatures: Mapping[str, str]

    def _repr_html_(self) -> str:
        from goldwire.evaluate.report.versus import html

        return html(self)


def versus(
    gold: Sequence[Document],
    systems: Mapping[str, Sequence[Document]],
    *,
    layers: Sequence[str] | None = None,
    match: str | Sequence[str] = "exact",
    labels: LabelMap | None = None,
    full: bool = False,
    correction: str = "holm",
    level: float = 0.05,
    interval: str = "percentile",
    resamples: int = 10_000,
    seed: int = 7,
) -> Versus:
    """Score systems on the same gold and test every two of them on every metric that any attempted.

    A system that did not attempt a metric scores nothing there. ``full`` includes metrics that look closer.
    p-values are corrected over the pairs of systems within a metric, not over metrics.
    Raises ProblemError as `scores.score` does.

    >>> from goldwire.annotate.document import Event, Mention, Meta
    >>> raid, talk = Event("e1", Mention("raid", 4), "STRIKE"), Event("e2", Mention("talk", 9), "MEET")
    >>> both, one = (Document("The raid talk", Meta("A"), events=e) for e in ((raid, talk), (raid,)))
    >>> found = versus([both], {"half": [one], "whole": [both]}, layers=["events.trigger"])
    >>> contest = found.contests[0]
    >>> list(contest.rates), contest.pairs[0].test.p, contest.pairs[0].test.smallest, contest.pairs[0].won
    (['whole', 'half'], 1.0, 1.0, ('A',))
    """
    options = {"layers": layers, "match": match, "labels": labels}
    scored = {
        name: score(
            gold,
            documents,
            interval=interval,
            resamples=resamples,
            seed=seed,
            where=name,
            **options,  # type: ignore[arg-type]
        )
        for name, documents in systems.items()
    }
    rules = {"correction": correction, "level": level, "resamples": resamples, "seed": seed}
    wanted = [row.name for row in metrics.ROWS if row.main or full or (layers and row.name in layers)]
    return against(scored, wanted, **rules)  # type: ignore[arg-type]


def against(
    scored: Mapping[str, Scores],
    wanted: Collection[str],
    *,
    correction: str = "holm",
    level: float = 0.05,
    resamples: int = 10_000,
    seed: int = 7,
) -> Versus:
    """Test systems, scored on the same gold, against each other on the metrics that are ``wanted``."""
    first = next(iter(scored.values()))
    keys = [
        (row.name, way)
        for row in metrics.ROWS
        for way in dict.fromkeys(way for s in scored.values() for name, way in s.tallies if name == row.name)
        if row.name in wanted
    ]
    rules = {"correction": correction, "level": level, "resamples": resamples, "seed": seed}
    return Versus(
        tuple(scored),
        first.documents,
        tuple(_contest(key, scored, rules) for key in keys),
        correction,
        level,
        resamples,
        seed,
        {name: s.signature for name, s in scored.items()},
    )


def _contest(key: Key, scored: Mapping[str, Scores], rules: Mapping[str, object]) -> Contest:
    first = next(s for s in scored.values() if key in s.tallies)
    found = {name: s.tallies.get(key) or _missed(first.tallies[key]) for name, s in scored.items()}
    columns = {name: sampling.units(tallies, first.sentences) for name, tallies in found.items()}
    # Systems that leave different things without a place are compared by documents.
    kinds = {u.kind for u in columns.values()}
    if len(kinds) > 1:
        columns = {name: sampling.units(tallies) for name, tallies in found.items()}
    one = next(iter(columns.values()))
    tested: Comparison = compare(
        {name: u.rows[:, :1] for name, u in columns.items()},
        **rules,  # type: ignore[arg-type]
    )
    counts = {name: total(t.total for t in tallies) for name, tallies in found.items()}
    return Contest(
        *key,
        {name: counts[name].rates() for name in tested.values},
        {name: scored[name].intervals.get(key, {}).get(sampling.ALL, Bounds()) for name in tested.values},
        tested.groups,
        tuple(_between(p, found, first.documents) for p in tested.pairs),
        one.kind or "document",
        "" if one.kind else one.why,
    )


def _missed(tallies: Sequence[Tally]) -> tuple[Tally, ...]:
    """What a system scores that predicted nothing."""
    return tuple(Tally(e._replace(p_hit=0, p_all=0, r_hit=0) for e in t.entries if e.r_all) for t in tallies)


def _between(test: Pair, found: Mapping[str, Sequence[Tally]], documents: Sequence[str]) -> Between:
    a, b = found[test.a], found[test.b]
    won: list[str] = []
    lost: list[str] = []
    tied: list[str] = []
    for name, x, y in zip(documents, a, b, strict=True):
        left, right = x.total.rates().f1, y.total.rates().f1
        (won if left > right else lost if left < right else tied).append(name)
    labels = []
    for label in sorted({label for t in (*a, *b) for label in t if label}):
        mine, theirs = (total(t.get(label, Counts()) for t in side) for side in (a, b))
        hits = (mine.p_hit + mine.r_hit - theirs.p_hit - theirs.r_hit) / 2
        labels.append((label, mine.rates().f1 - theirs.rates().f1, hits))
    labels.sort(key=lambda row: (-abs(row[2]), row[0]))
    differ = tuple(row for row in labels if row[1] or row[2])
    return Between(test, tuple(won), tuple(lost), tuple(tied), differ)


def letters(contest: Contest) -> dict[str, str]:
    """A letter for each group that a system stands in; systems that share one are not told apart.

    Nothing where no two systems differ.
    """
    if len(contest.groups) < 2:
        return dict.fromkeys(contest.rates, "")
    named = [chr(ord("a") + i) if i < 26 else f"({i})" for i in range(len(contest.groups))]
    return {
        name: "".join(letter for letter, group in zip(named, contest.groups, strict=True) if name in group)
        for name in contest.rates
    }
