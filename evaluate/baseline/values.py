"""The values that the built-in grammars propose for a number or a time that somebody marks."""

from __future__ import annotations

from typing import Any

from goldwire.annotate.document import Document
from goldwire.annotate.structure import plain

LAYERS = {"number": "numbers", "time": "times"}


def read(sentence: str, kind: str, start: int, end: int) -> dict[str, Any]:
    """The fields of the number or time at ``sentence[start:end]``, {} where the grammar finds none there.

    Code points. The words around count: "4" in "July 4" is no number. ``head`` is that of the words.

    >>> found = read("More than 600 men fled.", "number", 0, 13)
    >>> found["low"], found["mod"], found["head"]
    ('600', 'more_than', '600')
    """
    from goldwire.evaluate.baseline import numbers, times

    if kind not in LAYERS:
        return {}
    whole = numbers.add(times.add(Document(sentence))) if kind == "number" else times.add(Document(sentence))
    items = getattr(whole, LAYERS[kind])
    here = [x for x in items if x.mention.start < end and start < x.mention.end]
    if not here:
        # A person has marked it, so the words alone may be read: "one" in "one of them".
        alone = Document(sentence[start:end])
        here = getattr(numbers.add(alone) if kind == "number" else times.add(alone), LAYERS[kind])
    for item in here[:1]:
        value = plain(item, defaults=False)
        found = {k: v for k, v in value.items() if k not in ("id", "mention", "trend_from")}
        return {**found, "head": item.mention.head} if item.mention.head else found
    return {}
