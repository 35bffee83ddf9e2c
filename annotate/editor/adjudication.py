"""Adjudication as a page: the walk of ``changes/walk.py`` over HTTP, answered by keys in the browser."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

import msgspec

from goldwire.annotate.changes.view import view
from goldwire.annotate.changes.walk import HELP, Walk, answer, entry, last_rule, lines_of
from goldwire.annotate.editor.guard import App
from goldwire.annotate.editor.routes import Questions, Stale, routed
from goldwire.annotate.editor.serve import serve

Remember = Callable[[dict[str, Any]], None]


class Table:
    """A walk, and how many answers it has had: an answer names the number that it answers."""

    def __init__(self, walk: Walk, remember: Remember) -> None:
        self.walk, self._remember = walk, remember
        self._turn = 0
        self._lock = Lock()

    def shown(self) -> dict[str, Any]:
        """What a page shows: the case, everybody's reading, and what kind of answer is wanted."""
        with self._lock:
            walk = self.walk
            on_case = walk.asks not in ("end", "stop")
            return {
                "turn": self._turn,
                "asks": walk.asks,
                "said": walk.said,
                "case": msgspec.to_builtins(view(walk)) if on_case else None,
                "causes": dict(walk.causes),
                "rules": list(walk.rules),
                "rule": last_rule(walk),
                "lines": lines_of(walk) if walk.asks == "lines" else "",
                "skipped": len(walk.skipped),
                "cases": len(walk.cases),
                "help": HELP,
            }

    def answered(self, turn: int, said: str) -> dict[str, Any]:
        """Take an answer; what was decided is on disk when this returns. Raises Stale for an old turn."""
        with self._lock:
            if turn != self._turn:
                raise Stale("page", "this was answered from another page; reload this one")
            after = answer(self.walk, said)
            if row := entry(self.walk, after):
                self._remember(row)
            self.walk = after
            self._turn += 1
        return self.shown()


def app(table: Table, address: str, token: str, stop: Callable[[], None]) -> App:
    """The page as an ASGI application; ``stop`` is called when the walk has ended."""

    def take(body: dict[str, Any]) -> dict[str, Any]:
        shown = table.answered(int(body["turn"]), str(body["said"]))
        if shown["asks"] == "stop":
            stop()
        return shown

    gets: Questions = {"walk": lambda _: table.shown()}
    posts: Questions = {"answer": take}
    return routed("adjudicate.html", gets, posts, address, token)


def drive(walk: Walk, remember: Remember, say: Callable[[str], None], *, browser: bool = True) -> Walk:
    """Ask in the browser until the walk stops or somebody interrupts; returns where it stands.

    ``remember`` gets every journal entry before the page is answered.
    """
    table = Table(walk, remember)
    serve(lambda *where: app(table, *where), browser=browser, say=say)
    return table.walk
