"""The ``goldwire`` command: one table of verbs, each in a file of its own."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from goldwire import __version__
from goldwire.annotate.problems import ProblemError

# One verb a line, in the order of the help: annotators, everyone, researchers, data users. The
# function of a verb has its name, in annotate/cli or evaluate/cli; what stands after the colon is
# the first sentence of its docstring (a test compares them), so that no help has to import them all.
VERBS = """
annotate.new: Turn texts, or rows of JSONL or CSV, into empty segmented documents to annotate.
annotate.check: List every problem of annotation files: path:line: rule: message.
annotate.fmt: Fill in what was left out of annotation files, and bring them into canonical order.
annotate.schema: Write the JSON Schema of one line of a file, with the labels of the ontology.
annotate.show: Show a document in the terminal: the text with its mentions, then events, chains and facts in words.
annotate.diff: What changed, in words; objects are matched by content where ids differ.
annotate.adjudicate: Decide every disagreement of two to four annotators, one by one, and make the gold.
evaluate.edit: Edit a document in the browser; only this machine, and only who knows the address, can reach it.
annotate.suggestions: List what a system suggested and nobody has decided on; accept or reject it.
annotate.merge: Merge three versions of one document by content.
annotate.retext: Move annotations to a corrected text.
annotate.git_setup: Install the merge driver, the text form of records, and the hook, in one repository.
annotate.stats: How much is annotated, per document and in all.
annotate.query: Places where like things were treated in two ways; exit 1 if there are any to look at.
annotate.convert: Convert annotated documents; what OUT cannot hold is counted on standard error.
annotate.formats: List the formats that goldwire reads and writes, and what each can carry.
evaluate.run: Run any extraction system over documents; it sees their text and id alone.
evaluate.prompt: Render the guidelines as a prompt for a language model.
evaluate.crossvalidate: Train a linear token model on all documents but one, predict that one, and so on.
evaluate.score: Score predictions against gold.
evaluate.errors: List every error of a prediction with its one cause, and what mending each cause would gain.
evaluate.report: Write one page that shows scores, plots, articles and every error; it needs no network.
evaluate.verify: Compute a published score once more: equal or not, and what differs.
evaluate.compare: Compare systems: F1 with intervals, paired tests, who is not told apart, and where it comes from.
evaluate.leaderboard: Keep a table of runs, all counted by the same rules; a run that was counted otherwise is refused.
evaluate.agree: Agreement between annotators, per layer, with counts and intervals.
evaluate.confidence: Average precision, calibration, operating point and risk-coverage of a system's confidences.
evaluate.power: Print the smallest difference in F1 that this gold can show, layer by layer, before any system is run.
evaluate.evaluate_metric: Try the laws of scoring on a metric, yours or anybody's, and show the smallest input that breaks one.
annotate.build: Make every generated file: records, Parquet, card, Croissant, the tables of the guidelines.
annotate.text_free: Write the annotations without the text: offsets and hashes, for who may not pass the text on.
annotate.restore: Put the text back into annotations without it; every text is proved by its sha256.
"""  # noqa: E501

PLAIN: dict[str, Any] = {
    "add_completion": False,
    "pretty_exceptions_enable": False,
    "rich_markup_mode": None,
}


class Verbs(TyperGroup):
    """The verbs by name and help alone; the module of one is imported when it is called."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._where: dict[str, str] = {}
        for line in VERBS.strip().splitlines():
            place, _, about = line.partition(": ")
            name = place.rpartition(".")[2].replace("_", "-")
            self._where[name] = place
            self.commands[name] = TyperCommand(name, help=about)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command itself."""
        if cmd_name not in self._where:
            return None
        package, _, name = self._where[cmd_name].rpartition(".")
        one = typer.Typer(**PLAIN)
        one.command(cmd_name)(getattr(import_module(f"goldwire.{package}.cli.{name}"), name))
        return typer.main.get_command(one)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the verbs without importing any."""
        TyperGroup(commands=dict(self.commands), rich_markup_mode=None).format_commands(ctx, formatter)


app = typer.Typer(
    name="goldwire",
    cls=Verbs,
    no_args_is_help=True,
    **PLAIN,
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


def main() -> None:
    """Run the command; problems with the input are one sentence each, and exit status 1."""
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except ProblemError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        from goldwire.annotate.disk import drop_output

        name, reason = error.filename or "<stdout>", (error.strerror or str(error)).lower()
        print(f"{name}: file: cannot be written: {reason}", file=sys.stderr)
        drop_output()
        sys.exit(1)


if __name__ == "__main__":
    main()
