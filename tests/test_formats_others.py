"""PubAnnotation, Web Annotation, BigBio and Argilla."""

from __future__ import annotations

import io
import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from goldwire.annotate.document import Actor, Argument, Document, Event, Fragment, Mention, Relation, Span
from goldwire.annotate.formats import (
    argilla,
    bigbio,
    pubannotation,
    webannotation,
)
from goldwire.annotate.problems import Problem, ProblemError

from .strategies import documents


def decode(codec: Any, *files: Any, **options: Any) -> list[Document]:
    """Decode JSON values, or (name, text) pairs."""
    opened = {}
    for n, file in enumerate(files):
        name, text = file if isinstance(file, tuple) else (f"x{n or ''}.json", json.dumps(file))
        opened[name] = io.BytesIO(text.encode())
    return list(codec.decode(opened, **options))


def encode(codec: Any, *documents: Document, **options: Any) -> tuple[str, Counter[str]]:
    lost: Counter[str] = Counter()
    return "".join(b.decode() for _, b in codec.encode(documents, lost=lost, **options)), lost


@pytest.mark.parametrize("codec", [pubannotation, webannotation])
def test_every_document_comes_back(codec: Any) -> None:
    @given(documents())
    @settings(max_examples=50, deadline=None)
    def proved(document: Document) -> None:
        text, lost = encode(codec, document)
        assert decode(codec, ("x.json", text)) == [document]
        assert lost == {}

    proved()


PUB = {
    "target": "http://pubannotation.org/docs/sourcedb/PubMed/sourceid/1",
    "sourcedb": "PubMed",
    "sourceid": "1",
    "text": "😀 IRF-4 expression in CML",
    "denotations": [
        {"id": "T1", "span": {"begin": 2, "end": 7}, "obj": "Protein"},
        {"id": "T2", "span": [{"begin": 2, "end": 7}, {"begin": 22, "end": 25}], "obj": "Split"},
        {"span": {"begin": 8, "end": 18}, "obj": "Expression"},
    ],
    "relations": [{"id": "R1", "pred": "themeOf", "subj": "T1", "obj": "T3"}],
    "attributes": [{"id": "A1", "subj": "T1", "pred": "Negation", "obj": True}],
    "namespaces": [{"prefix": "_base", "uri": "http://example.org"}],
}


def test_pubannotation_goes_back_as_it_came() -> None:
    (document,) = decode(pubannotation, PUB)
    assert document.meta.doc_id == "PubMed:1"
    assert [(s.id, s.label, s.mention.text) for s in document.spans] == [
        ("T1", "Protein", "IRF-4"),
        ("T2", "Split", "IRF-4"),
        ("T3", "Expression", "expression"),
    ]
    assert document.spans[1].mention.more == (Fragment("CML", 22),)
    assert document.spans[0].extra == {"attributes": [["Negation", True]]}
    assert json.loads(encode(pubannotation, document)[0]) == PUB
    # What was changed is written anew, and reads the same.
    fewer = replace(document, spans=document.spans[:2], relations=())
    (again,) = decode(pubannotation, ("x.json", encode(pubannotation, fewer)[0]))
    assert again == fewer


def test_projects_have_ids_of_their_own() -> None:
    track = {"project": "p", "denotations": [{"id": "T1", "span": {"begin": 0, "end": 3}, "obj": "X"}]}
    (document,) = decode(
        pubannotation, {"text": "Ada", "denotations": track["denotations"], "tracks": [track]}
    )
    assert [s.id for s in document.spans] == ["T1", "p:T1"]


def test_what_is_changed_in_pubannotation_is_read() -> None:
    ada = Actor("a1", "PER", mentions=(Mention("Ada", 0),))
    left = Event("e1", Mention("left", 4), "MOVE", args=(Argument("agent", "a1", Mention("Ada", 0)),))
    raw = json.loads(encode(pubannotation, Document("Ada left Rome.", actors=(ada,), events=(left,)))[0])
    raw["denotations"][1]["span"]["end"] = 13
    raw["denotations"].append({"id": "T9", "span": {"begin": 9, "end": 13}, "obj": "GPE"})
    raw["relations"].append({"id": "R9", "pred": "origin", "subj": "event/e1", "obj": "T9"})
    (again,) = decode(pubannotation, raw)
    assert again.events[0].trigger == Mention("left Rome", 4)
    assert [(a.role, a.ref) for a in again.events[0].args] == [("agent", "a1"), ("origin", "T9")]


