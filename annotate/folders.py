"""Which files of a folder belong together, and in which format they are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from goldwire.annotate import formats
from goldwire.annotate.formats import Format
from goldwire.annotate.problems import Problem, ProblemError

Head = Callable[[Path], bytes]
Group = tuple[Format, list[Path]]


def groups(path: Path, row: Format | None, head: Head) -> Iterator[Group]:
    """The files to decode together, group by group, in the order of names.

    ``row`` is the format where it is known; else name and first bytes, which ``head``
    gives, tell it for each file. Raises ProblemError where they do not, and for a
    folder that holds nothing of the format.
    """
    if not path.is_dir():
        chosen = row or _format(path, head)
        yield chosen, _with_companions(path, chosen)
        return
    names = sorted(e.name for e in os.scandir(path) if e.is_file() and not e.name.startswith("."))
    rows = [row] if row else list(formats.ROWS)
    beside = _Beside(names, [r for r in rows if r.companions])
    found = False
    for name in names:
        if (row is None or _fits(name, row)) and not beside.goes_with_another(name):
            own = row or _format(path / name, head)
            found = True
            yield own, _with_companions(path / name, own)
    if not found:
        raise ProblemError(Problem(str(path), 0, "empty-folder", "holds no file of the format"))


class _Beside:
    """Which names of a folder are read together with another, and need no reading of their own."""

    def __init__(self, names: list[str], rows: list[Format]) -> None:
        self.names = set(names)
        self.rows = rows
        self.main = {r.name for r in rows if any(n.lower().endswith(r.suffixes) for n in names)}

    def goes_with_another(self, name: str) -> bool:
        """Whether a file of another suffix, or the first of several suffixes, reads this one."""
        for row in self.rows:
            for pattern in row.companions:
                if not pattern.startswith("*"):
                    if name == pattern and row.name in self.main:
                        return True
                elif name.endswith(pattern[1:]):
                    stem = name.removesuffix(pattern[1:])
                    readers = [f"{stem}{s}" for s in row.suffixes if f"{stem}{s}" in self.names]
                    if readers and readers[0] != name:
                        return True
        return False


def _fits(name: str, row: Format) -> bool:
    return not row.suffixes or name.lower().removesuffix(".gz").endswith(row.suffixes)


def _with_companions(path: Path, row: Format) -> list[Path]:
    """The file first, then those that the format reads with it and that are there."""
    stem = next((path.name.removesuffix(s) for s in _endings(row) if path.name.endswith(s)), path.stem)
    beside = [path.with_name(pattern.replace("*", stem)) for pattern in row.companions]
    return [path, *(p for p in beside if p != path and p.is_file())]


def _endings(row: Format) -> list[str]:
    own = [pattern.removeprefix("*") for pattern in row.companions if pattern.startswith("*")]
    return sorted({*row.suffixes, *own}, key=len, reverse=True)


def _format(path: Path, head: Head) -> Format:
    if str(path) == "-":
        start = head(path)
        return formats.recognise("-.jsonl", start) if start.strip() else formats.find("record")
    return formats.recognise(str(path).removesuffix(".gz"), head(path))
