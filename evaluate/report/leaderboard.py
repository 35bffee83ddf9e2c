"""The runs of a leaderboard as tables: for the terminal, Markdown, CSV, LaTeX and JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from goldwire.evaluate.leaderboard import Board, Run
from goldwire.evaluate.metrics import HEADLINES
from goldwire.evaluate.report.tables import COUNTED, aligned, page_part, piped, tabular
from goldwire.evaluate.report.text import cells, rate
from goldwire.evaluate.scores import Row, plain

Metrics = Sequence[tuple[str, str]]  # with their ways of matching
Table = tuple[list[str], list[list[str]]]


def text(board: Board, metrics: Metrics, by: tuple[str, str]) -> str:
    """F1 of every run by layer, then each metric with its counts, the best run first."""
    parts = [aligned(*overview(board, metrics, by)), aligned(*detail(board, metrics)), *remarks(board)]
    return "\n".join(parts) + "\n"


def markdown(board: Board, metrics: Metrics, by: tuple[str, str]) -> str:
    """Both tables in Markdown."""
    said = "".join(f"{line}\n\n" for line in remarks(board))
    return f"{piped(*overview(board, metrics, by), left=1)}\n{piped(*detail(board, metrics), left=2)}\n{said}"


def html(board: Board, metrics: Metrics) -> str:
    """Both tables for a notebook, sorted by the first metric."""
    tables = [overview(board, metrics, metrics[0]), detail(board, metrics)] if metrics else []
    return page_part(tables, remarks(board))


def latex(board: Board, metrics: Metrics, by: tuple[str, str]) -> str:
    """Both tables for booktabs; what is said of them as comments."""
    said = "".join(f"% {line}\n" for line in remarks(board))
    tables = tabular(*overview(board, metrics, by), left=1), tabular(*detail(board, metrics), left=2)
    return "\n".join(tables) + said


def comma_separated(board: Board, metrics: Metrics) -> str:
    """A row for every run on every metric, the best run first, figures unrounded."""
    out = io.StringIO()
    rows = [{"run": run.run, **plain(row)} for key in metrics for run, row in board.ranked(key) if row]
    if rows:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return out.getvalue() + "".join(f"# {line}\n" for line in remarks(board))


def values(board: Board, metrics: Metrics, by: tuple[str, str]) -> dict[str, Any]:
    """Everything as plain values, the best run first."""
    return {
        "rules": dict(board.rules),
        "sorted_by": " ".join(by).strip(),
        "runs": [
            {
                "run": run.run,
                "about": run.about,
                "signature": run.signature,
                "predictions": run.predictions,
                "rows": [plain(row) for key in metrics if (row := board.row(run, key))],
            }
            for run, _ in board.ranked(by)
        ],
    }


def overview(board: Board, metrics: Metrics, by: tuple[str, str]) -> Table:
    """F1 of every run on every metric; the column that they are sorted by stands first."""
    ordered = [by, *(key for key in metrics if key != by)]
    short = [HEADLINES.get(metric, metric) for metric, _ in ordered]
    twice = {name for name in short if short.count(name) > 1}
    header = [
        f"{name} {way}".strip() if name in twice else name
        for name, (_, way) in zip(short, ordered, strict=True)
    ]
    rows = [
        [run.run, *("–" if row is None else rate(row.rates.f1) for row in _rows(board, run, ordered))]
        for run, _ in board.ranked(by)
    ]
    return ["F1", *header], rows


def detail(board: Board, metrics: Metrics) -> Table:
    """Each metric with rates, interval and counts of every run that attempted it."""
    rows = []
    for key in metrics:
        name = " ".join(key).strip()
        for run, row in board.ranked(key):
            if row:
                rows.append([name, run.run, *cells(row, interval=True)[1:]])
                name = ""
    return ["", "", "P", "R", "F1", "interval", *COUNTED], rows


def remarks(board: Board) -> Iterator[str]:
    """By which rules everything was counted, and what each run is."""
    yield f"all runs: {'|'.join(f'{k}:{v}' for k, v in board.rules.items())}"
    for run in board.runs:
        kept = "" if run.predictions else "; its predictions are not kept"
        if run.about or kept:
            yield f"{run.run}: {run.about}{kept}".replace(": ;", ":")
    if "interval" in board.rules:
        yield "an interval is that of one run alone: goldwire compare tests two against each other"


def _rows(board: Board, run: Run, metrics: Metrics) -> list[Row | None]:
    return [board.row(run, key) for key in metrics]
