"""CoNLL: the chunks that seqscore finds, its repairs, and files written so that it reads the same."""

from __future__ import annotations

import io
import os
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.annotate.document import Document, Mention, Span
from goldwire.annotate.formats import conll, sequence
from goldwire.annotate.problems import Problem, ProblemError

from .strategies import documents

SHARED = Path(os.environ.get("GOLDWIRE_SHARED", ""))
needs_shared = pytest.mark.skipif(
    "GOLDWIRE_SHARED" not in os.environ, reason="GOLDWIRE_SHARED names no folder"
)
ANNOTATED = "references/seqscore/files/conll_annotation"


def decode(data: bytes, **options: Any) -> list[Document]:
    return list(conll.decode({"x.conll": io.BytesIO(data)}, **options))


def encode(documents: list[Document], **options: Any) -> tuple[bytes, Counter[str]]:
    lost: Counter[str] = Counter()
    return b"".join(b for _, b in conll.encode(documents, lost=lost, **options)), lost


def found(document: Document) -> list[tuple[str, str]]:
    return [(s.mention.text, s.label) for s in document.spans]


EXPECTED = [
    ("University of Pennsylvania", "ORG"),
    ("West Philadelphia", "LOC"),
    ("Pennsylvania", "LOC"),
]


@needs_shared
@pytest.mark.parametrize("name", ["minimal.bio", "minimal.bioes", "minimal.io"])
def test_one_text_in_every_scheme(name: str) -> None:
    data = (SHARED / ANNOTATED / name).read_bytes()
    (document,) = decode(data)
    assert found(document) == EXPECTED
    assert encode([document])[0] == data


@needs_shared
def test_a_space_may_stand_for_a_tab() -> None:
    data = (SHARED / ANNOTATED / "minimal2.bio").read_bytes()
    (document,) = decode(data)
    waltham = ("Waltham", "LOC")
    expected = [("Brandeis University", "ORG"), waltham, ("Massachusetts", "LOC"), waltham]
    assert found(document) == expected
    assert encode([document])[0] == data.replace(b"Waltham B", b"Waltham\tB")


@needs_shared
@pytest.mark.parametrize("name", ["minimal_fields.bio", "minimal_fields.iob"])
def test_further_columns_and_document_starts_are_kept(name: str) -> None:
    data = (SHARED / ANNOTATED / name).read_bytes()
    empty, second = decode(data)
    assert (found(empty), found(second)) == ([], EXPECTED)
    assert encode([empty, second])[0] == data


@needs_shared
def test_bad_sequences_are_refused_repaired_or_discarded_as_seqscore_does() -> None:
    data = (SHARED / ANNOTATED / "invalid1.bio").read_bytes()
    with pytest.raises(ProblemError, match=r"x.conll:7: label-sequence: ORG 'University .* begins with I"):
        decode(data, scheme="BIO")
    (document,) = decode(data, scheme="BIO", repair="discard")
    expected = (SHARED / ANNOTATED / "invalid1_BIO_discard.txt").read_bytes()
    assert encode([document])[0] == expected
    notes: list[Problem] = []
    (document,) = decode(data, scheme="BIO", repair="conlleval", notes=notes)
    assert found(document) == EXPECTED
    assert [n.line for n in notes] == [7, 12, 15]


@needs_shared
def test_bioes_ends_that_are_missing() -> None:
    data = (SHARED / ANNOTATED / "invalid1.bioes").read_bytes()
    with pytest.raises(ProblemError) as error:
        decode(data)
    said = [(p.line, p.message.partition(" (BIOES)")[0]) for p in error.value.problems]
    assert said == [
        (7, "ORG 'University of Pennsylvania' ends with I, not E"),
        (13, "LOC 'Philadelphia' is one token, but not S"),
        (15, "LOC 'Pennsylvania' is one token, but not S"),
        (18, "ORG 'University of Maryland' ends with I, not E"),
        (22, "ORG 'Department of Commerce' begins with I, not B"),
        (26, "ORG 'University of Maryland' begins with I, not B"),
        (30, "LOC 'Massachusetts' is one token, but not S"),
    ]


