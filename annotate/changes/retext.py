"""The text was corrected: annotations follow the words that they stood on.

What cannot follow is kept under the key ``unmoved`` of its object, or of the
document where the object cannot be without it, and is listed; nothing is dropped.
"""

from __future__ import annotations

from typing import Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from goldwire.annotate import structure
from goldwire.annotate.document import COLLECTIONS, Document, Fragment, Mention
from goldwire.annotate.text_alignment import Alignment

UNMOVED = "unmoved"


class Unmoved(Struct, frozen=True):
    """A mention whose words are gone: the object's kind and id, the field, and the mention."""

    kind: str
    id: str
    field: str
    mention: Mention


class Mover(Protocol):
    """Knows where a span of the old text is in ``new``; None where it is not."""

    new: str

    def span(self, start: int, end: int) -> tuple[int, int] | None: ...


def retext(document: Document, text: str, moved: Mover | None = None) -> tuple[Document, list[Unmoved]]:
    """The document on another text, and what could not be moved; ``moved`` aligns the texts.

    >>> from goldwire.annotate.document import Term
    >>> terms = Term("w1", Mention("brige", 4)), Term("w2", Mention("fell", 10))
    >>> old = Document("the brige fell", terms=terms)
    >>> new, unmoved = retext(old, "the bridge")
    >>> [t.mention.text for t in new.terms], [(u.id, u.mention.text) for u in unmoved]
    (['bridge'], [('w2', 'fell')])
    """
    moved = moved or Alignment(document.text, text)
    unmoved: list[Unmoved] = []
    layers: dict[str, Any] = {}
    left: list[Any] = list(document.extra.get(UNMOVED, []))
    for kind, name in COLLECTIONS.items():
        items = []
        for item in getattr(document, name):
            new = _item(kind, item, moved, unmoved)
            if new is None:
                left.append({kind: item.id, **structure.plain(item, defaults=False)})
            else:
                items.append(new)
        layers[name] = tuple(items)
    extra = {**document.extra, **({UNMOVED: left} if left else {})}
    return replace(document, text=text, extra=extra, **layers), unmoved


def _item(kind: str, item: Any, moved: Mover, unmoved: list[Unmoved]) -> Any:
    """The object on the new text; None if it cannot be without what is gone."""
    changes: dict[str, Any] = {}
    kept: dict[str, list[Any]] = {}
    if hasattr(item, "start"):
        bounds = moved.span(item.start, item.end)
        if bounds is None:
            unmoved.append(Unmoved(kind, item.id, "bounds", Mention("", item.start)))
            return None
        return replace(item, start=bounds[0], end=bounds[1])
    for field in structure.fields(type(item)):
        value = getattr(item, field.name)
        if isinstance(value, Mention):
            new = _mention(value, moved)
            if new is None:
                unmoved.append(Unmoved(kind, item.id, field.key, value))
                if field.required:
                    return None
                kept[field.key] = [structure.plain(value, defaults=False)]
            changes[field.name] = new
        elif isinstance(value, tuple) and value and isinstance(value[0], Mention):
            pairs = [(m, _mention(m, moved)) for m in value]
            lost = [m for m, new in pairs if new is None]
            unmoved += [Unmoved(kind, item.id, field.key, m) for m in lost]
            if lost:
                kept[field.key] = [structure.plain(m, defaults=False) for m in lost]
            changes[field.name] = tuple(new for _, new in pairs if new is not None)
        elif field.key == "args":
            changes["args"] = tuple(_argument(kind, item.id, a, moved, unmoved) for a in value)
    extra = {**item.extra, **({UNMOVED: kept} if kept else {})}
    return replace(item, **changes, extra=extra)


def _argument(kind: str, ref: str, arg: Any, moved: Mover, unmoved: list[Unmoved]) -> Any:
    if arg.evidence is None:
        return arg
    new = _mention(arg.evidence, moved)
    if new is not None:
        return replace(arg, evidence=new)
    unmoved.append(Unmoved(kind, ref, f"args[{arg.role}]", arg.evidence))
    kept = structure.plain(arg.evidence, defaults=False)
    return replace(arg, evidence=None, extra={**arg.extra, UNMOVED: kept})


def _mention(mention: Mention, moved: Mover) -> Mention | None:
    pieces = [moved.span(start, end) for start, end in mention.pieces]
    if any(p is None for p in pieces):
        return None
    first, *rest = [Fragment(moved.new[p[0] : p[1]], p[0]) for p in pieces if p is not None]
    new = replace(mention, text=first.text, start=first.start, more=tuple(rest))
    if mention.head_start < 0:
        return new
    head = moved.span(*mention.head_bounds)
    if head is None:
        return None
    return replace(new, head=moved.new[head[0] : head[1]], head_start=head[0])
