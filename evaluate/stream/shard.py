"""Counts of a shard: a value that adds, pickles, and goes to JSON and back.

>>> one = SpanCounts(1, {"strict": {"A": (2, 2, 2, 3)}})
>>> two = SpanCounts(1, {"strict": {"A": (0, 1, 0, 1), "B": (0, 0, 0, 1)}})
>>> (one + two).schemes["strict"]
{'A': (2, 3, 2, 4), 'B': (0, 0, 0, 1)}
>>> SpanCounts.from_json((one + two).to_json()) == one + two
True
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import msgspec
import numpy as np

from goldwire.evaluate.counts import Counts
from goldwire.evaluate.stream import schemes, sources
from goldwire.evaluate.stream.columns import Batch, Codes, Ints
from goldwire.evaluate.stream.pairing import Left

Four = tuple[int, int, int, int]  # p_hit, p_all, r_hit, r_all; both hits in halves
SUM = (1 << 64) - 1


@dataclass(frozen=True)
class Shard:
    """Where the two sides of some documents lie: paths or addresses, and stretches of bytes in them.

    ``gold_bytes`` and ``pred_bytes`` are half-open and lie on ends of lines; None is the whole file.
    ``line`` is the number of the line with which such a stretch begins.
    ``ordered``: both sides must list the same documents in the same order.
    """

    gold: str
    pred: str
    gold_bytes: tuple[int, int] | None = None
    pred_bytes: tuple[int, int] | None = None
    line: int = 1
    ordered: bool = False

    def __str__(self) -> str:
        return f"{self.pred} against {self.gold}"


@dataclass(frozen=True)
class SpanCounts:
    """What was counted over some documents. Sums are the same in whatever order shards are added.

    ``schemes`` maps a scheme and a label to four whole numbers; hits are counted in units (halves, or
    2**-30 where a pair is worth a share). ``digest`` is a checksum of gold, the sum of one number a document.
    ``lacking`` says of schemes whose best pairing was too large to be looked for how many units of hits it
    can have more than the pairing that was counted.
    """

    documents: int = 0
    schemes: dict[str, dict[str, Four]] = field(default_factory=dict)
    missing: Left = field(default_factory=Left)
    unknown: Left = field(default_factory=Left)
    digest: int = 0
    lacking: dict[str, int] = field(default_factory=dict)

    def __add__(self, other: SpanCounts) -> SpanCounts:
        names = [*self.schemes, *(s for s in other.schemes if s not in self.schemes)]
        return SpanCounts(
            self.documents + other.documents,
            {name: _sum(self.schemes.get(name, {}), other.schemes.get(name, {})) for name in names},
            self.missing + other.missing,
            self.unknown + other.unknown,
            (self.digest + other.digest) & SUM,
            {
                name: self.lacking.get(name, 0) + other.lacking.get(name, 0)
                for name in sorted({*self.lacking, *other.lacking})
            },
        )

    def counts(self, scheme: str) -> dict[str, Counts]:
        """The rows of a scheme by label, in hits and items."""
        rows, unit = self.schemes.get(scheme, {}), schemes.unit(scheme)
        return {
            label: Counts(_hits(a, unit), b, _hits(c, unit), d)
            for label, (a, b, c, d) in sorted(rows.items())
        }

    def to_json(self) -> bytes:
        """As JSON; the digest as hexadecimal digits."""
        plain = {**msgspec.to_builtins(self), "digest": f"{self.digest:016x}"}
        return msgspec.json.encode(plain, order="sorted")

    @classmethod
    def from_json(cls, data: bytes | str) -> SpanCounts:
        """Back from JSON; raises ValueError for anything else."""
        raw = msgspec.json.decode(data)
        return msgspec.convert({**raw, "digest": int(raw["digest"], 16)}, cls)


def score_shard(shard: Shard, wanted: Sequence[str] = schemes.SCHEMES) -> SpanCounts:
    """Count one shard in some of the schemes; nothing of it is kept but the counts.

    This is the function to map over shards, under any engine; ``sum(found, SpanCounts())`` is the result.
    Raises ProblemError for what cannot be read, NotPlainError for records that hold more than
    labelled spans, and OutOfStepError where an ordered shard is not in order.
    """
    missing, unknown = Left(), Left()
    return counted(sources.batches(shard, Codes(), missing, unknown), missing, unknown, wanted)


def counted(batches: Iterable[Batch], missing: Left, unknown: Left, wanted: Sequence[str]) -> SpanCounts:
    """Count batches; ``missing`` and ``unknown`` are filled while they are made."""
    rows: dict[str, dict[str, Ints]] = {name: {} for name in wanted}
    lacking: dict[str, int] = {}
    documents = digest = 0
    with _without_gc():
        for batch in batches:
            documents += batch.documents
            digest += checksum(batch)
            tables, more = schemes.count(batch, wanted)
            for name, number in more.items():
                lacking[name] = lacking.get(name, 0) + number
            for name, table in tables.items():
                for label, row in zip(batch.labels, table, strict=True):
                    rows[name][label] = rows[name].get(label, 0) + row
    found = {
        name: {label: _four(row.tolist()) for label, row in sorted(by_label.items()) if row.any()}
        if not schemes.summed(name)
        else {"": _four(sum(by_label.values(), np.zeros(4, np.int64)).tolist())}
        for name, by_label in rows.items()
    }
    return SpanCounts(documents, found, missing, unknown, digest & SUM, lacking)


def total(found: Iterable[SpanCounts]) -> SpanCounts:
    """The sum of some counts."""
    return sum(found, SpanCounts())


def checksum(batch: Batch) -> int:
    """A sum over gold documents of a number that their spans and labels decide: it does not feel their order.

    It tells one gold file from another; it is no seal against somebody who wants to deceive.
    """
    from zlib import crc32

    side = batch.gold
    names = np.array([crc32(name.encode("utf-8", "surrogatepass")) for name in batch.labels], np.uint64)
    with np.errstate(over="ignore"):
        start = (side.start - batch.begins[side.document]).astype(np.uint64)
        length = (side.end - side.start).astype(np.uint64)
        spans = _mixed(_mixed(start) ^ (length << np.uint64(32)) ^ names[side.label])
        sums = np.zeros(batch.documents, np.uint64)
        np.add.at(sums, side.document, spans)
        return sum(_mixed(sums).tolist())


def _mixed(x: np.typing.NDArray[np.uint64]) -> np.typing.NDArray[np.uint64]:
    """Every bit spread over all (splitmix64, Steele et al. 2014)."""
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def _sum(a: dict[str, Four], b: dict[str, Four]) -> dict[str, Four]:
    zero = (0, 0, 0, 0)
    return {
        label: _four([x + y for x, y in zip(a.get(label, zero), b.get(label, zero), strict=True)])
        for label in sorted(a.keys() | b.keys())
    }


def _four(row: Sequence[int]) -> Four:
    return row[0], row[1], row[2], row[3]


def _hits(n: int, unit: int) -> float:
    return n // unit if n % unit == 0 else n / unit


@contextmanager
def _without_gc() -> Iterator[None]:
    """Nothing on this path makes cycles, and looking for them takes longer than counting."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
