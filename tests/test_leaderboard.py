"""goldwire leaderboard: runs that were counted alike in one table, all others refused by name."""

import csv
import io
import json
import sys

import msgspec
import pytest

from goldwire.__main__ import main
from goldwire.annotate import files
from goldwire.annotate.document import Document, Event, Mention, Meta
from goldwire.annotate.problems import ProblemError
from goldwire.evaluate import leaderboard

TEXT = "Troops struck and fled, then struck and fled. " * 6
PLACES = [i for i in range(len(TEXT)) if TEXT.startswith(("struck", "fled"), i)]


def document(*wanted):
    """Events at some of the twenty-four places of the text."""
    words = [TEXT[i : i + (6 if TEXT[i] == "s" else 4)] for i in PLACES]
    kinds = ["STRIKE" if w == "struck" else "MOVE" for w in words]
    events = tuple(Event(f"e{k}", Mention(words[k], PLACES[k]), kinds[k]) for k in sorted(wanted))
    return Document(TEXT, Meta("d", layers=("events",)), events=events)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files.write("gold.jsonl", [document(*range(24))])
    files.write("half.jsonl", [document(*range(12))])
    files.write("most.jsonl", [document(*range(18))])
    return tmp_path


def run(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["goldwire", "leaderboard", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    printed = capsys.readouterr()
    return end.value.code or 0, printed.out, printed.err


@pytest.fixture
def board(monkeypatch, capsys, folder):
    def command(*arguments):
        return run(monkeypatch, capsys, "board", "--gold", "gold.jsonl", *arguments)

    for name in ("half", "most"):
        code, _, err = command(
            "--add", f"{name}.jsonl", "--layer", "events.trigger", "--about", f"the {name}"
        )
        assert (code, err) == (0, "")
    return command


def test_runs_are_sorted_and_counted(board):
    code, out, _ = board()
    # 18 of 24 found and none wrong: F1 2*18/(18+24); 12 of 24: 2*12/(12+24).
    lines = [line.split() for line in out.splitlines()]
    assert code == 0
    assert lines[:3] == [["F1", "events"], ["most", "85.7"], ["half", "66.7"]]
    assert lines[5][:6] == ["events.trigger", "exact", "most", "100.0", "75.0", "85.7"]
    assert lines[5][-3:] == ["18", "24", "18"]
    assert "half: the half" in out


def test_every_table(board):
    rows = list(csv.DictReader(line for line in io.StringIO(board("--csv")[1]) if line[0] != "#"))
    assert [(r["run"], r["p_hit"], r["r_all"]) for r in rows] == [
        ("most", "18.0", "24.0"),
        ("half", "12.0", "24.0"),
    ]
    found = json.loads(board("--json")[1])
    assert [r["run"] for r in found["runs"]] == ["most", "half"]
    assert found["runs"][0]["rows"][0]["f1"] == pytest.approx(6 / 7)
    assert "result" not in found["rules"]
    assert "| most | 85.7 |" in board("--markdown")[1]
    assert r"most & 85.7 \\" in board("--latex")[1]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--match", "head"], "match is head, in board exact"),
        (["--seed", "8"], "seed is 8, in board 7"),
        (
            ["--interval", "none"],
            "interval is (none), in board percentile-0.95-10000; seed is (none), in board 7",
        ),
        (["--layer", "events"], "layers is events, in board events.trigger"),
        (["--repair", "drop"], "repair is drop, in board (none)"),
    ],
)
def test_what_was_counted_otherwise_is_refused(board, folder, options, said):
    before = sorted(p.name for p in (folder / "board").rglob("*"))
    code, out, err = board("--add", "gold.jsonl", *options)
    assert (code, out) == (1, "")
    assert err == f"board/gold.json: mixed-signatures: {said}\n"
    assert sorted(p.name for p in (folder / "board").rglob("*")) == before


def test_other_gold_is_refused(board, monkeypatch, capsys):
    files.write("other.jsonl", [document(*range(23))])
    code, _, err = run(
        monkeypatch, capsys, "board", "--gold", "other.jsonl", "--add", "half.jsonl", "--name", "third"
    )
    assert code == 1
    assert "board/third.json: mixed-signatures: gold is sha256." in err


