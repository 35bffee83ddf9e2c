"""A process that answers a line for a line, held to limits.

The parent must survive whatever the process does: hang, die, write half a line
or gigabytes, close its output, flood its error output, leave its input unread.
So nothing here blocks without a deadline, and no buffer grows without a bound.
POSIX only: it waits on pipes and kills process groups.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

import goldwire
from goldwire.annotate import files
from goldwire.annotate.problems import Problem, ProblemError, visible

CHUNK = 1 << 16
LOOK = 1.0  # seconds of silence before it is asked whether the process is over
TAIL = 2000  # of the error output, for the message


class Broken(Exception):
    """The process cannot be used any more; the message says what it did."""


class Ended(Broken):
    """The process is over, or has closed its output."""


class Child:
    """A running command. Make a new one after Broken; always ``close``."""

    def __init__(self, command: Sequence[str], *, longest: int) -> None:
        """``longest`` is the most bytes an answer may have. Raises ProblemError if it cannot start."""
        self.longest = longest
        self.peak = 0  # bytes, as far as known
        self._out = bytearray()
        self._searched = 0
        self._errors: deque[bytes] = deque(maxlen=8)
        self._unsent = bytearray()
        try:
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            reason = (getattr(error, "strerror", "") or str(error)).lower()
            raise ProblemError(
                Problem(str(command[0]), 0, "system", f"cannot be started: {reason}")
            ) from None
        pipes = self._process.stdin, self._process.stdout, self._process.stderr
        self._stdin, self._stdout, self._stderr = (p.fileno() for p in pipes if p)
        self._selector = selectors.DefaultSelector()
        for number in (self._stdin, self._stdout, self._stderr):
            os.set_blocking(number, False)
        self._selector.register(self._stdout, selectors.EVENT_READ)
        self._selector.register(self._stderr, selectors.EVENT_READ)

    def send(self, line: bytes) -> None:
        """Queue a line; it is written while answers are waited for."""
        if not self._unsent:
            self._selector.register(self._stdin, selectors.EVENT_WRITE)
        self._unsent += line.rstrip(b"\n") + b"\n"

    def usable(self) -> bool:
        """Whether it still runs, and no output waits that answers nothing: then it has lost count."""
        try:
            self._step(0)
        except Ended:
            return False
        return not self._out

    def receive(self, seconds: float) -> bytes:
        """The next line of output; raises Broken on whatever prevents it."""
        deadline = monotonic() + seconds
        while (end := self._out.find(b"\n", self._searched)) < 0:
            self._searched = len(self._out)
            if self._searched > self.longest:
                raise Broken(f"answer longer than {self.longest} bytes")
            left = deadline - monotonic()
            if left <= 0:
                half = f", after half a line {visible(self._shown(), 40)}" if self._out else ""
                raise Broken(f"no answer within {seconds:g} s{half}")
            had = len(self._out)
            self._step(min(left, LOOK))
            if len(self._out) == had and self._process.poll() is not None:
                # A process that it started may still hold its output; nobody answers any more.
                self._step(0)
                if len(self._out) == had:
                    raise Ended(self._why_ended())
        line = bytes(self._out[:end])
        del self._out[: end + 1]
        self._searched = 0
        if len(line) > self.longest:
            raise Broken(f"answer longer than {self.longest} bytes")
        return line

    def _shown(self) -> str:
        return bytes(self._out[:80]).decode("utf-8", "replace")

    def _step(self, seconds: float) -> None:
        """Move what can be moved; raises Broken when the output has ended."""
        for key, _ in self._selector.select(seconds):
            if key.fd == self._stdin:
                self._write()
                continue
            data = self._read(key.fd)
            if data is None:
                continue
            if key.fd == self._stderr:
                self._errors.append(data[-TAIL:])
                if not data:
                    self._selector.unregister(key.fd)
            elif data:
                self._out += data
            else:
                raise Ended(self._why_ended())

    def _read(self, number: int) -> bytes | None:
        try:
            return os.read(number, CHUNK)
        except BlockingIOError:
            return None

    def _write(self) -> None:
        try:
            sent = os.write(self._stdin, self._unsent[:CHUNK])
        except BlockingIOError:
            return
        except OSError:  # it closed its input; whether it answers all the same, its output will tell
            sent = len(self._unsent)
        del self._unsent[:sent]
        if not self._unsent:
            self._selector.unregister(self._stdin)

    def _why_ended(self) -> str:
        try:
            status = self._process.wait(0.5)
        except subprocess.TimeoutExpired:
            return "closed its output"
        while data := self._read(self._stderr):
            self._errors.append(data[-TAIL:])
        said = b"".join(self._errors).decode("utf-8", "replace").strip().rpartition("\n")[2]
        how = (
            f"died of signal {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
        )
        return f"{how}: {visible(said, 200)}" if said else how

    def measure(self) -> int:
        """The most memory, in bytes, that the process has used so far; 0 where that cannot be known."""
        try:
            status = files.read_bytes(f"/proc/{self._process.pid}/status")
            peak = next(r for r in status.splitlines() if r.startswith(b"VmHWM:"))
            self.peak = max(self.peak, int(peak.split()[1]) * 1024)
        except (ProblemError, StopIteration):
            pass
        return self.peak

    def kill(self) -> None:
        """End the process and all that it started; may be called by another thread."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        except PermissionError:  # on some systems: it has ended, and nobody has waited for it
            self._process.kill()

    def close(self) -> None:
        """End the process, and give back what it held."""
        self.measure()
        self._selector.close()
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe:
                pipe.close()
        self._process.wait()


def own(*arguments: str) -> list[str]:
    """The command that runs this package's host of Python systems.

    The working folder comes into its path only with the system: a file there that is
    named like a module of the standard library must not break the host.
    """
    root = str(Path(goldwire.__file__).resolve().parents[1])
    start = f"import sys; sys.path.append({root!r}); from goldwire.evaluate.systems import host; "
    return [sys.executable, "-P", "-c", start + "host.main(*sys.argv[1:])", *arguments]
