"""Labels, roles and details: only those that the ontology has."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from goldwire.annotate.document import Document, objects
from goldwire.annotate.problems import visible
from goldwire.annotate.rules.context import Context, Finding

# kind of object, field -> field of the ontology that lists the labels.
TYPES = {
    ("actor", "type"): "actors",
    ("place", "kind"): "places",
    ("time", "kind"): "times",
    ("number", "kind"): "numbers",
    ("event", "type"): "events",
    ("link", "type"): "links",
}


def unknown_label(document: Document, context: Context) -> Iterator[Finding]:
    ontology = context.ontology
    for (owner, name), table in TYPES.items():
        labels = getattr(ontology, table)
        for kind, item in objects(document):
            value = getattr(item, name, "") if kind == owner else ""
            if value and labels and value not in labels:
                yield item, _unknown(name, value, labels)
    for path, labels in ontology.closed.items():
        collection, _, name = path.partition(".")
        holders = [document.meta] if collection == "meta" else getattr(document, collection, ())
        for item in holders:
            for value in _values(item, name):
                if value and value not in labels:
                    yield (None if collection == "meta" else item), _unknown(name, value, labels)


def unknown_role(document: Document, context: Context) -> Iterator[Finding]:
    for event in document.events:
        roles = context.ontology.roles(event.type)
        for argument in event.args:
            if event.type in context.ontology.events and argument.role not in roles:
                yield event, _unknown(f"role of {event.type}", argument.role, roles)


def unknown_detail(document: Document, context: Context) -> Iterator[Finding]:
    for event in document.events:
        if event.type not in context.ontology.events:
            continue
        details = context.ontology.events[event.type].details
        for detail in event.details:
            if detail.name not in details:
                yield event, _unknown(f"detail of {event.type}", detail.name, details)
            elif detail.value not in details[detail.name]:
                yield event, _unknown(detail.name, detail.value, details[detail.name])
        names = [d.name for d in event.details]
        for name in sorted({n for n in names if names.count(n) > 1}):
            yield event, f"the detail {visible(name)} is said more than once"


def reserved_type(document: Document, context: Context) -> Iterator[Finding]:
    for event in document.events:
        known = context.ontology.events.get(event.type)
        if known and known.reserved:
            yield (
                event,
                f"{event.type} is reserved: it is not annotated in {context.ontology.name}",
            )


def role_fillers(document: Document, context: Context) -> Iterator[Finding]:
    for event in document.events:
        roles = context.ontology.roles(event.type)
        for argument in event.args:
            if argument.role not in roles:
                continue
            fillers = roles[argument.role].fillers
            kind = context.kind(argument.ref) if argument.ref else "text"
            if kind and kind not in fillers:
                filled = "text without an id" if kind == "text" else f"{argument.ref}, of kind {kind}"
                yield event, f"{argument.role} of {event.type} takes {' or '.join(fillers)}, not {filled}"
            elif kind == "text" and argument.evidence:
                same = [
                    item.id
                    for other, item in objects(document)
                    if other in fillers
                    and argument.evidence.pieces in [m.pieces for m in context.shown(item.id)]
                ]
                if same:
                    yield (
                        event,
                        f"{argument.role}: {visible(argument.evidence.text)} is {same[0]}; put that into ref",
                    )


def _values(item: object, name: str) -> Iterator[str]:
    """The values of a field named like ``mentions.form``, of every element where it is a list."""
    first, _, rest = name.partition(".")
    value = getattr(item, first, None)
    for x in value if isinstance(value, tuple) else (value,):
        if rest and x is not None:
            yield from _values(x, rest)
        elif isinstance(x, str):
            yield x


def _unknown(name: str, value: str, labels: Collection[str]) -> str:
    near = get_close_matches(value, labels, 1, 0.75) or get_close_matches(value.upper(), labels, 1, 0.75)
    hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(labels) or 'none'}"
    return f"{name}: {visible(value)} is not in the ontology{hint}"
