"""Changes in words: what a person reads who reviews another person's annotations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from goldwire.annotate import structure
from goldwire.annotate.changes.counterparts import align, surface
from goldwire.annotate.changes.parts import Part, name_of, parts
from goldwire.annotate.document import COLLECTIONS, Document, Mention, mentions, objects

NOTHING = Part(None, None, "")


class Change(Struct, frozen=True):
    """One difference: a part of an object, or (``part`` is "") the object itself.

    ``old`` and ``new`` are what a person reads; an id is "" where the object is missing.
    """

    kind: str
    title: str
    old_id: str
    new_id: str
    part: str
    old: str
    new: str
    start: int

    def __str__(self) -> str:
        if not self.part:
            return f"{self.title}: {'removed' if self.old_id else 'added'}"
        return f"{self.title}: {name_of(self.part)} {self.old or '–'} → {self.new or '–'}"


def diff(old: Document, new: Document) -> list[Change]:
    """Every difference, in the order of the text.

    >>> from goldwire.annotate.document import Actor, Mention
    >>> a = Document("Ada left.", actors=(Actor("a1", "PER", mentions=(Mention("Ada", 0),)),))
    >>> b = Document("Ada left.", actors=(Actor("a9", "CIV", mentions=(Mention("Ada", 0),)),))
    >>> print(*diff(a, b))
    a1 PER «Ada»: type PER → CIV
    """
    same = align(old, new)
    back = {ours: theirs for theirs, ours in same.items()}
    before, after = ({x.id: (kind, x) for kind, x in objects(d)} for d in (old, new))
    names_old, names_new = names(old), names(new)
    found = list(_document(old, new))

    def translated(ref: str) -> str:
        # A new object may have the id of an old one that it is not.
        return same.get(ref) or (f"new {ref}" if ref in before else ref)

    for ref, (kind, item) in before.items():
        if ref not in back:
            found.append(Change(kind, title(kind, item), ref, "", "", "", "", at(item)))
            continue
        _, other = after[back[ref]]
        ours = parts(item, str, lambda x: names_old.get(x, x))
        theirs = parts(other, translated, lambda x: names_new.get(x, x))
        for key in {**ours, **theirs}:
            a, b = ours.get(key, NOTHING), theirs.get(key, NOTHING)
            if a.meant != b.meant:
                found.append(Change(kind, title(kind, item), ref, other.id, key, a.shown, b.shown, at(item)))
    for ref, (kind, item) in after.items():
        if ref not in same:
            found.append(Change(kind, title(kind, item), "", ref, "", "", "", at(item)))
    order = list(COLLECTIONS)
    return sorted(found, key=lambda c: (c.start, order.index(c.kind) if c.kind in order else -1, str(c)))


def names(document: Document) -> dict[str, str]:
    """Id -> what a person calls the object."""
    return {item.id: title(kind, item) for kind, item in objects(document)}


def title(kind: str, item: Any) -> str:
    """What a person calls an object: its id, its label and its words."""
    label = getattr(item, "type", "") or getattr(item, "kind", "") or getattr(item, "label", "") or kind
    first = _first(item)
    return f"{item.id} {label} {surface(first)}" if first else f"{item.id} {label}"


def at(item: Any) -> int:
    """Where an object stands first; what stands nowhere comes last."""
    first = _first(item)
    return first.start if first else getattr(item, "start", 1 << 60)


def _first(item: Any) -> Mention | None:
    return next((m for _, m in mentions(item)), None)


def _document(old: Document, new: Document) -> Iterator[Change]:
    name = f"document {old.meta.doc_id}"
    if old.text != new.text:
        sizes = [f"{len(d.text)} characters" for d in (old, new)]
        yield Change("doc", name, "", "", "text", sizes[0], sizes[1], -1)
    for field in structure.fields(type(old.meta)):
        a, b = getattr(old.meta, field.name), getattr(new.meta, field.name)
        if a != b:
            shown = [", ".join(x) if isinstance(x, tuple) else str(x) for x in (a, b)]
            yield Change("doc", name, "", "", field.key, shown[0], shown[1], -1)
