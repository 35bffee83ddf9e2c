"""Scorers of coreference: the CoNLL reference scorer v8.01, coval (LEA), corefud-scorer, BookNLP's B³.

Where no mention stands in two clusters they all agree with ``coreference.py``, which
does the counting; they differ in what they make of mentions that do, and in how BLANC is
averaged. Sources: Pradhan et al. 2014; Moosavi & Strube 2016; Novák et al. 2024; and what
the scorers at f49f3f8 (reference), 87071a6 (coval) and 4fd7b0e (corefud) answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import astuple
from itertools import combinations, product
from math import comb
from typing import Any, TypeVar

from goldwire.evaluate import coreference
from goldwire.evaluate.assignment import best, dense
from goldwire.evaluate.counts import Four as Row

Lists = Sequence[Sequence[Hashable]]
M = TypeVar("M", bound=Hashable)

MOST_REPEATED = 10


def reference(gold: Lists, pred: Lists) -> dict[str, Row]:
    """Count as the CoNLL reference scorer v8.01, each metric called by itself, in the order given.

    A predicted mention that the gold has, and that was seen before, is dropped: the first cluster
    keeps it. One that the gold has not is kept every time. More than ten dropped are refused
    (ValueError), as the program refuses them. Of a mention repeated in the gold the last cluster counts.

    >>> reference([["a", "b"], ["c", "d"]], [["a", "b", "c"], ["c", "d"]])["ceaf_m"]
    (3, 4, 3, 4)
    """
    known = {m for c in gold for m in c}
    seen: set[Hashable] = set()
    kept: list[list[Hashable]] = []
    dropped = 0
    for cluster in pred:
        kept.append([])
        for m in cluster:
            if m in seen:
                dropped += 1
            else:
                kept[-1].append(m)
            if m in known:
                seen.add(m)
    if dropped > MOST_REPEATED:
        raise ValueError(f"the reference scorer refuses {dropped} repeated mentions, at most {MOST_REPEATED}")
    kept = [c for c in kept if c]
    if _disjoint(gold) and _disjoint(kept):
        return _counted(gold, kept)
    return _reference_by_list(gold, kept)


def _reference_by_list(gold: Lists, pred: Lists) -> dict[str, Row]:
    of_gold = _last(gold)
    n_gold, n_pred = sum(map(len, gold)), sum(map(len, pred))
    p_hit = r_hit = 0.0
    links = 0
    for cluster in pred:
        for m in cluster:
            if (i := of_gold.get(m)) is not None:
                own = set(gold[i])
                both = sum(x in own for x in cluster)
                p_hit += both / len(cluster)
                r_hit += both / len(gold[i])
        together = Counter(of_gold[m] for m in cluster if m in of_gold)
        links += sum(n - 1 for n in together.values())
    found = len({m for c in pred for m in c} & of_gold.keys())
    both_in, both_out = (_pairs(gold), _pairs(pred)), (_cross_pairs(gold), _cross_pairs(pred))
    return {
        "mention": (found, len({m for c in pred for m in c}), found, len(of_gold)),
        "muc": (links, n_pred - len(pred), links, n_gold - len(gold)),
        "b3": (p_hit, n_pred, r_hit, n_gold),
        **_ceaf(gold, pred),
        "blanc_coref": _row(*both_in),
        "blanc_other": _row(*both_out),
    }


def coval(gold: Lists, pred: Lists) -> dict[str, Row]:
    """Count as coval with singletons: of a mention in two clusters each side looks up the last one.

    Fault kept: CEAF-m is divided by the number of clusters, so that a perfect answer exceeds 1.

    >>> coval([["a", "b"]], [["a", "b"]])["ceaf_m"]
    (2, 1, 2, 1)
    """
    rows = _by_last(gold, pred)
    hit = rows["ceaf_m"][0]
    return {**rows, "ceaf_m": (hit, len(pred), hit, len(gold))}


def corefud(gold: Lists, pred: Lists) -> dict[str, Row]:
    """Count as corefud-scorer on mentions already aligned, singletons kept or dropped by the caller.

    A mention repeated in a cluster counts once; of one in two clusters each side looks up the last.
    """
    return _by_last([list(dict.fromkeys(c)) for c in gold], [list(dict.fromkeys(c)) for c in pred])


def _counted(gold: Lists, pred: Lists) -> dict[str, Row]:
    return {name: astuple(row) for name, row in coreference.rows(gold, pred).items()}


def last_only(clusters: Sequence[Sequence[M]]) -> list[list[M]]:
    """Every mention once, in the last of its clusters: what coval and corefud-scorer read from CoNLL files.

    Of brackets that open at one token they keep the last only, unless a | stands between them.

    >>> last_only([["a", "b", "b"], ["b", "c"]])
    [['a'], ['b', 'c']]
    """
    last = _last(clusters)
    kept = [list(dict.fromkeys(m for m in c if last[m] == i)) for i, c in enumerate(clusters)]
    return [c for c in kept if c]


def _by_last(gold: Lists, pred: Lists) -> dict[str, Row]:
    if _disjoint(gold) and _disjoint(pred):
        return _counted(gold, pred)
    of_gold, of_pred = _last(gold), _last(pred)
    found = len(of_gold.keys() & of_pred.keys())

    def sides(score: Callable[[Lists, Lists, Mapping[Hashable, int]], tuple[float, float]]) -> Row:
        return *score(pred, gold, of_gold), *score(gold, pred, of_pred)

    # Pairs are taken from the gold side only, and looked up on the other.
    inside = [(of_pred.get(a), of_pred.get(b)) for c in gold for a, b in combinations(c, 2)]
    across = [(of_pred.get(a), of_pred.get(b)) for c, d in combinations(gold, 2) for a, b in product(c, d)]
    together = sum(a is not None and a == b for a, b in inside)
    apart = sum(a is not None and b is not None and a != b for a, b in across)
    (g_in, g_all), (p_in, p_all) = (
        (sum(comb(len(c), 2) for c in side), comb(sum(map(len, side)), 2)) for side in (gold, pred)
    )
    return {
        "mention": (found, len(of_pred), found, len(of_gold)),
        "muc": sides(_muc_side),
        "b3": sides(_b3_side),
        **_ceaf(gold, pred),
        "blanc_coref": (together, p_in, together, g_in),
        "blanc_other": (apart, p_all - p_in, apart, g_all - g_in),
        "lea": sides(_lea_side),
    }


def _muc_side(clusters: Lists, other: Lists, where: Mapping[Hashable, int]) -> tuple[float, float]:
    hit = 0
    for c in clusters:
        linked = [where[m] for m in c if m in where]
        hit += len(linked) - len(set(linked))
    return hit, sum(len(c) - 1 for c in clusters)


def _b3_side(clusters: Lists, other: Lists, where: Mapping[Hashable, int]) -> tuple[float, float]:
    hit = 0.0
    for c in clusters:
        hit += sum(n * n for n in Counter(where[m] for m in c if m in where).values()) / len(c)
    return hit, sum(map(len, clusters))


def _lea_side(clusters: Lists, other: Lists, where: Mapping[Hashable, int]) -> tuple[float, float]:
    hit = 0.0
    for c in clusters:
        if len(c) == 1:
            hit += c[0] in where and len(other[where[c[0]]]) == 1
        else:
            counts = Counter(where[m] for m in c if m in where).values()
            hit += len(c) * sum(comb(n, 2) for n in counts) / comb(len(c), 2)
    return hit, sum(map(len, clusters))


def _ceaf(gold: Lists, pred: Lists) -> dict[str, Row]:
    sets = [set(c) for c in pred]
    shared = {(i, j): sum(m in s for m in g) for i, g in enumerate(gold) for j, s in enumerate(sets)}
    dice = {(i, j): 2 * n / (len(gold[i]) + len(pred[j])) for (i, j), n in shared.items()}
    mentions = sum(shared[pair] for pair in best(shared))
    entities = sum(dice[pair] for pair in best(dice))
    return {
        "ceaf_m": (mentions, sum(map(len, pred)), mentions, sum(map(len, gold))),
        "ceaf_e": (entities, len(pred), entities, len(gold)),
    }


def _pairs(clusters: Lists) -> set[frozenset[Hashable]]:
    return {frozenset(pair) for c in clusters for pair in combinations(c, 2)}


def _cross_pairs(clusters: Lists) -> set[frozenset[Hashable]]:
    return {frozenset(pair) for c, d in combinations(clusters, 2) for pair in product(c, d)}


def _row(gold: set[frozenset[Hashable]], pred: set[frozenset[Hashable]]) -> Row:
    hit = len(gold & pred)
    return hit, len(pred), hit, len(gold)


def _disjoint(clusters: Lists) -> bool:
    return len({m for c in clusters for m in c}) == sum(map(len, clusters))


def _last(clusters: Lists) -> dict[Hashable, int]:
    return {m: i for i, c in enumerate(clusters) for m in c}


def aligned_by_head(
    gold: Iterable[tuple[frozenset[int], int]], pred: Iterable[tuple[frozenset[int], int]]
) -> dict[tuple[frozenset[int], int], tuple[frozenset[int], int]]:
    """Which gold mention each predicted one stands for, as corefud-scorer's head matching (CRAC 2023).

    A mention is (its words, its head word). Equal ones first; then those of the same head one to one,
    by the share of the gold mention's words, ties to what begins, then ends, first.

    >>> aligned_by_head([(frozenset({1, 2, 3}), 2)], [(frozenset({2, 3}), 2), (frozenset({3}), 3)])
    {(frozenset({2, 3}), 2): (frozenset({1, 2, 3}), 2)}
    """
    wanted, given = set(gold), set(pred)
    same = wanted & given
    rest = [
        sorted(side - same, key=lambda m: (min(m[0]), max(m[0]), len(m[0]), m[1])) for side in (wanted, given)
    ]
    table = [[len(g[0] & p[0]) / len(g[0]) if g[1] == p[1] else 0.0 for p in rest[1]] for g in rest[0]]
    pairs = [(i, j) for i, j in dense(table) if table[i][j] > 0]
    return {m: m for m in same} | {rest[1][j]: rest[0][i] for i, j in pairs}


def booknlp(gold: Mapping[Any, Hashable], pred: Mapping[Any, Hashable]) -> Row:
    """Count quotations by B³ as BookNLP: who says each of them, clustered by speaker.

    The sums run over the gold quotations; one that the other side does not have earns nothing
    (the program stops there).

    >>> booknlp({"q1": "A", "q2": "B", "q3": "B"}, {"q1": "k", "q2": "k", "q3": "k"})
    (1.6666666666666665, 3, 3.0, 3)
    """
    n_gold, n_pred = Counter(gold.values()), Counter(pred.values())
    both = Counter((gold[q], pred[q]) for q in gold if q in pred)
    p_hit = sum(both[gold[q], pred[q]] / n_pred[pred[q]] for q in gold if q in pred)
    r_hit = sum(both[gold[q], pred[q]] / n_gold[gold[q]] for q in gold if q in pred)
    return p_hit, len(gold), r_hit, len(gold)


def booknlp_fixed(gold: Mapping[Any, Hashable], pred: Mapping[Any, Hashable]) -> Row:
    """B³ with precision over what was predicted, and recall over what there is.

    >>> booknlp_fixed({"q1": "A"}, {"q1": "k", "q2": "l"})
    (1.0, 2, 1.0, 1)
    """
    return astuple(coreference.b_cubed(_said(gold), _said(pred)))


def _said(speakers: Mapping[Any, Hashable]) -> list[list[Hashable]]:
    found: dict[Hashable, list[Hashable]] = {}
    for quotation, speaker in speakers.items():
        found.setdefault(speaker, []).append(quotation)
    return list(found.values())
