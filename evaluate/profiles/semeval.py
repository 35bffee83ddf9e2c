"""The categories of MUC-5 and SemEval-2013 task 9.1: as the paper has them, and as nervaluate counts them.

A span is (start, end, label), half-open. Each scheme sorts spans into correct,
incorrect (``strict``, ``exact``, ``ent_type``) or partial (``partial``), missed and
spurious. Sources: Chinchor & Sundheim 1993; Segura-Bedmar, Martínez & Herrero-Zazo 2013.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from goldwire.evaluate.assignment import best
from goldwire.evaluate.counts import Four as Row

SCHEMES = ("strict", "exact", "partial", "ent_type")


class Item(NamedTuple):
    """A labelled stretch of text, half-open."""

    start: int
    end: int
    label: str


class Categories(NamedTuple):
    """How many spans fell into each category. Half a point for a partial one."""

    correct: int = 0
    incorrect: int = 0
    partial: int = 0
    missed: int = 0
    spurious: int = 0

    @property
    def row(self) -> Row:
        """(p_hit, p_all, r_hit, r_all): hits out of ACTUAL and out of POSSIBLE."""
        hit = self.correct + self.partial / 2
        both = self.correct + self.incorrect + self.partial
        return hit, both + self.spurious, hit, both + self.missed


def _equal(a: Item, b: Item, scheme: str) -> bool:
    """Whether a pair that overlaps is correct in this scheme."""
    bounds = a[:2] == b[:2]
    match scheme:
        case "strict":
            return bounds and a.label == b.label
        case "ent_type":
            return a.label == b.label
        case _:
            return bounds


def optimal(gold: Sequence[Item], pred: Sequence[Item], scheme: str) -> Categories:
    """Categories under the one-to-one alignment of greatest credit, of those the one with most pairs.

    So no order matters. Spans may overlap, nest and repeat.

    >>> gold = [Item(0, 6, "PER")]
    >>> optimal(gold, [Item(0, 3, "PER"), Item(0, 6, "PER")], "strict")
    Categories(correct=1, incorrect=0, partial=0, missed=0, spurious=1)
    """
    pairs = aligned(gold, pred, scheme)
    right = sum(_equal(gold[i], pred[j], scheme) for i, j in pairs)
    near = len(pairs) - right
    incorrect, partial = (0, near) if scheme == "partial" else (near, 0)
    return Categories(right, incorrect, partial, len(gold) - len(pairs), len(pred) - len(pairs))


def aligned(gold: Sequence[Item], pred: Sequence[Item], scheme: str) -> list[tuple[int, int]]:
    """The pairs (gold index, pred index) of that alignment, of spans that overlap."""
    most = min(len(gold), len(pred)) + 1
    touched = touching(pred)
    edges: dict[tuple[int, int], float] = {}
    for i, g in enumerate(gold):
        for j in touched(g):
            credit = 2 if _equal(g, pred[j], scheme) else int(scheme == "partial")
            edges[i, j] = credit * most + 1
    return best(edges)


def touching(items: Sequence[Item]) -> Callable[[Item], list[int]]:
    """A function that gives the indices, ascending, of the items that share a position with another.

    >>> touching([Item(5, 9, ""), Item(0, 2, ""), Item(1, 6, "")])(Item(1, 3, ""))
    [1, 2]
    """
    order = sorted(range(len(items)), key=lambda i: items[i].start)
    starts = [items[i].start for i in order]
    # The furthest end so far tells where those begin that may reach a position.
    ends = list(accumulate((items[i].end for i in order), max))

    def found(item: Item) -> list[int]:
        low, high = bisect_right(ends, item.start), bisect_left(starts, item.end)
        return sorted(i for i in order[low:high] if items[i].end > item.start)

    return found


def greedy(gold: Sequence[Item], pred: Sequence[Item], scheme: str, *, least: float = 1.0) -> Categories:
    """Categories as nervaluate 1.2 counts them: predictions in the order given, each takes what it finds.

    A pair overlaps if at least ``least`` percent of the gold span are covered, however much longer
    the prediction is. Faults kept: the answer depends on the order of predictions, an overlap may
    take a gold span from a later exact match, and covering everything passes every threshold.

    >>> gold = [Item(0, 6, "PER")]
    >>> greedy(gold, [Item(0, 3, "PER"), Item(0, 6, "PER")], "strict")
    Categories(correct=0, incorrect=1, partial=0, missed=0, spurious=1)
    """
    taken: set[int] = set()
    right = near = 0
    touched = touching(gold)
    for p in pred:
        close = [i for i in touched(p) if i not in taken and _covered(gold[i], p) >= least]
        hits = [i for i in close if _equal(gold[i], p, scheme)]
        if hits:
            right += 1
            taken.add(min(hits, key=_distance(gold, p)) if scheme == "ent_type" else hits[0])
        elif close:
            near += 1
            taken.add(close[0])
    incorrect, partial = (0, near) if scheme == "partial" else (near, 0)
    return Categories(right, incorrect, partial, len(gold) - len(taken), len(pred) - right - near)


def _covered(gold: Item, pred: Item) -> float:
    """Percent of the gold span that the prediction covers."""
    both = max(0, min(gold.end, pred.end) - max(gold.start, pred.start))
    return both / (gold.end - gold.start) * 100.0


def _distance(gold: Sequence[Item], pred: Item) -> Callable[[int], int]:
    return lambda i: abs(gold[i].start - pred.start) + abs(gold[i].end - pred.end)


def per_label(
    gold: Sequence[Item],
    pred: Sequence[Item],
    scheme: str,
    count: Callable[[Sequence[Item], Sequence[Item], str], Categories],
) -> dict[str, Categories]:
    """Count each label as if the others were not there, which is how nervaluate fills its table by type.

    These do not add up to the total: a pair of different labels is one incorrect there, and here
    one missed and one spurious.
    """
    labels: Iterable[str] = sorted({s.label for s in (*gold, *pred)})
    return {
        label: count([g for g in gold if g.label == label], [p for p in pred if p.label == label], scheme)
        for label in labels
    }
