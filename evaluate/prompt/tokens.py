"""How many tokens a text has, and by whose count: the only door to tiktoken."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from goldwire.annotate.problems import Problem, ProblemError

CHARACTERS_PER_TOKEN = 4


class Counter(NamedTuple):
    """A way to count tokens, and its name as it is to be reported."""

    name: str
    count: Callable[[str], int]


def counter(encoding: str = "") -> Counter:
    """tiktoken's encoding of that name; without one, four characters a token, which is an estimate.

    Raises ProblemError where tiktoken is missing, has no such encoding, or cannot load it.

    >>> counter().name, counter().count("nine chars")
    ('an estimate of 4 characters a token', 3)
    """
    if not encoding:
        return Counter(f"an estimate of {CHARACTERS_PER_TOKEN} characters a token", _estimated)
    try:
        import tiktoken
    except ImportError:
        message = "needs tiktoken: pip install tiktoken; without --tokenizer, tokens are estimated"
        raise ProblemError(Problem(encoding, 0, "missing-library", message)) from None
    try:
        found = tiktoken.get_encoding(encoding)
    except Exception as error:
        said = " ".join(str(error).split())[:200]
        raise ProblemError(Problem(encoding, 0, "tokenizer", f"cannot be loaded: {said}")) from None
    return Counter(f"tiktoken {encoding}", lambda text: len(found.encode(text, disallowed_special=())))


def _estimated(text: str) -> int:
    return -(-len(text) // CHARACTERS_PER_TOKEN)
