"""GATE's JSON and XML: read as gatenlp reads them, written so that gatenlp reads the same."""

from __future__ import annotations

import io
import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings

from goldwire.annotate.document import Document
from goldwire.annotate.formats import gate, gatexml
from goldwire.annotate.problems import Problem, ProblemError

from . import samples
from .strategies import documents


def decode(data: bytes) -> Document:
    (document,) = gate.decode({"doc.bdocjs": io.BytesIO(data)})
    return document


def encode(document: Document, **options: str) -> bytes:
    ((name, data),) = gate.encode([document], lost=Counter(), **options)
    assert name == ""
    return data


@given(documents())
@settings(max_examples=60, deadline=None)
def test_every_document_comes_back(document: Document) -> None:
    assert decode(encode(document)) == document
    assert decode(encode(document, offset_type="j")) == document


def test_what_is_edited_in_gate_is_read_from_gate() -> None:
    from goldwire.annotate.document import Actor, Argument, Event, Mention

    ada = Actor("a1", "PER", mentions=(Mention("Ada", 0),))
    left = Event("e1", Mention("left", 4), "MOVE", args=(Argument("agent", "a1", Mention("Ada", 0)),))
    raw = json.loads(encode(Document("Ada left Rome.", actors=(ada,), events=(left,))))
    annotations = raw["annotation_sets"]["goldwire"]["annotations"]
    assert [(a["type"], a["start"], a["end"]) for a in annotations] == [("PER", 0, 3), ("MOVE", 4, 8)]
    assert annotations[1]["features"]["arrows"] == [{"label": "agent", "to": 0}]
    annotations[1]["end"] = 13
    annotations[0]["features"]["status"] = "displaced"
    annotations.append({"type": "CITY", "start": 9, "end": 13, "id": 7, "features": {"sure": True}})
    edited = decode(json.dumps(raw).encode())
    assert edited.events[0].trigger == Mention("left Rome", 4)
    assert edited.actors[0].status == "displaced"
    assert (edited.spans[0].label, edited.spans[0].extra) == ("CITY", {"sure": "true"})


def read_by_gatenlp(text: str) -> dict[str, Any]:
    from gatenlp import Document as GateDocument

    return GateDocument.load_mem(text, fmt="bdocjs").to_dict()


@samples.needed
@pytest.mark.parametrize(
    "name",
    [
        "gate/testdoc1.bdocjs",
        "gate/debugdoc01.bdocjs",
        "tool-written/a.j.bdocjs",
        "tool-written/a.p.bdocjs",
    ],
)
def test_samples_go_back_as_they_came(name: str) -> None:
    data = (samples.FOLDER / name).read_bytes()
    document = decode(data)
    assert json.loads(encode(document)) == json.loads(data)
    assert read_by_gatenlp(encode(document).decode()) == read_by_gatenlp(data.decode())
    if name.startswith("tool-written"):
        expected = json.loads((samples.FOLDER / "tool-written/a.expected.json").read_text())
        found = [(s.mention.start, s.mention.end, s.label, s.mention.text) for s in document.spans]
        assert found == [(s["start"], s["end"], s["label"], s["text"]) for s in expected["spans"]]
        assert encode(document).rstrip() == data.rstrip()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"offset_type": "x"}, "offset_type is 'x', not 'p' or 'j'"),
        ({"text": None}, r"structure: Expected `str`, got `null` - at `\$.text`"),
        (
            {"annotation_sets": {"": {"annotations": [{"type": "X", "start": 0, "end": 9, "id": 1}]}}},
            r"doc.bdocjs:1: span-range: annotation 1 \(X\) 0–9 lies outside the text: the text has 2",
        ),
        (
            {
                "offset_type": "j",
                "annotation_sets": {"": {"annotations": [{"type": "X", "start": 0, "end": 1, "id": 1}]}},
            },
            "cuts a character in two",
        ),
        ({"annotation_sets": {"": {"annotations": [{"type": "X"}]}}}, "missing required field `start`"),
        ({"text": "\ud83d"}, "a string holds half of a surrogate pair"),
    ],
)
def test_wrong_files_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        decode(json.dumps({"text": "😀a", "annotation_sets": {}, "features": {}} | change).encode())


def decode_xml(data: bytes, notes: list[Problem] | None = None) -> Document:
    (document,) = gatexml.decode({"doc.xml": io.BytesIO(data)}, notes=notes)
    return document


@samples.needed
@pytest.mark.parametrize("path", ["testdoc1.xml", "btc/*1316.xml", "btc/*9328.xml"])
def test_xml_is_read_as_gatenlp_reads_it(path: str) -> None:
    from gatenlp import Document as GateDocument

    (file,) = (samples.FOLDER / "gate").glob(path)
    notes: list[Problem] = []
    document = decode_xml(file.read_bytes(), notes)
    assert notes == []
    peer = GateDocument.load(str(file), fmt="gatexml")
    assert document.text == peer.text
    found = sorted((s.extra["gate"]["set"], s.mention.start, s.mention.end, s.label) for s in document.spans)
    assert found == sorted((n, a.start, a.end, a.type) for n in peer.annset_names() for a in peer.annset(n))
    if document.spans:
        assert any("\U0001f4fa" in s.mention.text for s in document.spans) == ("1316" in path)
        token = next(s for s in document.spans if s.label == "Token")
        assert token.extra["gate"]["features"]["string"] == token.mention.text
    # What was read from XML is written as JSON, for gatenlp, too.
    assert read_by_gatenlp(encode(document).decode())["text"] == peer.text


XML = """<?xml version="1.0"?>
<GateDocument version="3"><GateDocumentFeatures/>
<TextWithNodes>%s</TextWithNodes><AnnotationSet Name="Key">
<Annotation Id="%s" Type="X" StartNode="0" EndNode="%s"/></AnnotationSet></GateDocument>"""


def test_a_node_stands_where_it_stands() -> None:
    notes: list[Problem] = []
    text = '<Node id="0"/>\U0001f600a<Node id="3"/>&#13;b&amp;'
    document = decode_xml((XML % (text, 1, 3)).encode(), notes)
    assert (document.text, document.spans[0].mention.text, notes) == ("\U0001f600a\rb&", "\U0001f600a", [])
    decode_xml((XML % (text.replace('"3"', '"9"'), 1, 9)).encode(), notes)
    assert notes[0].rule == "node-number"


BOMB = '<!DOCTYPE a [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (XML % ('<Node id="0"/>ab', 1, 7), "doc.xml: node: annotation 1 has the EndNode '7'"),
        (XML % ('<Node id="0"/>ab', "x", 0), "doc.xml: structure: an annotation's Id is 'x'"),
        (XML.replace("<GateDocument", BOMB + "<GateDocument", 1), "xml: declares the entity 'a'"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "declares the entity 'x'"),
        ("<a>" * 300 + "</a>" * 300, "xml: is nested more than 200"),
        ("<GateDocument>\n<a></b>", "doc.xml:2: xml: is not well-formed: mismatched tag"),
        ("<html/>", "the root element is html, not GateDocument"),
        ("<GateDocument/>", "there is no TextWithNodes"),
        ("", "xml: is not well-formed: no element found"),
        ('<?xml version="1.0" encoding="klingon"?><a/>', "doc.xml:1: "),
    ],
)
def test_wrong_xml_is_refused(data: str, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        decode_xml(data.encode())
