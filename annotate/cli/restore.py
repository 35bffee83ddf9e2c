"""``goldwire restore``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def restore(
    folder: Annotated[Path, typer.Argument(help="What goldwire text-free wrote.")],
    texts: Annotated[list[Path], typer.Argument(help="Files that hold the text, whole or as lines of it.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="A folder; a file a document.")],
) -> None:
    """Put the text back into annotations without it; every text is proved by its sha256."""
    from goldwire.annotate import files
    from goldwire.annotate.dataset import textfree
    from goldwire.annotate.formats import lines

    sources = [files.read_bytes(path).decode("utf-8") for path in texts]
    restored = [
        textfree.restore(files.read_bytes(path), sources, where=path) for path in files.jsonl([str(folder)])
    ]
    for document in restored:
        files.write_bytes(files.inside(output, f"{document.meta.doc_id}.jsonl"), lines.write(document))
