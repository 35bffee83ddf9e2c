"""The report in the terminal: a table of rows, what was left out, the signature."""

from __future__ import annotations

from itertools import groupby
from math import isnan

from goldwire.evaluate.scores import MACRO, MICRO, Row, Scores


def rate(value: float) -> str:
    """A rate in percent with one decimal; – where it is not defined.

    >>> rate(2 / 3), rate(float("nan"))
    ('66.7', '–')
    """
    return "–" if isnan(value) else f"{100 * value:.1f}"


def amount(value: float) -> str:
    """A count, with two decimals where it is not whole.

    >>> amount(3.0), amount(2.6666)
    ('3', '2.67')
    """
    return f"{value:.0f}" if value == int(value) else f"{value:.2f}"


def text(scores: Scores, *, by: str = "", width: int = 100) -> str:
    """The whole report; ``by`` adds rows for each label or each document."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("metric", no_wrap=True)
    table.add_column("", no_wrap=True)
    for name in ("P", "R", "F1", "hits", "gold", "pred"):
        table.add_column(name, justify="right", no_wrap=True)
    for (metric, match), rows in groupby(scores.rows(by=by), key=lambda row: (row.metric, row.match)):
        name = f"{metric} {match}".strip()
        for row in rows:
            table.add_row(name, *_cells(row))
            name = ""
    console = Console(width=width, color_system=None, highlight=False)
    with console.capture() as captured:
        console.print(table)
    lines = [line.rstrip() for line in captured.get().splitlines()]
    return "\n".join([*lines, "", *_remarks(scores), scores.signature]) + "\n"


def _cells(row: Row) -> list[str]:
    rates = [rate(x) for x in row.rates]
    if row.label == MACRO:
        return [f"macro ({row.labels})", *rates, "", "", ""]
    c = row.counts
    hits = amount(c.r_hit) if c.r_hit == c.p_hit else f"{amount(c.r_hit)}/{amount(c.p_hit)}"
    what = row.document or ("" if row.label == MICRO else row.label)
    return [what, *rates, hits, amount(c.r_all), amount(c.p_all)]


def _remarks(scores: Scores) -> list[str]:
    said = []
    if scores.not_attempted:
        said.append(f"not attempted: {', '.join(scores.not_attempted)}")
    if scores.missing:
        said.append(f"not predicted, all counted as missed: {', '.join(scores.missing)}")
    if scores.unknown:
        said.append(f"not in gold, not counted: {', '.join(scores.unknown)}")
    if scores.merged:
        said.append(
            f"counted together as spans, since their labels cannot be told apart: {', '.join(scores.merged)}"
        )
    for side, lost in ("gold", scores.unmapped_gold), ("predicted", scores.unmapped_pred):
        if lost:
            listed = ", ".join(f"{label or '(none)'} {n}" for label, n in sorted(lost.items()))
            said.append(f"{side} labels without a translation, not counted: {listed}")
    return said
