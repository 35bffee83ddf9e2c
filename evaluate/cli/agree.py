"""``goldwire agree``: how far annotators agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence


def agree(
    annotators: Annotated[
        list[str], typer.Argument(metavar="A B …", help="A file or folder of each annotator.")
    ],
    layer: Annotated[list[str] | None, typer.Option(help="Only this layer; repeatable.")] = None,
    by: Annotated[str, typer.Option(help="Also a figure for each: label or document.")] = "",
    pairs: Annotated[
        bool, typer.Option("--pairs", help="Also every two of more than two annotators.")
    ] = False,
    gamma: Annotated[bool, typer.Option("--gamma", help="Also Mathet's γ, which takes a while.")] = False,
    system: Annotated[
        str, typer.Option(help="A system's output: its score against --gold beside that of the annotators.")
    ] = "",
    gold: Annotated[str, typer.Option(help="Gold for --system; else the corpus in the package.")] = "",
    disagreements: Annotated[str, typer.Option(help="Write every disagreement to this JSONL file.")] = "",
    interval: Annotated[str, typer.Option(help="Bootstrap: percentile or bca.")] = "percentile",
    resamples: Annotated[int, typer.Option(min=1, help="How many resamples.")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the bootstrap and of γ.")] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    named: Annotated[
        str, typer.Option("--rows", help="Print rows of JSONL under this name of the comparison.")
    ] = "",
) -> None:
    """Agreement between annotators, per layer, with counts and intervals.

    With --system: F1 of a system beside the annotators' ceiling on the same metrics, and their ratio
    (a cold annotator as the system gives the sufficiency ratio of the guidelines).
    """
    from dataclasses import replace

    import msgspec

    from goldwire.annotate import files
    from goldwire.annotate.cli.progress import progress
    from goldwire.evaluate import agreement, intake, metrics
    from goldwire.evaluate.agreement import ceiling
    from goldwire.evaluate.agreement.annotators import Figure, Options, compared
    from goldwire.evaluate.named_files import by_name
    from goldwire.evaluate.report import agreement as report

    _one_of("--by", by, ("", "label", "document"))
    _one_of("--interval", interval, ("percentile", "bca"))
    for name in layer or []:
        _one_of("--layer", name, metrics.LAYERS)
    if len(annotators) < 2:
        raise typer.BadParameter("two annotators at least", param_hint="A B …")
    asked = Options(tuple(layer or ()), by, pairs, gamma, interval, resamples=resamples, seed=seed)
    both = compared(by_name(annotators))
    if system:
        golds = files.read(gold) if gold else files.gold()
        rows = list(ceiling.ceiling(both, golds, intake.predictions(system, files.ontology())[0], asked))
        values = [row._asdict() for row in rows]
        shown = ceiling.text(rows)
    else:
        figures: list[Figure] = []
        layers = [name for name in metrics.LAYERS if asked.wants(name)]
        with progress("layers", len(layers)) as done:
            for name in layers:
                figures += agreement.figures(both, replace(asked, layers=(name,)))
                done(1)
        if named:
            for figure in figures:
                typer.echo(msgspec.json.encode(report.row(figure, named)))
            return
        values = [report.plain(f) for f in figures]
        shown = report.text(both, figures, asked)
    if disagreements:
        from goldwire.evaluate.agreement.disagreements import disagreements as listed

        lines = [msgspec.json.encode(d._asdict()) + b"\n" for d in listed(both, asked.layers)]
        files.write_bytes(disagreements, b"".join(lines))
    if as_json:
        whole = {
            "annotators": both.annotators,
            "documents": both.documents,
            "missing": both.missing,
            "interval": interval,
            "resamples": resamples,
            "seed": seed,
            "figures": values,
        }
        typer.echo(msgspec.json.format(msgspec.json.encode(whole), indent=1))
    else:
        typer.echo(shown, nl=False)


def _one_of(option: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        listed = ", ".join(x for x in known if x)
        raise typer.BadParameter(f"{value!r} is none of {listed}", param_hint=option)
