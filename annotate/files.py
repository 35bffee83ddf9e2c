"""The only door to files, together with ``disk.py``, whose verbs it has too.

Reading goes through the table of formats; writing goes to a temporary file in
the same folder, which is flushed and then renamed, so that a file is whole or
untouched. ``-`` is standard input or output. What cannot be read or written
raises ``ProblemError`` with one sentence.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, cast

from goldwire.annotate import formats
from goldwire.annotate import ontology as labels
from goldwire.annotate.disk import (
    BUFFER,
    Whole,
    appending,
    inside,
    read_bytes,
    reading,
    remove,
    runnable,
    unusable,
    write_bytes,
    writing,
)
from goldwire.annotate.document import Document
from goldwire.annotate.folders import groups
from goldwire.annotate.formats import Format
from goldwire.annotate.ontology import Ontology
from goldwire.annotate.problems import Problem, ProblemError

__all__ = [
    "BUFFER",
    "Whole",
    "appending",
    "inside",
    "read_bytes",
    "reading",
    "remove",
    "runnable",
    "unusable",
    "write_bytes",
    "writing",
]

SNIFFED = 4096


def packaged(folder: str) -> Path:
    """A folder of data beside ``annotate``: ``corpus`` or ``guidelines``, in a wheel as in a checkout."""
    return Path(__file__).parents[1] / folder


@cache
def ontology(path: str = "") -> Ontology:
    """The labels of the guidelines, or those of another ontology file."""
    chosen = Path(path) if path else packaged("guidelines") / "ontology.toml"
    return labels.decode(read_bytes(chosen), where=str(chosen))


def gold() -> list[Document]:
    """The gold corpus, in the order of its documents' ids."""
    return [d for path in sorted((packaged("corpus") / "gold").glob("*.jsonl")) for d in read(path)]


def read(path: str | Path, format: str = "", **options: Any) -> list[Document]:
    """All documents of a file or folder."""
    return list(iterate(path, format, **options))


def iterate(path: str | Path, format: str = "", **options: Any) -> Iterator[Document]:
    """The documents of a file or folder, one after the other.

    Without ``format``, name and first bytes tell it. A folder is read file by
    file in the order of names; files that belong together (``a.txt`` and
    ``a.ann``) are read together.
    """
    row = formats.find(format) if format else None
    for chosen, group in groups(Path(path), row, _head):
        with ExitStack() as stack:
            opened = {str(p): stack.enter_context(reading(p)) for p in group}
            yield from chosen.codec().decode(opened, **options)


def formats_of(path: str | Path) -> list[Format]:
    """The formats of a file, or of the files of a folder, as names and first bytes tell them."""
    if str(path) == "-":
        return []
    return list({row.name: row for row, _ in groups(Path(path), None, _head)}.values())


def _head(path: Path) -> bytes:
    with reading(path) as file:
        # What was read of standard input could not be read again.
        return (
            cast("BufferedReader", file).peek(SNIFFED)[:SNIFFED] if str(path) == "-" else file.read(SNIFFED)
        )


def by_id(path: str | Path) -> dict[str, Document]:
    """The documents of a file or folder by their ids, by their numbers from 1 where they have none.

    Raises ProblemError where an id stands twice.
    """
    found: dict[str, Document] = {}
    for number, document in enumerate(iterate(path), start=1):
        name = document.meta.doc_id or str(number)
        if name in found:
            raise ProblemError(Problem(str(path), 0, "repeated-id", f"two documents have the id {name!r}"))
        found[name] = document
    return found


def write(
    path: str | Path,
    documents: Iterable[Document],
    format: str = "",
    lost: Counter[str] | None = None,
    *,
    strict: bool = False,
    **options: Any,
) -> None:
    """Write documents to a file, or to a folder where the format makes several files.

    Nothing appears at ``path`` before everything has been encoded. ``strict`` raises
    ProblemError where ``lost`` counts anything, and writes nothing.
    """
    chosen = formats.find(format) if format else formats.recognise(str(path))
    if not chosen.writes:
        raise ProblemError(Problem(str(path), 0, "read-only", f"{chosen.name} is read, not written"))
    counted = Counter[str]() if lost is None else lost
    beside: dict[str, bytes] = {}
    with _staged(Path(path)) as folder, writing(path) as whole:
        for name, data in chosen.codec().encode(documents, lost=counted, **options):
            if name.startswith("*"):
                beside[name[1:]] = data
            elif name:
                folder.add(name, data)
            else:
                whole.write(data)
        if strict and counted:
            said = [f"{chosen.name} cannot hold {n} {what}" for what, n in sorted(counted.items())]
            raise ProblemError(*(Problem(str(path), 0, "loss", line) for line in said))
        if folder.names:
            whole.discard()
            folder.wanted = True
    for suffix, data in beside.items() if str(path) != "-" else ():
        write_bytes(Path(path).with_suffix(suffix), data)


