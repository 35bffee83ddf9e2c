"""Declared ambiguities: guidelines/identity.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import prod
from typing import Any

from goldwire.annotate.document import Ambiguity, Document
from goldwire.annotate.problems import visible
from goldwire.annotate.rules.context import Context, Finding
from goldwire.annotate.rules.labels import TYPES
from goldwire.annotate.rules.references import TARGETS
from goldwire.annotate.structure import fields

MOST_READINGS = 64
_INDEXED = re.compile(r"(args|factuality)\[([^\]]+)\]")
_MENTION = re.compile(r"mentions\[(.+)\]")


def declared_ambiguity(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.ambiguities:
        kind, target = context.ids.get(item.on, ("", None))
        if target is None:
            continue
        if not item.accept:
            yield item, "accept is empty; name the other values"
            continue
        for said in _wrong(item, kind, target, context):
            yield item, f"{item.field} of {item.on}: {said}"


def _wrong(item: Ambiguity, kind: str, target: Any, context: Context) -> Iterator[str]:
    indexed = _INDEXED.fullmatch(item.field)
    if item.field == "exists":
        if item.accept != ("",):
            yield 'accept should be [""], that there is no such object'
    elif item.field == "content" and kind == "quotation":
        return  # other bounds, as text
    elif (words := _MENTION.fullmatch(item.field)) and kind in ("actor", "place"):
        number = sum(m.text == words[1] for m in target.mentions)
        if number != 1:
            yield f"{number or 'none'} of its mentions are {visible(words[1])}; name one"
        for value in item.accept:
            if value and context.ids.get(value, ("", None))[0] != kind:
                yield f"{visible(value)} is no {kind}; a mention goes to one or to none"
    elif indexed and kind == "event":
        name, key = indexed.groups()
        if name == "args":
            if key not in context.ontology.roles(target.type) and target.type in context.ontology.events:
                yield f"{target.type} has no role {visible(key)}"
            elif key not in [a.role for a in target.args] and "" not in item.accept:
                yield f"the event has no {key}; there is no value beside which others hold"
            yield from _dangling(item, context, also=())
        else:
            labels = context.ontology.closed.get("events.factuality.value", {})
            yield from (
                f"{visible(v)} is not in the ontology" for v in item.accept if labels and v not in labels
            )
    else:
        known = {f.key: f.name for f in fields(type(target))}
        if item.field not in known:
            yield f"there is no such field; those of {kind} are {', '.join(known)}"
            return
        name = known[item.field]
        if (kind, name) in TARGETS:
            yield from _dangling(item, context, also=TARGETS[kind, name])
        labels = _labels(kind, name, context)
        yield from (
            f"{visible(v)} is not in the ontology" for v in item.accept if labels and v and v not in labels
        )
        if getattr(target, name) in item.accept:
            yield f"{visible(str(getattr(target, name)))} is the value already, and always accepted"


def _dangling(item: Ambiguity, context: Context, also: tuple[str, ...]) -> Iterator[str]:
    for value in item.accept:
        if value and value not in context.ids and value not in also:
            yield f"nothing has the id {visible(value)}"


def _labels(kind: str, name: str, context: Context) -> Any:
    if (kind, name) in TYPES:
        return getattr(context.ontology, TYPES[kind, name])
    collections = {
        "place": "places",
        "actor": "actors",
        "event": "events",
        "time": "times",
        "number": "numbers",
    }
    return context.ontology.closed.get(f"{collections.get(kind, kind + 's')}.{name}", {})


def too_many_readings(document: Document, context: Context) -> Iterator[Finding]:
    count = readings(document)
    if count > MOST_READINGS:
        yield (
            document.ambiguities[-1],
            f"the document has {count} joint readings; at most {MOST_READINGS} are scored",
        )


def readings(document: Document) -> int:
    """How many ways there are to read a document: each ambiguity by itself, those of one reading together.

    >>> free = [Ambiguity(f"x{n}", "e1", "type", accept=("A", "B")) for n in range(3)]
    >>> bound = [Ambiguity(f"y{n}", "e1", "type", reading="r", accept=("A",)) for n in range(5)]
    >>> readings(Document("", ambiguities=(*free, *bound)))
    54
    """
    free = [1 + len(x.accept) for x in document.ambiguities if not x.reading]
    bound: dict[str, int] = {}
    for x in document.ambiguities:
        if x.reading:
            bound[x.reading] = max(bound.get(x.reading, 0), 1 + len(x.accept))
    return prod([*free, *bound.values()])
