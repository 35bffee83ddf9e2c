"""Scores as tables for other programs: CSV, LaTeX (booktabs), Markdown, HTML."""

from __future__ import annotations

import csv
import html as escaping
import io
from collections.abc import Iterable, Mapping, Sequence

from goldwire.annotate.mentions_html import inert
from goldwire.evaluate.counts import Counts
from goldwire.evaluate.report.text import amount, cells, rate, remarks
from goldwire.evaluate.scores import Scores, plain

HEADER = ("metric", "", "P", "R", "F1")
COUNTED = ("hits", "gold", "pred")
Table = tuple[Sequence[str], Sequence[Sequence[str]]]  # header and rows of cells


def comma_separated(scores: Scores, *, by: str = "label") -> str:
    """Every row, its figures unrounded; what is not defined is empty. The last line is the signature."""
    out = io.StringIO()
    rows = [plain(row) for row in scores.rows(by=by)]
    if rows:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return out.getvalue() + f"# {scores.signature}\n"


def latex(scores: Scores, *, by: str = "", full: bool = False) -> str:
    """A tabular for the package booktabs, with the signature as a comment.

    >>> _latex("a_b & 5%")
    'a\\\\_b \\\\& 5\\\\%'
    """
    return tabular(*_grid(scores, by, full), left=2) + f"% {scores.signature}\n"


def markdown(scores: Scores, *, by: str = "", full: bool = False) -> str:
    """A table in Markdown, then remarks and signature."""
    said = "".join(f"\n{line}\n" for line in remarks(scores))
    return f"{piped(*_grid(scores, by, full), left=2)}{said}\n`{scores.signature}`\n"


def html(scores: Scores, *, by: str = "", full: bool = False) -> str:
    """A table for a notebook, with remarks and signature; everything is escaped."""
    return page_part([_grid(scores, by, full)], remarks(scores), scores.signature)


def page_part(tables: Iterable[Table], said: Iterable[str] = (), signature: str = "") -> str:
    """Tables, then sentences, then a signature, as HTML for a notebook; everything is escaped.

    >>> page_part([(["a"], [["<b>"]])]).count("&lt;b&gt;")
    1
    """
    found = ""
    for header, rows in tables:
        body = "\n".join(_row(row, "td") for row in rows)
        found += '<div style="overflow-x:auto">'
        found += f"<table><thead>{_row(header, 'th')}</thead>\n<tbody>\n{body}\n</tbody></table></div>\n"
    found += "".join(f"<p>{_safe(line)}</p>\n" for line in said)
    return found + (f"<p><code>{_safe(signature)}</code></p>" if signature else "")


def of_counts(rows: Mapping[str, Counts]) -> str:
    """Rows of counts with their rates as HTML for a notebook, under what they are counts of.

    >>> "66.7" in of_counts({"STRIKE": Counts(1, 1, 1, 2)})
    True
    """
    lines = []
    for name, row in rows.items():
        hits = amount(row.r_hit) if row.r_hit == row.p_hit else f"{amount(row.r_hit)}/{amount(row.p_hit)}"
        lines.append([name, *map(rate, row.rates()), hits, amount(row.r_all), amount(row.p_all)])
    return page_part([(["", "P", "R", "F1", *COUNTED], lines)])


def _row(cells: Sequence[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{_safe(cell)}</{tag}>" for cell in cells) + "</tr>"


def _safe(text: str) -> str:
    return escaping.escape(inert(text))


def tabular(header: Sequence[str], rows: Sequence[Sequence[str]], *, left: int) -> str:
    """Cells as a LaTeX tabular for booktabs, the first ``left`` columns to the left."""
    columns = "l" * left + "r" * (len(header) - left)
    body = "\n".join("  " + " & ".join(map(_latex, row)) + r" \\" for row in rows)
    head = " & ".join(map(_latex, header))
    return (
        f"\\begin{{tabular}}{{{columns}}}\n  \\toprule\n  {head} \\\\\n  \\midrule\n{body}\n"
        "  \\bottomrule\n\\end{tabular}\n"
    )


def aligned(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Cells under one another, for the terminal.

    >>> print(aligned(["a", "b"], [["long", "x"]]), end="")
    a     b
    long  x
    """
    lines = [header, *rows]
    width = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "".join("  ".join(map(str.ljust, line, width)).rstrip() + "\n" for line in lines)


def piped(header: Sequence[str], rows: Sequence[Sequence[str]], *, left: int) -> str:
    """Cells as a Markdown table, the first ``left`` columns to the left."""
    lines = [header, ["---"] * left + ["--:"] * (len(header) - left), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def _grid(scores: Scores, by: str, full: bool) -> tuple[list[str], list[list[str]]]:
    interval = bool(scores.intervals)
    header = [*HEADER, *(("interval",) if interval else ()), *COUNTED]
    rows = [
        [f"{row.metric} {row.match}".strip(), *cells(row, interval=interval)]
        for row in scores.rows(by=by, main=not full)
    ]
    return header, rows


def _latex(cell: str) -> str:
    special = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "–": "--"}
    return "".join(f"\\{c}" if c in "&%$#_{}" else special.get(c, c) for c in cell)
