"""What the word SYSTEM may be, and the command that runs it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from importlib.util import find_spec
from typing import NamedTuple

from goldwire.annotate import files
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate.systems.child import own

BUILTIN = {
    "baseline": "rules in a spaCy pipeline",
    "regex": "a floor of regular expressions",
    "quantulum3": "numbers by quantulum3",
}


class System(NamedTuple):
    """A name to show, a command to start, and whether it is our own host, which takes batches."""

    name: str
    command: tuple[str, ...]
    ours: bool


def find(words: Sequence[str]) -> System:
    """The system that the words of a command line name; raises ProblemError.

    >>> find(["command", "./tagger", "-q"]).command
    ('./tagger', '-q')
    >>> find(["command ./tagger -q"]).command
    ('./tagger', '-q')
    """
    first = words[0] if words else ""
    if first == "command" or first.startswith("command "):
        command = [*shlex.split(first)[1:], *words[1:]]
        if not command:
            raise _problem("command", "say which command")
        return System(shlex.join(command), tuple(command), False)
    if len(words) != 1:
        raise _problem(" ".join(words), "only `command …` takes further words")
    if first in BUILTIN:
        return System(first, tuple(own("builtin", first)), True)
    if first.startswith("openai:"):
        return System(first, tuple(own("openai", first.removeprefix("openai:"))), True)
    if re.fullmatch(r"[\w.]+:[\w.]+|.+\.py:[\w.]+", first):
        return System(first, tuple(own("callable", first)), True)
    if first.endswith(".cfg") or files.is_folder(first) or _is_pipeline(first):
        return System(first, tuple(own("spacy", first)), True)
    builtin = ", ".join(BUILTIN)
    forms = "a spaCy pipeline (installed name, folder or config.cfg), module:callable, openai:MODEL"
    raise _problem(first, f"is none of {builtin}, and neither {forms} nor `command …`")


def _is_pipeline(name: str) -> bool:
    """Whether an installed package of this name could be a pipeline; whether it is one, loading tells."""
    return re.fullmatch(r"[a-z]\w+", name) is not None and find_spec(name) is not None


def _problem(name: str, message: str) -> ProblemError:
    return ProblemError(Problem(name, 0, "system", message))
