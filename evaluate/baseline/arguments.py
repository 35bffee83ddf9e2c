"""Arguments: which mentions around a trigger fill which role, by position and preposition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from goldwire.annotate.document import Argument, Document, Mention
from goldwire.annotate.ontology import Ontology
from goldwire.evaluate.baseline.grammar import lower
from goldwire.evaluate.baseline.lexicon import table
from goldwire.evaluate.baseline.lexicon import words as listed
from goldwire.evaluate.baseline.numbers import between
from goldwire.evaluate.baseline.phrases import Sentence, function, phrase_at, right_edge
from goldwire.evaluate.baseline.triggers import Trigger, clause

_INTRANSITIVE = {
    "die",
    "died",
    "dies",
    "dying",
    "fled",
    "flee",
    "flees",
    "fleeing",
    "surrendered",
    "surrender",
}
_NOT_OVER = {";", ":"}


class Filler(NamedTuple):
    """A mention in a sentence, as words: actor, place, time or number."""

    kind: str
    id: str
    mention: Mention
    first: int
    end: int


class Arguments:
    """The fillers of a sentence, and the roles that they take."""

    def __init__(self, document: Document, sentence: Sentence, ontology: Ontology) -> None:
        self.document, self.sentence, self.ontology = document, sentence, ontology
        self.fillers = sorted(self._all(), key=lambda f: (f.first, -f.end))

    def _all(self) -> Iterator[Filler]:
        inside = (self.sentence.start, self.sentence.end)
        groups = [
            *(("actor", a.id, m) for a in self.document.actors for m in a.mentions),
            *(("place", p.id, m) for p in self.document.places for m in p.mentions),
            *(("time", t.id, t.mention) for t in self.document.times),
            *(("number", n.id, n.mention) for n in self.document.numbers),
        ]
        for kind, id, mention in groups:
            if inside[0] <= mention.start < inside[1]:
                yield Filler(kind, id, mention, *self.sentence.at(*mention.bounds))

    def of(self, t: Trigger) -> tuple[Argument, ...]:
        """The arguments of a trigger, each role and filler once."""
        found: dict[tuple[str, str], Argument] = {}
        for role, filler in [*self._core(t), *self._prepositional(t), *self._adjuncts(t)]:
            allowed = self.ontology.roles(t.type).get(role)
            if allowed is None or filler.kind not in allowed.fillers:
                continue
            mention = Mention(filler.mention.text, filler.mention.start)
            found.setdefault((role, filler.id), Argument(role, filler.id, mention))
        for number in self._counts(t, [a.ref for a in found.values()]):
            found.setdefault(("count", number.id), Argument("count", number.id, number.mention))
        goods = self._goods(t)
        return (*found.values(), *((Argument("goods", "", goods),) if goods else ()))

    # -- by position ---------------------------------------------------------

    def _core(self, t: Trigger) -> Iterator[tuple[str, Filler]]:
        row = table("events")["types"][t.type]
        words = self.sentence.words
        if t.noun:
            yield from ((row["subject"], f) for f in self._owners(t))
            light = next((j for j in range(t.at - 1, max(-1, t.at - 7), -1) if self._is_light(j)), -1)
            subject = self._subject(light) if light > 0 else None
            if subject:
                convened = t.type == "MEET" and lower(words, light).startswith("conven")
                yield "convener" if convened else row["subject"], subject
            return
        passive = self._is_passive(t)
        subject, objects = self._subject(t.at), self._objects(t.end)
        own = words[t.at].lower in _INTRANSITIVE
        if subject and row["subject"]:
            yield (row["object"] if passive or (own and t.type == "CASUALTY") else row["subject"]), subject
            yield from (
                (row["subject"], f) for f in self._conjuncts(subject) if t.type in ("MEET", "AGREE", "BATTLE")
            )
        if not passive and not own:
            yield from ((row["object"], f) for f in objects if row["object"])

    def _is_light(self, i: int) -> bool:
        return lower(self.sentence.words, i) in listed("events", "light")

    def _is_passive(self, t: Trigger) -> bool:
        before = [w.lower for w in self.sentence.words[max(0, t.at - 3) : t.at]]
        forms = {"was", "were", "been", "being", "is", "are", "be"}
        participle = self.sentence.words[t.at].lower.endswith(("ed", "en", "ung"))
        return participle and (bool(forms & set(before)) or lower(self.sentence.words, t.end) == "by")

    def _outer(self, kinds: tuple[str, ...] = ("actor", "place")) -> list[Filler]:
        """Actors and places that stand in no other of them."""
        some = [f for f in self.fillers if f.kind in kinds]
        return [f for f in some if not any(_inside(f, o) for o in some)]

    def _subject(self, i: int) -> Filler | None:
        """The last actor or place before word i that no preposition governs, in the same sentence."""
        words = self.sentence.words
        for f in reversed(self._outer()):
            governed = lower(words, f.first - 1) in function("prepositions") - {"after", "before", "while"}
            broken = any(w.text in _NOT_OVER for w in words[f.end : i])
            if f.end <= i and f.mention.form != "demonym" and not governed and not broken:
                return f
        return None

    def _objects(self, i: int) -> list[Filler]:
        """The actor or place that begins at word i, and those joined to it."""
        first = next((f for f in self._outer() if i <= f.first <= i + 1), None)
        return [first, *self._conjuncts(first)] if first else []

    def _conjuncts(self, f: Filler) -> list[Filler]:
        """What "and" or a comma joins to a filler."""
        words, found = self.sentence.words, []
        for other in self._outer((f.kind,)):
            joined = [w.lower for w in words[f.end : other.first]] if other.first >= f.end else ["?"]
            if joined in (["and"], [",", "and"]):
                found.append(other)
        return found

    def _owners(self, t: Trigger) -> Iterator[Filler]:
        """Demonyms and possessives before a noun: "the Keldian attack", "Brask's offensive"."""
        words = self.sentence.words
        for f in self.fillers:
            near = f.end <= t.at and t.at - f.end <= 3 and f.kind == "actor"
            owner = f.mention.form == "demonym" or lower(words, f.end) in ("'s", "'")
            owner = owner or (
                f.mention.form == "pronoun" and f.mention.text.lower() in function("possessives")
            )
            if (
                near
                and owner
                and not any(lower(words, j) in function("prepositions") for j in range(f.end, t.at))
            ):
                yield f

    # -- by preposition --------------------------------------------------------

    def _prepositional(self, t: Trigger) -> Iterator[tuple[str, Filler]]:
        row: dict[str, str] = table("events")["types"][t.type]["prepositions"]
        words = self.sentence.words
        for f in self._outer():
            preposition = lower(words, f.first - 1)
            if preposition in row and t.end <= f.first <= t.end + 12 and self._attached(t, f):
                yield row[preposition], f
                if preposition in ("between", "with", "against"):
                    yield from ((row[preposition], other) for other in self._conjuncts(f))

    def _attached(self, t: Trigger, f: Filler) -> bool:
        """Whether nothing that ends a clause stands between trigger and filler."""
        between_them = [w.lower for w in self.sentence.words[t.end : f.first - 1]]
        return not any(w in (",", ";", ":", "that", "who", "which", "but") for w in between_them)

    def _adjuncts(self, t: Trigger) -> Iterator[tuple[str, Filler]]:
        """Place and time of the trigger's clause, the nearest behind it before one in front."""
        first, end = clause(self.sentence, t.at)
        words = self.sentence.words
        for kind, prepositions in (
            ("place", {"in", "at", "near", "around", "outside", "inside"}),
            ("time", None),
        ):
            some = [f for f in self.fillers if f.kind == kind and first <= f.first < end]
            if prepositions:
                some = [f for f in some if lower(words, f.first - 1) in prepositions]
            some = [f for f in some if not any(_inside(f, o) for o in some)]
            some.sort(key=lambda f: (f.first < t.at, abs(f.first - t.at)))
            yield from ((kind, f) for f in some[:1])

    # -- numbers and things ----------------------------------------------------

    def _counts(self, t: Trigger, refs: list[str]) -> Iterator[Filler]:
        """The number of the occurrences, or of a participant."""
        if "count" not in self.ontology.roles(t.type):
            return
        counted = {n.id: n.counted for n in self.document.numbers}
        for f in self.fillers:
            before = f.kind == "number" and t.noun and 0 <= t.at - f.end <= 2
            if f.kind == "number" and (before or (counted[f.id] and counted[f.id] in refs)):
                yield f

    def _goods(self, t: Trigger) -> Mention | None:
        """What is sent: the noun phrase behind the verb of AID."""
        if t.type != "AID" or t.noun or t.end >= len(self.sentence.words):
            return None
        found = phrase_at(self.sentence, t.end)
        if not found:
            return None
        end = right_edge(self.sentence, found.end)
        return between(self.document.text, self.sentence.words, found.first, end)


def _inside(inner: Filler, outer: Filler) -> bool:
    return inner != outer and outer.first <= inner.first and inner.end <= outer.end
