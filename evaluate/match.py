"""Which predicted span answers which gold span: the best one-to-one pairing, for each way of matching.

Four modes, each with an alignment of its own over the whole document:

``exact``
    The same set of positions.
``head``
    The prediction covers the gold head and does not leave the gold extent (the
    MIN-MAX rule of MUC and Universal Anaphora). Not symmetric. Equal to exact
    where a mention has no head narrower than itself.
``overlap@T``
    Intersection over union of at least T (``overlap`` is ``overlap@0.5``).
``partial``, ``partial-token``, ``partial-iou``
    Any overlap; a pair is worth, instead of 1, the Dice coefficient of its characters,
    that of the tokens it touches, or the intersection over union of its characters.

Rule of the alignment: most pairs first (in partial: greatest credit), then the
greatest similarity (intersection over union), then equal labels and whatever else the
caller prefers, then the earliest in the text. So the answer never depends on the
order of predictions, and another prediction never takes a hit away. A pair is
one to one, and of equal spans only as many may answer as the other side has (but
one always may): a duplicate never helps.

Spans are plain sorted tuples of (start, end), half-open, in code points; a
discontinuous span has several. Similarities are rounded to multiples of 2**-30,
so that sums of them are exact and equal in any order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from goldwire.evaluate.assignment import best
from goldwire.evaluate.counts import Entry, Tally
from goldwire.evaluate.edges import ONE, equal, near, twins, weights, without_copies
from goldwire.evaluate.stretches import Matching, Pair, Pieces, Stretch, matching, pieces, shared, size

__all__ = [
    "Matching",
    "Pair",
    "Pieces",
    "Stretch",
    "align",
    "answers",
    "matching",
    "one_to_one",
    "pieces",
    "shared",
    "size",
    "tally",
]

T = TypeVar("T")


def align(
    gold: Sequence[Stretch],
    pred: Sequence[Stretch],
    how: Matching,
    *,
    typed: bool = True,
    prefer: Callable[[int, int], int] | None = None,
) -> list[Pair]:
    """Pair spans one to one, in the order of the gold list; typed: only within a label.

    ``prefer(gold index, pred index)`` gives a whole number from 0 upwards that decides
    between alignments that are equally good otherwise; it is asked only where there is a choice.

    >>> gold = [Stretch(((0, 6),), "A"), Stretch(((4, 10),), "A")]
    >>> pred = [Stretch(((3, 9),), "A"), Stretch(((0, 9),), "A")]
    >>> [p[:2] for p in align(gold, pred, Matching("exact"))]
    []
    >>> [p[:2] for p in align(gold, pred, Matching("overlap", 0.5))]
    [(0, 1), (1, 0)]
    """
    gold_order, pred_order = _sorted(gold), _sorted(pred)
    g, p = [gold[i] for i in gold_order], [pred[i] for i in pred_order]
    if how.mode == "exact" and prefer is None:
        return sorted(Pair(gold_order[i], pred_order[j]) for i, j in twins(g, p, typed))
    edges = equal(g, p, typed) if how.mode == "exact" else near(g, p, how, typed)
    if not edges:
        return []
    choices = Counter(i for i, _ in edges), Counter(j for _, j in edges)
    liked = {}
    for i, j in edges:
        choice = prefer and (choices[0][i] > 1 or choices[1][j] > 1)
        asked = prefer(gold_order[i], pred_order[j]) if prefer and choice else 0
        liked[i, j] = 2 * asked + (g[i].label == p[j].label)
    if how.mode != "exact":
        edges = without_copies(edges, liked, g, p)
    partial = how.mode.startswith("partial")
    found = best(weights(edges, liked, pairs_first=not partial))
    rows = [Pair(gold_order[i], pred_order[j], edges[i, j][0] / ONE if partial else 1) for i, j in found]
    return sorted(rows)


def one_to_one(gold: Sequence[T], pred: Sequence[T], same: Callable[[T, T], int]) -> list[Pair]:
    """Pair as many items as possible; ``same`` is 0 where two may not be paired, more where they suit better.

    >>> one_to_one("ab", "Bba", lambda g, p: 2 * (g == p) or int(g == p.lower()))
    [Pair(gold=0, pred=2, credit=1), Pair(gold=1, pred=1, credit=1)]
    """
    edges = {(i, j): int(fit) for i, a in enumerate(gold) for j, b in enumerate(pred) if (fit := same(a, b))}
    most = len(edges) * max(edges.values(), default=0) + 1
    return [Pair(i, j) for i, j in best({edge: most + fit for edge, fit in edges.items()})]


def answers(
    gold: Sequence[Stretch], pred: Sequence[Stretch], how: Matching
) -> dict[tuple[int, int], tuple[float, float]]:
    """Every (gold index, pred index) that may answer each other: credit and similarity, labels aside.

    >>> answers([Stretch(((0, 3),)), Stretch(((0, 4),))], [Stretch(((0, 3),))], Matching("overlap"))
    {(0, 0): (1.0, 1.0), (1, 0): (1.0, 0.75)}
    """
    rows, columns = _sorted(gold), _sorted(pred)
    g, p = [gold[i] for i in rows], [pred[j] for j in columns]
    edges = equal(g, p, False) if how.mode == "exact" else near(g, p, how, False)
    return {
        (rows[i], columns[j]): (credit / ONE, like / ONE) for (i, j), (credit, like) in sorted(edges.items())
    }


def tally(
    gold: Sequence[Stretch],
    pred: Sequence[Stretch],
    how: Matching,
    *,
    typed: bool = True,
    masked: Pieces = (),
    measure: Callable[[Sequence[Stretch]], Sequence[Stretch]] | None = None,
) -> Tally:
    """Count spans found. What touches ``masked`` text is not counted, unless it answers gold outside it.

    ``measure`` may turn positions into others for matching alone (tokens).

    >>> gold, pred = [Stretch(((0, 2),), "A")], [Stretch(((0, 2),), "A"), Stretch(((4, 6),), "A")]
    >>> tally(gold, pred, Matching())
    Tally({'A': Counts(p_hit=1, p_all=2, r_hit=1, r_all=1)})
    """
    gold = [s for s in gold if s.pieces and not shared(s.pieces, masked)]
    pred = [s for s in pred if s.pieces]
    g, p = (measure(gold), measure(pred)) if measure else (gold, pred)
    found = align(g, p, how, typed=typed)
    by_gold = {pair.gold: pair.credit for pair in found}
    by_pred = {pair.pred: pair.credit for pair in found}
    entries = [Entry(s.label, s.at, r_hit=by_gold.get(i, 0), r_all=1) for i, s in enumerate(gold)]
    entries += [
        Entry(s.label, s.at, p_hit=by_pred.get(j, 0), p_all=1)
        for j, s in enumerate(pred)
        if j in by_pred or not shared(s.pieces, masked)
    ]
    return Tally(entries)


def _sorted(stretches: Sequence[Stretch]) -> list[int]:
    """Indices in the order of what the stretches are, so that the order in which they came decides nothing.

    What has no positions is nowhere, and answers nothing.
    """
    somewhere = [i for i, s in enumerate(stretches) if s.pieces]
    return sorted(somewhere, key=lambda i: (*stretches[i][:2], stretches[i].written, stretches[i].key))
