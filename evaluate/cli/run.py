"""``goldwire run``."""

from __future__ import annotations

from typing import Annotated

import typer


def run(
    system: Annotated[
        list[str],
        typer.Argument(
            metavar="SYSTEM…",
            help="baseline, regex or quantulum3; a spaCy pipeline; module:callable; openai:MODEL; "
            "or command PROGRAM…",
        ),
    ],
    output: Annotated[str, typer.Option("--output", "-o", help="Where the predictions go.")],
    input: Annotated[str, typer.Option(help="Documents in any format; else the corpus in the package.")] = "",
    batch: Annotated[int, typer.Option(min=1, help="Documents given to the system at once.")] = 1,
    processes: Annotated[int, typer.Option(min=1, help="Copies of the system that run side by side.")] = 1,
    time_limit: Annotated[float, typer.Option(min=0.01, help="Seconds for a document.")] = 300.0,
    start_limit: Annotated[
        float, typer.Option(min=0.01, help="Seconds for a Python system to load.")
    ] = 600.0,
    answer_limit: Annotated[int, typer.Option(min=1, help="Most bytes of an answer.")] = 64 << 20,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget what an earlier run left off with.")] = False,
) -> None:
    """Run any extraction system over documents; it sees their text and id alone.

    A command gets a JSON document a line on its standard input and answers each
    with a line. Results are kept as they come: a run that was stopped goes on.
    Documents that the system fails on are named, and exit status is 1.
    """
    from goldwire.annotate import files
    from goldwire.annotate.cli.progress import progress
    from goldwire.evaluate.systems import names
    from goldwire.evaluate.systems import run as systems

    documents = files.iterate(input) if input else iter(files.gold())
    try:
        with progress("documents") as done:
            outcome = systems.run(
                names.find(system),
                documents,
                output,
                batch=batch,
                processes=processes,
                limits=systems.Limits(time_limit, start_limit, answer_limit),
                fresh=fresh,
                done=done,
            )
    except KeyboardInterrupt:
        typer.echo(f"stopped; the same command goes on from {output}.journal", err=True)
        raise typer.Exit(130) from None
    for doc_id, reason in outcome.failed:
        typer.echo(f"{doc_id}: failed: {reason}", err=True)
    peak = f", at most {outcome.peak / 2**20:.0f} MiB" if outcome.peak else ""
    typer.echo(
        f"{outcome.documents} documents in {outcome.seconds:.2f} s{peak}; {len(outcome.failed)} failed",
        err=True,
    )
    if outcome.failed:
        raise typer.Exit(1)
