"""``goldwire check``: every problem of annotation files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from goldwire.annotate.ontology import Ontology
    from goldwire.annotate.problems import Problem


def check(
    paths: list[str] = typer.Argument(metavar="FILE…", help="Annotation lines or records; - is stdin."),
    ontology: str = typer.Option("", "--ontology", metavar="TOML", help="Labels of your own."),
    as_json: bool = typer.Option(False, "--json", help="Print the problems as JSON, one a line."),
    watch: bool = typer.Option(
        False, "--watch", help="Check again whenever a file changes, until interrupted."
    ),
) -> None:
    """List every problem of annotation files: path:line: rule: message.

    The rule is a heading in the guidelines. Exit status 1 if there is a problem;
    what is only warned about does not count.
    """
    from goldwire.annotate import files
    from goldwire.annotate.rules import is_warning

    labels = files.ontology(ontology)
    problems = _problems(list(files.jsonl(paths)), labels)
    _print(problems, as_json)
    if watch:
        _watch(paths, labels, as_json)
    if not all(map(is_warning, problems)):
        raise typer.Exit(1)


def _problems(paths: list[str], labels: Ontology) -> list[Problem]:
    from goldwire.annotate import files
    from goldwire.annotate.problems import ProblemError
    from goldwire.annotate.rules import check as problems_of

    problems: list[Problem] = []
    for path in paths:
        try:
            where = "<stdin>" if path == "-" else path
            problems += problems_of(files.read_bytes(path), labels, where=where)
        except ProblemError as error:
            problems += error.problems
    return problems


def _print(problems: list[Problem], as_json: bool) -> None:
    for problem in problems:
        if as_json:
            said = {"path": problem.path, "line": problem.line}
            said |= {"rule": problem.rule, "message": problem.message}
            typer.echo(json.dumps(said))
        else:
            typer.echo(problem)


def _watch(paths: list[str], labels: Ontology, as_json: bool) -> None:
    """Look at the files' times twice a second; the lines on stderr are for a problem matcher."""
    import time

    from goldwire.annotate import files

    seen = files.times(files.jsonl(paths))
    typer.echo("checked; waiting for changes", err=True)
    try:
        while True:
            time.sleep(0.5)
            now = files.times(files.jsonl(paths))
            if now != seen:
                typer.echo("checking", err=True)
                _print(_problems(list(now), labels), as_json)
                typer.echo("checked; waiting for changes", err=True)
                seen = now
    except KeyboardInterrupt:
        raise typer.Exit from None
