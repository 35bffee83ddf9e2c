"""The mapping of predicted to gold templates with the best F1, as GTT looks for it.

What a pair is worth is two numbers, right predictions and answered gold items, and F1 is
no sum of either, so the best mapping is no assignment. The published program tries all
(gold + 1) ** pred mappings. Up to ``MOST_TRIED`` of those that can differ are tried here in
its order. Beyond, types are settled apart from each other: for every set of templates that
could be mapped to each other, the pairs of numbers that nothing else beats, by dynamic
programming over sets of templates; then these are added up. That finds the same F1; of
mappings that have it with other counts, the one with more right predictions. Its bound is
``MOST_STEPS``, about a dozen templates of one type on either side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import prod

from goldwire.evaluate.assignment import TooLargeError, components

MOST_TRIED = 100_000
MOST_STEPS = 2_000_000

Gain = tuple[int, int]  # right predictions, answered gold items
Gains = Mapping[tuple[int, int], Gain]  # of (predicted, gold) templates that may be mapped


def best_mapping(
    gains: Gains, n_pred: int, n_gold: int, p_all: int, r_all: int, *, most: int = MOST_TRIED
) -> Gain:
    """The counts of the best mapping; raises TooLargeError where too many of one type meet.

    >>> best_mapping({(0, 0): (3, 1), (1, 0): (2, 2)}, 2, 1, 5, 2)
    (2, 2)
    """
    choices = [[*(j for j in range(n_gold) if (i, j) in gains), n_gold] for i in range(n_pred)]
    if prod(map(len, choices)) <= most:
        return _tried(gains, choices, n_gold, p_all, r_all)
    front: set[Gain] = {(0, 0)}
    for component in components(sorted(gains)):
        own = _front_of({pair: gains[pair] for pair in component})
        front = _undominated((a + c, b + d) for a, b in front for c, d in own)
    return max(front, key=lambda gain: (_f1(gain, p_all, r_all), gain))


def _f1(gain: Gain, p_all: int, r_all: int) -> float:
    p, r = gain[0] / p_all if p_all else 0.0, gain[1] / r_all if r_all else 0.0
    return 2 * p * r / (p + r) if p + r else 0.0


def _tried(gains: Gains, choices: list[list[int]], n_gold: int, p_all: int, r_all: int) -> Gain:
    top, best, first = -1.0, (0, 0), tuple[int, ...]()
    for mapping in _injective(choices):
        pairs = [gains[i, j] for i, j in enumerate(mapping) if j < n_gold]
        gain = sum(a for a, _ in pairs), sum(b for _, b in pairs)
        f1 = _f1(gain, p_all, r_all)
        # Of equally good mappings the program keeps the first it tried, and their counts may differ.
        if f1 > top or (f1 == top and _tried_as(mapping, choices, n_gold) < first):
            top, best, first = f1, gain, _tried_as(mapping, choices, n_gold)
    return best


def _injective(choices: list[list[int]], taken: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    """Ways to give each predicted template one of its choices, of which all but the last only once."""
    if len(taken) == len(choices):
        yield taken
        return
    *golds, nothing = choices[len(taken)]
    for j in golds:
        if j not in taken:
            yield from _injective(choices, (*taken, j))
    yield from _injective(choices, (*taken, nothing))


def _tried_as(mapping: tuple[int, ...], choices: list[list[int]], n_gold: int) -> tuple[int, ...]:
    """The first mapping tried that comes to the same: mapping to another type is mapping to nothing."""
    result: list[int] = []
    for i, j in enumerate(mapping):
        free = (k for k in range(n_gold) if k not in choices[i] and k not in result and k not in mapping)
        result.append(j if j < n_gold else next(free, n_gold))
    return tuple(result)


def _front_of(gains: Gains) -> set[Gain]:
    """The sums that no other one-to-one mapping within a component beats in both numbers."""
    lefts, rights = sorted({i for i, _ in gains}), sorted({j for _, j in gains})
    if len(rights) > len(lefts):  # sets are taken of the smaller side
        lefts, rights, gains = rights, lefts, {(j, i): gain for (i, j), gain in gains.items()}
    if len(lefts) * len(rights) << len(rights) > MOST_STEPS:
        raise TooLargeError(
            f"gtt looks for the best of all mappings of templates, and {len(lefts)} against {len(rights)} of "
            f"one type are too many; gtt+fixed has no such limit"
        )
    states: dict[int, set[Gain]] = {0: {(0, 0)}}
    for i in lefts:
        after = {taken: set(front) for taken, front in states.items()}
        for taken, front in states.items():
            for bit, j in enumerate(rights):
                if (i, j) in gains and not taken >> bit & 1:
                    a, b = gains[i, j]
                    after.setdefault(taken | 1 << bit, set()).update((a + c, b + d) for c, d in front)
        states = {taken: _undominated(front) for taken, front in after.items()}
    return _undominated(gain for front in states.values() for gain in front)


def _undominated(found: Iterable[Gain]) -> set[Gain]:
    kept: set[Gain] = set()
    most = -1
    for a, b in sorted(set(found), reverse=True):
        if b > most:
            kept.add((a, b))
            most = b
    return kept
