"""What the page asks and what it is told: thin routes over a session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from goldwire.annotate import files
from goldwire.annotate.editor.forms import forms
from goldwire.annotate.editor.guard import App, Guard
from goldwire.annotate.editor.guide import sections
from goldwire.annotate.editor.session import Session, Stale
from goldwire.annotate.problems import ProblemError, missing
from goldwire.annotate.rules.timex import is_resolved, is_value
from goldwire.annotate.rules.values import number

PAGE = Path(__file__).parent / "page"
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

# (sentence, kind, start, end) -> what a reader makes of the words there: field -> value; {} for nothing.
Reader = Callable[[str, str, int, int], dict[str, Any]]


def app(session: Session, address: str, token: str, read: Reader | None = None) -> App:
    """The editor as an ASGI application; raises ProblemError where a library is missing."""
    try:
        from starlette.applications import Starlette
        from starlette.concurrency import run_in_threadpool
        from starlette.requests import Request
        from starlette.responses import JSONResponse, Response
        from starlette.routing import Route
    except ImportError:
        raise missing("editor", "starlette") from None

    def page(request: Request) -> Response:
        name = request.path_params.get("name") or "index.html"
        path = PAGE / name
        if "/" in name or name.startswith(".") or not files.exists(path):
            return Response("there is no such page\n", 404)
        return Response(files.read_bytes(path), media_type=f"{TYPES[path.suffix]}; charset=utf-8")

    def answering(ask: Callable[[dict[str, Any]], Any]) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            try:
                body = await request.json() if request.method == "POST" else {}
                return JSONResponse(await run_in_threadpool(ask, body))
            except Stale as error:
                return JSONResponse({"stale": error.reason, "said": [str(error)]}, 409)
            except ProblemError as error:
                return JSONResponse({"said": [str(p) for p in error.problems]}, 422)
            except (KeyError, TypeError, ValueError) as error:
                return JSONResponse({"said": [f"the page asked for what there is not: {error!r}"]}, 400)

        return answer

    def merged(body: dict[str, Any]) -> dict[str, Any]:
        state, conflicts = session.merged(body["version"], body["after"])
        return {**state, "conflicts": conflicts}

    def saved(body: dict[str, Any]) -> dict[str, Any]:
        session.save(body["version"], body["after"])
        return session.state()

    def discarded(body: dict[str, Any]) -> dict[str, Any]:
        session.discard(body["version"], body["after"])
        return session.state()

    posts: dict[str, Callable[[dict[str, Any]], Any]] = {
        "change": lambda b: {"after": session.change(b["version"], b["after"], b["change"])},
        "save": saved,
        "merge": merged,
        "discard": discarded,
        "value": lambda b: judged(b, read),
    }
    gets: dict[str, Callable[[dict[str, Any]], Any]] = {
        "state": lambda _: {**session.state(), "forms": forms(session.ontology)},
        "problems": lambda _: session.problems(),
        "guide": lambda _: sections(files.pages()) if session.ontology.guidelines else [],
    }
    routes = [
        *(Route(f"/api/{name}", answering(ask), methods=["GET"]) for name, ask in gets.items()),
        *(Route(f"/api/{name}", answering(ask), methods=["POST"]) for name, ask in posts.items()),
        Route("/", page),
        Route("/{name}", page),
    ]
    return Guard(Starlette(routes=routes), address, token)


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
