"""The document: one text and everything annotated in it, as immutable values.

This file is the one definition of the record. The two forms on disk
(``formats/lines.py``, ``formats/record.py``), the JSON Schema, the dataset's
features and the checks are all generated from the classes below; the labels
that fields may hold stand in ``guidelines/ontology.toml``.

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

Extra = dict[str, Any]


class Fragment(Struct, frozen=True, gc=False):
    """A further piece of a discontinuous mention."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Mention(Struct, frozen=True):
    """A stretch of text that means something: surface, place and head.

    ``head`` is a word of ``text`` and begins at ``head_start``; it is all of
    ``text`` where a mention has no narrower head (one word, a quotation, a cue).
    ``form`` and ``metonymy`` are used by mentions of actors, ``form`` also by
    those of places.

    >>> m = Mention("the old bridge", 10, head="bridge", head_start=18)
    >>> m.bounds, m.pieces
    ((10, 24), ((10, 24),))
    >>> Mention("lay", 4, more=(Fragment("down", 12),)).pieces
    ((4, 7), (12, 16))
    """

    text: str
    start: int
    head: str = ""
    head_start: int = -1
    more: tuple[Fragment, ...] = ()
    form: str = ""
    metonymy: str = ""
    confidence: str = ""
    extra: Extra = field(default_factory=dict)

    @property
    def end(self) -> int:
        """End of the first fragment."""
        return self.start + len(self.text)

    @property
    def bounds(self) -> tuple[int, int]:
        """From the first character of the mention to the last of its last fragment."""
        return self.start, max([self.end, *(f.end for f in self.more)])

    @property
    def pieces(self) -> tuple[tuple[int, int], ...]:
        """The fragments, each (start, end), in the order given."""
        return ((self.start, self.end), *((f.start, f.end) for f in self.more))

    @property
    def head_bounds(self) -> tuple[int, int]:
        """(start, end) of the head; of the first fragment where no head was given."""
        if self.head_start < 0:
            return self.start, self.end
        return self.head_start, self.head_start + len(self.head)


class Segment(Struct, frozen=True):
    """A headline, a sub-headline or a sentence."""

    id: str
    start: int
    end: int
    kind: str = "sentence"
    paragraph: int = 0
    note: str = ""
    extra: Extra = field(default_factory=dict)


class Actor(Struct, frozen=True):
    """Somebody or something that acts, is acted on, or speaks: one entity with its mentions."""

    id: str
    type: str = ""
    name: str = ""
    wikidata: str = ""
    status: str = "none"
    affiliation: tuple[str, ...] = ()
    member_of: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    confidence: str = ""
    note: str = ""
    extra: Extra = field(default_factory=dict)


class Place(Struct, frozen=True):
    """Where things are: one place with its mentions. ``actor`` is the same country as an actor."""

    id: str
    kind: str = ""
    name: str = ""
    wikidata: str = ""
    part_of: str = ""
    controlled_by: str = ""
    member_of: tuple[str, ...] = ()
    actor: str = ""
    mentions: tuple[Mention, ...] = ()
    confidence: str = ""
    note: str = ""
    extra: Extra = field(default_factory=dict)


class Time(Struct, frozen=True):
    """A time expression with its TIMEX3 value; ``resolved`` is always an interval START/END."""

    id: str
    mention: Mention
    kind: str = ""
    value: str = ""
    resolved: str = ""
    basis: str = "none"
    mod: str = ""
    anchor: str = ""
    confidence: str = ""
    note: str = ""
    extra: Extra = field(default_factory=dict)


class Number(Struct, frozen=True):
    """A quantity: the full expression (its head is the bare numeral) and what it says.

    ``value``, ``low`` and ``high`` are decimal strings; a bound that is open is
    not itself included ("more than 600": low 600, open).
    """

    id: str
    mention: Mention
    kind: str = ""
    value: str = ""
    low: str = ""
    high: str = ""
    open_low: bool = False
    open_high: bool = False
    mod: str = "exact"
    rounded: bool = False
    unit: str = ""
    counted: str = ""
    of: str = ""
    stat: str = "unspecified"
    as_of: str = ""
    scope: str = ""
    said_by: str = ""
    trend_from: str = ""
    confidence: str = ""
    note: str = ""
    extra: Extra = field(default_factory=dict)


class Detail(Struct, frozen=True, gc=False):
    """A type's own attribute, such as ``method`` of a strike; the ontology lists them."""

    name: str
    value: str


class Argument(Struct, frozen=True):
    """A participant of an event: ``ref`` is an id; ``evidence`` the mention that shows it.

    Where the filler is no annotated object, ``ref`` is "" and ``evidence`` is the filler.
    """

    role: str
    ref: str = ""
    evidence: Mention | None = None
    polarity: str = "pos"
    confidence: str = ""
    extra: Extra = field(default_factory=dict)


class Factuality(Struct, frozen=True, gc=False):
    """How certain ``holder`` (AUTHOR or a quotation) is that the event happened."""

    holder: str
    value: str


class Event(Struct, frozen=True):
    """One mention of an event; mentions of one event share ``coref``, the first one's id."""

    id: str
    trigger: Mention
    type: str = ""
    coref: str = ""
    polarity: str = "pos"
    modality: str = "asserted"
    tense: str = "unspecified"
    phase: str = "none"
    plural: bool = False
    details: tuple[Detail, ...] = ()
    args: tuple[Argument, ...] = ()
    factuality: tuple[Factuality, ...] = ()
    confidence: str = ""
    note: str = ""
    extra: Extra = field(default_factory=dict)


class Link(Struct, frozen=True):
    """A relation between two events."""

    id: str
    source: str = field(name="from")
    target: str = field(name="to")
    type: str = ""
    evidence: Mention | None = None
    confidence: str = ""
    note: str = ""
    extra: Extra = field(default_factory=dict)


class Quotation(Struct, frozen=True):
    """Words or thoughts attributed to a speaker."""

    id: str
    speaker: str = ""
    speaker_span: Mention | None = None
    cue: tuple[Mention, ...] = ()
    content: tuple[Mention, ...] = ()
    verbatim: tuple[Mention, ...] = ()
    anaphor: Mention | None = None
    addressee: str = ""
    directness: str = "indirect"
    stance: str = "assert"
    polarity: str = "pos"
    parent: str = ""
    via: tuple[str, ...] = ()
    medium: str = ""
    event: str = ""
    content_tail: str = "certain"
    confidence: str = ""
    note: str = ""
    extra: Extra = field(default_factory=dict)


class Term(Struct, frozen=True):
    """A word in quotation marks that nobody is quoted for: a term, a title, a scare quote."""

    id: str
    mention: Mention
    note: str = ""
    extra: Extra = field(default_factory=dict)


class Span(Struct, frozen=True):
    """A labelled span that belongs to no object: what a tool or a system wrote in words of its own."""

    id: str
    mention: Mention
    label: str = ""
    confidence: str = ""
    note: str = ""
    extra: Extra = field(default_factory=dict)


class Relation(Struct, frozen=True):
    """A labelled relation between two objects, again in somebody's own words."""

    id: str
    source: str = field(name="from")
    target: str = field(name="to")
    label: str = ""
    confidence: str = ""
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
