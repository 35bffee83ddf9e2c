"""The spaCy components: ``nlp.add_pipe("goldwire_numbers")`` and its sisters.

Each is one function from Document to Document; between components the layers
travel in ``doc.user_data["goldwire_layers"]`` as plain values, so that a Doc can be
pickled, sent to another process and stored. The only door to spaCy's pipelines.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import replace
from spacy.language import Language
from spacy.tokens import Doc, Span

from goldwire.annotate.document import Document, Mention, Segment, mentions, objects
from goldwire.evaluate.baseline import actors, counted, events, numbers, quotations, sentences, times

KEY = "goldwire_layers"
NOT_A_START = 2**64 - 1  # -1, as spaCy writes it in an array
Layer = Callable[[Document], Document]
Component = Callable[[Doc], Doc]


def document(doc: Doc) -> Document:
    """What the components have found so far, over the Doc's text."""
    stored: dict[str, Any] = doc.user_data.get(KEY, {})
    found = msgspec.convert({"text": doc.text, **stored}, Document)
    if not found.segments and doc.has_annotation("SENT_START"):
        bounds = [(s.start_char, s.end_char) for s in doc.sents if s.text.strip()]
        found = replace(found, segments=tuple(Segment(f"g{i}", a, b) for i, (a, b) in enumerate(bounds, 1)))
    return found


def doc_to_document(doc: Doc, doc_id: str = "") -> Document:
    """The prediction of a pipeline of these components; ``meta.layers`` names what it attempted."""
    found = document(doc)
    return replace(found, meta=replace(found.meta, doc_id=doc_id or found.meta.doc_id))


def _component(layer: Layer, attempted: tuple[str, ...], group: str) -> Component:
    """A layer as a component; its spans also appear as ``doc.spans[group]``, for displaCy."""

    def run(doc: Doc) -> Doc:
        before = document(doc)
        found = layer(before)
        layers = dict.fromkeys((*before.meta.layers, *attempted))
        found = replace(found, meta=replace(found.meta, layers=tuple(layers)))
        stored = msgspec.to_builtins(found)
        del stored["text"]
        doc.user_data[KEY] = stored
        starts = [token.idx for token in doc]
        doc.spans[group] = [_span(doc, starts, m, label) for label, m in _mentions(before, found)]
        return doc

    return run


def _mentions(before: Document, found: Document) -> list[tuple[str, Mention]]:
    """The mentions that a layer added, with the labels of their spans."""
    old = {item.id for _, item in objects(before)}
    new = [item for _, item in objects(found) if item.id not in old]
    segments = [
        ("SEGMENT", Mention(found.text[x.start : x.end], x.start)) for x in new if isinstance(x, Segment)
    ]
    return segments + [pair for item in new for pair in mentions(item)]


def _span(doc: Doc, starts: list[int], mention: Mention, label: str) -> Span:
    """The tokens that a mention touches; ``Doc.char_span`` would look through all tokens each time."""
    start, end = mention.bounds
    return Span(doc, max(0, bisect_right(starts, start) - 1), bisect_left(starts, end), label=label)


@Language.factory("goldwire_sentences")
def goldwire_sentences(nlp: Language, name: str) -> Component:
    """Headlines, sub-headlines and sentences; also spaCy's own sentence boundaries."""
    layer = _component(sentences.add, ("segments",), name)

    def run(doc: Doc) -> Doc:
        starts = {s.start for s in layer(doc).spans[name]}
        # All at once: setting a token's is_sent_start looks through all tokens each time.
        values: Any = doc.to_array(["SENT_START"])
        values[:] = [1 if not i or i in starts else NOT_A_START for i in range(len(doc))]
        return doc.from_array(["SENT_START"], values)

    return run


@Language.factory("goldwire_times")
def goldwire_times(nlp: Language, name: str) -> Component:
    """Times with TIMEX3 values. Put it before the numbers: nothing inside a time is one."""
    return _component(times.add, ("times",), name)


@Language.factory("goldwire_numbers")
def goldwire_numbers(nlp: Language, name: str) -> Component:
    """Numbers with value, bounds, modifier and unit."""
    return _component(numbers.add, ("numbers",), name)


@Language.factory("goldwire_actors")
def goldwire_actors(nlp: Language, name: str) -> Component:
    """Actors and places with their mentions, and what the numbers found before count."""
    return _component(lambda d: counted.add(actors.add(d)), ("mentions", "coreference"), name)


@Language.factory("goldwire_quotations")
def goldwire_quotations(nlp: Language, name: str) -> Component:
    """Quotations with speaker, cue and content, terms, and who says the numbers found before."""
    return _component(quotations.add, ("quotations",), name)


@Language.factory("goldwire_events")
def goldwire_events(nlp: Language, name: str) -> Component:
    """Events by their triggers, with attributes and arguments from the layers found before."""
    return _component(events.add, ("events", "attributes", "arguments"), name)
