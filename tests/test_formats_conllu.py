"""CoNLL-U and CorefUD: files come back byte for byte, and say what the conllu package says."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from hypothesis import assume, given, settings

from goldwire.annotate.document import Actor, Document, Fragment, Mention, Meta, Segment
from goldwire.annotate.formats import conllu
from goldwire.annotate.problems import Problem, ProblemError

from . import samples
from .strategies import documents


def decode(data: bytes, notes: list[Problem] | None = None) -> list[Document]:
    return list(conllu.decode({"x.conllu": io.BytesIO(data)}, notes=notes))


def encode(*documents: Document) -> tuple[bytes, Counter[str]]:
    lost: Counter[str] = Counter()
    return b"".join(b for _, b in conllu.encode(documents, lost=lost)), lost


@samples.needed
@pytest.mark.parametrize("name", ["stampede", "crane", "afghan"])
def test_samples_come_back_byte_for_byte(name: str) -> None:
    import conllu as peer

    data = (samples.FOLDER / f"conllu/GUM_news_{name}.conllu").read_bytes()
    notes: list[Problem] = []
    (document,) = decode(data, notes)
    assert notes == []
    assert document.meta.doc_id == f"GUM_news_{name}"
    assert encode(document)[0] == data
    # The other tool's words and its brackets, counted by hand from its own columns.
    sentences = peer.parse(data.decode())
    assert [s.metadata["text"] for s in sentences] == [
        document.text[g.start : g.end] for g in document.segments
    ]
    assert [s.metadata["sent_id"] for s in sentences] == [g.id for g in document.segments]
    opened = [
        piece
        for s in sentences
        for word in s
        for piece in ((word["misc"] or {}).get("Entity") or "").split("(")[1:]
    ]
    assert sum(len(a.mentions) for a in document.actors) == len(opened)
    assert {a.id for a in document.actors} == {piece.split("-")[0] for piece in opened}


@samples.needed
def test_what_the_brackets_say() -> None:
    (document,) = decode((samples.FOLDER / "conllu/GUM_news_crane.conllu").read_bytes())
    by_id = {a.id: a for a in document.actors}
    assert by_id["2"].type == "event"
    mecca = by_id["3"]
    assert (mecca.type, mecca.name) == ("place", "Mecca")
    assert {m.text for m in mecca.mentions} >= {"Mecca", "Mecca's"}
    assert by_id["8"].name == "Masjid al-Haram"
    collapse = by_id["2"].mentions[0]
    assert (collapse.text, collapse.head) == ("Mecca crane collapse", "collapse")
    assert collapse.extra["infstat"] == "new"


@samples.needed
def test_an_edit_changes_its_brackets_alone() -> None:
    from msgspec.structs import replace

    data = (samples.FOLDER / "conllu/GUM_news_crane.conllu").read_bytes()
    (document,) = decode(data)
    fewer = replace(document, actors=tuple(a for a in document.actors if a.id != "4"))
    changed = [
        (a, b) for a, b in zip(data.splitlines(), encode(fewer)[0].splitlines(), strict=True) if a != b
    ]
    assert changed
    assert all(b"4" in a and b"(4-" not in b for a, b in changed)
    (again,) = decode(encode(fewer)[0])
    assert again.actors == fewer.actors


OWN = Document(
    "Ada left.\n\nShe, the old   engineer, went.",
    Meta("d1"),
    segments=(Segment("d1-1", 0, 9, paragraph=1), Segment("d1-2", 11, 41, paragraph=2)),
    actors=(
        Actor(
            "a1",
            "PER",
            "Ada L-K (x)",
            mentions=(
                Mention("Ada", 0),
                Mention("She", 11),
                Mention("the old   engineer", 16, "engineer", 26),
                Mention("She", 11, more=(Fragment("went", 36),)),
            ),
        ),
    ),
)


def test_our_own_chains_come_back() -> None:
    data, lost = encode(OWN)
    assert lost == {}
    (again,) = decode(data)
    assert (again.text, again.actors, again.segments) == (OWN.text, OWN.actors, OWN.segments)
    rows = data.decode().split("\n")
    assert "# text = She, the old   engineer, went." in rows
    assert "5\told\t_\t_\t_\t_\t_\t_\t_\tSpacesAfter=\\s\\s\\s" not in rows
    assert any(r.startswith("4\told\t") and r.endswith("SpacesAfter=\\s\\s\\s") for r in rows)
    assert any("Entity=(a1-PER--Ada_L%2DK_%28x%29)" in r for r in rows)
    assert any("(a1-PER-3-Ada_L%2DK_%28x%29" in r for r in rows)


@given(documents())
@settings(max_examples=60, deadline=None)
def test_texts_of_any_kind(document: Document) -> None:
    data, _ = encode(document)
    assume(data)
    (once,) = decode(data)
    assert once.text == document.text
    again, lost = encode(once)
    assert again == data
    assert lost == {}


def test_loss_is_counted() -> None:
    from goldwire.annotate.document import Place, Span

    document = Document(
        "Ada left Rome.",
        actors=(Actor("a1", "PER", status="displaced", mentions=(Mention("Ada", 0, form="name"),)),),
        places=(Place("p1", "city", mentions=(Mention("Rome", 9),)),),
        spans=(Span("s1", Mention("left", 4), "X"),),
    )
    _, lost = encode(document)
    assert lost == {"actor status": 1, "form": 1, "place (written as an actor)": 1, "span": 1}


WORDS = "1\tDu\t_\t_\t_\t_\t_\t_\t_\t{0}\n2\tva\t_\t_\t_\t_\t_\t_\t_\t{1}\n"


def test_ranges_and_empty_nodes() -> None:
    row = "\t_\t_\t_\t_\t_\t_\t_\t"
    data = (
        "# global.Entity = eid-etype-head-other\n"
        f"1-2\tdel{row}_\n1\tde{row}Entity=(e1-x-1-\n2\tel{row}_\n"
        f"3\tva{row}Entity=e1)\n3.1\t_{row}Entity=(e2-y-1-)\n4-5\tcan't{row}SpaceAfter=No\n"
        f"4\tca{row}Entity=(e3-z-1-)\n5\tn't{row}_\n6\t!{row}_\n\n"
    )
    (document,) = decode(data.encode())
    assert document.text == "del va can't!"
    found = {a.id: a.mentions[0] for a in document.actors}
    assert (found["e1"].text, found["e2"].text, found["e2"].start) == ("del va", "", 6)
    assert found["e3"] == Mention("ca", 7, extra={"head": "1"})
    assert encode(document)[0] == data.encode()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (WORDS.format("Entity=(e1-x", "_") + "\n", "x.conllu:1: entity: opens 'e1-x', which is never closed"),
        (WORDS.format("_", "Entity=e1)") + "\n", "x.conllu:2: entity: closes 'e1', which is not open"),
        (WORDS.format("_", "Entity=(e1-x))") + "\n", "x.conllu:2: entity: cannot be read"),
        (WORDS.format("Entity=(e1[1/2]-x)", "_") + "\n", "has parts that are missing"),
        (
            WORDS.replace("2\tva", "3\tva").format("_", "_"),
            "x.conllu:2: word-number: is word 3, and should be 2",
        ),
        (WORDS.replace("2\tva", "x\tva").format("_", "_"), "x.conllu:1: conllu: "),
        (WORDS.replace("2\tva", "2 va").format("_", "_"), "x.conllu:2: columns: has 9 columns, not 10"),
        ("# global.Entity = a-b\n" + WORDS.format("_", "_"), "x.conllu:1: entity-fields: names no field eid"),
        ("1-3\ta\t_\t_\t_\t_\t_\t_\t_\t_\n" + WORDS.format("_", "_"), "the range ends at 3 of 2 words"),
    ],
)
def test_wrong_files_are_refused(data: str, message: str) -> None:
    with pytest.raises(ProblemError, match=message.replace("(", r"\(").replace(")", r"\)")):
        decode(data.encode())


def test_documents_are_divided() -> None:
    block = "# newdoc id = {}\n" + WORDS.format("_", "_") + "\n"
    found = decode((block.format("a") + WORDS.format("_", "_") + "\n" + block.format("b")).encode())
    assert [(d.meta.doc_id, d.text) for d in found] == [("a", "Du va Du va"), ("b", "Du va")]


def test_two_spaces_divide_columns_where_there_is_no_tab() -> None:
    row = "1  New York  new york  PROPN  _  _  0  root  _  Entity=(e1-place-1)"
    (document,) = decode(row.encode())
    assert (document.text, [m.text for m in document.actors[0].mentions]) == ("New York", ["New York"])
