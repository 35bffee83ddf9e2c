"""Files that somebody spoilt: one sentence of bounded length and time, and what can be kept is kept."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from contextlib import suppress

import pytest

from goldwire.annotate.document import Document, Meta
from goldwire.annotate.formats import find
from goldwire.annotate.problems import MOST, Problem, ProblemError

LONG = 200_000
HEAD = "#FORMAT=WebAnno TSV 3.3\n#T_SP=x.Span|value\n\n\n#Text=Ada\n"


def decode(name: str, files: dict[str, bytes], notes: list[Problem] | None = None) -> list[object]:
    opened = {path: io.BytesIO(data) for path, data in files.items()}
    return list(find(name).codec().decode(opened, notes=notes))


@pytest.mark.parametrize(
    ("name", "files", "message"),
    [
        ("webanno", {"a.tsv": HEAD.encode() + b"1-1\t0-3\n"}, "a.tsv:6: syntax: a row should begin"),
        ("webanno", {"a.tsv": HEAD.encode() + b"1-1.1\t0-3\tAda\t_\t\n"}, "a.tsv:6: syntax: 1-1.1 is a part"),
        (
            "lines",
            {"a.jsonl": b'{"doc": "a", "text": "\\ud800"}'},
            "a.jsonl:1: not-json: a string holds half",
        ),
        ("lines", {"a.jsonl": b'{"doc": "a", "text": "", "x": NaN}'}, "a.jsonl:1: not-json: NaN is no JSON"),
        ("lines", {"a.jsonl": b'{"doc": "a", "text": "", "x": 1e999}'}, "a.jsonl:1: not-json: the number"),
        ("record", {"a.jsonl": b'{"text": "", "x": -1e999}'}, "a.jsonl:1: not-json: the number -1e999"),
        (
            "csv",
            {"a.csv": b"text,label,start,end,head\na b a,X,0,5,a\n"},
            "a.csv:2: head: head: 'a' stands more than once",
        ),
    ],
)
def test_a_sentence_says_what_is_wrong(name: str, files: dict[str, bytes], message: str) -> None:
    with pytest.raises(ProblemError) as error:
        decode(name, files)
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)


def test_a_sentence_quotes_no_megabyte_and_no_escape_sequence() -> None:
    with pytest.raises(ProblemError) as error:
        decode("conll", {"a.bio": b"Ada\t" + b"B" * LONG + b"\n"})
    assert len(str(error.value)) < MOST + 100
    assert str(Problem("a", 1, "x", "red \x1b[31m\nline")) == "a:1: x: red \\x1b[31m\\nline"


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("brat", {"a.txt": b"Ada", "a.ann": b"T1\tX 0 3\tAda\nT2\tX" + b" 1 2;1" * LONG + b" x\tAda\n"}),
        ("brat", {"a.txt": b"Ada", "a.ann": b"T1\tX 0 3\tAda\nA1\tB T1 x" + b" " * LONG + b"y\n"}),
        ("conll2012", {"a.conll": b"# begin document x" + b" " * LONG + b"y\nA\t1\n"}),
        ("conll2012", {"a.conll": b"#begin document x\nA\t" + b"a" * LONG + b"\n#end document\n"}),
        ("apf", {"a.apf.xml": b"<source_file/>", "a.sgm": b"<" * LONG}),
        ("string-json", {"a.txt": b"Ada left.", "a.json": b'{"a": 1' + b'\\"' * LONG}),
        ("string-json", {"a.txt": b"Ada left.", "a.md": b"<think>" * LONG + b" " * LONG + b"{}"}),
        ("string-json", {"a.txt": b"Ada.", "a.json": b'{"terms": [{"text": "' + b"= " * LONG + b'"}]}'}),
    ],
)
def test_a_long_line_takes_no_longer_than_its_length(name: str, files: dict[str, bytes]) -> None:
    """Each of these took hours: an expression tried every way to divide what it had read."""
    with suppress(ProblemError):
        decode(name, files)


def test_a_line_of_brat_whose_id_stands_twice_is_kept_and_told() -> None:
    text = {"a.txt": b"Ada left Rome"}
    lines = b"T1\tP 0 3\tAda\nT2\tGo 4 8\tleft\nE1\tGo:T2 Who:T1\nE1\tGo:T2\n"
    lines += b"R1\tX Arg1:T1 Arg2:T2\nR1\tY Arg1:T1 Arg2:T2\n"
    notes: list[Problem] = []
    (document,) = decode("brat", {**text, "a.ann": lines}, notes)
    assert [n.message for n in notes] == [
        "kept as it is: E1 stands more than once",
        "kept as it is: R1 stands more than once",
    ]
    written = dict(find("brat").codec().encode([document], lost=Counter()))  # type: ignore[list-item]
    assert written["a.ann"] == lines


def test_tokens_of_prodigy_without_an_end_go_back() -> None:
    task = (
        b'{"text": "Ada", "tokens": [{"text": "Ada", "start": 0, "id": 0}], "spans": [], "_task_hash": 1}\n'
    )
    (document,) = decode("prodigy", {"a.jsonl": task})
    written = find("prodigy").codec().encode([document], lost=Counter())  # type: ignore[list-item]
    assert b"".join(data for _, data in written) == task


def test_what_goldwire_stored_in_a_cas_may_be_spoilt() -> None:
    pytest.importorskip("cassis", reason="the extra uima is not installed")
    ada = Document("Ada left.", Meta("d", title="t"))
    ((_, data),) = find("uima-json").codec().encode([ada], lost=Counter())
    raw = json.loads(data)
    (own,) = (fs for fs in raw["%FEATURE_STRUCTURES"] if "data" in fs)
    own["data"] = "{,"
    with pytest.raises(ProblemError, match="structure: what goldwire stored in a feature is no JSON object"):
        decode("uima-json", {"a.json": json.dumps(raw).encode()})


def test_a_table_of_webanno_in_an_archive_is_read() -> None:
    pytest.importorskip("cassis", reason="the extra uima is not installed")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("annotation/d/ann1.tsv", HEAD + "1-1\t0-3\tAda\tPER\t\n")
        archive.writestr("log/notes.tsv", "a\tb\n")
    (document,) = decode("inception", {"p.zip": packed.getvalue()})
    assert isinstance(document, Document)
    assert [(s.mention.text, s.label) for s in document.spans] == [("Ada", "PER")]
    assert document.meta.doc_id == "annotation/d/ann1"
