"""``goldwire formats``: what each format can carry."""

from __future__ import annotations

import typer


def formats(
    name: str = typer.Argument("", metavar="[FORMAT]", help="Only this one, with its options."),
    as_json: bool = typer.Option(False, "--json", help="The table as JSON."),
) -> None:
    """List the formats that goldwire reads and writes, and what each can carry."""
    import json

    from goldwire.annotate.formats import overview

    rows = overview.rows(name)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    elif name:
        typer.echo(overview.one(rows[0]))
    else:
        overview.show(rows)
