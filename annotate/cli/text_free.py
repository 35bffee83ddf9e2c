"""``goldwire text-free``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def text_free(
    files: Annotated[list[Path], typer.Argument(help="Files or folders of documents.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="A folder; a file a document.")],
) -> None:
    """Write the annotations without the text: offsets and hashes, for who may not pass the text on."""
    from goldwire.annotate import files as disk
    from goldwire.annotate.dataset import textfree

    for document in (d for path in files for d in disk.iterate(path)):
        disk.write_bytes(disk.inside(output, f"{document.meta.doc_id}.jsonl"), textfree.strip(document))
