"""What a page needs to know to make forms: the fields of every kind of object, and the labels they may hold.

Nothing of it stands in the page's own code: a field is added in ``objects.py`` and a
label in the ontology.
"""

from __future__ import annotations

import typing
from typing import Any

from msgspec import Struct, to_builtins

from goldwire.annotate.document import CLASSES, COLLECTIONS, Argument, Detail, Factuality, Mention, Meta
from goldwire.annotate.fill import PREFIXES
from goldwire.annotate.ontology import Ontology
from goldwire.annotate.rules.labels import TYPES
from goldwire.annotate.rules.references import ANYTHING, AUTHOR, KEYS, TARGETS
from goldwire.annotate.structure import fields

Choices = dict[str, str]
SMALL = {Argument: "args", Detail: "details", Factuality: "factuality"}
# Written by the program and not by people.
HIDDEN = frozenset({"confidence"})


def forms(ontology: Ontology) -> dict[str, Any]:
    """Kinds with their fields, the forms of mentions, the roles and details of events, definitions.

    >>> made = forms(Ontology("o", "1"))
    >>> made["kinds"]["term"]["fields"][0]
    {'key': 'mention', 'control': 'mention', 'default': None, 'required': True}
    """
    kinds = {
        kind: {
            "prefix": PREFIXES[kind],
            "fields": [_field(kind, cls, f.name, f.key, ontology) for f in fields(cls) if _is_shown(f.name)],
        }
        for kind, cls in CLASSES.items()
    }
    kinds["doc"] = {
        "prefix": "",
        "fields": [_field("meta", Meta, f.name, f.key, ontology) for f in fields(Meta) if f.name != "doc_id"],
    }
    return {
        "kinds": kinds,
        "mention": {
            kind: {
                name: ontology.closed.get(f"{collection}.mentions.{name}", {})
                for name in ("form", "metonymy")
            }
            for kind, collection in (("actor", "actors"), ("place", "places"))
        },
        "events": {
            name: {
                "family": item.family,
                "reserved": item.reserved,
                "roles": {
                    role: {"fillers": list(x.fillers), "definition": x.definition}
                    for role, x in ontology.roles(name).items()
                },
                "details": {detail: list(values) for detail, values in item.details.items()},
            }
            for name, item in ontology.events.items()
        },
        "factuality": ontology.closed.get("events.factuality.value", {}),
        "polarity": ontology.closed.get("events.args.polarity", {}),
        "holder": AUTHOR,
        "fillers": list(ANYTHING),
        "ontology": f"{ontology.name} {ontology.version}",
    }


def _is_shown(name: str) -> bool:
    return name not in ("id", *HIDDEN)


def _field(kind: str, cls: type[Struct], name: str, key: str, ontology: Ontology) -> dict[str, Any]:
    field = next(f for f in fields(cls) if f.name == name)
    default = to_builtins(field.default)
    made: dict[str, Any] = {"key": key, "control": _control(field.type), "default": default}
    if field.required:
        made["required"] = True
    choices = _choices(kind, name, ontology)
    if choices:
        made["choices"] = choices
        made["control"] = "choices" if made["control"] == "texts" else "choice"
    if (kind, name) in TARGETS:
        made["kinds"] = list(TARGETS[kind, name])
        made["control"] = "refs" if made["control"] == "texts" else "ref"
    elif kind == "relation" and key in KEYS.values():
        made |= {"kinds": list(CLASSES), "control": "ref"}
    return made


def _choices(kind: str, name: str, ontology: Ontology) -> Choices:
    if (kind, name) in TYPES:
        table: dict[str, Any] = getattr(ontology, TYPES[kind, name])
        return {label: item.definition for label, item in table.items()}
    collection = COLLECTIONS.get(kind, kind)
    return dict(ontology.closed.get(f"{collection}.{name}", {}))


def _control(hint: Any) -> str:
    inner = [a for a in typing.get_args(hint) if a is not type(None) and a is not Ellipsis]
    if typing.get_origin(hint) is tuple:
        return "mentions" if inner[0] is Mention else SMALL.get(inner[0], "texts")
    if hint is Mention or Mention in inner:
        return "mention"
    return {bool: "flag", int: "whole"}.get(hint, "text")
