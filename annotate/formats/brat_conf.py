"""``annotation.conf`` for brat, generated from the ontology and the labels in use."""

from __future__ import annotations

from collections.abc import Mapping, Set

from goldwire.annotate.ontology import Ontology, Role

# Fields of our objects that are written as attributes, and the closed list each one takes its values from.
_LISTS = {
    "events": ("polarity", "modality", "tense", "phase"),
    "quotations": ("directness", "stance", "polarity", "content_tail"),
    "numbers": ("mod", "stat"),
    "times": ("basis", "mod"),
    "actors": ("status",),
    "actors.mentions": ("form", "metonymy"),
}
_FLAGS = ("plural", "rounded", "open_low", "open_high")
_FILLERS = {"actor": "actors", "place": "places", "time": "times", "number": "numbers"}


def configuration(ontology: Ontology, used: Mapping[str, Set[str]]) -> str:
    """The four sections of the file; ``used`` names further types by the kind of their line."""
    groups = {name: list(getattr(ontology, name)) for name in _FILLERS.values()}
    listed = {label for labels in groups.values() for label in labels} | set(ontology.events)
    own = ["ACTOR", "PLACE", "TIME", "NUMBER", "QUOTE", "CUE", "VERBATIM", "ANAPHOR", "TERM", "ARG", "SPAN"]
    more = sorted((used.get("TextBound", set()) | set(own)) - listed)
    lines = ["[entities]", *more]
    for name, labels in groups.items():
        lines += [f"!{name}", *(f"\t{label}" for label in labels if label not in own)]
    lines += ["", "[relations]", "<OVERLAP> Arg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>"]
    lines += ["Equiv Arg1:<ENTITY>, Arg2:<ENTITY>, <REL-TYPE>:symmetric-transitive"]
    relations = (used.get("Arrow", set()) | set(ontology.links)) - {"Equiv"}
    lines += [f"{label} Arg1:<ANY>, Arg2:<ANY>" for label in sorted(relations)]
    lines += [
        "",
        "[events]",
        "Quotation Content:QUOTE, Cue*:CUE, Verbatim*:VERBATIM, Speaker?:<ANY>, Speaker_span?:<ANY>",
    ]
    for label, event in ontology.events.items():
        lines.append(_event(label, dict(ontology.roles(label)), groups) if event else label)
    lines += sorted(used.get("EventLine", set()) - set(ontology.events) - {"Quotation"})
    lines += ["", "[attributes]", *_attributes(ontology, used.get("Attribute", set()))]
    return "\n".join(lines) + "\n"


def _event(label: str, roles: dict[str, Role], groups: Mapping[str, list[str]]) -> str:
    parts = []
    for name, role in roles.items():
        fillers = [
            "<EVENT>" if f == "event" else f"!{_FILLERS[f]}"
            for f in role.fillers
            if f in (*_FILLERS, "event")
        ]
        types = [x for f in fillers for x in (groups[f[1:]] if f.startswith("!") else [f])] + ["ARG"]
        many = "*" if role.optional and role.many else "?" if role.optional else "+" if role.many else ""
        parts.append(f"{name}{many}:{'|'.join(types)}")
    return f"{label} {', '.join(parts)}" if parts else label


def _attributes(ontology: Ontology, used: Set[str]) -> list[str]:
    values: dict[str, list[str]] = {}
    for collection, names in _LISTS.items():
        for name in names:
            listed = values.setdefault(name, [])
            listed += [v for v in ontology.closed.get(f"{collection}.{name}", {}) if v not in listed]
    for event in ontology.events.values():
        for name, details in event.details.items():
            listed = values.setdefault(f"detail_{name}", [])
            listed += [v for v in details if v not in listed]
    lines = [f"{name} Arg:<ANY>, Value:{'|'.join(v)}" for name, v in values.items() if v]
    flags = [*_FLAGS, *sorted(used - values.keys() - set(_FLAGS))]
    return lines + [f"{name} Arg:<ANY>" for name in flags if name]
