"""``goldwire fmt``: the canonical form of files."""

from __future__ import annotations

import typer


def fmt(
    paths: list[str] = typer.Argument(metavar="FILE…", help="Annotation lines or records; - is stdin."),
    check: bool = typer.Option(False, "--check", help="Change nothing; name the files that would change."),
) -> None:
    """Fill in what was left out of annotation files, and bring them into canonical order.

    A file with a problem stays as it was. Exit status 1 if there was one, or, with
    --check, if a file would change.
    """
    from goldwire.annotate import files
    from goldwire.annotate.canonical import canonical
    from goldwire.annotate.problems import ProblemError

    good = True
    for path in files.jsonl(paths):
        try:
            data = files.read_bytes(path)
            result = canonical(data, where="<stdin>" if path == "-" else path)
        except ProblemError as error:
            typer.echo(error, err=True)
            good = False
            continue
        if check and result != data:
            typer.echo(path)
            good = False
        elif not check and (path == "-" or result != data):
            try:
                files.write_bytes(path, result, was=None if path == "-" else data)
            except ProblemError as error:
                typer.echo(error, err=True)
                good = False
    if not good:
        raise typer.Exit(1)
