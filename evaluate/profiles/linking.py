"""The scorer of entity linking and cross-document coreference of TAC: neleval at 68f6841.

An annotation is a span of a document with the entity it stands for: an id of the knowledge
base, or one that begins with NIL. Written from Hachey et al. 2014, Ji et al. 2015 and from
what the program answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import astuple
from typing import NamedTuple

from goldwire.evaluate import coreference
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

# What mentions of a cluster are known by, and the metric of `coreference.py`.
CLUSTERS: dict[str, tuple[str, str]] = {
    "muc": ("span", "muc"),
    "b_cubed": ("span", "b3"),
    "b_cubed_plus": ("span kbid", "b3"),
    "entity_ceaf": ("span", "ceaf_e"),
    "mention_ceaf": ("span", "ceaf_m"),
    "mention_ceaf_plus": ("span kbid", "ceaf_m"),
    "typed_mention_ceaf": ("span type", "ceaf_m"),
    "typed_mention_ceaf_plus": ("span type kbid", "ceaf_m"),
    "pairwise": ("span", "blanc_coref"),
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


def sets(gold: Annotations, pred: Annotations, *, fixed: bool = False) -> dict[str, Row]:
    """Count mentions, links, nils and entities of documents as sets; copies count once, unless ``fixed``.

    >>> gold = [Linked("d", 0, 3, "Q1", "PER"), Linked("d", 5, 8, "NIL1", "ORG")]
    >>> rows = sets(gold, [Linked("d", 0, 3, "Q2", "PER"), Linked("d", 5, 8, "NIL7", "ORG")])
    >>> rows["strong_link_match"], rows["strong_all_match"]
    ((0, 1, 0, 1), (1, 2, 1, 2))
    """
    rows: dict[str, Row] = {}
    for name, (fields, which) in SETS.items():
        wanted, given = (
            Counter(key(x, fields) for x in side if not which or x.nil == (which == "nil"))
            for side in (gold, pred)
        )
        if not fixed or name == "entity_match":  # an entity stands once in a document, however often named
            wanted, given = Counter(wanted.keys()), Counter(given.keys())
        hit = (wanted & given).total()
        rows[name] = hit, given.total(), hit, wanted.total()
    return rows


def clusters(gold: Annotations, pred: Annotations) -> dict[str, Row]:
    """Count clusters of mentions of one entity over all documents; ids of nils may differ.

    Of a mention with several entities goldwire's own rule decides (``coreference.py``).

    >>> gold = [Linked("d", 0, 3, "Q1"), Linked("e", 0, 3, "Q1"), Linked("e", 5, 8, "Q2")]
    >>> clusters(gold, [x._replace(entity="NIL0") for x in gold])["mention_ceaf"]
    (2, 3, 2, 3)
    """
    by_fields = {
        fields: coreference.rows(_by_entity(gold, fields), _by_entity(pred, fields))
        for fields in {fields for fields, _ in CLUSTERS.values()}
    }
    return {name: astuple(by_fields[fields][metric]) for name, (fields, metric) in CLUSTERS.items()}


def _by_entity(side: Annotations, fields: str) -> list[list[Hashable]]:
    found: dict[str, list[Hashable]] = {}
    for item in side:
        found.setdefault(item.entity, []).append(key(item, fields))
    return list(found.values())
