"""Every command that writes meets a full disk, a folder that cannot be written, a kill, and a second writer.

A file is the old one as a whole or the new one as a whole; a handled error leaves no temporary
file, says one sentence, and ends with status 1. Root may write everywhere, so a folder that is
read-only is one in which no file can be made.
"""

import errno
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from goldwire.__main__ import main
from goldwire.annotate import disk, files
from goldwire.annotate.dataset import textfree
from goldwire.annotate.dataset.build import Generated
from goldwire.annotate.formats import lines
from goldwire.annotate.suggestions import suggested

from .test_adjudicate import A, B, read

ROOT = Path(__file__).parents[1]
# What each command is run with, in a folder that `folder` below makes.
COMMANDS: dict[str, list[str]] = {
    "fmt": ["fmt", "loose.jsonl"],
    "merge": ["merge", "first.jsonl", "ours.jsonl", "second.jsonl"],
    "retext": ["retext", "ours.jsonl", "text.txt"],
    "suggestions": ["suggestions", "suggested.jsonl", "--accept", "all"],
    "adjudicate": ["adjudicate", "first.jsonl", "second.jsonl", "-o", "gold"],
    "adjudicate-decisions": [
        "adjudicate", "first.jsonl", "first.jsonl", "-o", "gold", "--decisions", "none.jsonl"
    ],
    "convert-file": ["convert", "ours.jsonl", "out.json", "--to", "webannotation"],
    "convert-folder": ["convert", "ours.jsonl", "out", "--to", "brat"],
    "new": ["new", "text.txt", "-o", "made"],
    "text-free": ["text-free", "ours.jsonl", "-o", "free"],
    "restore": ["restore", "bare", "text.txt", "-o", "whole"],
    "run": ["run", "regex", "--input", "ours.jsonl", "--as", "suggestions", "-o", "ours.jsonl"],
    "schema": ["schema", "-o", "schema.json"],
    "report": ["report", "second.jsonl", "--gold", "first.jsonl", "-o", "report.html"],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    first, second = read(A), read(B)
    (tmp_path / "first.jsonl").write_bytes(lines.write(first))
    (tmp_path / "ours.jsonl").write_bytes(lines.write(first))
    (tmp_path / "second.jsonl").write_bytes(lines.write(second))
    (tmp_path / "loose.jsonl").write_text(
        '{"doc": "x", "text": "Ada left."}\n{"term": "", "mention": "Ada"}\n', encoding="utf-8"
    )
    (tmp_path / "suggested.jsonl").write_bytes(lines.write(suggested(first, second, "tagger 1")))
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "A.jsonl").write_bytes(textfree.strip(first))
    (tmp_path / "text.txt").write_text(first.text, encoding="utf-8")
    (tmp_path / "none.jsonl").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content; temporary ones would be among them."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def run(monkeypatch: pytest.MonkeyPatch, words: list[str]) -> int:
    monkeypatch.setattr(sys, "argv", ["goldwire", *words])
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def failing(code: int) -> Callable[..., object]:
    def fail(*_: object, **__: object) -> object:
        raise OSError(code, os.strerror(code))

    return fail


def _unwritable(patch: pytest.MonkeyPatch) -> None:
    for name in ("mkstemp", "mkdtemp"):
        patch.setattr(tempfile, name, failing(errno.EROFS))


# Where a write may fail: the temporary file cannot be made, is full, cannot be flushed, or renamed.
FAULTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "read-only": _unwritable,
    "full": lambda patch: patch.setattr(disk.Whole, "write", failing(errno.ENOSPC)),
    "unflushed": lambda patch: patch.setattr(os, "fsync", failing(errno.EIO)),
    "unrenamed": lambda patch: patch.setattr(os, "replace", failing(errno.EACCES)),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_write_that_fails_changes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], command: str, fault: str
) -> None:
    if command == "run":
        pytest.skip("starts a process of its own; see the limit on file sizes below")
    if command == "convert-folder" and fault in ("full", "unflushed"):
        pytest.skip("a folder's files are made apart; see the limit on file sizes below")
    before = tree(folder)
    if command == "adjudicate":
        decide = "".join(f"{key}\nslip\nevent-tree\n\n" for key in "abab")
        read_end, write_end = os.pipe()
        os.write(write_end, decide.encode())
        os.close(write_end)
        with os.fdopen(read_end) as answers, monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", answers)
            FAULTS[fault](patch)
            status = run(patch, COMMANDS[command])
    else:
        with monkeypatch.context() as patch:
            FAULTS[fault](patch)
            status = run(patch, COMMANDS[command])
    said = [x for x in capfd.readouterr().err.splitlines() if "cannot be written" in x]
    assert (status, len(said)) == (1, 1)
    after = tree(folder)
    journal = "gold.adjudication.jsonl.journal"
    if command == "adjudicate":  # what was decided is kept; that is what the journal is for
        after.pop(journal, None)
    assert after == before


