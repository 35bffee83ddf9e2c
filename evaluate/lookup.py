"""Looking up what a reference in a document stands for: an object, its entity, its cluster of events."""

from __future__ import annotations

from functools import cached_property

from goldwire.annotate.document import Argument, Document, Mention, Quotation, objects
from goldwire.evaluate import spans
from goldwire.evaluate.match import Stretch

# An entity of one document: the id of an object, or the positions of a span that is no object's.
Entity = str | tuple[tuple[int, int], ...]


class Side:
    """One document, looked up by id."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def entities(self) -> dict[Entity, list[Stretch]]:
        """Every entity with its mentions: objects by id (events by cluster), loose spans by position."""
        d = self.document
        found: dict[Entity, list[Stretch]] = {}
        owners: list[tuple[str, tuple[Mention, ...]]] = [(x.id, x.mentions) for x in d.actors]
        owners += [(x.id, x.mentions) for x in d.places]
        owners += [(t.id, (t.mention,)) for t in d.times] + [(n.id, (n.mention,)) for n in d.numbers]
        owners += [(s.id, (s.mention,)) for s in d.spans]
        for name, mentions in owners:
            found[name] = [spans.stretch(m) for m in mentions]
        for event in d.events:
            found.setdefault(self.cluster[event.id], []).append(spans.stretch(event.trigger))
        for quotation in d.quotations:
            if quotation.content:
                found[quotation.id] = [Stretch(spans.content(quotation))]
        loose = [a.evidence for e in d.events for a in e.args if a.evidence and a.ref not in self.known]
        loose += [q.speaker_span for q in d.quotations if q.speaker_span and q.speaker not in self.known]
        for mention in loose:
            one = spans.stretch(mention)
            found.setdefault(one.pieces, [one])
        return found

    @cached_property
    def sorts(self) -> dict[Entity, tuple[str, str]]:
        """Entity -> its kind and its type."""
        found: dict[Entity, tuple[str, str]] = {}
        for kind, item in objects(self.document):
            if kind != "event":
                found.setdefault(item.id, (kind, getattr(item, "type", "") or getattr(item, "kind", "")))
        return found | {cluster: ("event", label) for cluster, label in self.types.items()}

    @cached_property
    def twins(self) -> dict[Entity, Entity]:
        """Entity -> the first of those with the same mentions, kind and type: nothing tells them apart."""
        first: dict[object, Entity] = {}
        return {
            entity: first.setdefault((tuple(sorted(mentions)), self.sorts.get(entity)), entity)
            for entity, mentions in self.entities.items()
        }

    @cached_property
    def types(self) -> dict[str, str]:
        """Cluster of events -> the type of the event whose id it bears, else the first in the alphabet."""
        found: dict[str, str] = {}
        for event in sorted(self.document.events, key=lambda e: (e.id != self.cluster[e.id], e.type)):
            found.setdefault(self.cluster[event.id], event.type)
        return found

    @cached_property
    def cluster(self) -> dict[str, str]:
        """Id of an event -> the id that stands for its cluster; events without ``coref`` stand alone."""
        first = {e.id: e.coref or e.id for e in self.document.events}

        def root(name: str) -> str:
            seen = [name]
            while (upper := first.get(name, name)) not in seen:
                seen.append(name := upper)
            return name if upper == name else min(seen[seen.index(upper) :])

        return {name: root(name) for name in first}

    @cached_property
    def known(self) -> set[str]:
        """Ids that something may refer to."""
        return {item.id for _, item in objects(self.document)}

    def entity(self, ref: str, span: Mention | None = None) -> Entity | None:
        """What an id stands for; where it stands for nothing, the span; None where there is none."""
        if ref in self.known:
            return self.cluster.get(ref, ref)
        return spans.stretch(span).pieces if span else None

    def filler(self, argument: Argument) -> Entity | None:
        """The entity that fills a role."""
        return self.entity(argument.ref, argument.evidence)

    def evidence(self, argument: Argument) -> Stretch | None:
        """The mention that shows an argument, with the head that the object gives it."""
        entity = self.filler(argument)
        own = self.entities.get(entity, []) if entity is not None else []
        if argument.evidence is None:
            return min(own) if own else None
        shown = spans.stretch(argument.evidence)
        return next((m for m in own if m.pieces == shown.pieces), shown)

    def speaker(self, quotation: Quotation) -> Entity | None:
        """The entity that speaks."""
        return self.entity(quotation.speaker, quotation.speaker_span)

    @cached_property
    def speaker_of(self) -> dict[str, Entity | None]:
        """Id of a quotation -> the entity that speaks."""
        return {q.id: self.speaker(q) for q in self.document.quotations}
