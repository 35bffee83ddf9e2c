"""``goldwire adjudicate``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer


def adjudicate(
    a: Annotated[Path, typer.Argument(help="The first annotator's file or folder.")],
    b: Annotated[Path, typer.Argument(help="The second annotator's.")],
    decisions: Annotated[
        Path | None,
        typer.Option(help="JSONL: a decision for every case; without it, the open cases are printed."),
    ] = None,
    toward: Annotated[
        Path | None, typer.Option(help="A gold written by hand: print the decisions that lead to it.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where the gold goes: a folder.")
    ] = None,
) -> None:
    """Decide every disagreement of two annotators, and make the gold of the decisions."""
    import msgspec

    from goldwire.annotate import files
    from goldwire.annotate.changes import adjudicate as cases
    from goldwire.annotate.formats import lines
    from goldwire.annotate.problems import Problem, ProblemError
    from goldwire.annotate.structure import build

    first, second = ({d.meta.doc_id: d for d in files.iterate(path)} for path in (a, b))
    if first.keys() != second.keys():
        odd = ", ".join(sorted(first.keys() ^ second.keys()))
        raise ProblemError(Problem(str(b), 0, "documents", f"not both annotators have {odd}"))

    def show(rows: list[Any]) -> None:
        sys.stdout.write("".join(msgspec.json.encode(row).decode() + "\n" for row in rows))

    if toward is not None:
        gold = {d.meta.doc_id: d for d in files.iterate(toward)}
        show([row for name in first for row in cases.derived(first[name], second[name], gold[name])])
    elif decisions is None:
        show([row for name in first for row in cases.cases(first[name], second[name])])
    else:
        where = str(decisions)
        rows = [build(cases.Decision, row) for _, row in lines.rows(files.read_bytes(decisions), where=where)]
        made = [cases.adjudicated(first[name], second[name], rows, where=where) for name in first]
        for document in made:
            target = output / f"{document.meta.doc_id}.jsonl" if output else "-"
            files.write_bytes(target, lines.write(document))
