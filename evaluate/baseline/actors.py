"""The actors and places: names, role nouns and pronouns, put together where they mean the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from goldwire.annotate.document import Document, Mention
from goldwire.evaluate.baseline import gazetteer
from goldwire.evaluate.baseline.entities import Entities, Entity
from goldwire.evaluate.baseline.grammar import lower
from goldwire.evaluate.baseline.lexicon import inverted
from goldwire.evaluate.baseline.lexicon import words as listed
from goldwire.evaluate.baseline.names import Name, names
from goldwire.evaluate.baseline.nouns import is_plural, singular
from goldwire.evaluate.baseline.numbers import between
from goldwire.evaluate.baseline.phrases import (
    Sentence,
    function,
    is_noun,
    is_stop,
    is_verb,
    left_edge,
    read,
    right_edge,
)

_EXPLETIVE = re.compile(
    r"it\s+(?:is|was|has been|will be|seems|appears)\s+\w+(?:\s+\w+)?\s+(?:that|to)\b", re.I
)


def add(document: Document) -> Document:
    """The document with its actors and places, and what its numbers count.

    >>> found = add(Document("The Norwegian army, which left Oslo, lost 40 soldiers."))
    >>> sorted((a.type, [m.text for m in a.mentions]) for a in found.actors)
    [('MIL', ['40 soldiers']), ('MIL', ['The Norwegian army']), ('STATE', ['Norwegian'])]
    >>> [(p.kind, p.name) for p in found.places]
    [('city', 'Oslo')]
    """
    entities = Entities()
    segments = read(document)
    capitalised = frozenset(
        w.text
        for s in segments
        for i, w in enumerate(s.words)
        if i and w.text[0].isupper() and s.words[i - 1].text[0].isalpha()
    )
    for sentence in segments:
        _Reader(document.text, sentence, entities, capitalised).read(names(sentence, capitalised))
    actors, places = entities.documents()
    return replace(document, actors=actors, places=places)


class _Reader:
    """One sentence, read from left to right."""

    def __init__(
        self, text: str, sentence: Sentence, entities: Entities, capitalised: frozenset[str]
    ) -> None:
        self.text, self.sentence, self.entities = text, sentence, entities
        self.capitalised = capitalised
        self.words = sentence.words
        self.here: list[tuple[Entity, Mention]] = []

    def read(self, found: list[Name]) -> None:
        """Note every mention, in reading order, so that a pronoun finds what stands before it."""
        named = {i for n in found for i in range(n.head, n.head_end)}
        at = {n.head: n for n in found}
        covered = {i for n in found for i in range(n.first, n.end) if self._is_part(i, n)}
        for i in range(len(self.words)):
            if i in at:
                self._name(at[i])
            elif i in named or i in covered or self.sentence.in_time(i):
                continue
            elif kind := self._noun(i):
                self._nominal(i, *kind)
            elif self.words[i].lower in inverted("people", "pronouns"):
                self._pronoun(i)

    def _is_part(self, i: int, name: Name) -> bool:
        """Whether word i belongs to the mention of a name without being an owner or a whole of its own."""
        if lower(self.words, i + 1) in ("'s", "'") or self.words[i].lower in inverted("people", "pronouns"):
            return False
        return name.first <= i < name.end

    def _mention(
        self, first: int, end: int, head: int, head_end: int, form: str, metonymy: str = ""
    ) -> Mention:
        made = between(self.text, self.words, first, end, head, head_end)
        return replace(made, form=form, metonymy=metonymy)

    def _note(self, entity: Entity, mention: Mention) -> None:
        self.entities.mention(entity, mention)
        self.here.append((entity, mention))

    # -- names ---------------------------------------------------------------

    def _name(self, n: Name) -> None:
        layer, type, form, metonymy = self._reading(n)
        country = n.key if n.layer in ("country", "demonym", "capital") else ""
        text = self.text[self.words[n.head].start : self.words[n.head_end - 1].end]
        name = text if n.layer in ("capital", "place", "people") else n.key
        if form == "demonym":
            country = self._nation(country)
        name = country if type in ("STATE", "country") else name
        entity = self._renamed(n, name) or self._entity(layer, type, name, country)
        self._note(entity, self._mention(n.first, n.end, n.head, n.head_end, form, metonymy))
        if n.title:
            self.entities.learn(entity, f"role:{singular(n.title.split()[-1].lower())}")

    def _nation(self, word: str) -> str:
        """The country of an adjective that no list knows: a name of the document with its beginning."""
        stem = re.sub(r"(?:ian|ish|ese)$", "", word)
        return next(
            (w for w in sorted(self.capitalised) if w != word and w.startswith(stem) and w[-1] == "a"), word
        )

    def _renamed(self, n: Name, name: str) -> Entity | None:
        """The person that a name in apposition renames: "the mayor, Ada Brask"; None where there is none."""
        comma = n.type == "PER" and not n.title and lower(self.words, n.first - 1) == ","
        if not comma or not self.here or self.entities.find("actor", name):
            return None
        start = self.words[n.first - 1].start
        entity = next(
            (e for e, m in reversed(self.here) if m.bounds[1] == start and m.form == "nominal"), None
        )
        if entity is None or entity.layer != "actor" or entity.type != "PER":
            return None
        entity.name = name
        self.entities.learn(entity, name, f"last:{name.rpartition(' ')[2]}")
        return entity

    def _reading(self, n: Name) -> tuple[str, str, str, str]:
        """(layer, type, form, metonymy): a country acts, or things are in it; a capital may stand for it."""
        before, after = lower(self.words, n.first - 1), lower(self.words, n.end)
        if n.layer == "demonym":
            return "actor", "STATE", "demonym", ""
        if n.layer == "country":
            upper = self.words[n.head].text.isupper() or "." in self.words[n.head].text
            noun = after in gazetteer.nouns() or after in listed("people", "ministerial")
            if upper and noun:
                return "actor", "STATE", "demonym", ""
            return self._country(n, before)
        if n.layer == "capital":
            acts = after in listed("locations", "acts")
            return ("actor", "STATE", "name", "capital") if acts else ("place", "city", "name", "")
        if n.layer == "people":
            return "actor", "CIV", "nominal", ""
        at = n.end + (after in ("had", "has"))
        at += lower(self.words, at) in function("adverbs")
        speaks = lower(self.words, at) in listed("locations", "acts")
        if speaks and self.entities.find("place", n.key):  # a city that speaks stands for its country
            return "actor", "STATE", "name", "capital"
        return n.layer, n.type, "name", ""

    def _country(self, n: Name, before: str) -> tuple[str, str, str, str]:
        if lower(self.words, n.head - 1) in listed("locations", "compass"):
            return "place", "region", "name", ""
        of_place = before == "of" and lower(self.words, n.first - 2) in gazetteer.locations()
        with_place = before == "with" and lower(self.words, n.first - 2) in ("border", "borders", "frontier")
        told = before == "to" and lower(self.words, n.first - 2) in listed("locations", "told")
        if (before in listed("locations", "locative") and not told) or of_place or with_place:
            return "place", "country", "name", ""
        return "actor", "STATE", "name", ""

    def _entity(self, layer: str, type: str, name: str, country: str) -> Entity:
        key = f"{type}:{country or name}" if country else name
        last = f"last:{name.rpartition(' ')[2]}"
        entity = self.entities.find(layer, key) or (
            self.entities.find(layer, last) if type == "PER" and " " not in name else None
        )
        other = self.entities.find("place" if layer == "actor" else "actor", name)
        if entity is None and other is not None and not country:
            entity = other  # the same unknown name was something else before: once decided, it stays
        if entity is None:
            keys = (key, last) if layer == "actor" and not country else (key,)
            entity = self.entities.add(layer, type, name=name, keys=keys)
            entity.country = country
            entity.plural = type in ("CIV", "ORG_MIL")
        if len(name) > len(entity.name) and type == "PER":
            entity.name = name
            self.entities.learn(entity, name)
        return entity

    # -- nouns ---------------------------------------------------------------

    def _noun(self, i: int) -> tuple[str, str] | None:
        """(layer, type) of the common noun at word i, where it is the head of a phrase."""
        word = self.words[i].lower
        actor, place = gazetteer.nouns().get(word), gazetteer.locations().get(word)
        if not (actor or place) or is_verb(self.words, i):
            return None
        glued = lower(self.words, i + 1) == "-" or (lower(self.words, i - 1) == "-" and i > 1)
        after = lower(self.words, i + 1)
        compound = is_noun(after) and not is_stop(self.words, i + 1)
        if glued or (compound and after not in function("determiners")):
            return None
        if word == "people" and lower(self.words, i - 1) in ("number", "numbers"):
            return None
        first = left_edge(self.sentence, i)
        bare = first == i and not is_plural(word)
        compass = word in listed("locations", "compass") or word in ("state", "front", "head", "home")
        if bare and (actor == "PER" or compass or place):
            return None
        return ("actor", actor) if actor else ("place", place or "")

    def _nominal(self, i: int, layer: str, type: str) -> None:
        first, end = left_edge(self.sentence, i), right_edge(self.sentence, i + 1)
        word = self.words[i].lower
        plural = is_plural(word) or self.sentence.quantity_at(first) is not None
        type = "CIV" if plural and type == "PER" else type
        side = inverted("people", "sides").get(lower(self.words, i - 1), "") if i > first else ""
        if side and layer == "actor" and (word in listed("people", "neutral") or type == "MIL"):
            type = side
        entity = self._apposed(first, type) or self._same(first, i, layer, type, plural)
        self._note(entity, self._mention(first, end, i, i + 1, "nominal"))
        for status, nouns in inverted("people", "people").items():
            if status == word:
                entity.status = nouns
        for owner in self._owners(first, i):
            if type in ("MEDIA", "ORG") and owner.type == "IGO":
                entity.type = "IGO"
            if owner not in entity.affiliation and layer == "actor":
                entity.affiliation.append(owner)

    def _apposed(self, first: int, type: str) -> Entity | None:
        """The person named right before the comma: "Ada Brask, the mayor"."""
        described = lower(self.words, first) in function("articles") and lower(self.words, first - 1) == ","
        if type != "PER" or not described or not self.here:
            return None
        entity, m = self.here[-1]
        before = m.bounds[1] == self.words[first - 1].start and m.form == "name"
        return entity if before and entity.layer == "actor" and entity.type == "PER" else None

    def _same(self, first: int, head: int, layer: str, type: str, plural: bool) -> Entity:
        """The entity of a nominal mention: one met before under the same noun, if definite or bare."""
        words = self.words
        noun = singular(words[head].lower)
        determiner = lower(words, first)
        counted = any(self.sentence.quantity_at(k) for k in range(first, head))
        modifiers = [
            w.lower
            for w in words[first:head]
            if w.lower not in function("determiners") and w.text[0].isalpha()
        ]
        key = f"noun:{' '.join([*modifiers, noun])}"
        definite = determiner in function("articles") - {"a", "an"} or determiner in function(
            "demonstratives"
        )
        if not counted and (definite or plural):
            known = self.entities.find(layer, key) or (
                self.entities.find(layer, f"head:{noun}") if definite else None
            )
            if known is None and type == "PER" and definite:
                known = self.entities.find(layer, f"role:{noun}")
            if known is None and type == "REB" and layer == "actor":
                known = self.entities.find(layer, "side:REB")
            if known is not None:
                return known
        keys = (key, f"head:{noun}") if not counted else ()
        owned = any(w.text in ("'s", "’s", "-") for w in words[first:head])
        named = [] if counted or owned else modifiers
        name = " ".join([*(w.text for w in words[first:head] if w.lower in named), words[head].text])
        entity = self.entities.add(layer, type, name=name, keys=keys)
        if type == "REB" and not counted:
            self.entities.learn(entity, "side:REB")
        entity.plural = plural
        return entity

    def _owners(self, first: int, head: int) -> Iterator[Entity]:
        """The actors whose demonym or possessive stands in the phrase."""
        start, end = self.words[first].start, self.words[head].start
        for entity, m in self.here:
            if entity.layer == "actor" and start <= m.start < end and m.form in ("demonym", "name"):
                yield entity

    # -- pronouns ------------------------------------------------------------

    def _pronoun(self, i: int) -> None:
        word = self.words[i]
        if _EXPLETIVE.match(self.text, word.start, self.sentence.end) or word.text == "IT":
            return
        entity = self.entities.antecedent(word.lower)
        if entity is None and word.lower in ("they", "them", "their", "he", "she", "his", "him", "her"):
            entity = self.entities.add("actor", "CIV" if word.lower.startswith("the") else "PER")
            entity.plural = entity.type == "CIV"
        if not entity:
            return
        q = self.sentence.quantity_at(i - 2) if lower(self.words, i - 1) == "of" else None
        if q:  # "most of them": a part of the whole, read first since it begins first
            some = self.entities.add("actor", entity.type)
            some.plural, some.whole = True, entity
            self._note(some, self._mention(q.first, i + 1, i, i + 1, "pronoun"))
        self._note(entity, self._mention(i, i + 1, i, i + 1, "pronoun"))
