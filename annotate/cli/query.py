"""``goldwire query``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def query(
    files: Annotated[list[Path], typer.Argument(help="Files or folders of documents.")],
    log: Annotated[Path | None, typer.Option(help="A case log: what it explains is left out.")] = None,
) -> None:
    """Places where like things were treated in two ways; exit 1 if there are any to look at."""
    from goldwire.annotate import files as disk
    from goldwire.annotate.consistency import query as hits

    explained = disk.read_bytes(log).decode("utf-8") if log else ""
    found = hits((d for path in files for d in disk.iterate(path)), disk.ontology())
    left = [hit for hit in found if f"`{hit.key}`" not in explained]
    for hit in left:
        print(hit)
    if left:
        raise typer.Exit(1)
