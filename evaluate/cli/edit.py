"""``goldwire edit``: a document in the browser."""

from __future__ import annotations

import typer


def edit(
    path: str = typer.Argument(metavar="FILE", help="Annotation lines or records."),
    doc: str = typer.Option("", "--doc", help="Of a file of records, the document with this id."),
    ontology: str = typer.Option("", "--ontology", metavar="TOML", help="Labels of your own."),
    port: int = typer.Option(0, help="The port on 127.0.0.1; else any that is free."),
    browser: bool = typer.Option(True, "--browser/--no-browser", help="Open the page in the browser."),
) -> None:
    """Edit a document in the browser; only this machine, and only who knows the address, can reach it."""
    from goldwire.annotate import files
    from goldwire.annotate.editor.app import app
    from goldwire.annotate.editor.serve import serve
    from goldwire.annotate.editor.session import Session
    from goldwire.evaluate.baseline.valued import read

    session = Session(path, files.ontology(ontology), doc)
    try:
        serve(
            lambda address, token: app(session, address, token, read),
            port=port,
            browser=browser,
            say=lambda url: typer.echo(f"editing {path} at {url}"),
        )
    finally:
        session.close()
