"""``goldwire check``: every problem of annotation files."""

from __future__ import annotations

import typer


def check(
    paths: list[str] = typer.Argument(metavar="FILE…", help="Annotation lines or records; - is stdin."),
    ontology: str = typer.Option("", "--ontology", metavar="TOML", help="Labels of your own."),
    as_json: bool = typer.Option(False, "--json", help="Print the problems as JSON, one a line."),
) -> None:
    """List every problem of annotation files: path:line: rule: message.

    The rule is a heading in the guidelines. Exit status 1 if there is a problem;
    what is only warned about does not count.
    """
    from goldwire.annotate import files
    from goldwire.annotate.problems import Problem, ProblemError
    from goldwire.annotate.rules import check as problems_of
    from goldwire.annotate.rules import is_warning

    labels = files.ontology(ontology)
    problems: list[Problem] = []
    for path in files.jsonl(paths):
        try:
            where = "<stdin>" if path == "-" else path
            problems += problems_of(files.read_bytes(path), labels, where=where)
        except ProblemError as error:
            problems += error.problems
    for problem in problems:
        if as_json:
            import msgspec

            typer.echo(msgspec.json.encode(problem).decode())
        else:
            typer.echo(problem)
    if not all(map(is_warning, problems)):
        raise typer.Exit(1)
