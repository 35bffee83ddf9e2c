"""Every change on disk before it is acknowledged, so that a crash loses nothing.

``<file>.journal`` is JSONL. Its first line holds the file's content when the first
change was made, each further line a change, and before a save is tried, a line with
the name of the content that is about to be written. A file that has that content was
saved: only what stands behind the line is still to be saved.
"""

from __future__ import annotations

import json
import os
from contextlib import ExitStack
from typing import Any, BinaryIO

from goldwire.annotate import files
from goldwire.annotate.editor.storage import version
from goldwire.annotate.problems import Problem, ProblemError

SUFFIX = ".journal"
FORM = 1


class Journal:
    """The journal of one file, held by one process from its first change to its save."""

    def __init__(self, path: str) -> None:
        self.path = path + SUFFIX
        self._stack = ExitStack()
        self._file: BinaryIO | None = None

    def recover(self, current: bytes) -> tuple[bytes, list[dict[str, Any]]] | None:
        """(content on which the changes build, changes) that a crash left; None if it left nothing.

        ``current`` is the file as it stands. The journal is held from here on. Raises ProblemError
        where another editor holds it, or where it is no journal.
        """
        if not files.exists(self.path):
            return None
        file = self._hold()
        file.seek(0)
        try:
            found = [json.loads(line) for line in file]
            base = found[0]["base"].encode() if found else b""
            if found and found[0]["journal"] != FORM:
                raise ValueError("another form")
        except (ValueError, KeyError, TypeError, AttributeError):
            self.close()
            said = "is no journal that this version can read; move it away"
            raise ProblemError(Problem(self.path, 1, "journal", said)) from None
        changes = found[1:]
        name = version(current)
        saved = [at for at, row in enumerate(changes) if row.get("saving") == name]
        if saved:
            base, changes = current, changes[saved[-1] + 1 :]
        changes = [row for row in changes if "saving" not in row]
        if not changes:
            self.remove()
            return None
        return base, changes

    def add(self, base: bytes, change: dict[str, Any]) -> None:
        """Append a change, on disk when this returns; the first one takes the journal and writes ``base``.

        Raises ProblemError, and leaves the journal as it was, where it cannot be written.
        """
        file = self._file or self._hold()
        at = file.seek(0, os.SEEK_END)
        head = b"" if at else _line({"journal": FORM, "base": base.decode("utf-8")})
        try:
            _write(file.fileno(), head + _line(change))
        except OSError as error:
            os.ftruncate(file.fileno(), at)
            reason = (error.strerror or str(error)).lower()
            raise ProblemError(Problem(self.path, 0, "journal", f"cannot be written: {reason}")) from None

    def restart(self, base: bytes, changes: list[dict[str, Any]]) -> None:
        """Begin again on another content, at once or not at all."""
        rows = [{"journal": FORM, "base": base.decode("utf-8")}, *changes]
        files.write_bytes(self.path, b"".join(map(_line, rows)))
        self.close()
        self._hold()

    def remove(self) -> None:
        """Nothing is left to be saved."""
        if self._file is not None:
            files.remove(self.path)
        self.close()

    def close(self) -> None:
        """Let go of the file, and leave it where it is."""
        self._stack.close()
        self._file = None

    def _hold(self) -> BinaryIO:
        try:
            self._file = self._stack.enter_context(files.appending(self.path))
        except ProblemError:
            said = "another editor has changes that are not saved yet; save or close it first"
            raise ProblemError(Problem(self.path, 0, "journal", said)) from None
        return self._file


def _line(row: dict[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode("utf-8") + b"\n"


def _write(handle: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(handle, left) :]
    os.fsync(handle)
