"""ACE program format: entities, values, times, relations and events of a newswire story.

``a.apf.xml`` with the story beside it as ``a.sgm``: its text is what is left when the tags
are taken out, line feeds and SGML entities as they stand. A ``charseq`` gives the first and
the last character; its words are the proof (white space aside).

An entity is an actor with its mentions and their heads; an event mention is an event of
the type "Type.Subtype", tied to the others of its event by ``coref``; its arguments refer to
entities by the mention that ACE names. Values are labelled spans, timex2 times, relation
mentions relations. What ACE says besides is in ``extra``. Only read.

Tried on examples of our own making: ACE's data is LDC's and cannot be kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element

from msgspec.structs import replace

from goldwire.annotate.document import Actor, Argument, Document, Event, Mention, Meta, Relation, Span, Time
from goldwire.annotate.formats import markup, source
from goldwire.annotate.offsets import Claim, prove
from goldwire.annotate.problems import Problem

FORMS = {"NAM": "name", "NOM": "nominal", "PRO": "pronoun"}
POLARITY = {"Positive": "pos", "Negative": "neg"}
TENSE = {"Past": "past", "Present": "ongoing", "Future": "future", "Unspecified": "unspecified"}
_TAG = re.compile(r"<[^<>]*>")


def decode(
    files: Mapping[str, BinaryIO], *, ontology: Any = None, notes: list[Problem] | None = None
) -> Iterator[Document]:
    """A document from each .apf.xml with its .sgm; raises ProblemError."""
    stories = {_own(n): (n, f) for n, f in files.items() if n.endswith((".sgm", ".sgml"))}
    for name, file in files.items():
        if name.endswith((".sgm", ".sgml")):
            continue
        root = markup.tree(file, name)
        if root.tag != "source_file":
            source.refuse(name, 1, "structure", f"the root element is {root.tag}, not source_file")
        if _own(name) not in stories:
            source.refuse(name, 0, "no-text", f"the story should lie beside as {_own(name)}.sgm")
        where, story = stories[_own(name)]
        text = _TAG.sub("", source.text_of(source.whole(story, where), where))
        for document in root.iterfind("document"):
            reader = _Reader(source.checked_text(text, where), name)
            yield reader.document(document, document.get("DOCID", "") or _own(name))


def _own(name: str) -> str:
    return re.sub(r"\.(apf\.xml|sgml?|xml)$", "", name.rpartition("/")[2])


class _Reader:
    """One document: mentions by ACE's id, and the object that each belongs to."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.name = text, name
        self.mentions: dict[str, Mention] = {}
        self.owner: dict[str, str] = {}

    def document(self, root: Element, doc_id: str) -> Document:
        actors = tuple(self.entity(x) for x in root.iterfind("entity"))
        spans = tuple(y for x in root.iterfind("value") for y in self.values(x))
        times = tuple(y for x in root.iterfind("timex2") for y in self.times(x))
        relations = tuple(y for x in root.iterfind("relation") for y in self.relations(x))
        events = tuple(y for x in root.iterfind("event") for y in self.events(x))
        return Document(
            self.text,
            Meta(doc_id),
            actors=actors,
            spans=spans,
            times=times,
            relations=relations,
            events=events,
        )

    def stretch(self, home: Element, part: str) -> Mention:
        """The mention of a part: extent, head, anchor; raises ProblemError."""
        found = home.find(f"{part}/charseq")
        own = home.get("ID", home.tag)
        if found is None:
            source.refuse(self.name, 0, "structure", f"{own} has no {part} with a charseq")
        start, end = found.get("START", ""), found.get("END", "")
        if not (start.isdecimal() and end.isdecimal() and len(start + end) < 30):
            source.refuse(self.name, 0, "offset", f"{own}: START and END should be whole numbers")
        claim = Claim(int(start), int(end), found.text or "", 0, f"{part} of {own}")
        _, ((a, b),) = prove(self.text, [claim], where=self.name, inclusive=True, same=_alike)
        return Mention(self.text[a:b], a)

    def known(self, element: Element) -> str:
        """The mention that an argument names; raises ProblemError where there is none."""
        ref = element.get("REFID", "")
        if ref not in self.mentions:
            source.refuse(self.name, 0, "dangling-id", f"an argument names {ref!r}, which is no mention")
        return ref

    def entity(self, x: Element) -> Actor:
        own, found = x.get("ID", ""), []
        for m in x.iterfind("entity_mention"):
            extent = self.stretch(m, "extent")
            head = self.stretch(m, "head") if m.find("head") is not None else extent
            bare = head.text == extent.text
            mention = replace(
                extent,
                head="" if bare else head.text,
                head_start=-1 if bare else head.start,
                form=FORMS.get(m.get("TYPE", ""), ""),
                extra={"mention": m.get("ID", ""), **_rest(m, "ID", "TYPE")},
            )
            self.mentions[m.get("ID", "")] = extent
            self.owner[m.get("ID", "")] = own
            found.append(mention)
        name = next((m.head or m.text for m in found if m.form == "name"), "")
        return Actor(own, x.get("TYPE", ""), name, mentions=tuple(found), extra=_rest(x, "ID", "TYPE"))

    def values(self, x: Element) -> Iterator[Span]:
        for m in x.iterfind("value_mention"):
            own = m.get("ID", "")
            self.mentions[own] = self.stretch(m, "extent")
            self.owner[own] = own
            yield Span(own, self.mentions[own], _type(x), extra={"value": x.get("ID", "")})

    def times(self, x: Element) -> Iterator[Time]:
        for m in x.iterfind("timex2_mention"):
            own = m.get("ID", "")
            self.mentions[own] = self.stretch(m, "extent")
            self.owner[own] = own
            extra = {"timex2": x.get("ID", ""), **_rest(x, "ID", "VAL")}
            yield Time(own, self.mentions[own], value=x.get("VAL", ""), extra=extra)

    def relations(self, x: Element) -> Iterator[Relation]:
        for m in x.iterfind("relation_mention"):
            ends = {a.get("ROLE", ""): self.known(a) for a in m.iterfind("relation_mention_argument")}
            own = m.get("ID", "")
            if not ends.keys() >= {"Arg-1", "Arg-2"}:
                source.refuse(self.name, 0, "relation", f"{own} should have the arguments Arg-1 and Arg-2")
            extra = {"relation": x.get("ID", ""), "mentions": ends}
            source_id, target_id = self.owner[ends["Arg-1"]], self.owner[ends["Arg-2"]]
            yield Relation(own, source_id, target_id, _type(x), extra=extra)

    def events(self, x: Element) -> Iterator[Event]:
        listed = list(x.iterfind("event_mention"))
        generic = x.get("GENERICITY") == "Generic"
        asserted = x.get("MODALITY", "Asserted") == "Asserted"
        for m in listed:
            args = []
            for a in m.iterfind("event_mention_argument"):
                ref = self.known(a)
                args.append(Argument(a.get("ROLE", ""), self.owner[ref], self.mentions[ref]))
            yield Event(
                m.get("ID", ""),
                self.stretch(m, "anchor"),
                _type(x),
                coref=listed[0].get("ID", "") if len(listed) > 1 else "",
                polarity=POLARITY.get(x.get("POLARITY", ""), "pos"),
                modality="generic" if generic else "asserted" if asserted else "hypothetical",
                tense=TENSE.get(x.get("TENSE", ""), "unspecified"),
                args=tuple(args),
                extra={"event": x.get("ID", ""), **_rest(x, "ID", "TYPE", "SUBTYPE")},
            )


def _type(x: Element) -> str:
    return ".".join(filter(None, (x.get("TYPE"), x.get("SUBTYPE"))))


def _rest(x: Element, *known: str) -> dict[str, str]:
    return {key.lower(): value for key, value in x.attrib.items() if key not in known}


def _alike(said: str, here: str) -> bool:
    return said.split() == here.split()
