"""The columns of every config: one type for ever, and which of them hold labels.

Generated from the classes of ``document.py`` and from the ontology. No column is
ever null, and none holds values of two types.
"""

from __future__ import annotations

import typing
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from goldwire.annotate import structure
from goldwire.annotate.document import (
    Actor,
    Ambiguity,
    Event,
    Link,
    Mask,
    Mention,
    Meta,
    Number,
    Place,
    Provenance,
    Quotation,
    Segment,
    Term,
    Time,
)
from goldwire.annotate.ontology import Ontology

Labels = dict[tuple[str, str], list[str]]


def shaped(value: Any, schema: Any) -> Any:
    """The value with exactly the keys of the schema: what is missing is empty.

    Raises KeyError for a key that the schema does not know and that holds something.

    >>> shaped({"a": "x", "c": ""}, {"a": "string", "b": ["int64"]})
    {'a': 'x', 'b': []}
    """
    match schema:
        case dict():
            unknown = [k for k, v in value.items() if k not in schema and v not in ("", [], "pos")]
            if unknown:
                raise KeyError(f"the dataset has no column for {unknown}")
            return {k: shaped(value[k], kind) if k in value else _empty(kind) for k, kind in schema.items()}
        case [kind]:
            return [shaped(x, kind) for x in value]
        case _:
            return value


def _empty(schema: Any) -> Any:
    match schema:
        case dict():
            return {k: _empty(kind) for k, kind in schema.items()}
        case list():
            return []
        case _:
            return {"string": "", "int64": 0, "bool": False}[schema]


def struct(cls: Any, **other: Any) -> dict[str, Any]:
    """The schema of a class as records write it: mentions are ids of spans; ``other`` replaces columns."""
    result: dict[str, Any] = {}
    for field in structure.fields(cls):
        key = "span" if field.key == "mention" else field.key
        if field.key != "confidence":
            result[key] = other.get(field.key) or _column(field.type)
    return result


def _column(kind: Any) -> Any:
    arguments = typing.get_args(kind)
    if typing.get_origin(kind) is tuple:
        return [_column(arguments[0])]
    if Mention in (kind, *arguments):
        return "string"
    return struct(kind) if issubclass(kind, Struct) else {str: "string", int: "int64", bool: "bool"}[kind]


PIECE = {"text": "string", "start": "int64", "end": "int64"}
BASE = {**PIECE, "segment": "string", "sentence": "string"}
ACCEPTED = [{"field": "string", "accept": ["string"], "reading": "string"}]
ARGUMENT = {
    "role": "string",
    "kind": "string",
    "ref": "string",
    "name": "string",
    **PIECE,
    "polarity": "string",
}
SPAN_ROW = {
    **dict.fromkeys(["id"], "string"),
    **dict.fromkeys("start end token_start token_end head_start head_end".split(), "int64"),
    **dict.fromkeys("label text cont form".split(), "string"),
}
TOKEN_ROW = {"text": "string", "start": "int64", "end": "int64", "id": "int64", "ws": "bool"}
EDGE = {"start": "int64", "end": "int64", "token_start": "int64", "token_end": "int64", "label": "string"}
RELATION_ROW = {
    "id": "string",
    "from": "string",
    "to": "string",
    "head": "int64",
    "child": "int64",
    "head_span": EDGE,
    "child_span": EDGE,
    "label": "string",
}


def _strings(names: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), "string")


# Not made from the gold but from what two annotators did.
DECISION = _strings("id doc kind object part a b decision value cause rule note")
FIGURE = _strings(
    "comparison layer measure match kind annotators label document value same n low high by why"
)

