"""The document: one text and everything annotated in it, as immutable values, and the ways through it.

This file, with the objects of ``objects.py`` that it passes on, is the one
definition of the record. The two forms on disk (``formats/lines.py``,
``formats/record.py``), the JSON Schema, the dataset's features and the checks
are all generated from these classes; the labels that fields may hold stand in
``guidelines/ontology.toml``.

Conventions
    Offsets count Unicode code points and are half-open: ``text[start:end]`` is
    the mention. Objects refer to each other by id. An empty string or an empty
    tuple means "nothing"; there are no nulls and no floats. ``extra`` holds keys
    that goldwire does not know, so that reading and writing loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct, field

from goldwire.annotate.objects import (
    Actor,
    Argument,
    Detail,
    Event,
    Extra,
    Factuality,
    Fragment,
    Link,
    Mention,
    Number,
    Place,
    Quotation,
    Relation,
    Span,
    Term,
    Time,
)

__all__ = [
    "CLASSES",
    "COLLECTIONS",
    "SPAN_LAYERS",
    "Actor",
    "Ambiguity",
    "Argument",
    "Detail",
    "Document",
    "Event",
    "Extra",
    "Factuality",
    "Fragment",
    "Link",
    "Mask",
    "Mention",
    "Meta",
    "Number",
    "Place",
    "Provenance",
    "Quotation",
    "Relation",
    "Segment",
    "Span",
    "Term",
    "Time",
    "mentions",
    "objects",
]


class Segment(Struct, frozen=True):
    """A headline, a sub-headline or a sentence."""

    id: str
    start: int
    end: int
    kind: str = "sentence"
    paragraph: int = 0
    note: str = ""
    extra: Extra = field(default_factory=dict)


class Ambiguity(Struct, frozen=True):
    """Where the text allows more than one reading: the gold value holds, and so do those accepted.

    ``on`` is an object's id, ``field`` one of its fields, ``exists``, ``args[role]``,
    ``factuality[holder]`` or, of an actor or a place, ``mentions[words]`` (whose mention it is).
    Entries that share a non-empty ``reading`` hold together. ``""`` among ``accept`` means that
    nothing at all is right too.
    """

    id: str
    on: str
    field: str
    reading: str = ""
    accept: tuple[str, ...] = ()
    note: str = ""
    extra: Extra = msgspec.field(default_factory=dict)


class Mask(Struct, frozen=True):
    """Text that was not annotated: nothing there is counted. ``layer`` "" means every layer."""

    id: str
    start: int
    end: int
    layer: str = ""
    reason: str = ""
    note: str = ""
    extra: Extra = field(default_factory=dict)


class Provenance(Struct, frozen=True):
    """Who made or decided an object; ``on`` "" is the default for the document."""

    id: str
    on: str = ""
    annotator: str = ""
    action: str = ""
    rule: str = ""
    cause: str = ""
    tool: str = ""
    note: str = ""
    extra: Extra = field(default_factory=dict)


class Meta(Struct, frozen=True):
    """What is known of a document besides its text. ``layers`` names those that are finished.

    ``ontology`` is the name and version of labels other than those of the guidelines.
    """

    doc_id: str = ""
    title: str = ""
    origin: str = ""
    dct: str = ""
    dct_basis: str = "none"
    dct_evidence: str = ""
    lang: str = ""
    license: str = ""
    ontology: str = ""
    layers: tuple[str, ...] = ()
    note: str = ""
    extra: Extra = field(default_factory=dict)


class Document(Struct, frozen=True):
    """One text with all its layers, each in reading order."""

    text: str
    meta: Meta = Meta()
    segments: tuple[Segment, ...] = ()
    actors: tuple[Actor, ...] = ()
    places: tuple[Place, ...] = ()
    times: tuple[Time, ...] = ()
    numbers: tuple[Number, ...] = ()
    events: tuple[Event, ...] = ()
    links: tuple[Link, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    terms: tuple[Term, ...] = ()
    spans: tuple[Span, ...] = ()
    relations: tuple[Relation, ...] = ()
    ambiguities: tuple[Ambiguity, ...] = ()
    masks: tuple[Mask, ...] = ()
    provenance: tuple[Provenance, ...] = ()
    extra: Extra = field(default_factory=dict)

    def _repr_html_(self) -> str:
        from goldwire.annotate.drawing import html

        return html(self)


# Kind of object (the key that opens its line) -> the field of Document that holds it.
# The order is that of the lines in a file.
COLLECTIONS: dict[str, str] = {
    "segment": "segments",
    "actor": "actors",
    "place": "places",
    "time": "times",
    "number": "numbers",
    "quotation": "quotations",
    "term": "terms",
    "event": "events",
    "link": "links",
    "span": "spans",
    "relation": "relations",
    "ambiguity": "ambiguities",
    "mask": "masks",
    "provenance": "provenance",
}


CLASSES: dict[str, type[Any]] = {
    "segment": Segment,
    "actor": Actor,
    "place": Place,
    "time": Time,
    "number": Number,
    "quotation": Quotation,
    "term": Term,
    "event": Event,
    "link": Link,
    "span": Span,
    "relation": Relation,
    "ambiguity": Ambiguity,
    "mask": Mask,
    "provenance": Provenance,
}


# Label of a mention's span -> the layer that it belongs to.
SPAN_LAYERS = {
    "TRIGGER": "events",
    "ACTOR": "actors",
    "PLACE": "places",
    "TIME": "times",
    "NUMBER": "numbers",
    "QUOTE": "quotations",
    "CUE": "quotations",
}


def objects(document: Document) -> Iterator[tuple[str, Any]]:
    """Every object of a document with its kind, in the order of the lines.

    >>> d = Document("Ada left.", actors=(Actor("a1"),), events=(Event("e1", Mention("left", 4)),))
    >>> [(kind, x.id) for kind, x in objects(d)]
    [('actor', 'a1'), ('event', 'e1')]
    """
    for kind, name in COLLECTIONS.items():
        for item in getattr(document, name):
            yield kind, item


def mentions(item: Any) -> Iterator[tuple[str, Mention]]:
    """Every mention that stands in an object, with the label of its span.

    >>> q = Quotation("q1", cue=(Mention("said", 3),), content=(Mention("yes", 8),))
    >>> [(label, m.text) for label, m in mentions(q)]
    [('QUOTE', 'yes'), ('CUE', 'said')]
    """
    match item:
        case Actor():
            yield from (("ACTOR", m) for m in item.mentions)
        case Place():
            yield from (("PLACE", m) for m in item.mentions)
        case Time():
            yield "TIME", item.mention
        case Number():
            yield "NUMBER", item.mention
        case Term():
            yield "TERM", item.mention
        case Span():
            yield item.label, item.mention
        case Event():
            yield "TRIGGER", item.trigger
            yield from (("ARG", a.evidence) for a in item.args if a.evidence and not a.ref)
        case Quotation():
            yield from (("QUOTE", m) for m in item.content)
            yield from (("CUE", m) for m in item.cue)
            yield from (("VERBATIM", m) for m in item.verbatim)
            if item.anaphor:
                yield "ANAPHOR", item.anaphor
