"""Labels: spans in somebody's own words become typed objects, and both sides speak one vocabulary.

A label is a layer's (``ACTOR``: an actor of no type), or a type of the ontology
(``STRIKE``: a trigger of that type), or one that a map translates. A map is one
of the ontology's vocabularies (``ace``, ``plover``, ``acled``, ``ontonotes``) or a
TOML file with the tables ``[gold]`` and ``[pred]`` (label = "label"); it is applied to
both sides, many to one, so that both are scored in the coarser words. What it
cannot translate is left out on either side, and listed with its count.

Where a foreign label stands for types of several layers (GPE: actors and places),
nobody can tell which layer the system meant. Then these layers are scored
together, as plain labelled spans (``spans.span``), and not one by one. Where gold and
predictions hold nothing but spans, their labels are whatever they are, and both are
scored as spans.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from goldwire.annotate import files
from goldwire.annotate.document import (
    SPAN_LAYERS,
    Actor,
    Argument,
    Document,
    Event,
    Mention,
    Number,
    Place,
    Quotation,
    Span,
    Time,
    mentions,
)
from goldwire.annotate.ontology import Ontology
from goldwire.annotate.problems import Problem, ProblemError

# Layer -> the field of its objects that holds the type.
TYPE_FIELD = {"events": "type", "actors": "type", "places": "kind", "times": "kind", "numbers": "kind"}
OBJECTS = (*TYPE_FIELD, "quotations")
MAKERS: dict[str, Callable[[Span, str], Any]] = {
    "events": lambda s, t: Event(s.id, s.mention, t, coref=s.id, confidence=s.confidence),
    "actors": lambda s, t: Actor(s.id, t, mentions=(s.mention,), confidence=s.confidence),
    "places": lambda s, t: Place(s.id, t, mentions=(s.mention,), confidence=s.confidence),
    "times": lambda s, t: Time(s.id, s.mention, t, confidence=s.confidence),
    "numbers": lambda s, t: Number(s.id, s.mention, t, confidence=s.confidence),
    "quotations": lambda s, t: (
        Quotation(s.id, cue=(s.mention,), confidence=s.confidence)
        if s.label == "CUE"
        else Quotation(s.id, content=(s.mention,), confidence=s.confidence)
    ),
}


@dataclass(frozen=True)
class LabelMap:
    """A translation: for each side and layer our label -> theirs. ``name`` stands in the signature.

    ``plain`` is the [pred] table of a file, where a system's own label has no layer yet.
    """

    name: str = ""
    gold: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    pred: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    plain: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Typed:
    """Both sides in one vocabulary. ``merged`` names layers that could not be told apart."""

    gold: tuple[Document, ...]
    pred: tuple[Document, ...]
    unmapped_gold: Mapping[str, int]
    unmapped_pred: Mapping[str, int]
    merged: tuple[str, ...]


def find(name: str, ontology: Ontology) -> LabelMap:
    """The map of that name: a vocabulary of the ontology, or a TOML file."""
    if name.endswith(".toml"):
        return decode(files.read_bytes(name), ontology, where=name)
    return vocabulary(name, ontology)


def vocabulary(name: str, ontology: Ontology) -> LabelMap:
    """The ontology's own map into another vocabulary; raises ProblemError that lists those there are."""
    if name not in ontology.vocabularies:
        known = ", ".join(ontology.vocabularies)
        message = f"the ontology maps to {known}; anything else is a TOML file with [gold] and [pred]"
        raise ProblemError(Problem(name, 0, "unknown-map", message))
    tables = {}
    for layer in TYPE_FIELD:
        types = getattr(ontology, layer).items()
        # A layer of which the vocabulary knows nothing keeps its own labels.
        if table := {label: kind.maps[name] for label, kind in types if name in kind.maps}:
            tables[layer] = table
    return LabelMap(name, tables, tables)


def decode(data: bytes, ontology: Ontology, *, where: str) -> LabelMap:
    """Read a map from TOML. What the file does not name keeps its name.

    Raises ProblemError for anything but tables [gold] and [pred] of strings, and for a gold label
    that the ontology does not know.
    """
    try:
        raw = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProblemError(Problem(where, 0, "label-map", str(error))) from None
    for side, table in raw.items():
        if side not in ("gold", "pred") or not isinstance(table, dict):
            raise ProblemError(Problem(where, 0, "label-map", f"{side}: the tables are [gold] and [pred]"))
        for label, other in table.items():
            if not isinstance(other, str):
                raise ProblemError(Problem(where, 0, "label-map", f"{side}.{label}: should be a string"))
    gold = raw.get("gold", {})
    known = {label for layer in TYPE_FIELD for label in getattr(ontology, layer)}
    if unknown := sorted(gold.keys() - known):
        raise ProblemError(Problem(where, 0, "label-map", f"gold.{unknown[0]}: is no label of the ontology"))
    tables = {
        layer: {label: gold.get(label, label) for label in getattr(ontology, layer)} for layer in TYPE_FIELD
    }
    name = f"{where.replace(chr(92), '/').rpartition('/')[2]}+sha256.{hashlib.sha256(data).hexdigest()[:12]}"
    return LabelMap(name, tables, tables, raw.get("pred", {}))


