"""Documents laid one after the other on one line of positions, as arrays: a row a span.

Spans of different documents never meet there, so one sort serves them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldwire.evaluate.stream import columns
from goldwire.evaluate.stream.columns import Both, Codes

if TYPE_CHECKING:
    from goldwire.evaluate.stream.columns import Column

Ints = NDArray[np.int64]


class Side(NamedTuple):
    """Spans of one side: where each begins and ends on the line, its label's rank, its document's number."""

    start: Ints
    end: Ints
    label: Ints
    document: Ints


@dataclass(frozen=True)
class Batch:
    """Both sides of some documents: how long each is, and where it begins on the line.

    ``labels`` are in the order of their ranks.
    """

    labels: list[str]
    gold: Side
    pred: Side
    lengths: Ints
    begins: Ints

    @property
    def extent(self) -> int:
        """The length of the line."""
        return int(self.begins[-1])

    @property
    def documents(self) -> int:
        """How many documents."""
        return len(self.lengths)


def batch(both: Both, codes: Codes, names: tuple[str, str] = ("gold", "pred")) -> Batch:
    """Columns laid on one line; ProblemError for a span that is empty or does not lie in its text."""
    sides = [_side(side) for side in (both.gold, both.pred)]
    known = ints(both.lengths)
    bounds = np.where(known >= 0, known, np.int64(columns.FARTHEST))
    reach = np.zeros(len(known), np.int64)
    for which, side in enumerate(sides):
        wrong = (side.start < 0) | (side.start >= side.end) | (side.end > bounds[side.document])
        if wrong.any():
            raise columns.out_of_text(both, which, int(np.flatnonzero(wrong)[0]), names[which])
        np.maximum.at(reach, side.document, side.end)
    # Without any text, a document is as long as its spans reach.
    lengths = np.where(known >= 0, known, reach)
    begins = np.concatenate([[0], np.cumsum(lengths)])
    labels, ranks, _ = codes.ranked()
    rank = ints(ranks)
    moved = [
        Side(s.start + begins[s.document], s.end + begins[s.document], rank[s.label], s.document)
        for s in sides
    ]
    return Batch(labels, moved[0], moved[1], lengths, begins)


def _side(side: columns.Side) -> Side:
    counts = ints(side.counts)
    return Side(ints(side.start), ints(side.end), ints(side.label), np.repeat(np.arange(len(counts)), counts))


def ints(column: Column) -> Ints:
    """A column as an array; nothing is copied."""
    return np.frombuffer(column, np.int64) if memoryview(column).nbytes else np.empty(0, np.int64)
