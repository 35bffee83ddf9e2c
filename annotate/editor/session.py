"""One document while it is edited: the file, the changes since, and what may be done with both.

The page holds the document; this is the copy that survives it. Every change comes here,
goes to the journal, and is answered when it is on disk. Saving writes what the journal
holds, never a file that somebody else has changed since it was read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from goldwire.annotate import files
from goldwire.annotate.changes.merge import merge
from goldwire.annotate.document import CLASSES
from goldwire.annotate.editor import storage
from goldwire.annotate.editor.journal import Journal
from goldwire.annotate.editor.routes import Stale
from goldwire.annotate.editor.storage import Raw
from goldwire.annotate.formats import lines
from goldwire.annotate.ontology import Ontology
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.annotate.rules import check, is_warning
from goldwire.annotate.structure import StructureError, build


class Session:
    """The document of a file of annotation lines, or that of the id ``doc`` in a file of records."""

    def __init__(self, path: str, ontology: Ontology, doc: str = "") -> None:
        if path == "-" or path.endswith((".gz", ".zst")) or "://" in path:
            raise ProblemError(Problem(path, 0, "file", "the editor needs a plain file that it can replace"))
        self.path, self.ontology, self.doc = path, ontology, doc
        self._lock = Lock()
        self._journal = Journal(path)
        current = files.read_bytes(path)
        base, changes = self._journal.recover(current) or (current, [])
        self._begin(base)
        for change in changes:
            self._apply(change)
        self.recovered = len(changes)

    def _begin(self, base: bytes) -> None:
        self.base, self.version = base, storage.version(base)
        self._first = storage.rows(base, where=self.path, doc=self.doc)
        self._rows = {storage.key(raw): raw for raw in self._first}
        self._changes: list[dict[str, Any]] = []

    def state(self) -> dict[str, Any]:
        """What a page needs to begin: the rows of the file and the changes since."""
        with self._lock:
            return {
                "path": self.path,
                "version": self.version,
                "rows": self._first,
                "changes": self._changes,
                "recovered": self.recovered,
            }

    def rows(self) -> list[Raw]:
        """The document as it stands."""
        with self._lock:
            return list(self._rows.values())

    def change(self, version: str, after: int, change: dict[str, Any]) -> int:
        """Take a change, ``{"set": [row…], "drop": [id…]}``; returns how many there are since the file.

        Raises Stale where it does not follow the changes that are here, ProblemError where a row is
        no annotation or the journal cannot be written; then nothing has changed.
        """
        with self._lock:
            self._follows(version, after)
            self._proper(change)
            change = {"set": list(change.get("set", [])), "drop": list(change.get("drop", []))}
            self._journal.add(self.base, change)
            self._apply(change)
            return len(self._changes)

    def save(self, version: str, after: int) -> list[Raw]:
        """Write the file in canonical form and forget the journal; returns the rows as written.

        Raises Stale where the file is no longer the one that was read.
        """
        with self._lock:
            self._follows(version, after)
            current = self._current()
            if current and storage.version(current) != self.version:
                raise Stale("file", f"{self.path} was changed by somebody else since it was read")
            data = storage.stored(self.base, self._rows.values(), where=self.path, doc=self.doc)
            if self._changes:
                self._journal.add(self.base, {"saving": storage.version(data)})
            if data != current:
                self._write(data, current)
            self._journal.remove()
            self._begin(data)
            self.recovered = 0
            return self._first

    def merged(self, version: str, after: int) -> tuple[dict[str, Any], list[str]]:
        """Build on the file as somebody else left it; returns the state after it, and the conflicts."""
        with self._lock:
            self._follows(version, after)
            theirs = self._current()
            if not theirs:
                raise ProblemError(Problem(self.path, 0, "file", "is gone; saving writes it again"))
            others = storage.rows(theirs, where=self.path, doc=self.doc)
            three = self._first, self._rows.values(), others
            try:
                result, conflicts = merge(*(storage.made(some, where=self.path) for some in three))
            except ValueError as error:
                raise ProblemError(Problem(self.path, 0, "text", str(error))) from None
            wanted = storage.rows(lines.write(result), where=self.path)
            change = difference(
                {storage.key(raw): raw for raw in others}, {storage.key(raw): raw for raw in wanted}
            )
            self._journal.restart(theirs, [change])
            self._begin(theirs)
            self._apply(change)
        return self.state(), [str(c) for c in conflicts]

    def discard(self, version: str, after: int) -> None:
        """Forget every change that is not saved, and read the file again."""
        with self._lock:
            self._follows(version, after)
            current = self._current() or self.base
            storage.rows(current, where=self.path, doc=self.doc)
            self._journal.remove()
            self._begin(current)
            self.recovered = 0

    def problems(self) -> list[dict[str, Any]]:
        """What ``goldwire check`` says of the document as it stands, each with the object's id."""
        rows = self.rows()
        names = [storage.key(raw) for raw in rows]
        return [
            {
                "on": names[p.line - 1] if 0 < p.line <= len(names) else "",
                "rule": p.rule,
                "message": p.message,
                "warning": is_warning(p),
            }
            for p in check(storage.written_as(rows), self.ontology, where=self.path)
        ]

    def close(self) -> None:
        """Let go of the journal; what is not saved stays in it."""
        self._journal.close()

    def _current(self) -> bytes:
        return files.read_bytes(self.path) if files.exists(self.path) else b""

    def _write(self, data: bytes, expected: bytes) -> None:
        """Replace the file, unless somebody did so while the new content was being written."""
        try:
            files.write_bytes(self.path, data, was=expected or None)
        except ProblemError:
            if self._current() == expected:
                raise
            said = f"{self.path} was changed by somebody else while it was being saved"
            raise Stale("file", said) from None

    def _follows(self, version: str, after: int) -> None:
        if (version, after) != (self.version, len(self._changes)):
            raise Stale("page", "the document was changed from another page; reload this one")

    def _proper(self, change: dict[str, Any]) -> None:
        with self._structured():
            for raw in change.get("set", []):
                kind = next(iter(raw), "")
                if kind in CLASSES:
                    if raw[kind] == "":
                        raise StructureError("an object needs an id")
                    build(CLASSES[kind], {"id": raw[kind], **raw}, skip=(kind,))
                elif kind != storage.DOC or raw.get("text") != self._rows[""]["text"]:
                    raise StructureError(f"{kind!r} is no kind of annotation, or changes the text")
            if not all(isinstance(name, str) and name for name in change.get("drop", [])):
                raise StructureError("what is removed is named by its id, and the document stays")

    @contextmanager
    def _structured(self) -> Iterator[None]:
        try:
            yield
        except (StructureError, TypeError, AttributeError) as error:
            raise ProblemError(Problem(self.path, 0, "structure", str(error))) from None

    def _apply(self, change: dict[str, Any]) -> None:
        for raw in change.get("set", []):
            self._rows[storage.key(raw)] = raw
        for name in change.get("drop", []):
            self._rows.pop(name, None)
        self._changes.append(change)


def difference(before: dict[str, Raw], after: dict[str, Raw]) -> dict[str, Any]:
    """The change that leads from some rows to others.

    >>> difference({"a1": {"actor": "a1"}, "a2": {"actor": "a2"}}, {"a1": {"actor": "a1", "type": "PER"}})
    {'set': [{'actor': 'a1', 'type': 'PER'}], 'drop': ['a2']}
    """
    return {
        "set": [raw for name, raw in after.items() if before.get(name) != raw],
        "drop": [name for name in before if name not in after],
    }
