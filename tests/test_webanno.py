"""WebAnno TSV: INCEpTION's own cases and GUM come back byte for byte; wrong rows are named."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import assume, given, settings

from goldwire.annotate.document import Document, Mention, Meta, Span
from goldwire.annotate.formats import recognise, webanno
from goldwire.annotate.problems import ProblemError

from . import samples
from .strategies import documents

# An old WebAnno stacked two links of equal bounds in another order than INCEpTION does.
OLD = {"coref.tsv"}
REAL = [
    p
    for g in ("webanno-tsv/*/*.tsv", "webanno-tsv/*/*/*.tsv", "adjudication/**/*.tsv")
    for p in samples.found(g)
]
HEAD = "#FORMAT=WebAnno TSV 3.3\n#T_SP=x.Span|value\n#T_RL=x.Rel|value|BT_x.Span\n\n\n"


def read(text: str) -> Document:
    (document,) = webanno.decode({"d/a.tsv": io.BytesIO(text.encode())})
    return document


def written(document: Document, lost: Counter[str] | None = None, tokens: str = "") -> str:
    encoded = webanno.encode([document], lost=Counter() if lost is None else lost, tokens=tokens)
    return b"".join(data for _, data in encoded).decode()


def plain(data: bytes) -> list[str]:
    # Some samples lack the last tab or line break.
    return data.decode().rstrip("\t\n").split("\n")


@samples.needed
@pytest.mark.parametrize("path", REAL, ids=lambda p: f"{p.parent.name}-{p.name}")
def test_a_real_file_comes_back_byte_for_byte(path: Path) -> None:
    document = read(path.read_text("utf-8"))
    again = written(document)
    assert read(again) == document
    if path.name not in OLD:
        assert plain(again.encode()) == plain(path.read_bytes())


@given(documents())
@settings(max_examples=60, deadline=None)
def test_whole_documents_come_back(document: Document) -> None:
    assume(document.text.strip())
    (again,) = webanno.decode({"doc.tsv": io.BytesIO(written(document).encode())})
    assert again == document


def test_slots_chains_relations_and_stacks() -> None:
    rows = (
        "#FORMAT=WebAnno TSV 3.3\n"
        "#T_SP=x.Host|ROLE_x.Host:roles_x.Link|x.Span\n"
        "#T_SP=x.Span|value\n"
        "#T_CH=x.CorefLink|referenceType|referenceRelation\n"
        "#T_RL=x.Rel|kind|BT_x.Span\n"
        "\n\n#Text=Ada 😀 met \\\\Bob\n"
        "1-1\t0-3\tAda\t_\t_\tPER[1]|P\\|T[2]\tname[1]\tsame->1-1\t_\t_\t\n"
        "1-2\t4-6\t😀\t_\t_\t_\t_\t_\t_\t_\t\n"
        "1-3\t7-10\tmet\twho;whom\t1-1[1];1-4.1\t_\t_\t_\t_\t_\t\n"
        "1-4\t11-15\t\\Bob\t_\t_\t_\t*[1]\t*->1-2\t_\t_\t\n"
        "1-4.1\t12-15\tBob\t_\t_\tPER\t_\t_\tlikes\t1-1[2_0]\t\n"
    )
    document = read(rows)
    assert document.text == "Ada 😀 met \\Bob"
    assert [(s.label, s.mention.text) for s in document.spans] == [
        ("PER", "Ada"),
        ("P|T", "Ada"),
        ("name", "Ada"),
        ("Host", "met"),
        ("CorefLink", "\\Bob"),
        ("PER", "Bob"),
    ]
    said = {s.id: (s.label, s.mention.text) for s in document.spans}
    assert {(r.label, said[r.source], said[r.target]) for r in document.relations} == {
        ("who", ("Host", "met"), ("PER", "Ada")),
        ("whom", ("Host", "met"), ("PER", "Bob")),
        ("same", ("name", "Ada"), ("CorefLink", "\\Bob")),
        ("likes", ("P|T", "Ada"), ("PER", "Bob")),
    }
    assert written(document) == rows


def test_a_changed_label_is_written_into_its_feature() -> None:
    document = read(HEAD + "#Text=Ada left\n1-1\t0-3\tAda\tPER\t_\t_\t\n1-2\t4-8\tleft\t_\t_\t_\t\n")
    (span,) = document.spans
    changed = Document(
        document.text,
        document.meta,
        segments=document.segments,
        spans=(Span(span.id, span.mention, "ORG", extra=span.extra),),
        extra=document.extra,
    )
    assert "1-1\t0-3\tAda\tORG\t\n" in written(changed)


def test_what_stands_between_tokens_is_trimmed_and_remembered() -> None:
    document = Document("Ada  left", Meta("a"), spans=(Span("s1", Mention("Ada  ", 0), "X"),))
    text = written(document, tokens="spaces")
    assert "1-1\t0-3\tAda\tX\tspan/s1\t" in text
    assert list(webanno.decode({"a.tsv": io.BytesIO(text.encode())})) == [document]


def test_a_text_without_words_is_counted_as_lost() -> None:
    lost: Counter[str] = Counter()
    assert written(Document(" \n"), lost) == ""
    assert lost == {"document without any word": 1}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "d/a.tsv:1: format: the first line is not #FORMAT=WebAnno TSV 3.x"),
        (" # webanno.custom\n", "format: the first line is not"),
        ("#FORMAT=WebAnno TSV 2.0\n", r"the first line is not .* \(TSV 1 and 2 are not read\)"),
        (HEAD, "d/a.tsv:1: no-text: holds no sentence"),
        (HEAD + "1-1\t0-3\tAda\t_\t_\t_\t\n", "d/a.tsv:6: syntax: rows should follow a line #Text="),
        (
            HEAD + "#Text=Ada\n1-1\t0-3\tEve\t_\t_\t_\t\n",
            "d/a.tsv:7: span-text: token 1-1 0–3 should say «Eve»",
        ),
        (HEAD + "#Text=Ada\n1-1\t0-9\tAda\t_\t_\t_\t\n", "d/a.tsv:7: span-range: token 1-1 0–9 lies outside"),
        (
            HEAD + "#Text=Ada\n1-1\t0-3\tAda\t_\n",
            "d/a.tsv:7: columns: has 1 columns .* the header declares 3",
        ),
        (HEAD + "#Text=Ada\n1-1\t0-3\tAda\t_\t*\t1-2[5_0]\t\n", r"dangling-id: nothing has the number \[5\]"),
        (HEAD + "#Text=Ada\n1-1\t0-3\tAda\t_\t*\t1-2\t\n", "dangling-id: no x.Span begins at 1-2"),
        (
            HEAD + "#Text=Ada\n1-1\t900000000-900000003\tAda\t_\t_\t_\t\n",
            "the sentence begins at 900000000, where 0",
        ),
        (HEAD + "#Text=Ada\n1-1\t0-3\tAda\ta|b\t*\t_\t\n", "the relation comes from '_', which is no unit"),
        (
            HEAD + f"#Text=Ada\n1-1\t0-{'9' * 5000}\tAda\t_\t_\t_\t\n",
            "a row should begin with sentence-token",
        ),
    ],
)
def test_what_is_wrong_is_named(text: str, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        read(text)


def test_stacked_values_that_bear_different_numbers_are_different_annotations() -> None:
    head = "#FORMAT=WebAnno TSV 3.2\n#T_SP=x.Span|kind|topic\n#T_RL=x.Rel|type|BT_x.Span\n\n\n"
    rows = "1-1\t0-3\tAda\t*[1]\tnew[1]\t_\t_\t\n1-2\t4-8\tleft\tevent[2]\tnew[1]\tREL\t1-1[1_2]\t\n"
    document = read(head + "#Text=Ada left\n" + rows)
    said = [(s.id, s.mention.text, s.label) for s in document.spans]
    assert said == [("s1", "Ada left", "new"), ("s2", "left", "event")]
    assert [(r.source, r.target, r.label) for r in document.relations] == [("s1", "s2", "REL")]
    assert read(written(document)) == document


def test_older_tables_are_known_for_what_they_are() -> None:
    for first in (b" # x.Span | value\n#id=1\n#text=Ada\n", b"#id=1\n#text=Ada .\n1\tAda\n"):
        assert recognise("a.tsv", first).name == "webanno"
        with pytest.raises(ProblemError, match="TSV 1 and 2 are not read"):
            read(first.decode())


def test_rows_end_in_a_tab_where_those_of_the_file_do() -> None:
    head = "#FORMAT=WebAnno TSV 3.3\n#T_SP=x.Span|value\n\n\n#Text=Ada left\n"
    for last in ("", "\t"):
        text = f"{head}1-1\t0-3\tAda\tPER{last}\n1-2\t4-8\tleft\t_{last}\n"
        assert written(read(text)) == text
