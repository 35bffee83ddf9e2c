"""The table of agreement in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from math import isnan

from msgspec.structs import replace

from goldwire.annotate.document import Document
from goldwire.evaluate.agreement.annotators import Compared, Figure, Options, compared
from goldwire.evaluate.report.text import amount

NAMES = {
    "kappa": "κ",
    "fleiss": "Fleiss κ",
    "alpha": "α",
    "alpha_u": "α_U",
    "gamma": "γ",
}
ALONE = ("F1", "alpha_u", "gamma")  # figures with a line of their own; others stand beside a share


def text(compared: Compared, figures: Sequence[Figure], options: Options) -> str:
    """Layer by layer a line a measure, then what was compared and how intervals were made."""
    lines = []
    for layer, of_layer in groupby(figures, key=lambda f: f.layer):
        rows = [_row(list(group)) for _, group in groupby(of_layer, key=_line)]
        width = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines += [layer, *("  " + "  ".join(map(str.ljust, row, width)).rstrip() for row in rows)]
    return "\n".join([*lines, "", *remarks(compared, figures, options)]) + "\n"


def remarks(compared: Compared, figures: Sequence[Figure], options: Options) -> list[str]:
    """What was compared, what was left out, and how intervals were made."""
    words = sum(len(versions[0].text.split()) for versions in compared.texts)
    said = [f"annotators: {', '.join(compared.annotators)}"]
    said.append(f"documents: {', '.join(compared.documents)} ({words} words)")
    if compared.missing:
        said.append(f"not annotated by everybody, not compared: {', '.join(compared.missing)}")
    by = sorted({f.bounds.by for f in figures} - {"", "item"})
    if by:
        over = " and ".join(f"{x}s" for x in by)
        said.append(
            f"intervals: {options.level:.0%}, {options.interval} bootstrap over {over}, "
            f"{options.resamples} resamples, seed {options.seed}"
        )
    if any(f.bounds.by == "item" for f in figures):
        said.append("where every resample gave the same: Wilson's interval of that share of items")
    said.append("no interval and no coefficient tells whether the annotators worked independently")
    if any(f.kind == "alpha_u" and f.same < f.n for f in figures):
        said.append("α_U is of units that lie in no other of their label (so many of all)")
    return said


def brief(one: Document, other: Document) -> Iterator[tuple[str, str, str]]:
    """(layer, measure, F1 with counts) of two annotations of one text: for a glance, without intervals.

    >>> from goldwire.annotate.document import Event, Mention, Meta
    >>> raid = Document("The raid", Meta("A"), events=(Event("e1", Mention("raid", 4), "STRIKE"),))
    >>> talk = Document("The raid", Meta("A"), events=(Event("e1", Mention("raid", 4), "MEET"),))
    >>> list(brief(raid, talk))[:2]
    [('events', 'trigger(typed=False) heads', '1.000, 1 of 1'), ('events', 'trigger heads', '0.000, 0 of 1')]
    """
    from goldwire.evaluate.agreement import figures

    same = replace(other, meta=replace(other.meta, doc_id=one.meta.doc_id))
    both = compared({"one": [one], "other": [same]})
    for f in figures(both, Options(resamples=1)):
        if f.kind == "F1" and not isnan(f.value):
            count = "" if isnan(f.n) or isnan(f.same) else f", {amount(f.same)} of {amount(f.n)}"
            yield f.layer, f"{f.measure} {f.match}", f"{f.value:.3f}{count}"


def plain(figure: Figure) -> dict[str, object]:
    """A figure as plain values; what is not defined is None."""
    b = figure.bounds
    row = {k: v for k, v in figure._asdict().items() if k != "bounds"}
    row |= {"low": b.low, "high": b.high, "by": b.by, "why": b.why}
    return {k: None if isinstance(v, float) and isnan(v) else v for k, v in row.items()}


def row(figure: Figure, comparison: str) -> dict[str, str]:
    """A figure as a row of the corpus: every value a string, four decimals, "" where there is none."""
    said = {"comparison": comparison}
    for key, value in plain(figure).items():
        match value:
            case None:
                said[key] = ""
            case float():
                said[key] = f"{value:.4f}".rstrip("0").rstrip(".")
            case _:
                said[key] = str(value)
    return said


def _line(f: Figure) -> tuple[str, ...]:
    """What stands in one line: a share with its coefficients, anything else by itself."""
    return f.measure, f.match, f.annotators, f.label, f.document, f.kind if f.kind in ALONE else ""


def _row(figures: list[Figure]) -> tuple[str, ...]:
    """One measure: F1 or share with interval and counts, then the coefficients beside it."""
    f = figures[0]
    who = " ".join(x for x in (f.annotators, f.label, f.document) if x)
    n, same = (round(x, 9) for x in (f.n, f.same))  # means over pairs of annotators
    count = "" if isnan(n) else amount(n) if isnan(same) else f"{amount(same)} of {amount(n)}"
    beside = [f"{NAMES[x.kind]} {_value(x)} {_interval(x)}".rstrip() for x in figures[1:]]
    kind = NAMES.get(f.kind, f.kind)
    return f"{f.measure} {f.match}".strip(), who, kind, _value(f), _interval(f), count, "  ".join(beside)


def _value(f: Figure) -> str:
    return "–" if isnan(f.value) else f"{f.value:.3f}"


def _interval(f: Figure) -> str:
    if isnan(f.bounds.low):
        # Of coefficients beside a share that is 1 nothing more is to be said.
        return str(f.bounds) if f.bounds.why and f.kind in ALONE else ""
    return f"[{f.bounds.low:.3f}, {f.bounds.high:.3f}]"
