"""``goldwire adjudicate`` as a person uses it: over a pipe, over a terminal, stopped and killed."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .test_adjudicate import A, B

ROOT = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "100"}
COMMAND = [sys.executable, "-m", "goldwire", "adjudicate", "first.jsonl", "second.jsonl", "-o", "gold"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "first.jsonl").write_text(A, encoding="utf-8")
    (tmp_path / "second.jsonl").write_text(B, encoding="utf-8")
    return tmp_path


def piped(folder: Path, typed: str, *more: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *more], cwd=folder, env={**ENVIRONMENT, **environment}, input=typed,
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def rows(folder: Path, name: str = "gold.adjudication.jsonl") -> list[dict[str, str]]:
    return [json.loads(x) for x in (folder / name).read_text(encoding="utf-8").splitlines()]


def test_it_stops_and_goes_on(folder: Path) -> None:
    first = piped(folder, "b\nslip\nevent-tree\nthe second is right\na\nslip\n")  # the input ends inside
    assert (first.returncode, first.stdout) == (1, "")
    assert "3 of 4 cases are open; the same command goes on from here" in first.stderr
    assert "Rebels ⟦hit⟧ two towns and the port." in first.stderr
    assert [(r["id"], r["decision"], r["note"]) for r in rows(folder)] == [
        ("A-001", "b", "the second is right")
    ]
    assert not (folder / "gold").exists()
    second = piped(folder, "a\n3\n\n\nb\nslip\nactor-type\n\nb\nslip\nplace-tree\n\n")
    assert second.returncode == 0, second.stderr
    assert "case 2 of 4, 3 open" in second.stderr
    gold = (folder / "gold" / "A.jsonl").read_text(encoding="utf-8")
    assert '"type": "STRIKE"' in gold
    assert '"on": "p1", "annotator": "adjudicator", "action": "decided", "rule": "place-tree"' in gold
    assert [(r["decision"], r["cause"], r["rule"]) for r in rows(folder)] == [
        ("b", "slip", "event-tree"),
        ("a", "slip", "event-tree"),
        ("b", "slip", "actor-type"),
        ("b", "slip", "place-tree"),
    ]
    assert not (folder / "gold.adjudication.jsonl.journal").exists()
    # The records do the same without anybody.
    made = piped(folder, "", "--decisions", "gold.adjudication.jsonl")
    assert made.returncode == 0, made.stderr


def test_what_was_ended_can_be_taken_up_again(folder: Path) -> None:
    everything = "".join(f"{key}\nslip\nevent-tree\n\n" for key in "abab")
    assert piped(folder, everything).returncode == 0
    again = piped(folder, "u\na\ntext_ambiguous\nplace-tree\n\n")
    assert (again.returncode, "taken back: A-004 b" in again.stderr) == (0, True)
    assert [(r["decision"], r["cause"]) for r in rows(folder)][-1] == ("a", "text_ambiguous")


def test_gold_that_another_made_is_not_replaced(folder: Path) -> None:
    (folder / "gold").mkdir()
    target = folder / "gold" / "A.jsonl"
    target.write_text(A, encoding="utf-8")
    result = piped(folder, "a\n")
    assert (result.returncode, result.stderr) == (
        1,
        "gold/A.jsonl: gold: is there, and gold.adjudication.jsonl is not; "
        "name another folder, or say --fresh to replace it\n",
    )
    assert (target.read_text(encoding="utf-8"), sorted(p.name for p in folder.iterdir())) == (
        A,
        ["first.jsonl", "gold", "second.jsonl"],
    )


def test_annotations_that_changed_since_are_refused(folder: Path) -> None:
    piped(folder, "b\nslip\nevent-tree\n\n")
    (folder / "second.jsonl").write_text(
        B.replace('"p1", "kind": "city"', '"p1", "kind": "area"'), encoding="utf-8"
    )
    before = (folder / "gold.adjudication.jsonl.journal").read_bytes()
    result = piped(folder, "a\n")
    assert result.returncode == 1
    assert "the annotations have changed since this was decided; --fresh forgets" in result.stderr
    assert (folder / "gold.adjudication.jsonl.journal").read_bytes() == before


def test_a_damaged_journal_is_named(folder: Path) -> None:
    (folder / "gold.adjudication.jsonl.journal").write_text('{"decisions": [{"id": 3}]}\n', encoding="utf-8")
    result = piped(folder, "a\n")
    assert result.returncode == 1
    assert result.stderr.startswith("gold.adjudication.jsonl.journal: journal: is damaged: ")


def test_lines_are_written_in_an_editor(folder: Path) -> None:
    editor = folder / "editor"
    editor.write_text(
        f"#!{sys.executable}\nimport pathlib, sys\np = pathlib.Path(sys.argv[1])\n"
        'p.write_text(p.read_text().replace(\'"type": "STRIKE"\', \'"type": "OFFENSIVE"\'))\n'
    )
    editor.chmod(0o755)
    result = piped(folder, "s\ne\n3\nevent-tree\n\n", VISUAL="", EDITOR=str(editor))
    assert "A-002" in result.stderr
    assert [(r["id"], r["decision"], r["value"]) for r in rows(folder)] == [("A-002", "edit", '"OFFENSIVE"')]


def test_three_annotators_and_too_many(folder: Path) -> None:
    (folder / "third.jsonl").write_text(B.replace("ATTACK", "BATTLE"), encoding="utf-8")
    assert "  c  BATTLE  (third)" in piped(folder, "s\n", "third.jsonl").stderr
    many = piped(folder, "", *["first.jsonl"] * 3)
    assert (many.returncode, "between two and 4 annotators, not 5" in many.stderr) == (2, True)


class Terminal:
    """The command in a terminal: waits for what it shows, types keys."""

    def __init__(self, folder: Path) -> None:
        self.master, slave = os.openpty()
        self.process = subprocess.Popen(
            COMMAND, cwd=folder, env=ENVIRONMENT, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self.seen = ""

    def wait_for(self, words: str) -> str:
        """What was shown up to the words; everything behind them is left for the next call."""
        deadline = time.monotonic() + 20
        while words not in self.seen:
            ready, _, _ = select.select([self.master], [], [], deadline - time.monotonic())
            assert ready, f"waited for {words!r}, saw {self.seen!r}"
            try:
                self.seen += os.read(self.master, 4096).decode("utf-8", "replace")
            except OSError:  # the other end is closed
                pytest.fail(f"ended; waited for {words!r}, saw {self.seen!r}")
        before, _, self.seen = self.seen.partition(words)
        return before

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def end(self) -> int:
        """The exit status, once what it still shows has been read."""
        try:
            while os.read(self.master, 4096):
                pass
        except OSError:
            pass
        os.close(self.master)
        return self.process.wait(60)


def test_single_keys_in_a_terminal_and_a_kill_loses_nothing(folder: Path) -> None:
    terminal = Terminal(folder)
    assert "⟦hit⟧" in terminal.wait_for("q ? > ")
    terminal.type("b")  # no Enter
    terminal.wait_for("cause: ")
    terminal.type("3\nevent-tree\n")  # typed ahead
    terminal.wait_for("rule > ")
    terminal.wait_for("note")
    terminal.type("\n")
    assert "case 2 of 4" in terminal.wait_for("q ? > ")
    terminal.process.send_signal(signal.SIGKILL)
    assert terminal.end() == -signal.SIGKILL
    again = Terminal(folder)
    assert "A-002  case 2 of 4, 3 open" in again.wait_for("q ? > ")
    again.type("?")
    assert "take the last decision back" in again.wait_for("q ? > ")
    again.type("q")
    assert again.end() == 1
    assert [(r["id"], r["decision"]) for r in rows(folder)] == [("A-001", "b")]


@pytest.mark.parametrize("how", ["ctrl-c", "ctrl-d"])
def test_an_interrupt_stops_and_keeps(folder: Path, how: str) -> None:
    piped(folder, "b\nslip\nevent-tree\n\n")
    terminal = Terminal(folder)
    terminal.wait_for("q ? > ")
    if how == "ctrl-c":
        terminal.process.send_signal(signal.SIGINT)
    else:
        terminal.type("\x04")
    terminal.wait_for("3 of 4 cases are open; the same command goes on from here")
    assert terminal.end() == 1
