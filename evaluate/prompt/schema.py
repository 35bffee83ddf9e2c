"""The JSON Schema of a language model's answer: objects with strings where annotations have offsets.

Made from the classes of ``document.py`` and the labels of the ontology, so that it
says what ``goldwire convert --from string-json`` reads. Derived fields (ids of spans,
offsets, notes) are not asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from goldwire.annotate.document import CLASSES, COLLECTIONS
from goldwire.annotate.ontology import Ontology
from goldwire.annotate.schema import DIALECT, schema

# Layer -> the collections that an answer has for it.
COLLECTIONS_OF = {
    "actors": ("actors",),
    "places": ("places",),
    "times": ("times",),
    "numbers": ("numbers",),
    "quotations": ("quotations", "terms"),
    "events": ("events", "links"),
}
LAYERS = tuple(COLLECTIONS_OF)
# What a model is not asked for: derived, editorial, or looked up elsewhere.
NOT_ASKED = {"note", "confidence", "extra", "wikidata", "start", "head_start", "segment", "more"}
MENTION: dict[str, Any] = {
    "description": "A stretch of the text, copied exactly; say the sentence where it stands more than once.",
    "anyOf": [
        {"type": "string", "minLength": 1},
        {
            "type": "object",
            "properties": {
                "text": {"type": "string", "minLength": 1},
                "sentence": {"type": "integer", "minimum": 1},
                "occurrence": {"type": "integer", "minimum": 1},
                "head": {"type": "string"},
                "form": {"type": "string"},
                "metonymy": {"type": "string"},
            },
            "required": ["text"],
            "additionalProperties": False,
        },
    ],
}


def answer_schema(ontology: Ontology, layers: Sequence[str] = LAYERS) -> dict[str, Any]:
    """The schema of an answer for some layers; raises KeyError for a layer that there is not.

    >>> made = answer_schema(Ontology("o", "1"), ["numbers"])
    >>> list(made["properties"]), "start" in made["$defs"]["Number"]["properties"]
    (['numbers'], False)
    """
    whole = schema(ontology, "lines")
    wanted = [name for layer in layers for name in COLLECTIONS_OF[layer]]
    kinds = {name: kind for kind, name in COLLECTIONS.items()}
    classes = {name: CLASSES[kinds[name]].__name__ for name in wanted}
    parts: dict[str, Any] = {"Mention": MENTION}
    for name in classes.values():
        _take(whole["$defs"], name, parts)
    return {
        "$schema": DIALECT,
        "title": f"annotation of one text; labels of {ontology.name} {ontology.version}",
        "type": "object",
        "properties": {
            name: {"type": "array", "items": {"$ref": f"#/$defs/{classes[name]}"}} for name in wanted
        },
        "required": [n for n in wanted if n not in ("terms", "links")],
        "additionalProperties": False,
        "$defs": parts,
    }


def _take(source: dict[str, Any], name: str, into: dict[str, Any]) -> None:
    """Copy a part and those that it refers to, without what is not asked for."""
    if name in into:
        return
    into[name] = {}
    into[name] = _asked(source[name], next((k for k, c in CLASSES.items() if c.__name__ == name), ""))
    for other in _references(into[name]):
        if other in source:
            _take(source, other, into)


def _asked(part: Any, kind: str = "") -> Any:
    """A part of the schema in its plainest form: one way to write each thing.

    In the annotation lines the first key is the kind and holds the id.
    """
    if isinstance(part, list):
        return [_asked(x) for x in part]
    if not isinstance(part, dict):
        return part
    if "anyOf" in part:
        return _asked(_plainest(part["anyOf"]))
    made = {k: _asked(v) for k, v in part.items() if k not in ("default", "title", "enumDescriptions")}
    if isinstance(made.get("enum"), list):
        made["enum"] = [label for label in made["enum"] if label]
    if isinstance(made.get("properties"), dict):
        named = {"id" if k == kind else k: v for k, v in made["properties"].items()}
        made["properties"] = {k: v for k, v in named.items() if k not in NOT_ASKED}
        made["additionalProperties"] = False
    if isinstance(made.get("required"), list):
        required = ["id" if k == kind else k for k in made["required"]]
        made["required"] = [k for k in required if k not in NOT_ASKED]
    return made


def _plainest(options: list[Any]) -> Any:
    """Of the short and long forms that an annotator may choose between: the list, else the mention."""
    lists = [o for o in options if o.get("type") == "array"]
    return (lists or [o for o in options if "$ref" in o] or options)[0]


def _references(part: Any) -> list[str]:
    if isinstance(part, list):
        return [name for x in part for name in _references(x)]
    if isinstance(part, dict):
        own = [part["$ref"].rpartition("/")[2]] if isinstance(part.get("$ref"), str) else []
        return own + [name for x in part.values() for name in _references(x)]
    return []
