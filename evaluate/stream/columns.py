"""Some documents of both sides as arrays: a row a span, positions of all documents on one line.

Document after document is laid on one line of positions, so that spans of different documents
never meet and one sort serves them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate.stream.records import Record, Span

Ints = NDArray[np.int64]
BATCH = 50_000  # spans of both sides that are counted together

_start, _end, _label = attrgetter("start"), attrgetter("end"), attrgetter("label")


class Codes(dict[str, int]):
    """Numbers of labels, given in the order in which labels are met."""

    def __missing__(self, label: str) -> int:
        self[label] = code = len(self)
        return code

    def ranked(self) -> tuple[list[str], Ints]:
        """The labels met so far in the order of their names, and the rank of each number.

        Where a choice is settled by labels it is by their names, not by the order in which they came.
        """
        names = sorted(self)
        ranks = np.empty(len(names), np.int64)
        ranks[[self[name] for name in names]] = np.arange(len(names))
        return names, ranks


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


def batches(
    pairs: Iterable[tuple[Record, Record]], codes: Codes, *, gold: str, pred: str, size: int = BATCH
) -> Iterator[Batch]:
    """Pairs of records, as arrays of about ``size`` spans; ProblemError for offsets out of the text."""
    held: list[tuple[Record, Record]] = []
    spans = 0
    for pair in pairs:
        for record in pair:
            record.text = ""  # long, and compared already; its length is known
        held.append(pair)
        spans += 1 + len(pair[0].spans) + len(pair[1].spans)
        if spans >= size:
            yield _batch(held, codes, gold, pred)
            held, spans = [], 0
    if held:
        yield _batch(held, codes, gold, pred)


def _batch(pairs: list[tuple[Record, Record]], codes: Codes, gold: str, pred: str) -> Batch:
    golds, preds = [g for g, _ in pairs], [p for _, p in pairs]
    left, right = _side(golds, codes), _side(preds, codes)
    # A side without texts is measured by the other's; without any, by where its spans end.
    known = np.maximum(*(np.fromiter((r.length for r in rs), np.int64, len(rs)) for rs in (golds, preds)))
    lengths = np.where(known >= 0, known, np.int64(1) << 62)
    for records, side, where in (golds, left, gold), (preds, right, pred):
        wrong = (side.start < 0) | (side.start >= side.end) | (side.end > lengths[side.document])
        if wrong.any():
            raise _out_of_range(records, side, int(np.flatnonzero(wrong)[0]), lengths, where)
    reach = np.zeros(len(pairs), np.int64)
    for side in left, right:
        np.maximum.at(reach, side.document, side.end)
    lines = np.where(known >= 0, known, reach)
    return laid(left, right, lines, codes)


def laid(gold: Side, pred: Side, lengths: Ints, codes: Codes) -> Batch:
    """Documents of these lengths, laid on one line; their labels are numbers of ``codes``."""
    begins = np.concatenate([[0], np.cumsum(lengths)])
    names, ranks = codes.ranked()
    moved = [
        Side(s.start + begins[s.document], s.end + begins[s.document], ranks[s.label], s.document)
        for s in (gold, pred)
    ]
    return Batch(names, moved[0], moved[1], lengths, begins)


def _side(records: list[Record], codes: Codes) -> Side:
    spans: list[Span] = []
    for record in records:
        spans += record.spans
    n = len(spans)
    try:
        start = np.fromiter(map(_start, spans), np.int64, n)
        end = np.fromiter(map(_end, spans), np.int64, n)
    except OverflowError:
        start = np.fromiter((min(max(s.start, -1), 1 << 61) for s in spans), np.int64, n)
        end = np.fromiter((min(max(s.end, -1), (1 << 62) + 1) for s in spans), np.int64, n)
    label = np.fromiter(map(codes.__getitem__, map(_label, spans)), np.int64, n)
    each = np.fromiter((len(r.spans) for r in records), np.int64, len(records))
    return Side(start, end, label, np.repeat(np.arange(len(records)), each))


def _out_of_range(records: list[Record], side: Side, at: int, lengths: Ints, where: str) -> ProblemError:
    number = int(side.document[at])
    record = records[number]
    index = at - int(np.searchsorted(side.document, number))
    span = record.spans[index]
    said = f"spans[{index}]: [{span.start}, {span.end}) is not in a text of {lengths[number]} characters"
    return ProblemError(Problem(where, record.line, "offset-range", said))
