"""``goldwire schema``: JSON Schema of the files."""

from __future__ import annotations

import typer


def schema(
    form: str = typer.Option("lines", "--form", help="lines (what people edit) or record."),
    ontology: str = typer.Option("", "--ontology", metavar="TOML", help="Labels of your own."),
    output: str = typer.Option("-", "-o", "--output", metavar="FILE", help="Where to write; - is stdout."),
) -> None:
    """Write the JSON Schema of one line of a file, with the labels of the ontology.

    For editors, and for programs that produce records. goldwire check knows more.
    """
    from goldwire.annotate import files
    from goldwire.annotate.schema import FORMS, written

    if form not in FORMS:
        raise typer.BadParameter(f"the forms are {', '.join(FORMS)}", param_hint="--form")
    files.write_bytes(output, written(files.ontology(ontology), form))
