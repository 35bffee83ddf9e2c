"""The corpus as tables: what ``datasets.load_dataset("corpus", name)`` returns.

One table, "config", for each way of looking at the corpus: whole documents, and
one row per object with its surface text, its offsets, the sentence it stands in,
and with references resolved to names, so that a row can be read by itself.
Pure: documents and ontology in, rows out. Columns keep one type for ever: no
nulls, decimal strings for values, labels from the ontology.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from goldwire.annotate.dataset.columns import SCHEMA, shaped
from goldwire.annotate.document import Document, Mention, Segment, objects
from goldwire.annotate.formats import record
from goldwire.annotate.formats.record import Tokenizer

Row = dict[str, Any]


def rows(documents: Iterable[Document], tokenizer: Tokenizer) -> dict[str, list[Row]]:
    """The rows of every config that is made from the gold."""
    result: dict[str, list[Row]] = {name: [] for name in ("documents", *FLAT, "tokens")}
    for document in documents:
        view = View(document)
        result["documents"].append(_whole(document, tokenizer))
        for name, make in FLAT.items():
            result[name] += make(view)
        result["tokens"] += tokens(view, tokenizer)
    return result


class View:
    """A document with its ids resolved."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.objects = {item.id: (kind, item) for kind, item in objects(document)}

    def base(self, mention: Mention) -> Row:
        """Where a mention stands, and the sentence around it."""
        start, end = mention.bounds
        segment = self.segment(start)
        return {
            "text": mention.text
            if not mention.more
            else " … ".join([mention.text, *(f.text for f in mention.more)]),
            "start": start,
            "end": end,
            "segment": segment.id,
            "sentence": self.document.text[segment.start : segment.end],
        }

    def segment(self, at: int) -> Segment:
        """The segment that holds a place of the text."""
        inside = [s for s in self.document.segments if s.start <= at < s.end]
        return inside[0] if inside else Segment("", 0, len(self.document.text))

    def name(self, ref: str) -> str:
        """What a person calls the object with this id: its name, else its words."""
        if ref not in self.objects:
            return ref
        _, item = self.objects[ref]
        if getattr(item, "name", ""):
            return str(item.name)
        mention = self.mention(ref)
        return mention.text if mention else ref

    def kind(self, ref: str) -> str:
        """The kind of the object with this id; "" if there is none."""
        return self.objects[ref][0] if ref in self.objects else ""

    def mention(self, ref: str) -> Mention | None:
        """The mention that stands for an object."""
        if ref not in self.objects:
            return None
        kind, item = self.objects[ref]
        match kind:
            case "actor" | "place":
                return item.mentions[0] if item.mentions else None
            case "event":
                return item.trigger  # type: ignore[no-any-return]
            case "quotation":
                return item.content[0] if item.content else None
            case _:
                return getattr(item, "mention", None)


def _whole(document: Document, tokenizer: Tokenizer) -> Row:
    row = record.record(document, tokenizer)
    whole: Row = shaped({k: row[k] for k in SCHEMA["documents"]}, SCHEMA["documents"])
    return whole


def events(view: View) -> Iterator[Row]:
    """A row per mention of an event."""
    for item in view.document.events:
        yield {
            "doc_id": view.document.meta.doc_id,
            "event": item.id,
            "coref": item.coref,
            "type": item.type,
            **view.base(item.trigger),
            "polarity": item.polarity,
            "modality": item.modality,
            "tense": item.tense,
            "phase": item.phase,
            "plural": item.plural,
            "details": [{"name": d.name, "value": d.value} for d in item.details],
            "args": [
                {
                    "role": a.role,
                    "kind": view.kind(a.ref) or "text",
                    "ref": a.ref,
                    "name": view.name(a.ref) if a.ref else a.evidence.text if a.evidence else "",
                    "text": a.evidence.text if a.evidence else "",
                    "start": a.evidence.start if a.evidence else -1,
                    "end": a.evidence.bounds[1] if a.evidence else -1,
                    "polarity": a.polarity,
                }
                for a in item.args
            ],
            "factuality": [
                {
                    "holder": f.holder,
                    "name": _speaker(view, f.holder),
                    "value": f.value,
                }
                for f in item.factuality
            ],
            "accepted": accepted(view, item.id),
        }


def actors(view: View) -> Iterator[Row]:
    """A row per mention of an actor."""
    for item in view.document.actors:
        for mention in item.mentions:
            yield {
                "doc_id": view.document.meta.doc_id,
                "actor": item.id,
                "name": item.name,
                "type": item.type,
                "wikidata": item.wikidata,
                "status": item.status,
                "affiliation": [view.name(x) for x in item.affiliation],
                "member_of": [view.name(x) for x in item.member_of],
                **view.base(mention),
                "head": mention.head or mention.text,
                "form": mention.form,
                "metonymy": mention.metonymy or "none",
                "accepted": accepted(view, item.id),
            }


def places(view: View) -> Iterator[Row]:
    """A row per mention of a place."""
    for item in view.document.places:
        for mention in item.mentions:
            yield {
                "doc_id": view.document.meta.doc_id,
                "place": item.id,
                "name": item.name,
                "kind": item.kind,
                "wikidata": item.wikidata,
                "part_of": view.name(item.part_of),
                "controlled_by": view.name(item.controlled_by),
                **view.base(mention),
                "head": mention.head or mention.text,
                "accepted": accepted(view, item.id),
            }


