"""``goldwire convert``: the gold through every format and back, loss counted, hostile input refused whole."""

from __future__ import annotations

import io
import subprocess
import sys
import tracemalloc
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from goldwire.annotate import conversion, files
from goldwire.annotate.document import Document, Fragment, Mention, Meta, Span
from goldwire.annotate.formats import FORMATS, ROWS, lines, overview
from goldwire.annotate.formats.loss import keep
from goldwire.annotate.problems import Problem, ProblemError

EVERYTHING = [row.name for row in ROWS if row.writes and row.carries == FORMATS["lines"].carries]
SPLIT = Span("s1", Mention("lay", 0, more=(Fragment("down", 8),)), "X")


def goldwire(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-W", "ignore", "-m", "goldwire", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=120)


def convert(source: Path, target: Path, **options: object) -> tuple[int, Counter[str], list[Problem]]:
    lost: Counter[str] = Counter()
    notes: list[Problem] = []
    done = conversion.convert(str(source), str(target), lost=lost, notes=notes, **options)  # type: ignore[arg-type]
    return done, lost, notes


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", EVERYTHING)
def test_the_gold_comes_back_from_every_format_that_carries_everything(name: str, tmp_path: Path) -> None:
    if FORMATS[name].extra:
        pytest.importorskip({"uima": "cassis", "spacy": "spacy"}.get(FORMATS[name].extra, "regex"))
    gold = files.packaged("corpus") / "gold"
    there, back = tmp_path / f"there{FORMATS[name].suffixes[0]}", tmp_path / "back"
    done, lost, _ = convert(gold, there, write=name, labels=files.ontology())
    assert done == 3
    assert not lost
    convert(there, back, read=name, write="lines")
    before = {p.name: p.read_bytes() for p in gold.glob("*.jsonl")}
    assert {p.name: p.read_bytes() for p in back.glob("*.jsonl")} == before


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", [r.name for r in ROWS if r.writes and r.name not in EVERYTHING])
def test_what_the_gold_loses_is_counted(name: str, tmp_path: Path) -> None:
    if FORMATS[name].extra:
        pytest.importorskip({"uima": "cassis", "spacy": "spacy"}.get(FORMATS[name].extra, "regex"))
    gold = files.packaged("corpus") / "gold"
    done, lost, _ = convert(gold, tmp_path / "there", write=name)
    assert done == 3
    assert lost


def test_the_command_says_what_the_target_cannot_hold(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_bytes(lines.write(Document("lay him down", Meta("a"), spans=(SPLIT,))))
    done = goldwire("convert", str(source), str(tmp_path / "a.txt"))
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.decode().splitlines() == ["not held by the target: 1 span", "1 document"]
    strict = goldwire("convert", str(source), str(tmp_path / "b.txt"), "--strict")
    assert strict.returncode == 1
    assert strict.stderr.decode() == f"{tmp_path}/b.txt: loss: text cannot hold 1 span\n"
    assert not (tmp_path / "b.txt").exists()


def test_options_reach_the_format_that_declares_them(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_bytes(lines.write(Document("😀 Ada", Meta("a"), spans=(Span("1", Mention("Ada", 2), "P"),))))
    target = tmp_path / "out.jsonl"
    done = goldwire("convert", str(source), str(target), "--to", "doccano", "-o", "unit=code points")
    assert done.returncode == 0
    assert '"start_offset": 2' in target.read_text("utf-8")
    wrong = goldwire(
        "convert", str(source), str(target), "--to", "doccano", "-o", "units=x", "--from", "lines"
    )
    assert wrong.returncode == 1
    assert wrong.stderr.decode().startswith("units: unknown-option: ")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.tsv", b"#FORMAT=WebAnno TSV 3.3\n\n\n#Text=a\n1-1\t0-99999999\ta\t\n", "span-range"),
        (
            "a.tsv",
            b"#FORMAT=WebAnno TSV 3.3\n\n\n#Text=a\n" + b"1-1\t0-1\ta" + b"\t" * 10_000_000,
            "1 document",
        ),
        ("a.xmi", b'<!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>', "declares the entity"),
        ("a.zip", b"PK\x03\x04" + b"\0" * 99, "is no zip archive"),
        ("a.json", b'{"annotations": [' + b"[" * 100_000, "not-json: is nested too deeply"),
        ("a.json", b'{"data": {"text": "\xff"}}', "encoding: is not UTF-8"),
        ("a.jsonl", b"""{"text": "\\ud83d", "label": [[0, 1, "X"]]}""", "half of a surrogate pair"),
        ("a.ann", b"T1\tX 0 1\ta\n", "missing-text: needs"),
        ("a.xyz", b"", "unknown-format: neither its name nor its first bytes"),
    ],
)
def test_hostile_files_are_one_sentence_and_leave_nothing(
    name: str, data: bytes, said: str, tmp_path: Path
) -> None:
    source, target = tmp_path / name, tmp_path / "out" / "a.jsonl"
    source.write_bytes(data)
    done = goldwire("convert", str(source), str(target), "--to", "lines")
    message = done.stderr.decode()
    assert said in message
    assert "Traceback" not in message
    if done.returncode:
        assert (done.returncode, message.count("\n")) == (1, 1)
        assert not target.exists()
        assert not [p for p in tmp_path.rglob("*") if p.is_file() and p != source]


def test_names_of_documents_lead_nowhere_else(tmp_path: Path) -> None:
    made = [
        Document("a", Meta("../../evil")),
        Document("b", Meta("/etc/evil")),
        Document("c", Meta("..\\evil")),
    ]
    files.write(tmp_path / "in.jsonl", made, "record")
    for name in ("brat", "webanno", "gate", "lines"):
        target = tmp_path / "deep" / "er" / name
        with suppress(ProblemError):
            convert(tmp_path / "in.jsonl", target, write=name)
        assert {p.parent for p in tmp_path.rglob("*evil*")} <= {target}
        for p in tmp_path.rglob("*evil*"):
            p.unlink()


def test_memory_follows_the_largest_document_and_not_their_number(tmp_path: Path) -> None:
    def peak(number: int) -> int:
        source = tmp_path / f"{number}.jsonl"
        line = '{"text": "Ada left.", "label": [[0, 3, "PER"]]}\n'
        source.write_text(line * number, "utf-8")
        tracemalloc.start()
        done, _, _ = convert(source, tmp_path / "out.json", read="doccano", write="label-studio")
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert done == number
        return size

    few, many = peak(50), peak(1500)
    assert many < few + (1 << 20)


def test_the_table_is_generated_from_code() -> None:
    done = goldwire("formats", "--json")
    assert done.returncode == 0
    for row in ROWS:
        assert f'"name": "{row.name}"' in done.stdout.decode()
    one = goldwire("formats", "doccano").stdout.decode()
    assert "offsets: utf-16, end exclusive" in one
    assert "options to write: project_type, unit" in one
    assert goldwire("formats", "nothing").returncode == 1
    assert {row["name"] for row in overview.rows()} == FORMATS.keys()


def test_keep_counts_what_it_takes_away() -> None:
    lost: Counter[str] = Counter()
    document = Document("lay him down", Meta("a", title="t"), spans=(SPLIT,), extra={"odd": 1})
    kept = keep(document, frozenset({"spans"}), lost)
    assert kept == Document("lay him down", Meta("a"), spans=(Span("s1", Mention("lay", 0), "X"),))
    assert lost == {"discontinuous mention": 1, "meta title": 1, "unknown key": 1}


def test_standard_input_and_output() -> None:
    record = b'{"text": "Ada left.", "spans": [{"start": 0, "end": 3, "label": "PER"}]}\n'
    done = goldwire("convert", "-", "-", "--from", "record", "--to", "doccano", stdin=record)
    assert done.returncode == 0
    assert b'"start_offset": 0' in done.stdout
    assert io.BytesIO(done.stdout).readline().startswith(b'{"id"')
