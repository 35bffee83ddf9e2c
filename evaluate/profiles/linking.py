"""The scorer of entity linking and cross-document coreference of TAC: neleval at 68f6841.

An annotation is a span of a document with the entity it stands for: an id of the knowledge
base, or one that begins with NIL. Written from Hachey et al. 2014, Ji et al. 2015 and from
what the program answers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from math import comb
from typing import NamedTuple

from goldwire.evaluate.assignment import best
from goldwire.evaluate.counts import Four as Row


class Linked(NamedTuple):
    """A mention: document, start, end (as the program has them), entity ("" is nil) and type."""

    document: str
    start: int
    end: int
    entity: str
    type: str = ""

    @property
    def nil(self) -> bool:
        """Whether the entity is not in the knowledge base."""
        return not self.entity or self.entity.startswith("NIL")


Annotations = Sequence[Linked]
Clusters = Mapping[str, frozenset[Hashable]]

# What is compared, and which annotations: all (""), linked or nil ones.
SETS: dict[str, tuple[str, str]] = {
    "strong_mention_match": ("span", ""),
    "strong_typed_mention_match": ("span type", ""),
    "strong_linked_mention_match": ("span", "linked"),
    "strong_link_match": ("span kbid", "linked"),
    "strong_nil_match": ("span", "nil"),
    "strong_all_match": ("span kbid", ""),
    "strong_typed_link_match": ("span type kbid", "linked"),
    "strong_typed_nil_match": ("span type", "nil"),
    "strong_typed_all_match": ("span type kbid", ""),
    "entity_match": ("document kbid", "linked"),
}


def key(item: Linked, fields: str) -> Hashable:
    """The fields of an annotation that are compared; nil has no id there."""
    values: dict[str, Hashable] = {
        "span": item[:3],
        "type": item.type,
        "kbid": None if item.nil else item.entity,
        "document": item.document,
    }
    return tuple(values[field] for field in fields.split())


def sets(gold: Annotations, pred: Annotations) -> dict[str, Row]:
    """Count mentions, links, nils and entities of documents as sets; copies count once.

    >>> gold = [Linked("d", 0, 3, "Q1", "PER"), Linked("d", 5, 8, "NIL1", "ORG")]
    >>> rows = sets(gold, [Linked("d", 0, 3, "Q2", "PER"), Linked("d", 5, 8, "NIL7", "ORG")])
    >>> rows["strong_link_match"], rows["strong_all_match"]
    ((0, 1, 0, 1), (1, 2, 1, 2))
    """
    rows: dict[str, Row] = {}
    for name, (fields, which) in SETS.items():
        wanted, given = (
            {key(x, fields) for x in side if not which or x.nil == (which == "nil")} for side in (gold, pred)
        )
        hit = len(wanted & given)
        rows[name] = hit, len(given), hit, len(wanted)
    return rows


def clusters(gold: Annotations, pred: Annotations) -> dict[str, Row]:
    """Count clusters of mentions of one entity over all documents; ids of nils may differ.

    Faults kept: of a mention with two entities the last is looked up, and the CEAF
    denominators add what such clusters share twice.

    >>> gold = [Linked("d", 0, 3, "Q1"), Linked("e", 0, 3, "Q1"), Linked("e", 5, 8, "Q2")]
    >>> clusters(gold, [x._replace(entity="NIL0") for x in gold])["mention_ceaf"]
    (2, 3, 2, 3)
    """
    measures: dict[str, tuple[str, Callable[[Clusters, Clusters], Row]]] = {
        "muc": ("span", _muc),
        "b_cubed": ("span", _b_cubed),
        "b_cubed_plus": ("span kbid", _b_cubed),
        "entity_ceaf": ("span", _entity_ceaf),
        "mention_ceaf": ("span", _mention_ceaf),
        "mention_ceaf_plus": ("span kbid", _mention_ceaf),
        "typed_mention_ceaf": ("span type", _mention_ceaf),
        "typed_mention_ceaf_plus": ("span type kbid", _mention_ceaf),
        "pairwise": ("span", _pairwise),
    }
    return {
        name: count(_by_entity(gold, fields), _by_entity(pred, fields))
        for name, (fields, count) in measures.items()
    }


def _by_entity(side: Annotations, fields: str) -> Clusters:
    found: dict[str, set[Hashable]] = {}
    # The program sorts by start, longest first, within documents as they come.
    documents = {x.document: n for n, x in reversed(list(enumerate(side)))}
    for item in sorted(side, key=lambda x: (documents[x.document], x.start, -x.end)):
        found.setdefault(item.entity, set()).add(key(item, fields))
    return {entity: frozenset(mentions) for entity, mentions in found.items()}


def _where(side: Clusters) -> dict[Hashable, str]:
    return {m: entity for entity, mentions in side.items() for m in mentions}


def _muc(gold: Clusters, pred: Clusters) -> Row:
    return *_links(pred, _where(gold)), *_links(gold, _where(pred))


def _links(side: Clusters, where: Mapping[Hashable, str]) -> tuple[float, float]:
    hit = 0
    for mentions in side.values():
        linked = [where[m] for m in mentions if m in where]
        hit += len(linked) - len(set(linked))
    return hit, sum(len(c) - 1 for c in side.values())


def _b_cubed(gold: Clusters, pred: Clusters) -> Row:
    return *_shares(pred, gold), *_shares(gold, pred)


def _shares(side: Clusters, other: Clusters) -> tuple[float, float]:
    own, where = _where(side), _where(other)
    hit = sum(len(side[c] & other[where[m]]) / len(side[c]) for m, c in own.items() if m in where)
    return hit, len(own)


def _mention_ceaf(gold: Clusters, pred: Clusters) -> Row:
    return _ceaf(gold, pred, lambda a, b: len(a & b))


def _entity_ceaf(gold: Clusters, pred: Clusters) -> Row:
    return _ceaf(gold, pred, lambda a, b: 2 * len(a & b) / (len(a) + len(b)))


def _ceaf(
    gold: Clusters, pred: Clusters, like: Callable[[frozenset[Hashable], frozenset[Hashable]], float]
) -> Row:
    g, p = list(gold.values()), list(pred.values())
    edges = {(i, j): like(a, b) for i, a in enumerate(g) for j, b in enumerate(p)}
    hit = sum(edges[pair] for pair in best(edges))
    return hit, sum(like(a, b) for a in p for b in p), hit, sum(like(a, b) for a in g for b in g)


def _pairwise(gold: Clusters, pred: Clusters) -> Row:
    hit = sum(comb(len(a & b), 2) for a in gold.values() for b in pred.values())
    p_all, r_all = (sum(comb(len(c), 2) for c in side.values()) for side in (pred, gold))
    return hit, p_all, hit, r_all