def times(view: View) -> Iterator[Row]:
    """A row per time expression."""
    for item in view.document.times:
        yield {
            "doc_id": view.document.meta.doc_id,
            "time": item.id,
            **view.base(item.mention),
            "kind": item.kind,
            "value": item.value,
            "resolved": item.resolved,
            "basis": item.basis,
            "mod": item.mod,
            "anchor": item.anchor,
            "anchor_text": view.name(item.anchor),
            "accepted": accepted(view, item.id),
        }


def numbers(view: View) -> Iterator[Row]:
    """A row per quantity."""
    for item in view.document.numbers:
        yield {
            "doc_id": view.document.meta.doc_id,
            "number": item.id,
            **view.base(item.mention),
            "numeral": item.mention.head or item.mention.text,
            "kind": item.kind,
            "value": item.value,
            "low": item.low,
            "high": item.high,
            "open_low": item.open_low,
            "open_high": item.open_high,
            "mod": item.mod,
            "rounded": item.rounded,
            "unit": item.unit,
            "counted": item.counted,
            "counted_kind": view.kind(item.counted),
            "counted_name": view.name(item.counted),
            "of": view.name(item.of),
            "stat": item.stat,
            "as_of": view.name(item.as_of),
            "scope": view.name(item.scope),
            "said_by": item.said_by,
            "said_by_name": _speaker(view, item.said_by),
            "trend_from": item.trend_from,
            "accepted": accepted(view, item.id),
        }


def quotations(view: View) -> Iterator[Row]:
    """A row per quotation; ``text`` is its content, the cue's where the content stands elsewhere."""
    for item in view.document.quotations:
        first = (item.content or item.cue or (Mention("", 0),))[0]
        yield {
            "doc_id": view.document.meta.doc_id,
            "quotation": item.id,
            **view.base(first),
            "speaker": item.speaker,
            "speaker_name": view.name(item.speaker),
            "speaker_text": item.speaker_span.text if item.speaker_span else "",
            "cue": _pieces(item.cue),
            "content": _pieces(item.content),
            "verbatim": _pieces(item.verbatim),
            "anaphor": item.anaphor.text if item.anaphor else "",
            "addressee": view.name(item.addressee),
            "directness": item.directness,
            "stance": item.stance,
            "polarity": item.polarity,
            "parent": item.parent,
            "via": [view.name(x) for x in item.via],
            "medium": item.medium,
            "event": item.event,
            "content_tail": item.content_tail,
            "accepted": accepted(view, item.id),
        }


def tokens(view: View, tokenizer: Tokenizer) -> Iterator[Row]:
    """A row per segment: tokens with BIO tags per layer; of nested spans the outermost is tagged."""
    document = view.document
    bounds = tokenizer(document.text)
    layers: dict[str, list[tuple[int, int, str]]] = {
        "actor_tags": [(*m.bounds, a.type) for a in document.actors for m in a.mentions],
        "place_tags": [(*m.bounds, p.kind) for p in document.places for m in p.mentions],
        "event_tags": [(*e.trigger.bounds, e.type) for e in document.events],
        "number_tags": [(*n.mention.bounds, n.kind) for n in document.numbers],
        "time_tags": [(*t.mention.bounds, t.kind) for t in document.times],
        "quotation_tags": [(*m.bounds, q.directness) for q in document.quotations for m in q.content],
    }
    for segment in document.segments:
        inside = [(a, b) for a, b in bounds if segment.start <= a and b <= segment.end]
        yield {
            "doc_id": document.meta.doc_id,
            "segment": segment.id,
            "kind": segment.kind,
            "tokens": [document.text[a:b] for a, b in inside],
            "starts": [a for a, _ in inside],
            "ends": [b for _, b in inside],
            **{name: bio(inside, spans) for name, spans in layers.items()},
        }


def bio(bounds: list[tuple[int, int]], spans: list[tuple[int, int, str]]) -> list[str]:
    """BIO tags of tokens; a span that begins first, then the longer one, takes its tokens.

    >>> bio([(0, 3), (4, 8), (9, 12)], [(4, 12, "X"), (9, 12, "Y")])
    ['O', 'B-X', 'I-X']
    """
    tags = ["O"] * len(bounds)
    for start, end, label in sorted(spans, key=lambda s: (s[0], -s[1], s[2])):
        touched = [i for i, (a, b) in enumerate(bounds) if a < end and b > start]
        if touched and all(tags[i] == "O" for i in touched):
            tags[touched[0]] = f"B-{label}"
            for i in touched[1:]:
                tags[i] = f"I-{label}"
    return tags


def accepted(view: View, ref: str) -> list[Row]:
    """The other readings that are right too, field by field."""
    return [
        {"field": x.field, "accept": list(x.accept), "reading": x.reading}
        for x in view.document.ambiguities
        if x.on == ref
    ]


def _pieces(mentions: Iterable[Mention]) -> list[Row]:
    return [{"text": m.text, "start": m.start, "end": m.bounds[1]} for m in mentions]


def _speaker(view: View, holder: str) -> str:
    """Who holds or says something: the speaker of a quotation, or the author."""
    kind, item = view.objects.get(holder, ("", None))
    if kind == "quotation" and item is not None:
        return view.name(item.speaker) if item.speaker else item.id
    return holder


FLAT: Mapping[str, Callable[[View], Iterator[Row]]] = {
    "events": events,
    "actors": actors,
    "places": places,
    "times": times,
    "numbers": numbers,
    "quotations": quotations,
}
