"""The editor's server: bound to this machine, on a port and with a token that nobody can guess."""

from __future__ import annotations

import secrets
import socket
import tempfile
from collections.abc import Callable
from html import escape
from pathlib import Path

from goldwire.annotate import files
from goldwire.annotate.editor.guard import App
from goldwire.annotate.problems import Problem, ProblemError, missing

HOST = "127.0.0.1"
Make = Callable[[str, str, Callable[[], None]], App]


def serve(make: Make, *, port: int = 0, browser: bool, say: Callable[[str], None]) -> None:
    """Serve what ``make(address, token, stop)`` gives until interrupted or stopped; port 0 is any free one.

    Raises ProblemError where a library is missing or the port is taken.
    """
    try:
        import uvicorn
    except ImportError:
        raise missing("editor", "uvicorn") from None
    token = secrets.token_urlsafe(32)
    with socket.socket() as bound:
        try:
            bound.bind((HOST, port))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise ProblemError(Problem(f"{HOST}:{port}", 0, "port", reason)) from None
        address = f"{HOST}:{bound.getsockname()[1]}"
        servers: list[uvicorn.Server] = []

        def stop() -> None:
            servers[0].should_exit = True

        config = uvicorn.Config(
            make(address, token, stop),
            log_level="warning", access_log=False, lifespan="off", server_header=False,
        )  # fmt: skip
        servers.append(uvicorn.Server(config))
        bound.listen()
        # Behind the # it is sent to nobody and stands in no log.
        url = f"http://{address}/#{token}"
        say(url)
        with tempfile.TemporaryDirectory(prefix="goldwire-") as folder:
            if browser:
                _show(url, Path(folder))
            try:
                servers[0].run(sockets=[bound])
            except KeyboardInterrupt:
                return


def _show(url: str, folder: Path) -> None:
    """Open the page by a file that only this user can read: a program's arguments are seen by everybody."""
    import webbrowser

    there = folder / "open.html"
    files.write_bytes(there, f'<meta http-equiv="refresh" content="0; url={escape(url)}">'.encode())
    webbrowser.open_new_tab(there.as_uri())
