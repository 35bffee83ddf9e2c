"""What every reader of a foreign file needs: its text, its lines, its JSON values, their shape.

Everything here streams, knows the physical line it stands at, and stops at
``LIMIT`` bytes for one line or one value, so that memory stays bounded whatever
the file says.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any, BinaryIO, TypeVar

import msgspec

from goldwire.annotate.document import Document
from goldwire.annotate.formats.jsonvalues import LIMIT, Stream, decoded, refuse, writable
from goldwire.annotate.offsets import sound

__all__ = ["LIMIT", "decoded", "refuse", "writable"]

T = TypeVar("T")

MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


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
    for mark, name in MARKS.items():
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


def whole_lines(file: BinaryIO, where: str, number: int = 0) -> Iterator[tuple[int, str]]:
    """The lines of a file with their numbers and with what ends them; raises ProblemError.

    ``number`` lines have been read already.
    """
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
    skipped, first = _first(file)
    if first == b"[":
        yield from Stream(file, where, first, 1 + skipped).values()
        return
    data = first + file.readline(LIMIT + 1)
    number = 1 + skipped
    if len(data) > LIMIT:
        refuse(where, number, "size", f"the line is longer than {LIMIT >> 20} MB")
    if not data:
        return
    text = text_of(data, where, number)
    try:
        value = decoded(text)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict):
        yield number, value
        for after, line in whole_lines(file, where, number):
            if line.strip():
                yield after, parsed(line, where, after)
    else:
        yield from Stream(file, where, data, number).values()


def each(files: Mapping[str, BinaryIO]) -> Iterator[tuple[str, int, Any, str]]:
    """Every JSON value of every file: the file's name, the line, the value, and an id where it has none."""
    for name, file in files.items():
        for number, (line, raw) in enumerate(values(file, name), start=1):
            yield name, line, raw, f"{stem(name)}#{number}"


def texts_beside(files: Mapping[str, BinaryIO]) -> dict[str, tuple[str, BinaryIO]]:
    """The texts that lie beside annotations: stem of the name -> name and file."""
    return {stem(name): (name, file) for name, file in files.items() if name.endswith(".txt")}


def _first(file: BinaryIO) -> tuple[int, bytes]:
    """How many line feeds stand before the first byte that says something, and that byte."""
    skipped = 0
    while (byte := file.read(1)) in (b" ", b"\t", b"\r", b"\n", b"\xef"):
        skipped += byte == b"\n"
        if byte == b"\xef":
            # A byte order mark; anything else that begins so is no JSON.
            rest = file.read(2)
            if byte + rest != codecs.BOM_UTF8:
                return skipped, byte + rest
    return skipped, byte


def parsed(text: str, where: str, line: int = 1) -> Any:
    """One JSON value; NaN, Infinity and half a surrogate pair are none. Raises ProblemError with the line."""
    try:
        return decoded(text)
    except json.JSONDecodeError as error:
        refuse(where, line + error.lineno - 1, "not-json", f"{error.msg} at column {error.colno}")
    except RecursionError:
        refuse(where, line, "not-json", "is nested too deeply")
    except ValueError as error:
        # Of a number with thousands of digits, Python says how to change a setting of Python.
        refuse(where, line, "not-json", str(error).partition(";")[0])


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
