"""Actors and places: guidelines/actors.md. What is a state or people, the ontology's traits say."""

from __future__ import annotations

from collections.abc import Iterator

from goldwire.annotate.document import Actor, Document, Mention, Place
from goldwire.annotate.problems import visible
from goldwire.annotate.rules import words
from goldwire.annotate.rules.context import Context, Finding

STATE, PEOPLE = "state", "people"


def _has(context: Context, item: Actor | Place, trait: str) -> bool:
    table = context.ontology.actors if isinstance(item, Actor) else context.ontology.places
    label = item.type if isinstance(item, Actor) else item.kind
    return label in table and trait in table[label].traits


def _entities(document: Document) -> list[Actor | Place]:
    return [*document.actors, *document.places]


def relative_pronoun(document: Document, context: Context) -> Iterator[Finding]:
    for item in _entities(document) if context.english else ():
        for mention in item.mentions:
            if mention.text.lower() in words.RELATIVE - {"that"} or (
                mention.text.lower() == "that" and _follows_noun(document.text, mention)
            ):
                yield item, f"{visible(mention.text)} is a relative pronoun; its antecedent stands for it"


def _follows_noun(text: str, mention: Mention) -> bool:
    """ "people that fled" has a noun before "that", "that of the guard" has none."""
    before = words.word_before(text, mention.start).lower()
    return bool(before) and before not in words.FUNCTION_WORDS


def demonym(document: Document, context: Context) -> Iterator[Finding]:
    for actor in document.actors:
        for mention in actor.mentions:
            if mention.form != "demonym":
                continue
            if len(mention.text.split()) > 1:
                yield actor, f"{visible(mention.text)}: a demonym is one word"
            elif not _has(context, actor, STATE):
                yield (
                    actor,
                    f"{visible(mention.text)}: a demonym is a mention of a state, not of {actor.type}",
                )


def mention_form(document: Document, context: Context) -> Iterator[Finding]:
    for item in _entities(document):
        for mention in item.mentions:
            head = mention.head or mention.text
            pronoun = words.is_pronoun(head, place=isinstance(item, Place)) and context.english
            if not mention.form:
                yield item, f"{visible(mention.text)} has no form"
            elif pronoun and mention.form != "pronoun":
                yield item, f"{visible(head)} is a pronoun, and its form is {mention.form}"
            elif (
                context.english
                and mention.form == "pronoun"
                and not pronoun
                and head.lower() not in words.RELATIVE
            ):
                yield item, f"{visible(head)} is no pronoun, and its form says so"


def capital_metonymy(document: Document, context: Context) -> Iterator[Finding]:
    for actor in document.actors:
        for mention in actor.mentions:
            if mention.metonymy == "capital":
                if mention.form != "name":
                    yield actor, f"{visible(mention.text)}: a capital has the form name, not {mention.form}"
                elif not _has(context, actor, STATE):
                    yield (
                        actor,
                        f"{visible(mention.text)}: a capital stands for a state, not for {actor.type}",
                    )


def actor_or_place(document: Document, context: Context) -> Iterator[Finding]:
    actors = {m.pieces: actor.id for actor in document.actors for m in actor.mentions}
    for place in document.places:
        for mention in place.mentions:
            if mention.pieces in actors:
                said = f"{visible(mention.text)} at {mention.start} is a mention of {actors[mention.pieces]}"
                yield place, f"{said}; a span is an actor or a place, never both"


def place_actor(document: Document, context: Context) -> Iterator[Finding]:
    states = {a.name: a.id for a in document.actors if a.name and _has(context, a, STATE)}
    for place in document.places:
        if not place.actor and _has(context, place, STATE) and place.name in states:
            yield place, f"{place.name} is also the actor {states[place.name]}; name it in actor"
        named = context.item(place.actor)
        if isinstance(named, Actor) and not _has(context, named, STATE):
            yield (
                place,
                f"actor: {place.actor} is {named.type or 'of no type'}; only a state is the same as a place",
            )


def actor_name(document: Document, context: Context) -> Iterator[Finding]:
    for actor in document.actors:
        own = [m for m in actor.mentions if m.metonymy in ("", "none")]
        names = [m.head or m.text for m in own if m.form == "name"]
        # "Of the monks, 40 fled": an elliptic mention describes nobody.
        nominal = [m for m in own if m.form == "nominal" and not m.text[0].isdigit()]
        if names:
            longer = [n for n in names if actor.name != n and _within(actor.name, n)]
            if actor.name not in names:
                yield (
                    actor,
                    f"name: {visible(actor.name)} is the head of no mention; they are {_listed(names)}",
                )
            elif longer:
                yield actor, f"name: {visible(actor.name)} is not the fullest; {visible(longer[0])} is"
        elif nominal and actor.name and not any(m.form == "demonym" for m in own):
            fitting = [n for m in nominal for n in _described(m)]
            if actor.name.lower() not in [n.lower() for n in fitting]:
                yield (
                    actor,
                    f"name: {visible(actor.name)} is no mention's description; {_listed(fitting)} would fit",
                )


def _within(name: str, longer: str) -> bool:
    return bool(name) and f" {name} " in f" {longer} "


def _described(mention: Mention) -> Iterator[str]:
    """The description without its determiner and without commas, and its head."""
    first, _, rest = mention.text.partition(" ")
    whole = rest if rest and first.lower() in words.DETERMINERS else mention.text
    yield whole.replace(",", "")
    head = mention.head or mention.text
    yield head
    yield head.split()[-1]


def _listed(names: list[str]) -> str:
    return ", ".join(dict.fromkeys(map(visible, names)))


def status_of_people(document: Document, context: Context) -> Iterator[Finding]:
    for actor in document.actors:
        if actor.status not in ("", "none") and actor.type and not _has(context, actor, PEOPLE):
            yield actor, f"status {actor.status}: {actor.type} are no people"
