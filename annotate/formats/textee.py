"""Event extraction with token offsets: TextEE, OneIE, DEGREE, GENEVA (one window a line).

``tokens``; ``entity_mentions`` with ``start``, ``end`` (exclusive) and ``text``;
``event_mentions`` with ``trigger`` and ``arguments`` that name entity mentions;
``relation_mentions``. The text is ``text`` or ``sentence`` where the tokens are it but for
white space, else the tokens joined by spaces; each surface is proved against it.

An entity mention is a labelled span of its id, an event mention an event of its id. A
window that nobody changed goes back as it came.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, BinaryIO

from msgspec import UNSET, Struct, UnsetType, field
from msgspec.structs import replace

from goldwire.annotate.document import Argument, Document, Event, Mention, Meta, Relation, Segment, Span
from goldwire.annotate.folding import fold
from goldwire.annotate.formats import source, tokenized
from goldwire.annotate.formats.partial import Participants, count_lost, unchanged
from goldwire.annotate.problems import Problem, visible

KEY = "textee"
CARRIES = {
    "event": "type trigger args",
    "span": "label mention",
    "relation": "from to label",
    "actor": "type mentions",
    "place": "kind mentions",
    "time": "kind mention",
    "number": "kind mention",
    "segment": "start end",
    "meta": "lang",
}


class Piece(Struct):
    """A trigger or a mention: tokens ``start`` to ``end`` (exclusive) and what they say."""

    start: int
    end: int
    text: str | UnsetType = UNSET


class Part(Struct):
    """An argument: the entity mention that fills the role."""

    role: str
    entity_id: str | UnsetType = UNSET
    text: str | UnsetType = UNSET
    start: int | UnsetType = UNSET
    end: int | UnsetType = UNSET


class Entity(Struct):
    """A mention of an entity."""

    id: str
    start: int
    end: int
    text: str | UnsetType = UNSET
    entity_type: str = ""


class EventMention(Struct):
    """A mention of an event; what TextEE predicts has no ids."""

    event_type: str
    trigger: Piece
    id: str = ""
    arguments: list[Part] = field(default_factory=list)


class RelationMention(Struct):
    """A relation between two entity mentions."""

    id: str
    relation_type: str
    arguments: list[Part]


class Window(Struct):
    """One line of the file."""

    tokens: list[str]
    wnd_id: str | UnsetType = UNSET
    doc_id: str | UnsetType = UNSET
    text: str | UnsetType = UNSET
    sentence: str | UnsetType = UNSET
    lang: str | UnsetType = UNSET
    entity_mentions: list[Entity] = field(default_factory=list)
    event_mentions: list[EventMention] = field(default_factory=list)
    relation_mentions: list[RelationMention] = field(default_factory=list)
    sentence_starts: list[int] = field(default_factory=list)


def decode(
    files: Mapping[str, BinaryIO], *, ontology: Any = None, notes: list[Problem] | None = None
) -> Iterator[Document]:
    """A document from each window; raises ProblemError with its line."""
    for name, line, raw, own in source.each(files):
        yield document(raw, name, line, own)


def document(raw: dict[str, Any], name: str = "", line: int = 0, doc_id: str = "") -> Document:
    """The document of one window; raises ProblemError."""
    window = source.shaped(raw, Window, name, line)
    made = tokenized.built([[tokenized.Token(t) for t in window.tokens]])
    text, tokens = made.text, made.tokens
    for given in (window.text, window.sentence):
        if isinstance(given, str) and (found := tokenized.located(given, window.tokens)) is not None:
            text, tokens = given, found
            break
    source.checked_text(text, name, line)
    place = _Place(text, tokens, name, line)
    mentions: dict[str, Mention] = {}
    for e in window.entity_mentions:
        if e.id in mentions:
            source.refuse(name, line, "repeated-id", f"the id {e.id!r} stands more than once")
        mentions[e.id] = place.mention(e.start, e.end, e.text, e.id)
    known_id = next((x for x in (window.wnd_id, window.doc_id) if isinstance(x, str)), doc_id)
    return Document(
        text,
        Meta(known_id, lang=window.lang if isinstance(window.lang, str) else ""),
        segments=_segments(window.sentence_starts, tokens),
        spans=tuple(Span(e.id, mentions[e.id], e.entity_type or "") for e in window.entity_mentions),
        events=tuple(_event(v, mentions, place) for v in _with_ids(window.event_mentions)),
        relations=tuple(_relation(r, mentions, place) for r in window.relation_mentions),
        extra={tokenized.KEY: [list(t) for t in tokens], KEY: raw | {"#": known_id}},
    )


class _Place:
    """Token offsets of one window, proved against its text."""

    def __init__(self, text: str, tokens: Sequence[tokenized.Bounds], name: str, line: int) -> None:
        self.text, self.tokens, self.name, self.line = text, tokens, name, line

    def refuse(self, rule: str, message: str) -> Any:
        source.refuse(self.name, self.line, rule, message)

    def mention(self, first: int, end: int, says: Any, what: str) -> Mention:
        if not 0 <= first < end <= len(self.tokens):
            self.refuse("span-range", f"{what} stands on tokens {first}–{end} of {len(self.tokens)}")
        start, stop = self.tokens[first][0], self.tokens[end - 1][1]
        said = self.text[start:stop]
        if isinstance(says, str) and fold(says, spaces=False).text != fold(said, spaces=False).text:
            message = f"{what} should say {visible(says)}, tokens {first}–{end} say {visible(said)}"
            self.refuse("span-text", message)
        return Mention(said, start)


def _with_ids(events: list[EventMention]) -> Iterator[EventMention]:
    """The events, those without an id numbered by their place."""
    for number, event in enumerate(events, start=1):
        yield event if event.id else replace(event, id=f"e{number}")


def _event(event: EventMention, mentions: Mapping[str, Mention], place: _Place) -> Event:
    said = event.trigger
    trigger = place.mention(said.start, said.end, said.text, f"the trigger of {event.id}")
    args = []
    for part in event.arguments:
        if isinstance(part.entity_id, str):
            if part.entity_id not in mentions:
                place.refuse("argument", f"{event.id} names {part.entity_id!r}, which is no entity mention")
            args.append(Argument(part.role, part.entity_id, mentions[part.entity_id]))
        elif isinstance(part.start, int) and isinstance(part.end, int):
            filler = place.mention(part.start, part.end, part.text, f"{part.role} of {event.id}")
            args.append(Argument(part.role, "", filler))
        else:
            place.refuse("argument", f"{part.role} of {event.id} has neither entity_id nor start and end")
    return Event(event.id, trigger, event.event_type, args=tuple(args))


def _relation(relation: RelationMention, mentions: Mapping[str, Mention], place: _Place) -> Relation:
    ends = [str(a.entity_id) for a in relation.arguments]
    if len(ends) != 2 or any(x not in mentions for x in ends):
        place.refuse("relation", f"{relation.id} should have two arguments that are entity mentions")
    return Relation(relation.id, ends[0], ends[1], relation.relation_type)


def _segments(starts: Sequence[int], tokens: Sequence[tokenized.Bounds]) -> tuple[Segment, ...]:
    """Sentences of a window that says where they begin."""
    edges = [*starts, len(tokens)]
    if len(edges) < 3 or edges != sorted(set(edges)) or edges[0] != 0:
        return ()
    return tuple(
        Segment(f"g{n}", tokens[a][0], tokens[b - 1][1]) for n, (a, b) in enumerate(pairwise(edges), start=1)
    )


def encode(
    documents: Iterable[Document], *, lost: Counter[str], tokenizer: str = ""
) -> Iterator[tuple[str, bytes]]:
    """One window a line, a document each.

    >>> left = Event("e1", Mention("left", 4), "MOVE")
    >>> raw = json.loads(next(encode([Document("Ada left.", events=(left,))], lost=Counter()))[1])
    >>> raw["tokens"], raw["event_mentions"][0]["trigger"]
    (['Ada', 'left', '.'], {'text': 'left', 'start': 1, 'end': 2})
    """
    for item in documents:
        raw = None if tokenizer else unchanged(item, KEY, lambda raw: document(raw, doc_id=raw["#"]))
        body = _written(item, lost, tokenizer) if raw is None else {k: v for k, v in raw.items() if k != "#"}
        yield "", json.dumps(body, ensure_ascii=False).encode() + b"\n"


def _written(item: Document, lost: Counter[str], tokenizer: str) -> dict[str, Any]:
    count_lost(item, CARRIES, lost, KEY)
    lost["chain of mentions"] += sum(len(a.mentions) > 1 for a in item.actors)
    lost["chain of mentions"] += sum(len(p.mentions) > 1 for p in item.places)
    tokens = tokenized.tokens_of(item, tokenizer)
    words = [item.text[a:b] for a, b in tokens]

    def piece(mention: Mention) -> dict[str, Any] | None:
        found = tokenized.covered(tokens, *mention.pieces[0], lost)
        said = item.text[tokens[found[0]][0] : tokens[found[1] - 1][1]] if found else ""
        return {"text": said, "start": found[0], "end": found[1]} if found else None

    who = Participants(item)
    events: list[dict[str, Any]] = []
    for event in item.events:
        trigger = piece(event.trigger)
        fillers = [(a.role, who.of(a)) for a in event.args]
        lost["argument without a mention"] += sum(p is None for _, p in fillers)
        if trigger:
            args = [{"entity_id": p.id, "role": role, "text": p.mention.text} for role, p in fillers if p]
            events.append({"id": event.id, "event_type": event.type, "trigger": trigger, "arguments": args})
    entities = [{"id": p.id, "entity_type": p.label, **at} for p in who.listed if (at := piece(p.mention))]
    known = {e["id"] for e in entities}
    for event_raw in events:
        event_raw["arguments"] = [a for a in event_raw["arguments"] if a["entity_id"] in known]
    relations = []
    for r in item.relations:
        if {r.source, r.target} <= known:
            ends = [{"entity_id": r.source, "role": "Arg-1"}, {"entity_id": r.target, "role": "Arg-2"}]
            relations.append({"id": r.id, "relation_type": r.label, "arguments": ends})
        else:
            lost["relation between other things than entities"] += 1
    firsts = [s.start for s in tokenized.sentences_of(item, tokens)] if item.segments else [0]
    for key in [k for k, n in lost.items() if not n]:
        del lost[key]
    return {
        "doc_id": item.meta.doc_id,
        "wnd_id": item.meta.doc_id,
        "text": item.text,
        "lang": item.meta.lang,
        "tokens": words,
        "sentence_starts": firsts,
        "entity_mentions": entities,
        "event_mentions": events,
        "relation_mentions": relations,
    }
