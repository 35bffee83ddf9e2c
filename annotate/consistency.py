"""Queries for what is consistent or not: each hit is mended, or explained in the case log.

A hit is no error. It is a place where two like things were treated in two ways, or
where something is missing that is usually there; a person looks at it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct

from goldwire.annotate.document import Document, mentions, objects
from goldwire.annotate.ontology import Ontology
from goldwire.annotate.rules.words import REPORTING_WORDS

ENDINGS = re.compile(r"(?<=\w{3})(?:ings?|ed|es|s|e)$")


class Hit(Struct, frozen=True):
    """One place to look at. ``key`` names it in the case log."""

    query: str
    doc: str
    place: str
    words: str
    said: str

    @property
    def key(self) -> str:
        return f"{self.query} {self.doc} {self.place}"

    def __str__(self) -> str:
        return f"{self.key}: «{self.words}» {self.said}"


def query(documents: Iterable[Document], ontology: Ontology) -> list[Hit]:
    """All hits of all queries, in the order of documents and text."""
    corpus = list(documents)
    found = [*_lemmas(corpus)]
    for document in corpus:
        found += _missing(document)
        found += _unrecorded(document)
        found += _fillers(document, ontology)
    found += _names(corpus)
    return found


def stem(word: str) -> str:
    """A word without its inflection, near enough to bring its forms together.

    >>> stem("strikes"), stem("striking"), stem("strike"), stem("talks")
    ('strik', 'strik', 'strik', 'talk')
    """
    return ENDINGS.sub("", word.lower())


def _lemmas(corpus: list[Document]) -> Iterator[Hit]:
    """The same word once a trigger and once not, or triggers of one word with several types."""
    triggers: dict[str, set[str]] = defaultdict(set)
    inside: dict[str, set[int]] = {}
    for document in corpus:
        taken = inside.setdefault(document.meta.doc_id, set())
        for event in document.events:
            for start, end in event.trigger.pieces:
                taken.update(range(start, end))
            triggers[stem(event.trigger.text)].add(event.type)
    for document in corpus:
        name = document.meta.doc_id
        for match in re.finditer(r"[\w’'-]+", document.text):
            if stem(match[0]) in triggers and match.start() not in inside[name]:
                types = ", ".join(sorted(triggers[stem(match[0])]))
                yield Hit(
                    "lemma", name, str(match.start()), match[0], f"is no trigger here, elsewhere {types}"
                )
    for lemma, found in sorted(triggers.items()):
        if len(found) > 1:
            yield Hit("types", "*", lemma, lemma, f"triggers {', '.join(sorted(found))}")


def _missing(document: Document) -> Iterator[Hit]:
    name = document.meta.doc_id
    for number in document.numbers:
        if not number.counted:
            yield Hit("number-counts-nothing", name, number.id, number.mention.text, "counts no object")
    for quotation in document.quotations:
        if not quotation.speaker:
            words = next((m.text for m in (*quotation.cue, *quotation.content)), "")
            yield Hit("quotation-without-speaker", name, quotation.id, words, "has no speaker")


def _unrecorded(document: Document) -> Iterator[Hit]:
    """A word of saying that is no cue."""
    cues = {c for q in document.quotations for m in q.cue for s, e in m.pieces for c in range(s, e)}
    for match in re.finditer(r"[\w’'-]+", document.text):
        if REPORTING_WORDS.fullmatch(match[0]) and match.start() not in cues:
            yield Hit("reporting-word", document.meta.doc_id, str(match.start()), match[0], "is no cue")


def _fillers(document: Document, ontology: Ontology) -> Iterator[Hit]:
    kinds = {item.id: kind for kind, item in objects(document)}
    for event in document.events:
        roles = ontology.roles(event.type)
        for arg in event.args:
            kind = kinds.get(arg.ref, "text")
            if arg.role not in roles or kind not in roles[arg.role].fillers:
                said = f"{arg.role} is filled by a {kind}, which {event.type} does not take"
                yield Hit("filler", document.meta.doc_id, event.id, event.trigger.text, said)


def _names(corpus: list[Document]) -> Iterator[Hit]:
    """One name for objects of different types, in one article or in two."""
    known: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for document in corpus:
        for kind, item in objects(document):
            if kind in ("actor", "place"):
                for _, mention in mentions(item):
                    if mention.form == "name":
                        label = getattr(item, "type", "") or getattr(item, "kind", "")
                        known[mention.head or mention.text].add((kind, label))
    for name, labels in sorted(known.items()):
        if len({label for kind, label in labels if kind == "actor"}) > 1 or len(labels) > 2:
            said = ", ".join(f"{kind} {label}" for kind, label in sorted(labels))
            yield Hit("name", "*", name, name, f"is {said}")
