"""Sentences of a paragraph: the only door to ``sentencex``.

Weighed on hard cases of newswire (abbreviations, initials, decimals, closing and
inner quotation marks): spaCy's rule sentencizer breaks after "No.", "Lt." and
before closing marks, and takes a second to import; pysbd has had no release
since 2021 and breaks at "R-Ariz.,"; syntok and nupunkt break inside quotations
and after "Gen.". sentencex keeps a quotation whole, knows some 300 languages,
and is a wheel of a megabyte without dependencies.
"""

from __future__ import annotations

from importlib.metadata import version


def sentences(text: str, lang: str = "en") -> list[tuple[int, int]]:
    """(start, end) of every sentence in code points, without whitespace at the edges.

    >>> sentences("Mr. Lee left at 5 p.m. “We are done,” he said. Was he?")
    [(0, 46), (47, 54)]
    """
    import sentencex

    bounds = []
    at = 0
    for piece in sentencex.segment(lang, text):
        if text[at : at + len(piece)] != piece:
            raise AssertionError(f"sentencex changed the text at {at}")
        start, end = at + len(piece) - len(piece.lstrip()), at + len(piece.rstrip())
        at += len(piece)
        if start < end:
            bounds.append((start, end))
    return bounds


def splitter() -> str:
    """The name and version of what splits, for the provenance of a document."""
    return f"sentencex {version('sentencex')}"
