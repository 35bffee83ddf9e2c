"""The ``goldwire`` command: one table of verbs, each in a file of its own."""

from __future__ import annotations

import sys
from importlib import import_module

import typer

from goldwire import __version__
from goldwire.annotate.problems import ProblemError

# One verb a line, in the order of the help: annotators, everyone, researchers, data users.
# The function of a verb has its name, in annotate/cli or evaluate/cli.
VERBS = """
annotate.new
annotate.check
annotate.fmt
annotate.schema
annotate.show
annotate.diff
annotate.adjudicate
annotate.merge
annotate.retext
annotate.git_setup
annotate.stats
annotate.query
annotate.convert
annotate.formats
evaluate.run
evaluate.prompt
evaluate.crossvalidate
evaluate.score
evaluate.errors
evaluate.report
evaluate.verify
evaluate.compare
evaluate.agree
evaluate.confidence
evaluate.power
evaluate.evaluate_metric
annotate.build
annotate.text_free
annotate.restore
"""

app = typer.Typer(
    name="goldwire",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"goldwire {__version__}")
        raise typer.Exit


@app.callback()
def goldwire(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Say which."),
) -> None:
    """Annotate news text, and score extraction systems against it."""


def _register() -> None:
    for verb in VERBS.split():
        package, _, name = verb.rpartition(".")
        module = import_module(f"goldwire.{package}.cli.{name}")
        app.command(name.replace("_", "-"))(getattr(module, name))


_register()


def main() -> None:
    """Run the command; problems with the input are one sentence each, and exit status 1."""
    try:
        app()
    except ProblemError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)


if __name__ == "__main__":
    main()
