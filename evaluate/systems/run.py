"""Run a system over documents: in its own process, with a journal, whatever it does."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from time import perf_counter
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from goldwire import __version__
from goldwire.annotate import files
from goldwire.annotate.document import Document, Meta, Provenance
from goldwire.annotate.formats import record
from goldwire.annotate.offsets import sound
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate.systems import answers
from goldwire.evaluate.systems.child import Broken, Child, Ended
from goldwire.evaluate.systems.journal import Entry, Journal, fingerprint
from goldwire.evaluate.systems.names import System


class Limits(NamedTuple):
    """What a system may use: seconds for a document, seconds to start, bytes of an answer."""

    seconds: float = 300.0
    start: float = 600.0
    answer: int = 16 << 20


class Item(NamedTuple):
    """A document to be answered: its place in the input, its id, its text."""

    place: int
    doc_id: str
    text: str


class Outcome(NamedTuple):
    """How a run ended: documents, ids and reasons of failures, seconds, most memory (bytes) of a process."""

    documents: int
    failed: tuple[tuple[str, str], ...]
    seconds: float
    peak: int


def run(
    system: System,
    documents: Iterable[Document],
    output: str,
    *,
    batch: int = 1,
    processes: int = 1,
    limits: Limits = Limits(),
    fresh: bool = False,
    done: Callable[[int], None] = lambda n: None,
    keep: Callable[[Iterable[dict[str, Any]]], None] | None = None,
) -> Outcome:
    """Answer each document and write the predictions to ``output`` when all are there.

    ``keep`` gets the records, in the order of the documents, to write something else of them.

    Results stand in ``<output>.journal`` until then; a run that was stopped goes on
    from it. ``done`` is told how many more documents have a result. The system gets
    the text and the id, nothing else. Raises ProblemError if it cannot be started,
    or the journal belongs to another run.
    """
    path = f"{output}.journal"
    if fresh:
        files.remove(path)
    header = {"goldwire": __version__, "system": system.name}
    with files.appending(path) as file:
        journal = Journal(file, path, header)
        done(len(journal))
        pending = Pending(documents, journal)
        workers = [Worker(system, pending, journal, limits, batch, done) for _ in range(max(1, processes))]
        for worker in workers:
            worker.start()
        try:
            while any(worker.is_alive() for worker in workers):
                for worker in workers:
                    worker.join(0.1)
                if pending.stopped:
                    break
        finally:
            pending.stopped = True
            for worker in workers:
                worker.interrupt()
            for worker in workers:
                worker.join()
        for worker in workers:
            if worker.error:
                raise worker.error
        outcome = _outcome(journal)
        made = (_record(entry, system, outcome.peak) for entry in journal.entries())
        if keep is not None:
            keep(made)
        else:
            with files.writing(output) as whole:
                for row in made:
                    line = json.dumps(row, ensure_ascii=False)
                    whole.write(line.encode() + b"\n")
    files.remove(path)
    return outcome


class Pending:
    """The documents without a result; threads take batches of them."""

    def __init__(self, documents: Iterable[Document], journal: Journal) -> None:
        self._lock = threading.Lock()
        self.stopped = False
        self._items = (
            Item(index, d.meta.doc_id, sound(d.text, d.meta.doc_id))
            for index, d in enumerate(documents)
            if not journal.has(index, d.meta.doc_id, d.text)
        )

    def take(self, most: int) -> list[Item]:
        """Up to ``most`` documents; none when there are no more, or the run was stopped."""
        with self._lock:
            taken: list[Item] = []
            while len(taken) < most and not self.stopped:
                item = next(self._items, None)
                if item is None:
                    break
                taken.append(item)
            return taken


class Worker(threading.Thread):
    """One process of the system, and the thread that feeds it."""

    def __init__(
        self,
        system: System,
        pending: Pending,
        journal: Journal,
        limits: Limits,
        batch: int,
        done: Callable[[int], None],
    ) -> None:
        super().__init__(daemon=True)
        self.error: BaseException | None = None
        self._system, self._pending, self._journal = system, pending, journal
        self._limits, self._batch, self._done = limits, max(1, batch), done
        self._child: Child | None = None
        self._used = False  # whether the process has answered before
        self._peak = 0

    def run(self) -> None:
        """Answer batches until there are no more; what goes wrong with ourselves stops the run."""
        try:
            while items := self._pending.take(self._batch):
                self._answer(items)
        except BaseException as error:
            self.error = error
            self._pending.stopped = True
        finally:
            self._end()

    def _answer(self, items: list[Item]) -> None:
        """Results for all items. Where a batch breaks the process, each of the rest goes alone."""
        parts = deque([items])
        while parts:
            part = parts.popleft()
            left = list(part)
            clock = perf_counter()
            try:
                self._running()  # loading a system is no document's time
                clock = perf_counter()
                for item, answer in zip(part, self._exchange(part), strict=True):
                    now = perf_counter()
                    self._note(item, answer, now - clock)
                    left.remove(item)
                    clock = now
            except Broken as broken:
                used = self._used
                self._end()
                if self._pending.stopped:
                    return  # it was our own doing
                if used and isinstance(broken, Ended):
                    # It may have ended after its last answer, before it read what we asked.
                    parts.extendleft([item] for item in reversed(left))
                elif len(left) == 1:
                    self._failed(left[0], str(broken), perf_counter() - clock)
                else:
                    parts.extendleft([item] for item in reversed(left))

    def _exchange(self, items: list[Item]) -> Iterator[bytes]:
        child = self._running()
        if self._system.ours:
            child.send(json.dumps([item.text for item in items]).encode())
        else:
            if not child.usable():
                self._end()
                child = self._running()
            for item in items:
                asked = {"text": item.text, "meta": {"doc_id": item.doc_id}}
                child.send(json.dumps(asked).encode())
        for _ in items:
            yield child.receive(self._limits.seconds)

    def _running(self) -> Child:
        if self._child is None:
            self._child = Child(self._system.command, longest=self._limits.answer)
            if self._system.ours:
                try:
                    said = answers.read(self._child.receive(self._limits.start))
                except Broken as broken:
                    said = {"cannot": str(broken)}
                if "cannot" in said:
                    message = f"cannot be loaded: {said['cannot']}"
                    raise ProblemError(Problem(self._system.name, 0, "system", message))
        return self._child

    def _end(self) -> None:
        if self._child:
            self._child.close()
            self._peak = max(self._peak, self._child.peak)
            self._child, self._used = None, False

    def interrupt(self) -> None:
        """Kill the process, so that nobody waits for its answer; called by another thread."""
        child = self._child
        if child:
            child.kill()

    def _note(self, item: Item, line: bytes, seconds: float) -> None:
        """Write down an answer. After one that is none, a command is started anew: it may have lost count."""
        try:
            said = answers.read(line)
            if self._system.ours:
                if "failed" in said:
                    raise answers.AnswerError(said["failed"])
                said = said["answer"]
            else:
                _same_document(item, said)
            found = answers.document(item.text, item.doc_id, said)
        except answers.AnswerError as error:
            if not self._system.ours:
                raise Broken(str(error)) from None
            self._failed(item, str(error), seconds)
            return
        self._used = True
        self._add(item, seconds, record=record.record(found))

    def _failed(self, item: Item, reason: str, seconds: float) -> None:
        self._add(item, seconds, failed=reason or "failed", text=item.text)

    def _add(self, item: Item, seconds: float, **result: Any) -> None:
        peak = max(self._peak, self._child.measure() if self._child else 0)
        entry = Entry(item.place, item.doc_id, fingerprint(item.text), seconds, peak, **result)
        self._journal.add(entry)
        self._done(1)


def _same_document(item: Item, said: Any) -> None:
    """Refuse an answer that names another document than the one asked about."""
    if not isinstance(said, dict):
        return
    meta = said.get("meta")
    named = meta.get("doc_id", "") if isinstance(meta, dict) else ""
    if named and named != item.doc_id:
        raise answers.AnswerError(f"answers document {named!r} when asked about {item.doc_id!r}")


def _outcome(journal: Journal) -> Outcome:
    count, seconds, peak = 0, 0.0, 0
    failed: list[tuple[str, str]] = []
    for entry in journal.entries():
        count, seconds, peak = count + 1, seconds + entry.seconds, max(peak, entry.peak)
        if entry.failed:
            failed.append((entry.doc_id or f"document {entry.index + 1}", entry.failed))
    return Outcome(count, tuple(failed), seconds, peak)


def _record(entry: Entry, system: System, peak: int) -> dict[str, Any]:
    """The line of the output: the prediction, and in its provenance by whom, how fast, in how much memory."""
    found = entry.record or record.record(Document(entry.text, Meta(doc_id=entry.doc_id)))
    taken = {row.get("id") for row in found["provenance"]}
    id = next(f"v{n}" for n in range(1, len(taken) + 2) if f"v{n}" not in taken)
    memory = f"peak memory {peak} bytes" if peak else "peak memory unknown"
    used = f"{entry.seconds:.6f} s; {memory}"
    row = Provenance(
        id,
        annotator=system.name,
        action="failed" if entry.failed else "predicted",
        tool=f"goldwire {__version__}",
        note=f"{used}; {entry.failed}" if entry.failed else used,
    )
    fields = msgspec.to_builtins(replace(row, extra={}))
    del fields["extra"]
    return {**found, "provenance": [*found["provenance"], fields]}
