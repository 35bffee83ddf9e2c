"""Spans and relations in a tool's own words become objects of ours, where their labels say what they are.

An annotator who draws a span in Prodigy or brat gives it a label and nothing more.
Where the label is a layer's (ACTOR) or one type's of the ontology (STRIKE), the span
becomes an object; arrows that leave an event become its arguments, COREF and Equiv
join mentions, and CUE, SPEAKER and COUNTED are what they say. Whatever else there is
stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from goldwire.annotate.document import (
    CLASSES,
    COLLECTIONS,
    Argument,
    Document,
    Mention,
    Relation,
    Span,
    objects,
)
from goldwire.annotate.ontology import Ontology

_LAYERS = {"ACTOR": "actor", "PLACE": "place", "TIME": "time", "NUMBER": "number", "TRIGGER": "event"}
_LAYERS |= {"QUOTE": "quotation", "TERM": "term"}
_TYPE = {"actor": "type", "place": "kind", "time": "kind", "number": "kind", "event": "type"}
_MENTION = {"actor": "mentions", "place": "mentions", "event": "trigger", "quotation": "content"}
_JOINS = ("COREF", "EQUIV", "IDENTITY")
_IDS = {"actor": "a", "place": "p", "time": "t", "number": "n", "event": "e", "quotation": "q", "term": "w"}


def adopt(document: Document, ontology: Ontology) -> Document:
    """The document with its labelled spans as objects; equal to it where no label is known.

    >>> from goldwire.annotate.document import Mention, Span
    >>> from goldwire.annotate.ontology import Ontology
    >>> ada, left = Span("T1", Mention("Ada", 0), "ACTOR"), Span("T2", Mention("left", 4), "X")
    >>> adopted = adopt(Document("Ada left", spans=(ada, left)), Ontology("o", "1"))
    >>> [a.id for a in adopted.actors], [s.id for s in adopted.spans]
    (['a1'], ['T2'])
    """
    kinds = known_labels(ontology)
    if not any(span.label in kinds for span in document.spans):
        return document
    return _Adoption(document, kinds).done()


def known_labels(ontology: Ontology) -> dict[str, tuple[str, str]]:
    """Label -> kind of object and type; labels that two layers share stand for neither."""
    found: dict[str, tuple[str, str]] = {}
    shared: set[str] = set()
    for kind in _TYPE:
        for label in getattr(ontology, COLLECTIONS[kind]):
            shared.update([label] if label in found else [])
            found[label] = (kind, label)
    layers = {label: (kind, "") for label, kind in _LAYERS.items()}
    return {label: said for label, said in (found | layers).items() if label not in shared}


class _Adoption:
    def __init__(self, document: Document, kinds: dict[str, tuple[str, str]]) -> None:
        self.document, self.kinds = document, kinds
        self.taken = {item.id for _, item in objects(document)}
        self.found: dict[str, tuple[str, Any]] = {item.id: (kind, item) for kind, item in objects(document)}
        self.renamed: dict[str, str] = {}
        self.spans = {s.id: s for s in document.spans}
        self.evidence = {s.id: s.mention for s in document.spans}
        self.gone: set[str] = set()

    def done(self) -> Document:
        for span in self.document.spans:
            if span.label in self.kinds:
                self._object(span, *self.kinds[span.label])
        relations = [r for r in self.document.relations if not self._said(r)]
        self.gone |= {r.id for r in self.document.relations} - {r.id for r in relations}
        for r in relations:
            self.found[r.id] = "relation", replace(r, source=self._now(r.source), target=self._now(r.target))
        layers = {name: tuple(self._of(kind)) for kind, name in COLLECTIONS.items()}
        return replace(self.document, **layers)

    def _of(self, kind: str) -> Iterator[Any]:
        return (item for own, (k, item) in self.found.items() if k == kind and own not in self.gone)

    def _now(self, own: str) -> str:
        return self.renamed.get(own, own)

    def _object(self, span: Span, kind: str, label: str) -> None:
        number = 1
        while f"{_IDS[kind]}{number}" in self.taken:
            number += 1
        own = f"{_IDS[kind]}{number}"
        self.taken.add(own)
        name = _MENTION.get(kind, "mention")
        values: dict[str, Any] = {name: (span.mention,) if name in ("mentions", "content") else span.mention}
        values |= {_TYPE[kind]: label} if kind in _TYPE else {}
        values |= {"coref": own} if kind == "event" else {}
        values |= {"confidence": span.confidence} if kind != "term" else {}
        self.found[own] = kind, CLASSES[kind](id=own, note=span.note, extra=span.extra, **values)
        self.renamed[span.id] = own
        self.gone.add(span.id)

    def _said(self, r: Relation) -> bool:
        """Whether a relation says something of an object; if so it has been taken over."""
        label, source, target = r.label.upper(), self._now(r.source), self._now(r.target)
        kind, item = self.found.get(source, ("", None))
        other, _ = self.found.get(target, ("", None))
        fresh = source in self.renamed.values() or target in self.renamed.values()
        if not fresh and not (kind == "quotation" and label == "CUE"):
            return False
        if label in _JOINS and kind == other:
            return self._joined(kind, r)
        if kind == "event" and label not in _JOINS:
            shown = self.evidence.get(r.target)
            self._set(source, args=(*item.args, Argument(r.label, target if other != "span" else "", shown)))
            return shown is not None or other != "span"
        if kind == "number" and label in ("COUNTED", "COUNTS") and other:
            return self._set(source, counted=target)
        if kind == "quotation" and label == "CUE" and r.target in self.spans and other == "span":
            self.gone.add(r.target)
            return self._set(source, cue=(*item.cue, self.spans[r.target].mention))
        if kind == "quotation" and label == "SPEAKER" and other in ("actor", "place"):
            return self._set(source, speaker=target, speaker_span=self._bare(r.target))
        return False

    def _bare(self, own: str) -> Mention | None:
        shown = self.evidence.get(own)
        return shown and Mention(shown.text, shown.start, more=shown.more)

    def _set(self, own: str, **changes: Any) -> bool:
        kind, item = self.found[own]
        self.found[own] = kind, replace(item, **changes)
        return True

    def _joined(self, kind: str, r: Relation) -> bool:
        """Mentions of a new object go to the one that it corefers with; events share their ``coref``."""
        source, target = self._now(r.source), self._now(r.target)
        if kind == "event":
            return self._set(source, coref=self.found[target][1].coref or target)
        if kind not in ("actor", "place") or source == target:
            return False
        new, old = (source, target) if source in self.renamed.values() else (target, source)
        item, other = self.found[old][1], self.found[new][1]
        self._set(old, mentions=(*item.mentions, *other.mentions))
        self.gone.add(new)
        del self.found[new]
        self.renamed = {k: old if v == new else v for k, v in self.renamed.items()} | {new: old}
        return True
