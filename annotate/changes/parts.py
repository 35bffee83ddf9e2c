"""An object taken apart into what can change by itself, and put together again.

Diff, merge and adjudication all work on these parts: a scalar field is a part,
and so is each mention, each role with its fillers, each holder of a factuality.
References are written in the ids of one chosen document, so that parts of two
documents can be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from goldwire.annotate import structure
from goldwire.annotate.document import Event

# Fields that hold ids of other objects.
REFERENCES = frozenset(
    "affiliation member_of part_of controlled_by actor anchor counted of as_of scope said_by trend_from "
    "speaker addressee parent via event coref ref holder from to on accept".split()
)
MENTION_LISTS = ("mentions", "cue", "content", "verbatim")
# What keys the members of a list of small objects.
KEYED = {"details": "name", "factuality": "holder"}

Translate = Callable[[str], str]
Show = Callable[[str], str]


class Part(Struct, frozen=True):
    """``value`` is what is written, ``meant`` what is compared, ``shown`` what a person reads."""

    value: Any
    meant: Any
    shown: str


def parts(item: Any, translate: Translate, show: Show) -> dict[str, Part]:
    """Key of a part -> the part, in the order of the fields; parts at their default are left out.

    >>> from goldwire.annotate.document import Actor, Mention
    >>> ada = Actor("a1", "PER", mentions=(Mention("Ada", 0),))
    >>> [(key, part.shown) for key, part in parts(ada, str, str).items()]
    [('type', 'PER'), ('mentions «Ada»@0-3', 'yes')]
    """
    result: dict[str, Part] = {}
    plain = structure.plain(item, defaults=False)
    plain.pop("id", None)
    for name, value in plain.items():
        if name in MENTION_LISTS:
            for mention in value:
                key, heard = _mention(mention)
                result[f"{name} {key}"] = Part(
                    mention, heard, " ".join(mention.get(k, "") for k in ("head", "form")).strip() or "yes"
                )
        elif name == "args":
            for role in {a["role"]: None for a in value}:
                fillers = [_translated(a, translate) for a in value if a["role"] == role]
                result[f"args[{role}]"] = Part(fillers, _fillers(fillers), _shown_fillers(value, role, show))
        elif name in KEYED:
            for entry in value:
                member = _translated(entry, translate)
                said = " ".join(str(v) for k, v in member.items() if k != KEYED[name])
                result[f"{name}[{member[KEYED[name]]}]"] = Part(member, member, said)
        elif isinstance(value, dict) and "start" in value:
            key, heard = _mention(value)
            result[name] = Part(value, heard, key.partition("@")[0])
        elif name in REFERENCES:
            if name == "coref" and value == item.id:
                continue
            new = [translate(v) for v in value] if isinstance(value, list) else translate(value)
            shown = ", ".join(map(show, value)) if isinstance(value, list) else show(value)
            result[name] = Part(new, sorted(new) if isinstance(new, list) else new, shown)
        else:
            result[name] = Part(value, value, ", ".join(value) if _is_strings(value) else str(value))
    return result


def whole(cls: Any, ref: str, found: Mapping[str, Part]) -> Any:
    """The object with this id that the parts make; raises StructureError if one is missing."""
    raw: dict[str, Any] = {"id": ref}
    for key, part in found.items():
        name = key.partition(" ")[0].partition("[")[0]
        if name in MENTION_LISTS and " " in key:
            raw.setdefault(name, []).append(part.value)
        elif name == "args":
            raw.setdefault(name, []).extend(part.value)
        elif name in KEYED:
            raw.setdefault(name, []).append(part.value)
        else:
            raw[name] = part.value
    for name in MENTION_LISTS:
        if name in raw:
            raw[name].sort(key=lambda m: (m["start"], -len(m["text"])))
    if cls is Event:  # left out of the parts where it is the event's own id
        raw.setdefault("coref", ref)
    return structure.build(cls, raw)


def name_of(key: str) -> str:
    """How a part is called in a sentence: "target" for "args[target]", without offsets."""
    if key.startswith("args["):
        return key[5:-1]
    return key.partition("@")[0]


def _mention(raw: dict[str, Any]) -> tuple[str, Any]:
    """The key of a mention and what is compared: where it is and what it says of itself."""
    pieces = [raw, *raw.get("more", ())]
    words = " … ".join(p["text"] for p in pieces)
    bounds = ",".join(f"{p['start']}-{p['start'] + len(p['text'])}" for p in pieces)
    return f"«{words}»@{bounds}", {k: v for k, v in raw.items() if k != "confidence"}


def _translated(raw: dict[str, Any], translate: Translate) -> dict[str, Any]:
    return {k: translate(v) if k in REFERENCES else v for k, v in raw.items()}


def _fillers(args: list[dict[str, Any]]) -> Any:
    """Who fills a role, in any order; evidence counts only where it is the filler itself."""
    return sorted(
        (a.get("ref", ""), "" if a.get("ref") else str(a.get("evidence")), a.get("polarity", "pos"))
        for a in args
    )


def _shown_fillers(args: list[dict[str, Any]], role: str, show: Show) -> str:
    said = []
    for arg in args:
        if arg["role"] == role:
            words = show(arg["ref"]) if arg.get("ref") else f"«{(arg.get('evidence') or {}).get('text', '')}»"
            said.append(words if arg.get("polarity", "pos") == "pos" else f"not {words}")
    return ", ".join(sorted(said))


def _is_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(x, str) for x in value)
