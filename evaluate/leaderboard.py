"""A table of runs that grows: one report a file, all of them counted by the same rules on the same gold.

A run is what ``score --json`` prints, with the run's name and where its predictions are kept. Two runs
stand in one table only if their signatures agree in every field but the result.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as replaced
from math import nan
from pathlib import Path, PurePath
from typing import Any

import msgspec

from goldwire.annotate import files
from goldwire.annotate.document import Document
from goldwire.annotate.problems import Problem, ProblemError, visible
from goldwire.evaluate import intake, signature, verification
from goldwire.evaluate.counts import Counts, Rates
from goldwire.evaluate.labels import LabelMap
from goldwire.evaluate.metrics import HEADLINES, METRICS
from goldwire.evaluate.sampling import Bounds
from goldwire.evaluate.scores import MICRO, Row

KEPT = "predictions"  # the folder beside the runs in which their predictions are kept
_NAME = re.compile(r"[^\W_][\w .+@=,-]*")


class Figures(msgspec.Struct, frozen=True):
    """A row of a report as it stands in a file; None where a rate is not defined."""

    metric: str
    match: str
    label: str
    document: str
    precision: float | None
    recall: float | None
    f1: float | None
    p_hit: float
    p_all: float
    r_hit: float
    r_all: float
    labels: int = 0
    low: float | None = None
    high: float | None = None

    @property
    def row(self) -> Row:
        """The row of the report that was written."""
        rates = Rates(*(nan if x is None else x for x in (self.precision, self.recall, self.f1)))
        counts = Counts(self.p_hit, self.p_all, self.r_hit, self.r_all)
        none = self.low is None or self.high is None
        bounds = Bounds() if none else Bounds(self.low or 0.0, self.high or 0.0)
        return Row(self.metric, self.match, self.label, self.document, counts, rates, self.labels, bounds)


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run: its name, its report, and its predictions if they are kept (a path below the folder)."""

    run: str
    signature: str
    rows: tuple[Figures, ...]
    about: str = ""
    predictions: str = ""
    format: str = ""

    @property
    def rules(self) -> dict[str, str]:
        """The fields of the signature without the result: what two runs must have in common."""
        return {k: v for k, v in signature.read(self.signature).items() if k != "result"}


@dataclass(frozen=True)
class Board:
    """The runs of a folder, by name, and the rules that all of them were counted by."""

    runs: tuple[Run, ...]
    rules: Mapping[str, str]

    def _repr_html_(self) -> str:
        from goldwire.evaluate.report.leaderboard import html

        return html(self, self.metrics())

    def metrics(self, wanted: Sequence[str] = (), *, full: bool = False) -> list[tuple[str, str]]:
        """Metrics with their ways of matching: those wanted, else those that a layer is known by."""
        keys = dict.fromkeys((f.metric, f.match) for r in self.runs for f in r.rows)
        if unknown := [m for m in wanted if m not in {name for name, _ in keys}]:
            known = ", ".join(dict.fromkeys(name for name, _ in keys))
            raise ProblemError(Problem(unknown[0], 0, "unknown-metric", f"no run has it; they have {known}"))
        if wanted:
            return [key for name in wanted for key in keys if key[0] == name]
        order = {name: i for i, name in enumerate(METRICS)}
        shown = [k for k in keys if k[0] in order and (METRICS[k[0]].main if full else k[0] in HEADLINES)]
        return sorted(shown, key=lambda k: order[k[0]])

    def ranked(self, metric: tuple[str, str]) -> list[tuple[Run, Row | None]]:
        """The runs from best to worst by F1 of a metric; those that did not attempt it last, then by name."""
        found = [(run, self.row(run, metric)) for run in self.runs]
        return sorted(found, key=lambda x: (-_f1(x[1]), x[0].run))

    def row(self, run: Run, metric: tuple[str, str]) -> Row | None:
        """The figures of one run on one metric, all labels and documents together."""
        whole = (f for f in run.rows if (f.metric, f.match) == metric and f.label == MICRO and not f.document)
        # The mean of the coreference metrics has their name, and stands after the row with counts.
        return next((f.row for f in whole), None)


def _f1(row: Row | None) -> float:
    return row.rates.f1 if row and row.rates.f1 == row.rates.f1 else -1.0


def decode(data: bytes, *, where: str) -> Run:
    """A run from its file; raises ProblemError where it is none.

    >>> decode(b'{"run": "mine", "signature": "goldwire:0.1.0", "rows": []}', where="mine.json").rules
    {'goldwire': '0.1.0'}
    """
    try:
        run = msgspec.json.decode(data, type=Run)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ProblemError(Problem(where, 0, "no-run", str(error))) from None
    try:
        signature.read(run.signature)
        checked(run.run)
    except ProblemError as error:
        raise ProblemError(*(replaced(p, path=where) for p in error.problems)) from None
    if not run.about.isprintable():
        raise ProblemError(
            Problem(where, 0, "no-run", f"about is one printable line, not {visible(run.about)}")
        )
    return run


