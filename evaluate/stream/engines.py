"""Spreads shards over processes of this machine, or over the workers of an engine that exists.

The work is ``shard.score_shard``, a plain function from paths to a value that adds; this
module only hands it out. A shard that fails is tried again, and named if it fails for good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from goldwire.annotate.problems import Problem, ProblemError, missing
from goldwire.evaluate.stream.pairing import OutOfStepError
from goldwire.evaluate.stream.parts import cuts, listed
from goldwire.evaluate.stream.records import NotPlainError
from goldwire.evaluate.stream.schemes import SCHEMES
from goldwire.evaluate.stream.shard import Shard, SpanCounts, score_shard, total
from goldwire.evaluate.stream.sources import LINES, PARQUET

TRIES = 3
FINAL = (NotPlainError, OutOfStepError)  # what another try would not change
Progress = Callable[[int, int], None]


def score(
    gold: str,
    pred: str,
    wanted: Sequence[str] = SCHEMES,
    *,
    jobs: int = 1,
    engine: str = "",
    progress: Progress = lambda done, of: None,
) -> SpanCounts:
    """Count two files, or two folders (or patterns) of files with the same names on both sides.

    ``jobs`` are processes here; ``engine`` is ``dask`` (workers on this machine) or
    ``dask=ADDRESS`` (a scheduler's). The result is the same, whatever they are.
    """
    whole = shards(gold, pred)
    parts = split(whole[0], jobs) if jobs > 1 and len(whole) == 1 and not engine else whole
    try:
        return _run(parts, wanted, jobs, engine, progress)
    except OutOfStepError:
        # Partners may lie in different stretches of the files: one process reads them as they are.
        return _run(whole, wanted, 1, "", progress)


def _run(
    parts: Sequence[Shard], wanted: Sequence[str], jobs: int, engine: str, progress: Progress
) -> SpanCounts:
    work = partial(score_shard, wanted=tuple(wanted))
    if engine:
        name, _, address = engine.partition("=")
        if name != "dask":
            message = "the engine is dask or dask=ADDRESS; for others see the page on scale"
            raise ProblemError(Problem(engine, 0, "unknown-engine", message))
        found = _dask(work, parts, address, jobs)
    elif jobs > 1 and len(parts) > 1:
        found = _processes(work, parts, jobs)
    else:
        found = map(work, parts)
    counted = []
    for result in found:
        counted.append(result)
        progress(len(counted), len(parts))
    return total(counted)


def shards(gold: str, pred: str) -> list[Shard]:
    """The shards of two files, or of two folders or patterns: files of one name belong together."""
    sides = [listed(address, (*LINES, *PARQUET)) for address in (gold, pred)]
    if len(sides[0]) == len(sides[1]) == 1:
        return [Shard(sides[0][0], sides[1][0])]
    named = [{path.rpartition("/")[2]: path for path in side} for side in sides]
    alone = sorted(named[0].keys() ^ named[1].keys())
    if alone:
        where = gold if alone[0] in named[0] else pred
        message = f"{alone[0]} has no file of its name on the other side; shards are paired by name"
        raise ProblemError(Problem(where, 0, "shards", message))
    return [Shard(path, named[1][name]) for name, path in sorted(named[0].items())]


def split(shard: Shard, parts: int) -> list[Shard]:
    """A shard of two uncompressed files of lines, cut into stretches; any other as it is."""
    if any(not path.endswith((".jsonl", ".ndjson")) or "://" in path for path in (shard.gold, shard.pred)):
        return [shard]
    return [
        Shard(shard.gold, shard.pred, ((a, b), (c, d)))
        for (a, c), (b, d) in pairwise(cuts(shard.gold, shard.pred, parts))
    ]


def _processes(
    work: Callable[[Shard], SpanCounts], parts: Sequence[Shard], jobs: int
) -> Iterator[SpanCounts]:
    from concurrent.futures import ProcessPoolExecutor, as_completed

    waiting = list(parts)
    for attempt in range(1, TRIES + 1):
        failed: list[tuple[Shard, BaseException]] = []
        # A new pool each time: one whose worker died takes no more work.
        with ProcessPoolExecutor(min(jobs, len(waiting))) as pool:
            tasks = {pool.submit(work, part): part for part in waiting}
            for task in as_completed(tasks):
                error = task.exception()
                if error is None:
                    yield task.result()
                elif isinstance(error, FINAL) or _about_content(error):
                    pool.shutdown(cancel_futures=True)
                    raise error
                else:
                    failed.append((tasks[task], error))
        waiting = [part for part, _ in failed]
        if not waiting:
            return
        if attempt == TRIES:
            raise ProblemError(*(_failed(part, error) for part, error in failed))


def _dask(
    work: Callable[[Shard], SpanCounts], parts: Sequence[Shard], address: str, jobs: int
) -> Iterator[SpanCounts]:
    try:
        from dask.distributed import Client, as_completed
    except ImportError:
        raise missing("scale", "dask") from None
    local: dict[str, Any] = (
        {} if address else {"n_workers": max(jobs, 2), "threads_per_worker": 1, "dashboard_address": None}
    )
    with Client(address or None, **local) as client:  # type: ignore[no-untyped-call]
        tasks = client.map(work, parts, retries=TRIES - 1, pure=False)
        named = {task.key: part for task, part in zip(tasks, parts, strict=True)}
        for task in as_completed(tasks):  # type: ignore[no-untyped-call]
            if task.status != "error":
                yield task.result()
                continue
            error = task.exception()
            if isinstance(error, FINAL) or _about_content(error):
                raise error
            raise ProblemError(_failed(named[task.key], error))


def _about_content(error: BaseException) -> bool:
    return isinstance(error, ProblemError) and all(p.rule != "file" for p in error.problems)


def _failed(part: Shard, error: BaseException) -> Problem:
    said = str(error) or type(error).__name__
    return Problem(part.pred, 0, "shard", f"failed {TRIES} times against {part.gold}: {said}")
