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
    format: Annotated[
        list[str] | None,
        typer.Option("--from", help="Format of the predictions; once for all, or once for each."),
    ] = None,
    repair: Annotated[str, typer.Option(help="Mend a broken prediction: drop what is broken.")] = "",
    align: Annotated[str, typer.Option(help="Predictions made on another text: text or tokens.")] = "",
    match: Annotated[str, typer.Option(help="Way of matching spans, as in score.")] = "exact",
    title: Annotated[str, typer.Option(help="Heading of the page.")] = "goldwire report",
    interval: Annotated[str, typer.Option(help="Bootstrap of F1: percentile, bca or none.")] = "percentile",
    seed: Annotated[int, typer.Option(min=0, help="Seed of the bootstrap.")] = 7,
) -> None:
    """Write one page that shows scores, plots, articles and every error; it needs no network."""
    from goldwire.annotate import files
    from goldwire.evaluate import intake, labels, signature
    from goldwire.evaluate.named_files import names
    from goldwire.evaluate.report.page import page

    if interval not in ("percentile", "bca", "none"):
        raise typer.BadParameter(f"{interval!r} is none of percentile, bca, none", param_hint="--interval")
    ontology = files.ontology()
    called = names(systems)
    formats = format or [""]
    if len(formats) not in (1, len(systems)):
        message = f"{len(formats)} formats for {len(systems)} systems"
        raise typer.BadParameter(f"{message}: name one, or one for each", param_hint="--from")
    formats = formats * len(systems) if len(formats) == 1 else formats
    read = {
        name: intake.predictions(path, ontology, format=own, repair=repair)
        for name, path, own in zip(called, systems, formats, strict=True)
    }
    made = page(
        files.read(gold) if gold else files.gold(),
        {name: documents for name, (documents, _) in read.items()},
        title=title,
        labels=labels.find(map, ontology) if map else None,
        ontology=ontology,
        interval="" if interval == "none" else interval,
        seed=seed,
        gold_name="" if gold else signature.gold_version(),
        match=match,
        repair=repair,
        align=align,
        dropped={name: dropped for name, (_, dropped) in read.items()},
    )
    files.write_bytes(output, made.encode("utf-8"))
