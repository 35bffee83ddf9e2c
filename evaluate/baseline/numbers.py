"""The numbers layer: quantities as objects of a document."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from msgspec.structs import replace

from goldwire.annotate.document import Document, Mention, Number
from goldwire.evaluate.baseline.grammar import Quantity
from goldwire.evaluate.baseline.numerals import written
from goldwire.evaluate.baseline.quantities import quantities
from goldwire.evaluate.baseline.sentences import sentences
from goldwire.evaluate.baseline.words import Word, split


def add(document: Document) -> Document:
    """The document with the numbers of its sentences; nothing inside a time is a number.

    >>> [(n.mention.text, n.value, n.mod) for n in add(Document("More than 600 men.")).numbers]
    [('More than 600', '600', 'more_than')]
    """
    taken = [t.mention.bounds for t in document.times]
    found: list[Number] = []
    for start, end in sentences(document):
        words = split(document.text, start, end)
        before = len(found)
        for q in quantities(words, taken):
            trend = f"n{before + q.trend_from + 1}" if q.trend_from >= 0 else ""
            found.append(_number(document.text, words, q, f"n{len(found) + 1}", trend))
    return replace(document, numbers=tuple(found))


def _number(text: str, words: Sequence[Word], q: Quantity, id: str, trend_from: str) -> Number:
    return Number(
        id,
        between(text, words, q.first, q.end, q.head, q.head_end),
        kind=q.kind,
        value=_decimal(q.value),
        low=_decimal(q.low),
        high=_decimal(q.high),
        open_low=q.open_low,
        open_high=q.open_high,
        mod=q.mod,
        unit=q.unit,
        rounded=_is_rounded(q),
        trend_from=trend_from,
    )


def _is_rounded(q: Quantity) -> bool:
    """Whether a figure is a whole multiple of ten: the guidelines' ``rounded``."""
    said = [q.value] if q.mod != "between" else [q.low, q.high]
    return q.kind == "COUNT" and any(v and v % 10 == 0 for v in said)


def _decimal(value: Fraction | None) -> str:
    return "" if value is None else written(value)


def between(
    text: str, words: Sequence[Word], first: int, end: int, head: int = -1, head_end: int = -1
) -> Mention:
    """The mention of words[first:end], its head words[head:head_end]."""
    start, stop = words[first].start, words[end - 1].end
    if head < 0 or (head, head_end) == (first, end):
        return Mention(text[start:stop], start)
    at = words[head].start
    return Mention(text[start:stop], start, head=text[at : words[head_end - 1].end], head_start=at)
