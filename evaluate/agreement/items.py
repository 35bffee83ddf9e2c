"""What several annotators marked in one text, laid side by side: the same object of each, or none.

Objects answer each other two by two as in scoring (``match.py``): events, mentions
and numbers by their heads, times and quotations by half of their words at least.
An item joins those that answer each other, at most one of each annotator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from msgspec.structs import replace

from goldwire.annotate.document import Document, Mention, Quotation
from goldwire.evaluate import spans
from goldwire.evaluate.match import Matching, Stretch, align

HALF = Matching("overlap", 0.5)
EXACT = Matching("exact")


class Marked(NamedTuple):
    """An object where it stands; ``mention`` is the one of its mentions that is meant, if it has several."""

    owner: Any
    mention: Mention
    stretch: Stretch

    def said(self, field: str) -> str:
        """What it says in a field, its own or its mention's."""
        own = hasattr(self.owner, field) and not (field == "form" and hasattr(self.mention, field))
        return str(getattr(self.owner if own else self.mention, field))


Item = tuple[Marked | None, ...]


class Layer(NamedTuple):
    """How objects of a layer are found and paired, and what fields of theirs are closed choices."""

    objects: Callable[[Document], Iterator[Marked]]
    how: Matching
    fields: tuple[str, ...]


def _events(document: Document) -> Iterator[Marked]:
    for event in document.events:
        yield Marked(event, event.trigger, _by_head(event.trigger, event.type))


def _entities(name: str, label: str) -> Callable[[Document], Iterator[Marked]]:
    def found(document: Document) -> Iterator[Marked]:
        for entity in getattr(document, name):
            for mention in entity.mentions:
                yield Marked(entity, mention, _by_head(mention, getattr(entity, label)))

    return found


def _times(document: Document) -> Iterator[Marked]:
    for time in document.times:
        yield Marked(time, time.mention, spans.stretch(time.mention, time.kind))


def _numbers(document: Document) -> Iterator[Marked]:
    for number in document.numbers:
        yield Marked(number, number.mention, _by_head(number.mention, number.kind))


def _quotations(document: Document) -> Iterator[Marked]:
    for quotation in document.quotations:
        if quotation.content:
            stretch = Stretch(spans.content(quotation), quotation.directness)
            yield Marked(quotation, quotation.content[0], stretch)


LAYERS: dict[str, Layer] = {
    "events": Layer(_events, EXACT, ("type", "polarity", "modality", "tense", "phase", "plural")),
    "actors": Layer(_entities("actors", "type"), EXACT, ("type", "form", "metonymy", "status")),
    "places": Layer(_entities("places", "kind"), EXACT, ("kind", "form")),
    "times": Layer(_times, HALF, ("kind", "value", "mod")),
    "numbers": Layer(_numbers, EXACT, ("kind", "value", "mod", "stat", "rounded")),
    "quotations": Layer(_quotations, HALF, ("directness", "stance", "polarity", "content_tail")),
}


def items(layer: str, documents: Sequence[Document]) -> list[Item]:
    """Join what the annotators marked in one text, in the order of the text.

    >>> from goldwire.annotate.document import Event
    >>> raid, talk = Event("e1", Mention("raid", 4), "STRIKE"), Event("e2", Mention("talk", 9), "MEET")
    >>> texts = Document("The raid talk", events=(raid, talk)), Document("The raid talk", events=(talk,))
    >>> [[m and m.owner.id for m in item] for item in items("events", texts)]
    [['e1', None], ['e2', 'e2']]
    """
    rule = LAYERS[layer]
    marked = [list(rule.objects(document)) for document in documents]
    groups: dict[tuple[int, int], dict[int, int]] = {
        (side, i): {side: i} for side, found in enumerate(marked) for i in range(len(found))
    }
    for a, b in combinations(range(len(marked)), 2):
        left, right = ([m.stretch for m in marked[side]] for side in (a, b))
        for pair in align(left, right, rule.how, typed=False):
            first, second = groups[a, pair.gold], groups[b, pair.pred]
            if not first.keys() & second.keys():
                first |= second
                for node in second.items():
                    groups[node] = first
    unique = {id(group): group for group in groups.values()}.values()
    joined = [
        tuple(marked[side][group[side]] if side in group else None for side in range(len(marked)))
        for group in unique
    ]
    return sorted(joined, key=_place)


def at(item: Item) -> int:
    """Where an item begins: at the leftmost of its objects."""
    return min(m.stretch.at for m in item if m)


def heads(document: Document) -> Document:
    """The same document with mentions (but not times, and no words of a quotation) reduced to their heads.

    >>> from goldwire.annotate.document import Number
    >>> number = Number("n1", Mention("over 9", 0, head="9", head_start=5))
    >>> heads(Document("over 9", numbers=(number,))).numbers[0].mention
    Mention(text='9', start=5, head='', head_start=-1, more=(), form='', metonymy='', confidence='', extra={})
    """
    actors, places = (
        tuple(replace(x, mentions=tuple(map(_head, x.mentions))) for x in getattr(document, name))
        for name in ("actors", "places")
    )
    return replace(
        document,
        actors=actors,
        places=places,
        numbers=tuple(replace(n, mention=_head(n.mention)) for n in document.numbers),
        events=tuple(
            replace(
                e,
                trigger=_head(e.trigger),
                args=tuple(replace(a, evidence=a.evidence and _head(a.evidence)) for a in e.args),
            )
            for e in document.events
        ),
        quotations=tuple(
            replace(q, speaker_span=q.speaker_span and _head(q.speaker_span)) for q in document.quotations
        ),
    )


def same_extent(a: Marked, b: Marked) -> bool:
    """Whether two objects that answer each other take the same words, all of them."""
    if isinstance(a.owner, Quotation):
        return spans.content(a.owner) == spans.content(b.owner)
    return spans.stretch(a.mention).pieces == spans.stretch(b.mention).pieces


def same_cue(a: Marked, b: Marked) -> bool:
    """Whether two quotations have the same words for cue."""
    return spans.together(a.owner.cue) == spans.together(b.owner.cue)


def _by_head(mention: Mention, label: str) -> Stretch:
    return Stretch((mention.head_bounds,), label)


def _head(mention: Mention) -> Mention:
    if mention.head_start < 0:
        return mention
    return replace(mention, text=mention.head, start=mention.head_start, head="", head_start=-1, more=())


def _place(item: Item) -> tuple[Any, ...]:
    return at(item), [(m.stretch.pieces, m.stretch.label) if m else ((), "") for m in item]
