"""``goldwire merge``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def merge(
    base: Annotated[Path, typer.Argument(help="The version that both began with.")],
    ours: Annotated[Path, typer.Argument(help="Our version; the result replaces it, as git wants.")],
    theirs: Annotated[Path, typer.Argument(help="Their version.")],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write here instead.")] = None,
    name: Annotated[str, typer.Option(help="What to call the file; git's own names mean nothing.")] = "",
) -> None:
    """Merge three versions of one document by content. Exit 1 if there are conflicts, listed on stderr."""
    from goldwire.annotate import files
    from goldwire.annotate.canonical import ordered
    from goldwire.annotate.changes.merge import merge as three
    from goldwire.annotate.document import Document, Meta
    from goldwire.annotate.formats import lines
    from goldwire.annotate.problems import Problem, ProblemError

    held = [files.read_bytes(path) for path in (base, ours, theirs)]
    names = [name or str(path) for path in (base, ours, theirs)]
    versions = [
        lines.document(lines.rows(data, where=where), where=where)
        for index, (where, data) in enumerate(zip(names, held, strict=True))
        if index or data.strip()
    ]
    if not held[0].strip():  # both made the file: they began with the bare text
        versions.insert(0, Document(versions[0].text, Meta(versions[0].meta.doc_id)))
    try:
        merged, conflicts = three(*versions)
    except ValueError as error:
        raise ProblemError(Problem(name or str(ours), 0, "text", str(error))) from None
    files.write_bytes(output or ours, lines.write(ordered(merged)), was=None if output else held[1])
    for conflict in conflicts:
        print(f"{name or output or ours}: conflict: {conflict}", file=sys.stderr)
    if conflicts:
        raise typer.Exit(1)
