"""What every reader of a foreign file needs: its text, its lines, its JSON values, their shape.

Everything here streams, knows the physical line it stands at, and stops at
``LIMIT`` bytes for one line or one value, so that memory stays bounded whatever
the file says.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import PurePath
from typing import Any, BinaryIO, NoReturn, TypeVar

import msgspec

from goldwire.annotate.document import Document
from goldwire.annotate.offsets import sound
from goldwire.annotate.problems import Problem, ProblemError

T = TypeVar("T")

LIMIT = 1 << 28
CHUNK = 1 << 16
# The longest reach of an error that only says that a value is cut off: "-Infinity", "\\ud83d\\ude00".
REACH = 16
_FOREIGN_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


def refuse(where: str, line: int, rule: str, message: str) -> NoReturn:
    """Stop reading, with one sentence."""
    raise ProblemError(Problem(where, line, rule, message))


def stem(name: str) -> str:
    """The id of a document whose file says none: its name without folder and suffixes.

    >>> stem("corpus/wire.07.conll.gz"), stem("-")
    ('wire.07', '-')
    """
    bare = PurePath(name).name.removesuffix(".gz")
    return PurePath(bare).stem or bare


def text_of(data: bytes, where: str, line: int = 0) -> str:
    """Bytes as text, every character kept (a byte order mark too); raises ProblemError.

    >>> text_of(b"caf\\xe9", "a.txt")
    Traceback (most recent call last):
    goldwire.annotate.problems.ProblemError: a.txt:1: encoding: is not UTF-8: byte 3 is 0xE9
    """
    for mark, name in _FOREIGN_MARKS.items():
        if data.startswith(mark):
            refuse(where, line or 1, "encoding", f"is {name}, not UTF-8")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        at = (line or 1) + data.count(b"\n", 0, error.start)
        byte = f"byte {error.start} is 0x{data[error.start]:02X}"
        refuse(where, at, "encoding", f"is not UTF-8: {byte}")


def whole(file: BinaryIO, where: str) -> bytes:
    """All bytes of a file that is one value; raises ProblemError beyond ``LIMIT``."""
    data = file.read(LIMIT + 1)
    if len(data) > LIMIT:
        refuse(where, 0, "size", f"is longer than {LIMIT >> 20} MB and cannot be read piece by piece")
    return data


def lines(file: BinaryIO, where: str) -> Iterator[tuple[int, str]]:
    """The lines of a file with their numbers from 1, without LF or CR LF; raises ProblemError.

    Only LF ends a line: U+2028, form feeds and lone CR are characters of it. A byte
    order mark at the start of the file is passed over.
    """
    for number, line in whole_lines(file, where):
        yield number, line.removesuffix("\n").removesuffix("\r")


def whole_lines(file: BinaryIO, where: str) -> Iterator[tuple[int, str]]:
    """The lines of a file with their numbers and with what ends them; raises ProblemError."""
    number = 0
    while data := file.readline(LIMIT + 1):
        number += 1
        if len(data) > LIMIT:
            refuse(where, number, "size", f"the line is longer than {LIMIT >> 20} MB")
        if number == 1:
            data = data.removeprefix(codecs.BOM_UTF8)
        yield number, text_of(data, where, number)


def values(file: BinaryIO, where: str) -> Iterator[tuple[int, Any]]:
    """The JSON values of a file with the line on which each begins; raises ProblemError.

    One value a line, values printed over many lines, or one list, whose items are
    yielded one by one: told apart by the first line, and streamed in each case.

    >>> import io
    >>> list(values(io.BytesIO(b'{"a": 1}\\n\\n{"a": 2}\\n'), "a.jsonl"))
    [(1, {'a': 1}), (3, {'a': 2})]
    >>> list(values(io.BytesIO(b'[{"a": 1},\\n {"a": 2}]'), "a.json"))
    [(1, {'a': 1}), (2, {'a': 2})]
    """
    numbered = lines(file, where)
    first = next((pair for pair in numbered if pair[1].strip()), None)
    if first is None:
        return
    try:
        value = _DECODER.decode(first[1])
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict):
        yield first[0], value
        for number, line in numbered:
            if line.strip():
                yield number, parsed(line, where, number)
    else:
        yield from _streamed(chain([first], numbered), where)


def parsed(text: str, where: str, line: int = 1) -> Any:
    """One JSON value; NaN and Infinity are none. Raises ProblemError with the line."""
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        refuse(where, line + error.lineno - 1, "not-json", f"{error.msg} at column {error.colno}")
    except RecursionError:
        refuse(where, line, "not-json", "is nested too deeply")
    except ValueError as error:
        refuse(where, line, "not-json", str(error))


def shaped(raw: Any, kind: type[T], where: str, line: int = 0) -> T:
    """The value as an instance of ``kind``; raises ProblemError with the path of what is wrong.

    >>> shaped({"a": ["x"]}, dict[str, list[int]], "a.json", 3)
    Traceback (most recent call last):
    goldwire.annotate.problems.ProblemError: a.json:3: structure: Expected `int`, got `str` - at `$[...][0]`
    """
    try:
        return msgspec.convert(raw, kind, strict=True)
    except (msgspec.ValidationError, RecursionError) as error:
        refuse(where, line, "structure", str(error) or "is nested too deeply")


def rest(raw: Mapping[str, Any], *known: str) -> dict[str, Any]:
    """The keys of a foreign object that its format does not name, to be kept."""
    return {key: value for key, value in raw.items() if key not in known}


def documents_by_id(path: str) -> dict[str, Document]:
    """Documents of a file or folder, else the gold corpus: for formats whose files hold no text."""
    # Only files.py opens files; it knows the formats, so it is imported late.
    from goldwire.annotate import files

    found = files.read(path) if path else files.gold()
    return {d.meta.doc_id: d for d in found}


def checked_text(text: str, where: str, line: int = 0) -> str:
    """A document's text that can be written again; raises ProblemError on half surrogate pairs."""
    return sound(text, where, line)


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")


