"""The report in the terminal: a table of rows, what was left out, the signature."""

from __future__ import annotations

from itertools import groupby
from math import isnan

from goldwire.evaluate.metrics import METRICS
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


def text(scores: Scores, *, by: str = "", full: bool = False) -> str:
    """The whole report; ``by`` adds rows for labels or documents, ``full`` the metrics that look closer."""
    rows = scores.rows(by=by, main=not full)
    given = any(not isnan(scores.found(row)) for row in rows)
    header = ["", "", "P", "R", "F1", *(["interval"] if scores.intervals else []), "hits", "gold", "pred"]
    lines = [tuple(header + (["if found"] if given else []))]
    for (metric, match), group in groupby(rows, key=lambda row: (row.metric, row.match)):
        name = f"{metric} {match}".strip()
        for row in group:
            found = scores.found(row)
            last = ["" if isnan(found) else rate(found)] if given else []
            lines.append((name, *cells(row, interval=bool(scores.intervals)), *last))
            name = ""
    return "\n".join([*_columns(lines), "", *remarks(scores), scores.signature]) + "\n"


def cells(row: Row, *, interval: bool) -> list[str]:
    """What a row says, as strings: whose, three rates, the interval if asked for, three counts."""
    rates = [rate(x) for x in row.rates]
    if interval:
        rates.append(_interval(row))
    c = row.counts
    if row.label == MACRO:
        return [f"macro ({row.labels})", *rates, "", "", ""]
    what = row.document or ("" if row.label == MICRO else row.label)
    if not c and not isnan(row.rates.f1):
        return [what, *rates, "", "", ""]
    hits = amount(c.r_hit) if abs(c.r_hit - c.p_hit) < 5e-3 else f"{amount(c.r_hit)}/{amount(c.p_hit)}"
    return [what, *rates, hits, amount(c.r_all), amount(c.p_all)]


def _interval(row: Row) -> str:
    bounds = row.interval
    if bounds is None:
        return ""
    if isnan(bounds.low):
        return str(bounds)
    return f"[{rate(bounds.low)}, {rate(bounds.high)}]"


def _columns(lines: list[tuple[str, ...]]) -> list[str]:
    """Lines of cells under one another, the first two to the left, the others to the right."""
    width = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return [
        "  ".join(
            cell.ljust(w) if k < 2 else cell.rjust(w)
            for k, (cell, w) in enumerate(zip(line, width, strict=True))
        ).rstrip()
        for line in lines
    ]


def remarks(scores: Scores) -> list[str]:
    """What was not counted, and why: a sentence each."""
    said = []
    if scores.not_attempted:
        said.append(f"not attempted: {', '.join(_gathered(scores))}")
    if scores.missing:
        said.append(f"not predicted, all counted as missed: {', '.join(scores.missing)}")
    if scores.failed:
        listed = ", ".join(f"{name} ({why})" for name, why in scores.failed.items())
        said.append(f"failed on, all counted as missed: {listed}")
    if scores.unknown:
        said.append(f"not in gold, not counted: {', '.join(scores.unknown)}")
    if scores.dropped:
        listed = ", ".join(f"{rule} {n}" for rule, n in scores.dropped.items())
        said.append(f"left out of the prediction by the repair: {listed}")
    if scores.unplaced:
        said.append(f"said but nowhere in the text, counted as spurious: {scores.unplaced}")
    if scores.merged:
        said.append(
            f"their labels cannot be told apart, counted together as spans: {', '.join(scores.merged)}"
        )
    for side, lost in ("gold", scores.unmapped_gold), ("predicted", scores.unmapped_pred):
        if lost:
            listed = ", ".join(f"{label or '(none)'} {n}" for label, n in sorted(lost.items()))
            said.append(f"{side} labels without a translation, not counted: {listed}")
    for (name, way), hits in scores.lacking.items():
        said.append(
            f"{name}, {way}: too many pairs for the best of pairings; it has at most {hits:.6g} hits more"
        )
    if any(METRICS[name].given for name, _ in scores.tallies):
        said.append("if found: F1 among those whose span is found")
    by = {b.by for bounds in scores.intervals.values() for b in bounds.values() if b.by}
    if by - {"item"}:
        said.append(f"intervals: of F1, over {' and '.join(sorted(f'{x}s' for x in by - {'item'}))}")
    return said


def _gathered(scores: Scores) -> list[str]:
    """What was not attempted: layers as wholes where they can be, else metrics without their variants."""
    counted = {name.partition("(")[0] for name, _ in scores.tallies}
    layers = {name.partition(".")[0] for name in counted}
    names = []
    for name in scores.not_attempted:
        layer, short = name.partition(".")[0], name.partition("(")[0]
        if layer not in layers:
            names.append(layer)
        elif short not in counted:
            names.append(short)
        elif "given=True" not in name:
            names.append(name)
    return list(dict.fromkeys(names))
