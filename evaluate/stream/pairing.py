"""Brings the records of two sides together, in memory that does not grow while both keep one order.

While both files list the same documents, a record meets its partner at once. Where they do
not, records wait: up to ``HELD`` spans in memory, the rest in a temporary database on disk,
which goes away by itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from goldwire.annotate.problems import Problem, ProblemError, visible
from goldwire.evaluate.stream.records import Record, Span, fingerprint

HELD = 500_000  # spans (and their weight in text) that wait in memory before records go to disk: some 60 MiB
NAMED = 20  # how many missing and unknown documents are named; all are counted

_write = msgspec.msgpack.Encoder().encode
_read = msgspec.msgpack.Decoder(Record).decode


@dataclass
class Left:
    """Documents without a partner: how many, and the names of the first of them in order."""

    number: int = 0
    names: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        """Count one more."""
        self.number += 1
        self.names = sorted([*self.names, name])[:NAMED]

    def __add__(self, other: Left) -> Left:
        return Left(self.number + other.number, sorted([*self.names, *other.names])[:NAMED])


class Waiting:
    """Records of one side that have met no partner, found by their key or by their text."""

    def __init__(self, held: int = HELD) -> None:
        self._memory: dict[bytes, Record] = {}
        self._texts: dict[bytes, bytes] = {}
        self._spans, self._held = 0, held
        self._disk: sqlite3.Connection | None = None

    def __bool__(self) -> bool:
        return bool(self._memory) or self._disk is not None

    def put(self, record: Record) -> bool:
        """Keep a record; False if one of the same name waits already."""
        name, text = _name(record), fingerprint(record.text)
        if name in self._memory or (self._disk and self._row("name", name)):
            return False
        if self._spans + _weight(record) <= self._held:
            self._memory[name] = record
            self._texts.setdefault(text, name)
            self._spans += _weight(record)
            return True
        if self._disk is None:
            self._disk = sqlite3.connect("", isolation_level=None)
            self._disk.execute("pragma journal_mode = off")
            self._disk.execute("create table waiting (name blob primary key, text blob, record blob)")
            self._disk.execute("create index texts on waiting (text)")
            self._disk.execute("begin")
        self._disk.execute("insert into waiting values (?, ?, ?)", (name, text, _write(record)))
        return True

    def take(self, record: Record, *, by_text: bool = False) -> Record | None:
        """The partner of a record, which waits no longer."""
        key = fingerprint(record.text) if by_text else _name(record)
        name = self._texts.get(key, b"") if by_text else key
        if found := self._memory.pop(name, None):
            self._texts.pop(fingerprint(found.text), None)
            self._spans -= _weight(found)
            return found
        row = self._row("text" if by_text else "name", key) if self._disk else None
        if row and self._disk:
            self._disk.execute("delete from waiting where name = ?", (row[0],))
            return _read(row[1])
        return None

    def _row(self, column: str, key: bytes) -> tuple[bytes, bytes] | None:
        assert self._disk is not None
        query = f"select name, record from waiting where {column} = ? order by rowid"
        row: tuple[bytes, bytes] | None = self._disk.execute(query, (key,)).fetchone()
        return row

    def rest(self) -> Iterator[Record]:
        """All that still wait."""
        yield from self._memory.values()
        if self._disk:
            for (row,) in self._disk.execute("select record from waiting order by rowid"):
                yield _read(row)


def in_step(
    gold: Iterator[Record],
    pred: Iterator[Record],
    *,
    missing: Left,
    unknown: Left,
    where: str,
    ordered: bool = False,
    held: int = HELD,
) -> Iterator[tuple[Record, Record]]:
    """Pairs of records that belong together: by id, else by text.

    A gold record nobody predicted comes with an empty partner, and is counted in ``missing``;
    predictions that belong to no gold record are counted in ``unknown`` and come not at all.
    Raises ProblemError where an id stands over another text than in gold, or a document is given
    twice; with ``ordered`` OutOfStepError where the two sides do not keep one order.
    """
    waits = Waiting(held), Waiting(held)
    g, p = next(gold, None), next(pred, None)
    while g or p:
        if g and p and _same(g, p):
            yield g, checked(g, p, where)
            g, p = next(gold, None), next(pred, None)
            continue
        if ordered:
            raise OutOfStepError
        if g:
            if partner := waits[1].take(g):
                yield g, checked(g, partner, where)
            elif not waits[0].put(g):
                raise _twice(g, where, "stands twice in gold")
            g = next(gold, None)
        if p:
            if partner := waits[0].take(p):
                yield partner, checked(partner, p, where)
            elif not waits[1].put(p):
                raise _twice(p, where, "is predicted twice")
            p = next(pred, None)
    for p in waits[1].rest():
        if p.text and (partner := waits[0].take(p, by_text=True)):
            yield partner, p
        else:
            unknown.add(p.key or f"number {p.line}, {visible(p.text, 30)}")
    for g in waits[0].rest():
        missing.add(g.name)
        yield g, Record(g.key, g.text, g.length, [], 0)


class OutOfStepError(Exception):
    """The two sides list their documents in different orders, or not the same ones."""


def _same(gold: Record, pred: Record) -> bool:
    return gold.key == pred.key if gold.key and pred.key else gold.text == pred.text


def _weight(record: Record) -> int:
    """What a record takes in memory, in spans of some 120 bytes."""
    return 4 + len(record.spans) + len(record.text) // 120


def _name(record: Record) -> bytes:
    return (
        b"k" + record.key.encode("utf-8", "surrogatepass") if record.key else b"t" + fingerprint(record.text)
    )


def checked(gold: Record, pred: Record, where: str) -> Record:
    """The prediction, if its text is that of gold; ProblemError with the first offset that differs."""
    if pred.length >= 0 and gold.length >= 0 and gold.text != pred.text:
        pairs = enumerate(zip(gold.text, pred.text, strict=False))
        at = next((i for i, (a, b) in pairs if a != b), min(gold.length, pred.length))
        there, here = (visible(t[at : at + 20]) if t[at:] else "the end" for t in (gold.text, pred.text))
        said = f"document {gold.key}: the text differs from gold at offset {at}: {here} for {there}"
        raise ProblemError(Problem(where, pred.line, "other-text", said))
    return pred


def _twice(record: Record, where: str, what: str) -> ProblemError:
    return ProblemError(Problem(where, record.line, "document-twice", f"document {record.name} {what}"))


__all__ = ["HELD", "Left", "OutOfStepError", "Span", "Waiting", "in_step"]
