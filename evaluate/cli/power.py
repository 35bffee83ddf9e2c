"""``goldwire power``: what a corpus can tell apart."""

from __future__ import annotations

from typing import Annotated

import typer


def power(
    gold: Annotated[str, typer.Argument(help="Gold file or folder; else the corpus in the package.")] = "",
    f1: Annotated[float, typer.Option(min=0, max=1, help="F1 of the weaker of two systems.")] = 0.8,
    shared: Annotated[
        float, typer.Option(min=0, max=1, help="How alike their errors are, from 0 to 1.")
    ] = 0.5,
    level: Annotated[float, typer.Option(min=0, max=1, help="Level of the paired test.")] = 0.05,
    chance: Annotated[
        float, typer.Option("--power", min=0, max=1, help="Chance that the difference shows.")
    ] = 0.8,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the simulation.")] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print the smallest difference in F1 that this gold can show, layer by layer, before any system is run.

    Simulated with independent errors within a unit, so that real systems need a larger difference.
    """
    from dataclasses import asdict
    from math import isnan

    from goldwire.annotate import files
    from goldwire.evaluate.power import detectable, items

    for option, value in (("--f1", f1), ("--shared", shared), ("--level", level), ("--power", chance)):
        if not 0 <= value <= 1:
            raise typer.BadParameter("lies between 0 and 1", param_hint=option)
    documents = files.read(gold) if gold else files.gold()
    found = {}
    for layer, (unit, held) in items(documents).items():
        found[layer] = unit, detectable(held, f1=f1, shared=shared, level=level, power=chance, seed=seed)
    if as_json:
        import msgspec

        rows = [{"layer": layer, "unit": unit, **asdict(d)} for layer, (unit, d) in found.items()]
        for row in rows:
            row["difference"] = None if isnan(row["difference"]) else row["difference"]
        typer.echo(msgspec.json.format(msgspec.json.encode(rows), indent=1))
        return
    typer.echo(f"{'layer':12}{'items':>7}{'units':>7}  smallest difference in F1 that shows")
    for layer, (unit, d) in found.items():
        shown = f"– ({d.why})" if isnan(d.difference) else f"{100 * d.difference:.1f} points"
        typer.echo(f"{layer:12}{d.items:>7}{d.units:>7}  {shown} ({unit}s)")
    typer.echo(
        f"\nfrom F1 {f1:g}, with chance {chance:g}, at p ≤ {level:g}, errors shared {shared:g}; seed {seed}"
    )
