"""JSON Schema of both forms, made from the classes of ``document.py`` and the labels of an ontology.

The schema of a *line* describes what a person may write, short forms included;
``goldwire fmt`` makes the canonical form of it. The schema of a *record* asks for
``text`` alone, since a prediction may leave out the rest. What a schema cannot
say (do ids exist, does the surface stand there) ``goldwire check`` says.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

from goldwire.annotate.document import CLASSES, COLLECTIONS, Meta
from goldwire.annotate.ontology import Ontology
from goldwire.annotate.placing import SHORT_LISTS
from goldwire.annotate.rules.labels import TYPES

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FORMS = ("lines", "record")
# Objects that hold keys named like other kinds come before those kinds.
ORDER = [
    "quotation",
    "event",
    "place",
    *(k for k in CLASSES if k not in ("quotation", "event", "place", "segment")),
]
ORDER += ["segment"]
STRING: dict[str, Any] = {"type": "string"}
INTEGER: dict[str, Any] = {"type": "integer"}


def schema(ontology: Ontology, form: str = "lines") -> dict[str, Any]:
    """The JSON Schema of one line of a file in that form, ``lines`` or ``record``.

    >>> made = schema(Ontology("o", "1", actors={}), "record")
    >>> made["required"], sorted(made["properties"])[:3]
    (['text'], ['_input_hash', '_task_hash', 'actors'])
    """
    if form not in FORMS:
        raise ValueError(f"the forms are {', '.join(FORMS)}, not {form}")
    _, parts = msgspec.json.schema_components([*CLASSES.values(), Meta], ref_template="#/$defs/{name}")
    for part in parts.values():
        _tidied(part)
    _labelled(parts, ontology)
    body = _lines(parts) if form == "lines" else _record(parts)
    title = f"goldwire {'annotation line' if form == 'lines' else 'record'}"
    return {
        "$schema": DIALECT,
        "title": title,
        "description": f"One line of a file; labels of {ontology.name} {ontology.version}.",
        **body,
        "$defs": parts,
    }


def written(ontology: Ontology, form: str = "lines") -> bytes:
    """The schema as the bytes of a file."""
    return json.dumps(schema(ontology, form), ensure_ascii=False, indent=1).encode() + b"\n"


def _tidied(part: dict[str, Any]) -> None:
    """Unknown keys are kept by every tool, and docstrings are for programmers beyond their first line."""
    part["properties"].pop("extra", None)
    part["description"] = part.get("description", "").split("\n")[0].replace("``", "")
    part["additionalProperties"] = True


def _labelled(parts: dict[str, Any], ontology: Ontology) -> None:
    """Closed lists become enumerations, with the definition of each label beside it."""
    tables = {
        f"{COLLECTIONS[kind]}.{field}": getattr(ontology, table) for (kind, field), table in TYPES.items()
    }
    named: dict[str, dict[str, str]] = {
        path: {label: item.definition for label, item in table.items()} for path, table in tables.items()
    }
    named |= ontology.closed
    classes = {name: CLASSES[kind].__name__ for kind, name in COLLECTIONS.items()} | {"meta": "Meta"}
    nested = {"args": "Argument", "factuality": "Factuality"}
    for path, labels in named.items():
        collection, *names = path.split(".")
        owner = (
            nested.get(names[0], classes.get(collection, "")) if len(names) > 1 else classes.get(collection)
        )
        # Forms of mentions differ between actors and places, which share one class: left to check.
        if not owner or not labels or names[0] == "mentions" or names[-1] not in parts[owner]["properties"]:
            continue
        field = parts[owner]["properties"][names[-1]]
        values = list(labels) if "" in labels else [*labels, ""]
        closed = {"enum": values, "enumDescriptions": [labels.get(v, "Not said.") for v in values]}
        if field.get("type") == "array":
            field["items"] = {**field["items"], **closed}
        else:
            field |= closed
    event = parts["Event"]["properties"]["details"]
    event["description"] = "The attributes of the type: " + "; ".join(
        f"{label} {name} ({', '.join(values)})"
        for label, kind in ontology.events.items()
        for name, values in kind.details.items()
    )


def _lines(parts: dict[str, Any]) -> dict[str, Any]:
    """A line is a document or an object, and may leave out what fmt fills in."""
    for part in parts.values():
        for name, field in part["properties"].items():
            part["properties"][name] = _shortened(name, field)
    for name in ("Mention", "Fragment"):
        parts[name]["required"] = ["text"]
        parts[name]["properties"] |= {"occurrence": {**INTEGER, "minimum": 1}}
    parts["Mention"]["properties"] |= {"segment": STRING, "head_occurrence": {**INTEGER, "minimum": 1}}
    for kind, cls in CLASSES.items():
        part = parts[cls.__name__]
        properties = part["properties"]
        part["properties"] = {kind: properties.pop("id"), **properties}
        if kind in ("segment", "mask"):
            part["properties"] |= {"text": STRING, "occurrence": INTEGER}
            part["required"] = [kind]
        else:
            part["properties"].setdefault("segment", STRING)
            part["required"] = [kind, *(r for r in part["required"] if r != "id")]
    meta = parts.pop("Meta")
    del meta["properties"]["doc_id"]
    parts["Doc"] = {
        **meta,
        "title": "Doc",
        "properties": {"doc": STRING, "text": STRING, **meta["properties"]},
        "required": ["doc", "text"],
    }
    # One after the other, so that an editor names what is wrong with this kind, and not with all.
    choice: dict[str, Any] = {"required": ["doc"], "$ref": "#/$defs/Doc"}
    for kind in reversed(ORDER):
        reference = {"$ref": f"#/$defs/{CLASSES[kind].__name__}"}
        choice = {"if": {"required": [kind]}, "then": reference, "else": choice}
    return {"type": "object", "if": {"required": ["doc"]}, "then": {"$ref": "#/$defs/Doc"}, "else": choice}


def _shortened(name: str, field: dict[str, Any]) -> dict[str, Any]:
    """A field in which a mention may be a string, and a list of one just that one."""
    if field.get("$ref") == "#/$defs/Mention":
        return {"anyOf": [field, STRING]}
    if "anyOf" in field:  # a mention or nothing; there are no nulls
        return {"anyOf": [x for x in field["anyOf"] if x.get("type") != "null"] + [STRING]}
    if field.get("type") != "array":
        return field
    item = field["items"]
    if item.get("$ref") in ("#/$defs/Mention", "#/$defs/Fragment"):
        one = {"anyOf": [item, STRING]}
        return {"anyOf": [{**field, "items": one}, item, STRING]}
    if name in SHORT_LISTS:
        many = {"anyOf": [STRING, {"type": "array", "items": STRING}]}
        return {"anyOf": [field, {"type": "object", "additionalProperties": many}]}
    return {"anyOf": [field, item]}


def _record(parts: dict[str, Any]) -> dict[str, Any]:
    """A record holds lists of objects, whose mentions are ids of spans."""
    for part in parts.values():
        properties = part["properties"]
        for name, field in list(properties.items()):
            properties[name] = _referring(field)
        if "mention" in properties:
            properties["span"] = properties.pop("mention")
        part["required"] = []
    listed = {"type": "object", "properties": {"span": STRING, "form": STRING, "metonymy": STRING}}
    parts["Actor"]["properties"]["mentions"] = _array({"anyOf": [STRING, listed]})
    for name in ("Mention", "Fragment"):
        parts.pop(name, None)
    integers = ("start", "end", "token_start", "token_end", "head_start", "head_end")
    parts["Row"] = {
        "title": "Row",
        "description": "A span: the mention of a layer, or one in a tool's own words.",
        "type": "object",
        "properties": dict.fromkeys(integers, INTEGER)
        | dict.fromkeys(("id", "label", "text", "cont", "confidence"), STRING),
        "required": ["start", "end"],
    }
    meta = parts["Meta"]["properties"] | {"sha256": STRING, "tokenizer": STRING}
    parts["Meta"]["properties"] = meta
    token = {"start": INTEGER, "end": INTEGER, "id": INTEGER, "ws": {"type": "boolean"}, "text": STRING}
    objects = {
        name: _array({"$ref": f"#/$defs/{CLASSES[kind].__name__}"})
        for kind, name in COLLECTIONS.items()
        if name not in ("spans", "relations")
    }
    for kind in ("Span", "Relation"):
        del parts[kind]
    properties = {
        "text": STRING,
        "meta": {"$ref": "#/$defs/Meta"},
        "tokens": _array({"type": "object", "properties": token}),
        "spans": _array({"$ref": "#/$defs/Row"}),
        **objects,
        "relations": _array({"type": "object"}),
        "schema_version": STRING,
        "_input_hash": INTEGER,
        "_task_hash": INTEGER,
        "answer": STRING,
    }
    return {"type": "object", "properties": properties, "required": ["text"]}


def _referring(field: dict[str, Any]) -> dict[str, Any]:
    """A field in which ids of spans stand for mentions."""
    if field.get("$ref") == "#/$defs/Mention" or "anyOf" in field:
        return STRING
    if field.get("items", {}).get("$ref") == "#/$defs/Mention":
        return _array(STRING)
    return field


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}
