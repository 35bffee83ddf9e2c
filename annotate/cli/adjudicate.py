"""``goldwire adjudicate``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

if TYPE_CHECKING:
    from goldwire.annotate.changes.walk import Step, Walk
    from goldwire.annotate.document import Document

Texts = list[tuple["Document", ...]]


def adjudicate(
    annotators: Annotated[
        list[Path], typer.Argument(metavar="A B…", help="A file or folder of each annotator.")
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where the gold goes; asks for every decision.")
    ] = None,
    records: Annotated[
        Path | None,
        typer.Option(help="Where the decisions go; else beside the gold, GOLD.adjudication.jsonl."),
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option(help="JSONL with a decision for every case: asks nothing, and makes the gold of them."),
    ] = None,
    toward: Annotated[
        Path | None, typer.Option(help="A gold written by hand: print the decisions that lead to it.")
    ] = None,
    ontology: Annotated[str, typer.Option(metavar="TOML", help="Labels of your own.")] = "",
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget what was decided before.")] = False,
    browser: Annotated[
        bool, typer.Option("--browser", help="Ask in the browser, on a page of this machine.")
    ] = False,
) -> None:
    """Decide every disagreement of two to four annotators, one by one, and make the gold.

    Every decision is on disk before the next case is shown: stop whenever you like, the
    same command goes on. Without -o, the open cases are printed.
    """
    import msgspec

    from goldwire.annotate import files
    from goldwire.annotate.changes import adjudicate as cases
    from goldwire.annotate.formats import lines
    from goldwire.annotate.structure import build

    texts = _texts(annotators)

    def show(rows: list[Any]) -> None:
        sys.stdout.write("".join(msgspec.json.encode(row).decode() + "\n" for row in rows))

    if toward is not None:
        gold = {d.meta.doc_id: d for d in files.iterate(toward)}
        show([row for a, b, *c in texts for row in cases.derived(a, b, gold[a.meta.doc_id], more=c)])
    elif decisions is not None:
        where = str(decisions)
        rows = [build(cases.Decision, row) for _, row in lines.rows(files.read_bytes(decisions), where=where)]
        made = [cases.adjudicated(a, b, rows, where=where, more=c) for a, b, *c in texts]
        for document in made:
            files.write_bytes(_target(output, document, texts) if output else "-", lines.write(document))
    elif output is None:
        show([row for sides in texts for row in cases.cases(*sides)])
    else:
        records = records or output.with_name(output.name.removesuffix(".jsonl") + ".adjudication.jsonl")
        _interactively(texts, annotators, output, records, ontology, fresh, browser)


def _texts(paths: Sequence[Path]) -> Texts:
    """The versions of each text, one of each annotator."""
    from goldwire.annotate import files
    from goldwire.annotate.changes.cases import LETTERS
    from goldwire.annotate.problems import Problem, ProblemError

    if not 2 <= len(paths) <= len(LETTERS):
        raise typer.BadParameter(f"between two and {len(LETTERS)} annotators, not {len(paths)}")
    sides = [{d.meta.doc_id: d for d in files.iterate(path)} for path in paths]
    for path, side in zip(paths[1:], sides[1:], strict=True):
        if odd := ", ".join(sorted(sides[0].keys() ^ side.keys())):
            raise ProblemError(Problem(str(path), 0, "documents", f"not both annotators have {odd}"))
        for name, document in side.items():
            if document.text != sides[0][name].text:
                said = f"the text of {name} is not that of {paths[0]}; run goldwire retext first"
                raise ProblemError(Problem(str(path), 0, "text", said))
    return [tuple(side[name] for side in sides) for name in sides[0]]


def _target(output: Path, document: Document, texts: Texts) -> Path:
    """The file of a document's gold: in the folder, or the file itself where there is one document."""
    from goldwire.annotate import files

    alone = output.suffix == ".jsonl" and len(texts) == 1
    return output if alone else files.inside(output, f"{document.meta.doc_id or 'document'}.jsonl")


