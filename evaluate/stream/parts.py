"""Where the parts of a corpus lie: files of a folder or of a pattern, and stretches of long files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from goldwire.annotate import files
from goldwire.annotate.problems import Problem, ProblemError, missing


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


def cuts(first: str, second: str, parts: int) -> list[tuple[int, int, int]]:
    """Where to cut two files of lines into parts that hold the same lines of both.

    ``parts`` + 1 rows of (bytes in the first, bytes in the second, number of the line that begins there).
    """
    found = [(0, 0, 1)]
    with files.reading(first) as a, files.reading(second) as b:
        whole = os.path.getsize(first), os.path.getsize(second)
        for part in range(1, parts):
            number = _pass(a, whole[0] * part // parts - a.tell())
            _pass_lines(b, number)
            found.append((a.tell(), b.tell(), found[-1][2] + number))
    return [*found, (*whole, found[-1][2])]


def _pass(file: BinaryIO, size: int) -> int:
    """Go on by at least so many bytes, to the end of a line; returns the number of lines passed."""
    number = 0
    while size > 0 and (block := file.read(min(size, files.BUFFER))):
        number += block.count(b"\n")
        size -= len(block)
    return number + bool(file.readline())


def _pass_lines(file: BinaryIO, number: int) -> None:
    """Go on by so many lines."""
    while number > 0 and (block := file.read(files.BUFFER)):
        held = block.count(b"\n")
        if held > number:
            at = -1
            for _ in range(number):
                at = block.index(b"\n", at + 1)
            file.seek(at + 1 - len(block), os.SEEK_CUR)
        number -= held
