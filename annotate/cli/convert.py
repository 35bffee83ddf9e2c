"""``goldwire convert``: from one format to another."""

from __future__ import annotations

import typer


def convert(
    source: str = typer.Argument(metavar="IN", help="A file or a folder; - is standard input."),
    target: str = typer.Argument(metavar="OUT", help="A file, or a folder; - is standard output."),
    read: str = typer.Option("", "--from", metavar="F", help="Format of IN, where its name does not tell."),
    write: str = typer.Option("", "--to", metavar="F", help="Format of OUT, where its name does not tell."),
    strict: bool = typer.Option(False, "--strict", help="Write nothing where OUT cannot hold everything."),
    option: list[str] = typer.Option(
        [], "--option", "-o", metavar="KEY=VALUE", help="An option of either format: unit=utf-16, view=rel."
    ),
    adopt: bool = typer.Option(
        False, "--adopt", help="Make objects of spans whose labels are the ontology's."
    ),
    ontology: str = typer.Option("", "--ontology", metavar="FILE", help="Labels other than the guidelines'."),
) -> None:
    """Convert annotated documents; what OUT cannot hold is counted on standard error.

    goldwire formats lists the formats and what each can carry.
    """
    from collections import Counter

    from goldwire.annotate import conversion, files
    from goldwire.annotate.cli.progress import progress
    from goldwire.annotate.problems import Problem

    lost: Counter[str] = Counter()
    notes: list[Problem] = []
    with progress("converting") as advance:
        done = conversion.convert(
            source,
            target,
            read=read,
            write=write,
            strict=strict,
            options=dict(o.partition("=")[::2] for o in option),
            labels=files.ontology(ontology),
            adopted=adopt,
            lost=lost,
            notes=notes,
            each=advance,
        )
    for line in conversion.summary(done, lost, notes):
        typer.echo(line, err=True)
