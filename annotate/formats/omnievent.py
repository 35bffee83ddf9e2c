"""OmniEvent's unified JSON: events of several triggers, in characters, the end exclusive.

``{"id", "text", "events": [{"type", "triggers": [{"id", "trigger_word", "position": [s, e],
"arguments": [{"role", "mentions": [{"id", "mention", "position"}]}]}]}], "negative_triggers",
"entities": [{"id", "type", "mentions": […]}]}``. Code points, proved against the words; where
they fit in no unit, the file is refused. An entity is an actor, a trigger an event; the
triggers of one event share ``coref``. Tried on examples of our own making: the shape is that of
OmniEvent's documentation.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from msgspec import Struct, field

from goldwire.annotate.document import Actor, Argument, Document, Event, Mention, Meta
from goldwire.annotate.formats import source
from goldwire.annotate.formats.partial import Participants, as_read, count_lost
from goldwire.annotate.offsets import Claim, prove
from goldwire.annotate.problems import Problem

KEY = "omnievent"
CARRIES = {
    "event": "type trigger args coref",
    "span": "label mention",
    "actor": "type mentions",
    "place": "kind mentions",
    "time": "kind mention",
    "number": "kind mention",
}


class Said(Struct):
    """A mention of an entity or of an argument."""

    mention: str
    position: tuple[int, int]
    id: str = ""


class Role(Struct):
    """An argument with its mentions."""

    role: str
    mentions: list[Said] = field(default_factory=list)


class Trigger(Struct):
    """One mention of an event."""

    trigger_word: str
    position: tuple[int, int]
    id: str = ""
    arguments: list[Role] = field(default_factory=list)


class Group(Struct):
    """One event with its triggers."""

    type: str
    triggers: list[Trigger]


class Entity(Struct):
    """One entity with its mentions."""

    mentions: list[Said]
    type: str = ""
    id: str = ""


class Line(Struct):
    """One document."""

    text: str
    id: str = ""
    events: list[Group] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)


def decode(
    files: Mapping[str, BinaryIO], *, ontology: Any = None, notes: list[Problem] | None = None
) -> Iterator[Document]:
    """A document from each line; raises ProblemError with the line."""
    for name, line, raw, own in source.each(files):
        yield document(raw, name, line, own)


def document(raw: dict[str, Any], name: str = "", line: int = 0, doc_id: str = "") -> Document:
    """The document of one line; raises ProblemError."""
    said = source.shaped(raw, Line, name, line)
    text = source.checked_text(said.text, name, line)
    triggers = [t for group in said.events for t in group.triggers]
    claims = [Claim(*t.position, t.trigger_word, line, f"trigger {t.id}") for t in triggers]
    parts = [m for e in said.entities for m in e.mentions]
    parts += [m for t in triggers for role in t.arguments for m in role.mentions]
    claims += [Claim(*m.position, m.mention, line, f"mention {m.id}") for m in parts]
    _, bounds = prove(text, claims, where=name)
    places = iter(bounds)
    at_trigger = [next(places) for _ in triggers]
    actors, owner, owned = [], dict[str, str](), dict[tuple[int, int], str]()
    for n, entity in enumerate(said.entities, start=1):
        found = [Mention.at(text, next(places)) for _ in entity.mentions]
        actors.append(Actor(entity.id or f"a{n}", entity.type, mentions=tuple(found)))
        for m, mention in zip(entity.mentions, found, strict=True):
            owner |= {m.id: actors[-1].id} if m.id else {}
            owned.setdefault(mention.bounds, actors[-1].id)
    events: list[Event] = []
    place = iter(at_trigger)
    for group in said.events:
        first = ""
        for t in group.triggers:
            own = t.id or f"e{len(events) + 1}"
            first = first or own
            args = []
            for role in t.arguments:
                for m in role.mentions:
                    mention = Mention.at(text, next(places))
                    ref = owner.get(m.id) or owned.get(mention.bounds, "")
                    args.append(Argument(role.role, ref, mention))
            coref = first if len(group.triggers) > 1 else ""
            events.append(
                Event(own, Mention.at(text, next(place)), group.type, coref=coref, args=tuple(args))
            )
    own_id = said.id or doc_id
    return Document(
        text,
        Meta(own_id),
        actors=tuple(actors),
        events=tuple(events),
        extra={KEY: {"raw": raw, "id": own_id}},
    )


def encode(documents: Iterable[Document], *, lost: Counter[str]) -> Iterator[tuple[str, bytes]]:
    """A document a line.

    >>> left = Event("e1", Mention("left", 4), "MOVE")
    >>> raw = json.loads(next(encode([Document("Ada left.", events=(left,))], lost=Counter()))[1])
    >>> raw["events"][0]["triggers"]
    [{'id': 'e1', 'trigger_word': 'left', 'position': [4, 8], 'arguments': []}]
    """
    for item in documents:
        body = as_read(item, KEY, document) or _written(item, lost)
        yield "", json.dumps(body, ensure_ascii=False).encode() + b"\n"


def _written(item: Document, lost: Counter[str]) -> dict[str, Any]:
    count_lost(item, CARRIES, lost, KEY)
    if empty := sum(not s.mention.text for s in item.spans):
        lost["empty span"] += empty
    who = Participants(item)

    def said(own: str, mention: Mention) -> dict[str, Any]:
        return {"id": own, "mention": mention.text, "position": list(mention.pieces[0])}

    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for event in item.events:
        roles: dict[str, list[dict[str, Any]]] = {}
        for arg in event.args:
            filler = who.of(arg)
            if filler is None:
                lost["argument without a mention"] += 1
            else:
                roles.setdefault(arg.role, []).append(said(filler.id, filler.mention))
        start, end = event.trigger.pieces[0]
        trigger = {
            "id": event.id,
            "trigger_word": event.trigger.text,
            "position": [start, end],
            "arguments": [{"role": role, "mentions": found} for role, found in roles.items()],
        }
        groups.setdefault((event.coref or event.id, event.type), []).append(trigger)
    chains: dict[str, list[Any]] = {}
    for p in who.listed:
        if p.label != "ARG":
            chains.setdefault(p.chain or p.id, []).append(p)
    entities = [
        {"id": own, "type": found[0].label, "mentions": [said(p.id, p.mention) for p in found]}
        for own, found in chains.items()
    ]
    events = [{"type": kind, "triggers": found} for (_, kind), found in groups.items()]
    return {
        "id": item.meta.doc_id,
        "text": item.text,
        "events": events,
        "entities": entities,
        "negative_triggers": [],
    }
