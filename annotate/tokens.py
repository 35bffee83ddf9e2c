"""Tokens: words and marks for our own use, and those of ``spacy.blank("en")``, as Prodigy wants them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from goldwire.annotate.problems import Problem, ProblemError

NAME = 'spacy.blank("en")'


_WORD = re.compile(r"\w+(?:[.,:'’-]\w+)*|[^\w\s]")


def words(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """(start, end) of words and single marks: what can be told without a library.

    >>> [("U.N.-led, 1,000".__getitem__(slice(*w))) for w in words("U.N.-led, 1,000")]
    ['U.N', '.', '-', 'led', ',', '1,000']
    """
    return [m.span() for m in _WORD.finditer(text, start, len(text) if end is None else end)]


def spacy_tokens(text: str) -> list[tuple[int, int]]:
    """(start, end) of every token, in code points; needs the extra ``spacy``."""
    return [(t.idx, t.idx + len(t.text)) for t in _blank().make_doc(text)]


def available() -> bool:
    """Is spaCy installed? Asked without importing it."""
    from importlib.util import find_spec

    return find_spec("spacy") is not None


@cache
def _blank() -> Any:
    try:
        import spacy
    except ImportError:
        message = "tokens need spaCy: pip install 'goldwire[spacy]'"
        raise ProblemError(Problem("goldwire", 0, "missing-library", message)) from None
    return spacy.blank("en")
