"""``goldwire crossvalidate``."""

from __future__ import annotations

from typing import Annotated

import typer


def crossvalidate(
    output: Annotated[str, typer.Option("--output", "-o", help="Where the predictions go.")],
    gold: Annotated[str, typer.Option(help="Gold file or folder; else the corpus in the package.")] = "",
) -> None:
    """Train a linear token model on all documents but one, predict that one, and so on.

    The trained floor: a linear support vector machine over spaCy's token features.
    Score what it writes with `goldwire score`.
    """
    from goldwire.annotate import files
    from goldwire.annotate.cli.progress import progress
    from goldwire.evaluate.baseline import linear

    documents = files.read(gold) if gold else files.gold()
    with progress("documents", len(documents)) as done:
        predictions = linear.leave_one_out(documents, done)
    files.write(output, predictions, "record")
