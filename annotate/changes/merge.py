"""Two people changed one document: both changes, and a conflict only where both changed one thing.

Objects are matched by content, so two annotators who both made ``a7`` lose
nothing, and two who marked the same mention make one object. What only one side
did is always in the result.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from goldwire.annotate import structure
from goldwire.annotate.changes.counterparts import align, free, renamed
from goldwire.annotate.changes.diff import names, title
from goldwire.annotate.changes.parts import Part, name_of, parts, whole
from goldwire.annotate.document import CLASSES, COLLECTIONS, Document, Meta, objects

Parts = dict[str, Part]
Side = dict[str, tuple[str, Any, Parts]]


class Conflict(Struct, frozen=True):
    """Both sides changed one thing, each in its own way; the result holds ``ours`` and names the conflict."""

    id: str
    object: str
    part: str
    base: str
    ours: str
    theirs: str

    def __str__(self) -> str:
        name = name_of(self.part) if self.part else "the object"
        was = f", was {self.base}" if self.base else ""
        return f"{self.object}: {name}: ours {self.ours or 'removed'}, theirs {self.theirs or 'removed'}{was}"


def merge(base: Document, ours: Document, theirs: Document) -> tuple[Document, list[Conflict]]:
    """The document with both sides' changes, and the conflicts, in which ours stands.

    The texts must be equal where both sides annotated; raises ValueError otherwise.

    >>> from goldwire.annotate.document import Actor, Mention
    >>> ada = Actor("a1", "PER", mentions=(Mention("Ada", 0),))
    >>> old = Document("Ada left.", actors=(ada,))
    >>> ours = replace(old, actors=(replace(ada, type="CIV"),))
    >>> theirs = replace(old, actors=(replace(ada, name="Ada"),))
    >>> new, conflicts = merge(old, ours, theirs)
    >>> new.actors[0].type, new.actors[0].name, conflicts
    ('CIV', 'Ada', [])
    """
    if not ours.text == base.text == theirs.text:
        raise ValueError("the texts differ; run goldwire retext on the older side first")
    ids_base = {x.id: x.id for _, x in objects(base)}
    ids_ours = renamed(base, ours, set(ids_base))
    ids_theirs = _third(base, ours, theirs, ids_ours)
    conflicts: list[Conflict] = []
    before, mine, others = _side(base, ids_base), _side(ours, ids_ours), _side(theirs, ids_theirs)
    kept: dict[str, list[Any]] = {name: [] for name in COLLECTIONS.values()}
    for ref in {**mine, **before, **others}:
        found = _object(ref, before.get(ref), mine.get(ref), others.get(ref), conflicts)
        if found is not None:
            kept[COLLECTIONS[found[0]]].append(_marked(found[1], [c for c in conflicts if c.id == ref]))
    meta = _meta(base.meta, ours.meta, theirs.meta, conflicts)
    extra = _keys(base.extra, ours.extra, theirs.extra, conflicts)
    meta = _marked(meta, [c for c in conflicts if not c.id])
    return replace(ours, meta=meta, extra=extra, **{k: tuple(v) for k, v in kept.items()}), conflicts


def _marked(item: Any, conflicts: list[Conflict]) -> Any:
    """The object with its conflicts on its line, where whoever resolves them finds them."""
    if not conflicts:
        return item
    said = [str(c).removeprefix(f"{c.object}: ") for c in conflicts]
    return replace(item, extra={**item.extra, "conflict": said})


def _third(base: Document, ours: Document, theirs: Document, ids_ours: dict[str, str]) -> dict[str, str]:
    """Ids of theirs -> ids in the result; what both sides added by content is one object."""
    result = align(base, theirs)
    taken = {x.id for _, x in objects(base)} | set(ids_ours.values())
    added = {x for x in ids_ours.values() if x not in set(result.values())}
    both = {new: ids_ours[old] for new, old in align(ours, theirs).items()}
    for _, item in objects(theirs):
        if item.id not in result:
            same = both.get(item.id, "")
            result[item.id] = same if same in added else free(item.id, taken)
            added.discard(same)
            taken.add(result[item.id])
    return result


def _object(ref: str, base: Any, ours: Any, theirs: Any, conflicts: list[Conflict]) -> tuple[str, Any] | None:
    """The object as both sides want it; None if it is gone."""
    kind, item, _ = ours or theirs or base
    if ours is None or theirs is None:
        other = ours or theirs
        if base is None:
            return kind, _rebuilt(kind, ref, other[2])
        if other is None or _values(other[2]) == _values(base[2]):
            return None
        words = "; ".join(f"{name_of(k)} {p.shown}" for k, p in other[2].items())
        conflicts.append(
            Conflict(ref, title(kind, item), "", "", words if ours else "", words if theirs else "")
        )
        return kind, _rebuilt(kind, ref, other[2])
    before: Mapping[str, Part] = base[2] if base else {}
    result: Parts = {}
    for key in {**ours[2], **theirs[2]}:
        a, b, c = ours[2].get(key), theirs[2].get(key), before.get(key)
        chosen = _three(a, b, c)
        if chosen is _BOTH:
            was, one, other = (x.shown if x else "" for x in (c, a, b))
            conflicts.append(Conflict(ref, title(kind, item), key, was, one, other))
            chosen = a
        if chosen is not None:
            result[key] = chosen
    return kind, _rebuilt(kind, ref, result)


_BOTH: Any = object()


def _three(ours: Any, theirs: Any, base: Any) -> Any:
    """One value of three; _BOTH if both sides changed it, each in its own way."""
    a, b, c = (x.value if isinstance(x, Part) else x for x in (ours, theirs, base))
    if a == b or b == c:
        return ours
    return theirs if a == c else _BOTH


def _side(document: Document, ids: Mapping[str, str]) -> Side:
    known = names(document)
    return {
        ids.get(item.id, item.id): (
            kind,
            item,
            {
                **parts(item, lambda r: ids.get(r, r), lambda r: known.get(r, r)),
                **{f"extra.{k}": Part(v, v, str(v)) for k, v in item.extra.items()},
            },
        )
        for kind, item in objects(document)
    }


def _rebuilt(kind: str, ref: str, found: Parts) -> Any:
    known = {k: p for k, p in found.items() if not k.startswith("extra.")}
    extra = {k.removeprefix("extra."): p.value for k, p in found.items() if k.startswith("extra.")}
    item = whole(CLASSES[kind], ref, known)
    return replace(item, extra={**item.extra, **extra})


def _values(found: Parts) -> dict[str, Any]:
    return {k: p.value for k, p in found.items()}


def _meta(base: Meta, ours: Meta, theirs: Meta, conflicts: list[Conflict]) -> Meta:
    values: dict[str, Any] = {}
    for field in structure.fields(Meta):
        three = [getattr(m, field.name) for m in (ours, theirs, base)]
        if field.name == "layers":
            # A layer that one side finished is finished; one that a side reopened is open.
            done = [x for x in three[0] if x in three[1] or x not in three[2]]
            values["layers"] = (*done, *(x for x in three[1] if x not in done and x not in three[2]))
            continue
        chosen = _three(*three)
        if chosen is _BOTH:
            one, other, was = (str(x) for x in three)
            conflicts.append(Conflict("", f"document {base.doc_id}", field.key, was, one, other))
            chosen = three[0]
        values[field.name] = chosen
    return Meta(**values, extra=_keys(base.extra, ours.extra, theirs.extra, conflicts))


def _keys(
    base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any], conflicts: list[Conflict]
) -> dict[str, Any]:
    """Keys that goldwire does not know, three ways."""
    result = {}
    for key in {**ours, **theirs}:
        chosen = _three(ours.get(key), theirs.get(key), base.get(key))
        if chosen is _BOTH:
            conflicts.append(
                Conflict("", "document", key, str(base.get(key)), str(ours.get(key)), str(theirs.get(key)))
            )
            chosen = ours.get(key)
        if chosen is not None:
            result[key] = chosen
    return result