def encode(name: str, report: Mapping[str, Any], **kept: str) -> bytes:
    """The file of a run: its name and where its predictions are, then the report."""
    return msgspec.json.format(msgspec.json.encode({"run": name, **kept, **report}), indent=1) + b"\n"


def board(runs: Mapping[str, Run]) -> Board:
    """Runs by the path of their file, as one table.

    Raises ProblemError where they were not all counted by the same rules, naming every field that differs
    from what most of them have, and where two runs have one name.

    >>> line = "goldwire:0.1.0|match:"
    >>> head, exact = (Run(run=x, signature=line + x, rows=()) for x in ("head", "exact"))
    >>> board({"exact.json": exact, "head.json": head})
    Traceback (most recent call last):
    goldwire.annotate.problems.ProblemError: head.json: mixed-signatures: match is head, in exact.json exact
    """
    if not runs:
        return Board((), {})
    rules = {path: run.rules for path, run in runs.items()}
    [(kind, _)] = Counter(tuple(r.items()) for r in rules.values()).most_common(1)
    usual = dict(kind)
    first = next(path for path, r in rules.items() if r == usual)
    problems = [
        Problem(path, 0, "mixed-signatures", difference(r, usual, first))
        for path, r in rules.items()
        if r != usual
    ]
    named: dict[str, str] = {}
    for path, run in runs.items():
        if run.run in named:
            message = f"a run named {visible(run.run)} stands in {named[run.run]} too"
            problems.append(Problem(path, 0, "run-twice", message))
        named.setdefault(run.run, path)
    if problems:
        raise ProblemError(*problems)
    return Board(tuple(sorted(runs.values(), key=lambda r: r.run)), usual)


def difference(one: Mapping[str, str], other: Mapping[str, str], where: str) -> str:
    """The fields in which two signatures differ, with both values."""
    keys = [k for k in signature.FIELDS if one.get(k) != other.get(k)]
    told = [f"{k} is {one.get(k) or '(none)'}, in {where} {other.get(k) or '(none)'}" for k in keys]
    return "; ".join(told)


def read(folder: str) -> Board:
    """The board of a folder: every ``.json`` in it is a run. Raises ProblemError as ``board`` does."""
    paths = files.named(folder, "*.json")
    return board({path: decode(files.read_bytes(path), where=path) for path in paths})


def checked(name: str) -> str:
    """The name, if it can be that of a file; raises ProblemError if not."""
    if not _NAME.fullmatch(name) or len(name.encode()) > 200:
        message = "a name begins with a letter or digit and holds letters, digits, spaces and _.+@=,- alone"
        raise ProblemError(Problem("--name", 0, "run-name", f"{message}, not {visible(name)}"))
    return name


def add(
    folder: str, name: str, report: Mapping[str, Any], *, kept: str = "", replace: bool = False, **told: str
) -> Run:
    """Write a run into a folder, its predictions (a file or folder) beside it.

    Raises ProblemError and leaves the folder as it was where the run was counted by other rules than those
    that are there, or has the name of one of them and is not to ``replace`` it.
    """
    path, there = str(PurePath(folder, f"{checked(name)}.json")), read(folder)
    place = f"{KEPT}/{name}" if kept else ""
    if kept and not files.is_folder(kept):
        place += f"/{PurePath(kept).name}"
    data = encode(name, report, predictions=place, **told)
    run = decode(data, where=path)
    rest = [r for r in there.runs if r.run != name]
    if len(rest) < len(there.runs) and not replace:
        raise ProblemError(Problem(path, 0, "run-twice", f"the run {visible(name)} is there; --replace it?"))
    if rest and run.rules != there.rules:
        message = difference(run.rules, there.rules, f"{PurePath(folder)}")
        raise ProblemError(Problem(path, 0, "mixed-signatures", message))
    if kept:
        files.copy(kept, Path(folder, KEPT, name), told.get("format", ""))
    files.write_bytes(path, data)
    return run


def verify(
    folder: str, runs: Iterable[Run], gold: Sequence[Document], labels: LabelMap | None
) -> Iterator[tuple[Run, tuple[str, ...] | None]]:
    """Compute every run once more from its predictions: what differs, or None where none are kept."""
    ontology = files.ontology()
    for run in runs:
        if not run.predictions:
            yield run, None
            continue
        path = str(files.inside(folder, run.predictions))
        repair = run.rules.get("repair", "")
        documents, _ = intake.predictions(path, ontology, format=run.format, repair=repair)
        rows = [msgspec.to_builtins(figures) for figures in run.rows]
        found = verification.verify(run.signature, gold, documents, rows=rows, labels=labels, where=path)
        yield run, found.said
