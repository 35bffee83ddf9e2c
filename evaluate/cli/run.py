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
    answer_limit: Annotated[int, typer.Option(min=1, help="Most bytes of an answer.")] = 16 << 20,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget what an earlier run left off with.")] = False,
    form: Annotated[
        str,
        typer.Option(
            "--as",
            help="suggestions: annotation lines in which every object waits for an annotator's decision.",
        ),
    ] = "",
) -> None:
    """Run any extraction system over documents; it sees their text and id alone.

    A command gets a JSON document a line on its standard input and answers each
    with a line. Results are kept as they come: a run that was stopped goes on.
    Documents that the system fails on are named, and exit status is 1.
    With --as suggestions, what a document has already is kept (goldwire suggestions).
    """
    from goldwire.annotate import files
    from goldwire.annotate.cli.progress import progress
    from goldwire.evaluate.systems import names
    from goldwire.evaluate.systems import run as systems

    if form not in ("", "suggestions"):
        raise typer.BadParameter(f"is {form!r}; there is only suggestions", param_hint="--as")
    documents = files.iterate(input) if input else iter(files.gold())
    chosen, keep, place = names.find(system), None, output
    if form:
        from goldwire.evaluate.systems import suggesting

        if not input:
            raise typer.BadParameter(
                "say with --input for which documents; not for the gold", param_hint="--as"
            )
        place = f"{output}.suggestions"  # <output>.journal may be the editor's
        whole = list(documents)
        keep = suggesting.keeper(output, whole, suggesting.versioned(chosen.name), files.ontology())
        documents = iter(whole)
    try:
        with progress("documents") as done:
            outcome = systems.run(
                chosen,
                documents,
                place,
                batch=batch,
                processes=processes,
                limits=systems.Limits(time_limit, start_limit, answer_limit),
                fresh=fresh,
                done=done,
                keep=keep,
            )
    except KeyboardInterrupt:
        typer.echo(f"stopped; the same command goes on from {place}.journal", err=True)
        raise typer.Exit(130) from None
    for doc_id, reason in outcome.failed:
        typer.echo(f"{doc_id}: failed: {reason}", err=True)
    plural = "s" * (outcome.documents != 1)
    peak = f", at most {outcome.peak / 2**20:.0f} MiB" if outcome.peak else ""
    typer.echo(
        f"{outcome.documents} document{plural} in {outcome.seconds:.2f} s{peak}; "
        f"{len(outcome.failed)} failed",
        err=True,
    )
    if outcome.failed:
        raise typer.Exit(1)
