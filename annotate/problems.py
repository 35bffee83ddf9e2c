"""What is wrong with a file, said so that a person can mend it.

Rules yield problems and never raise; what cannot be read at all raises
``ProblemError``, which the command line prints as one sentence.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_UNPRINTED = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff]")
MOST = 1000  # characters of a message: a sentence may quote a file, not a megabyte of it


@dataclass(frozen=True, order=True)
class Problem:
    """One defect: where it is, the slug of the rule it breaks, and what is there.

    >>> print(Problem("a.jsonl", 3, "offset-range", "ends at 57, the text has 52 characters"))
    a.jsonl:3: offset-range: ends at 57, the text has 52 characters
    """

    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return one_line(f"{place}: {self.rule}: {_brief(self.message)}")


def _brief(message: str) -> str:
    """The message, the middle of a long one cut."""
    return message if len(message) <= MOST else f"{message[: MOST // 2]} … {message[-MOST // 2 :]}"


class ProblemError(ValueError):
    """Input that cannot be used; carries the problems, and its text is theirs, a line each."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))

    def __reduce__(self) -> tuple[type[ProblemError], tuple[Problem, ...]]:
        return ProblemError, self.problems  # so that it comes back whole from another process


def missing(extra: str, library: str) -> ProblemError:
    """The error that names the command which installs an optional library.

    >>> print(missing("uima", "cassis"))
    cassis: missing-library: not installed; run: pip install 'goldwire[uima]'
    """
    return ProblemError(
        Problem(library, 0, "missing-library", f"not installed; run: pip install 'goldwire[{extra}]'")
    )


def visible(text: str, most: int = 60) -> str:
    """The text in angle quotation marks, invisible characters escaped, the middle of long ones cut.

    >>> visible("a\\u00a0b\\r")
    '«a\\\\xa0b\\\\r»'
    """
    if len(text) > most:
        text = f"{text[: most // 2]} … {text[-most // 2 + 3 :]}"
    return "«" + "".join(map(_escaped, text)) + "»"


def one_line(text: str) -> str:
    """The text with everything escaped that ends a line or cannot be written, as names of files may hold.

    >>> one_line("a\\nb\\udcff")
    'a\\\\nb\\\\udcff'
    """
    return _UNPRINTED.sub(lambda found: _escaped(found[0]), text)


def _escaped(character: str) -> str:
    plain = character == " " or unicodedata.category(character)[0] not in "ZC"
    return character if plain else repr(character)[1:-1] if character != "'" else character
