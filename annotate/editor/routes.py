"""A page with what it may ask: the way from questions to answers that every page of the editor goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from goldwire.annotate import files
from goldwire.annotate.editor.guard import App, Guard
from goldwire.annotate.problems import ProblemError, missing

PAGE = Path(__file__).parent / "page"
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}

Questions = Mapping[str, Callable[[dict[str, Any]], Any]]


class Stale(Exception):
    """What was asked builds on something that is no longer so; ``reason`` is "file" or "page"."""

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


def routed(index: str, gets: Questions, posts: Questions, address: str, token: str) -> App:
    """An ASGI application that serves the files of the page and answers at ``/api/``, behind the guard.

    Answers are JSON: 200 with the value, 409 for ``Stale``, 422 with the sentences of a
    ProblemError, 400 for a question that no page would ask. Raises ProblemError where a
    library is missing.
    """
    try:
        from starlette.applications import Starlette
        from starlette.concurrency import run_in_threadpool
        from starlette.requests import Request
        from starlette.responses import JSONResponse, Response
        from starlette.routing import Route
    except ImportError:
        raise missing("editor", "starlette") from None

    def page(request: Request) -> Response:
        name = request.path_params.get("name") or index
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

    routes = [
        *(Route(f"/api/{name}", answering(ask), methods=["GET"]) for name, ask in gets.items()),
        *(Route(f"/api/{name}", answering(ask), methods=["POST"]) for name, ask in posts.items()),
        Route("/", page),
        Route("/{name}", page),
    ]
    return Guard(Starlette(routes=routes), address, token)
