"""What keeps other pages out of a server on this machine.

A page of a hostile origin can make a browser ask 127.0.0.1, and by DNS rebinding it can
even come under a name of its own that leads there. So every request names the very
address that was bound, one that says where it comes from comes from the page itself,
and whatever reads or writes the document carries the token in a header, which no form
and no link can set. There is no cookie: cookies are shared by all ports of a machine.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

TOKEN = "x-goldwire-token"
LARGEST = 64 << 20  # bytes of a request
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}


class Guard:
    """Lets through what the page asks; ``address`` is what it is reached under, ``127.0.0.1:PORT``."""

    def __init__(self, app: App, address: str, token: str) -> None:
        self._app, self._address, self._token = app, address, token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        status, said = self._refused(scope)

        async def marked(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                given = [(k, v) for k, v in message.get("headers", []) if k.decode() not in HEADERS]
                own = [(k.encode(), v.encode()) for k, v in HEADERS.items()]
                message = {**message, "headers": [*given, *own]}
            await send(message)

        if status:
            headers = [(b"content-type", b"text/plain; charset=utf-8")]
            await marked({"type": "http.response.start", "status": status, "headers": headers})
            await marked({"type": "http.response.body", "body": said.encode() + b"\n"})
        else:
            await self._app(scope, receive, marked)

    def _refused(self, scope: Scope) -> tuple[int, str]:
        """(status, why), or (0, "") for a request that is let through."""
        headers: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
        if headers.get("host") != [self._address]:
            return 403, f"this server answers under http://{self._address} alone"
        if any(origin != f"http://{self._address}" for origin in headers.get("origin", [])):
            return 403, "another origin may not ask"
        if any(site not in ("same-origin", "none") for site in headers.get("sec-fetch-site", [])):
            return 403, "another site may not ask"
        if not scope["path"].startswith("/api/"):
            return (0, "") if scope["method"] in ("GET", "HEAD") else (405, "the page is only read")
        given = headers.get(TOKEN, [""])
        if len(given) != 1 or not hmac.compare_digest(given[0].encode(), self._token):
            return 403, "the token is missing or wrong; open the address that the command printed"
        if scope["method"] == "POST":
            if not headers.get("content-type", [""])[0].startswith("application/json"):
                return 415, "a change is JSON"
            length = headers.get("content-length", [""])[0]
            if not length.isdecimal() or int(length) > LARGEST:
                return 413, "the request says no length, or is too long"
        return 0, ""
