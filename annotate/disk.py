"""Bytes in and out: files are read, replaced as wholes, and appended to by one process at a time.

A file is written under another name in its folder, flushed, and renamed, so that whatever
happens it is the old one or the new one. ``files.py`` is the door: it has these verbs too,
and knows of documents.
"""

from __future__ import annotations

import gzip
import io
import os
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

from goldwire.annotate.problems import Problem, ProblemError, missing

BUFFER = 1 << 20  # bytes read at once


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
        raise unusable(path, error, "cannot be read") from None


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


def write_bytes(path: str | Path, data: bytes, *, was: bytes | None = None) -> None:
    """Replace a file's content at once, or leave it as it was.

    ``was`` is the content that ``data`` was made of: if the file holds another by now, somebody
    else's work would be lost, so ProblemError is raised instead.
    """
    with writing(path, was=was) as file:
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
def writing(path: str | Path, *, was: bytes | None = None) -> Iterator[Whole]:
    """A file that replaces ``path`` when the block ends well, and never when it does not."""
    if str(path) == "-":
        try:
            yield Whole(sys.stdout.buffer)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise unusable("<stdout>", error, "cannot be written") from None
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
            if was is not None and not (target.exists() and target.read_bytes() == was):
                said = "was changed by somebody else in the meantime, and was not touched; try again"
                raise ProblemError(Problem(str(path), 0, "file", said))
            os.replace(name, target)
            _settle(target.parent)
    except OSError as error:
        raise unusable(path, error, "cannot be written, and was not touched") from None
    finally:
        if name and os.path.exists(name):
            with suppress(OSError):
                os.unlink(name)


def _settle(folder: Path) -> None:
    """Have the names of a folder on disk as well, where the system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


def drop_output() -> None:
    """Let what standard output still holds go nowhere: it cannot be written."""
    handle = os.open(os.devnull, os.O_WRONLY)
    os.dup2(handle, 1)
    os.close(handle)


def inside(folder: str | Path, name: str) -> Path:
    """The path of a file below a folder; refuses names that lead out of it."""
    target = Path(folder) / name
    if not target.resolve().is_relative_to(Path(folder).resolve()):
        raise ProblemError(Problem(name, 0, "path", f"leads out of the folder {folder}"))
    return target


def unusable(path: str | Path, error: Exception, what: str) -> ProblemError:
    """The sentence for what the system said of a file."""
    reason = (getattr(error, "strerror", "") or str(error)).lower()
    return ProblemError(Problem(str(path), 0, "file", f"{what}: {reason}"))


@contextmanager
def appending(path: str | Path) -> Iterator[BinaryIO]:
    """A file open for reading and for appending, held by one process at a time.

    A last line that was cut off is removed, and so is a new file that ends in an error with nothing in
    it. Raises ProblemError where another process holds it.
    """
    made = not os.path.exists(path)
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        with open(path, "a+b") as file:
            _hold(file, path)
            try:
                file.seek(0)
                whole = 0
                for line in file:
                    whole += len(line) if line.endswith(b"\n") else 0
                file.truncate(whole)
                yield file
            except BaseException:
                if made and not os.fstat(file.fileno()).st_size:
                    with suppress(OSError):
                        os.unlink(path)
                raise
    except OSError as error:
        raise unusable(path, error, "cannot be written") from None


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
    try:
        Path(path).unlink(missing_ok=True)
    except OSError as error:
        raise unusable(path, error, "cannot be removed") from None


def runnable(path: str | Path) -> None:
    """Let a file be run as a program."""
    try:
        os.chmod(path, 0o755)
    except OSError as error:
        raise unusable(path, error, "cannot be made a program") from None
