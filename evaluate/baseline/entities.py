"""Who is meant: mentions of actors and places gathered into entities as they are read."""

from __future__ import annotations

from dataclasses import dataclass, field

from goldwire.annotate.document import Actor, Mention, Place
from goldwire.evaluate.baseline.lexicon import table

IMPERSONAL = {"STATE", "GOV", "IGO", "MEDIA", "ORG", "NGO"}


@dataclass(eq=False)
class Entity:
    """An actor or a place while its mentions are still being found."""

    layer: str  # actor or place
    type: str
    name: str = ""
    mentions: list[Mention] = field(default_factory=list)
    gender: str = ""
    plural: bool = False
    status: str = "none"
    affiliation: list[Entity] = field(default_factory=list)
    country: str = ""
    whole: Entity | None = None
    id: str = ""


class Entities:
    """The entities of a document, in the order in which they were first met."""

    def __init__(self) -> None:
        self.all: list[Entity] = []
        self._recent: list[Entity] = []
        self._known: dict[tuple[str, str], Entity] = {}
        self._spans: set[tuple[str, tuple[tuple[int, int], ...]]] = set()

    def find(self, layer: str, key: str) -> Entity | None:
        """The last entity of a layer that is known under ``key``."""
        return self._known.get((layer, key))

    def learn(self, entity: Entity, *keys: str) -> None:
        """Know an entity under further keys; of two under one key, the last counts."""
        self._known.update({(entity.layer, key): entity for key in keys})

    def add(self, layer: str, type: str, *, name: str = "", keys: tuple[str, ...] = ()) -> Entity:
        """A new entity."""
        entity = Entity(layer, type, name)
        self.all.append(entity)
        self.learn(entity, *keys)
        return entity

    def mention(self, entity: Entity, mention: Mention) -> None:
        """Note a mention; a span is never noted twice."""
        if (entity.layer, mention.pieces) in self._spans:
            return
        self._spans.add((entity.layer, mention.pieces))
        entity.mentions.append(mention)
        if entity in self._recent:
            self._recent.remove(entity)
        self._recent.append(entity)

    def antecedent(self, pronoun: str) -> Entity | None:
        """The entity that a pronoun most likely stands for: the last met that agrees with it."""
        groups: dict[str, str] = table("people")["pronouns"]
        kind = next((k for k, words in groups.items() if pronoun in words.split()), "")
        for entity in reversed(self._recent):
            person = entity.layer == "actor" and entity.type == "PER"
            if kind in ("he", "she") and person and entity.gender in ("", kind):
                entity.gender = kind
                return entity
            if kind == "they" and entity.layer == "actor" and entity.plural:
                return entity
            if kind == "it" and not person and not entity.plural:
                return entity
        return None

    def documents(self) -> tuple[tuple[Actor, ...], tuple[Place, ...]]:
        """The entities that have mentions, as objects of a document in reading order."""
        kept = sorted((e for e in self.all if e.mentions), key=lambda e: min(m.start for m in e.mentions))
        for layer in ("actor", "place"):
            for n, entity in enumerate((e for e in kept if e.layer == layer), 1):
                entity.id = f"{layer[0]}{n}"
        states = {e.country: e.id for e in kept if e.layer == "actor" and e.type == "STATE"}
        actors, places = [], []
        for entity in kept:
            mentions = tuple(sorted(entity.mentions, key=lambda m: m.start))
            if entity.layer == "place":
                state = states.get(entity.country, "") if entity.type == "country" else ""
                places.append(Place(entity.id, entity.type, entity.name, actor=state, mentions=mentions))
                continue
            actor = Actor(
                entity.id,
                entity.type,
                entity.name,
                status="none" if entity.type in IMPERSONAL else entity.status,
                affiliation=tuple(a.id for a in entity.affiliation if a.id),
                member_of=(entity.whole.id,) if entity.whole and entity.whole.id else (),
                mentions=mentions,
            )
            actors.append(actor)
        return tuple(actors), tuple(places)
