"""Heads and evidence: said once, derived where they can be.

A head is stored as a word and found as a place; evidence that is a mention of
what it stands for keeps no head of its own, since the object has it. Both forms
on disk go through these functions, so both say the same.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from goldwire.annotate.document import Document, Mention, Span
from goldwire.annotate.structure import StructureError
from goldwire.annotate.surface import places


def head_found(mention: Mention) -> Mention:
    """The mention with ``head_start`` derived from ``head``; raises StructureError."""
    if not mention.head or (mention.head == mention.text and not mention.more):
        return replace(mention, head="", head_start=-1)
    if mention.head_start >= 0:
        return mention
    at = _head_places(mention)
    if len(at) != 1:
        many = "stands more than once" if at else "does not stand"
        raise StructureError(f"head: {mention.head!r} {many} in {mention.text!r}; say head_start")
    return replace(mention, head_start=at[0])


def head_left_out(mention: Mention) -> Mention:
    """The inverse of ``head_found``: ``head_start`` only where it cannot be derived."""
    if mention.head and _head_places(mention) == [mention.head_start]:
        return replace(mention, head_start=-1)
    return mention


def _head_places(mention: Mention) -> list[int]:
    pieces = [(mention.start, mention.text), *((f.start, f.text) for f in mention.more)]
    return [start + at for start, text in pieces for at in places(text, mention.head)]


def map_mentions(item: Any, change: Any) -> Any:
    """The object with every mention in it changed, however deep it stands."""
    match item:
        case Mention():
            return change(item)
        case tuple():
            return tuple(map_mentions(x, change) for x in item)
        case msgspec.Struct():
            new = {name: map_mentions(getattr(item, name), change) for name in item.__struct_fields__}
            return replace(item, **new)
        case _:
            return item


def settled(item: Document) -> Document:
    """The document with every fact in one place, so that both forms on disk say the same.

    Evidence that is a mention of what it stands for keeps no head of its own;
    what is known of a span in a tool's own words stands with the span, not its mention.
    """
    own: dict[str, dict[tuple[tuple[int, int], ...], Mention]] = {}
    for actor in item.actors:
        own[actor.id] = {m.pieces: m for m in actor.mentions}
    for place in item.places:
        own[place.id] = {m.pieces: m for m in place.mentions}
    for time in item.times:
        own[time.id] = {time.mention.pieces: time.mention}
    for number in item.numbers:
        own[number.id] = {number.mention.pieces: number.mention}
    for event in item.events:
        own[event.id] = {event.trigger.pieces: event.trigger}

    def bare(mention: Mention | None, ref: str) -> Mention | None:
        whole = own.get(ref, {}).get(mention.pieces) if mention else None
        if not mention or not whole:
            return mention
        # What only the evidence says, a confidence or a note, it keeps.
        sure = "" if mention.confidence == whole.confidence else mention.confidence
        extra = {k: v for k, v in mention.extra.items() if k not in whole.extra or whole.extra[k] != v}
        return Mention(mention.text, mention.start, more=mention.more, confidence=sure, extra=extra)

    return replace(
        item,
        events=tuple(
            replace(e, args=tuple(replace(a, evidence=bare(a.evidence, a.ref)) for a in e.args))
            for e in item.events
        ),
        quotations=tuple(replace(q, speaker_span=bare(q.speaker_span, q.speaker)) for q in item.quotations),
        spans=tuple(map(_hoisted, item.spans)),
    )


def _hoisted(span: Span) -> Span:
    mention = span.mention
    return replace(
        span,
        mention=replace(mention, confidence="", extra={}),
        confidence=span.confidence or mention.confidence,
        extra={**mention.extra, **span.extra},
    )
