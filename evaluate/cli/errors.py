"""``goldwire errors``."""

from __future__ import annotations

from typing import Annotated

import typer


def errors(
    pred: Annotated[str, typer.Argument(help="Predictions, in any format that goldwire reads.")],
    gold: Annotated[str, typer.Option(help="Gold file or folder; else the corpus in the package.")] = "",
    layer: Annotated[list[str] | None, typer.Option(help="Only errors of this layer; repeatable.")] = None,
    cause: Annotated[list[str] | None, typer.Option(help="Only errors of this cause; repeatable.")] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            help="Also right and wrong by: label, length, position, nesting, actor-type, number-kind, "
            "quotation-type, document, meta.KEY; repeatable."
        ),
    ] = None,
    summary: Annotated[bool, typer.Option("--summary", help="Only what each cause costs.")] = False,
    map: Annotated[str, typer.Option("--map", help="Translate labels, as in score.")] = "",
    repair: Annotated[str, typer.Option(help="Mend a broken prediction: drop what is broken.")] = "",
    format: Annotated[str, typer.Option("--from", help="Format of the prediction; else by its name.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List every error of a prediction with its one cause, and what mending each cause would gain."""
    from goldwire.annotate import files
    from goldwire.evaluate import errors as listed
    from goldwire.evaluate import intake, labels
    from goldwire.evaluate.causes import CAUSES, JUDGED, gains
    from goldwire.evaluate.errors.slices import slices
    from goldwire.evaluate.report.errors import plain, text

    for name, given, known in ("layer", layer, tuple(JUDGED)), ("cause", cause, CAUSES):
        if unknown := [x for x in given or () if x not in known]:
            raise typer.BadParameter(f"{unknown[0]!r} is none of {', '.join(known)}", param_hint=f"--{name}")
    ontology = files.ontology()
    documents, _ = intake.predictions(pred, ontology, format=format, repair=repair)
    golds = files.read(gold) if gold else files.gold()
    judged = listed.errors(
        golds,
        documents,
        labels=labels.find(map, ontology) if map else None,
        where=pred,
    )
    judged = [j for j in judged if not layer or j.layer in layer]
    cut = {key: slices(judged, golds, key) for key in by or ()}
    if json:
        import msgspec

        found = {
            "causes": [g._asdict() for g in gains(judged)],
            "slices": [plain(s) for each in cut.values() for s in each],
            "errors": [e._asdict() for j in judged for e in j.errors if not cause or e.cause in cause],
        }
        typer.echo(msgspec.json.format(msgspec.json.encode(found), indent=1))
    else:
        typer.echo(text(judged, causes=cause or (), listing=not summary, cut=cut), nl=False)
