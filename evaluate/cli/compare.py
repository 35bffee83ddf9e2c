"""``goldwire compare``: systems against each other."""

from __future__ import annotations

from typing import Annotated

import typer


def compare(
    systems: Annotated[list[str], typer.Argument(metavar="A B …", help="Predictions of each system.")],
    gold: Annotated[str, typer.Option(help="Gold file or folder; else the corpus in the package.")] = "",
    layer: Annotated[list[str] | None, typer.Option(help="Only this layer or metric; repeatable.")] = None,
    match: Annotated[list[str] | None, typer.Option(help="Way of matching spans; repeatable.")] = None,
    map: Annotated[
        str, typer.Option("--map", help="Translate labels: ace, plover, acled, ontonotes, or a TOML file.")
    ] = "",
    full: Annotated[bool, typer.Option("--full", help="Also the metrics that look closer.")] = False,
    correction: Annotated[str, typer.Option(help="For several pairs: holm, bh.")] = "holm",
    level: Annotated[
        float, typer.Option(min=0, max=1, help="Systems differ where p, corrected, is at most this.")
    ] = 0.05,
    resamples: Annotated[int, typer.Option(min=1, help="Resamples and exchanges.")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of both.")] = 7,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV, a row a pair.")] = False,
    latex: Annotated[bool, typer.Option("--latex", help="Print LaTeX tables (booktabs).")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown tables.")] = False,
) -> None:
    """Compare systems: F1 with intervals, paired tests, who is not told apart, and where it comes from."""
    from goldwire.annotate import files
    from goldwire.evaluate import labels
    from goldwire.evaluate.named_files import by_name
    from goldwire.evaluate.report import versus as report
    from goldwire.evaluate.versus import versus

    if sum((json, csv, latex, markdown)) > 1:
        raise typer.BadParameter("one of them at a time", param_hint="--json, --csv, --latex, --markdown")
    if len(systems) < 2:
        raise typer.BadParameter("two systems at least", param_hint="A B …")
    if correction not in ("holm", "bh"):
        raise typer.BadParameter(f"{correction!r} is none of holm, bh", param_hint="--correction")
    if not 0 < level < 1:
        raise typer.BadParameter("lies between 0 and 1", param_hint="--level")
    found = versus(
        files.read(gold) if gold else files.gold(),
        by_name(systems),
        layers=layer or None,
        match=match or "exact",
        labels=labels.find(map, files.ontology()) if map else None,
        full=full,
        correction=correction,
        level=level,
        resamples=resamples,
        seed=seed,
    )
    if json:
        import msgspec

        typer.echo(msgspec.json.format(msgspec.json.encode(report.plain(found)), indent=1))
    elif csv:
        typer.echo(report.comma_separated(found), nl=False)
    elif latex:
        typer.echo(report.latex(found), nl=False)
    elif markdown:
        typer.echo(report.markdown(found), nl=False)
    else:
        typer.echo(report.text(found), nl=False)
