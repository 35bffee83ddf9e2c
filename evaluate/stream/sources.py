"""Opens the two sides of a shard, whatever they are: lines, packed lines or Parquet, here or elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from goldwire.annotate import files
from goldwire.evaluate.stream import columns, pairing, pieces, tally
from goldwire.evaluate.stream.columns import Both, Codes
from goldwire.evaluate.stream.pairing import Left
from goldwire.evaluate.stream.records import Record, records

if TYPE_CHECKING:
    from goldwire.evaluate.stream.shard import Shard

PARQUET = (".parquet", ".pq")
LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".jsonl.zst", ".ndjson.zst")


def batches(shard: Shard, codes: Codes, missing: Left, unknown: Left) -> Iterator[Both]:
    """The documents of a shard, paired, as columns."""
    packed = [path.endswith(PARQUET) for path in (shard.gold, shard.pred)]
    both = list(zip((shard.gold, shard.pred), shard.stretches or (None, None), strict=True))
    ordered = shard.stretches is not None
    with ExitStack() as stack:
        if all(packed):
            from goldwire.evaluate.stream import arrow

            gold, pred = (_tables(path, stack) for path, _ in both)
            yield from arrow.batches(gold, pred, codes, missing, unknown, names=(shard.gold, shard.pred))
        elif tally.compiled is not None and not any(packed):
            left, right = (
                pieces.Lines(stack.enter_context(files.blocks(path, stretch)), path, codes)
                for path, stretch in both
            )
            yield from pieces.in_step(
                left, right, codes, missing=missing, unknown=unknown, where=shard.pred, ordered=ordered
            )
        else:
            own, other = (_records(path, stretch, stack) for path, stretch in both)
            pairs = pairing.in_step(
                own, other, missing=missing, unknown=unknown, where=shard.pred, ordered=ordered
            )
            yield from columns.batches(pairs, codes)


def _tables(path: str, stack: ExitStack) -> Iterator[Any]:
    try:
        from goldwire.evaluate.stream import arrow

        return arrow.pieces(stack.enter_context(files.reading(path)), path)
    except ModuleNotFoundError as error:
        from goldwire.annotate.problems import missing

        raise missing("scale", error.name or "pyarrow") from None


def _records(path: str, stretch: tuple[int, int] | None, stack: ExitStack) -> Iterator[Record]:
    if path.endswith(PARQUET):
        from goldwire.evaluate.stream import arrow

        return arrow.records(_tables(path, stack), path)
    return records(stack.enter_context(files.lines(path, stretch)), path)
