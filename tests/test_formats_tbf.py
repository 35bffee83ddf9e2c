"""TBF: EvmEval's examples come back byte for byte, and its wrong files are refused for its reasons."""

from __future__ import annotations

import io
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings

from goldwire.annotate.document import Document, Event, Fragment, Mention
from goldwire.annotate.formats import tbf
from goldwire.annotate.problems import Problem, ProblemError

from . import samples
from .strategies import documents


def decode(data: bytes, texts: dict[str, str] | None = None, **options: Any) -> list[Document]:
    files = {"x.tbf": io.BytesIO(data)}
    files |= {f"{name}.txt": io.BytesIO(text.encode()) for name, text in (texts or {}).items()}
    return list(tbf.decode(files, **options))


def encode(*documents: Document) -> tuple[bytes, Counter[str]]:
    lost: Counter[str] = Counter()
    return b"".join(b for _, b in tbf.encode(documents, lost=lost)), lost


@samples.needed
@pytest.mark.parametrize(
    "name", ["gold.tbf", "system_A.tbf", "example.tbf", "wrong_format/correct_example.key.tbf"]
)
def test_samples_come_back_byte_for_byte(name: str) -> None:
    data = (samples.FOLDER / "tbf" / name).read_bytes()
    notes: list[Problem] = []
    found = decode(data, notes=notes)
    again, lost = encode(*found)
    assert again.rstrip() == data.rstrip()
    assert lost == {}
    assert {n.rule for n in notes} == {"no-text"}


@samples.needed
def test_what_the_example_says() -> None:
    first, second = decode((samples.FOLDER / "tbf/gold.tbf").read_bytes())
    assert first.text == "    made     way"
    assert first.events[0].trigger == Mention("made", 4, more=(Fragment("way", 13),))
    assert [(e.id, e.coref, e.modality) for e in second.events] == [
        ("E1", "", "asserted"),
        ("E2", "E2", "generic"),
        ("E3", "E2", "generic"),
        ("E4", "", "generic"),
        ("E5", "", "generic"),
    ]
    assert [(x.id, x.type, x.source, x.target) for x in second.links] == [
        ("A1", "AFTER", "E1", "E2"),
        ("A2", "AFTER", "E3", "E4"),
        ("A3", "AFTER", "E4", "E5"),
    ]


@samples.needed
def test_our_own_reference_files_are_read() -> None:
    for path in sorted((samples.FOLDER.parent / "references/evmeval").glob("*.tbf")):
        found = decode(path.read_bytes())
        assert encode(*found)[0].rstrip() == path.read_bytes().rstrip(), path.name


@samples.needed
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("duplicated_mention_id", "x.tbf:4: repeated-id: the id E2 stands more than once in 'example'"),
        ("miss_system_id", "x.tbf:2: columns: has 6 fields, and should have 7"),
        ("no_header", "x.tbf:1: document: stands outside a document: no #BeginOfDocument"),
        ("a_lot_wrong_relations", "x.tbf:4: link: @Coref is none of @Coreference @After @Subevent"),
    ],
)
def test_wrong_samples_are_refused_with_the_reason(name: str, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        decode((samples.FOLDER / f"tbf/wrong_format/{name}.response.tbf").read_bytes())


LINE = "s\td\tE1\t4,8\tleft\tMOVE\tActual\n"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (LINE.replace("4,8", "8,4"), "x.tbf:2: span: '8,4' ends before it starts"),
        (LINE.replace("4,8", "4-8"), "x.tbf:2: span: '4-8' should be start,end pairs"),
        (LINE.replace("4,8", "4,999999999"), "out of all bounds"),
        (LINE.replace("\td\t", "\tz\t"), "x.tbf:2: document: is of 'z', and stands in 'd'"),
        (LINE + "@After\tA1\tE1,E7\n", "x.tbf:3: link: @After A1 names E7, which is no mention of 'd'"),
        (LINE + "@After\tA1\tE1\n", "x.tbf:3: link: @After links 1 mentions"),
        (LINE + "@After\tA1\n", "x.tbf:3: columns: a link has 2 fields"),
        (LINE.replace("left", "right"), "x.tbf:2: span-text: E1 should say «right», the text says «left»"),
        (LINE.replace("4,8", "40,44"), "x.tbf:2: span-range: E1 ends at 44, the text has 9"),
    ],
)
def test_wrong_lines_are_refused(body: str, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        decode(f"#BeginOfDocument d\n{body}#EndOfDocument\n".encode(), {"d": "Ada left."})


def test_a_document_that_is_not_ended() -> None:
    with pytest.raises(ProblemError, match=r"x.tbf:1: document: 'd' is not ended"):
        decode(f"#BeginOfDocument d\n{LINE}".encode())


@given(documents())
@settings(max_examples=60, deadline=None)
def test_events_come_back(document: Document) -> None:
    data, _ = encode(document)
    (once,) = decode(data, {"doc": document.text})
    places = [(e.id, e.type, e.trigger.pieces) for e in document.events]
    assert [(e.id, e.type, e.trigger.pieces) for e in once.events] == places
    again, lost = encode(once)
    assert again == data
    assert lost == {}


def test_loss_is_counted() -> None:
    from goldwire.annotate.document import Argument, Link

    first = Event("e1", Mention("left", 4), "MOVE", tense="past", args=(Argument("agent"),), coref="e1")
    second = Event("e2", Mention("left", 4), "MOVE", modality="hedged", coref="e1")
    data, lost = encode(
        Document("Ada left.", events=(first, second), links=(Link("l1", "e1", "e2", "CAUSES"),))
    )
    assert lost == {"argument": 1, "event tense": 1, "event modality": 1, "link CAUSES": 1}
    assert b"@Coreference\tR1\te1,e2\n" in data
