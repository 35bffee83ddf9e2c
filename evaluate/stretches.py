"""Spans made ready for matching, and the ways to match them (``match.py`` says what they mean)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from goldwire.annotate.problems import Problem, ProblemError

Pieces = tuple[tuple[int, int], ...]
MODES = ("exact", "head", "overlap", "partial", "partial-token", "partial-iou")


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
    """The set of positions of some fragments in normal form: sorted, touching ones joined, empty ones out.

    >>> pieces([(7, 9), (0, 3), (3, 5)])
    ((0, 5), (7, 9))
    """
    joined: list[tuple[int, int]] = []
    for start, end in sorted(fragments):
        if start == end:
            continue
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
