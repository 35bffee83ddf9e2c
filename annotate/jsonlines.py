"""From the bytes of a file to its lines of JSON, with everything that is wrong with bytes and JSON.

Nothing here knows what an annotation is. ``fmt`` refuses a file with one of the
problems in ``UNREADABLE``, because writing it again would lose something.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from goldwire.annotate.formats.source import MARKS
from goldwire.annotate.problems import Problem, one_line, visible

Row = tuple[int, dict[str, Any]]

UNREADABLE = frozenset({"encoding", "not-json", "duplicate-key", "lone-surrogate"})

BOM = b"\xef\xbb\xbf"
_SURROGATE = re.compile("[\ud800-\udfff]")


def read(data: bytes, *, where: str) -> tuple[list[Row], list[Problem]]:
    """The objects on the lines of a file with their physical line numbers, and the problems met.

    Lines that cannot be read are left out of the first list and are in the second.

    >>> rows, problems = read(b'{"doc": "d"}\\n\\n{"actor" "a1"}\\n', where="a.jsonl")
    >>> rows
    [(1, {'doc': 'd'})]
    >>> print(problems[0])
    a.jsonl:3: not-json: Expecting ':' delimiter at column 10: «{"actor" "a1"}»
    """
    problems: list[Problem] = []
    text, wrong = _decoded(data, where)
    problems += wrong
    if b"\r" in data and text:
        bad = [n for n, line in enumerate(text.split("\n"), start=1) if "\r" in line]
        more = ["", ", and so does 1 other", f", and so do {len(bad) - 1} others"][min(len(bad), 3) - 1]
        ending = f"the line ends in CR LF{more}; goldwire fmt mends it"
        if b"\r\n" not in data:
            ending = "lines end in CR alone; save the file with LF"
        problems.append(Problem(where, bad[0], "crlf", ending))
    if _is_pretty(text):
        pretty = "one JSON object stands on several lines; write each object on one line"
        return [], [*problems, Problem(where, 1, "not-json", pretty)]
    rows: list[Row] = []
    # split, not splitlines: U+2028 may stand inside a string and ends no line.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        value, said = _parsed(line)
        problems += [Problem(where, number, rule, message) for rule, message in said]
        if value is not None:
            rows.append((number, value))
    return rows, problems


def _is_pretty(text: str) -> bool:
    """Is the whole file one JSON value, broken over lines?"""
    if text.split("\n", 1)[0].strip() not in ("{", "["):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _decoded(data: bytes, where: str) -> tuple[str, list[Problem]]:
    """The text of the file without its byte order mark; "" where it is not UTF-8."""
    problems: list[Problem] = []
    if foreign := _foreign(data):
        return "", [Problem(where, 1, "encoding", f"the file is {foreign}; save it as UTF-8")]
    if data.startswith(BOM):
        data = data.removeprefix(BOM)
        problems.append(Problem(where, 1, "bom", "a byte order mark opens the file; goldwire fmt removes it"))
    try:
        return data.decode("utf-8"), problems
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        around = data[max(0, error.start - 12) : error.start + 12].split(b"\n")
        piece = next((p for p in around if data[error.start : error.start + 1] in p), b"")
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        guess = piece.decode("cp1252", "replace")
        return "", [
            *problems,
            Problem(where, number, "encoding", f"{message}; in Windows-1252: {visible(guess)}"),
        ]


def _foreign(data: bytes) -> str:
    """The encoding that the first bytes tell, "" for one that may be UTF-8: no JSON opens with a NUL."""
    marked = next((name for mark, name in MARKS.items() if data.startswith(mark)), "")
    if marked or b"\0" not in data[:2]:
        return marked
    return "UTF-32" if b"\0\0" in data[:4] and data.strip(b"\0") else "UTF-16" if any(data[:2]) else "no text"


def _parsed(line: str) -> tuple[dict[str, Any] | None, list[tuple[str, str]]]:
    repeated: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(items)
        if len(result) < len(items):
            keys = [key for key, _ in items]
            repeated.extend(key for key in result if keys.count(key) > 1)
        return result

    try:
        value = json.loads(line, object_pairs_hook=pairs)
    except json.JSONDecodeError as error:
        around = line[max(0, error.pos - 25) : error.pos + 25]
        reason = f"{error.msg.removesuffix(' at')} at column {error.colno}"
        return None, [("not-json", f"{reason}: {visible(around)}")]
    except RecursionError:
        return None, [("not-json", "is nested too deeply")]
    except ValueError as error:
        return None, [("not-json", str(error).partition(";")[0])]
    if not isinstance(value, dict):
        return None, [("not-json", f"a line should be an object, this is {visible(line)}")]
    said = [("duplicate-key", f"the key {visible(key)} stands twice in one object") for key in repeated]
    said += [
        ("lone-surrogate", f"{one_line(path) or 'a key'} holds half a surrogate pair: {visible(text)}")
        for path, text in strings(value)
        if _SURROGATE.search(text)
    ]
    return value, said


def strings(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every string in a JSON value, keys too, with its path.

    >>> list(strings({"a": ["x", {"b": "y"}]}))
    [('', 'a'), ('a[0]', 'x'), ('a[1]', 'b'), ('a[1].b', 'y')]
    """
    for at, leaf in leaves(value, path):
        if isinstance(leaf, str):
            yield at, leaf


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every key and every value that is neither a list nor an object, with its path."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield path, key
            yield from leaves(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, f"{path}[{index}]")
    else:
        yield path, value
