"""``goldwire edit``: a document in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from goldwire.annotate.document import Document
    from goldwire.annotate.editor.session import Session


def edit(
    path: str = typer.Argument(metavar="FILE", help="Annotation lines or records."),
    doc: str = typer.Option("", "--doc", help="Of a file of records, the document with this id."),
    ontology: str = typer.Option("", "--ontology", metavar="TOML", help="Labels of your own."),
    beside: str = typer.Option(
        "",
        "--with",
        metavar="OTHER",
        help="Another annotation of the text: differences in place, and agreement.",
    ),
    annotator: str = typer.Option("", help="Who decides on suggestions; goes into the provenance."),
    port: int = typer.Option(0, help="The port on 127.0.0.1; else any that is free."),
    browser: bool = typer.Option(True, "--browser/--no-browser", help="Open the page in the browser."),
) -> None:
    """Edit a document in the browser; only this machine, and only who knows the address, can reach it."""
    from goldwire.annotate import files
    from goldwire.annotate.editor.app import app
    from goldwire.annotate.editor.beside import Beside
    from goldwire.annotate.editor.serve import serve
    from goldwire.annotate.editor.session import Session
    from goldwire.evaluate.baseline.values import read
    from goldwire.evaluate.report.agreement import brief

    session = Session(path, files.ontology(ontology), doc)
    other = Beside(_same(beside, session), beside, brief) if beside else None
    try:
        serve(
            lambda address, token, _: app(session, address, token, read, other, annotator),
            port=port,
            browser=browser,
            say=lambda url: typer.echo(f"editing {path} at {url}"),
        )
    finally:
        session.close()


def _same(path: str, session: Session) -> Document:
    """The document of another file that has the text of the session's."""
    from goldwire.annotate import files
    from goldwire.annotate.problems import Problem, ProblemError

    first = session.rows()[0]
    found = files.read(path)
    same = [d for d in found if d.text == first["text"]]
    if not same:
        raise ProblemError(Problem(path, 0, "text", f"no document here has the text of {first['doc']}"))
    return next((d for d in same if d.meta.doc_id == first["doc"]), same[0])
