"""A document for the eye: its text with what stands in it, and its events, chains and facts in words.

Pure: a document in, lines of styled pieces out; the command prints them with ``rich``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from goldwire.annotate.changes.counterparts import surface
from goldwire.annotate.changes.diff import names, title
from goldwire.annotate.changes.parts import parts
from goldwire.annotate.document import (
    Actor,
    Document,
    Event,
    Link,
    Mention,
    Number,
    Place,
    Quotation,
    mentions,
    objects,
)

# Layer -> style of the terminal. Labels stand beside the words, so colour is never all there is.
STYLES = {
    "ACTOR": "green",
    "PLACE": "cyan",
    "TIME": "magenta",
    "NUMBER": "yellow",
    "TRIGGER": "bold red",
    "QUOTE": "blue",
    "CUE": "bold blue",
    "TERM": "dim",
    "VERBATIM": "dim",
    "ANAPHOR": "blue",
    "ARG": "white",
}


class Piece(NamedTuple):
    """Some characters of a line and the style they are shown in; "" is plain."""

    text: str
    style: str = ""


class Mark(NamedTuple):
    """A bracket around a mention: where it stands, the label of its layer, and the object's id."""

    start: int
    end: int
    label: str
    id: str


def marks(document: Document) -> list[Mark]:
    """Every mention's bracket; a discontinuous mention has one for each piece."""
    found = [
        Mark(start, end, label, item.id)
        for _, item in objects(document)
        for label, mention in mentions(item)
        for start, end in mention.pieces
    ]
    return sorted(found, key=lambda m: (m.start, -m.end, m.label, m.id))


def bracketed(document: Document, start: int, end: int) -> list[Piece]:
    """A stretch of the text with its mentions in brackets, nested ones inside.

    >>> from goldwire.annotate.document import Actor, Mention
    >>> d = Document("the mayor of Velm", actors=(Actor("a1", mentions=(Mention("the mayor", 0),)),))
    >>> "".join(p.text for p in bracketed(d, 0, 17))
    '[the mayor|a1] of Velm'
    """
    inside = [m for m in marks(document) if start <= m.start and m.end <= end]
    opens: dict[int, list[Mark]] = {}
    closes: dict[int, list[Mark]] = {}
    for mark in inside:
        opens.setdefault(mark.start, []).append(mark)
        closes.setdefault(mark.end, []).append(mark)
    pieces: list[Piece] = []
    edges = sorted({start, end, *opens, *closes})
    for at, following in zip(edges, [*edges[1:], end], strict=True):
        for mark in sorted(closes.get(at, []), key=lambda m: (-m.start, m.label)):
            pieces.append(Piece(f"|{mark.id}]", STYLES.get(mark.label, "")))
        for mark in opens.get(at, []):
            pieces.append(Piece("[", STYLES.get(mark.label, "")))
        if at < following:
            pieces.append(Piece(document.text[at:following]))
    return pieces


def lines(document: Document) -> Iterator[list[Piece]]:
    """The document, line by line."""
    title = document.meta.title or document.meta.doc_id or "document"
    yield [Piece(title, "bold"), Piece(f"  {document.meta.dct or 'no document time'}", "dim")]
    segments = document.segments or ()
    bounds = [(s.start, s.end, f"{s.id} {s.kind}") for s in segments] or [(0, len(document.text), "")]
    for start, end, name in bounds:
        yield []
        if name:
            yield [Piece(name, "dim")]
        yield bracketed(document, start, end)
    for heading, told in facts(document):
        yield []
        yield [Piece(heading, "bold")]
        yield from ([Piece(f"  {line}")] for line in told)


def facts(document: Document) -> Iterator[tuple[str, list[str]]]:
    """What the document says besides its text, under a heading each; nothing where there is nothing."""
    known = names(document)
    for heading, told in (
        ("Actors and places", _chains(document)),
        ("Times", (f"{t.id} {t.kind} {surface(t.mention)} {t.value}".rstrip() for t in document.times)),
        ("Numbers", (_number(n, known) for n in document.numbers)),
        ("Quotations", (_quotation(q, known) for q in document.quotations)),
        ("Events", (_event(e, known) for e in document.events)),
        ("Links", (_link(x, known) for x in document.links)),
    ):
        if listed := list(told):
            yield heading, listed


def told(kind: str, item: Any, known: dict[str, str]) -> str:
    """An object in words; ``known`` are what its document's objects are called (``diff.names``).

    >>> from goldwire.annotate.document import Actor, Mention
    >>> told("actor", Actor("a1", "CIV", "mayor", mentions=(Mention("the mayor", 0),)), {})
    'a1 CIV mayor: «the mayor»'
    """
    match item:
        case Number():
            return _number(item, known)
        case Quotation():
            return _quotation(item, known)
        case Event():
            return _event(item, known)
        case Link():
            return _link(item, known)
        case Actor():
            return _chain(item.id, item.type, item.name, item.mentions)
        case Place():
            return _chain(item.id, item.kind, item.name, item.mentions)
    said = [f"{key} {part.shown}" for key, part in parts(item, str, lambda x: known.get(x, x)).items()]
    return f"{title(kind, item)}: {'; '.join(said)}"


def _chains(document: Document) -> Iterator[str]:
    for actor in document.actors:
        yield _chain(actor.id, actor.type, actor.name, actor.mentions)
    for place in document.places:
        yield _chain(place.id, place.kind, place.name, place.mentions)


def _chain(ref: str, label: str, name: str, mentions: tuple[Mention, ...]) -> str:
    return f"{ref} {label} {name or '–'}: {', '.join(dict.fromkeys(surface(m) for m in mentions))}"


def _number(item: Number, known: dict[str, str]) -> str:
    value = item.value or "–"
    if item.low or item.high:
        opening, closing = "(" if item.open_low else "[", ")" if item.open_high else "]"
        value += f" in {opening}{item.low or '–'}, {item.high or '–'}{closing}"
    counted = known.get(item.counted, item.counted) or item.unit or "–"
    return f"{item.id} {item.kind} {surface(item.mention)}: {value}; {item.mod}; {item.stat}; of {counted}"


def _quotation(item: Quotation, known: dict[str, str]) -> str:
    speaker = known.get(item.speaker, item.speaker) or surface(item.speaker_span)
    cue, content = (" ".join(surface(m) for m in side) or "–" for side in (item.cue, item.content))
    inside = f", inside {item.parent}" if item.parent else ""
    return f"{item.id} {speaker} {cue} {content} ({item.directness}, {item.stance}{inside})"


def _event(item: Event, known: dict[str, str]) -> str:
    said = [f"{a.role} {known.get(a.ref, a.ref) or surface(a.evidence)}" for a in item.args]
    states = (item.polarity, item.modality, item.tense, item.phase)
    said += [" ".join(x for x in states if x not in ("pos", "asserted", "none"))]
    said += [f"{f.holder} {f.value}" for f in item.factuality]
    same = f" = {item.coref}" if item.coref not in ("", item.id) else ""
    return f"{item.id}{same} {item.type} {surface(item.trigger)}: {'; '.join(x for x in said if x)}"


def _link(item: Link, known: dict[str, str]) -> str:
    return f"{known.get(item.source, item.source)} {item.type} {known.get(item.target, item.target)}"
