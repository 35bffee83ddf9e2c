"""Counts of a stream as ``Scores``, so that every report shows them as it shows others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from goldwire.annotate import files, formats
from goldwire.evaluate import signature
from goldwire.evaluate.counts import Entry, Tally
from goldwire.evaluate.match import matching
from goldwire.evaluate.scores import Scores
from goldwire.evaluate.stream import engines, parts
from goldwire.evaluate.stream.columns import Codes
from goldwire.evaluate.stream.pairing import Left
from goldwire.evaluate.stream.records import NotPlainError
from goldwire.evaluate.stream.schemes import SCHEMES, unit
from goldwire.evaluate.stream.shard import SpanCounts, counted
from goldwire.evaluate.stream.sources import LINES, PARQUET
from goldwire.evaluate.tallies import Key, figures

METRICS = ("spans.span", "spans.span(typed=False)")
# What the four schemes are: a metric, and the way of matching that names it in a report.
KEYS: dict[Key, str] = {
    (METRICS[0], "exact"): "strict",
    (METRICS[1], "exact"): "exact",
    (METRICS[1], "half"): "partial",
    (METRICS[0], "any"): "type",
}
NEAR = ("near-typed", "near")
# Way of matching -> the schemes that it is, with and without labels. A span without a head of its own is
# its own head, so that to match by heads is to share everything (and copies are left out, as in match.py).
WAYS = {
    "exact": ("strict", "exact"),
    "head": ("near-typed@1", "near@1"),
    "partial": ("dice-typed", "dice"),
    "partial-iou": ("iou-typed", "iou"),
}


def streamed(
    gold: str,
    pred: str,
    *,
    layers: Sequence[str] | None = None,
    match: Sequence[str] = ("exact",),
    schemes: bool = False,
    jobs: int = 1,
    engine: str = "",
    progress: engines.Progress = lambda done, of: None,
) -> Scores | None:
    """Score two files or folders of records that hold nothing but labelled spans, in one pass.

    None where they hold more than that, or are in another format: the general scorer reads them.
    """
    if not (_of_records(gold) and _of_records(pred)):
        return None
    keys = dict(KEYS) if schemes else {}
    for k, metric in enumerate(METRICS if not schemes else ()):
        for how in map(matching, match):
            if how.mode == "overlap":
                keys[metric, str(how)] = f"{NEAR[k]}@{how.least:g}"
            elif how.mode in WAYS:
                keys[metric, str(how)] = WAYS[how.mode][k]
            else:
                return None
    if layers and not set(layers) <= {"spans", METRICS[0]}:
        keys = {key: scheme for key, scheme in keys.items() if key[0] in layers}
    wanted = tuple(dict.fromkeys(keys.values()))
    try:
        found = engines.score(gold, pred, wanted, jobs=jobs, engine=engine, progress=progress)
    except NotPlainError:
        return None
    return scores(found, keys, gold_name=gold.rstrip("/").rpartition("/")[2], layers=layers)


def score_datasets(gold: Any, pred: Any, wanted: Sequence[str] = SCHEMES) -> SpanCounts:
    """Count two ``datasets.Dataset`` (or ``pyarrow.Table``) with a column of spans, without copying them.

    Raises ProblemError where a column is missing.
    """
    from goldwire.evaluate.stream import arrow

    sides = [arrow.dataset(x) if hasattr(x, "with_format") else arrow.slices(x) for x in (gold, pred)]
    codes, missing, unknown = Codes(), Left(), Left()
    names = ("gold", "pred")
    batches = arrow.batches(sides[0], sides[1], codes, missing, unknown, names=names)
    return counted(batches, codes, missing, unknown, wanted, names)


def _of_records(address: str) -> bool:
    """Whether an address names records: by its suffix, and where it lies here by its first bytes."""
    if "://" in address or "*" in address:
        return True
    paths = parts.listed(address, (*LINES, *PARQUET)) if files.is_folder(address) else [address]
    if not paths[0].lower().endswith((*LINES, *PARQUET)):
        return False
    if paths[0].lower().endswith(PARQUET):
        return True
    with files.reading(paths[0]) as file:
        plain = paths[0].lower().removesuffix(".gz").removesuffix(".zst")
        return formats.recognise(plain, file.read(files.SNIFFED)).name in ("record", "prodigy")


def scores(
    found: SpanCounts, keys: Mapping[Key, str], *, gold_name: str = "", layers: Sequence[str] | None = None
) -> Scores:
    """What was counted, as ``Scores`` without documents: each metric has one tally, of all of them.

    ``keys`` says which scheme a metric is in a way of matching.
    """
    tallies, lacking = {}, {}
    for key, scheme in keys.items():
        entries = [
            Entry(label, -1, row.p_hit, row.p_all, row.r_hit, row.r_all)
            for label, row in found.counts(scheme).items()
        ]
        tallies[key] = (Tally(entries),)
        if units := found.lacking.get(scheme):
            lacking[key] = units / unit(scheme)
    written = {
        "gold": f"{gold_name}+spans.{found.digest:016x}".lstrip("+"),
        "layers": ",".join(layers) if layers else "all",
        "match": ",".join(dict.fromkeys(way for _, way in keys)),
        "lacking": ",".join(f"{metric}/{way}<={n:.6g}" for (metric, way), n in lacking.items()),
        "result": signature.result(figures(tallies)),
    }
    return Scores(
        (),
        tallies,
        signature.write(written),
        missing=_named(found.missing),
        unknown=_named(found.unknown),
        lacking=lacking,
    )


def _named(left: Left) -> tuple[str, ...]:
    """The names that are known, and how many more there are."""
    more = left.number - len(left.names)
    return (*left.names, *([f"and {more} more"] if more else []))
