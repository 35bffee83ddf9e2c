"""Changes in words: what a person reads who reviews another person's annotations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from goldwire.annotate import structure
from goldwire.annotate.changes.align import align, surface
from goldwire.annotate.document import COLLECTIONS, Argument, Document, Mention, mentions, objects

# Fields that hold ids of other objects; they are compared as objects, not as strings.
REFERENCES = frozenset(
    "affiliation member_of part_of controlled_by actor anchor counted of as_of scope said_by trend_from "
    "speaker addressee parent via event coref ref holder from to on".split()
)


class Change(Struct, frozen=True):
    """One difference. ``field`` "" means the whole object: ``old`` or ``new`` is then "".

    ``old`` and ``new`` are what a person reads; ``old_id`` and ``new_id`` find the object.
    """

    kind: str
    old_id: str
    new_id: str
    field: str
    old: str
    new: str
    title: str
    start: int

    def __str__(self) -> str:
        if not self.field:
            return f"{self.title}: {'added' if self.new else 'removed'}"
        name = self.field.removeprefix("args[").removesuffix("]") if "args[" in self.field else self.field
        return f"{self.title}: {name} {self.old or '–'} → {self.new or '–'}"


def diff(old: Document, new: Document) -> list[Change]:
    """Every difference, in the order of the text.

    >>> from goldwire.annotate.document import Actor
    >>> a = Document("Ada left.", actors=(Actor("a1", "PER", mentions=(Mention("Ada", 0),)),))
    >>> b = Document("Ada left.", actors=(Actor("a9", "CIV", mentions=(Mention("Ada", 0),)),))
    >>> print(*diff(a, b))
    a1 PER «Ada»: type PER → CIV
    """
    same = align(old, new)
    before, after = ({x.id: (kind, x) for kind, x in objects(d)} for d in (old, new))
    back = {ours: theirs for theirs, ours in same.items()}
    found: list[Change] = []
    for ref, (kind, item) in before.items():
        if ref not in back:
            found.append(Change(kind, ref, "", "", _words(old, item), "", title(kind, item), _at(item)))
            continue
        _, other = after[back[ref]]
        ours, theirs = _said(item, old, {}), _said(other, new, same)
        for name in sorted(ours.keys() | theirs.keys()):
            (a_is, a), (b_is, b) = (side.get(name, (None, "")) for side in (ours, theirs))
            if a_is != b_is:
                found.append(Change(kind, ref, other.id, name, a, b, title(kind, item), _at(item)))
    for ref, (kind, item) in after.items():
        if ref not in same:
            found.append(Change(kind, "", ref, "", "", _words(new, item), title(kind, item), _at(item)))
    found += _document(old, new)
    order = list(COLLECTIONS)
    return sorted(found, key=lambda c: (c.start, order.index(c.kind) if c.kind in order else -1, str(c)))


def title(kind: str, item: Any) -> str:
    """What a person calls an object: its id, its label and its words."""
    label = getattr(item, "type", "") or getattr(item, "kind", "") or getattr(item, "label", "") or kind
    first = next((m for _, m in mentions(item)), None)
    return f"{item.id} {label} {surface(first)}" if first else f"{item.id} {label}"


def _document(old: Document, new: Document) -> Iterator[Change]:
    if old.text != new.text:
        yield Change("doc", "", "", "text", f"{len(old.text)} characters", f"{len(new.text)}", "doc", -1)
    for field in structure.fields(type(old.meta)):
        a, b = getattr(old.meta, field.name), getattr(new.meta, field.name)
        if a != b:
            yield Change("doc", "", "", field.key, str(a), str(b), f"doc {old.meta.doc_id}", -1)


def _at(item: Any) -> int:
    first = next((m for _, m in mentions(item)), None)
    return first.start if first else getattr(item, "start", 1 << 60)


def _words(document: Document, item: Any) -> str:
    return "; ".join(f"{name} {words}" for name, (_, words) in sorted(_said(item, document, {}).items()))


def _said(item: Any, document: Document, same: dict[str, str]) -> dict[str, tuple[Any, str]]:
    """Field -> (what is compared, what is shown). Lists become one entry for each member."""
    named = {x.id: title(kind, x) for kind, x in objects(document)}

    def ref(value: str) -> tuple[str, str]:
        return same.get(value, value), named.get(value, value)

    result: dict[str, tuple[Any, str]] = {}
    for field in structure.fields(type(item)):
        value = getattr(item, field.name)
        if field.key == "id" or field.is_default(value):
            continue
        if field.key == "coref" and value == item.id:
            continue
        match value:
            case Mention():
                result[field.key] = (_mention(value), _show(value))
            case (Mention(), *_):
                result |= {f"{field.key} {_show(m)}": (_mention(m), "yes") for m in value}
            case (Argument(), *_):
                for role in {a.role: None for a in value}:
                    filled = sorted(_filler(a, ref) for a in value if a.role == role)
                    result[f"args[{role}]"] = ([f for f, _ in filled], ", ".join(w for _, w in filled))
            case (str(), *_) if field.key in REFERENCES:
                result[field.key] = (sorted(ref(v)[0] for v in value), ", ".join(ref(v)[1] for v in value))
            case str() if field.key in REFERENCES:
                result[field.key] = ref(value)
            case tuple():
                for part in value:
                    name, said = _part(part, ref)
                    result[f"{field.key} {name}"] = said
            case _:
                result[field.key] = (value, str(value))
    return result


def _filler(arg: Argument, ref: Any) -> tuple[str, str]:
    """What fills a role, to be compared and to be shown; evidence is no part of what is said."""
    place = str(arg.evidence.pieces) if arg.evidence else ""
    filler, shown = ref(arg.ref) if arg.ref else (place, surface(arg.evidence))
    return (filler, shown) if arg.polarity == "pos" else (f"not {filler}", f"not {shown}")


def _part(part: Any, ref: Any) -> tuple[str, tuple[Any, str]]:
    if isinstance(part, str):
        return part, (part, part)
    values = {f.key: getattr(part, f.name) for f in structure.fields(type(part))}
    first, *rest = ((ref(v) if k in REFERENCES else (v, str(v))) for k, v in values.items())
    return str(first[0]), (tuple(r[0] for r in rest), " ".join(r[1] for r in rest))


def _mention(mention: Mention) -> Any:
    return mention.pieces, mention.head_bounds, mention.form, mention.metonymy


def _show(mention: Mention) -> str:
    return surface(mention) + (f" ({mention.head})" if mention.head else "")
