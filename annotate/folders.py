"""Which files of a folder belong together, and in which format they are."""

from __future__ import annotations

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
    files = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
    rows = {p: row or _perhaps(p, head) for p in files if row is None or _fits(p, row)}
    found: dict[Path, Group] = {}
    taken: set[Path] = set()
    for file, own in rows.items():
        if own and own.companions and file not in taken:
            group = _with_companions(file, own)
            taken.update(group)
            found[file] = own, group
    for file, own in rows.items():
        if file not in taken:
            found[file] = own or _format(file, head), [file]
    if not found:
        raise ProblemError(Problem(str(path), 0, "empty-folder", "holds no file of the format"))
    yield from (found[file] for file in sorted(found))


def _fits(path: Path, row: Format) -> bool:
    return not row.suffixes or path.name.lower().removesuffix(".gz").endswith(row.suffixes)


def _with_companions(path: Path, row: Format) -> list[Path]:
    """The file first, then those that the format reads with it and that are there."""
    stem = next((path.name.removesuffix(s) for s in _endings(row) if path.name.endswith(s)), path.stem)
    beside = [path.with_name(pattern.replace("*", stem)) for pattern in row.companions]
    return [path, *(p for p in beside if p != path and p.is_file())]


def _endings(row: Format) -> list[str]:
    own = [pattern.removeprefix("*") for pattern in row.companions if pattern.startswith("*")]
    return sorted({*row.suffixes, *own}, key=len, reverse=True)


def _perhaps(path: Path, head: Head) -> Format | None:
    try:
        return _format(path, head)
    except ProblemError:
        return None


def _format(path: Path, head: Head) -> Format:
    if str(path) == "-":
        return formats.find("record")
    return formats.recognise(str(path).removesuffix(".gz"), head(path))