class Folder:
    """Files on their way into a folder: none of them appears before all are on disk."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.names: set[str] = set()
        self.wanted = False
        self.stage = ""

    def add(self, name: str, data: bytes) -> None:
        """Stage a file; refuses names that lead out of the folder, and a second of one name."""
        inside(self.target, name)
        if name in self.names:
            raise ProblemError(Problem(name, 0, "file", "two files would have this name"))
        if not self.stage:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            self.stage = tempfile.mkdtemp(dir=self.target.parent, prefix=f".{self.target.name}.")
        self.names.add(name)
        file = Path(self.stage) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


@contextmanager
def _staged(target: Path) -> Iterator[Folder]:
    folder = Folder(target)
    try:
        yield folder
        if folder.wanted:
            for name in sorted(folder.names):
                final = target / name
                final.parent.mkdir(parents=True, exist_ok=True)
                os.replace(Path(folder.stage) / name, final)
    except OSError as error:
        raise unusable(target, error, "cannot be written") from None
    finally:
        if folder.stage:
            shutil.rmtree(folder.stage, ignore_errors=True)


def jsonl(paths: Iterable[str]) -> Iterator[str]:
    """The files named, and those ending in .jsonl in the folders named, in the order of their names."""
    for path in paths:
        if path != "-" and os.path.isdir(path):
            found = sorted(str(p) for p in Path(path).rglob("*.jsonl") if not p.is_dir())
            if not found:
                raise ProblemError(Problem(path, 0, "empty-folder", "holds no file that ends in .jsonl"))
            yield from found
        else:
            yield path


def named(folder: str | Path, pattern: str) -> list[str]:
    """The files of a folder, not of folders in it, whose name fits a pattern; hidden ones left out."""
    found = Path(folder).glob(pattern)
    return sorted(str(p) for p in found if p.is_file() and not p.name.startswith("."))


def copy(path: str | Path, folder: str | Path, format: str = "") -> None:
    """Copy a file, with those that are read together with it, into a folder; or a folder's content.

    The folder is replaced at once by one that holds nothing else. Raises ProblemError if that fails.
    """
    source, final = Path(path), Path(folder)
    row = formats.find(format) if format else None
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=final.parent, prefix=f".{final.name}.") as stage:
            whole = Path(stage) / "whole"
            if source.is_dir():
                shutil.copytree(source, whole)
            else:
                whole.mkdir()
                for file in (p for _, group in groups(source, row, _head) for p in group):
                    shutil.copyfile(file, whole / file.name)
            if final.exists():
                os.replace(final, Path(stage) / "old")
            os.replace(whole, final)
    except (OSError, shutil.Error) as error:
        raise unusable(path, error, f"cannot be copied to {folder}") from None


def times(paths: Iterable[str]) -> dict[str, int]:
    """When each file was last changed, in nanoseconds; 0 for one that is not there."""
    return {path: os.stat(path).st_mtime_ns if os.path.exists(path) else 0 for path in paths}


@contextmanager
def lines(path: str | Path, stretch: tuple[int, int] | None = None) -> Iterator[Iterable[bytes]]:
    """The lines of a file as they stand; those of a stretch of bytes that begins and ends with a line."""
    with reading(path) as file:
        yield file if stretch is None else _within(file, *stretch)


def _within(file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    file.seek(start)
    for line in file if start < end else ():
        yield line
        start += len(line)
        if start >= end:
            return


@contextmanager
def blocks(path: str | Path, stretch: tuple[int, int] | None = None) -> Iterator[Callable[[int], bytes]]:
    """A function that reads so many bytes of a file, or of a stretch of it, fewer at its end."""
    with reading(path) as file:
        if stretch is None:
            yield file.read
            return
        at, end = stretch
        file.seek(at)
        yield lambda size: file.read(max(min(size, end - file.tell()), 0))


def size(path: str | Path) -> int:
    """How many bytes a file holds."""
    return os.path.getsize(path)


def is_folder(path: str | Path) -> bool:
    """Whether there is a folder of that name."""
    return Path(path).is_dir()


def pages() -> dict[str, str]:
    """The pages of the guidelines by their names."""
    found = sorted(packaged("guidelines").glob("*.md"))
    return {path.name: read_bytes(path).decode("utf-8") for path in found}


def exists(path: str | Path) -> bool:
    """Whether there is a file of that name."""
    return Path(path).is_file()
