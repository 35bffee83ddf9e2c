"""The only file that opens files.

Reading goes through the table of formats; writing goes to a temporary file in
the same folder, which is flushed and then renamed, so that a file is whole or
untouched. ``-`` is standard input or output. What cannot be read or written
raises ``ProblemError`` with one sentence.
"""

from __future__ import annotations

import gzip
import io
import os
import shutil
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, cast

from goldwire.annotate import formats
from goldwire.annotate import ontology as labels
from goldwire.annotate.document import Document
from goldwire.annotate.folders import groups
from goldwire.annotate.ontology import Ontology
from goldwire.annotate.problems import Problem, ProblemError, missing

SNIFFED = 4096
BUFFER = 1 << 20  # bytes read at once


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


def _head(path: Path) -> bytes:
    with reading(path) as file:
        return file.read(SNIFFED)


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
        raise _unusable(target, error, "cannot be written") from None
    finally:
        if folder.stage:
            shutil.rmtree(folder.stage, ignore_errors=True)


def jsonl(paths: Iterable[str]) -> Iterator[str]:
    """The files named, and those ending in .jsonl in the folders named, in the order of their names."""
    for path in paths:
        if path != "-" and os.path.isdir(path):
            found = sorted(map(str, Path(path).rglob("*.jsonl")))
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
        raise _unusable(path, error, f"cannot be copied to {folder}") from None


def times(paths: Iterable[str]) -> dict[str, int]:
    """When each file was last changed, in nanoseconds; 0 for one that is not there."""
    return {path: os.stat(path).st_mtime_ns if os.path.exists(path) else 0 for path in paths}


def read_bytes(path: str | Path) -> bytes:
    """The bytes of a file."""
    with reading(path) as file:
        return file.read()


@contextmanager
def reading(path: str | Path) -> Iterator[BinaryIO]:
    """A file open for reading; ``.gz`` and ``.zst`` are unpacked on the way.

    An address with a scheme (``s3://…``) is opened by fsspec.
    """
    if str(path) == "-":
        yield sys.stdin.buffer
        return
    try:
        with _remote(str(path)) if "://" in str(path) else open(path, "rb", buffering=BUFFER) as file:
            if str(path).endswith(".gz"):
                yield cast("BinaryIO", io.BufferedReader(gzip.GzipFile(fileobj=file), BUFFER))
            elif str(path).endswith(".zst"):
                yield cast("BinaryIO", io.BufferedReader(_unpacked(file), BUFFER))
            else:
                yield file
    except (OSError, EOFError, zlib.error) as error:
        raise _unusable(path, error, "cannot be read") from None


def _remote(address: str) -> BinaryIO:
    try:
        import fsspec
    except ImportError:
        raise missing("scale", "fsspec") from None
    return cast("BinaryIO", fsspec.open(address, "rb").open())


def _unpacked(file: BinaryIO) -> Any:
    try:
        import pyarrow
    except ImportError:
        raise missing("scale", "pyarrow") from None
    return pyarrow.CompressedInputStream(pyarrow.PythonFile(file, "r"), "zstd")


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


def write_bytes(path: str | Path, data: bytes) -> None:
    """Replace a file's content at once, or leave it as it was."""
    with writing(path) as file:
        file.write(data)


class Whole:
    """A file that appears under its name only when all of it is on disk."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.wanted = True

    def write(self, data: bytes) -> int:
        """Append; returns the number of bytes."""
        return self._file.write(data)

    def discard(self) -> None:
        """Leave the target as it was."""
        self.wanted = False


@contextmanager
def writing(path: str | Path) -> Iterator[Whole]:
    """A file that replaces ``path`` when the block ends well, and never when it does not."""
    if str(path) == "-":
        yield Whole(sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    target = Path(os.path.realpath(path))
    name = ""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with open(handle, "wb") as file:
            whole = Whole(file)
            yield whole
            file.flush()
            os.fsync(file.fileno())
        if whole.wanted:
            mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
            os.chmod(name, mode)
            os.replace(name, target)
    except OSError as error:
        raise _unusable(path, error, "cannot be written, and was not touched") from None
    finally:
        if name and os.path.exists(name):
            os.unlink(name)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def inside(folder: str | Path, name: str) -> Path:
    """The path of a file below a folder; refuses names that lead out of it."""
    target = Path(folder) / name
    if not target.resolve().is_relative_to(Path(folder).resolve()):
        raise ProblemError(Problem(name, 0, "path", f"leads out of the folder {folder}"))
    return target


def _unusable(path: str | Path, error: Exception, what: str) -> ProblemError:
    reason = (getattr(error, "strerror", "") or str(error)).lower()
    return ProblemError(Problem(str(path), 0, "file", f"{what}: {reason}"))


def is_folder(path: str | Path) -> bool:
    """Whether there is a folder of that name."""
    return Path(path).is_dir()


@contextmanager
def appending(path: str | Path) -> Iterator[BinaryIO]:
    """A file open for reading and for appending, held by one process at a time.

    A last line that was cut off is removed. Raises ProblemError where another process holds it.
    """
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        with open(path, "a+b") as file:
            _hold(file, path)
            file.seek(0)
            whole = 0
            for line in file:
                whole += len(line) if line.endswith(b"\n") else 0
            file.truncate(whole)
            yield file
    except OSError as error:
        raise _unusable(path, error, "cannot be written") from None


def _hold(file: BinaryIO, path: str | Path) -> None:
    try:
        import fcntl
    except ImportError:  # not POSIX: nobody is kept out
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ProblemError(Problem(str(path), 0, "file", "is being written by another run")) from None
    # Whoever held it may have removed it meanwhile; what is written to a removed file is lost.
    if not (os.path.exists(path) and os.path.samestat(os.fstat(file.fileno()), os.stat(path))):
        raise ProblemError(Problem(str(path), 0, "file", "was removed by another run just now; try again"))


def remove(path: str | Path) -> None:
    """Delete a file that may be there."""
    Path(path).unlink(missing_ok=True)


def pages() -> dict[str, str]:
    """The pages of the guidelines by their names."""
    found = sorted(packaged("guidelines").glob("*.md"))
    return {path.name: read_bytes(path).decode("utf-8") for path in found}


def exists(path: str | Path) -> bool:
    """Whether there is a file of that name."""
    return Path(path).is_file()
