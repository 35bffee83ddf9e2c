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
    if as_json and labels:
        print(json.dumps(statistics.labels(documents), indent=1))
    elif as_json:
        named = ((d.meta.doc_id or str(n), d) for n, d in enumerate(documents, start=1))
        print(json.dumps({name: statistics.counts(d) for name, d in named}, indent=1))
    else:
        found = statistics.labels(documents)
        print(
            statistics.plain(statistics.label_table(found) if labels else statistics.table(documents)), end=""
        )
