"""Ids: each once, and everything that points somewhere points at something of the right kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from goldwire.annotate.document import Document, objects
from goldwire.annotate.problems import visible
from goldwire.annotate.rules.context import Context, Finding

AUTHOR = "AUTHOR"
ANYTHING = ("actor", "place", "time", "number", "event")

# Where ids stand: kind and field -> kinds of object that the id may have.
TARGETS: dict[tuple[str, str], tuple[str, ...]] = {
    ("actor", "affiliation"): ("actor", "place"),
    ("actor", "member_of"): ("actor",),
    ("place", "part_of"): ("place",),
    ("place", "controlled_by"): ("actor",),
    ("place", "member_of"): ("place",),
    ("place", "actor"): ("actor",),
    ("time", "anchor"): ("event", "time"),
    ("number", "counted"): ("actor", "place", "event"),
    ("number", "of"): ("actor", "place", "event"),
    ("number", "as_of"): ("time",),
    ("number", "scope"): ("place", "actor"),
    ("number", "said_by"): ("quotation", AUTHOR),
    ("number", "trend_from"): ("number",),
    ("quotation", "speaker"): ("actor", "place"),
    ("quotation", "addressee"): ("actor", "place"),
    ("quotation", "parent"): ("quotation",),
    ("quotation", "via"): ("actor", "place", "quotation"),
    ("quotation", "event"): ("event",),
    ("event", "coref"): ("event",),
    ("link", "source"): ("event",),
    ("link", "target"): ("event",),
}
# What fields are called on a line.
KEYS = {"source": "from", "target": "to"}
# Fields along which one must not come back to where one started.
ACYCLIC = ("part_of", "member_of", "parent", "affiliation", "trend_from", "anchor")


def pointers(document: Document) -> Iterator[tuple[Any, str, str, tuple[str, ...]]]:
    """(object, field, id, kinds it may have) for every id that stands in an object; () is any kind."""
    for kind, item in objects(document):
        for (owner, name), kinds in TARGETS.items():
            if owner == kind:
                value = getattr(item, name)
                for ref in (value,) if isinstance(value, str) else value:
                    if ref:
                        yield item, KEYS.get(name, name), ref, kinds
        match kind:
            case "event":
                yield from ((item, f"args[{a.role}]", a.ref, ANYTHING) for a in item.args if a.ref)
                yield from ((item, "factuality", f.holder, ("quotation", AUTHOR)) for f in item.factuality)
            case "relation":
                yield from ((item, n, r, ()) for n, r in (("from", item.source), ("to", item.target)) if r)
            case "ambiguity" | "provenance":
                if item.on:
                    yield item, "on", item.on, ()


def repeated_id(document: Document, context: Context) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for kind, item in objects(document):
        if item.id == AUTHOR:
            yield item, f"the id {visible(item.id)} is that of the author of every text"
        elif item.id in first:
            yield item, f"the id {visible(item.id)} is that of {_a(first[item.id])} before it"
        first.setdefault(item.id, kind)


def dangling_id(document: Document, context: Context) -> Iterator[Finding]:
    for item, name, ref, kinds in pointers(document):
        if ref not in context.ids and not (ref == AUTHOR and AUTHOR in kinds):
            yield item, f"{name}: nothing has the id {visible(ref)}"


def reference_kind(document: Document, context: Context) -> Iterator[Finding]:
    for item, name, ref, kinds in pointers(document):
        kind = context.kind(ref)
        if kind and kinds and kind not in kinds:
            wanted = " or ".join(map(_a, kinds))
            yield item, f"{name}: {visible(ref)} is {_a(kind)}, and should be {wanted}"


def cycle(document: Document, context: Context) -> Iterator[Finding]:
    for name in ACYCLIC:
        for _, item in objects(document):
            value = getattr(item, name, None)
            if not value:
                continue
            path, todo = {item.id}, list((value,) if isinstance(value, str) else value)
            while todo:
                ref = todo.pop()
                if ref == item.id:
                    yield item, f"{name}: leads from {visible(item.id)} back to itself"
                    break
                if ref not in path:
                    path.add(ref)
                    more = getattr(context.item(ref), name, None) or ()
                    todo += [more] if isinstance(more, str) else more
    for link in document.links:
        if link.source and link.source == link.target:
            yield link, f"from and to: {visible(link.source)} is linked to itself"


def _a(kind: str) -> str:
    return kind if kind == AUTHOR else f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def pending_suggestion(document: Document, context: Context) -> Iterator[Finding]:
    for row in document.provenance:
        if row.action == "suggested" and context.item(row.on) is not None:
            yield row, f"{row.on} was suggested by {visible(row.annotator)}, and nobody has decided on it"
