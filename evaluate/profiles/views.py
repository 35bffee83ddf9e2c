"""What other scorers see of a document: the simple inputs that each of them takes.

A scorer that knows only continuous spans is shown the whole extent of a
discontinuous one; what lies in masked text is shown to none of them. An actor
without a type, or any object without one, has the label "".
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import Any

from goldwire.annotate.document import Document, Event, Mention, Number
from goldwire.evaluate import spans
from goldwire.evaluate.match import Pieces, Stretch, pieces, shared
from goldwire.evaluate.profiles import tagging
from goldwire.evaluate.profiles.ace import Event as AceEvent
from goldwire.evaluate.profiles.ace import Mark
from goldwire.evaluate.profiles.brat import Entity
from goldwire.evaluate.profiles.linking import Linked
from goldwire.evaluate.profiles.measurements import QUANTITY, SPANS, Annotation
from goldwire.evaluate.profiles.nuggets import Nugget
from goldwire.evaluate.profiles.semeval import Item

VIEWS = {
    "actors": spans.actors,
    "places": spans.places,
    "times": spans.times,
    "numbers": spans.numbers,
    "spans": spans.plain,
}
# Which of our labels the German scorer knows by another name.
GERMAN_TYPES = {"direct": "Direct", "indirect": "Indirect", "mixed": "IndirectFreeIndirect"}
REALIS = {"asserted": "Actual", "generic": "Generic"}
MODIFIERS = {
    "approx": ["IsApproximate"],
    "vague": ["IsApproximate"],
    "between": ["IsRange"],
    "more_than": ["HasTolerance"],
    "at_least": ["HasTolerance"],
    "less_than": ["HasTolerance"],
    "at_most": ["HasTolerance"],
}


def stretches(document: Document, mask: Document) -> list[Stretch]:
    """Mentions of actors, places, times and numbers, and spans of a system's own, outside the mask."""
    found: list[Stretch] = []
    for layer, view in VIEWS.items():
        hidden = spans.masked(mask, layer)
        found += [s for s in view(document) if not shared(s.pieces, hidden)]
    return found


def items(document: Document, mask: Document, *, ordered: bool = True) -> list[Item]:
    """The same as (start, end, label), in the order of the text, or as they stand in the document."""
    found = [Item(s.at, s.pieces[-1][1], s.label) for s in stretches(document, mask)]
    return sorted(found) if ordered else found


def tags(document: Document, mask: Document) -> list[str]:
    """The same as IOB2 tags of the text's words and marks.

    Tags cannot hold spans that overlap: the longest stays, of equal ones the first.

    >>> from goldwire.annotate.document import Actor
    >>> ada = Actor("a1", "PER", mentions=(Mention("Ada Byron", 0), Mention("Ada", 0)))
    >>> document = Document("Ada Byron left.", actors=(ada,))
    >>> tags(document, document)
    ['B-PER', 'I-PER', 'O', 'O']
    """
    starts, ends = words(document.text)
    result = ["O"] * len(starts)
    for item in sorted(items(document, mask), key=lambda x: (x.start - x.end, x)):
        low, high = bisect_right(ends, item.start), bisect_left(starts, item.end)
        if low < high and all(tag == "O" for tag in result[low:high]):
            result[low:high] = [f"B-{item.label}", *[f"I-{item.label}"] * (high - low - 1)]
    return result


def words(text: str) -> tuple[list[int], list[int]]:
    """Where each word or mark of a text begins, and where it ends."""
    return spans.token_bounds(text)


def word_numbers(positions: Pieces, text: str) -> list[int]:
    """Which words some positions touch, as numbers from 0."""
    starts, ends = words(text)
    return sorted({n for a, b in positions for n in range(bisect_right(ends, a), bisect_left(starts, b))})


def mentions_of(document: Document) -> dict[str, list[Mention]]:
    """The mentions of every object that an argument can refer to, by its id, the first in the text first."""
    found: dict[str, list[Mention]] = {}
    found |= {a.id: sorted(a.mentions, key=_at) for a in document.actors}
    found |= {p.id: sorted(p.mentions, key=_at) for p in document.places}
    found |= {t.id: [t.mention] for t in document.times}
    found |= {n.id: [n.mention] for n in document.numbers}
    for event in document.events:
        found[event.id] = [event.trigger]
    return found


def _at(mention: Mention) -> tuple[tuple[int, int], ...]:
    return mention.pieces


def ace_events(document: Document) -> list[AceEvent]:
    """Triggers with their arguments; an argument's span is its evidence, else its first mention."""
    where = mentions_of(document)

    def mark(mention: Mention, label: str) -> Mark:
        start, end = mention.bounds
        return start, end, label

    return [
        AceEvent(
            mark(event.trigger, event.type),
            tuple(
                mark(shown, a.role)
                for a in event.args
                for shown in [a.evidence or next(iter(where.get(a.ref, ())), None)]
                if shown
            ),
        )
        for event in document.events
    ]


def clusters(document: Document) -> list[list[Pieces]]:
    """The actors, each with its mentions as sets of positions."""
    return [[pieces(m.pieces) for m in a.mentions] for a in document.actors if a.mentions]


def headed_clusters(document: Document) -> list[list[tuple[frozenset[int], int]]]:
    """The same in words: each mention the numbers of its words and that of its head (the last of it)."""
    result: list[list[tuple[frozenset[int], int]]] = []
    for actor in document.actors:
        found: list[tuple[frozenset[int], int]] = []
        for m in actor.mentions:
            own = word_numbers(pieces(m.pieces), document.text)
            head = word_numbers(pieces([m.head_bounds]), document.text) or own
            if own:
                found.append((frozenset(own), head[-1]))
        if found:
            result.append(found)
    return result


