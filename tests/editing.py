"""An editor's server in a process of its own, and what a page would ask of it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXT = "Rebels 🙂 shelled Velm on 9 May."
LINES = (
    '{"doc": "d", "text": "Rebels 🙂 shelled Velm on 9 May.", "lang": "en"}\n'
    '{"segment": "g1", "start": 0, "end": 31, "paragraph": 1}\n'
)
REBELS = {
    "actor": "a1", "type": "REB", "name": "Rebels",
    "mentions": [{"text": "Rebels", "start": 0, "form": "nominal"}],
}  # fmt: skip
VELM = {
    "place": "p1",
    "kind": "city",
    "name": "Velm",
    "mentions": [{"text": "Velm", "start": 17, "form": "name"}],
}


def journal(path):
    return path.with_name(path.name + ".journal")


class Client:
    """What a page would ask of the editor at ``address``."""

    address, token = "", ""
    version, after = "", 0

    def request(self, method, path, body=None, **headers):
        """(status, body) of a request; a header given as None is left out."""
        given = {
            "Host": self.address,
            "Origin": f"http://{self.address}",
            "X-Goldwire-Token": self.token,
            "Content-Type": "application/json",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        connection = http.client.HTTPConnection("127.0.0.1", int(self.address.partition(":")[2]), timeout=20)
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        connection.putrequest(method, path, skip_host=True)
        for name, value in given.items():
            if value is not None:
                connection.putheader(name, value)
        if data is not None:
            connection.putheader("Content-Length", str(len(data)))
        # In one piece: a server that refuses the head hangs up, and a body on its way then would
        # make the connection break before the answer is read.
        pieces = []
        connection.send = pieces.append
        connection.endheaders(data)
        del connection.send
        connection.send(b"".join(pieces))
        response = connection.getresponse()
        found = response.read()
        self.headers = dict(response.getheaders())
        connection.close()
        return response.status, found

    def ask(self, name, body=None):
        """(status, value) of a question of the page."""
        status, found = self.request("GET" if body is None else "POST", f"/api/{name}", body)
        return status, json.loads(found)

    def begin(self):
        """Read the state, as a page does that opens."""
        status, state = self.ask("state")
        assert status == 200, state
        self.version, self.after = state["version"], len(state["changes"])
        return state

    def post(self, name, **body):
        status, found = self.ask(name, {"version": self.version, "after": self.after, **body})
        if status == 200 and name == "change":
            self.after = found["after"]
        elif status == 200 and "version" in found:
            self.version, self.after = found["version"], len(found["changes"])
        return status, found

    def change(self, *rows, drop=()):
        return self.post("change", change={"set": list(rows), "drop": list(drop)})


class Editor(Client):
    """``goldwire edit`` on a file, in a process of its own."""

    def __init__(self, path, *options):
        command = [sys.executable, "-m", "goldwire", "edit", str(path), "--no-browser", *options]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        line = self.process.stdout.readline()
        if " at http://" not in line:
            raise RuntimeError(line + self.process.stderr.read())
        self.url = line.rpartition(" at ")[2].strip()
        self.address, _, self.token = self.url.removeprefix("http://").partition("/#")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop(signal.SIGTERM)

    def stop(self, how=signal.SIGKILL):
        self.process.send_signal(how)
        self.process.wait(20)
        self.process.stdout.close()
        self.process.stderr.close()


class Here(Client):
    """The same server in a thread of the test's own process, which starts at once."""

    def __init__(self, path, beside=None):
        self.path, self.beside = str(path), beside
        self.token = "t" * 43

    def __enter__(self):
        import uvicorn

        from goldwire.annotate import files
        from goldwire.annotate.editor.app import app
        from goldwire.annotate.editor.session import Session
        from goldwire.evaluate.baseline.values import read

        self.session = Session(self.path, files.ontology())
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"
        self.url = f"http://{self.address}/#{self.token}"
        made = app(self.session, self.address, self.token, read, self.beside)
        config = uvicorn.Config(made, log_level="warning", access_log=False, lifespan="off")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.socket]})
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.should_exit = True
        self.thread.join(20)
        self.socket.close()
        self.session.close()
