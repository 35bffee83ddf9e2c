"""Coreference: how well predicted clusters of mentions agree with the gold ones.

Clusters are sequences of hashable mentions. Mentions are the same if they are
equal; singletons count as clusters. Every metric returns a row of four sums
(``Counts``); rows add over documents, and the score of a
corpus is that of the summed rows (the numerators and denominators of the CoNLL
reference scorer v8.01), never a mean over documents.

A repeated mention within a cluster, or a repeated cluster, changes nothing. A
mention that stands in several different clusters belongs to the largest of them
(among equals, to the one that comes first when written out in order); each
further copy counts as a mention of its own, which only a copy on the other side
can answer. So an answer that hedges pays for it, and the order of clusters and
mentions never matters.

All metrics come from one sparse table of shared mentions: time and memory grow
with the number of mentions, except for the two CEAF, which need an assignment
(``assignment.py`` states its worst case and bound).

Sources: MUC, Vilain et al. 1995; B³, Bagga & Baldwin 1998; CEAF, Luo 2005;
BLANC, Recasens & Hovy 2011 and Luo et al. 2014; LEA, Moosavi & Strube 2016;
mentions that stand on one side only, Pradhan et al. 2014.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import comb, fsum, isnan, nan

from goldwire.evaluate.assignment import LIMIT, best
from goldwire.evaluate.counts import Counts, Rates

Clusters = Sequence[Collection[Hashable]]


@dataclass(frozen=True)
class Copy:
    """The further copy number ``n`` of a mention that stands in several clusters."""

    mention: Hashable
    n: int


@dataclass(frozen=True)
class Overlap:
    """The sizes of the clusters of both sides, and how many mentions each two share.

    ``shared`` maps (gold cluster, predicted cluster) to that number where it is not 0.

    >>> Overlap.of([["a", "b", "c"], ["d"]], [["a", "b"], ["c", "x"]])
    Overlap(gold=[3, 1], pred=[2, 2], shared={(0, 0): 2, (0, 1): 1})
    """

    gold: list[int]
    pred: list[int]
    shared: dict[tuple[int, int], int]

    @classmethod
    def of(cls, gold: Clusters, pred: Clusters) -> Overlap:
        """Count what the clusters of two sides share, in one pass over the mentions."""
        gold, pred = disjoint(gold), disjoint(pred)
        where = {mention: i for i, cluster in enumerate(gold) for mention in cluster}
        shared = Counter(
            (i, j) for j, cluster in enumerate(pred) for m in cluster if (i := where.get(m, -1)) >= 0
        )
        return cls([len(c) for c in gold], [len(c) for c in pred], dict(sorted(shared.items())))

    @property
    def common(self) -> int:
        """How many mentions stand on both sides."""
        return sum(self.shared.values())

    def swapped(self) -> Overlap:
        """The same table with gold and pred exchanged."""
        return Overlap(self.pred, self.gold, {(j, i): n for (i, j), n in self.shared.items()})


def disjoint(clusters: Clusters) -> list[list[Hashable]]:
    """The clusters without repetitions and empty ones, further copies of a mention made distinct.

    >>> disjoint([["a", "b", "a"], ["b", "c", "d"], []])
    [['a', Copy(mention='b', n=1)], ['b', 'c', 'd']]
    """
    sets = [list(dict.fromkeys(cluster)) for cluster in clusters if cluster]
    if len({m for cluster in sets for m in cluster}) == sum(map(len, sets)):
        return sets
    unique = list({frozenset(cluster): cluster for cluster in sets}.values())
    unique.sort(key=lambda cluster: (-len(cluster), sorted(map(repr, cluster))))
    seen: Counter[Hashable] = Counter()
    result: list[list[Hashable]] = []
    for cluster in unique:
        result.append([Copy(m, seen[m]) if seen[m] else m for m in cluster])
        seen.update(cluster)
    return sorted(result, key=lambda cluster: sorted(map(repr, cluster)))


def mention(gold: Clusters, pred: Clusters) -> Counts:
    """Count mentions found, whatever cluster they stand in.

    >>> mention([["a", "b", "c"]], [["a", "x"]])
    Counts(p_hit=1, p_all=2, r_hit=1, r_all=3)
    """
    return _mention(Overlap.of(gold, pred))


def muc(gold: Clusters, pred: Clusters) -> Counts:
    """Count links: a cluster of n mentions has n - 1, less one for each piece it is broken into.

    Singletons have no link, so they count for nothing here (Vilain et al. 1995).

    >>> muc([["a", "b", "c"], ["d", "e"]], [["a", "b"], ["c", "d", "e"]])
    Counts(p_hit=2, p_all=3, r_hit=2, r_all=3)
    """
    return _muc(Overlap.of(gold, pred))


def b_cubed(gold: Clusters, pred: Clusters) -> Counts:
    """Count mentions, each by the share of its own cluster that stands with it on the other side.

    >>> b_cubed([["a", "b", "c"]], [["a", "b"]])
    Counts(p_hit=2.0, p_all=2, r_hit=1.3333333333333333, r_all=3)
    """
    return _b_cubed(Overlap.of(gold, pred))


def ceaf_m(gold: Clusters, pred: Clusters, *, limit: float = LIMIT) -> Counts:
    """Count mentions shared by clusters under the best one-to-one alignment of clusters (phi 3).

    >>> ceaf_m([["a", "b", "c"], ["d"]], [["a", "b"], ["c", "d", "e"]])
    Counts(p_hit=3, p_all=5, r_hit=3, r_all=4)
    """
    return _ceaf_m(Overlap.of(gold, pred), limit)


def ceaf_e(gold: Clusters, pred: Clusters, *, limit: float = LIMIT) -> Counts:
    """Count clusters, aligned pairs by the Dice of their mentions, best alignment (phi 4).

    >>> ceaf_e([["a", "b"], ["c"]], [["a", "b"]])
    Counts(p_hit=1.0, p_all=1, r_hit=1.0, r_all=2)
    """
    return _ceaf_e(Overlap.of(gold, pred), limit)


def blanc(gold: Clusters, pred: Clusters) -> tuple[Counts, Counts]:
    """Count pairs of mentions: those within a cluster, and those between clusters.

    The two rows are averaged only once they are summed (``blanc_rates``).

    >>> within, between = blanc([["a", "b"], ["c"]], [["a", "b", "c"]])
    >>> within, between
    (Counts(p_hit=1, p_all=3, r_hit=1, r_all=1), Counts(p_hit=0, p_all=0, r_hit=0, r_all=2))
    """
    return _blanc(Overlap.of(gold, pred))


def blanc_rates(within: Counts, between: Counts, *, either: bool = False) -> Rates:
    """The mean over the two kinds of pairs, of those kinds that the gold has (as the reference scorer).

    With ``either`` of those that one side at least has (as corefud-scorer). Take it of summed rows.

    >>> blanc_rates(*blanc([["a", "b"], ["c"]], [["a", "b", "c"]]))
    Rates(precision=0.16666666666666666, recall=0.5, f1=0.25)
    """
    used = [row for row in (within, between) if row.r_all or (either and row.p_all)]
    return mean([row.rates() for row in used]) if used else (within + between).rates()


def conll(rows: Mapping[str, Counts]) -> Rates:
    """The CoNLL mean, of MUC, B³ and CEAF-e; what has nothing to count is left out. Take it of summed rows.

    Without any link on either side MUC is not defined: all singletons, all found, have 1 here, while
    the reference scorer prints 0 for MUC and 0.667 for the mean. What papers quote is the F1.

    >>> conll(rows([["a", "b"]], [["a", "b"], ["c"]])).f1
    0.8222222222222223
    """
    three = [rows[name].rates() for name in ("muc", "b3", "ceaf_e")]
    defined = [rates for rates in three if not isnan(rates.f1)]
    return mean(defined) if defined else Rates(nan, nan, nan)


def mean(rates: Sequence[Rates]) -> Rates:
    """The mean of several rates, what is not defined taken as 0."""
    columns = ([0.0 if isnan(x) else x for x in column] for column in zip(*rates, strict=True))
    return Rates(*(fsum(column) / len(column) for column in columns))


def lea(gold: Clusters, pred: Clusters) -> Counts:
    """Count clusters by size, each by the share of its links that the other side has too.

    A singleton has one link, to itself; only a singleton has it (Moosavi & Strube 2016).

    >>> lea([["a", "b", "c"], ["d"]], [["a", "b"], ["c", "d"]])
    Counts(p_hit=2.0, p_all=4, r_hit=1.0, r_all=4)
    """
    return _lea(Overlap.of(gold, pred))


def rows(gold: Clusters, pred: Clusters, *, limit: float = LIMIT) -> dict[str, Counts]:
    """Count for all metrics at once, out of one table.

    >>> list(rows([["a"]], [["a"]]))
    ['mention', 'muc', 'b3', 'ceaf_m', 'ceaf_e', 'blanc_coref', 'blanc_other', 'lea']
    """
    table = Overlap.of(gold, pred)
    within, between = _blanc(table)
    return {
        "mention": _mention(table),
        "muc": _muc(table),
        "b3": _b_cubed(table),
        "ceaf_m": _ceaf_m(table, limit),
        "ceaf_e": _ceaf_e(table, limit),
        "blanc_coref": within,
        "blanc_other": between,
        "lea": _lea(table),
    }


def _mention(table: Overlap) -> Counts:
    return Counts(table.common, sum(table.pred), table.common, sum(table.gold))


def _muc(table: Overlap) -> Counts:
    # Both sides lose one link per piece, and the pieces with a twin are the table's cells.
    kept = table.common - len(table.shared)
    return Counts(kept, sum(table.pred) - len(table.pred), kept, sum(table.gold) - len(table.gold))


def _b_cubed(table: Overlap) -> Counts:
    found = fsum(n * n / table.gold[i] for (i, _), n in table.shared.items())
    right = fsum(n * n / table.pred[j] for (_, j), n in table.shared.items())
    return Counts(right, sum(table.pred), found, sum(table.gold))


def _ceaf_m(table: Overlap, limit: float) -> Counts:
    hit = sum(table.shared[pair] for pair in best(table.shared, limit=limit))
    return Counts(hit, sum(table.pred), hit, sum(table.gold))


def _ceaf_e(table: Overlap, limit: float) -> Counts:
    dice = {(i, j): 2 * n / (table.gold[i] + table.pred[j]) for (i, j), n in table.shared.items()}
    hit = fsum(dice[pair] for pair in best(dice, limit=limit))
    return Counts(hit, len(table.pred), hit, len(table.gold))


def _blanc(table: Overlap) -> tuple[Counts, Counts]:
    gold_within, pred_within = sum(comb(n, 2) for n in table.gold), sum(comb(n, 2) for n in table.pred)
    both_within = sum(comb(n, 2) for n in table.shared.values())
    # Pairs of shared mentions that neither side puts together, by inclusion and exclusion.
    of_gold, of_pred = Counter[int](), Counter[int]()
    for (i, j), n in table.shared.items():
        of_gold[i] += n
        of_pred[j] += n
    together = sum(comb(n, 2) for n in of_gold.values()) + sum(comb(n, 2) for n in of_pred.values())
    both_between = comb(table.common, 2) - together + both_within
    gold_between = comb(sum(table.gold), 2) - gold_within
    pred_between = comb(sum(table.pred), 2) - pred_within
    return (
        Counts(both_within, pred_within, both_within, gold_within),
        Counts(both_between, pred_between, both_between, gold_between),
    )


def _lea(table: Overlap) -> Counts:
    other = table.swapped()
    return Counts(_resolved(other), sum(table.pred), _resolved(table), sum(table.gold))


def _resolved(table: Overlap) -> float:
    """The sum over gold clusters of their size times the share of their links found."""
    shares = []
    for (i, j), n in table.shared.items():
        size = table.gold[i]
        shares.append(size * comb(n, 2) / comb(size, 2) if size > 1 else float(table.pred[j] == 1))
    return fsum(shares)