# config -> column -> type: "string", "int64", "bool", [type] or {column: type}.
SCHEMA: dict[str, dict[str, Any]] = {
    "documents": {
        "text": "string",
        "meta": {**struct(Meta), "sha256": "string"},
        "segments": [struct(Segment)],
        "tokens": [TOKEN_ROW],
        "spans": [SPAN_ROW],
        "events": [struct(Event)],
        "links": [struct(Link)],
        "actors": [struct(Actor, mentions=[_strings("span form metonymy")])],
        "places": [struct(Place, mentions=["string"])],
        "times": [struct(Time)],
        "numbers": [struct(Number)],
        "quotations": [struct(Quotation)],
        "terms": [struct(Term)],
        "relations": [RELATION_ROW],
        "ambiguities": [struct(Ambiguity)],
        "masks": [struct(Mask)],
        "provenance": [struct(Provenance)],
    },
    "events": {
        **_strings("doc_id event coref type"),
        **BASE,
        **_strings("polarity modality tense phase"),
        "plural": "bool",
        "details": [_strings("name value")],
        "args": [ARGUMENT],
        "factuality": [_strings("holder name value")],
        "accepted": ACCEPTED,
    },
    "actors": {
        **_strings("doc_id actor name type wikidata status"),
        "affiliation": ["string"],
        "member_of": ["string"],
        **BASE,
        **_strings("head form metonymy"),
        "accepted": ACCEPTED,
    },
    "places": {
        **_strings("doc_id place name kind wikidata part_of controlled_by"),
        **BASE,
        "head": "string",
        "accepted": ACCEPTED,
    },
    "times": {
        **_strings("doc_id time"),
        **BASE,
        **_strings("kind value resolved basis mod anchor anchor_text"),
        "accepted": ACCEPTED,
    },
    "numbers": {
        **_strings("doc_id number"),
        **BASE,
        **_strings("numeral kind value low high"),
        "open_low": "bool",
        "open_high": "bool",
        "mod": "string",
        "rounded": "bool",
        **_strings(
            "unit counted counted_kind counted_name of stat as_of scope said_by said_by_name trend_from"
        ),
        "accepted": ACCEPTED,
    },
    "quotations": {
        **_strings("doc_id quotation"),
        **BASE,
        **_strings("speaker speaker_name speaker_text"),
        "cue": [PIECE],
        "content": [PIECE],
        "verbatim": [PIECE],
        **_strings("anaphor addressee directness stance polarity parent"),
        "via": ["string"],
        **_strings("medium event content_tail"),
        "accepted": ACCEPTED,
    },
    "agreement": FIGURE,
    "adjudication": DECISION,
    "tokens": {
        **_strings("doc_id segment kind"),
        "tokens": ["string"],
        "starts": ["int64"],
        "ends": ["int64"],
        **{
            f"{layer}_tags": ["string"]
            for layer in ("actor", "place", "event", "number", "time", "quotation")
        },
    },
}


# Closed lists inside the layers of a document, under the names that the ontology gives them.
NESTED = (
    *(f"events.{x}" for x in ("polarity", "modality", "tense", "phase", "args.polarity", "factuality.value")),
    *("actors.status", "actors.mentions.form", "actors.mentions.metonymy"),
    *("times.basis", "numbers.mod", "numbers.stat"),
    *(f"quotations.{x}" for x in ("directness", "stance", "polarity", "content_tail")),
)


def labels(ontology: Ontology) -> Labels:
    """(config, column) -> the closed list of its labels; "a.b" is a key inside a nested column."""
    closed = {key: list(values) for key, values in ontology.closed.items()}

    def tags(names: Iterable[str]) -> list[str]:
        return ["O", *(f"{prefix}-{name}" for name in names for prefix in "BI")]

    return {
        ("events", "type"): list(ontology.events),
        ("events", "polarity"): closed["events.polarity"],
        ("events", "modality"): closed["events.modality"],
        ("events", "tense"): closed["events.tense"],
        ("events", "phase"): closed["events.phase"],
        ("events", "args.polarity"): closed["events.args.polarity"],
        ("events", "factuality.value"): closed["events.factuality.value"],
        ("actors", "type"): list(ontology.actors),
        ("actors", "status"): closed["actors.status"],
        ("actors", "form"): closed["actors.mentions.form"],
        ("actors", "metonymy"): closed["actors.mentions.metonymy"],
        ("places", "kind"): list(ontology.places),
        ("times", "kind"): list(ontology.times),
        ("times", "basis"): closed["times.basis"],
        ("numbers", "kind"): list(ontology.numbers),
        ("numbers", "mod"): closed["numbers.mod"],
        ("numbers", "stat"): closed["numbers.stat"],
        ("quotations", "directness"): closed["quotations.directness"],
        ("quotations", "stance"): closed["quotations.stance"],
        ("quotations", "polarity"): closed["quotations.polarity"],
        ("quotations", "content_tail"): closed["quotations.content_tail"],
        ("tokens", "kind"): closed["segments.kind"],
        ("tokens", "actor_tags"): tags(ontology.actors),
        ("tokens", "place_tags"): tags(ontology.places),
        ("tokens", "event_tags"): tags(ontology.events),
        ("tokens", "number_tags"): tags(ontology.numbers),
        ("tokens", "time_tags"): tags(ontology.times),
        ("tokens", "quotation_tags"): tags(closed["quotations.directness"]),
        ("documents", "segments.kind"): closed["segments.kind"],
        ("documents", "spans.label"): list(ontology.spans),
        ("documents", "events.type"): list(ontology.events),
        ("documents", "actors.type"): list(ontology.actors),
        ("documents", "places.kind"): list(ontology.places),
        ("documents", "times.kind"): list(ontology.times),
        ("documents", "numbers.kind"): list(ontology.numbers),
        ("documents", "links.type"): list(ontology.links),
        **{("documents", key): closed[key] for key in NESTED},
    }
