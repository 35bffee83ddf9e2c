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

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, TypeVar

from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate.assignment import best
from goldwire.evaluate.counts import Entry, Tally

T = TypeVar("T")
Pieces = tuple[tuple[int, int], ...]
MODES = ("exact", "head", "overlap", "partial", "partial-token", "partial-iou")
ONE = 1 << 30  # the similarity of equal spans; similarities are whole numbers of 2**-30


class Stretch(NamedTuple):
    """A span made ready for matching: positions, label, head, and what orders equal ones.

    ``pieces`` may count tokens; then ``written`` holds the code points, by which copies are known.
    """

    pieces: Pieces
    label: str = ""
    head: Pieces = ()
    key: tuple[str, ...] = ()
    written: Pieces = ()

    @property
    def copy_of(self) -> tuple[Pieces, str]:
        """What a copy of it has too."""
        return self.written or self.pieces, self.label

    @property
    def at(self) -> int:
        """Where it begins; -1 where it has no positions."""
        return self.pieces[0][0] if self.pieces else -1


class Pair(NamedTuple):
    """Indices of a gold and a predicted item that answer each other, and what the pair is worth."""

    gold: int
    pred: int
    credit: float = 1


@dataclass(frozen=True)
class Matching:
    """A way of matching: its mode and, for overlap, the least intersection over union."""

    mode: str = "exact"
    least: float = 0.5

    def __str__(self) -> str:
        return f"overlap@{self.least:g}" if self.mode == "overlap" else self.mode


@cache
def matching(name: str) -> Matching:
    """Read the name of a way of matching; raises ProblemError that lists the modes.

    >>> matching("overlap@0.3"), str(matching("overlap"))
    (Matching(mode='overlap', least=0.3), 'overlap@0.5')
    """
    mode, _, least = name.partition("@")
    try:
        share = float(least or 0.5)
    except ValueError:
        share = -1
    if mode not in MODES or (least and mode != "overlap"):
        raise ProblemError(Problem(name, 0, "unknown-matching", f"the ways to match are {', '.join(MODES)}"))
    if not 0 < share <= 1:
        raise ProblemError(Problem(name, 0, "unknown-matching", "the least overlap lies above 0, at most 1"))
    return Matching(mode, share)


def pieces(fragments: Iterable[tuple[int, int]]) -> Pieces:
    """The set of positions of some fragments in normal form: sorted, touching ones joined.

    >>> pieces([(7, 9), (0, 3), (3, 5)])
    ((0, 5), (7, 9))
    """
    joined: list[tuple[int, int]] = []
    for start, end in sorted(fragments):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def size(a: Pieces) -> int:
    """How many positions."""
    return sum(end - start for start, end in a)


def shared(a: Pieces, b: Pieces) -> int:
    """How many positions two sets share.

    >>> shared(((0, 5), (7, 9)), ((4, 8),))
    2
    """
    if len(a) == 1 == len(b):
        return max(0, min(a[0][1], b[0][1]) - max(a[0][0], b[0][0]))
    i = j = found = 0
    while i < len(a) and j < len(b):
        found += max(0, min(a[i][1], b[j][1]) - max(a[i][0], b[j][0]))
        if a[i][1] <= b[j][1]:
            i += 1
        else:
            j += 1
    return found


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
        return sorted(Pair(gold_order[i], pred_order[j]) for i, j in _twins(g, p, typed))
    edges = _equal(g, p, typed) if how.mode == "exact" else _near(g, p, how, typed)
    if not edges:
        return []
    choices = Counter(i for i, _ in edges), Counter(j for _, j in edges)
    liked = {}
    for i, j in edges:
        choice = prefer and (choices[0][i] > 1 or choices[1][j] > 1)
        asked = prefer(gold_order[i], pred_order[j]) if prefer and choice else 0
        liked[i, j] = 2 * asked + (g[i].label == p[j].label)
    if how.mode != "exact":
        edges = _without_copies(edges, liked, g, p)
    partial = how.mode.startswith("partial")
    found = best(_weights(edges, liked, pairs_first=not partial))
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
    edges = _equal(g, p, False) if how.mode == "exact" else _near(g, p, how, False)
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


Edge = tuple[int, int]
Edges = dict[Edge, tuple[int, int]]  # -> credit, similarity


def _twins(gold: Sequence[Stretch], pred: Sequence[Stretch], typed: bool) -> list[Edge]:
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


def _equal(gold: Sequence[Stretch], pred: Sequence[Stretch], typed: bool) -> Edges:
    """Edges between equal sets of positions; the label is part of the key where it must agree."""
    where: dict[tuple[Pieces, str], list[int]] = {}
    for j, s in enumerate(pred):
        where.setdefault((s.pieces, s.label if typed else ""), []).append(j)
    return {
        (i, j): (ONE, ONE)
        for i, s in enumerate(gold)
        for j in where.get((s.pieces, s.label if typed else ""), ())
    }


def _near(gold: Sequence[Stretch], pred: Sequence[Stretch], how: Matching, typed: bool) -> Edges:
    """Edges between spans that overlap as the mode demands."""
    edges: Edges = {}
    by_label: dict[str, list[int]] = {}
    for j, s in enumerate(pred):
        by_label.setdefault(s.label if typed else "", []).append(j)
    # Sorted by start; the running maximum of ends tells where those begin that may reach a gold span.
    index: dict[str, tuple[list[int], list[int]]] = {}
    for label, js in by_label.items():
        ends: list[int] = []
        for j in js:
            ends.append(max(pred[j].pieces[-1][1], ends[-1] if ends else 0))
        index[label] = [pred[j].at for j in js], ends
    for i, s in enumerate(gold):
        label = s.label if typed else ""
        if label not in index:
            continue
        starts, ends = index[label]
        low, high = bisect_right(ends, s.at), bisect_left(starts, s.pieces[-1][1])
        for j in by_label[label][low:high]:
            if worth := _worth(s, pred[j], how):
                edges[i, j] = worth
    return edges


def _without_copies(
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


def _weights(edges: Edges, liked: dict[Edge, int], *, pairs_first: bool) -> dict[Edge, int]:
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
