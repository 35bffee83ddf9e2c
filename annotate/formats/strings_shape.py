"""Answers in the words of models → objects under our names: only their shape, nothing of their content."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any, NoReturn

from goldwire.annotate.document import CLASSES
from goldwire.annotate.formats.graph import LAYERS
from goldwire.annotate.structure import fields

# What models call things -> what they are called here.
COLLECTION_NAMES = {
    "entities": "actors",
    "locations": "places",
    "quotes": "quotations",
    "event_mentions": "events",
    "quantities": "numbers",
}
FIELD_NAMES = {
    "arguments": "args",
    "participants": "args",
    "roles": "args",
    "event_type": "type",
    "entity_type": "type",
    "quote": "content",
    "cues": "cue",
    "contents": "content",
    "mention_texts": "mentions",
    "canonical_name": "name",
}
FILLERS = ("text", "filler", "value", "span", "mention", "entity")


class Shaper:
    """Renames and unfolds; ``ids`` are those in use and grow, ``refuse`` raises with a message."""

    def __init__(self, ids: set[str], refuse: Callable[[str], NoReturn]) -> None:
        self.ids, self.refuse = ids, refuse

    def shaped(self, kind: str, raw: dict[str, Any], at: str) -> dict[str, Any]:
        """The object under our names of its fields, with an id."""
        known = {f.key for f in fields(CLASSES[kind])}
        made: dict[str, Any] = {}
        for key, value in raw.items():
            own = key if key in known else FIELD_NAMES.get(key, key)
            if own not in known and key in ("label", "type", "kind"):
                own = next((k for k in ("type", "kind", "label") if k in known), key)
            made.setdefault(own, value)
        _, _, first = LAYERS.get(kind, ("", "", ""))
        for key in ("text", "mention", "span"):
            if key in made and key != first and first and first not in made and key not in known:
                made[first] = made.pop(key)
                if isinstance(made[first], str) and {"sentence", "occurrence"} & made.keys():
                    made[first] = {"text": made[first]} | {
                        k: made.pop(k) for k in ("occurrence",) if k in made
                    }
        if "args" in made:
            made["args"] = [self.argument(x, f"{at}.args") for x in _listed_args(made["args"])]
        for field in fields(CLASSES[kind]):
            value = made.get(field.key)
            if field.type is str and isinstance(value, int):
                made[field.key] = str(value).lower() if isinstance(value, bool) else str(value)
        if "id" in made:
            made["id"] = str(made["id"])
        else:
            made["id"] = next(i for n in count(1) if (i := f"{kind[0]}{n}") not in self.ids)
            self.ids.add(made["id"])
        if kind == "quotation" and isinstance(made.get("speaker"), str | dict):
            said = made["speaker"]
            if not isinstance(said, str) or said not in self.ids | {"AUTHOR"}:
                made.setdefault("speaker_span", made.pop("speaker"))
        return made

    def argument(self, raw: Any, at: str) -> dict[str, Any]:
        """An argument as role with a reference or with a string to be anchored."""
        if not isinstance(raw, dict):
            self.refuse(f"{at}: should be a list of objects with role and text")
        made = dict(raw)
        if isinstance(made.get("evidence"), str | dict):
            return made
        key = next((k for k in FILLERS if k in made), "")
        said = made.pop(key) if key else None
        if isinstance(said, str) and said in self.ids:
            made.setdefault("ref", said)
        elif isinstance(said, str):
            told = {k: made.pop(k) for k in ("sentence", "occurrence", "head") if k in made}
            made["evidence"] = {"text": said} | told
        elif isinstance(said, dict):
            made["evidence"] = said
        elif said is not None:
            self.refuse(f"{at}.{key}: should be a string")
        return made


def _listed_args(value: Any) -> list[Any]:
    """Arguments as a list; {role: filler} and {role: [fillers]} are written out."""
    if isinstance(value, dict):
        return [
            {"role": role, **(x if isinstance(x, dict) else {"text": x})}
            for role, said in value.items()
            for x in (said if isinstance(said, list) else [said])
        ]
    return value if isinstance(value, list) else [value]
