"""``goldwire retext``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def retext(
    file: Annotated[Path, typer.Argument(help="Annotation lines of one document.")],
    new: Annotated[Path, typer.Argument(help="The corrected text; - for standard input.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write; by default the file itself.")
    ] = None,
) -> None:
    """Move annotations to a corrected text. What cannot move is listed and kept; exit 1 if there is any."""
    from goldwire.annotate import files
    from goldwire.annotate.changes.retext import retext as move
    from goldwire.annotate.formats import lines as form
    from goldwire.annotate.problems import Problem, ProblemError, visible

    data = files.read_bytes(file)
    document = form.document(form.rows(data, where=str(file)), where=str(file))
    try:
        text = files.read_bytes(new).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProblemError(Problem(str(new), 0, "encoding", f"is not UTF-8: {error.reason}")) from None
    moved, unmoved = move(document, text)
    files.write_bytes(output or file, form.write(moved), was=None if output else data)
    for item in unmoved:
        words = visible(item.mention.text) if item.mention.text else f"at {item.mention.start}"
        print(f"{output or file}: not moved: {item.kind} {item.id} {item.field} {words}", file=sys.stderr)
    if unmoved:
        raise typer.Exit(1)
