"""Systems against each other as tables: for the terminal, CSV, LaTeX, Markdown and JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from math import isnan
from typing import Any

from goldwire.evaluate.report.tables import aligned, page_part, piped, tabular
from goldwire.evaluate.report.text import rate
from goldwire.evaluate.versus import Between, Contest, Versus, letters

SHOWN_LABELS = 3


def text(found: Versus) -> str:
    """The table of systems, then every pair with its test, then how it was tested."""
    parts = [aligned(*grid(found)), aligned(*pairs(found)), *remarks(found)]
    return "\n".join(parts) + "\n"


def markdown(found: Versus) -> str:
    """Both tables in Markdown."""
    said = "".join(f"{line}\n\n" for line in remarks(found))
    return f"{piped(*grid(found), left=1)}\n{piped(*pairs(found), left=3)}\n{said}"


def html(found: Versus) -> str:
    """Both tables for a notebook."""
    return page_part([grid(found), pairs(found)], remarks(found))


def latex(found: Versus) -> str:
    """Both tables for booktabs; how it was tested as comments."""
    said = "".join(f"% {line}\n" for line in remarks(found))
    return f"{tabular(*grid(found), left=1)}\n{tabular(*pairs(found), left=3)}{said}"


def comma_separated(found: Versus) -> str:
    """A row for every pair of systems on every metric, figures unrounded."""
    out = io.StringIO()
    rows = [_row(contest, pair) for contest in found.contests for pair in contest.pairs]
    if rows:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return out.getvalue() + "".join(f"# {line}\n" for line in remarks(found))


def plain(found: Versus) -> dict[str, Any]:
    """Everything as plain values; what is not defined is None."""
    contests = []
    for c in found.contests:
        of = letters(c)
        systems = [
            {
                "system": name,
                **rates._asdict(),
                "low": c.bounds[name].low,
                "high": c.bounds[name].high,
                "groups": of[name],
            }
            for name, rates in c.rates.items()
        ]
        rows = [
            {
                **_row(c, p),
                "won": p.won,
                "lost": p.lost,
                "tied": p.tied,
                "labels": [dict(zip(("label", "f1", "hits"), row, strict=True)) for row in p.labels],
            }
            for p in c.pairs
        ]
        contests.append(
            {"metric": c.metric, "match": c.match, "unit": c.unit, "systems": systems, "pairs": rows}
        )
    whole = {
        "systems": found.systems,
        "documents": found.documents,
        "correction": found.correction,
        "level": found.level,
        "resamples": found.resamples,
        "seed": found.seed,
        "signatures": dict(found.signatures),
        "metrics": contests,
    }
    cleaned: dict[str, Any] = _none(whole)
    return cleaned


def grid(found: Versus) -> tuple[list[str], list[list[str]]]:
    """F1 of every system on every metric with its interval and groups."""
    rows = []
    for contest in found.contests:
        of = letters(contest)
        cells = [f"{contest.metric} {contest.match}".strip()]
        for name in found.systems:
            bounds = contest.bounds[name]
            interval = "" if isnan(bounds.low) else f"[{rate(bounds.low)}, {rate(bounds.high)}]"
            cells.append(" ".join(x for x in (rate(contest.rates[name].f1), interval, of[name]) if x))
        rows.append(cells)
    return ["F1", *found.systems], rows


def pairs(found: Versus) -> tuple[list[str], list[list[str]]]:
    """Every two systems on every metric: difference, interval, p, corrected p, documents, labels."""
    header = [
        "",
        "better",
        "than",
        "by",
        "interval",
        "p",
        found.correction,
        "least p",
        "won–lost–tied",
        "most of it in",
    ]
    rows = []
    for contest in found.contests:
        name = f"{contest.metric} {contest.match}".strip()
        for pair in contest.pairs:
            t = pair.test
            corrected = t.holm if found.correction == "holm" else t.bh
            interval = f"[{rate(t.low)}, {rate(t.high)}]" if not (isnan(t.low) or contest.why) else "–"
            labels = ", ".join(f"{x} {hits:+g}" for x, _, hits in pair.labels[:SHOWN_LABELS] if hits)
            score = "–".join(str(len(x)) for x in (pair.won, pair.lost, pair.tied))
            rows.append(
                [
                    name,
                    t.a,
                    t.b,
                    rate(t.difference),
                    interval,
                    *map(probability, (t.p, corrected, t.smallest)),
                    score,
                    labels,
                ]
            )
            name = ""
    return header, rows


def remarks(found: Versus) -> Iterator[str]:
    """How it was tested."""
    kinds = sorted({f"{c.unit}s" for c in found.contests})
    yield (
        f"paired randomisation over {' and '.join(kinds)}, {found.resamples} exchanges or all of them, "
        f"seed {found.seed}; p corrected ({found.correction}) over the pairs of systems within a metric"
    )
    if any(len(c.groups) > 1 for c in found.contests):
        yield f"systems that share a letter are not told apart at {found.level:g}; no letter: none are"
    else:
        yield f"no two systems are told apart at {found.level:g}"
    if whys := sorted({c.why for c in found.contests if c.why}):
        yield f"no interval of the difference where there are {', '.join(whys)} and no smaller unit"
    for name, signature in found.signatures.items():
        yield f"{name}: {signature}"


def _row(contest: Contest, pair: Between) -> dict[str, Any]:
    t = pair.test
    return {
        "metric": contest.metric,
        "match": contest.match,
        "a": t.a,
        "b": t.b,
        "difference": t.difference,
        "low": None if contest.why else t.low,
        "high": None if contest.why else t.high,
        "p": t.p,
        "holm": t.holm,
        "bh": t.bh,
        "smallest_p": t.smallest,
        "exact": t.exact,
        "unit": contest.unit,
        "units": t.units,
    }


def probability(p: float) -> str:
    """A p-value with four decimals.

    >>> probability(0.03125), probability(1e-6)
    ('.0312', '<.0001')
    """
    return "–" if isnan(p) else "<.0001" if p < 1e-4 else f"{p:.4f}".removeprefix("0")


def _none(value: Any) -> Any:
    """The same with None for nan."""
    if isinstance(value, dict):
        return {k: _none(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_none(v) for v in value]
    return None if isinstance(value, float) and isnan(value) else value