TEXT = "Ada left Rome. Later, 😀 Ada left Milan."
QUOTE = {"type": "TextQuoteSelector", "exact": "Ada left", "prefix": "😀 ", "suffix": " Milan"}
POSITION = {"type": "TextPositionSelector", "start": 0, "end": 3}


def annotation(*selectors: Any, body: Any = "PER") -> dict[str, Any]:
    target = {"source": "http://x.org/d1.html", "selector": list(selectors)}
    return {"type": "Annotation", "body": body, "target": target}


@pytest.mark.parametrize(
    "layout",
    [
        lambda x: x,
        lambda x: [x],
        lambda x: {"type": "AnnotationPage", "items": [x]},
        lambda x: {"type": "AnnotationCollection", "first": {"type": "AnnotationPage", "items": [x]}},
    ],
)
def test_selectors_in_every_layout(layout: Any) -> None:
    tag = [{"type": "TextualBody", "value": "a note"}, {"purpose": "tagging", "value": "PER"}]
    (document,) = decode(webannotation, layout(annotation(POSITION, body=tag)), ("d1.txt", TEXT))
    (span,) = document.spans
    assert (document.meta.doc_id, span.mention, span.label) == ("d1", Mention("Ada", 0), "PER")


def test_words_find_their_place_again() -> None:
    # By the words alone, by what stands around them; a UTF-16 position that is off by one.
    off = {"type": "TextPositionSelector", "start": 25, "end": 33}
    for selectors in ([QUOTE], [off, QUOTE], [{**off, "start": 24, "end": 32}, QUOTE]):
        (document,) = decode(webannotation, annotation(*selectors), ("d1.txt", TEXT))
        assert document.spans[0].mention == Mention("Ada left", 24)


def test_words_that_are_nowhere_are_kept() -> None:
    notes: list[Problem] = []
    lost = {"type": "TextQuoteSelector", "exact": "Eva"}
    many = {"type": "TextQuoteSelector", "exact": "Ada"}
    (document,) = decode(webannotation, [annotation(lost), annotation(many)], ("d1.txt", TEXT), notes=notes)
    assert document.spans == ()
    assert document.extra["unanchored"] == [
        {"layer": "SPAN", "label": "PER", "text": "Eva"},
        {"layer": "SPAN", "label": "PER", "text": "Ada"},
    ]
    assert [n.message for n in notes] == [
        "'Eva' stands 0 times in the text, not once",
        "'Ada' stands 2 times in the text, not once",
    ]


def test_web_annotation_without_a_text() -> None:
    with pytest.raises(ProblemError, match=r"no-text: the text of .http://x.org/d1.html. is not known"):
        decode(webannotation, annotation(POSITION))


LINKED = [{"db_name": "W", "db_id": "1"}]
BIO = {
    "id": "0",
    "document_id": "d1",
    "passages": [
        {"id": "p0", "type": "title", "text": ["Ada left."], "offsets": [[0, 9]]},
        {"id": "p1", "type": "abstract", "text": ["She did."], "offsets": [[10, 18]]},
    ],
    "entities": [
        {
            "id": "T1",
            "type": "PER",
            "text": ["Ada"],
            "offsets": [[0, 3]],
            "normalized": LINKED,
        },
        {"id": "T2", "type": "PER", "text": ["She"], "offsets": [[10, 13]], "normalized": []},
        {"id": "T3", "type": "X", "text": ["Ada", "did"], "offsets": [[0, 3], [14, 17]], "normalized": []},
    ],
    "events": [
        {
            "id": "E1",
            "type": "MOVE",
            "trigger": {"text": ["left"], "offsets": [[4, 8]]},
            "arguments": [{"role": "agent", "ref_id": "T2"}, {"role": "cause", "ref_id": "E2"}],
        },
        {"id": "E2", "type": "DO", "trigger": {"text": ["did"], "offsets": [[14, 17]]}, "arguments": []},
    ],
    "coreferences": [{"id": "C1", "entity_ids": ["T1", "T2"]}],
    "relations": [{"id": "R1", "type": "r", "arg1_id": "T1", "arg2_id": "T3", "normalized": []}],
}


