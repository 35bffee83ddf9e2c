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
        typer.Option(help="exact, head, overlap@T, partial, partial-token, partial-iou; repeatable."),
    ] = None,
    map: Annotated[
        str, typer.Option("--map", help="Translate labels: ace, plover, acled, ontonotes, or a TOML file.")
    ] = "",
    repair: Annotated[str, typer.Option(help="Mend a broken prediction: drop what is broken.")] = "",
    align: Annotated[
        str,
        typer.Option(help="Predictions made on another version of the text: text, or tokens (whole words)."),
    ] = "",
    entities: Annotated[
        str,
        typer.Option(help="What is one across gold documents, as corpus/entities.jsonl; else Wikidata ids."),
    ] = "",
    format: Annotated[str, typer.Option("--from", help="Format of the prediction; else by its name.")] = "",
    by: Annotated[str, typer.Option(help="Also a row for each: label or document.")] = "",
    full: Annotated[bool, typer.Option("--full", help="Also the metrics that look closer.")] = False,
    interval: Annotated[
        str,
        typer.Option(help="Bootstrap of F1: percentile (none for plain labelled spans), bca or none."),
    ] = "",
    seed: Annotated[int, typer.Option(min=0, help="Seed of the bootstrap.")] = 7,
    profile: Annotated[
        list[str] | None,
        typer.Option(
            "--profile",
            "--profiles",
            help="As another scorer counts: its name, repeatable, or all for their spread.",
        ),
    ] = None,
    own: Annotated[
        bool,
        typer.Option("--own", help="The files hold the input of that other scorer, not documents."),
    ] = False,
    schemes: Annotated[
        bool, typer.Option("--schemes", help="Of plain labelled spans: strict, exact, partial, type.")
    ] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Processes, for plain labelled spans.")] = 1,
    engine: Annotated[
        str, typer.Option(help="For shards of plain labelled spans: dask or dask=ADDRESS.")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    latex: Annotated[bool, typer.Option("--latex", help="Print a LaTeX table.")] = False,
) -> None:
    """Score predictions against gold."""
    if sum((json, csv, latex)) > 1:
        raise typer.BadParameter("one of them at a time", param_hint="--json, --csv, --latex")
    if profile:
        given = {
            "--layer": layer,
            "--match": match,
            "--by": by,
            "--align": align,
            "--interval": interval,
            "--csv": csv,
            "--latex": latex,
            "--full": full,
        }
        if wrong := next((option for option, value in given.items() if value), ""):
            raise typer.BadParameter("a profile decides this itself", param_hint=f"{wrong} beside --profile")
        return _profiles(pred, gold, map, format, repair, profile, own, json)
    if own:
        raise typer.BadParameter("needs --profile, whose scorer's input it is", param_hint="--own")
    if by not in ("", "label", "document"):
        raise typer.BadParameter(f"{by!r} is none of label, document", param_hint="--by")
    if interval not in ("", "percentile", "bca", "none"):
        raise typer.BadParameter(f"{interval!r} is none of percentile, bca, none", param_hint="--interval")
    fast = schemes or jobs > 1 or bool(engine)
    scores = None
    plain = not (
        map or repair or align or entities or format or by == "document" or interval not in ("", "none")
    )
    if gold and "-" not in (gold, pred) and plain:
        # What the streaming scorer counts (evaluate/stream); it declines what is no such thing.
        from goldwire.evaluate.stream.result import streamed

        scores = streamed(
            gold,
            pred,
            layers=layer,
            match=match or ["exact"],
            schemes=schemes,
            jobs=jobs,
            engine=engine,
            progress=_progress,
        )
    if scores is None and fast:
        message = "they want --gold, labelled spans alone on both sides, and no other options"
        raise typer.BadParameter(message, param_hint="--schemes, --jobs, --engine")
    if scores is None:
        from goldwire.annotate import files
        from goldwire.evaluate import across, intake, labels, signature
        from goldwire.evaluate.scores import score as scored

        documents, dropped = intake.predictions(pred, files.ontology(), format=format, repair=repair)
        scores = scored(
            files.read(gold) if gold else files.gold(),
            documents,
            layers=layer or None,
            match=match or "exact",
            labels=labels.find(map, files.ontology()) if map else None,
            gold_name="" if gold else signature.gold_version(),
            repair=repair,
            align=align,
            dropped=dropped,
            entities=entities or ("" if gold else across.packaged()),
            interval="" if interval == "none" else interval or "percentile",
            seed=seed,
            where=pred,
        )
    if json:
        import msgspec

        typer.echo(msgspec.json.format(msgspec.json.encode(scores.to_dict(by=by or "label")), indent=1))
    elif csv:
        from goldwire.evaluate.report import tables

        typer.echo(tables.comma_separated(scores, by=by or "label"), nl=False)
    elif latex:
        from goldwire.evaluate.report import tables

        typer.echo(tables.latex(scores, by=by, full=full), nl=False)
    else:
        from goldwire.evaluate.report.text import text

        typer.echo(text(scores, by=by, full=full), nl=False)


def _progress(done: int, of: int) -> None:
    """Say how many shards are done, where somebody watches."""
    import sys

    if of > 1 and sys.stderr.isatty():
        print(f"\r{done} of {of} shards", end="\n" if done == of else "", file=sys.stderr, flush=True)


def _profiles(
    pred: str, gold: str, map: str, format: str, repair: str, names: list[str], own: bool, json: bool
) -> None:
    from goldwire.annotate import files
    from goldwire.evaluate import intake, labels, signature
    from goldwire.evaluate.profiles.spread import of_own, spread
    from goldwire.evaluate.report.profiles import text

    if own and (not gold or map or format or repair or "all" in names):
        message = "goes with --gold and the names of profiles, without --map, --from and --repair"
        raise typer.BadParameter(message, param_hint="--own")
    if own:
        found = of_own(gold, pred, names)
    else:
        documents, dropped = intake.predictions(pred, files.ontology(), format=format, repair=repair)
        found = spread(
            files.read(gold) if gold else files.gold(),
            documents,
            names=() if "all" in names else names,
            labels=labels.find(map, files.ontology()) if map else None,
            gold_name="" if gold else signature.gold_version(),
            repair=repair,
            where=pred,
        )
        for rule, number in dropped.items():
            typer.echo(f"{repair}: {number} broken by {rule}", err=True)
    if json:
        import msgspec

        typer.echo(msgspec.json.format(msgspec.json.encode(found.to_dict()), indent=1))
    else:
        typer.echo(text(found), nl=False)
    if all(p.refused for p in found.profiles):
        raise typer.Exit(1)
