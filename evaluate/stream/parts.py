"""Where the parts of a corpus lie: files of a folder or of a pattern, and stretches of long files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import BinaryIO

from goldwire.annotate import files
from goldwire.annotate.problems import Problem, ProblemError, missing
from goldwire.evaluate.stream.records import NotPlainError, records

REACHES = (1 << 20, 1 << 23, 1 << 26)  # bytes on either side in which a document is looked for


def listed(address: str, suffixes: tuple[str, ...]) -> list[str]:
    """A file, the files of a folder with one of the suffixes, or what a pattern with ``*`` names, sorted.

    Raises ProblemError where there are none.
    """
    if "://" in address and ("*" in address or address.endswith("/")):
        try:
            import fsspec
        except ImportError:
            raise missing("scale", "fsspec") from None
        scheme = address.partition("://")[0]
        pattern = address if "*" in address else address + "*"
        found = [
            f"{scheme}://{path.lstrip('/') if scheme not in ('file', 'local') else path}"
            for path in fsspec.open_files(pattern).fs.glob(pattern)
        ]
    elif files.is_folder(address):
        found = [str(p) for p in Path(address).iterdir() if p.is_file() and not p.name.startswith(".")]
    elif "*" in address:
        folder, _, pattern = address.rpartition("/")
        found = [str(p) for p in Path(folder or ".").glob(pattern)]
    else:
        return [address]
    chosen = sorted(path for path in found if path.lower().endswith(suffixes))
    if not chosen:
        raise ProblemError(
            Problem(address, 0, "empty-folder", f"names no file ending in {', '.join(suffixes)}")
        )
    return chosen


def cuts(gold: str, pred: str, parts: int) -> list[tuple[int, int]]:
    """Where to cut two files of lines into parts that hold the same documents: bytes of gold and of pred.

    A part of gold begins with a line, and its part of the other file with the line of the same document,
    looked for where it should be; where it is not there, with the line of the same number. Whether both
    parts do hold the same documents is for the reader to see.
    """
    whole = files.size(gold), files.size(pred)
    found = [(0, 0)]
    with files.reading(gold) as left, files.reading(pred) as right:
        for part in range(1, parts):
            left.seek(max(whole[0] * part // parts - 1, 0))
            left.readline()
            at = left.tell()
            place = _place(right, left.readline(), whole[1] * at // max(whole[0], 1))
            if place is None:
                place = _same_number(left, right, at)
            found.append((at, max(place, found[-1][1])))
    return [*found, whole]


def lines_before(path: str, at: int) -> int:
    """How many lines of a file end before a byte."""
    with files.reading(path) as file:
        return _lines(file, at)


def _place(file: BinaryIO, line: bytes, near: int) -> int | None:
    """Where the line begins that has the name of a line of the other file, near a byte."""
    name = _name(line)
    for reach in REACHES if name else ():
        start = max(0, near - reach)
        file.seek(start)
        window = file.read(2 * reach)
        for spelled in {json.dumps(name), json.dumps(name, ensure_ascii=False)}:
            at = window.find(spelled.encode())
            while at >= 0:
                begin, end = window.rfind(b"\n", 0, at) + 1, window.find(b"\n", at) + 1
                if (begin or not start) and end and _name(window[begin:end]) == name:
                    return start + begin
                at = window.find(spelled.encode(), end) if end else -1  # a line has but one name
    return None


def _name(line: bytes) -> str:
    """The name of the document of a line, "" where it has none or cannot be read here."""
    try:
        return next((record.key for record in records([line], "")), "")
    except (ProblemError, NotPlainError):
        return ""


def _same_number(first: BinaryIO, second: BinaryIO, at: int) -> int:
    """Where the line of one file begins that has the number of the line at a byte of another."""
    for file in first, second:
        file.seek(0)
    number = _lines(first, at)
    while number > 0 and (block := second.read(files.BUFFER)):
        held = block.count(b"\n")
        if held >= number:
            end = -1
            for _ in range(number):
                end = block.index(b"\n", end + 1)
            return second.tell() - len(block) + end + 1
        number -= held
    return second.tell()


def _lines(file: BinaryIO, size: int) -> int:
    number = 0
    while size > 0 and (block := file.read(min(size, files.BUFFER))):
        number += block.count(b"\n")
        size -= len(block)
    return number
