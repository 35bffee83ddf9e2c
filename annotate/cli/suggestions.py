"""``goldwire suggestions``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def suggestions(
    file: Annotated[Path, typer.Argument(help="Annotation lines of one document.")],
    accept: Annotated[str, typer.Option(metavar="IDS", help="Ids with commas between them, or all.")] = "",
    reject: Annotated[str, typer.Option(metavar="IDS", help="The same; all is what is left.")] = "",
    annotator: Annotated[str, typer.Option(help="Who decides; goes into the provenance.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object a line.")] = False,
) -> None:
    """List what a system suggested and nobody has decided on; accept or reject it.

    They come from goldwire run SYSTEM --as suggestions. Rejecting removes the object and
    every reference to it, and says which.
    """
    import msgspec

    from goldwire.annotate import files
    from goldwire.annotate import suggestions as told
    from goldwire.annotate.canonical import ordered
    from goldwire.annotate.formats import lines
    from goldwire.annotate.problems import Problem, ProblemError

    data = files.read_bytes(file)
    document = lines.document(lines.rows(data, where=str(file)), where=str(file))

    def chosen(words: str) -> list[str]:
        if words == "all":
            return [s.id for s in told.pending(document)]
        return [x.strip() for x in words.split(",") if x.strip()]

    lost: list[str] = []
    try:
        if accept:
            document = told.accept(document, chosen(accept), annotator)
        if reject:
            document, lost = told.reject(document, chosen(reject), annotator)
    except ValueError as error:
        raise ProblemError(Problem(str(file), 0, "suggestion", str(error))) from None
    if accept or reject:
        files.write_bytes(file, lines.write(ordered(document)), was=data)
        for line in lost:
            typer.echo(f"{file}: {line}", err=True)
    for row in told.pending(document):
        typer.echo(msgspec.json.encode(row).decode() if as_json else f"{row.words}  ({row.by})")
