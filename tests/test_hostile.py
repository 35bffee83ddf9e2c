"""Broken files through the commands: one sentence a problem, no traceback, nothing written."""

import io
import json
import subprocess
import sys

import pytest

from goldwire.__main__ import main
from goldwire.annotate.document import (
    Actor,
    Ambiguity,
    Argument,
    Document,
    Event,
    Mention,
    Meta,
    Provenance,
    Quotation,
    Relation,
    Segment,
    Term,
)
from goldwire.annotate.files import gold, ontology
from goldwire.annotate.formats import lines, record
from goldwire.evaluate import intake

DOC = '{"doc": "d", "text": "Ada left Rome.", "lang": "de"}\n'
TERM = '{"term": "w1", "mention": {"text": "Ada", "start": 0}}\n'
READ = {"text": "Ada left Rome.", "meta": {"doc_id": "d"}, "spans": [{"id": "s1", "start": 0, "end": 3}]}


def goldwire(monkeypatch, *arguments):
    """The exit status of a command, what it printed and what it complained of."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with monkeypatch.context() as patch:
        patch.setattr(sys, "argv", ["goldwire", *map(str, arguments)])
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
    return code or 0, *(stream.buffer.getvalue().decode() for stream in (out, err))


def row(**changes):
    return json.dumps({**READ, **changes}) + "\n"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (DOC.encode("utf-16"), "1: encoding: the file is UTF-16; save it as UTF-8"),
        (DOC.encode("utf-16-le"), "1: encoding: the file is UTF-16; save it as UTF-8"),
        (DOC.encode("utf-32"), "1: encoding: the file is UTF-32; save it as UTF-8"),
        (b"\0" * 9, "1: encoding: the file is no text; save it as UTF-8"),
        (DOC.replace("Ada", "A\0da").encode() + TERM.encode(), "1: not-json: Invalid control character"),
        (DOC.encode() + b'{"term": ' + b"9" * 5000 + b"}", "2: not-json: Exceeds the limit"),
        (DOC.replace('"lang"', '"extra"').encode(), "1: structure: extra: should be an object"),
        (DOC.replace('"lang"', '"doc_id"').encode(), "1: structure: doc_id: is what doc says"),
        ((DOC + TERM.replace('"term": "w1"', '"term": "w1", "id": "w"')).encode(), "2: structure: id: is"),
        ((DOC + TERM.replace('"w1"', "1")).encode(), "2: structure: term: should be a string, the id"),
        ((DOC + TERM.replace("w1", "AUTHOR")).encode(), "2: repeated-id: the id «AUTHOR»"),
        ((DOC + TERM + DOC + TERM).encode(), "3: second-document: a second document begins here"),
        (row(meta="x").encode(), '1: structure: meta: should be an object, is "x"'),
        (row(meta={"layers": "x"}).encode(), "1: structure: meta.layers: should be a list"),
        (row(tokens="x").encode(), "1: structure: tokens: should be a list"),
        (row(tokens=[{"start": 0, "end": 99}]).encode(), "1: structure: tokens[0]: [0, 99) is not"),
        (row(events=[{"trigger": "s9"}]).encode(), "1: structure: events[0].trigger: there is no span «s9»"),
        (row(actors=[{"mentions": [{}]}]).encode(), "1: structure: actors[0].mentions[0]: there is"),
        (row(spans=[{"start": 0, "end": 3, "label": 3}]).encode(), "1: structure: spans[0].label: is of"),
        (row(spans=[{"id": "s1", "start": 0, "end": 3, "cont": "s9"}]).encode(), "1: structure: spans"),
    ],
)  # fmt: skip
def test_each_defect_is_one_sentence(tmp_path, monkeypatch, data, said):
    file = tmp_path / "d.jsonl"
    file.write_bytes(data)
    code, out, err = goldwire(monkeypatch, "check", file)
    assert (code, err) == (1, "")
    assert [line for line in out.splitlines() if "warning" not in line and "segment-gap" not in line] == [
        next(line for line in out.splitlines() if line.startswith(f"{file}:{said}"))
    ]
    for verb in (["stats", file], ["convert", file, tmp_path / "o.jsonl", "--to", "record"], ["fmt", file]):
        code, out, err = goldwire(monkeypatch, *verb)
        assert "Traceback" not in out + err
    assert file.read_bytes() == data or code == 0


def test_a_problem_is_one_line_whatever_file_and_keys_are_called(tmp_path, monkeypatch):
    file = tmp_path / "two\nlines.jsonl"
    file.write_text(DOC + '{"term": "w1", "mention": {"text": "Ada", "start": 0}, "\\ud800": 1}\n')
    code, out, _ = goldwire(monkeypatch, "check", file)
    assert code == 1
    assert [line.partition(": ")[2][:44] for line in out.splitlines()] == [
        "lone-surrogate: a key holds half a surrogate",
        "unknown-key: warning: \\ud800: is no key that",
    ]
    assert all("two\\nlines.jsonl:2" in line for line in out.splitlines())
    code, out, _ = goldwire(monkeypatch, "check", "--json", file)
    assert {json.loads(line)["path"] for line in out.splitlines()} == {str(file)}


def test_half_a_surrogate_pair_is_refused_before_it_can_be_written(tmp_path, monkeypatch):
    file = tmp_path / "d.jsonl"
    file.write_text(DOC + '{"term": "w1", "mention": {"text": "Ada", "start": 0}, "note": "\\ud800"}\n')
    (tmp_path / "new.txt").write_text("Ada went.")
    for verb in (["retext", file, tmp_path / "new.txt"], ["show", file], ["diff", file, file]):
        code, _, err = goldwire(monkeypatch, *verb)
        assert code == 1
        assert err == f"{file}:2: not-json: a string holds half of a surrogate pair, which is no character\n"


def test_an_absurd_end_costs_no_memory(tmp_path, monkeypatch):
    item = Document("Ada left.", segments=(Segment("g1", 0, 10**12),))
    (tmp_path / "a.jsonl").write_bytes(lines.write(item))
    (tmp_path / "b.jsonl").write_bytes(lines.write(Document("Ada left.", segments=(Segment("g9", 0, 9),))))
    code, _, err = goldwire(monkeypatch, "diff", tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    assert (code, err) == (1, "")


def test_fmt_keeps_what_stands_in_tokens(tmp_path, monkeypatch):
    tokens = [{"text": "Ada", "start": 0, "end": 3, "id": 0, "ws": True, "disabled": True}]
    file = tmp_path / "d.jsonl"
    file.write_text(row(tokens=tokens, answer="reject"))
    assert goldwire(monkeypatch, "fmt", file) == (0, "", "")
    assert json.loads(file.read_text())["tokens"] == tokens
    _, out, _ = goldwire(monkeypatch, "check", file)
    assert "answer" not in out


def test_a_byte_order_mark_before_a_prediction_is_passed_over(tmp_path, monkeypatch):
    file = tmp_path / "p.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + b"".join(data for _, data in record.encode(gold()[:1])))
    assert goldwire(monkeypatch, "stats", file)[0] == 0
    term = Document("Ada left.", terms=(Term("w1", Mention("Ada", 0)),))
    file.write_bytes(b"\xef\xbb\xbf" + lines.write(term))
    assert goldwire(monkeypatch, "stats", file)[0] == 0


def test_a_repair_ends_whatever_refers_to_nothing(tmp_path, monkeypatch):
    """Events, ambiguities, provenance and relations that name what is not there."""
    item = Document(
        "Ada left. Bo went.",
        events=(Event("e1", Mention("left", 4), coref="e9"), Event("e2", Mention("went", 13), coref="e9")),
        relations=(Relation("r1", "e1", "e8"),),
        ambiguities=(Ambiguity("x1", "e7", "exists"),),
        provenance=(Provenance("v1", "e6"),),
    )
    kept, dropped = intake.accepted([item], ontology(), repair="drop")
    assert dropped == {"dangling-id": 5}
    assert [e.coref for e in kept[0].events] == ["e1", "e1"]
    assert (kept[0].relations, kept[0].ambiguities, kept[0].provenance) == ((), (), ())


def test_a_note_on_evidence_is_kept_in_both_forms():
    """Evidence that is a mention of its actor loses its head, which the actor has, and nothing else."""
    evidence = Mention("Ada", 0, confidence="0.5", extra={"note": "sure"})
    left = Event("e1", Mention("left", 4), coref="e1", args=(Argument("agent", "a1", evidence),))
    item = Document("Ada left.", actors=(Actor("a1", mentions=(Mention("Ada", 0),)),), events=(left,))
    for form in (lines, record):
        (data,) = (data for _, data in form.encode([item]))
        (again,) = form.decode({"x": io.BytesIO(data)})
        assert again.events[0].args[0].evidence == evidence
        assert again.spans == ()


@pytest.mark.parametrize(
    "arguments",
    [
        ["score", "PRED", "--seed", "-1"],
        ["score", "PRED", "--json", "--csv"],
        ["agree", "PRED", "PRED2", "--resamples", "0"],
        ["power", "--level", "2"],
        ["confidence", "PRED", "--bins", "0"],
    ],
)
def test_an_option_that_cannot_be_is_a_usage_error(monkeypatch, arguments):
    code, _, err = goldwire(monkeypatch, *arguments)
    assert code == 2
    assert "Invalid value" in err


def test_annotators_whose_offsets_are_broken_are_refused_before_they_are_compared(tmp_path, monkeypatch):
    for name, start in (("one", 0), ("two", 99)):
        item = Document("Ada left.", Meta("d"), terms=(Term("w1", Mention("Ada", start)),))
        (tmp_path / f"{name}.jsonl").write_bytes(lines.write(item))
    for verb in ("agree", "compare"):
        code, _, err = goldwire(monkeypatch, verb, tmp_path / "one.jsonl", tmp_path / "two.jsonl")
        assert code == 1
        assert err.startswith(f"{tmp_path}/two.jsonl:2: offset-range: «Ada» at 99 ends at 102")


def test_a_quotation_without_content_is_compared_and_queried(tmp_path, monkeypatch):
    item = Document("Ada left.", Meta("d", layers=("quotations",)), quotations=(Quotation("q1"),))
    for name in "ab":
        (tmp_path / f"{name}.jsonl").write_bytes(lines.write(item))
    assert goldwire(monkeypatch, "agree", tmp_path / "a.jsonl", tmp_path / "b.jsonl")[0] == 0
    code, out, _ = goldwire(monkeypatch, "query", tmp_path / "a.jsonl")
    assert code == 1
    assert "quotation-without-speaker" in out


def test_conversion_says_which_option_and_which_format_are_wrong(tmp_path, monkeypatch):
    file = tmp_path / "d.jsonl"
    file.write_text(DOC)
    for arguments, said in (
        (["o.jsonl", "--to", "litbank"], "o.jsonl: read-only: litbank is read, not written"),
        (["o.xyz"], "o.xyz: unknown-format: the name does not tell the format to write; name it with --to"),
        (["o.jsonl", "--to", "record", "-o", "bogus=1"], "bogus: unknown-option: record takes "),
    ):
        code, out, err = goldwire(monkeypatch, "convert", file, *arguments)
        assert (code, out) == (1, "")
        assert err.startswith(said)
    assert list(tmp_path.iterdir()) == [file]


def test_documents_without_ids_or_with_the_same_are_not_taken_for_one(tmp_path, monkeypatch):
    one, two, three = (tmp_path / f"{name}.jsonl" for name in ("one", "two", "three"))
    one.write_text('{"text": "Ada left."}\n{"text": "Bo went."}\n')
    two.write_text('{"text": "Ada came."}\n{"text": "Bo went."}\n')
    three.write_text(row() + row())
    assert goldwire(monkeypatch, "diff", one, two)[0] == 1
    assert list(json.loads(goldwire(monkeypatch, "stats", "--json", one)[1])) == ["1", "2"]
    code, _, err = goldwire(monkeypatch, "diff", three, three)
    assert (code, err) == (1, f"{three}: repeated-id: two documents have the id 'd'\n")


def test_nothing_is_told_from_something(tmp_path, monkeypatch):
    """An empty file is not a document, a text, or a prediction."""
    file = tmp_path / "e.jsonl"
    file.write_text("")
    for verb in (["merge", file, file, file], ["new", file], ["score", file], ["stats", file]):
        code, out, err = goldwire(monkeypatch, *verb)
        assert (code, out) == (1, "")
        assert err.startswith(str(file))
        assert err.count("\n") == 1


@pytest.mark.parametrize("form", [lines, record])
def test_standard_input_holds_either_form(tmp_path, form):
    (data,) = (
        data for _, data in form.encode([Document("Ada left.", terms=(Term("w1", Mention("Ada", 0)),))])
    )
    shown = subprocess.run(
        [sys.executable, "-m", "goldwire", "show", "-"], input=data, capture_output=True, check=True
    )
    assert b"Ada" in shown.stdout
    assert b"w1" in shown.stdout


def test_scores_confidences_and_errors_refuse_a_broken_prediction(tmp_path, monkeypatch):
    item = Document("Ada left.", Meta("d"), actors=(Actor("a1", "PER", mentions=(Mention("Ada", 0),)),))
    gold_file, broken = tmp_path / "gold.jsonl", tmp_path / "broken.jsonl"
    gold_file.write_bytes(lines.write(item))
    broken.write_bytes(gold_file.read_bytes().replace(b'"start": 0', b'"start": 90'))
    for verb in (["score"], ["confidence"], ["errors"]):
        code, out, err = goldwire(monkeypatch, *verb, broken, "--gold", gold_file)
        assert (code, out) == (1, "")
        assert err.startswith(f"{broken}:2: offset-range: «Ada» at 90 ends at 93")
