"""Every disagreement between annotators, one by one, for a third to decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from goldwire.annotate.document import Document
from goldwire.evaluate.agreement.annotators import Compared
from goldwire.evaluate.agreement.items import LAYERS, Item, Marked, at, heads, items, same_cue, same_extent
from goldwire.evaluate.alignment import Alignment
from goldwire.evaluate.lookup import Entity, Side
from goldwire.evaluate.match import one_to_one

# Of each layer, the fields that refer to other objects.
REFERENCES = {
    "numbers": ("counted", "of", "as_of", "scope"),
    "quotations": ("speaker", "addressee", "parent"),
}


class Disagreement(NamedTuple):
    """Where two or more annotators differ.

    ``field`` is ``exists`` (not all have it), ``extent``, a field, ``args[role]`` or ``coreference``;
    ``said`` gives for each annotator its words or value, None for one that has no such object.
    """

    document: str
    layer: str
    start: int
    text: str
    field: str
    said: dict[str, str | None]
    ids: dict[str, str]


def disagreements(compared: Compared, layers: Sequence[str] = ()) -> Iterator[Disagreement]:
    """Go through the texts, layer by layer, in reading order.

    References and arguments are compared by entities, as in scoring: any mention is as good as another.

    >>> from goldwire.annotate.document import Mention, Meta
    >>> from goldwire.evaluate.agreement.annotators import compared
    >>> from goldwire.annotate.document import Event
    >>> raid, war = (Event(i, Mention("raid", 4), t) for i, t in (("e1", "STRIKE"), ("e9", "WAR")))
    >>> one, other = (Document("The raid", Meta("A"), events=(e,)) for e in (raid, war))
    >>> [(d.text, d.field, d.said) for d in disagreements(compared({"one": [one], "other": [other]}))]
    [('raid', 'type', {'one': 'STRIKE', 'other': 'WAR'})]
    """
    for name, versions in zip(compared.documents, compared.texts, strict=True):
        for layer in LAYERS:
            if not layers or layer in layers:
                found = items(layer, versions)
                for item in found:
                    for field, said in _fields(layer, item):
                        yield _line(name, layer, item, field, said, compared.annotators)
                for item, field, said in sorted(_references(layer, found, versions), key=lambda x: at(x[0])):
                    yield _line(name, layer, item, field, said, compared.annotators)


def _line(
    name: str, layer: str, item: Item, field: str, said: Sequence[str | None], annotators: Sequence[str]
) -> Disagreement:
    first = min((m for m in item if m), key=lambda m: m.stretch.at)
    ids = {who: m.owner.id for who, m in zip(annotators, item, strict=True) if m}
    values = dict(zip(annotators, said, strict=True))
    return Disagreement(name, layer, first.mention.start, first.mention.text, field, values, ids)


def _fields(layer: str, item: Item) -> Iterator[tuple[str, list[str | None]]]:
    held = [m for m in item if m]
    if len(held) < len(item):
        yield "exists", [m and _words(m) for m in item]
    first = held[0]
    if layer != "events" and not all(same_extent(first, m) for m in held):
        yield "extent", [m and _words(m) for m in item]
    if layer == "quotations" and not all(same_cue(first, m) for m in held):
        yield "cue", [m and " … ".join(c.text for c in m.owner.cue) for m in item]
    for field in LAYERS[layer].fields:
        said = [m and m.said(field) for m in item]
        rests = field == "value" and any(getattr(m.owner, "basis", "") == "metadata" for m in held)
        if len({x for x in said if x is not None}) > 1 and not rests:
            yield field, said


def _references(
    layer: str, found: Sequence[Item], versions: Sequence[Document]
) -> Iterator[tuple[Item, str, list[str | None]]]:
    """What depends on who is who, which only two annotators can be asked at a time."""
    for a, b in combinations(range(len(versions)), 2):
        # Entities whose extents are in dispute are the same ones all the same.
        both = Alignment(heads(versions[a]), heads(versions[b]), "exact")
        twins = [(item, x, y) for item in found if (x := item[a]) and (y := item[b])]

        def said(first: str, second: str, a: int = a, b: int = b) -> list[str | None]:
            return [first if k == a else second if k == b else None for k in range(len(versions))]

        for item, x, y in twins:
            for field in REFERENCES.get(layer, ()):
                refs = [side.entity(getattr(m.owner, field)) for side, m in _both(both, x, y)]
                if not both.same_entity(*refs):
                    names = [_named(side.document, ref) for side, ref in zip(both.sides, refs, strict=True)]
                    yield item, field, said(names[0], names[1])
            if layer == "events":
                for role, first, second in _arguments(both, x, y):
                    yield item, f"args[{role}]", said(first, second)
        if layer in ("actors", "places", "events"):
            for item, first, second in _clusters(both, layer, twins):
                yield item, "coreference", said(first, second)


def _both(both: Alignment, x: Marked, y: Marked) -> Iterator[tuple[Side, Marked]]:
    return zip(both.sides, (x, y), strict=True)


def _arguments(both: Alignment, x: Marked, y: Marked) -> Iterator[tuple[str, str, str]]:
    """Roles whose fillers do not all answer each other, with those of either side that do not."""
    a, b = (next(e for e in side.document.events if e.id == m.owner.id) for side, m in _both(both, x, y))
    pairs = one_to_one(a.args, b.args, both.same_argument)
    answered = {p.gold for p in pairs}, {p.pred for p in pairs}
    rest: list[dict[str, list[str]]] = [{}, {}]
    for k, (side, event) in enumerate(zip(both.sides, (a, b), strict=True)):
        for i, argument in enumerate(event.args):
            if i not in answered[k]:
                rest[k].setdefault(argument.role, []).append(_named(side.document, side.filler(argument)))
    for role in sorted({*rest[0], *rest[1]}):
        first, second = ("; ".join(fillers.get(role, [])) for fillers in rest)
        yield role, first, second


def _clusters(
    both: Alignment, layer: str, twins: Sequence[tuple[Item, Marked, Marked]]
) -> Iterator[tuple[Item, str, str]]:
    """Items whose companions, of those that both annotators have, are others."""
    keys = []
    for side, k in zip(both.sides, (1, 2), strict=True):
        owners = [twin[k].owner.id for twin in twins]  # type: ignore[union-attr]
        keys.append([side.cluster.get(x, x) if layer == "events" else x for x in owners])
    for i, (item, _, _) in enumerate(twins):
        companions = [{j for j, key in enumerate(side) if key == side[i] and j != i} for side in keys]
        if companions[0] != companions[1]:
            words = [", ".join(twins[j][1].mention.text for j in sorted(c)) for c in companions]
            yield item, words[0], words[1]


def _words(m: Marked) -> str:
    mentions = m.owner.content if hasattr(m.owner, "content") else (m.mention,)
    return " … ".join(x.text for x in mentions)


def _named(document: Document, entity: Entity | None) -> str:
    """What an entity is called: its name, else its first words; nothing for none."""
    if entity is None:
        return ""
    if isinstance(entity, str):
        for name in ("actors", "places", "times", "numbers", "events", "quotations", "spans"):
            for item in getattr(document, name):
                if item.id == entity:
                    return getattr(item, "name", "") or _first(item)
        return entity
    return " … ".join(document.text[start:end] for start, end in entity)


def _first(item: Any) -> str:
    for name in ("trigger", "mention"):
        if mention := getattr(item, name, None):
            return str(mention.text)
    mentions = getattr(item, "mentions", None) or getattr(item, "content", ())
    return mentions[0].text if mentions else ""
