"""The journal of a run: a line for each result as it comes, so that a run can stop and go on.

The first line says whose run it is. Results stay on disk; only their places are
kept in memory.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from goldwire.annotate.problems import Problem, ProblemError


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One document's result: the record, or why there is none. Seconds are of the wall clock."""

    index: int
    doc_id: str
    sha256: str
    seconds: float
    peak: int = 0
    failed: str = ""
    text: str = ""
    record: dict[str, Any] = msgspec.field(default_factory=dict)


def fingerprint(text: str) -> str:
    """What tells whether a text is still the one that was answered."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Journal:
    """An open journal; threads may add to it."""

    def __init__(self, file: BinaryIO, path: str, run: dict[str, Any]) -> None:
        """Raises ProblemError if the file is another run's journal."""
        self._file, self._path = file, path
        self._lock = threading.Lock()
        self._places: dict[int, int] = {}
        self._prints: dict[int, tuple[str, str]] = {}
        file.seek(0)
        first = file.readline()
        if not first:
            file.write(msgspec.json.encode(run) + b"\n")
            file.flush()
        elif (known := self._value(first, dict[str, Any], 1)) != run:
            name = visible_run(known)
            message = f"is the journal of another run ({name}); go on with that one, or say --fresh"
            raise ProblemError(Problem(path, 1, "journal", message))
        self._end = len(first) or file.tell()
        for number, line in enumerate(file, 2):
            entry = self._value(line, Entry, number)
            self._places[entry.index] = self._end
            self._prints[entry.index] = (entry.doc_id, entry.sha256)
            self._end += len(line)

    def _value(self, line: bytes, type: Any, number: int) -> Any:
        try:
            # Not msgspec's own JSON: a text may hold what is no Unicode.
            return msgspec.convert(json.loads(line), type)
        except (ValueError, msgspec.MsgspecError) as error:
            raise ProblemError(Problem(self._path, number, "journal", f"is damaged: {error}")) from None

    def __len__(self) -> int:
        return len(self._places)

    def has(self, index: int, doc_id: str, text: str) -> bool:
        """Whether the document was answered; raises ProblemError if another stood in its place."""
        if index not in self._prints:
            return False
        if self._prints[index] != (doc_id, fingerprint(text)):
            message = f"document {index + 1} is not the one that was answered; say --fresh to begin again"
            raise ProblemError(Problem(self._path, 0, "journal", message))
        return True

    def add(self, entry: Entry) -> None:
        """Append a result; it is in the file when this returns."""
        line = json.dumps(msgspec.to_builtins(entry)).encode() + b"\n"
        with self._lock:
            self._file.seek(0, 2)
            self._file.write(line)
            self._file.flush()
            self._places[entry.index] = self._end
            self._end += len(line)

    def entries(self) -> Iterator[Entry]:
        """The results in the order of the documents."""
        for index in sorted(self._places):
            self._file.seek(self._places[index])
            yield self._value(self._file.readline(), Entry, 0)


def visible_run(run: dict[str, Any]) -> str:
    """The name of a run's system, as its journal has it."""
    return str(run.get("system", "unknown"))[:200]