def typed(
    gold: Sequence[Document], pred: Sequence[Document], ontology: Ontology, labels: LabelMap | None = None
) -> Typed:
    """Give every span of a system's own an object in its layer, and translate both sides.

    >>> from goldwire.annotate.document import Mention
    >>> from goldwire.annotate.files import ontology
    >>> spans = (Span("s1", Mention("raid", 4), "STRIKE"), Span("s2", Mention("The", 0), "DET"))
    >>> result = typed([], [Document("The raid", spans=spans)], ontology())
    >>> [(e.type, e.trigger.text) for e in result.pred[0].events], dict(result.unmapped_pred)
    ([('STRIKE', 'raid')], {'DET': 1})
    """
    labels = labels or LabelMap()
    if any(d.spans for d in gold) and not any(getattr(d, x) for d in (*gold, *pred) for x in OBJECTS):
        answers = [_worded(_with_unanchored(d), labels.plain) for d in pred]
        return Typed(tuple(gold), tuple(answers), {}, {}, ())
    lost: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    translated = [_translated(d, labels.gold, lost[0]) for d in gold]
    answers = [_translated(d, labels.pred, lost[1]) for d in pred]
    where = _layers(labels, ontology)
    touched: set[str] = set()
    merged: set[str] = set()
    for document in answers:
        for span in document.spans:
            homes = where.get(labels.plain.get(span.label, span.label), {})
            touched |= homes.keys()
            merged |= homes.keys() if len(homes) > 1 else set()
    # Gold in words that nobody here knows is somebody's own: then both sides keep theirs.
    if any(span.label not in where for d in translated for span in d.spans):
        return Typed(tuple(translated), tuple(answers), dict(lost[0]), dict(lost[1]), ())
    translated = [_filled(d, LabelMap(), where, lost[0]) for d in translated]
    filled = [_filled(_with_unanchored(d), labels, where, lost[1]) for d in answers]
    if merged:
        translated = [replace(d, spans=tuple(_projected(d, touched))) for d in translated]
        filled = [replace(d, spans=(*d.spans, *_projected(d, touched))) for d in filled]
    order = tuple(layer for layer in TYPE_FIELD if layer in merged)
    return Typed(tuple(translated), tuple(filled), dict(lost[0]), dict(lost[1]), order)


def _layers(labels: LabelMap, ontology: Ontology) -> dict[str, dict[str, str]]:
    """Label -> layer -> the type it stands for there ("" for a layer's own label)."""
    where: dict[str, dict[str, str]] = {label: {layer: ""} for label, layer in SPAN_LAYERS.items()}
    for layer in TYPE_FIELD:
        ours = labels.pred.get(layer) or {x: x for x in getattr(ontology, layer)}
        for label, other in ours.items():
            where.setdefault(other, {})[layer] = other
            where.setdefault(label, {})[layer] = other
    return where


def _translated(document: Document, tables: Mapping[str, Mapping[str, str]], lost: Counter[str]) -> Document:
    """The typed objects under their new labels, without those that have none."""
    changed: dict[str, tuple[Any, ...]] = {}
    for layer, table in tables.items():
        name = TYPE_FIELD[layer]
        kept: list[Any] = []
        foreign = set(table.values())
        for item in getattr(document, layer):
            label = getattr(item, name)
            if label in table or label in foreign or not label:
                kept.append(replace(item, **{name: table.get(label, label)}))
            else:
                lost[label] += 1
        changed[layer] = tuple(kept)
    return replace(document, **changed) if changed else document


def _filled(
    document: Document, labels: LabelMap, where: Mapping[str, Mapping[str, str]], lost: Counter[str]
) -> Document:
    """Spans as objects of their layer; those of several layers stay spans, others are counted as lost."""
    if not document.spans:
        return document
    made: dict[str, list[Any]] = {}
    rest: list[Span] = []
    for span in document.spans:
        label = labels.plain.get(span.label, span.label)
        homes = where.get(label, {})
        if len(homes) == 1:
            [(layer, kind)] = homes.items()
            made.setdefault(layer, []).append(MAKERS[layer](span, kind))
        elif homes:
            rest.append(replace(span, label=next(iter(homes.values()))))
        else:
            lost[span.label] += 1
    added = {layer: (*getattr(document, layer), *items) for layer, items in made.items()}
    return replace(document, spans=tuple(rest), **added)


def _with_unanchored(document: Document) -> Document:
    """The document with what its system said but could not place: spans after the end of the text.

    They answer nothing there, and count as spurious; so does an argument without a place.
    """
    loose = document.extra.get("unanchored", ())
    spans, events = list(document.spans), list(document.events)
    end = len(document.text) + 1
    for n, raw in enumerate(loose):
        mention = Mention(raw["text"] or "?", end)
        end += len(mention.text) + 1
        if raw["layer"] == "ARG":
            bearer = Mention("", len(document.text))
            events.append(Event(f"unanchored{n}", bearer, args=(Argument(raw["label"], "", mention),)))
        else:
            label = raw["label"] if raw["layer"] not in ("QUOTE", "CUE") else ""
            spans.append(Span(f"unanchored{n}", mention, label or raw["layer"]))
    return replace(document, spans=tuple(spans), events=tuple(events)) if loose else document


def _worded(document: Document, words: Mapping[str, str]) -> Document:
    """Spans under the labels that a map gives to a system's own."""
    spans = (replace(s, label=words.get(s.label, s.label)) for s in document.spans)
    return replace(document, spans=tuple(spans)) if words else document


def _projected(document: Document, layers: Iterable[str]) -> list[Span]:
    """Every mention of some layers as a plain span under its object's type."""
    return [
        Span(f"{item.id}.{n}", mention, getattr(item, TYPE_FIELD[layer]))
        for layer in TYPE_FIELD
        if layer in layers
        for item in getattr(document, layer)
        for n, (label, mention) in enumerate(mentions(item))
        if label in SPAN_LAYERS
    ]
