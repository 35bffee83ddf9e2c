"""Files of several people or systems, each called by what tells its path from the others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from goldwire.annotate import files
from goldwire.annotate.document import Document
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate import intake


def names(paths: Sequence[str]) -> list[str]:
    """The last part of each path without its suffix, or whole paths where these are the same.

    Raises ProblemError where a path is given twice.

    >>> names(["runs/a.jsonl", "runs/b.jsonl"]), names(["one/pred.jsonl", "two/pred.jsonl"])
    (['a', 'b'], ['one/pred.jsonl', 'two/pred.jsonl'])
    """
    stems = [PurePath(path).stem for path in paths]
    found = stems if len(set(stems)) == len(paths) else [str(PurePath(path)) for path in paths]
    if twice := next((name for i, name in enumerate(found) if name in found[:i]), None):
        raise ProblemError(Problem(twice, 0, "given-twice", "each file or folder may be given once"))
    return found


def by_name(paths: Sequence[str]) -> dict[str, list[Document]]:
    """The documents of each path under its name; raises ProblemError where one is broken."""
    labels = files.ontology()
    found = zip(names(paths), paths, strict=True)
    return {name: intake.predictions(path, labels)[0] for name, path in found}
