"""brat: real files come back byte for byte, wrong ones are refused with line and reason."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from goldwire.annotate import files
from goldwire.annotate.document import Actor, Argument, Document, Event, Mention, Meta, Quotation
from goldwire.annotate.formats import brat
from goldwire.annotate.problems import Problem, ProblemError

from . import samples

ANNOTATED = [p for g in ("brat/*", "litbank/*/brat", "synthetic") for p in samples.found(f"{g}/*.ann")]
LINES = "Ada met Bob\r\nand “Eve” 😀 today."


def read(text: str, ann: str, notes: list[Problem] | None = None) -> Document:
    files = {"d/a.txt": io.BytesIO(text.encode()), "d/a.ann": io.BytesIO(ann.encode())}
    (document,) = brat.decode(files, notes=notes)
    return document


def written(document: Document) -> str:
    return dict(brat.encode([document]))["a.ann"].decode()


@samples.needed
@pytest.mark.parametrize(
    "ann",
    [
        *samples.found("brat/*/*.ann"),
        *samples.found("litbank/*/brat/*.ann"),
        *samples.found("synthetic/*.ann"),
    ],
    ids=lambda p: p.parent.name + p.stem,
)
def test_a_real_file_comes_back_byte_for_byte(ann: Path) -> None:
    both = {str(p): io.BytesIO(p.read_bytes()) for p in (ann.with_suffix(".txt"), ann)}
    (document,) = brat.decode(both)
    out = dict(brat.encode([document]))
    assert out[ann.name] == ann.read_bytes()
    assert out[ann.with_suffix(".txt").name] == ann.with_suffix(".txt").read_bytes()


@samples.needed
def test_lines_of_another_tool_under_the_same_suffix_are_refused() -> None:
    ann = samples.found("litbank/quotations/tsv/11*.ann")[0]
    both = {str(p): io.BytesIO(p.read_bytes()) for p in (ann.with_suffix(".txt"), ann) if p.exists()}
    with pytest.raises(ProblemError, match=r"not-brat: holds no line|missing-text"):
        list(brat.decode(both))


def test_every_kind_of_line() -> None:
    ann = (
        "T1\tPER 0 3\tAda\nT2\tPER 8 11;17 22\tBob “Eve”\nT3\tMEET 4 7\tmet\nE1\tMEET:T3 Who:T1 Who2:T2\n"
        "R1\tknows Arg1:T1 Arg2:T2\nA1\tNegation E1\nM1\tMood R1 odd\nN1\tReference T1 Wikidata:Q7259\tAda\n"
        "#1\tAnnotatorNotes T1\ta note\n#1\tAnnotatorNotes T1\tanother of the same number\n*\tEquiv T1 T2\n"
        "X9 what is this\n"
    )
    notes: list[Problem] = []
    document = read(LINES, ann, notes)
    assert [(s.id, s.label, s.mention.pieces) for s in document.spans] == [
        ("T1", "PER", ((0, 3),)),
        ("T2", "PER", ((8, 11), (17, 22))),
    ]
    (event,) = document.events
    assert (event.id, event.type, event.trigger.text) == ("E1", "MEET", "met")
    assert [(a.role, a.ref) for a in event.args] == [("Who", "T1"), ("Who2", "T2")]
    assert {(r.label, r.source, r.target) for r in document.relations} == {
        ("knows", "T1", "T2"),
        ("Equiv", "T2", "T1"),
    }
    assert document.spans[0].note == "a note"
    assert [str(n) for n in notes] == ["d/a.ann:12: unknown-line: kept as it is: brat defines no such line"]
    assert written(document) == ann


def test_offsets_are_proved_in_the_unit_that_fits() -> None:
    # 😀 is one code point and two UTF-16 units; CR LF is one where a tool read in text mode.
    for ann in ("T1\tT 25 30\ttoday\n", "T1\tT 26 31\ttoday\n", "T1\tT 24 29\ttoday\n"):
        document = read(LINES, ann)
        assert document.spans[0].mention.start == 25
        assert written(document) == ann


def test_a_byte_order_mark_counts_only_where_the_tool_counted_it() -> None:
    for ann, start in (("T1\tPER 1 4\tAda\n", 1), ("T1\tPER 0 3\tAda\n", 0)):
        document = read("\ufeffAda", ann)
        assert document.spans[0].mention.start == start
        assert dict(brat.encode([document]))["a.txt"] == "\ufeffAda".encode()
        assert written(document) == ann


@pytest.mark.parametrize(
    ("ann", "message"),
    [
        ("T1\tP 0 4\tAda\n", "d/a.ann:1: span-text: T1 0–4 should say «Ada», the text says «Ada »"),
        ("\nT1\tP 0 99\tAda\n", r"d/a.ann:2: span-range: T1 0–99 lies outside the text: .* 31 code points"),
        ("T1\tP 5 2\tAda\n", "d/a.ann:1: span-range: T1 5–2 ends before it starts"),
        ("T1\tP 0 3;4 7\tAda x\n", "span-text: T1 0–3;4–7 should say «Ada x», the text says «Ada met»"),
        ("T1\tP 0 3\tAda\nT1\tP 4 7\tmet\n", "d/a.ann:2: repeated-id: T1 stands more than once"),
        ("T1\tP zero 3\tAda\n", "d/a.ann:1: syntax: T1 should read TYPE START END"),
        (f"T1\tP {'9' * 5000} 3\tAda\n", "d/a.ann:1: syntax: T1 should read TYPE START END"),
        ("#1\tGoldwire T1\t{broken\n", "d/a.ann:1: structure: the note of T1"),
        ('#1\tGoldwire DOC\t{"objects": 3}\n', "structure: what goldwire wrote into the file was changed"),
    ],
)
def test_what_is_wrong_is_named(ann: str, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        read(LINES, ann)


def test_what_points_at_nothing_is_kept_and_noted() -> None:
    ann = (
        "T1\tP 0 3\tAda\nE1\tX:T9 Who:T1\nE2\tP:T1 Who:T8\nR1\tk Arg1:T1 Arg2:T9\nA1\tN T9\n*\tEquiv T1 T9\n"
    )
    notes: list[Problem] = []
    document = read(LINES, ann, notes)
    assert [n.rule for n in notes] == ["dangling-id"] * 5
    assert written(document) == ann


def test_an_encoding_that_is_not_utf_8_is_refused() -> None:
    files = {"a.txt": io.BytesIO("Añ".encode("latin-1")), "a.ann": io.BytesIO(b"")}
    with pytest.raises(ProblemError, match=r"a.txt:1: encoding: is not UTF-8: byte 1 is 0xF1"):
        list(brat.decode(files))
    with pytest.raises(ProblemError, match=r"a.ann: missing-text: needs a.txt beside it"):
        list(brat.decode({"a.ann": io.BytesIO(b"")}))


def test_names_lead_nowhere_else() -> None:
    documents = [
        Document("x", Meta(name)) for name in ("../../etc/passwd", "a", "A", ".hidden", "", "con\u0000")
    ]
    names = [name for name, _ in brat.encode(documents) if name.endswith(".txt")]
    assert len({n.lower() for n in names}) == len(names)
    assert not any("/" in n or n.startswith(".") or "\0" in n for n in names)
    again = list(brat.decode({name: io.BytesIO(data) for name, data in brat.encode(documents)}))
    assert {d.meta.doc_id for d in again} >= {"../../etc/passwd", ".hidden", "a", "A"}


def test_annotators_edits_are_read() -> None:
    ada, bob = Mention("Ada", 0), Mention("Bob", 8)
    document = Document(
        LINES,
        Meta("a"),
        actors=(Actor("a1", "PER", name="Ada L.", mentions=(ada,)), Actor("a2", "PER", mentions=(bob,))),
        events=(Event("e1", Mention("met", 4), "MEET", args=(Argument("who", "a1", ada),)),),
        quotations=(Quotation("q1", speaker="a2", content=(Mention("today", 25),)),),
    )
    ann = written(document)
    assert "T1\tPER 0 3\tAda\n" in ann
    assert "E1\tMEET:T4 who:T1\n" in ann
    ann = ann.replace("E1\tMEET:T4 who:T1", "E1\tMEET:T4 who:T1 who2:T2").replace(
        "PER 8 11\tBob", "ORG 8 11\tBob"
    )
    ann += "T9\tPER 17 22\t“Eve”\n*\tEquiv T1 T9\nA9\ttense E1 past\n"
    edited = read(LINES, ann)
    assert [m.text for m in edited.actors[0].mentions] == ["Ada", "“Eve”"]
    assert edited.actors[1].type == "ORG"
    assert [(a.role, a.ref) for a in edited.events[0].args] == [("who", "a1"), ("who", "a2")]
    assert edited.events[0].tense == "past"
    assert edited.quotations == document.quotations


def test_the_configuration_names_every_type_once() -> None:
    document = read(LINES, "T1\tODD 0 3\tAda\n")
    conf = dict(brat.encode([document], ontology=files.ontology()))["annotation.conf"].decode()
    assert [line for line in conf.splitlines() if line.startswith("[")] == [
        "[entities]",
        "[relations]",
        "[events]",
        "[attributes]",
    ]
    entities = conf.partition("[relations]")[0].split()
    assert "ODD" in entities
    assert len(set(entities)) == len(entities)


def test_a_trigger_is_of_the_type_of_its_event_and_lines_are_lines() -> None:
    # Both are what brat's own reader insists on: it splits lines at U+2028 and at others, too.
    said = Mention("said\u2028so", 4)
    quotation = Quotation("q1", cue=(said,), content=(Mention("yes", 0),), note="a\u2028b")
    document = Document("yes said\u2028so", Meta("a"), quotations=(quotation,))
    rows = written(document).splitlines()
    assert rows == written(document).split("\n")[:-1]
    assert [r for r in rows if "\tQuotation " in r] == ["T3\tQuotation 4 8;9 11\tsaid so"]
    assert [r for r in rows if r[0] == "E"] == ["E1\tQuotation:T3 Content:T1 Cue:T2"]
    assert read(document.text, written(document)) == document