def event_clusters(document: Document) -> list[list[Event]]:
    """Mentions of events that are one event, in the order of the first."""
    found: dict[str, list[Event]] = {}
    for event in document.events:
        found.setdefault(event.coref or event.id, []).append(event)
    return list(found.values())


def templates(document: Document) -> list[dict[str, Any]]:
    """Events as templates of strings: the type of the first mention, fillers united over all of them."""
    where = mentions_of(document)
    result: list[dict[str, Any]] = []
    for cluster in event_clusters(document):
        roles: dict[str, dict[str, list[str]]] = {}
        for event in cluster:
            for a in event.args:
                texts = [m.text for m in where.get(a.ref, ())] or ([a.evidence.text] if a.evidence else [])
                if texts:
                    roles.setdefault(a.role, {})[a.ref or texts[0]] = list(dict.fromkeys(texts))
        fillers = {role: list(entities.values()) for role, entities in roles.items()}
        result.append({"incident_type": cluster[0].type, **fillers})
    return result


def german_quotes(document: Document) -> list[dict[str, Any]]:
    """Quotations in numbers of words; those without content are left out."""
    actors = mentions_of(document)

    def part(found: Iterable[Mention]) -> dict[str, list[int]]:
        return {"tokenIds": word_numbers(spans.together(found), document.text)}

    result: list[dict[str, Any]] = []
    for q in document.quotations:
        if not word_numbers(spans.content(q), document.text):
            continue
        speaker = [q.speaker_span] if q.speaker_span else actors.get(q.speaker, [])[:1]
        result.append(
            {
                "quote": part(q.content),
                "speaker": part(speaker),
                "cue": part(q.cue),
                "addressee": part(actors.get(q.addressee, [])[:1]),
                "type": GERMAN_TYPES.get(q.directness, q.directness),
                "medium": q.medium or "none",
            }
        )
    return result


def sfu_quotes(document: Document) -> list[dict[str, Any]]:
    """Quotations as the Gender Gap Tracker writes them, in code points."""
    actors = mentions_of(document)

    def extent(found: Sequence[Mention]) -> str:
        bounds = [m.bounds for m in found]
        return f"({min(a for a, _ in bounds)},{max(b for _, b in bounds)})" if bounds else ""

    result: list[dict[str, Any]] = []
    for q in document.quotations:
        speaker = [q.speaker_span] if q.speaker_span else actors.get(q.speaker, [])[:1]
        result.append(
            {
                "quote_index": extent(q.content),
                "speaker": speaker[0].text if speaker else "",
                "speaker_index": extent(speaker),
                "verb": " ".join(m.text for m in q.cue),
                "is_floating_quote": not speaker,
            }
        )
    return result


def speakers(document: Document) -> dict[Pieces, str]:
    """Who says each quotation, known by its content; those of nobody known are left out."""
    return {spans.content(q): q.speaker for q in document.quotations if q.content and q.speaker}


def nuggets(document: Document) -> tuple[list[Nugget], list[list[str]]]:
    """Triggers with type and realis, and the chains of those that are one event.

    Asserted events are Actual, generic ones Generic, all others Other.
    """
    found = [
        Nugget(e.id, pieces(e.trigger.pieces), e.type, REALIS.get(e.modality, "Other"))
        for e in document.events
    ]
    return found, [[e.id for e in cluster] for cluster in event_clusters(document) if len(cluster) > 1]


def brat_entities(document: Document, mask: Document) -> list[Entity]:
    """Mentions of actors, places, times and numbers as text-bound annotations, numbered in reading order."""
    found = sorted(stretches(document, mask), key=lambda s: (s.pieces, s.label))
    return [Entity(f"T{n}", s.label, s.pieces) for n, s in enumerate(found, start=1)]


def token_items(document: Document, mask: Document) -> list[Item]:
    """The same as far as tags can hold them, in numbers of words."""
    chunks = tagging.strict(tags(document, mask))
    return [Item(first, last + 1, label) for label, first, last in chunks]


def linked(document: Document, number: int) -> list[Linked]:
    """Mentions of actors and places with their Wikidata id, else a nil of their own; ends inclusive."""
    entities = [(a.wikidata, a.id, a.type, a.mentions) for a in document.actors]
    entities += [(p.wikidata, p.id, p.kind, p.mentions) for p in document.places]
    return [
        Linked(str(number), m.bounds[0], m.bounds[1] - 1, wikidata or f"NIL {number} {own}", kind)
        for wikidata, own, kind, mentions in entities
        for m in mentions
    ]


def measurements(document: Document, *, ordered: bool = False) -> list[Annotation]:
    """Numbers as quantities with unit and modifiers, and what they count as the measured entity.

    Each makes a set, numbered as it stands in the document, or ``ordered`` by place and content.
    """
    where = mentions_of(document)

    def content(number: Number) -> tuple[object, ...]:
        counted = [m.pieces for m in where.get(number.counted, ())[:1]]
        return number.mention.pieces, number.kind, number.unit, number.mod, counted

    numbers = sorted(document.numbers, key=content) if ordered else document.numbers
    found: list[Annotation] = []
    for n, number in enumerate(numbers, start=1):
        start, end = number.mention.bounds
        mods = [*MODIFIERS.get(number.mod, ()), *(["IsCount"] if number.kind == "COUNT" else [])]
        other = {**({"mods": mods} if mods else {}), **({"unit": number.unit} if number.unit else {})}
        found.append(Annotation(n, QUANTITY, start, end, f"Q{n}", document.text[start:end], other))
        for m in where.get(number.counted, ())[:1]:
            begin, stop = m.bounds
            entity = f"E{n}", document.text[begin:stop], {"HasQuantity": f"Q{n}"}
            found.append(Annotation(n, SPANS[0], begin, stop, *entity))
    return found