def test_bigbio_goes_back_as_it_came() -> None:
    (document,) = decode(bigbio, BIO)
    assert document.text == "Ada left.\nShe did."
    (ada,) = document.actors
    assert (ada.id, ada.type, [m.text for m in ada.mentions]) == ("C1", "PER", ["Ada", "She"])
    assert document.spans[0].mention == Mention("Ada", 0, more=(Fragment("did", 14),))
    assert [(a.role, a.ref) for a in document.events[0].args] == [("agent", "C1"), ("cause", "E2")]
    assert document.relations[0] == Relation("R1", "C1", "T3", "r")
    text, lost = encode(bigbio, document)
    assert (json.loads(text), lost) == (BIO, {})
    bare = replace(document, extra={})
    (again,) = decode(bigbio, json.loads(encode(bigbio, bare)[0]))
    assert [m.pieces for m in again.actors[0].mentions] == [m.pieces for m in document.actors[0].mentions]
    assert [[a.role for a in e.args] for e in again.events] == [["agent", "cause"], []]


@given(documents())
@settings(max_examples=40, deadline=None)
def test_bigbio_of_any_document(document: Document) -> None:
    text, _ = encode(bigbio, document)
    (once,) = decode(bigbio, json.loads(text))
    assert once.text == document.text
    assert encode(bigbio, once) == (text, {})
    assert [e.trigger.pieces for e in once.events] == [e.trigger.pieces for e in document.events]


def test_argilla_counts_as_its_clients_do() -> None:
    ada = Document("😀 Ada left.", spans=(Span("s1", Mention("Ada", 2), "PER"),))
    text, _ = encode(argilla, ada)
    notes: list[Problem] = []
    (again,) = decode(argilla, json.loads(text), unit="utf-16")
    assert again.spans == ada.spans
    decode(argilla, json.loads(text), notes=notes)
    assert [n.rule for n in notes] == ["offset-unit"]


def test_argilla_gives_a_document_for_each_response() -> None:
    value = [{"start": 0, "end": 3, "label": "PER"}]
    record = {
        "id": "r1",
        "fields": {"text": "Ada left."},
        "suggestions": {"ner": {"value": [], "agent": "model"}},
        "responses": {"ner": [{"value": value, "user_id": "u1"}, {"value": [], "user_id": "u2"}]},
    }
    one, two = decode(argilla, record)
    assert [(d.meta.doc_id, len(d.spans), d.provenance[0].annotator) for d in (one, two)] == [
        ("r1", 1, "u1"),
        ("r1", 0, "u2"),
    ]


def pub(*denotations: Any) -> dict[str, Any]:
    return PUB | {"denotations": list(denotations)}


T1 = {"id": "T1", "span": {"begin": 2, "end": 7}, "obj": "Protein"}
STORY = ("d1.txt", TEXT)


@pytest.mark.parametrize(
    ("codec", "files", "message"),
    [
        (pubannotation, [pub(T1 | {"span": {"begin": 0, "end": 99}})], "span-range"),
        (pubannotation, [pub(T1 | {"span": {"begin": 0}})], "Object missing|no member|span"),
        (pubannotation, [pub(T1, T1)], "repeated-id: the id 'T1'"),
        (webannotation, [annotation({"type": "XPathSelector"}), STORY], "no selector of text: XPath"),
        (webannotation, [annotation({**POSITION, "end": 99}), STORY], "span 0–99 lies outside"),
        (webannotation, [{"type": "Annotation"}], "an annotation has no target"),
        (bigbio, [BIO | {"passages": [{"text": ["ab"], "offsets": [[0, 3]]}]}], "passage of 2 characters"),
        (bigbio, [BIO | {"coreferences": [{"id": "C", "entity_ids": ["T9"]}]}], "coreference C names 'T9'"),
        (bigbio, [BIO | {"entities": [], "coreferences": []}], "event E1 names 'T2'"),
        (argilla, [{"fields": {"body": "x"}}], "no-text: the record has no text field 'text'"),
        (argilla, [{"fields": {"text": "x"}, "responses": {"q": [{"value": [{"start": 0}]}]}}], "whole num"),
    ],
)
def test_wrong_files_are_refused(codec: Any, files: list[Any], message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        decode(codec, *files)
