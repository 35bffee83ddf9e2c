"""What a format cannot hold: taken out of a document, and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from goldwire.annotate.document import COLLECTIONS, Document, Mention, Meta


def keep(document: Document, carries: frozenset[str], lost: Counter[str]) -> Document:
    """The document reduced to what ``carries`` names; ``lost`` counts what went.

    Identity (``ids``), the exact text, duplicates and overlaps are not reduced
    here: which of two overlapping spans may stay is for the format to say.

    >>> from goldwire.annotate.document import Actor, Fragment, Span
    >>> split = Mention("lay", 0, more=(Fragment("down", 8),))
    >>> d = Document("lay him down", actors=(Actor("a1"),), spans=(Span("s1", split, "X"),))
    >>> lost = Counter()
    >>> keep(d, frozenset({"spans"}), lost).spans[0].mention.bounds, dict(lost)
    ((0, 3), {'actor': 1, 'discontinuous mention': 1})
    """
    changes: dict[str, Any] = {}
    for kind, name in COLLECTIONS.items():
        items = getattr(document, name)
        if not items:
            continue
        if name not in carries:
            lost[kind] += len(items)
            changes[name] = ()
        elif not carries >= {"heads", "attributes", "discontinuous", "empty", "extra"}:
            kept = tuple(x for item in items for x in _item(item, kind, carries, lost))
            changes[name] = kept
    if "meta" not in carries:
        plain = Meta(doc_id=document.meta.doc_id)
        fields = [f for f in Meta.__struct_fields__ if getattr(document.meta, f) != getattr(plain, f)]
        lost.update(f"meta {field}" for field in fields)
        changes["meta"] = plain
    if "extra" not in carries:
        if unknown := len(document.extra) + len(document.meta.extra):
            lost["unknown key"] += unknown
        changes["extra"] = {}
        changes["meta"] = replace(changes.get("meta", document.meta), extra={})
    return replace(document, **changes) if changes else document


def _item(item: Any, kind: str, carries: frozenset[str], lost: Counter[str]) -> Iterator[Any]:
    """The object without what is not carried; nothing where its only mention is empty."""
    changes: dict[str, Any] = {}
    for name in item.__struct_fields__:
        value = getattr(item, name)
        if isinstance(value, Mention):
            if not value.text and "empty" not in carries:
                lost[f"empty {kind}"] += 1
                return
            changes[name] = mention(value, carries, lost)
        elif name == "extra" and value and "extra" not in carries:
            lost["unknown key"] += len(value)
            changes[name] = {}
        elif name in ("confidence", "note") and value and "attributes" not in carries:
            lost[f"{kind} {name}"] += 1
            changes[name] = ""
        elif isinstance(value, tuple) and value and isinstance(value[0], Mention):
            full = [m for m in value if m.text or "empty" in carries]
            if len(full) < len(value):
                lost[f"empty {kind}"] += len(value) - len(full)
            changes[name] = tuple(mention(m, carries, lost) for m in full)
        elif name == "args":
            changes[name] = tuple(x for a in value for x in _item(a, "argument", carries, lost))
    yield replace(item, **changes) if changes else item


def mention(item: Mention, carries: frozenset[str], lost: Counter[str]) -> Mention:
    """The mention without pieces, head, attributes or unknown keys that are not carried."""
    changes: dict[str, Any] = {}
    if item.more and "discontinuous" not in carries:
        lost["discontinuous mention"] += 1
        changes["more"] = ()
    if (item.head or item.head_start >= 0) and "heads" not in carries:
        lost["head"] += 1
        changes |= {"head": "", "head_start": -1}
    for name in ("form", "metonymy", "confidence"):
        if getattr(item, name) and "attributes" not in carries:
            lost[name] += 1
            changes[name] = ""
    if item.extra and "extra" not in carries:
        lost["unknown key"] += len(item.extra)
        changes["extra"] = {}
    return replace(item, **changes) if changes else item
