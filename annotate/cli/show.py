"""``goldwire show``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def show(
    file: Annotated[Path, typer.Argument(help="A file or folder of documents; - is standard input.")],
    doc: Annotated[str, typer.Option(help="Only the document with this id.")] = "",
    lines: Annotated[bool, typer.Option("--lines", help="Print annotation lines instead.")] = False,
) -> None:
    """Show a document in the terminal: the text with its mentions, then events, chains and facts in words."""
    import sys

    from goldwire.annotate import files, readable
    from goldwire.annotate.formats import lines as form

    chosen = (d for d in files.iterate(file) if doc in ("", d.meta.doc_id))
    if lines:
        for document in chosen:
            sys.stdout.write(form.write(document).decode("utf-8"))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    for document in chosen:
        for line in readable.lines(document):
            # Text, not markup: brackets of the text are brackets.
            console.print(Text.assemble(*((piece.text, piece.style) for piece in line)))
