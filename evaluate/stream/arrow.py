"""Parquet and Arrow: columns of spans become arrays without a Python object a span.

A table needs a column ``spans`` (a list of structs with start, end and label, as in
``corpus/data``), and a name for each row: ``doc_id`` or ``id``, on its own or in ``meta``.
Texts are not read, so the ends of spans are not compared with their lengths.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import numpy as np

from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate.stream import columns, pairing
from goldwire.evaluate.stream.columns import Both, Codes, Side
from goldwire.evaluate.stream.laid import Ints
from goldwire.evaluate.stream.pairing import Left
from goldwire.evaluate.stream.records import Record, Span

ROWS = 400  # documents that are counted together
NAMES = (("doc_id",), ("meta", "doc_id"), ("id",), ("meta", "id"))
FIELDS = ("start", "end", "label")


def batches(
    gold: Iterable[Any],
    pred: Iterable[Any],
    codes: Codes,
    missing: Left,
    unknown: Left,
    *,
    names: tuple[str, str],
) -> Iterator[Both]:
    """The documents of two tables, paired, as columns; the tables come in pieces of ``ROWS`` rows.

    Pieces that name the same documents on both sides are taken as they are. From the first that do
    not, rows are paired one by one, as records.
    """
    golds, preds = iter(gold), iter(pred)
    row = 0
    while True:
        g, p = next(golds, None), next(preds, None)
        if g is None and p is None:
            return
        if g is None or p is None or not _ids(g, names[0]).equals(_ids(p, names[1])):
            break
        left, right = _side(g, codes, names[0]), _side(p, codes, names[1])
        lengths, lines = np.full(g.num_rows, -1).data, np.arange(row + 1, row + 1 + g.num_rows).data
        yield Both(left, right, lengths, (lines, lines))
        row += g.num_rows
    own, other = (
        _records(chain([t] if t is not None else [], more), name)
        for t, more, name in ((g, golds, names[0]), (p, preds, names[1]))
    )
    pairs = pairing.in_step(own, other, missing=missing, unknown=unknown, where=names[1])
    yield from columns.batches(pairs, codes)


def pieces(file: Any, name: str) -> Iterator[Any]:
    """The columns that count of an open Parquet file, in pieces of ``ROWS`` rows."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        source = parquet.ParquetFile(file)
        held = {field.path for field in map(source.schema.column, range(len(source.schema)))}
        wanted = [path for path in map(".".join, NAMES) if path in held]
        spans = [path for path in held if path.startswith("spans.") and path.rpartition(".")[2] in FIELDS]
        # Labels come as the numbers that they are in the file.
        labels = [path for path in spans if path.endswith(".label")]
        source = parquet.ParquetFile(file, metadata=source.metadata, read_dictionary=labels)
        batches = source.iter_batches(batch_size=ROWS, columns=wanted + spans, use_threads=False)
        yield from (pa.Table.from_batches([batch]) for batch in batches)
    except pa.ArrowException as error:
        raise ProblemError(Problem(name, 0, "parquet", str(error).splitlines()[0])) from None


def slices(table: Any) -> Iterator[Any]:
    """The pieces of a table in memory."""
    return (table.slice(at, ROWS) for at in range(0, table.num_rows, ROWS))


def dataset(rows: Any) -> Iterator[Any]:
    """The pieces of a ``datasets.Dataset``; class labels become their names."""
    import pyarrow as pa
    from datasets import ClassLabel

    spans = rows.features["spans"]
    kind = (getattr(spans, "feature", None) or spans[0])["label"]
    for table in rows.with_format("arrow").iter(batch_size=ROWS):
        if not isinstance(kind, ClassLabel):
            yield table
        else:
            at = table.schema.get_field_index("spans")
            flat = table.column(at).combine_chunks()
            inner = flat.flatten()
            named = pa.array(kind.names).take(inner.field("label"))
            parts = [named if f == "label" else inner.field(f) for f in FIELDS]
            offsets = np.concatenate([[0], np.cumsum(flat.value_lengths().fill_null(0).to_numpy(False))])
            lists = pa.ListArray.from_arrays(
                pa.array(offsets, pa.int32()), pa.StructArray.from_arrays(parts, list(FIELDS))
            )
            yield table.set_column(at, "spans", lists)


def records(tables: Iterable[Any], where: str) -> Iterator[Record]:
    """The rows of a table as records, for the other side may be lines."""
    return _records(tables, where)


def _records(tables: Iterable[Any], where: str) -> Iterator[Record]:
    number = 0
    for table in tables:
        spans = table.column("spans").to_pylist()
        for name, row in zip(_ids(table, where).to_pylist(), spans, strict=True):
            number += 1
            found = [Span(s["start"], s["end"], s["label"]) for s in row or ()]
            yield Record(name or "", "", -1, found, number)


def _ids(table: Any, where: str) -> Any:
    import pyarrow as pa

    for first, *inner in NAMES:
        if first in table.column_names:
            column = table.column(first).combine_chunks()
            if not inner:
                return column if column.type == pa.string() else column.cast(pa.string())
            if pa.types.is_struct(column.type) and column.type.get_field_index(inner[0]) >= 0:
                named = column.field(inner[0])
                return named if named.type == pa.string() else named.cast(pa.string())
    message = "no column names the documents: doc_id or id, on its own or in meta"
    raise ProblemError(Problem(where, 0, "parquet", message))


def _side(table: Any, codes: Codes, where: str) -> Side:
    import pyarrow as pa

    if "spans" not in table.column_names:
        raise ProblemError(Problem(where, 0, "parquet", "there is no column spans"))
    lists = table.column("spans").combine_chunks()
    if lists.null_count:
        counts, flat = _ints(lists.value_lengths().fill_null(0)), lists.flatten()
    else:
        offsets = _ints(lists.offsets)
        counts, flat = np.diff(offsets), lists.values.slice(offsets[0], offsets[-1] - offsets[0])
    if not pa.types.is_struct(flat.type) or any(flat.type.get_field_index(f) < 0 for f in FIELDS):
        raise ProblemError(Problem(where, 0, "parquet", "spans: should be structs of start, end and label"))
    start, end, label = (flat.field(name) for name in FIELDS)
    if start.null_count or end.null_count or label.null_count:
        raise ProblemError(Problem(where, 0, "parquet", "spans: a start, an end or a label is missing"))
    words = label if pa.types.is_dictionary(label.type) else label.dictionary_encode()
    known = np.array([codes[word] for word in words.dictionary.to_pylist()], np.int64)
    held = (counts, _ints(start), _ints(end), known[_ints(words.indices)])
    return Side(*(column.data for column in held))


def _ints(column: Any) -> Ints:
    """Whole numbers of an Arrow array that has no nulls; where it holds int64, its own memory.

    (Arrow's ways to do this import pandas where that is installed, which takes longer than the reading.)
    """
    import pyarrow as pa

    if not pa.types.is_integer(column.type):
        column = column.cast(pa.int64())
    if not len(column):
        return np.empty(0, np.int64)
    kind = np.dtype(str(column.type))
    held = np.frombuffer(column.buffers()[1], kind, len(column), column.offset * kind.itemsize)
    return np.ascontiguousarray(held, np.int64)
