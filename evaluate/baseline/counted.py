"""What a number counts: the actor whose phrase it opens, else the unit that the next noun names."""

from __future__ import annotations

from msgspec.structs import replace

from goldwire.annotate.document import Actor, Document, Number, Place
from goldwire.evaluate.baseline.grammar import lower
from goldwire.evaluate.baseline.lexicon import words as listed
from goldwire.evaluate.baseline.nouns import singular
from goldwire.evaluate.baseline.phrases import Phrase, Sentence, phrase_at, read
from goldwire.evaluate.baseline.views import Sentences

PEOPLE = {"PER", "CIV", "GROUP", "MIL", "REB", "ORG_MIL", "ALLY_SET", "NGO", "GOV", "MEDIA"}


def add(document: Document) -> Document:
    """The document with ``counted``, ``of``, ``unit`` and ``stat`` of its numbers.

    >>> from goldwire.evaluate.baseline import actors, numbers
    >>> found = add(actors.add(numbers.add(Document("Some 40 monks sold 30 boats."))))
    >>> [(n.unit, n.counted) for n in found.numbers]
    [('person', 'a1'), ('boat', '')]
    """
    segments = Sentences(read(document))
    done = [
        _counted(view, sentence, number)
        for view, sentence in zip(segments.views(document), segments.all, strict=True)
        for number in view.numbers
    ]
    return replace(document, numbers=tuple(done))


def _counted(document: Document, sentence: Sentence, number: Number) -> Number:
    if number.kind == "FREQUENCY":
        return number
    actor = _holder(document, number)
    end = sentence.at(*number.mention.bounds)[1]
    of = lower(sentence.words, end) == "of"
    noun = _noun(sentence, end + of)
    if number.unit and not actor:
        return replace(number, stat=_stat(sentence, end, number))
    counted = actor.id if actor else ""
    unit = number.unit
    if not unit and actor and actor.type in PEOPLE:
        unit = "person"
    elif not unit and noun:
        unit = singular(lower(sentence.words, noun.head))
    whole = ""
    if of and (number.kind == "SHARE" or number.mod != "vague"):
        whole = _whole(document, sentence, end, counted)
    return replace(number, counted=counted, of=whole, unit=unit, stat=_stat(sentence, end, number))


def _holder(document: Document, number: Number) -> Actor | None:
    """The actor whose mention begins with the number, at most a determiner before it: the shortest."""
    start, end = number.mention.bounds
    found = [
        (len(m.text), actor)
        for actor in document.actors
        for m in actor.mentions
        if m.start <= start and end <= m.bounds[1] and start - m.start <= 6 and m.head_bounds[0] >= start
    ]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _noun(sentence: Sentence, i: int) -> Phrase | None:
    return phrase_at(sentence, i) if i < len(sentence.words) else None


def _whole(document: Document, sentence: Sentence, end: int, counted: str) -> str:
    """The actor or place whose mention stands right behind "of"."""
    if end + 1 >= len(sentence.words):
        return ""
    start = sentence.words[end + 1].start
    owners: list[Actor | Place] = [*document.actors, *document.places]
    return next((o.id for o in owners if o.id != counted and any(m.start == start for m in o.mentions)), "")


def _stat(sentence: Sentence, end: int, number: Number) -> str:
    """Stock, flow, increment or cumulative, by words of the sentence; shares and frequencies are none."""
    if number.kind != "COUNT":
        return "unspecified"
    words = [w.lower for w in sentence.words]
    start = sentence.at(*number.mention.bounds)[0]
    near = set(words[max(0, start - 8) : end + 8])
    if near & listed("quantities", "so_far"):
        return "cumulative"
    if near & listed("quantities", "moving"):
        return "flow"
    if near & listed("quantities", "holding"):
        return "stock"
    if near & listed("quantities", "toll"):
        return "increment"
    return "unspecified"
