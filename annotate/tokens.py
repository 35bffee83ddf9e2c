"""Tokens as Prodigy wants them: those of ``spacy.blank("en")`` and nothing else."""

from __future__ import annotations

from functools import cache
from typing import Any

from goldwire.annotate.problems import Problem, ProblemError

NAME = 'spacy.blank("en")'


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
