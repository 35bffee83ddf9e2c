"""Where the parts of a corpus lie: files of a folder or of a pattern, and stretches of long files."""

from __future__ import annotations

import os
from itertools import pairwise
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


def stretches(path: str, parts: int) -> list[tuple[int, int]]:
    """A file of lines in stretches of about as many bytes, half-open, that begin and end with a line."""
    whole = files.size(path)
    ends = [0]
    with files.reading(path) as file:
        for part in range(1, parts):
            file.seek(max(whole * part // parts - 1, 0))
            file.readline()
            ends.append(file.tell())
    return list(pairwise([*ends, whole]))


def partner(first: str, second: str, at: int) -> tuple[int, int]:
    """Where the line begins in another file that has the number of the one at this byte, and that number."""
    with files.reading(first) as a, files.reading(second) as b:
        number = 0
        while at > 0 and (block := a.read(min(at, files.BUFFER))):
            number += block.count(b"\n")
            at -= len(block)
        _pass_lines(b, number)
        return b.tell(), number + 1


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
