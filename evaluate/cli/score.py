"""``goldwire score``."""

from __future__ import annotations

from typing import Annotated

import typer


def score(
    pred: Annotated[str, typer.Argument(help="Predictions, in any format that goldwire reads.")],
    gold: Annotated[str, typer.Option(help="Gold file or folder; else the corpus in the package.")] = "",
    layer: Annotated[list[str] | None, typer.Option(help="Only this layer or metric; repeatable.")] = None,
    match: Annotated[
        list[str] | None,
        typer.Option(help="exact, head, overlap@T, partial, partial-token; repeatable."),
    ] = None,
    map: Annotated[
        str, typer.Option("--map", help="Translate labels: ace, plover, acled, ontonotes, or a TOML file.")
    ] = "",
    by: Annotated[str, typer.Option(help="Also a row for each: label or document.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Score predictions against gold."""
    from goldwire.annotate import files
    from goldwire.evaluate import labels
    from goldwire.evaluate.report.text import text
    from goldwire.evaluate.scores import score as scored

    scores = scored(
        files.read(gold) if gold else files.gold(),
        files.iterate(pred),
        layers=layer or None,
        match=match or "exact",
        labels=labels.find(map, files.ontology()) if map else None,
        where=pred,
    )
    if json:
        import msgspec

        typer.echo(msgspec.json.format(msgspec.json.encode(scores.to_dict(by=by or "label")), indent=1))
    else:
        typer.echo(text(scores, by=by), nl=False)
