"""``goldwire stats``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def stats(
    files: Annotated[list[Path], typer.Argument(help="Files or folders of documents.")],
    labels: Annotated[bool, typer.Option("--labels", help="How often each label is used.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """How much is annotated, per document and in all."""
    from goldwire.annotate import files as disk
    from goldwire.annotate import statistics

    documents = [d for path in files for d in disk.iterate(path)]
    if as_json:
        found = (
            statistics.labels(documents)
            if labels
            else {d.meta.doc_id: statistics.counts(d) for d in documents}
        )
        print(json.dumps(found, indent=1))
        return
    rows = statistics.label_table(statistics.labels(documents)) if labels else statistics.table(documents)
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        first, *rest = (
            cell.rjust(w) if i else cell.ljust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join([first, *rest]).rstrip())
