"""BigBio's knowledge-base schema: passages, entities, events, coreferences, relations.

Every stretch is ``text: [str], offsets: [[start, end]]``, a pair for each piece; all ids are
strings. The text is made of the passages, set at their offsets; what lies between two is
white space (a line feed and spaces). Code points, proved against the words.

Entities are labelled spans, unless a coreference holds them: then they are mentions of
an actor. Events refer to entities and to each other. A document that nobody changed
goes back as it came.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from msgspec import Struct, field

from goldwire.annotate.document import (
    Actor,
    Argument,
    Document,
    Event,
    Mention,
    Meta,
    Relation,
    Span,
)
from goldwire.annotate.formats import source
from goldwire.annotate.formats.partial import Participants, as_read, count_lost
from goldwire.annotate.offsets import Claim, prove
from goldwire.annotate.problems import Problem

KEY = "bigbio"
CARRIES = {
    "event": "type trigger args pieces",
    "span": "label mention pieces",
    "relation": "from to label",
    "actor": "type mentions pieces",
    "place": "kind mentions pieces",
    "time": "kind mention pieces",
    "number": "kind mention pieces",
}
LONGEST = 50_000_000


class Stretch(Struct):
    """Pieces of text with their offsets."""

    text: list[str] = field(default_factory=list)
    offsets: list[tuple[int, int]] = field(default_factory=list)


class Passage(Struct):
    """A title, an abstract, a paragraph."""

    text: list[str]
    offsets: list[tuple[int, int]]
    id: str = ""
    type: str = ""


class Entity(Struct):
    """A mention of an entity."""

    id: str
    text: list[str]
    offsets: list[tuple[int, int]]
    type: str = ""
    normalized: list[dict[str, Any]] = field(default_factory=list)


class Filler(Struct):
    """An argument of an event."""

    role: str
    ref_id: str


class EventRow(Struct):
    """A mention of an event."""

    id: str
    trigger: Stretch
    type: str = ""
    arguments: list[Filler] = field(default_factory=list)


class Chain(Struct):
    """Entities that are one."""

    id: str
    entity_ids: list[str]


class RelationRow(Struct):
    """A relation between two entities."""

    id: str
    arg1_id: str
    arg2_id: str
    type: str = ""


class Row(Struct):
    """One document."""

    passages: list[Passage]
    id: str = ""
    document_id: str = ""
    entities: list[Entity] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    coreferences: list[Chain] = field(default_factory=list)
    relations: list[RelationRow] = field(default_factory=list)


def decode(
    files: Mapping[str, BinaryIO], *, ontology: Any = None, notes: list[Problem] | None = None
) -> Iterator[Document]:
    """A document from each row; raises ProblemError with its line."""
    for name, line, raw, own in source.each(files):
        yield document(raw, name, line, own)


def document(raw: dict[str, Any], name: str = "", line: int = 0, doc_id: str = "") -> Document:
    """The document of one row; raises ProblemError."""
    row = source.shaped(raw, Row, name, line)
    text = _text(row.passages, name, line)
    reader = _Reader(text, name, line)
    mentions = {e.id: reader.mention(e.text, e.offsets, f"entity {e.id}") for e in row.entities}
    if len(mentions) < len(row.entities):
        source.refuse(name, line, "repeated-id", "two entities have the same id")
    kinds = {e.id: e.type for e in row.entities}
    linked = {e.id: {"normalized": e.normalized} if e.normalized else {} for e in row.entities}
    owner: dict[str, str] = {}
    actors = []
    for chain in row.coreferences:
        reader.known(chain.entity_ids, mentions, f"coreference {chain.id}")
        own = [e for e in chain.entity_ids if e not in owner]
        owner |= dict.fromkeys(own, chain.id)
        held = tuple(_with(mentions[e], {"entity": e, **linked[e]}) for e in own)
        actors.append(Actor(chain.id, kinds[own[0]] if own else "", mentions=held))
    known = {*mentions, *(v.id for v in row.events)}
    events = []
    for v in row.events:
        reader.known([a.ref_id for a in v.arguments], known, f"event {v.id}")
        args = tuple(
            Argument(a.role, owner.get(a.ref_id, a.ref_id), mentions.get(a.ref_id)) for a in v.arguments
        )
        trigger = reader.mention(v.trigger.text, v.trigger.offsets, f"the trigger of {v.id}")
        events.append(Event(v.id, trigger, v.type, args=args))
    relations = []
    for r in row.relations:
        reader.known([r.arg1_id, r.arg2_id], known, f"relation {r.id}")
        ends = [owner.get(x, x) for x in (r.arg1_id, r.arg2_id)]
        relations.append(Relation(r.id, ends[0], ends[1], r.type))
    own_id = row.document_id or row.id or doc_id
    spans = tuple(Span(e, mentions[e], kinds[e], extra=linked[e]) for e in mentions if e not in owner)
    return Document(
        text,
        Meta(own_id),
        actors=tuple(actors),
        events=tuple(events),
        spans=spans,
        relations=tuple(relations),
        extra={KEY: {"raw": raw, "id": own_id}},
    )


def _with(mention: Mention, extra: dict[str, Any]) -> Mention:
    return Mention(mention.text, mention.start, more=mention.more, extra=extra)


def _text(passages: Sequence[Passage], name: str, line: int) -> str:
    """Passages at their offsets; raises ProblemError where they overlap or do not fit."""
    placed = sorted((o, t) for p in passages for t, o in zip(p.text, p.offsets, strict=False))
    pieces: list[str] = []
    at = 0
    for (start, end), text in placed:
        if start < at or end - start != len(text) or end > LONGEST:
            message = f"a passage of {len(text)} characters stands at {start}–{end}, after {at}"
            source.refuse(name, line, "passage", message)
        gap = start - at
        pieces.append(("\n" + " " * (gap - 1) if at else " " * gap) if gap else "")
        pieces.append(text)
        at = end
    return source.checked_text("".join(pieces), name, line)


class _Reader:
    """Offsets and references of one row."""

    def __init__(self, text: str, name: str, line: int) -> None:
        self.text, self.name, self.line = text, name, line

    def mention(self, said: Sequence[str], offsets: Sequence[tuple[int, int]], what: str) -> Mention:
        if not offsets or len(said) != len(offsets):
            message = f"{what} has {len(said)} texts and {len(offsets)} offsets"
            source.refuse(self.name, self.line, "structure", message)
        claims = [Claim(a, b, t, self.line, what) for t, (a, b) in zip(said, offsets, strict=True)]
        _, bounds = prove(self.text, claims, where=self.name, others=("code points",))
        return Mention.at(self.text, *bounds)

    def known(self, ids: Iterable[str], all_ids: Iterable[str], what: str) -> None:
        for own in ids:
            if own not in all_ids:
                source.refuse(
                    self.name, self.line, "dangling-id", f"{what} names {own!r}, which is not there"
                )


def encode(documents: Iterable[Document], *, lost: Counter[str]) -> Iterator[tuple[str, bytes]]:
    """A row a line; the text is one passage.

    >>> left = Event("e1", Mention("left", 4), "MOVE", args=(Argument("who", "", Mention("Ada", 0)),))
    >>> raw = json.loads(next(encode([Document("Ada left.", Meta("d"), events=(left,))], lost=Counter()))[1])
    >>> raw["entities"], raw["events"][0]["arguments"]
    ([{'id': 'x1', 'type': 'ARG', 'text': ['Ada'], 'offsets': [[0, 3]], 'normalized': []}], \
[{'role': 'who', 'ref_id': 'x1'}])
    """
    for item in documents:
        body = as_read(item, KEY, document) or _written(item, lost)
        yield "", json.dumps(body, ensure_ascii=False).encode() + b"\n"


def _written(item: Document, lost: Counter[str]) -> dict[str, Any]:
    count_lost(item, CARRIES, lost, KEY)
    who = Participants(item)

    def stretch(mention: Mention) -> dict[str, Any]:
        said = [mention.text, *(f.text for f in mention.more)]
        return {"text": said, "offsets": [list(p) for p in mention.pieces]}

    known = {e.id for e in item.events}
    events = []
    for event in item.events:
        fillers = []
        for arg in event.args:
            filler = who.of(arg) if arg.ref not in known else None
            ref = arg.ref if arg.ref in known else filler.id if filler else ""
            lost["argument without a mention"] += not ref
            fillers += [{"role": arg.role, "ref_id": ref}] if ref else []
        events.append(
            {"id": event.id, "type": event.type, "trigger": stretch(event.trigger), "arguments": fillers}
        )
    chains: dict[str, list[str]] = {}
    links = {a.id: a.wikidata for a in item.actors} | {p.id: p.wikidata for p in item.places}
    entities = []
    for p in who.listed:
        qid = links.get(p.chain, "")
        linked = [{"db_name": "Wikidata", "db_id": qid}] if qid else p.mention.extra.get("normalized", [])
        entities.append({"id": p.id, "type": p.label, **stretch(p.mention), "normalized": linked})
        if p.chain:
            chains.setdefault(p.chain, []).append(p.id)
    lost["actor wikidata"] = lost["place wikidata"] = 0
    ids = {e["id"] for e in entities} | known
    relations = []
    for r in item.relations:
        if {r.source, r.target} <= ids:
            row = {"id": r.id, "type": r.label, "arg1_id": r.source, "arg2_id": r.target, "normalized": []}
            relations.append(row)
        else:
            lost["relation between other things than entities"] += 1
    for key in [k for k, n in lost.items() if not n]:
        del lost[key]
    # A chain cannot have the id of its first mention; a chain of one needs none.
    coreferences = [{"id": f"{own}-chain", "entity_ids": x} for own, x in chains.items() if len(x) > 1]
    passage = {
        "id": f"{item.meta.doc_id}-text",
        "type": "text",
        "text": [item.text],
        "offsets": [[0, len(item.text)]],
    }
    return {
        "id": item.meta.doc_id,
        "document_id": item.meta.doc_id,
        "passages": [passage],
        "entities": entities,
        "events": events,
        "coreferences": coreferences,
        "relations": relations,
    }
