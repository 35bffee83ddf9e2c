"""The spans of a document's layers, made ready for matching: one list a layer, one stretch a mention."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import chain

from goldwire.annotate.document import Document, Mention, Quotation
from goldwire.evaluate.counts import Tally
from goldwire.evaluate.match import Pieces, Stretch, matching, pieces, tally

# What a mask's `layer` may say -> the layers of the report that it hides. "" hides all.
HIDES: dict[str, tuple[str, ...]] = {
    "events": ("events",),
    "attributes": ("events",),
    "arguments": ("events",),
    "mentions": ("actors", "places"),
    "actors": ("actors",),
    "places": ("places",),
    "coreference": ("actors", "places", "events"),
    "times": ("times",),
    "numbers": ("numbers",),
    "quotations": ("quotations",),
}
_TOKEN = re.compile(r"\w+|[^\w\s]")


def stretch(mention: Mention, label: str = "", key: tuple[str, ...] = ()) -> Stretch:
    """One mention, as a set of positions with its head."""
    head = pieces([mention.head_bounds]) if mention.head_start >= 0 else ()
    return Stretch(pieces(mention.pieces), label, head, key)


def actors(document: Document) -> list[Stretch]:
    """Mentions of actors, labelled with the actor's type."""
    return [stretch(m, actor.type) for actor in document.actors for m in actor.mentions]


def places(document: Document) -> list[Stretch]:
    """Mentions of places, labelled with the place's kind."""
    return [stretch(m, place.kind) for place in document.places for m in place.mentions]


def times(document: Document) -> list[Stretch]:
    """Time expressions, labelled with their kind."""
    return [stretch(time.mention, time.kind) for time in document.times]


def numbers(document: Document) -> list[Stretch]:
    """Numbers (the full expression, its head the numeral), labelled with their kind."""
    return [stretch(number.mention, number.kind) for number in document.numbers]


def triggers(document: Document) -> list[Stretch]:
    """Triggers of events, labelled with the event's type."""
    return [stretch(event.trigger, event.type) for event in document.events]


def contents(document: Document) -> list[Stretch]:
    """Contents of quotations, each one set of positions (empty without content), by directness."""
    return [Stretch(content(q), q.directness) for q in document.quotations]


# Layer -> its spans with their types.
STRETCHES: dict[str, Callable[[Document], list[Stretch]]] = {
    "events": triggers,
    "actors": actors,
    "places": places,
    "times": times,
    "numbers": numbers,
    "quotations": contents,
}


def cues(document: Document) -> list[Stretch]:
    """Cues of quotations; a cue that introduces several quotations stands once."""
    found = dict.fromkeys(stretch(m, "CUE") for q in document.quotations for m in q.cue)
    return list(found)


def content(quotation: Quotation) -> Pieces:
    """All positions that a quotation's content takes, as one set."""
    return together(quotation.content)


def found(
    layer: str,
    extract: Callable[[Document], list[Stretch]],
    gold: Document,
    pred: Document,
    *,
    match: str,
    typed: bool,
) -> Tally:
    """Count the spans of a layer that are found; the body of every metric of spans."""
    how = matching(match)
    g, p, mask = extract(gold), extract(pred), masked(gold, layer)
    if how.mode != "partial-token":
        return tally(g, p, how, typed=typed, masked=mask)
    # Masks and places of entries are those of characters, similarities those of tokens.
    return tally(g, p, how, typed=typed, masked=mask, measure=lambda s: by_tokens(s, gold.text))


def together(mentions: Iterable[Mention]) -> Pieces:
    """The positions of several mentions as one set."""
    return pieces(chain.from_iterable(m.pieces for m in mentions))


def masked(document: Document, layer: str) -> Pieces:
    """The text in which a layer of the report is not counted.

    >>> from goldwire.annotate.document import Mask
    >>> masks = (Mask("m1", 0, 4), Mask("m2", 6, 9, "mentions"))
    >>> masked(Document("no mention", masks=masks), "actors")
    ((0, 4), (6, 9))
    """
    return pieces((m.start, m.end) for m in document.masks if not m.layer or layer in HIDES.get(m.layer, ()))


def by_tokens(stretches: Iterable[Stretch], text: str) -> list[Stretch]:
    """The same stretches counted in tokens: words and single marks, each that a stretch touches."""
    starts, ends = token_bounds(text)
    return [
        s._replace(
            pieces=_touched(s.pieces, starts, ends) or s.pieces,
            head=_touched(s.head, starts, ends),
            written=s.pieces,
        )
        for s in stretches
    ]


def _touched(positions: Pieces, starts: list[int], ends: list[int]) -> Pieces:
    runs = ((bisect_right(ends, start), bisect_left(starts, end)) for start, end in positions)
    return pieces((a, b) for a, b in runs if a < b)


@lru_cache(maxsize=4)
def token_bounds(text: str) -> tuple[list[int], list[int]]:
    """Where each token of a text begins, and where it ends: runs of word characters, and single marks."""
    found = [m.span() for m in _TOKEN.finditer(text)]
    return [start for start, _ in found], [end for _, end in found]


def span(gold: Document, pred: Document, *, match: str = "exact", typed: bool = True) -> Tally:
    """Count labelled spans found, whatever layer they belong to.

    This is how layers are scored whose labels a map cannot tell apart (``labels.py``).

    >>> from goldwire.annotate.document import Mention, Span
    >>> rome, may = Span("s1", Mention("Rome", 3), "GPE"), Span("s2", Mention("May", 11), "DATE")
    >>> span(Document("In Rome in May", spans=(rome, may)), Document("In Rome in May", spans=(rome,)))["GPE"]
    Counts(p_hit=1, p_all=1, r_hit=1, r_all=1)
    """
    return found("spans", plain, gold, pred, match=match, typed=typed)


def plain(document: Document) -> list[Stretch]:
    """Spans that belong to no object, under their own labels."""
    return [stretch(s.mention, s.label) for s in document.spans]