_DECODER = json.JSONDecoder(parse_constant=_constant)


def _streamed(numbered: Iterator[tuple[int, str]], where: str) -> Iterator[tuple[int, Any]]:
    """Values one after the other, or the items of one list, from a buffer that grows as needed."""
    buffer, line, inside = "", 0, False
    ended, wanted = False, CHUNK
    while True:
        while not ended and len(buffer) < wanted:
            more = next(numbered, None)
            if more is None:
                ended = True
            else:
                line = line or more[0]
                buffer += more[1] + "\n"
        if len(buffer) > LIMIT:
            refuse(where, line, "size", f"one value is longer than {LIMIT >> 20} MB")
        gap = len(buffer) - len(buffer.lstrip(" \t\r\n"))
        line, buffer = line + buffer.count("\n", 0, gap), buffer[gap:]
        if not buffer and ended:
            if inside:
                refuse(where, line, "not-json", "the list is not closed")
            return
        if buffer[:1] == "[" and not inside:
            inside, buffer = True, buffer[1:]
            continue
        if inside and buffer[:1] == "]":
            if buffer[1:].strip() or next(numbered, None):
                refuse(where, line, "not-json", "text follows the list")
            return
        if not buffer:
            continue
        value, end = _next(buffer, where, line, ended)
        if end < 0:
            wanted = 2 * len(buffer)
            continue
        yield line, value
        line, buffer, wanted = line + buffer.count("\n", 0, end), buffer[end:], CHUNK
        if inside:
            line, buffer = _after_comma(buffer, numbered, where, line)


def _next(buffer: str, where: str, line: int, ended: bool) -> tuple[Any, int]:
    """The value that the buffer begins with and where it ends; -1 where it may go on."""
    try:
        value, end = _DECODER.raw_decode(buffer)
    except json.JSONDecodeError as error:
        cut = error.msg.startswith("Unterminated") or error.pos >= len(buffer.rstrip()) - REACH
        if cut and not ended:
            return None, -1
        refuse(where, line + error.lineno - 1, "not-json", f"{error.msg} at column {error.colno}")
    except RecursionError:
        refuse(where, line, "not-json", "is nested too deeply")
    except ValueError as error:
        refuse(where, line, "not-json", str(error))
    return (value, end) if end < len(buffer) or ended else (None, -1)


def _after_comma(buffer: str, numbered: Iterator[tuple[int, str]], where: str, line: int) -> tuple[int, str]:
    """The buffer after the comma between two items; untouched before the end of the list."""
    while not buffer.strip():
        more = next(numbered, None)
        if more is None:
            refuse(where, line, "not-json", "the list is not closed")
        buffer += more[1] + "\n"
    gap = len(buffer) - len(buffer.lstrip(" \t\r\n"))
    line, buffer = line + buffer.count("\n", 0, gap), buffer[gap:]
    if buffer[0] not in ",]":
        refuse(where, line, "not-json", "a comma or the end of the list should follow")
    if buffer[0] == ",":
        buffer = buffer[1:]
        if buffer.lstrip()[:1] == "]":
            refuse(where, line, "not-json", "the list ends in a comma")
    return line, buffer
