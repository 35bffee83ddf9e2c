"""Nouns: plural or singular, by their endings and a list of exceptions."""

from __future__ import annotations

from goldwire.evaluate.baseline.lexicon import table
from goldwire.evaluate.baseline.lexicon import words as listed


def is_plural(lower: str) -> bool:
    """Whether a word looks like a plural noun.

    >>> [is_plural(w) for w in ("houses", "people", "famous", "press")]
    [True, True, False, False]
    """
    regular = len(lower) > 3 and lower.endswith("s") and not lower.endswith(("ss", "us", "is"))
    return regular or lower in listed("nouns", "plurals") or lower in table("nouns")["irregular"]


def singular(lower: str) -> str:
    """The singular of a plural noun.

    >>> [singular(w) for w in ("cities", "buses", "houses", "airstrikes", "men", "boxes", "knives", "crisis")]
    ['city', 'bus', 'house', 'airstrike', 'man', 'box', 'knife', 'crisis']
    """
    irregular: dict[str, str] = table("nouns")["irregular"]
    if lower in irregular:
        return irregular[lower]
    if not is_plural(lower) or not lower.endswith("s"):
        return lower
    if lower.endswith("ies") and len(lower) > 4:
        return lower[:-3] + "y"
    if lower.endswith(("sses", "shes", "ches", "xes", "zes", "buses", "viruses")):
        return lower[:-2]
    return lower[:-1]
