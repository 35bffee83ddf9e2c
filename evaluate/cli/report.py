"""``goldwire report``."""

from __future__ import annotations

from typing import Annotated

import typer


def report(
    systems: Annotated[list[str], typer.Argument(metavar="PRED…", help="Predictions of each system.")],
    output: Annotated[str, typer.Option("-o", "--output", help="Where the page goes.")],
    gold: Annotated[str, typer.Option(help="Gold file or folder; else the corpus in the package.")] = "",
    map: Annotated[
        str, typer.Option("--map", help="Translate labels: ace, plover, acled, ontonotes, or a TOML file.")
    ] = "",
    title: Annotated[str, typer.Option(help="Heading of the page.")] = "goldwire report",
    interval: Annotated[str, typer.Option(help="Bootstrap of F1: percentile, bca or none.")] = "percentile",
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.")] = 7,
) -> None:
    """Write one page that shows scores, plots, articles and every error; it needs no network."""
    from goldwire.annotate import files
    from goldwire.evaluate import intake, labels, signature
    from goldwire.evaluate.named import names
    from goldwire.evaluate.report.page import page

    if interval not in ("percentile", "bca", "none"):
        raise typer.BadParameter(f"{interval!r} is none of percentile, bca, none", param_hint="--interval")
    ontology = files.ontology()
    called = names(systems)
    read = {name: intake.predictions(path, ontology)[0] for name, path in zip(called, systems, strict=True)}
    made = page(
        files.read(gold) if gold else files.gold(),
        read,
        title=title,
        labels=labels.find(map, ontology) if map else None,
        ontology=ontology,
        interval="" if interval == "none" else interval,
        seed=seed,
        gold_name="" if gold else signature.gold_version(),
    )
    files.write_bytes(output, made.encode("utf-8"))
