"""Adjudication in a terminal: what is shown of a case, and how an answer is got.

Thin: what an answer means is ``changes/walk.py``. Everything is written to standard
error. Where standard input is a terminal, choices are single keys; where it is not,
every answer is a line.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from typing import Any

from goldwire.annotate import files
from goldwire.annotate.changes.view import Stretch, View, view
from goldwire.annotate.changes.walk import Walk, answer, entry, last_rule, lines_of

KEYS = ("choice", "end")


def drive(walk: Walk, remember: Callable[[dict[str, Any]], None]) -> Walk:
    """Ask until the walk stops, the input ends, or somebody interrupts; returns where it stands.

    ``remember`` gets every journal entry before the next case is shown.
    """
    shown = ""
    while walk.asks != "stop":
        if walk.asks == "choice" and shown != walk.case.id:
            _print(_case(view(walk)))
            shown = walk.case.id
        if walk.said:
            _print([(walk.said, "yellow"), ("\n", "")])
        try:
            said = _edited(lines_of(walk)) if walk.asks == "lines" else _asked(walk)
        except KeyboardInterrupt:
            said = None
        if said is None:  # the end of the input: what was decided stays decided
            _print([("\n", "")])
            return walk
        after = answer(walk, said)
        if row := entry(walk, after):
            remember(row)
            shown = ""
        walk = after
    return walk


Text = list[tuple[str, str]]


def _case(seen: View) -> Text:
    """A case as pieces of text with their styles."""
    head = f"{seen.id}  case {seen.number} of {seen.cases}, {seen.open} open"
    result: Text = [("\n", ""), (head, "dim"), ("\n", ""), (seen.title, "bold")]
    result.append((f": {seen.part}\n" if seen.part else ": who has it?\n", "bold"))
    for stretch in seen.context:
        result += [("\n", ""), (stretch.name, "dim"), ("\n" if stretch.name else "", "")]
        result += [*_marked(stretch), ("\n", "")]
    result.append(("\n", ""))
    for reading in seen.readings:
        style = "bold" if reading.can_be_followed else "dim"
        result += [
            (f"  {reading.letter}  ", style),
            (f"{reading.said}", ""),
            (f"  ({reading.annotator})\n", "dim"),
        ]
        if reading.object:
            result.append((f"     {reading.object}\n", "dim"))
    return result


def _marked(stretch: Stretch) -> Text:
    """The text with its marks in brackets and in reverse; a mark inside a mark is part of it."""
    result: Text = []
    at = stretch.start
    for start, end in sorted(stretch.marks, key=lambda m: (m[0], -m[1])):
        if start < at:
            continue
        result.append((stretch.text[at - stretch.start : start - stretch.start], ""))
        result.append((f"⟦{stretch.text[start - stretch.start : end - stretch.start]}⟧", "reverse"))
        at = end
    result.append((stretch.text[at - stretch.start :], ""))
    return result


def _asked(walk: Walk) -> str | None:
    """The next answer; None at the end of the input."""
    match walk.asks:
        case "choice":
            prompt = f"{' '.join(walk.case.letters[: len(walk.annotators)])} e s u q ? > "
        case "end":
            left = f"{len(walk.skipped)} skipped: s goes through them" if walk.skipped else "all decided"
            prompt = f"{left}; u takes back, Enter ends > "
        case "cause":
            prompt = f"cause: {', '.join(f'{n} {c}' for n, c in enumerate(walk.causes, 1))} > "
        case "rule":
            prompt = f"rule{f' (Enter: {last_rule(walk)})' if last_rule(walk) else ''} > "
        case _:
            prompt = "note (Enter: none) > "
    if walk.asks in KEYS and sys.stdin.isatty():
        return _key(prompt)
    _print([(prompt, "bold cyan")])
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None


def _key(prompt: str) -> str | None:
    """One key of the terminal, shown; None for Ctrl-D. What is typed ahead is kept for the next question."""
    try:
        import termios
        import tty
    except ImportError:  # not POSIX
        _print([(prompt, "bold cyan")])
        key = str(import_module("msvcrt").getwch())
    else:
        number = sys.stdin.fileno()
        before = termios.tcgetattr(number)
        try:
            tty.setcbreak(number, termios.TCSADRAIN)
            _print([(prompt, "bold cyan")])
            key = os.read(number, 1).decode("latin-1")
        finally:
            termios.tcsetattr(number, termios.TCSADRAIN, before)
    if key in ("", "\0", "\x04", "\x1a"):
        return None
    _print([(f"{key.strip()}\n", "")])
    return key


def _edited(text: str) -> str:
    """The text as it comes back from the editor that VISUAL or EDITOR names; "" where there is none."""
    editor = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    with tempfile.TemporaryDirectory(prefix="goldwire-") as folder:
        file = os.path.join(folder, "case.goldwire.jsonl")
        files.write_bytes(file, text.encode("utf-8"))
        try:
            status = subprocess.run([*editor, file], check=False).returncode
        except OSError as error:
            _print([(f"{editor[0]}: {(error.strerror or '').lower()}; EDITOR says which editor\n", "yellow")])
            return ""
        if status:
            _print([(f"{editor[0]} ended with status {status}\n", "yellow")])
            return ""
        return files.read_bytes(file).decode("utf-8", "replace")


def _print(pieces: Text) -> None:
    from rich.console import Console
    from rich.text import Text as Styled

    console = Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())
    # Text, not markup: brackets of the text are brackets.
    console.print(Styled.assemble(*pieces), end="")
    console.file.flush()
