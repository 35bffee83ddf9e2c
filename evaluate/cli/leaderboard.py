"""``goldwire leaderboard``: a table of runs that were counted alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from goldwire.evaluate.labels import LabelMap
    from goldwire.evaluate.leaderboard import Board


def leaderboard(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="The folder of the runs, a JSON file each.")],
    add: Annotated[
        str, typer.Option(help="Score these predictions, or take this report (score --json), as a run.")
    ] = "",
    name: Annotated[str, typer.Option(help="The run's name; else that of the file.")] = "",
    about: Annotated[str, typer.Option(help="A line on the system, shown below the table.")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="In place of the run of that name.")] = False,
    keep: Annotated[bool, typer.Option(help="Copy the predictions into the folder.")] = True,
    gold: Annotated[str, typer.Option(help="Gold file or folder; else the corpus in the package.")] = "",
    layer: Annotated[list[str] | None, typer.Option(help="Score this layer or metric; repeatable.")] = None,
    match: Annotated[list[str] | None, typer.Option(help="Way of matching spans; repeatable.")] = None,
    map: Annotated[
        str, typer.Option("--map", help="Translate labels: ace, plover, acled, ontonotes, or a TOML file.")
    ] = "",
    repair: Annotated[str, typer.Option(help="Mend a broken prediction: drop what is broken.")] = "",
    align: Annotated[str, typer.Option(help="Predictions made on another text: text or tokens.")] = "",
    format: Annotated[str, typer.Option("--from", help="Format of the prediction; else by its name.")] = "",
    interval: Annotated[str, typer.Option(help="Bootstrap of F1: percentile, bca or none.")] = "",
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of the bootstrap; else 7.")] = None,
    metric: Annotated[list[str] | None, typer.Option(help="Show this metric; repeatable.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Show every metric that score shows.")] = False,
    sort: Annotated[str, typer.Option(help="The metric to sort by; else the first that is shown.")] = "",
    verify: Annotated[
        bool, typer.Option("--verify", help="Compute every run once more from its predictions.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV, a row a run and metric.")] = False,
    latex: Annotated[bool, typer.Option("--latex", help="Print LaTeX tables (booktabs).")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown tables.")] = False,
) -> None:
    """Keep a table of runs, all counted by the same rules; a run that was counted otherwise is refused.

    The first run that is added sets the rules; later ones are scored by them unless options say otherwise,
    and are then refused.
    """
    from goldwire.annotate import files
    from goldwire.evaluate import labels, leaderboard
    from goldwire.evaluate.report import leaderboard as report

    if interval not in ("", "percentile", "bca", "none"):
        raise typer.BadParameter(f"{interval!r} is none of percentile, bca, none", param_hint="--interval")
    if not add and not files.is_folder(folder):
        raise typer.BadParameter(f"there is no folder {folder!r}; --add makes one", param_hint="DIR")
    board = leaderboard.read(folder)
    known = map or board.rules.get("map", "")
    if "+sha256." in known and not map and (add or verify):
        raise typer.BadParameter(f"the runs were scored under {known}: name its file", param_hint="--map")
    labelled = labels.find(known, files.ontology()) if known else None
    if add:
        given: dict[str, Any] = {"layers": layer, "match": match, "repair": repair, "align": align}
        given |= {"interval": interval, "seed": seed}
        made, kept = _report(add, gold, labelled, format, given, board)
        leaderboard.add(
            folder,
            name or _named(add),
            made,
            kept=kept if keep else "",
            replace=replace,
            **({"about": about} if about else {}),
            **({"format": format} if format else {}),
        )
        board = leaderboard.read(folder)
    if verify:
        return _verified(folder, board, gold, labelled)
    if not board.runs:
        raise typer.BadParameter("holds no run; --add one", param_hint="DIR")
    keys = board.metrics(metric or (), full=full)
    by = board.metrics([sort])[0] if sort else (keys or board.metrics(full=True))[0]
    if json:
        import msgspec

        typer.echo(msgspec.json.format(msgspec.json.encode(report.values(board, keys, by)), indent=1))
    elif csv:
        typer.echo(report.comma_separated(board, keys), nl=False)
    else:
        write = report.latex if latex else report.markdown if markdown else report.text
        typer.echo(write(board, keys, by), nl=False)


def _named(path: str) -> str:
    from pathlib import PurePath

    return PurePath(path).stem


def _report(
    path: str, gold: str, labelled: LabelMap | None, format: str, given: dict[str, Any], board: Board
) -> tuple[dict[str, Any], str]:
    """The report of a run, and where its predictions are ("" for a report without any).

    What is not given is as the runs have it that are there.
    """
    from goldwire.annotate import files
    from goldwire.evaluate import intake, signature
    from goldwire.evaluate.scores import score

    if path.endswith(".json") and files.exists(path) and b'"signature"' in files.read_bytes(path):
        return signature.report(files.read_bytes(path)), ""
    rules = board.rules
    kind, _, level = rules.get("interval", "" if rules else "percentile").partition("-")
    level, _, resamples = level.partition("-")
    kind = given["interval"] or kind
    there = rules.get("layers", "all")
    documents, dropped = intake.predictions(path, files.ontology(), format=format, repair=given["repair"])
    scores = score(
        files.read(gold) if gold else files.gold(),
        documents,
        layers=given["layers"] or (None if there == "all" else there.split(",")),
        match=given["match"] or rules.get("match", "exact").split(","),
        labels=labelled,
        interval="" if kind == "none" else kind,
        level=float(level or 0.95),
        resamples=int(resamples or 10_000),
        seed=int(rules.get("seed", "7")) if given["seed"] is None else given["seed"],
        gold_name="" if gold else signature.gold_version(),
        repair=given["repair"],
        align=given["align"] or rules.get("align", ""),
        dropped=dropped,
        where=path,
    )
    return scores.to_dict(), "" if path == "-" else path


def _verified(folder: str, board: Board, gold: str, labelled: LabelMap | None) -> None:
    """Say of each run whether it is what its predictions give; exit status 1 if one is not."""
    from goldwire.annotate import files
    from goldwire.evaluate import leaderboard

    golds = files.read(gold) if gold else files.gold()
    wrong = False
    for run, said in leaderboard.verify(folder, board.runs, golds, labelled):
        if said is None:
            typer.echo(f"{run.run}: not verified, its predictions are not kept")
        elif not said:
            typer.echo(f"{run.run}: equal")
        else:
            wrong = True
            typer.echo("\n".join(f"{run.run}: {line}" for line in said))
    if wrong:
        raise typer.Exit(1)
