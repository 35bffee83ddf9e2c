"""The adapter for OpenAI-compatible servers, against a server that the test starts."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from goldwire.annotate import files
from goldwire.annotate.document import Document, Meta
from goldwire.annotate.problems import ProblemError
from goldwire.evaluate import openai
from goldwire.evaluate.openai import Server, ServerError, complete
from goldwire.evaluate.systems import names
from goldwire.evaluate.systems.run import run

KEY = "sk-not-a-real-key"


class Script:
    """What the server answers, one after the other, the last for ever; and what it was asked."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.url = ""

    def says(self, content: str, **more: Any) -> None:
        body = {"choices": [{"message": {"content": content}, "finish_reason": "stop", **more}]}
        self.answers.append((200, {}, json.dumps(body).encode()))

    def fails(self, status: int, body: bytes = b"", **headers: str) -> None:
        named = {k.replace("_", "-"): v for k, v in headers.items()}
        self.answers.append((status, named, body))


@pytest.fixture
def script() -> Iterator[Script]:
    script = Script()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            script.headers.append(dict(self.headers))
            script.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            status, headers, body = script.answers.pop(0) if len(script.answers) > 1 else script.answers[0]
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    script.url = f"http://127.0.0.1:{server.server_port}/v1"
    yield script
    server.shutdown()
    server.server_close()
    thread.join()


REQUEST = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}


def test_the_models_words_come_back(script: Script) -> None:
    script.says("Hello.")
    assert complete(Server(script.url, KEY), REQUEST) == "Hello."
    assert script.asked == [REQUEST]
    assert script.headers[0]["Authorization"] == f"Bearer {KEY}"


def test_no_key_no_header(script: Script) -> None:
    script.says("Hello.")
    complete(Server(script.url), REQUEST)
    assert "Authorization" not in script.headers[0]


def test_passing_failures_are_asked_again_after_growing_waits(script: Script) -> None:
    script.fails(500)
    script.fails(503)
    script.fails(429, Retry_After="7")
    script.says("Hello.")
    waits: list[float] = []
    assert complete(Server(script.url), REQUEST, waits.append) == "Hello."
    assert [0.75 <= waits[0] <= 1.25, 1.5 <= waits[1] <= 2.5, waits[2] == 7] == [True] * 3


def test_a_server_that_stays_overloaded(script: Script) -> None:
    script.fails(429, b'{"error": {"message": "slow down"}}')
    with pytest.raises(ServerError, match="the server answers 429: slow down, 3 times"):
        complete(Server(script.url, tries=3), REQUEST, lambda seconds: None)
    assert len(script.asked) == 3


def test_a_refusal_is_not_asked_again(script: Script) -> None:
    script.fails(401, b'{"error": {"message": "wrong key"}}')
    with pytest.raises(ServerError, match=r"^the server answers 401: wrong key$") as error:
        complete(Server(script.url, KEY), REQUEST)
    assert len(script.asked) == 1
    assert KEY not in str(error.value)


def test_no_redirect_is_followed(script: Script) -> None:
    script.fails(302, Location=f"{script.url}/elsewhere")
    with pytest.raises(ServerError, match="302"):
        complete(Server(script.url, KEY), REQUEST)
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"not json", "is no chat completion"),
        (b'{"choices": []}', "is no chat completion"),
        (b'{"choices": [{"message": {"content": ""}}]}', "the model said nothing"),
        (b'{"choices": [{"message": {"content": "{"}, "finish_reason": "length"}]}', "was cut off"),
    ],
)
def test_answers_that_are_none(script: Script, tmp_path: Path, body: bytes, message: str) -> None:
    script.fails(200, body)
    with pytest.raises(ServerError, match=message):
        complete(Server(script.url, cache=str(tmp_path)), REQUEST)
    assert list(tmp_path.rglob("*.json")) == []


def test_nobody_listens() -> None:
    with pytest.raises(ServerError, match=r"no connection: .*, 2 times"):
        complete(Server("http://127.0.0.1:9/v1", tries=2), REQUEST, lambda seconds: None)


def test_what_was_answered_is_not_asked_again(script: Script, tmp_path: Path) -> None:
    script.says("Hello.")
    server = Server(script.url, KEY, str(tmp_path))
    assert [complete(server, REQUEST) for _ in range(3)] == ["Hello."] * 3
    assert len(script.asked) == 1
    complete(server, {**REQUEST, "temperature": 1})
    assert len(script.asked) == 2
    assert all(KEY not in path.read_text() for path in tmp_path.rglob("*.json"))


def test_a_model_as_a_system(script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = {"numbers": [{"id": "n1", "mention": "Five", "kind": "COUNT", "value": "5"}]}
    script.says(f"Sure!\n```json\n{json.dumps(answer)}\n```\nHope it helps.")
    script.says("I cannot do that.")
    monkeypatch.setenv("OPENAI_BASE_URL", script.url)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("GOLDWIRE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GOLDWIRE_LAYERS", "numbers")
    output = str(tmp_path / "pred.jsonl")
    texts = [Document("Five men left. Six stayed.", Meta("d1")), Document("Seven came.", Meta("d2"))]
    outcome = run(names.find(["openai:small"]), texts, output)
    assert outcome.failed == (("d2", "the answer holds no JSON object or list"),)
    pred = files.read(output)
    assert [(n.mention.text, n.mention.start, n.value) for n in pred[0].numbers] == [("Five", 0, "5")]
    assert script.asked[0]["model"] == "small"
    assert script.asked[0]["messages"][1]["content"] == "[1] Five men left.\n[2] Six stayed."
    assert "COUNT" in script.asked[0]["messages"][0]["content"]


@pytest.mark.parametrize("setting", [{"GOLDWIRE_OPTIONS": "[]"}, {"GOLDWIRE_BUDGET": "many"}])
def test_bad_settings_are_one_problem(setting: dict[str, str]) -> None:
    with pytest.raises(ProblemError, match="is no"):
        openai.load("m", setting)