def _interactively(
    texts: Texts,
    annotators: Sequence[Path],
    output: Path,
    records: Path,
    ontology: str,
    fresh: bool,
    browser: bool,
) -> None:
    import os

    import msgspec

    from goldwire.annotate import files, terminal
    from goldwire.annotate.changes import walk as walks
    from goldwire.annotate.problems import Problem, ProblemError

    journal = f"{records}.journal"
    labels = files.ontology(ontology)
    with files.appending(journal) as file:

        def remember(row: dict[str, Any]) -> None:
            file.write(msgspec.json.encode(row) + b"\n")
            file.flush()
            os.fsync(file.fileno())

        if fresh:
            file.truncate(0)
        file.seek(0)
        entries = _entries(file, journal)
        steps = walks.replayed(entries) if entries else _recorded(records, fresh)
        there = [x for sides in texts if files.exists(x := _target(output, sides[0], texts))]
        if there and not entries and not files.exists(records) and not fresh:
            files.remove(journal)
            said = f"is there, and {records} is not; name another folder, or say --fresh to replace it"
            raise ProblemError(Problem(str(there[0]), 0, "gold", said))
        names = [path.stem or str(path) for path in annotators]
        rules = walks.slugs(files.pages()) if labels.guidelines else []
        try:
            walk = walks.begin(texts, names, ontology=labels, rules=rules, steps=steps)
        except ProblemError as error:
            said = f"{error.problems[0].message}; --fresh forgets the decisions"
            raise ProblemError(Problem(journal, 0, "journal", said)) from None
        if not entries:
            remember(walks.head(walk))
            for step in steps:
                remember({"decisions": [msgspec.to_builtins(d) for d in step]})
        if browser:
            from goldwire.annotate.editor import adjudication

            walk = adjudication.drive(walk, remember, lambda url: typer.echo(f"adjudicating at {url}"))
        else:
            walk = terminal.drive(walk, remember)
        _write(walk, texts, output, records)
        if walks.open_cases(walk):
            left, cases = len(walks.open_cases(walk)), len(walk.cases)
            typer.echo(f"{left} of {cases} cases are open; the same command goes on from here", err=True)
            raise typer.Exit(1)
        files.remove(journal)


def _entries(file: BinaryIO, journal: str) -> list[Any]:
    """What a journal holds; raises ProblemError where that is no adjudication's."""
    import msgspec

    from goldwire.annotate.changes import walk as walks
    from goldwire.annotate.problems import Problem, ProblemError

    try:
        entries = [msgspec.json.decode(line) for line in file]
        walks.replayed(entries)
    except (ValueError, TypeError, msgspec.MsgspecError) as error:
        raise ProblemError(Problem(journal, 0, "journal", f"is damaged: {error}")) from None
    return entries


def _recorded(records: Path, fresh: bool) -> tuple[Step, ...]:
    """The decisions of an adjudication that was ended, each a step."""
    from goldwire.annotate import files
    from goldwire.annotate.changes.adjudicate import Decision
    from goldwire.annotate.formats import lines
    from goldwire.annotate.structure import build

    if fresh or not files.exists(records):
        return ()
    found = lines.rows(files.read_bytes(records), where=str(records))
    return tuple((build(Decision, row),) for _, row in found)


def _write(walk: Walk, texts: Texts, output: Path, records: Path) -> None:
    """The records of what was decided, and the gold of every text that has no open case."""
    import msgspec

    from goldwire.annotate import files
    from goldwire.annotate.canonical import ordered
    from goldwire.annotate.changes import walk as walks
    from goldwire.annotate.formats import lines
    from goldwire.annotate.rules import check

    made = walks.rows(walk)
    still = {walk.cases[i].doc for i in walks.open_cases(walk)}
    files.write_bytes(records, b"".join(msgspec.json.encode(row) + b"\n" for row in made))
    for sides in texts:
        name, target = sides[0].meta.doc_id, _target(output, sides[0], texts)
        if name in still:
            if files.exists(target):
                typer.echo(f"{target}: of earlier decisions; {name} has open cases again", err=True)
            continue
        data = lines.write(ordered(walks.gold(walk, name)))
        files.write_bytes(target, data)
        found = len(check(data, walk.ontology, where=str(target)))
        more = f"; goldwire check has {found} to say" if found else ""
        typer.echo(f"{target}: written{more}", err=True)
