"""Profiles in the terminal: all results of one, or the headlines of many side by side."""

from __future__ import annotations

from goldwire.evaluate.profiles.spread import Profiled, Spread
from goldwire.evaluate.report.text import rate


def text(spread: Spread, *, width: int = 100) -> str:
    """One profile in full, with its signature; several as one line each, most telling figure only."""
    from rich.console import Console
    from rich.table import Table

    one = len(spread.profiles) == 1
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("result" if one else "profile", no_wrap=True)
    if not one:
        table.add_column("result", no_wrap=True)
    for name in ("P", "R", "F1"):
        table.add_column(name, justify="right", no_wrap=True)
    for profiled in spread.profiles:
        for row in _whole(profiled) if one else [_line(profiled)]:
            table.add_row(*row)
    console = Console(width=width, color_system=None, highlight=False)
    with console.capture() as captured:
        console.print(table)
    lines = [line.rstrip() for line in captured.get().splitlines()]
    return "\n".join([*lines, "", *_remarks(spread)]) + "\n"


def _whole(profiled: Profiled) -> list[list[str]]:
    return [[name, *map(rate, rates)] for name, rates in profiled.results.items()]


def _line(profiled: Profiled) -> list[str]:
    rates = profiled.headline
    figures = [rate(x) for x in rates] if rates else ["–"] * 3
    return [profiled.profile.name, profiled.profile.headline, *figures]


def _remarks(spread: Spread) -> list[str]:
    said = [f"{p.profile.name}: {p.refused}" for p in spread.profiles if p.refused]
    if spread.missing:
        said.append(f"not predicted, all counted as missed: {', '.join(spread.missing)}")
    if spread.unknown:
        said.append(f"not in gold, not counted: {', '.join(spread.unknown)}")
    if len(spread.profiles) == 1:
        only = spread.profiles[0]
        said += [f"as {only.profile.reference}: {only.profile.about}", only.signature]
    else:
        for kind, both in spread.ranges().items():
            low, high = (f"{rate(p.f1 or 0)} ({p.profile.name})" for p in both)
            said.append(f"{kind}: F1 from {low} to {high}")
        said.append("Profiles count different things: compare systems within a line, not lines.")
    return said
