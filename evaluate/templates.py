"""Templates: what a document says happened, as types with roles filled by entities.

A template is a type and, per role, its fillers: entities, each a sequence of
mentions (strings, spans or ids: anything hashable). Every metric returns rows
of four sums (``Counts``) of one document, which add over documents.

CEAF-REE (Du, Rush & Cardie 2021) pools the templates of a document and aligns
entities role by role. CEAF-RME (Chen et al. 2023) first aligns templates of the
same type. The template score of GTT (Du, Rush & Cardie 2021) also counts the
types; in the published scorer several predicted entities may answer one gold
entity, which makes the best alignment of templates exponential to find. Here
entities are always paired one to one, so that the best alignment is an ordinary
assignment; the profiles reproduce what was published, faults and all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from goldwire.evaluate.assignment import best
from goldwire.evaluate.counts import Counts

Entity = Collection[Hashable]
Similarity = Callable[[Entity, Entity], float]  # 0 for entities that share no mention


@dataclass(frozen=True)
class Template:
    """A type of event, the other types that would be right too, and its fillers per role."""

    type: str
    roles: Mapping[str, Sequence[Entity]] = field(default_factory=dict)
    or_types: tuple[str, ...] = ()

    def entities(self) -> list[tuple[str, frozenset[Hashable]]]:
        """Every filler that has a mention, with its role."""
        return [(role, frozenset(e)) for role, filler in self.roles.items() for e in filler if e]


Templates = Sequence[Template]


def within(gold: Entity, pred: Entity) -> float:
    """1 if every mention of the predicted entity is one of the gold entity's, else 0.

    >>> within({"the chief", "a rebel"}, {"a rebel"}), within({"a rebel"}, {"a rebel", "an aide"})
    (1.0, 0.0)
    """
    return float(bool(pred) and set(pred) <= set(gold))


def share(gold: Entity, pred: Entity) -> float:
    """The share of the predicted entity's mentions that are the gold entity's.

    >>> share({"a rebel"}, {"a rebel", "an aide"})
    0.5
    """
    return len(set(pred) & set(gold)) / len(set(pred)) if pred else 0.0


def common(gold: Entity, pred: Entity) -> float:
    """How many mentions the two entities share (phi 3)."""
    return float(len(set(pred) & set(gold)))


def pooled(templates: Templates) -> list[Template]:
    """All templates as one without a type: every role of the document, each filler in it once.

    >>> pooled([Template("raid", {"agent": [["Ann"]]}), Template("theft", {"agent": [["Ann"], ["Bo"]]})])
    [Template(type='', roles={'agent': [frozenset({'Ann'}), frozenset({'Bo'})]}, or_types=())]
    """
    roles: dict[str, dict[frozenset[Hashable], None]] = {}
    for template in templates:
        for role, entity in template.entities():
            roles.setdefault(role, {})[entity] = None
    return [Template("", {role: list(found) for role, found in roles.items()})] if roles else []


def ceaf_ree(gold: Templates, pred: Templates, *, similarity: Similarity = within) -> dict[str, Counts]:
    """Count role fillers of a document, per role, under the best one-to-one alignment of entities.

    >>> gold = [Template("attack", {"victim": [["Ann", "she"], ["Bo"]]})]
    >>> ceaf_ree(gold, [Template("bombing", {"victim": [["she"], ["Ann"], ["Cy"]]})])
    {'victim': Counts(p_hit=1.0, p_all=3, r_hit=1.0, r_all=2)}
    """
    rows = {}
    for role in sorted({r for t in (*gold, *pred) for r in t.roles}):
        wanted = [e for t in gold for r, e in t.entities() if r == role]
        given = [e for t in pred for r, e in t.entities() if r == role]
        hit = _total(wanted, given, similarity)
        rows[role] = Counts(hit, len(given), hit, len(wanted))
    return rows


def ceaf_rme(
    gold: Templates, pred: Templates, *, similarity: Similarity = common, copies: Collection[int] = ()
) -> Counts:
    """Count what templates of the same type share, both templates and their entities aligned one to one.

    With ``common`` (phi 3) mentions are counted, with ``within`` entities. A gold
    template that allows several types is one template. ``copies`` are the places of predicted templates
    that count, but answer nothing.

    >>> gold = [Template("attack", {"victim": [["Ann", "she"]]}), Template("theft", {"thief": [["Bo"]]})]
    >>> ceaf_rme(gold, [Template("attack", {"victim": [["she"], ["Ann"]], "thief": [["Bo"]]})])
    Counts(p_hit=1.0, p_all=3, r_hit=1.0, r_all=3)
    >>> ceaf_rme(gold, [Template("attack", {"victim": [["she"], ["Ann"]]})], similarity=within)
    Counts(p_hit=1.0, p_all=2, r_hit=1.0, r_all=2)
    """
    pairs = {(i, j) for i, j in _meeting(*map(_mentions, (gold, pred))) if j not in copies}
    hit = _aligned(gold, pred, lambda g, p: _shared(g, p, similarity), pairs)

    def size(templates: Templates) -> int:
        entities = [e for t in templates for _, e in t.entities()]
        return sum(map(len, entities)) if similarity is common else len(entities)

    return Counts(hit, size(pred), hit, size(gold))


def template_f1(gold: Templates, pred: Templates) -> Counts:
    """Count types and role fillers of templates aligned one to one, entities one to one in each.

    >>> gold = [Template("attack", {"victim": [["Ann", "she"]]})]
    >>> template_f1(gold, [Template("attack", {"victim": [["she"], ["Ann"]]}), Template("theft")])
    Counts(p_hit=2.0, p_all=4, r_hit=2.0, r_all=2)
    """
    every = {(i, j) for i in range(len(gold)) for j in range(len(pred))}  # types alone count, too
    hit = _aligned(gold, pred, lambda g, p: 1 + _shared(g, p, within), every)

    def size(templates: Templates) -> int:
        return sum(1 + len(t.entities()) for t in templates)

    return Counts(hit, size(pred), hit, size(gold))


def _aligned(
    gold: Templates,
    pred: Templates,
    similarity: Callable[[Template, Template], float],
    pairs: Collection[tuple[int, int]],
) -> float:
    """The best total over pairs of templates, of those given, whose types agree."""
    names = [[_content(t) for t in side] for side in (gold, pred)]
    known: dict[tuple[Hashable, Hashable], float] = {}  # templates that say the same are compared once
    edges: dict[tuple[int, int], float] = {}
    for i, j in pairs:
        if pred[j].type in (gold[i].type, *gold[i].or_types):
            both = names[0][i], names[1][j]
            if both not in known:
                known[both] = similarity(gold[i], pred[j])
            edges[i, j] = known[both]
    return sum(edges[pair] for pair in best(edges))


def _content(template: Template) -> Hashable:
    return template.type, template.or_types, tuple(template.entities())


def _meeting(
    gold: Sequence[Collection[Hashable]], pred: Sequence[Collection[Hashable]]
) -> set[tuple[int, int]]:
    """The pairs (gold index, pred index) that share a mention; similarities of all others are 0."""
    where: dict[Hashable, list[int]] = {}
    for i, mentions in enumerate(gold):
        for mention in mentions:
            where.setdefault(mention, []).append(i)
    return {(i, j) for j, mentions in enumerate(pred) for mention in mentions for i in where.get(mention, ())}


def _mentions(templates: Templates) -> list[set[Hashable]]:
    return [{m for _, entity in t.entities() for m in entity} for t in templates]


def _shared(gold: Template, pred: Template, similarity: Similarity) -> float:
    total = 0.0
    given = pred.entities()
    for role in sorted(gold.roles):
        wanted = [e for r, e in gold.entities() if r == role]
        total += _total(wanted, [e for r, e in given if r == role], similarity)
    return total


def _total(gold: Sequence[Entity], pred: Sequence[Entity], similarity: Similarity) -> float:
    edges = {(i, j): similarity(gold[i], pred[j]) for i, j in _meeting(gold, pred)}
    return float(sum(edges[pair] for pair in best(edges)))