def test_a_file_that_was_put_there_is_refused_too(board, folder):
    path = folder / "board" / "half.json"
    path.write_text(path.read_text().replace("match:exact", "match:head"))
    (folder / "board" / "third.json").write_text((folder / "board" / "most.json").read_text())
    code, out, err = board()
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        "board/half.json: mixed-signatures: match is head, in board/most.json exact",
        "board/third.json: run-twice: a run named «most» stands in board/most.json too",
    ]


def test_a_name_stands_once(board):
    code, _, err = board("--add", "gold.jsonl", "--name", "half")
    assert (code, err) == (1, "board/half.json: run-twice: the run «half» is there; --replace it?\n")
    code, out, _ = board("--add", "gold.jsonl", "--name", "half", "--replace")
    assert (code, out.split()[:4]) == (0, ["F1", "events", "half", "100.0"])
    assert board("--verify")[1] == "half: equal\nmost: equal\n"


@pytest.mark.parametrize("name", ["../x", ".x", "a/b", "a\x1b[1m", "", "x" * 201])
def test_names_that_are_none(name):
    with pytest.raises(ProblemError, match="--name: run-name: a name begins with"):
        leaderboard.checked(name)


def test_verify(board, folder):
    assert board("--verify") == (0, "half: equal\nmost: equal\n", "")
    path = folder / "board" / "half.json"
    path.write_text(path.read_text().replace('"r_hit": 12', '"r_hit": 13'))
    (folder / "board" / "predictions" / "most" / "most.jsonl").write_bytes(
        (folder / "gold.jsonl").read_bytes()
    )
    code, out, _ = board("--verify")
    assert code == 1
    assert "half: events.trigger exact micro: r_hit is 12, published was 13" in out
    assert "most: the result is" in out


def test_a_report_can_be_added_but_not_verified(board, monkeypatch, capsys, folder):
    monkeypatch.setattr(
        sys,
        "argv",
        ["goldwire", "score", "gold.jsonl", "--gold", "gold.jsonl", "--layer", "events.trigger", "--json"],
    )
    with pytest.raises(SystemExit):
        main()
    (folder / "perfect.json").write_text(capsys.readouterr().out)
    assert board("--add", "perfect.json")[1].split()[:4] == ["F1", "events", "perfect", "100.0"]
    assert "perfect: its predictions are not kept" in board()[1]
    assert board("--verify")[:2] == (
        0,
        "half: equal\nmost: equal\nperfect: not verified, its predictions are not kept\n",
    )


def test_predictions_that_lie_beside_one_another_are_kept_together(folder):
    files.write("brat.ann", [document(0, 1)], "brat")
    (path,) = (p for p in folder.iterdir() if p.suffix == ".ann")
    files.copy(path, folder / "kept", "brat")
    assert len(files.read(folder / "kept", "brat")[0].events) == 2


def test_damaged_files(folder):
    (folder / "board").mkdir()
    for data, said in (
        (b"{", "no-run: Input data was truncated"),
        (b'{"run": "a", "signature": "x", "rows": []}', "no-signature"),
        (b'{"run": "a\\u202e", "signature": "goldwire:1", "rows": []}', "run-name"),
        (
            b'{"run": "a", "about": "\\u001b", "signature": "goldwire:1", "rows": []}',
            "about is one printable",
        ),
        (b'{"run": "a", "signature": "goldwire:1", "rows": [{}]}', "missing required field `metric`"),
    ):
        (folder / "board" / "a.json").write_bytes(data)
        with pytest.raises(ProblemError, match=said) as error:
            leaderboard.read("board")
        assert str(error.value).startswith("board/a.json: ")


def test_predictions_outside_the_folder_are_not_read(folder):
    line = "goldwire:0.1.0|gold:x|layers:all|match:exact"
    run = leaderboard.Run(run="a", signature=line, rows=(), predictions="../gold.jsonl")
    with pytest.raises(ProblemError, match="leads out of the folder"):
        list(leaderboard.verify("board", [run], [], None))
    assert msgspec.json.decode(leaderboard.encode("a", {"signature": line, "rows": []}))["run"] == "a"
