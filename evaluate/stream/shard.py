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
from dataclasses import dataclass, field, replace

import msgspec

from goldwire.annotate.problems import ProblemError
from goldwire.evaluate.counts import Counts
from goldwire.evaluate.stream import parts, schemes, sources, tally
from goldwire.evaluate.stream.columns import Both, Codes, numbers
from goldwire.evaluate.stream.pairing import Left
from goldwire.evaluate.stream.tally import Four, Rows

SUM = (1 << 64) - 1


@dataclass(frozen=True)
class Shard:
    """Where the two sides of some documents lie: paths or addresses of files.

    ``stretches`` are parts of two files of lines: bytes of gold and of predictions, half-open, that begin and
    end with a line. They have to hold the same documents in the same order.
    """

    gold: str
    pred: str
    stretches: tuple[tuple[int, int], tuple[int, int]] | None = None

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
    schemes: dict[str, Rows] = field(default_factory=dict)
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
    labelled spans, and OutOfStepError where the two sides of a stretch are not in one order.
    """
    missing, unknown = Left(), Left()
    codes = Codes()
    batches = sources.batches(shard, codes, missing, unknown)
    try:
        return counted(batches, codes, missing, unknown, wanted, (shard.gold, shard.pred))
    except ProblemError as error:
        if not shard.stretches:
            raise
        # Lines were counted from where the stretch begins.
        starts = zip((shard.gold, shard.pred), shard.stretches, strict=True)
        passed = {path: parts.lines_before(path, start) for path, (start, _) in starts}
        said = (replace(p, line=p.line and p.line + passed.get(p.path, 0)) for p in error.problems)
        raise ProblemError(*said) from None


def counted(
    batches: Iterable[Both],
    codes: Codes,
    missing: Left,
    unknown: Left,
    wanted: Sequence[str],
    names: tuple[str, str] = ("gold", "pred"),
) -> SpanCounts:
    """Count batches; ``codes``, ``missing`` and ``unknown`` are filled while they are made."""
    rows: dict[str, Rows] = {name: {} for name in wanted}
    lacking: dict[str, int] = {}
    documents = digest = 0
    with _without_gc():
        for batch in batches:
            found, more, checksum = tally.count(batch, codes, wanted, names)
            documents += len(numbers(batch.lengths))
            digest += checksum
            rows = {name: _sum(rows[name], found[name]) for name in rows}
            for name, number in more.items():
                lacking[name] = lacking.get(name, 0) + number
    for name in filter(schemes.summed, rows):
        rows[name] = {
            "": _four([sum(column) for column in zip(*rows[name].values(), strict=True)] or [0] * 4)
        }
    return SpanCounts(documents, rows, missing, unknown, digest & SUM, lacking)


def total(found: Iterable[SpanCounts]) -> SpanCounts:
    """The sum of some counts."""
    return sum(found, SpanCounts())


def _sum(a: Rows, b: Rows) -> Rows:
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