@needs_shared
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("bad_label1.bio", "x.conll:2: columns: has one column"),
        ("bad_label2.bio", "x.conll:4: label: 'GPE' is no label of BIO"),
        ("bad_label3.bio", "x.conll:1: label: 'OUT' is no label of BIO: B-… I-… O"),
    ],
)
def test_bad_labels_are_refused(name: str, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        decode((SHARED / ANNOTATED / name).read_bytes())


def peer(data: str, encoding: str, repair: str | None) -> list[list[tuple[int, int, str]]]:
    """What seqscore finds, sentence by sentence."""
    from seqscore.conll import CoNLLIngester, LineSpec
    from seqscore.encoding import get_encoding

    ingester = CoNLLIngester(get_encoding(encoding), LineSpec(0, -1))
    (document,) = ingester.ingest(io.StringIO(data), "x", repair, quiet=True) or [[]]
    return [[(m.span.start, m.span.end, m.type) for m in s.mentions] for s in document]


@needs_shared
@pytest.mark.parametrize(
    "name",
    ["btc-e.conll", "wnut17-dev-head.conll", "doccano/example.conll", "doccano/labeling.trailing.conll"],
)
def test_samples_read_as_seqscore_reads_them(name: str) -> None:
    data = (SHARED / "samples/conll" / name).read_bytes()
    (document,) = decode(data, repair="conlleval")
    by_sentence: list[list[tuple[int, int, str]]] = []
    tokens = document.extra["tokens"]
    starts = {start: n for n, (start, _) in enumerate(tokens)}
    stops = {stop: n for n, (_, stop) in enumerate(tokens)}
    for g in document.segments:
        inside = [s for s in document.spans if g.start <= s.mention.start < g.end]
        base = starts[g.start]
        by_sentence.append(
            [(starts[s.mention.start] - base, stops[s.mention.end] + 1 - base, s.label) for s in inside]
        )
    assert by_sentence == peer(data.decode(), "BIO", "conlleval")
    again = encode([document])[0]
    # Only the number of blank lines may differ, and the labels that were repaired.
    ours = [line for line in again.splitlines() if line.strip()]
    theirs = [line for line in data.splitlines() if line.strip()]
    assert [a for a, b in zip(ours, theirs, strict=True) if a != b] == []
    assert peer(again.decode(), "BIO", None) == by_sentence


labels = st.lists(st.sampled_from(["O", "B-X", "I-X", "B-Y", "I-Y"]), min_size=1, max_size=8)


@given(labels, st.sampled_from(["conlleval", "discard"]))
@settings(max_examples=100, deadline=None)
def test_repairs_are_those_of_seqscore(sentence: list[str], repair: str) -> None:
    found = sequence.repaired(sequence.chunks(sentence, "BIO"), repair)
    data = "".join(f"w {x}\n" for x in sentence)
    assert [tuple(c[:3]) for c in found] == peer(data, "BIO", repair)[0]
    found = sequence.repaired(sequence.chunks(sentence, "IOB"), "conlleval")
    assert [tuple(c[:3]) for c in found] == peer(data, "IOB", "conlleval")[0]


@pytest.mark.parametrize("scheme", sorted(sequence.SCHEMES))
def test_every_scheme_writes_what_seqscore_reads(scheme: str) -> None:
    chance = random.Random(7)
    for _ in range(50):
        spans, at = [], 0
        while at < 9:
            end = at + chance.randint(1, 3)
            if chance.random() < 0.6:
                spans.append((at, end, chance.choice("XY")))
            at = end if scheme != "IO" else end + 1
        written = sequence.written(spans, 12, scheme)
        assert [tuple(c) for c in sequence.chunks(written, scheme)] == [(*s, "") for s in spans]
        assert peer("".join(f"w {x}\n" for x in written), scheme, None)[0] == spans


@given(documents(split=False))
@settings(max_examples=60, deadline=None)
def test_what_is_written_reads_the_same_ever_after(document: Document) -> None:
    data, _ = encode([document])
    (once,) = decode(data) if data.strip() else (None,)
    if once is not None:
        again, lost = encode([once])
        assert again == data
        assert not lost


def test_loss_is_counted() -> None:
    text = "The old army of Syria left.\nIt went."
    spans = (
        Span("s1", Mention("The old army of Syria", 0), "ORG"),
        Span("s2", Mention("Syria", 16), "GPE"),
        Span("s3", Mention("left.\nIt", 22), "X"),
        Span("s4", Mention("ent", 32), "odd label"),
    )
    data, lost = encode([Document(text, spans=spans)])
    assert lost == {"overlapping span": 1, "span across sentences": 1, "label with spaces": 1}
    assert data.decode().split("\n\n")[1] == "It\tO\nw\tO\nent\tB-odd_label\n.\tO"


def test_comments_and_hashes() -> None:
    data = b"# id = 1\n#tag\tO\nAda\tB-PER\n\n# id = 2\nEva\tB-PER\n\n"
    (document,) = decode(data)
    assert document.text == "#tag Ada\nEva"
    assert encode([document])[0] == data


def test_a_sentence_may_be_a_document() -> None:
    data = b"Ada B-PER\n\nEva B-PER\n\n"
    assert [d.meta.doc_id for d in decode(data, documents="sentence")] == ["x#1", "x#2"]


def test_several_documents() -> None:
    ada = Document("Ada left.", spans=(Span("s1", Mention("Ada", 0), "PER"),))
    data, _ = encode([ada, ada], scheme="BIOES")
    assert data.count(b"-DOCSTART-\tO\n\n") == 2
    assert [found(d) for d in decode(data)] == [[("Ada", "PER")]] * 2


@pytest.mark.parametrize("option", [{"scheme": "BIX"}, {"repair": "magic"}, {"label": "x"}, {"token": "9"}])
def test_wrong_options(option: dict[str, str]) -> None:
    with pytest.raises(ProblemError):
        decode(b"Ada B-PER\n", **option)


def test_comments_before_sentences_of_a_file_of_spaces() -> None:
    (document,) = decode(b"# Note\nAda B-PER\n# O\n\n# newdoc id = 3\nleft O\n")
    assert document.text == "Ada #\nleft"
    assert found(document) == [("Ada", "PER")]
    assert encode([document])[0] == b"# Note\nAda B-PER\n# O\n\n# newdoc id = 3\nleft O\n\n"


def test_a_column_that_counts_is_passed_over_and_more_labels_are_told() -> None:
    notes: list[Problem] = []
    data = b"#\thttp://a.b/c [2009]\n1\tBerliner\tB-ORG\tB-LOC\n2\tBank\tI-ORG\tO\n\n1\tHa\tO\tO\n"
    (document,) = decode(data, notes=notes)
    assert document.text == "Berliner Bank\nHa"
    assert found(document) == [("Berliner", "LOC")]
    assert [n.message for n in notes] == [
        "column 0 counts the tokens, column 1 holds them; column 2 holds labels, too: -o label=2"
    ]
    assert encode([document])[0] == data + b"\n"
    (outer,) = decode(data, label="2")
    assert found(outer) == [("Berliner Bank", "ORG")]


def test_a_sentence_a_line_as_spacy_has_it() -> None:
    (document,) = decode(b"Ada|NNP|B-PER |||SYM|O left|VBD|O\nHa|UH|O\n")
    assert document.text == "Ada || left\nHa"
    assert found(document) == [("Ada", "PER")]
    assert len(document.segments) == 2
