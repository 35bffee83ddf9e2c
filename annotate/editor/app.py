"""What the editor's page asks and what it is told: thin answers over a session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from goldwire.annotate import files
from goldwire.annotate.editor.beside import Beside
from goldwire.annotate.editor.forms import forms
from goldwire.annotate.editor.guard import App
from goldwire.annotate.editor.guide import sections
from goldwire.annotate.editor.routes import Questions, routed
from goldwire.annotate.editor.session import Session
from goldwire.annotate.rules.timex import is_resolved, is_value
from goldwire.annotate.rules.values import number

# (sentence, kind, start, end) -> what a reader makes of the words there: field -> value; {} for nothing.
Reader = Callable[[str, str, int, int], dict[str, Any]]


def app(
    session: Session,
    address: str,
    token: str,
    read: Reader | None = None,
    beside: Beside | None = None,
    annotator: str = "",
) -> App:
    """The editor as an ASGI application; raises ProblemError where a library is missing.

    ``read`` reads numbers and times, ``beside`` is another document that is shown with this one,
    ``annotator`` is who decides on suggestions.
    """

    def saved(body: dict[str, Any]) -> dict[str, Any]:
        session.save(body["version"], body["after"])
        return session.state()

    def merged(body: dict[str, Any]) -> dict[str, Any]:
        state, conflicts = session.merged(body["version"], body["after"])
        return {**state, "conflicts": conflicts}

    def discarded(body: dict[str, Any]) -> dict[str, Any]:
        session.discard(body["version"], body["after"])
        return session.state()

    def began(_: dict[str, Any]) -> dict[str, Any]:
        return {
            **session.state(),
            "forms": forms(session.ontology),
            "beside": beside.name if beside else "",
            "annotator": annotator,
        }

    posts: Questions = {
        "change": lambda b: {"after": session.change(b["version"], b["after"], b["change"])},
        "save": saved,
        "merge": merged,
        "discard": discarded,
        "value": lambda b: judged(b, read),
    }
    gets: Questions = {
        "state": began,
        "problems": lambda _: session.problems(),
        "guide": lambda _: sections(files.pages()) if session.ontology.guidelines else [],
        "beside": lambda _: beside.compared(session.rows(), session.path) if beside else {},
    }
    return routed("index.html", gets, posts, address, token)


def judged(body: dict[str, Any], read: Reader | None) -> dict[str, Any]:
    """What a reader makes of the words, and what is wrong with the values given.

    >>> judged({"kind": "time", "row": {"kind": "DATE", "value": "May 9", "resolved": ""}}, None)
    {'reading': {}, 'wrong': {'value': 'is no value of a DATE, such as XXXX-07-04'}}
    """
    row, kind = body.get("row", {}), body["kind"]
    wrong = {}
    if kind == "time":
        if row.get("value") and not is_value(row.get("kind", ""), row["value"]):
            wrong["value"] = f"is no value of a {row.get('kind', 'time')}, such as XXXX-07-04"
        if row.get("resolved") and not is_resolved(row["resolved"]):
            wrong["resolved"] = "should be two days: XXXX-05-09/XXXX-05-10"
    for name in ("value", "low", "high") if kind == "number" else ():
        if row.get(name) and number(row[name]) is None:
            wrong[name] = "is no plain decimal such as 250000 or 0.25"
    reading = {}
    if read is not None and "sentence" in body:
        reading = read(body["sentence"], kind, body["start"], body["end"])
    return {"reading": reading, "wrong": wrong}
