"""Lines of JSON read straight into columns by the compiled module, and both sides of a file in step.

Whatever it does not read, a line with anything out of the ordinary, is read by ``records.py``; so
is what follows where the two sides do not list the same documents in one order (``pairing.py``).
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from itertools import chain
from typing import NamedTuple

import msgspec

from goldwire.annotate.files import BUFFER
from goldwire.evaluate.stream import columns, pairing, tally
from goldwire.evaluate.stream.columns import Both, Codes, numbers
from goldwire.evaluate.stream.pairing import Left, OutOfStepError
from goldwire.evaluate.stream.records import Record, Span, records

ALL = 1 << 62
Read = Callable[[int], bytes]  # so many bytes, fewer where the file ends


class Piece(NamedTuple):
    """Documents of one side. ``texts`` are as they stand in the JSON, between the quotation marks."""

    keys: list[str]
    texts: list[bytes | None]
    lines: bytes
    lengths: bytes
    counts: bytes
    start: bytes
    end: bytes
    label: bytes

    @property
    def side(self) -> columns.Side:
        """The columns that are counted."""
        return columns.Side(self.counts, self.start, self.end, self.label)


class Lines:
    """The lines of one side, to be read piece by piece."""

    def __init__(self, read: Read, where: str, codes: Codes) -> None:
        self._read, self._where, self._codes = read, where, codes
        self._block, self._at, self._line, self._ended = b"", 0, 1, False

    def piece(self, documents: int, spans: int) -> Piece:
        """The next documents: so many, or those that hold so many spans, or fewer where the file ends.

        Raises what ``records`` raises.
        """
        parts: list[Piece] = []
        while documents > 0 and spans > 0:
            self._at, self._line, odd, *held = tally.compiled.scan(
                self._block, self._at, self._line, documents, spans, self._codes, self._ended
            )
            found = [Piece(*held), *([self._odd()] if odd else [])]
            parts += found
            documents -= sum(len(part.keys) for part in found)
            spans -= sum(len(numbers(part.start)) for part in found)
            if not odd and documents > 0 and spans > 0 and not self._more():
                break
        return _joined(parts)

    def _odd(self) -> Piece:
        """The line at this place, by the reader that takes every line."""
        stop = self._block.find(b"\n", self._at) + 1 or len(self._block)
        found = list(records([self._block[self._at : stop]], self._where, self._line))
        self._at, self._line = stop, self._line + 1
        texts = [msgspec.json.encode(r.text)[1:-1] if r.length >= 0 else None for r in found]
        more = (array("q", [r.line for r in found]), array("q", [r.length for r in found]))
        side = (*more, *columns.side(found, self._codes))
        return Piece([r.key for r in found], texts, *(memoryview(column).tobytes() for column in side))

    def _more(self) -> bool:
        """Read on; False at the end of the file."""
        if self._ended:
            return False
        rest = self._block[self._at :]
        more = self._read(max(BUFFER, len(rest)))  # a long line is looked at some times, not often
        self._block, self._at, self._ended = rest + more, 0, not more
        return True

    def records(self) -> Iterator[Record]:
        """All that is left, as records."""
        while (piece := self.piece(columns.DOCUMENTS, columns.SPANS)).keys:
            yield from as_records(piece, self._codes)


def _joined(parts: list[Piece]) -> Piece:
    full = [part for part in parts if part.keys]
    if len(full) == 1:
        return full[0]
    lists = ([x for part in full for x in part[i]] for i in (0, 1))
    return Piece(*lists, *(b"".join(part[i] for part in full) for i in range(2, 8)))  # type: ignore[arg-type, misc]


def as_records(piece: Piece, codes: Codes) -> Iterator[Record]:
    """The documents of a piece, one by one."""
    names = list(codes)
    spans = map(Span, *map(numbers, (piece.start, piece.end)), map(names.__getitem__, numbers(piece.label)))
    each = map(numbers, (piece.lines, piece.lengths, piece.counts))
    for key, text, line, length, count in zip(piece.keys, piece.texts, *each, strict=True):
        yield Record(key, _said(text), length, [next(spans) for _ in range(count)], line)


def _said(text: bytes | None) -> str:
    """What a string of JSON says."""
    if not text:
        return ""
    return msgspec.json.decode(b'"%b"' % text, type=str) if b"\\" in text else text.decode("utf-8")


def in_step(
    gold: Lines, pred: Lines, codes: Codes, *, missing: Left, unknown: Left, where: str, ordered: bool
) -> Iterator[Both]:
    """Both sides of the documents, as ``pairing.in_step`` pairs them, without a record for each.

    Raises what that raises.
    """
    while True:
        g = gold.piece(columns.DOCUMENTS, columns.SPANS)
        p = pred.piece(len(g.keys) or 1, ALL)
        if not g.keys and not p.keys:
            return
        if not _alike(g, p):
            break
        if g.texts != p.texts:
            _same_texts(g, p, codes, where)
        lengths = g.lengths
        if None in g.texts:
            lengths = array("q", map(max, numbers(g.lengths), numbers(p.lengths))).tobytes()
        yield Both(g.side, p.side, lengths, (g.lines, p.lines))
    if ordered:
        raise OutOfStepError
    left, right = (
        chain(as_records(piece, codes), lines.records()) for piece, lines in ((g, gold), (p, pred))
    )
    pairs = pairing.in_step(left, right, missing=missing, unknown=unknown, where=where)
    yield from columns.batches(pairs, codes)


def _alike(gold: Piece, pred: Piece) -> bool:
    """Whether two pieces hold the same documents in one order, told by their names or, without, by text."""
    if gold.keys == pred.keys and all(gold.keys):
        return True
    return len(gold.keys) == len(pred.keys) and all(
        gk == pk if gk and pk else gt is not None and gt == pt
        for gk, pk, gt, pt in zip(gold.keys, pred.keys, gold.texts, pred.texts, strict=True)
    )


def _same_texts(gold: Piece, pred: Piece, codes: Codes, where: str) -> None:
    """Raise ProblemError where a document's texts differ, and not only in how JSON writes them."""
    pairs = zip(gold.texts, pred.texts, strict=True)
    if all(g is None or p is None or g == p or _said(g) == _said(p) for g, p in pairs):
        return
    for g, p in zip(as_records(gold, codes), as_records(pred, codes), strict=True):
        pairing.checked(g, p, where)
