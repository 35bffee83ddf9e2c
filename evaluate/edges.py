"""Which spans may answer each other at all: the edges of the graph that ``match.py`` solves.

Everything here sees sorted lists and returns pairs of their indices; this is the
hot path of scoring, and knows nothing of documents.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence

from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate.stretches import Matching, Pieces, Stretch, shared, size

ONE = 1 << 30  # the similarity of equal spans; similarities are whole numbers of 2**-30
MOST = 2_000_000  # edges of one document: some 500 MB
Edge = tuple[int, int]
Edges = dict[Edge, tuple[int, int]]  # -> credit, similarity


def twins(gold: Sequence[Stretch], pred: Sequence[Stretch], typed: bool) -> list[Edge]:
    """The best pairing of equal sets of positions: those of equal label first, then the rest in order.

    Without further preferences no solver is needed, and any number of duplicates costs nothing.
    """
    found: list[Edge] = []
    left = list(range(len(gold))), list(range(len(pred)))
    for labels in (True,) if typed else (True, False):
        waiting: dict[tuple[Pieces, str], list[int]] = {}
        for j in reversed(left[1]):
            waiting.setdefault((pred[j].pieces, pred[j].label if labels else ""), []).append(j)
        now = [
            (i, same.pop())
            for i in left[0]
            if (same := waiting.get((gold[i].pieces, gold[i].label if labels else "")))
        ]
        found += now
        taken = {i for i, _ in now}, {j for _, j in now}
        left = [i for i in left[0] if i not in taken[0]], [j for j in left[1] if j not in taken[1]]
    return found


def equal(gold: Sequence[Stretch], pred: Sequence[Stretch], typed: bool) -> Edges:
    """Edges between equal sets of positions; the label is part of the key where it must agree."""
    where: dict[tuple[Pieces, str], list[int]] = {}
    for j, s in enumerate(pred):
        where.setdefault((s.pieces, s.label if typed else ""), []).append(j)
    return {
        (i, j): (ONE, ONE)
        for i, s in enumerate(gold)
        for j in where.get((s.pieces, s.label if typed else ""), ())
    }


def near(gold: Sequence[Stretch], pred: Sequence[Stretch], how: Matching, typed: bool) -> Edges:
    """Edges between spans that overlap as the mode demands; ProblemError beyond ``MOST``."""
    edges: Edges = {}
    # By label and by length, each twice the one before: in a class sorted by start the longest of it tells
    # where those begin that may reach a gold span. (Of all lengths together one wide span would tell it.)
    classes: dict[str, dict[int, list[int]]] = {}
    for j, s in enumerate(pred):
        length = s.pieces[-1][1] - s.at
        classes.setdefault(s.label if typed else "", {}).setdefault(length.bit_length(), []).append(j)
    index = {
        label: [
            (js, [pred[j].at for j in js], max(pred[j].pieces[-1][1] - pred[j].at for j in js))
            for js in by_length.values()
        ]
        for label, by_length in classes.items()
    }
    for i, s in enumerate(gold):
        for js, starts, longest in index.get(s.label if typed else "", ()):
            low, high = bisect_right(starts, s.at - longest), bisect_left(starts, s.pieces[-1][1])
            for j in js[low:high]:
                if worth := _worth(s, pred[j], how):
                    edges[i, j] = worth
        if len(edges) > MOST:
            message = (
                f"more than {MOST:,} pairs of spans of one document overlap; exact needs no list of them"
            )
            raise ProblemError(Problem(str(how), 0, "too-many-pairs", message))
    return edges


def without_copies(
    edges: Edges, liked: dict[Edge, int], gold: Sequence[Stretch], pred: Sequence[Stretch]
) -> Edges:
    """The edges without those of copies: of equal spans as many may answer as the other side has, or one.

    Where an overlap is enough, two copies of one prediction could answer two gold spans between them.
    """
    kept: tuple[set[int], set[int]] = set(), set()
    for k, (own, other) in enumerate(((gold, pred), (pred, gold))):
        number = Counter(s.copy_of for s in other)
        best_of: dict[int, int] = {}
        for edge in edges:
            best_of[edge[k]] = max(best_of.get(edge[k], 0), liked[edge])
        groups: dict[tuple[Pieces, str], list[int]] = {}
        for i in sorted(best_of, key=lambda i: (-best_of[i], i)):
            groups.setdefault(own[i].copy_of, []).append(i)
        for what, members in groups.items():
            kept[k].update(members[: max(1, number[what])])
    return {(i, j): worth for (i, j), worth in edges.items() if i in kept[0] and j in kept[1]}


def _worth(gold: Stretch, pred: Stretch, how: Matching) -> tuple[int, int] | None:
    """Credit and similarity of a pair, in units of 2**-30; None where it may not be paired."""
    both = shared(gold.pieces, pred.pieces)
    if not both:
        return None
    g, p = size(gold.pieces), size(pred.pieces)
    like = both * ONE // (g + p - both)
    match how.mode:
        case "head":
            head = gold.head or gold.pieces
            inside = both == p and shared(head, pred.pieces) == size(head)
            return (ONE, like) if inside else None
        case "overlap":
            # 1e-9: the threshold is a decimal, which float64 only approximates.
            return (ONE, like) if both >= how.least * (g + p - both) - 1e-9 else None
        case _:
            return (like if how.mode == "partial-iou" else 2 * both * ONE // (g + p)), like


def weights(edges: Edges, liked: dict[Edge, int], *, pairs_first: bool) -> dict[Edge, int]:
    """Fold the rule of the alignment into one whole number an edge.

    Each level is worth more than all that the levels below it can sum up to.
    """
    n = min(len({i for i, _ in edges}), len({j for _, j in edges}))
    low = n * max(liked.values()) + 1
    middle = n * ONE + 1
    return {
        edge: ((1 if pairs_first else credit) * middle + like) * low + liked[edge]
        for edge, (credit, like) in edges.items()
    }
