"""Plain text and tables of spans: what is written comes back, what others write is understood."""

from __future__ import annotations

import io
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings

from goldwire.annotate.document import Document, Fragment, Mention, Meta, Span
from goldwire.annotate.formats import TABLE, csv, text, tsv
from goldwire.annotate.formats.flat import flat
from goldwire.annotate.problems import Problem, ProblemError

from .strategies import documents


def again(codec: Any, documents: list[Document], name: str = "doc.csv") -> list[Document]:
    data = b"".join(b for n, b in codec.encode(documents, lost=Counter()) if n == "")
    return list(codec.decode({name: io.BytesIO(data)}))


@given(documents())
@settings(max_examples=60, deadline=None)
def test_a_table_holds_what_it_claims(document: Document) -> None:
    expected = flat(document, TABLE, Counter())
    assert again(csv, [document]) == [expected]
    assert again(tsv, [document, document]) == [expected, expected]


@given(documents())
@settings(max_examples=30, deadline=None)
def test_text_is_every_character(document: Document) -> None:
    assert again(text, [document], "doc.txt") == [Document(document.text, Meta("doc"))]


def test_what_a_table_cannot_hold_is_counted() -> None:
    from goldwire.annotate.document import Actor, Argument, Event

    ada = Actor("a1", "PER", mentions=(Mention("Ada", 0),))
    left = Event("e1", Mention("left", 4), "MOVE", args=(Argument("agent", "a1", Mention("Ada", 0)),))
    lost: Counter[str] = Counter()
    (_, header), (_, body) = csv.encode([Document("Ada left.", actors=(ada,), events=(left,))], lost=lost)
    assert lost == {"actor": 1, "event": 1}
    assert header.startswith(b"doc,text,id,label,start,end,surface,")
    assert b",,s1,ACTOR,0,3,Ada," in body
    assert b",,s2,TRIGGER,4,8,left," in body
    (_, _), (_, body) = csv.encode([Document("Ada left.", events=(left,))], lost=lost, labels="type")
    assert b",,s1,MOVE,4,8,left," in body


@pytest.mark.parametrize(
    "table",
    [
        "doc_id;begin;stop;type;text\nd1;0;3;PER;Ada left.\nd1;4;8;ACT;Ada left.\nd2;0;3;PER;Eva.\n",
        "text\tstart\tend\tlabel\tdoc\r\nAda left.\t0\t3\tPER\td1\r\n"
        "\t4\t8\tACT\td1\nEva.\t0\t3\tPER\td2\r\n",
        "\ufeffLabel,Start,End,Doc,Text\nPER,0,3,d1,Ada left.\nACT,4,8,d1,\nPER,0,3,d2,Eva.\n",
    ],
)
def test_tables_of_others(table: str) -> None:
    ada, eva = csv.decode({"x.csv": io.BytesIO(table.encode())})
    assert (ada.text, ada.meta.doc_id, eva.text) == ("Ada left.", "d1", "Eva.")
    assert [(s.mention.text, s.label) for s in ada.spans] == [("Ada", "PER"), ("left", "ACT")]


def test_the_text_may_lie_beside_the_table() -> None:
    files = {
        "a.csv": io.BytesIO(b"von,bis,label,worth\n0,3,PER,9\n4,8,ACT,\n"),
        "a.txt": io.BytesIO(b"Ada left.\r\n"),
    }
    (document,) = csv.decode(files, columns="start=von,end=bis")
    assert document.text == "Ada left.\r\n"
    assert document.spans[0] == Span("s1", Mention("Ada", 0), "PER", extra={"worth": "9"})


def test_offsets_in_utf16_are_recognised_by_the_surface() -> None:
    table = "text,start,end,label,surface\n😀 Ada left.,3,6,PER,Ada\n"
    (document,) = csv.decode({"x.csv": io.BytesIO(table.encode())})
    assert document.spans[0].mention == Mention("Ada", 2)


def test_pieces_are_read() -> None:
    table = "text,start,end,label,more\nlay him down,0,3,X,8-12\n"
    (document,) = csv.decode({"x.csv": io.BytesIO(table.encode())})
    assert document.spans[0].mention == Mention("lay", 0, more=(Fragment("down", 8),))


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("doc,start,label\n", "x.csv:1: columns: the first row names no column end"),
        ("start,end,label,label\n", "columns: the first row names a column twice"),
        ("start,end,label\n0,3,PER\n", "x.csv:1: no-text: there is no column text"),
        ("text,start,end,label\nAda,0,4,PER\n", "x.csv:2: span-range: span 0–4 lies outside"),
        ("text,start,end,label\nAda,0,x,PER\n", "x.csv:2: offset: .*'0', 'x'"),
        ("text,start,end,label\nAda,0,²,PER\n", "x.csv:2: offset"),
        ("text,start,end,label,surface\nAda,0,2,PER,Ada\n", "should say «Ada», the text says «Ad»"),
        ('text,start,end,label\n"Ada,0,3,PER\n', "x.csv:2: csv: unexpected end of data"),
        ("text,start,end,label\nAda,0,3,PER,5\n", "x.csv:2: columns: has 5 cells"),
        ("", "x.csv:1: columns: "),
    ],
)
def test_wrong_tables_are_refused(table: str, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        list(csv.decode({"x.csv": io.BytesIO(table.encode())}))


def test_a_byte_order_mark_is_kept_and_noted() -> None:
    notes: list[Problem] = []
    (document,) = text.decode({"a.txt": io.BytesIO(b"\xef\xbb\xbfAda")}, notes=notes)
    assert document.text == "\ufeffAda"
    assert notes[0].rule == "byte-order-mark"
    (document,) = text.decode({"a.txt": io.BytesIO(b"\xef\xbb\xbfAda")}, bom="drop")
    assert document.text == "Ada"


def test_text_that_is_no_utf8_is_refused() -> None:
    with pytest.raises(ProblemError, match=r"a.txt:2: encoding: is not UTF-8: byte 7 is 0xE9"):
        list(text.decode({"a.txt": io.BytesIO(b"Ada\ncaf\xe9")}))
