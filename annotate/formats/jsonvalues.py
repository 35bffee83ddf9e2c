"""JSON values one after the other from a file: checked, streamed, bounded.

A value is what can be written again: no NaN, no number too large for a float, no half
of a surrogate pair. One value, or the items of one list, stand in memory at a time.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from math import isfinite
from typing import Any, BinaryIO, NoReturn

from goldwire.annotate.problems import Problem, ProblemError

LIMIT = 1 << 28
CHUNK = 1 << 16
# The longest reach of an error that only says that a value is cut off: "-Infinity", "\\ud83d\\ude00".
REACH = 16


def refuse(where: str, line: int, rule: str, message: str) -> NoReturn:
    """Stop reading, with one sentence."""
    raise ProblemError(Problem(where, line, rule, message))


def decoded(text: str) -> Any:
    """One JSON value that can be written again; raises ValueError, JSONDecodeError or RecursionError."""
    return writable(_DECODER.decode(text), text)


def writable(value: Any, said: str) -> Any:
    """The value, if every string in it can be written again; raises ValueError.

    Half a surrogate pair comes from an escape only, so few values are looked at twice.
    """
    if _HALF.search(said):
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise ValueError("a string holds half of a surrogate pair, which is no character") from None
    return value


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")


def _float(said: str) -> float:
    """A number that can be written again: 1e999 is none."""
    if not isfinite(found := float(said)):
        raise ValueError(f"the number {said[:20]} is too large")
    return found


_DECODER = json.JSONDecoder(parse_float=_float, parse_constant=_constant)
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_SPACE = re.compile(r"[ \t\r\n]*")


class Stream:
    """Values one after the other, or the items of one list, from a buffer that grows as needed."""

    def __init__(self, file: BinaryIO, where: str, begun: bytes, line: int) -> None:
        self.file, self.where = file, where
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.buffer, self.at, self.line, self.ended = "", 0, line, False
        self._take(begun)

    def _take(self, data: bytes) -> None:
        try:
            text = self.decoder.decode(data, final=self.ended)
        except UnicodeDecodeError as error:
            # Whatever stands before the error counts for the line.
            lines = self.buffer.count("\n", self.at) + data.count(b"\n", 0, error.start)
            byte = f"byte 0x{error.object[error.start]:02X}"
            refuse(self.where, self.line + lines, "encoding", f"is not UTF-8: {byte}")
        self.buffer = self.buffer[self.at :] + text
        self.at = 0

    def more(self, wanted: int) -> None:
        """Read until ``wanted`` characters lie ahead, or the file has ended."""
        while not self.ended and len(self.buffer) - self.at < wanted:
            if len(self.buffer) - self.at > LIMIT:
                refuse(self.where, self.line, "size", f"one value is longer than {LIMIT >> 20} MB")
            data = self.file.read(max(CHUNK, wanted - len(self.buffer) + self.at))
            self.ended = not data
            self._take(data)

    def skip(self) -> str:
        """Pass over white space; the character that follows, "" at the end."""
        while True:
            end = _SPACE.match(self.buffer, self.at).end()  # type: ignore[union-attr]
            self.line += self.buffer.count("\n", self.at, end)
            self.at = end
            if end < len(self.buffer) or self.ended:
                return self.buffer[end : end + 1]
            self.more(CHUNK)

    def refuse(self, message: str) -> NoReturn:
        refuse(self.where, self.line, "not-json", message)

    def values(self) -> Iterator[tuple[int, Any]]:
        if self.skip() != "[":
            while self.skip():
                yield self.line, self.value()
            return
        self.at += 1
        if self.skip() == "]":
            self.at += 1
        else:
            yield from self._items()
        if self.skip():
            self.refuse("text follows the list")

    def _items(self) -> Iterator[tuple[int, Any]]:
        while True:
            if not self.skip():
                self.refuse("the list is not closed")
            yield self.line, self.value()
            after = self.skip()
            if after == "]":
                self.at += 1
                return
            if not after:
                self.refuse("the list is not closed")
            if after != ",":
                self.refuse("a comma or the end of the list should follow")
            self.at += 1
            if self.skip() == "]":
                self.refuse("the list ends in a comma")

    def value(self) -> Any:
        """The value at hand; reads on, twice as far each time, where it is cut off."""
        while True:
            try:
                found, end = _DECODER.raw_decode(self.buffer, self.at)
            except json.JSONDecodeError as error:
                cut = error.msg.startswith("Unterminated") or error.pos >= len(self.buffer.rstrip()) - REACH
                if not cut or self.ended:
                    line = self.line + self.buffer.count("\n", self.at, error.pos)
                    refuse(self.where, line, "not-json", error.msg)
            except RecursionError:
                self.refuse("is nested too deeply")
            except ValueError as error:
                self.refuse(str(error))
            else:
                # A number may go on behind the end of the buffer.
                if end < len(self.buffer) or self.ended:
                    try:
                        writable(found, self.buffer[self.at : end])
                    except ValueError as error:
                        self.refuse(str(error))
                    self.line += self.buffer.count("\n", self.at, end)
                    self.at = end
                    return found
            self.more(2 * max(CHUNK, len(self.buffer) - self.at))
