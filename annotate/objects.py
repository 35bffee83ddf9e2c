"""The objects of a document, immutable values: mentions, actors, places, times, numbers, events, quotations.

In code they are imported from ``document.py``, which says how offsets, ids and what is empty are written.
"""

from __future__ import annotations

from typing import Any

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

    @classmethod
    def at(cls, text: str, *pieces: tuple[int, int]) -> Mention:
        """The mention that stands in a text at one or more pieces, each (start, end).

        >>> Mention.at("lay him down", (0, 3), (8, 12)) == Mention("lay", 0, more=(Fragment("down", 8),))
        True
        """
        first, *more = (Fragment(text[start:end], start) for start, end in pieces)
        return cls(first.text, first.start, more=tuple(more))

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
