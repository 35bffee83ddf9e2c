"""The server of ``goldwire edit``: who may ask it, what it answers, and the command that starts it."""

import os
import subprocess
import sys

import pytest

from .editing import LINES, REBELS, Editor, journal

pytest.importorskip("starlette", reason="the extra editor is not installed")
pytest.importorskip("uvicorn", reason="the extra editor is not installed")


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "d.jsonl"
    made.write_text(LINES, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    made = tmp_path_factory.mktemp("served") / "d.jsonl"
    made.write_text(LINES, encoding="utf-8")
    with Editor(made) as editor:
        editor.path = made
        editor.begin()
        yield editor


def test_the_page_is_served_and_tells_nothing(served):
    status, found = served.request("GET", "/", X_Goldwire_Token=None, Origin=None)
    assert status == 200
    assert b"Rebels" not in found
    assert served.token.encode() not in found
    assert "script-src 'self'" in served.headers["content-security-policy"]
    assert served.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in {name.lower() for name in served.headers}


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},  # DNS rebinding: the name leads here, and the browser says it
        {"Host": "evil.example:PORT"},
        {"Host": "localhost:PORT"},
        {"Host": None},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},  # a sandboxed frame, a file
        {"Origin": "http://127.0.0.1:1"},  # another server on this machine
        {"Sec_Fetch_Site": "cross-site", "Origin": None},
        {"Sec_Fetch_Site": "same-site", "Origin": None},
        {"X_Goldwire_Token": None},
        {"X_Goldwire_Token": ""},
        {"X_Goldwire_Token": "x" * 43},
    ],
    ids=str,
)
@pytest.mark.parametrize("question", ["state", "problems", "guide", "change", "save", "discard", "merge"])
def test_a_hostile_request_reads_and_writes_nothing(served, headers, question):
    port = served.address.partition(":")[2]
    headers = {k: v.replace("PORT", port) if v else v for k, v in headers.items()}
    body = {"version": served.version, "after": 0, "change": {"set": [REBELS], "drop": []}}
    read = question in ("state", "problems", "guide")
    status, found = served.request(
        "GET" if read else "POST", f"/api/{question}", None if read else body, **headers
    )
    assert status in (400, 403)
    assert b"Rebels" not in found
    assert served.path.read_text(encoding="utf-8") == LINES
    assert not journal(served.path).exists()


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None]
)
def test_a_form_cannot_write(served, kind):
    status, _ = served.request(
        "POST", "/api/save", {"version": served.version, "after": 0}, Content_Type=kind
    )
    assert status == 415


def test_other_methods_and_files_are_refused(served):
    assert served.request("POST", "/", b"")[0] == 405
    assert served.request("GET", "/..%2f..%2fapp.py")[0] == 404
    assert served.request("GET", "/..%2fapp.py")[0] == 404
    assert served.request("GET", "/.%2e/app.py")[0] in (400, 404)
    assert served.request("DELETE", "/api/state")[0] == 405
    assert served.request("POST", "/api/save", b"not json")[0] == 400


def test_the_server_is_bound_to_this_machine_alone(served):
    import socket

    port = int(served.address.partition(":")[2])
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in others - {"127.0.0.1"}:
        with socket.socket() as probe:
            probe.settimeout(2)
            assert probe.connect_ex((address, port)) != 0


def test_values_are_read_and_judged(served):
    sentence = "More than 600 men fled in early July."
    asked = {"kind": "number", "row": {"value": "1,000"}, "sentence": sentence, "start": 0, "end": 13}
    status, found = served.ask("value", asked)
    assert status == 200
    assert found["reading"]["low"] == "600"
    assert list(found["wrong"]) == ["value"]
    asked = {
        "kind": "time",
        "row": {"kind": "DATE", "value": "July"},
        "sentence": sentence,
        "start": 26,
        "end": 36,
    }
    status, found = served.ask("value", asked)
    assert found["reading"]["value"] == "XXXX-07"
    assert list(found["wrong"]) == ["value"]


# -- the command ------------------------------------------------------------------------


def command(*arguments, **more):
    return subprocess.run(
        [sys.executable, "-m", "goldwire", "edit", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **more,
    )


def test_a_file_that_cannot_be_edited_is_one_sentence(tmp_path):
    bad = tmp_path / "bad.jsonl"
    bad.write_text(
        '{"doc": "d", "text": "Ada Ada"}\n{"actor": "a1", "mentions": ["Ada"]}\n', encoding="utf-8"
    )
    done = command(str(bad), "--no-browser")
    assert done.returncode == 1
    assert done.stderr.startswith(f"{bad}:2: surface-ambiguous: ")
    assert "Traceback" not in done.stderr


def test_a_missing_library_is_one_sentence(path, tmp_path):
    (tmp_path / "uvicorn.py").write_text("raise ImportError\n", encoding="utf-8")
    where = os.pathsep.join([str(tmp_path), *(os.path.abspath(p) for p in sys.path if p)])
    done = command(str(path), "--no-browser", env={**os.environ, "PYTHONPATH": where})
    assert done.returncode == 1
    assert done.stderr == "uvicorn: missing-library: not installed; run: pip install 'goldwire[editor]'\n"


def test_a_taken_port_is_one_sentence(path, served):
    done = command(str(path), "--no-browser", "--port", served.address.partition(":")[2])
    assert done.returncode == 1
    assert "port: address already in use" in done.stderr
