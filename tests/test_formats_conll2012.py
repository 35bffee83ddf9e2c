"""Coreference columns: real files come back byte for byte, and our chains as scorers want them."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from goldwire.annotate.document import Actor, Document, Mention, Meta
from goldwire.annotate.formats import conll2012
from goldwire.annotate.problems import ProblemError

from . import samples
from .strategies import documents


def decode(data: bytes) -> list[Document]:
    return list(conll2012.decode({"x.conll": io.BytesIO(data)}))


def encode(*documents: Document) -> tuple[bytes, Counter[str]]:
    lost: Counter[str] = Counter()
    return b"".join(b for _, b in conll2012.encode(documents, lost=lost)), lost


FILES = samples.found("conll-coref/gum/*.conll") + samples.found("litbank/coref/conll/*.conll")


@samples.needed
def test_samples_come_back_byte_for_byte() -> None:
    assert len(FILES) == 6
    for path in FILES:
        data = path.read_bytes()
        (document,) = decode(data)
        again, lost = encode(document)
        assert (path.name, again == data, lost) == (path.name, True, {})
        column = [line.split("\t")[-1] for line in data.decode().split("\n") if "\t" in line]
        assert sum(len(a.mentions) for a in document.actors) == sum(cell.count("(") for cell in column)


@samples.needed
def test_the_scorers_own_files_come_back_byte_for_byte() -> None:
    for path in sorted((samples.FOLDER.parent / "references/coreference/suite").glob("TC-*")):
        data = path.read_bytes()
        again, lost = encode(*decode(data))
        assert (path.name, again == data, lost) == (path.name, True, {})


@samples.needed
def test_gum_says_the_same_in_both_its_formats() -> None:
    from goldwire.annotate.formats import conllu

    for name in ("stampede", "crane", "afghan"):
        columns = decode((samples.FOLDER / f"conll-coref/gum/GUM_news_{name}.conll").read_bytes())[0]
        path = samples.FOLDER / f"conllu/GUM_news_{name}.conllu"
        (rich,) = conllu.decode({"x.conllu": io.BytesIO(path.read_bytes())})

        def surfaces(document: Document) -> Counter[tuple[str, str, str]]:
            return Counter(
                (a.type, a.name, "".join(m.text.split())) for a in document.actors for m in a.mentions
            )

        assert surfaces(columns) == surfaces(rich)


@samples.needed
def test_litbank_says_the_same_in_both_its_formats() -> None:
    """Chains against the pairs that LitBank's own tsv names, counted by hand from its lines."""
    for path in samples.found("litbank/coref/conll/*.conll"):
        (document,) = decode(path.read_bytes())
        ann = (samples.FOLDER / "litbank/coref/tsv" / path.name).with_suffix(".ann").read_text()
        rows = [line.split("\t") for line in ann.split("\n") if line]
        # A mention without a chain of its own there is a chain of one here.
        alone = {r[1] for r in rows if r[0] == "MENTION"} - {r[1] for r in rows if r[0] == "COREF"}
        assert len(document.actors) == len({r[2] for r in rows if r[0] == "COREF"}) + len(alone)
        mentions = Counter(r[6] for r in rows if r[0] == "MENTION")
        assert Counter(m.text for a in document.actors for m in a.mentions) == mentions


OWN = Document(
    "Ada left.\nShe went on.",
    Meta("d 1"),
    actors=(
        Actor("a1", "PER", "Ada", mentions=(Mention("Ada", 0), Mention("She", 10))),
        Actor("a2", mentions=(Mention("She went", 10),)),
    ),
)


def test_our_chains_are_numbered() -> None:
    data, lost = encode(OWN)
    assert lost == {"actor id": 2, "actor type": 1, "actor name": 1}
    assert data.decode().split("\n")[:8] == [
        "#begin document (d_1); part 000",
        "d_1 0 0 Ada - - - - - - * (0)",
        "d_1 0 1 left - - - - - - * -",
        "d_1 0 2 . - - - - - - * -",
        "",
        "d_1 0 0 She - - - - - - * (1|(0)",
        "d_1 0 1 went - - - - - - * 1)",
        "d_1 0 2 on - - - - - - * -",
    ]
    (again,) = decode(data)
    assert [[m.text for m in a.mentions] for a in again.actors] == [["Ada", "She"], ["She went"]]


def test_an_edit_changes_its_cell_alone() -> None:
    data, _ = encode(OWN)
    (once,) = decode(data)
    fewer = replace(once, actors=once.actors[:1])
    again, lost = encode(fewer)
    changed = [(a, b) for a, b in zip(data.split(b"\n"), again.split(b"\n"), strict=True) if a != b]
    assert changed == [
        (b"d_1 0 0 She - - - - - - * (1|(0)", b"d_1 0 0 She - - - - - - * (0)"),
        (b"d_1 0 1 went - - - - - - * 1)", b"d_1 0 1 went - - - - - - * -"),
    ]
    assert lost == {}


@given(documents())
@settings(max_examples=60, deadline=None)
def test_what_is_written_reads_the_same_ever_after(document: Document) -> None:
    data, _ = encode(document)
    (once,) = decode(data)
    again, lost = encode(once)
    assert again == data
    assert lost == {}


BEGIN = "#begin document (a); part 0\n"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("d 0 0 Ada (0)\n", "x.conll:1: document: stands outside a document"),
        (
            BEGIN + "d 0 0 Ada (0\n#end document\n",
            "x.conll:2: coreference: opens '0', which",
        ),
        (
            BEGIN + "d 0 0 Ada 0)\n#end document\n",
            "x.conll:2: coreference: closes '0', which",
        ),
        (BEGIN + "d 0 0 Ada (0))\n#end document\n", "coreference: cannot be read"),
        (BEGIN + "d\n#end document\n", "x.conll:2: columns: has 1 columns"),
        (BEGIN + "d 0 0 Ada (0)\n", "document: 'a' is not ended"),
        (
            BEGIN + BEGIN,
            "x.conll:2: document: begins before 'a'",
        ),
        ("#end document\n", "x.conll:1: document: ends a document that has not begun"),
    ],
)
def test_wrong_files_are_refused(data: str, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        decode(data.encode())


def test_parts_are_documents() -> None:
    block = "#begin document (a); part {}\nd 0 0 Ada (0)\n\n#end document\n"
    assert [d.meta.doc_id for d in decode((block.format("000") + block.format("001")).encode())] == [
        "a",
        "a#001",
    ]
