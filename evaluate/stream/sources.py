"""Opens the two sides of a shard, whatever they are: lines, packed lines or Parquet, here or elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from goldwire.annotate import files
from goldwire.evaluate.stream import columns, pairing
from goldwire.evaluate.stream.columns import Batch, Codes
from goldwire.evaluate.stream.pairing import Left
from goldwire.evaluate.stream.records import Record, records

if TYPE_CHECKING:
    from goldwire.evaluate.stream.shard import Shard

PARQUET = (".parquet", ".pq")
LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".jsonl.zst", ".ndjson.zst")


def batches(shard: Shard, codes: Codes, missing: Left, unknown: Left) -> Iterator[Batch]:
    """The documents of a shard, paired, as arrays."""
    with ExitStack() as stack:
        if shard.gold.endswith(PARQUET) and shard.pred.endswith(PARQUET):
            from goldwire.evaluate.stream import arrow

            tables = [_tables(path, stack) for path in (shard.gold, shard.pred)]
            yield from arrow.batches(
                tables[0], tables[1], codes, missing, unknown, names=(shard.gold, shard.pred)
            )
            return
        sides = (
            _records(path, stretch, shard.line, stack)
            for path, stretch in ((shard.gold, shard.gold_bytes), (shard.pred, shard.pred_bytes))
        )
        pairs = pairing.in_step(
            *sides, missing=missing, unknown=unknown, where=shard.pred, ordered=shard.ordered
        )
        yield from columns.batches(pairs, codes, gold=shard.gold, pred=shard.pred)


def _tables(path: str, stack: ExitStack) -> Iterator[Any]:
    try:
        from goldwire.evaluate.stream import arrow

        return arrow.pieces(stack.enter_context(files.reading(path)), path)
    except ModuleNotFoundError as error:
        from goldwire.annotate.problems import missing

        raise missing("scale", error.name or "pyarrow") from None


def _records(path: str, stretch: tuple[int, int] | None, line: int, stack: ExitStack) -> Iterator[Record]:
    if path.endswith(PARQUET):
        from goldwire.evaluate.stream import arrow

        return arrow.records(_tables(path, stack), path)
    return records(stack.enter_context(files.lines(path, stretch)), path, line)
