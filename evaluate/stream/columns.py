"""Some documents of both sides as columns of whole numbers: what a file becomes, and what is counted.

A column is a buffer of int64: ``bytes``, an ``array``, or the ``data`` of a numpy array.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate.stream.records import Record, Span

if TYPE_CHECKING:
    Column = bytes | array[int] | memoryview[int]

DOCUMENTS = 400  # read together where both sides keep one order
SPANS = 50_000  # of one side; after these a batch ends, with whatever document is the last
FARTHEST = 1 << 62  # what lies beyond is out of every text, of unknown length too (schemes.c)

_start, _end, _label = attrgetter("start"), attrgetter("end"), attrgetter("label")


class Codes(dict[str, int]):
    """Numbers of labels, given in the order in which labels are met."""

    def __init__(self) -> None:
        super().__init__()
        self._ranked: tuple[list[str], array[int], array[int]] = ([], array("q"), array("q"))

    def __missing__(self, label: str) -> int:
        self[label] = code = len(self)
        return code

    def ranked(self) -> tuple[list[str], array[int], array[int]]:
        """The labels met so far in the order of their names; by code, their ranks and a checksum of each.

        Where a choice is settled by labels it is by their names, not by the order in which they came.
        """
        if len(self._ranked[0]) != len(self):
            names = sorted(self)
            ranks = array("q", bytes(8 * len(names)))
            for rank, name in enumerate(names):
                ranks[self[name]] = rank
            sums = array("q", (crc32(name.encode("utf-8", "surrogatepass")) for name in self))
            self._ranked = names, ranks, sums
        return self._ranked


class Side(NamedTuple):
    """Documents of one side: how many spans each has; of each span its bounds and its label's code."""

    counts: Column
    start: Column
    end: Column
    label: Column


class Both(NamedTuple):
    """The same documents of both sides. ``lengths`` are those of their texts, -1 where neither side has one.

    ``lines`` says for each side in which line of its file a document stands.
    """

    gold: Side
    pred: Side
    lengths: Column
    lines: tuple[Column, Column]


def numbers(column: Column) -> memoryview[int]:
    """A column as a sequence of whole numbers."""
    view = memoryview(column)
    return view.cast("B").cast("q") if view.nbytes else memoryview(b"").cast("q")


def batches(pairs: Iterable[tuple[Record, Record]], codes: Codes) -> Iterator[Both]:
    """Pairs of records as columns, in batches of about ``SPANS`` spans."""
    held: list[tuple[Record, Record]] = []
    spans = 0
    for pair in pairs:
        for record in pair:
            record.text = ""  # long, and compared already; its length is known
        held.append(pair)
        spans += 1 + len(pair[0].spans) + len(pair[1].spans)
        if spans >= SPANS:
            yield _batch(held, codes)
            held, spans = [], 0
    if held:
        yield _batch(held, codes)


def _batch(pairs: list[tuple[Record, Record]], codes: Codes) -> Both:
    gold, pred = ([pair[i] for pair in pairs] for i in (0, 1))
    # A side without texts is measured by the other's.
    lengths = array("q", (max(g.length, p.length) for g, p in pairs))
    return Both(side(gold, codes), side(pred, codes), lengths, (_lines(gold), _lines(pred)))


def side(records: list[Record], codes: Codes) -> Side:
    """The spans of some records as columns."""
    spans: list[Span] = []
    for record in records:
        spans += record.spans
    return Side(
        array("q", [len(record.spans) for record in records]),
        _column(list(map(_start, spans))),
        _column(list(map(_end, spans))),
        array("q", list(map(codes.__getitem__, map(_label, spans)))),
    )


def _column(values: list[int]) -> array[int]:
    try:
        return array("q", values)
    except OverflowError:
        return array("q", (min(max(value, -FARTHEST), FARTHEST + 1) for value in values))


def _lines(records: list[Record]) -> array[int]:
    return array("q", [record.line for record in records])


def out_of_text(both: Both, which: int, at: int, where: str) -> ProblemError:
    """What to say of a span, the ``at``-th of a side, that is empty or does not lie in its text."""
    held = both.pred if which else both.gold
    ends = list(accumulate(numbers(held.counts)))
    document = bisect_right(ends, at)
    index = at - (ends[document - 1] if document else 0)
    bounds = (numbers(held.start)[at], numbers(held.end)[at])
    start, end = (str(x) if abs(x) < FARTHEST else "beyond 2**62" for x in bounds)
    length = numbers(both.lengths)[document]
    said = f"spans[{index}]: [{start}, {end}) is not in a text of {length} characters"
    if length < 0:
        said = f"spans[{index}]: [{start}, {end}) is empty, or begins before or ends behind any text"
    return ProblemError(Problem(where, numbers(both.lines[which])[document], "offset-range", said))
