"""Bootstrap and paired test against the plain Python that everybody writes: seconds, ratio, memory.

    python benchmarks/resampling.py [--documents 1000] [--rounds 5]

Equality with the naive definition is asserted before a time is believed. Naive: one column, one system's
resamples at a time, on lists of numbers; ours: ``--labels`` columns at once. Rounds alternate; medians.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
import tracemalloc
from collections.abc import Callable

import numpy as np

from goldwire.evaluate.draws import Floats
from goldwire.evaluate.resample import intervals, paired
from goldwire.evaluate.significance import randomisation

Row = tuple[float, ...]


def f1(total: list[float]) -> float:
    p_hit, p_all, r_hit, r_all = total
    if not p_hit:
        return 0.0
    return 2 * p_hit * r_hit / (p_hit * r_all + r_hit * p_all)


def naive_paired(a: list[Row], b: list[Row], draws: Callable[[], list[int]], resamples: int) -> list[float]:
    """Differences of F1 over resampled documents."""
    found = []
    for _ in range(resamples):
        x, y = [0.0] * 4, [0.0] * 4
        for i in draws():
            for k in range(4):
                x[k] += a[i][k]
                y[k] += b[i][k]
        found.append(f1(x) - f1(y))
    return found


def naive_exchange(a: list[Row], b: list[Row], rng: random.Random, resamples: int) -> float:
    """p of an approximate randomisation test."""
    seen = abs(f1([sum(c) for c in zip(*a, strict=True)]) - f1([sum(c) for c in zip(*b, strict=True)]))
    reached = 0
    for _ in range(resamples):
        x, y = [0.0] * 4, [0.0] * 4
        for left, right in zip(a, b, strict=True):
            first, second = (left, right) if rng.random() < 0.5 else (right, left)
            for k in range(4):
                x[k] += first[k]
                y[k] += second[k]
        reached += abs(f1(x) - f1(y)) >= seen - 1e-12
    return (reached + 1) / (resamples + 1)


def made(documents: int, labels: int, seed: int) -> Floats:
    rng = np.random.default_rng(seed)
    hits = rng.integers(0, 15, (documents, labels))
    return np.stack([hits, hits + rng.integers(0, 5, hits.shape), hits, np.full_like(hits, 20)], -1).astype(
        float
    )


def stated(n: int, seed: int) -> Callable[[], list[int]]:
    """The draws that goldwire states: halves of words of PCG64."""
    source = np.random.PCG64(seed)

    def draw() -> list[int]:
        words = source.random_raw((n + 1) // 2).tolist()
        return [(w >> shift & 0xFFFFFFFF) * n >> 32 for w in words for shift in (0, 32)][:n]

    return draw


def equal() -> None:
    """The same interval as the naive definition, to the last digit."""
    a, b = made(23, 1, 1), made(23, 1, 2)
    rows = [[tuple(unit[0].tolist()) for unit in side] for side in (a, b)]
    values = naive_paired(*rows, stated(23, 7), 400)
    found = paired(a, b, resamples=400)
    assert np.allclose([found.low[0], found.high[0]], np.percentile(values, [2.5, 97.5]), atol=1e-15)


def seconds(function: Callable[[], object]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--documents", type=int, default=1000)
    arguments.add_argument("--labels", type=int, default=12)
    arguments.add_argument("--resamples", type=int, default=10_000)
    arguments.add_argument("--rounds", type=int, default=3)
    chosen = arguments.parse_args()
    equal()
    n, resamples = chosen.documents, chosen.resamples
    a, b = made(n, chosen.labels, 1), made(n, chosen.labels, 2)
    rows = [[tuple(unit[0].tolist()) for unit in side] for side in (a, b)]
    rng = random.Random(7)
    # Naive Python is timed on a tenth of the resamples: its time is a multiple of their number.
    part = max(1, resamples // 10)

    def draw() -> list[int]:
        return rng.choices(range(n), k=n)

    jobs: dict[str, tuple[Callable[[], object], float]] = {
        "naive paired bootstrap, 1 column": (lambda: naive_paired(*rows, draw, part), resamples / part),
        f"paired bootstrap, {chosen.labels} columns": (lambda: paired(a, b, resamples=resamples), 1),
        f"bootstrap of one system, {chosen.labels} columns": (lambda: intervals(a, resamples=resamples), 1),
        "naive randomisation, 1 column": (lambda: naive_exchange(*rows, rng, part), resamples / part),
        f"randomisation, {chosen.labels} columns": (lambda: randomisation(a, b, resamples=resamples), 1),
    }
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(chosen.rounds):
        for name, (job, factor) in jobs.items():
            times[name].append(seconds(job) * factor)
    medians = {name: statistics.median(ts) for name, ts in times.items()}
    print(f"{resamples} resamples of {n} documents, two systems, medians of {chosen.rounds} rounds\n")
    print("| | s | naive / this | peak MiB |\n|---|--:|--:|--:|")
    for name, (job, _) in jobs.items():
        naive = medians["naive randomisation, 1 column" if "randomisation" in name else next(iter(jobs))]
        peak = ""
        if not name.startswith("naive"):
            tracemalloc.start()
            job()
            peak = f"{tracemalloc.get_traced_memory()[1] / 2**20:.0f}"
            tracemalloc.stop()
        print(f"| {name} | {medians[name]:.3f} | {naive / medians[name]:.1f} | {peak} |")


if __name__ == "__main__":
    main()