@pytest.mark.parametrize("command", ["fmt", "convert-folder", "suggestions", "new", "run"])
def test_a_disk_that_is_really_full(folder: Path, command: str) -> None:
    """No file may grow: the system itself says no."""
    before = tree(folder)
    words = " ".join(COMMANDS[command])
    done = subprocess.run(
        ["/bin/sh", "-c", f"ulimit -f 0; exec {sys.executable} -B -m goldwire {words}"],
        cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.returncode, done.stderr.count("cannot be written"), "Traceback" in done.stderr) == (
        1,
        1,
        False,
    )
    assert tree(folder) == before


@pytest.mark.parametrize("command", ["fmt", "merge", "suggestions"])
def test_killed_between_writing_and_renaming(folder: Path, command: str) -> None:
    before = tree(folder)
    code = (
        "import os, signal, sys\n"
        "os.replace = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from goldwire.__main__ import main\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *COMMANDS[command]],
        cwd=folder, capture_output=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    after = tree(folder)
    assert {name: after[name] for name in before} == before
    # What the dead process leaves is hidden and is nobody's annotations.
    assert all(Path(name).name.startswith(".") for name in after.keys() - before.keys())
    assert set(files.jsonl([str(folder)])) == {str(folder / n) for n in before if n.endswith(".jsonl")}
    again = subprocess.run(
        [sys.executable, "-m", "goldwire", *COMMANDS[command]],
        cwd=folder, capture_output=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert b"Traceback" not in again.stderr
    assert tree(folder) != after


@pytest.mark.parametrize(
    ("command", "target"),
    [
        ("fmt", "loose.jsonl"),
        ("merge", "ours.jsonl"),
        ("retext", "ours.jsonl"),
        ("suggestions", "suggested.jsonl"),
    ],
)
def test_a_file_that_changed_meanwhile_is_not_written_over(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    command: str,
    target: str,
) -> None:
    """Somebody saves in an editor while the command works: after its reading, before its renaming."""
    theirs = (folder / target).read_bytes() + b'{"term": "w9", "mention": {"text": "A", "start": 0}}\n'
    flush = os.fsync

    def meanwhile(handle: int) -> None:
        (folder / target).write_bytes(theirs)
        flush(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", meanwhile)
        status = run(patch, COMMANDS[command])
    said = [x for x in capfd.readouterr().err.splitlines() if target in x]
    assert (status, said) == (
        1,
        [f"{target}: file: was changed by somebody else in the meantime, and was not touched; try again"],
    )
    assert (folder / target).read_bytes() == theirs
    assert not [name for name in tree(folder) if Path(name).name.startswith(".")]


def test_two_adjudications_of_one_gold_do_not_mix(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with files.appending(folder / "gold.adjudication.jsonl.journal"):
        assert run(monkeypatch, COMMANDS["adjudicate"]) == 1
    assert capfd.readouterr().err == (
        "gold.adjudication.jsonl.journal: file: is being written by another run\n"
    )


def test_a_journal_that_is_full_keeps_what_it_has(folder: Path) -> None:
    """The line that did not fit is cut off when the journal is opened again."""
    journal = folder / "x.journal"
    with files.appending(journal) as file:
        file.write(b'{"whole": 1}\n{"ha')
    with files.appending(journal) as file:
        file.seek(0)
        assert file.read() == b'{"whole": 1}\n'


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is full")
@pytest.mark.parametrize("words", ["show first.jsonl", "fmt -", "formats", "diff first.jsonl second.jsonl"])
def test_an_output_that_is_full_is_said_in_one_sentence(folder: Path, words: str) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "goldwire", *words.split()],
            cwd=folder,
            stdout=full,
            stderr=subprocess.PIPE,
            input=lines.write(read(A)),
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    assert (done.returncode, done.stderr) == (
        1,
        b"<stdout>: file: cannot be written: no space left on device\n",
    )


def test_a_build_that_fails_leaves_every_file_old_or_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third file cannot be renamed: the first two are new, and no other is touched."""
    made = [Generated(f"{n}.md", b"new") for n in range(5)]
    for item in made:
        (tmp_path / item.path).write_bytes(b"old")
    rename, count = os.replace, 0

    def third(old: str, new: str) -> None:
        nonlocal count
        count += 1
        if count == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        rename(old, new)

    with monkeypatch.context() as patch:
        patch.chdir(tmp_path)
        patch.setattr(import_module("goldwire.annotate.cli.build"), "_everything", lambda root: made)
        patch.setattr(os, "replace", third)
        assert run(patch, ["build"]) == 1
    assert tree(tmp_path) == {f"{n}.md": b"new" if n < 2 else b"old" for n in range(5)}
