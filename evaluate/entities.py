"""What actors and places have in common: mentions that belong together, under a name or none."""

from __future__ import annotations

from typing import Any, NamedTuple

from goldwire.annotate.document import Document, Mention
from goldwire.evaluate import fields, identity, spans
from goldwire.evaluate.alignment import Alignment, Couple, aligned
from goldwire.evaluate.counts import Tally
from goldwire.evaluate.fields import Layer
from goldwire.evaluate.match import Stretch

NIL = "NIL"


class Own(NamedTuple):
    """A mention with the entity it belongs to."""

    entity: Any
    mention: Mention


def coreference(layer: str, gold: Document, pred: Document, *, match: str, metric: str) -> Tally:
    """Count clusters of mentions of a layer's entities (``identity.py``)."""
    both = aligned(gold, pred, match)
    mentions, clusters = clustered(layer, gold, pred)
    return identity.count(both, layer, lambda: mentions, clusters, metric)


def clustered(layer: str, gold: Document, pred: Document) -> tuple[list[list[Stretch]], list[list[int]]]:
    """The mentions of a layer's entities on either side, and the number of the entity of each.

    An entity is known by its place in the list, not by an id that may be missing.
    """
    sides = (gold, pred)
    return (
        [[_stretch(own) for own in _owned(layer, d)] for d in sides],
        [[k for k, x in enumerate(getattr(d, layer)) for _ in x.mentions] for d in sides],
    )


def link(layer: str, gold: Document, pred: Document, *, match: str, given: bool) -> Tally:
    """Count mentions whose entity has the right id, or rightly none."""
    both = aligned(gold, pred, match)
    return fields.compare(
        both,
        _layer(both, layer),
        lambda g, p: g.entity.wikidata == p.entity.wikidata,
        lambda own: "linked" if own.entity.wikidata else NIL,
        given=given,
    )


def attribute(layer: str, gold: Document, pred: Document, *, match: str, name: str, given: bool) -> Tally:
    """Count mentions with the right value of a field of their own, or of their entity."""

    def value(own: Own) -> str:
        found = getattr(own.mention if hasattr(own.mention, name) else own.entity, name)
        return found or "none"

    both = aligned(gold, pred, match)
    return fields.compare(both, _layer(both, layer), lambda g, p: value(g) == value(p), value, given=given)


def _layer(both: Alignment, layer: str) -> Layer:
    g, p = _owned(layer, both.gold), _owned(layer, both.pred)

    def couples() -> list[Couple[Own]]:
        # Where mentions stand twice, those of entities with the same id go together.
        pairs = both.pairs(
            [_stretch(own) for own in g],
            [_stretch(own) for own in p],
            prefer=lambda i, j: g[i].entity.wikidata == p[j].entity.wikidata,
        )
        return [Couple(g[x.gold], p[x.pred], x.gold, x.pred) for x in pairs]

    return Layer.of(both, layer, (g, p), couples, lambda own: spans.stretch(own.mention).pieces)


def _owned(layer: str, document: Document) -> list[Own]:
    return [Own(entity, m) for entity in getattr(document, layer) for m in entity.mentions]


def _stretch(own: Own) -> Stretch:
    entity = own.entity
    label = entity.type if hasattr(entity, "type") else entity.kind
    others = tuple(sorted(str(m.pieces) for m in entity.mentions))
    return spans.stretch(own.mention, label, (entity.wikidata, *others))
