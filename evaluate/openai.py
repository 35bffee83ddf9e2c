"""A worked adapter: language models behind servers that speak OpenAI's chat completions.

Run it as a system: ``goldwire run openai:MODEL -o pred.jsonl``. The environment says
the rest::

    OPENAI_BASE_URL      https://api.openai.com/v1, or that of any server of the kind
    OPENAI_API_KEY       the key; left out where the server asks for none
    GOLDWIRE_LAYERS      layers to ask for, with spaces between; else all
    GOLDWIRE_BUDGET      most tokens of the instructions, by the estimate; else no limit
    GOLDWIRE_EXAMPLES    "no" for a prompt without examples
    GOLDWIRE_CACHE       folder of answers; else goldwire/openai in the user's cache; "" for none
    GOLDWIRE_OPTIONS     further fields of the request, as a JSON object

Answers are kept on disk by all that they depend on (server, model, messages,
options): a run that is repeated asks nothing twice. The key is sent to the server
alone: it is in no file and no message, and no redirect is followed.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Any, NamedTuple

from goldwire.annotate import files
from goldwire.annotate.document import Document
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate.baseline import sentences
from goldwire.evaluate.prompt import render, user_message
from goldwire.evaluate.prompt.schema import LAYERS

AGAIN = {408, 409, 425, 429, 500, 502, 503, 504, 529}
LONGEST_WAIT = 60.0
LONGEST_ANSWER = 32 << 20


class ServerError(RuntimeError):
    """The server's refusal, or what is wrong with its answer, in one sentence."""


class Server(NamedTuple):
    """Where a model is, and how patient to be. ``cache`` "" keeps nothing."""

    base_url: str
    key: str = ""
    cache: str = ""
    tries: int = 6
    first_wait: float = 1.0
    timeout: float = 600.0


def load(model: str, environment: Mapping[str, str] = os.environ) -> Callable[[str], str]:
    """The system: from a text to what the model says of it. Raises ProblemError for bad settings."""
    server = Server(
        environment.get("OPENAI_BASE_URL") or "https://api.openai.com/v1",
        environment.get("OPENAI_API_KEY", ""),
        environment.get("GOLDWIRE_CACHE", str(_user_cache(environment))),
    )
    layers = environment.get("GOLDWIRE_LAYERS", "").split() or list(LAYERS)
    examples = environment.get("GOLDWIRE_EXAMPLES", "yes").lower() not in ("no", "0", "false")
    options = _options(environment)
    budget = environment.get("GOLDWIRE_BUDGET", "0")
    if not budget.isdecimal():
        raise ProblemError(Problem("GOLDWIRE_BUDGET", 0, "setting", f"is no whole number: {budget!r}"))
    instructions = render(files.ontology(), files.pages(), layers, examples=examples, budget=int(budget)).text

    def annotate(text: str) -> str:
        shown = user_message(sentences.add(Document(text)))
        messages = [{"role": "system", "content": instructions}, {"role": "user", "content": shown}]
        return complete(server, {"model": model, "messages": messages, "temperature": 0, **options})

    return annotate


def _options(environment: Mapping[str, str]) -> dict[str, Any]:
    said = environment.get("GOLDWIRE_OPTIONS") or "{}"
    try:
        options = json.loads(said)
    except ValueError:
        options = None
    if not isinstance(options, dict):
        raise ProblemError(Problem("GOLDWIRE_OPTIONS", 0, "setting", f"is no JSON object: {said!r}"))
    return options


def _user_cache(environment: Mapping[str, str]) -> Path:
    home = environment.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "goldwire" / "openai"


def complete(server: Server, request: dict[str, Any], wait: Callable[[float], None] = time.sleep) -> str:
    """The model's words for a request; raises ServerError when it has been tried often enough.

    Asked again are what the server calls passing (too many requests, overload) and lost
    connections, after waits that double, with some chance in them so that many clients
    do not come back at once; a ``Retry-After`` in seconds is kept.
    """
    body = json.dumps(request, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
    kept = _kept(server, body)
    if kept and files.exists(kept):
        content = json.loads(files.read_bytes(kept))["content"]
        return str(content)
    for attempt in range(1, server.tries + 1):
        try:
            content = _content(_posted(server, body))
            if kept:
                known = {"model": request.get("model", ""), "content": content}
                files.write_bytes(kept, json.dumps(known, ensure_ascii=False).encode() + b"\n")
            return content
        except _PassingError as passing:
            if attempt == server.tries:
                raise ServerError(f"{passing}, {attempt} times") from None
            doubled = server.first_wait * 2 ** (attempt - 1)
            wait(min(LONGEST_WAIT, passing.after or doubled * random.uniform(0.75, 1.25)))
    raise ServerError("no try was allowed")


def _kept(server: Server, body: bytes) -> Path | None:
    """Where the answer to a request is kept; None where none are."""
    name = hashlib.sha256(server.base_url.encode() + b"\n" + body).hexdigest()
    return Path(server.cache) / name[:2] / f"{name}.json" if server.cache else None


class _PassingError(Exception):
    """A failure that may not last; ``after`` is the wait that the server asks for, 0 for none."""

    def __init__(self, message: str, after: float = 0.0) -> None:
        super().__init__(message)
        self.after = after


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _posted(server: Server, body: bytes) -> bytes:
    url = server.base_url.rstrip("/") + "/chat/completions"
    if not url.startswith(("http://", "https://")):
        raise ServerError(f"OPENAI_BASE_URL should begin with http:// or https://, is {server.base_url!r}")
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if server.key:
        headers["Authorization"] = f"Bearer {server.key}"
    request = urllib.request.Request(url, body, headers)
    send = urllib.request.build_opener(_NoRedirect).open
    try:
        with send(request, timeout=server.timeout) as response:
            data: bytes = response.read(LONGEST_ANSWER + 1)
    except urllib.error.HTTPError as error:
        said = _reason(error.read(2000))
        message = f"the server answers {error.code}{said}"
        if error.code in AGAIN:
            raise _PassingError(message, _seconds(error.headers.get("Retry-After", ""))) from None
        raise ServerError(message) from None
    except (urllib.error.URLError, HTTPException, OSError) as error:
        raise _PassingError(f"no connection: {getattr(error, 'reason', error)}") from None
    if len(data) > LONGEST_ANSWER:
        raise ServerError(f"answer longer than {LONGEST_ANSWER} bytes")
    return data


def _reason(data: bytes) -> str:
    """The server's own words about an error, where it has some."""
    try:
        said = json.loads(data)["error"]
        message = said["message"] if isinstance(said, dict) else said
    except (ValueError, KeyError, TypeError):
        return ""
    return f": {' '.join(str(message).split())[:300]}"


def _seconds(said: str) -> float:
    """A Retry-After in seconds; 0 where it is none, or a date."""
    return float(said) if said.strip().isdecimal() else 0.0


def _content(data: bytes) -> str:
    try:
        choice = json.loads(data)["choices"][0]
        content, ended = choice["message"]["content"], choice.get("finish_reason")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise ServerError("the server's answer is no chat completion") from None
    if ended == "length":
        raise ServerError("the model's answer was cut off: it needs more tokens (GOLDWIRE_OPTIONS)")
    if not isinstance(content, str) or not content.strip():
        raise ServerError("the model said nothing")
    return content
