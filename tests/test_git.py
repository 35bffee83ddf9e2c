"""What ``goldwire git-setup`` installs, in real repositories: merge driver, text form of records, hook."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from goldwire.annotate import files
from goldwire.annotate.formats import lines, record

from .test_merge import BASE, PORT, TOWNS, read

ROOT = Path(__file__).parents[1]
Git = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """A repository that has been set up, with goldwire on its path."""
    program = tmp_path / "bin" / "goldwire"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m goldwire "$@"\n')
    program.chmod(0o755)
    (tmp_path / "repository" / "gold").mkdir(parents=True)
    identity = {
        f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    environment = {
        **os.environ, **identity, "PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)
    }  # fmt: skip

    def run(*words: str, check: bool = True, program: str = "git") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program, *words], cwd=tmp_path / "repository", env=environment, capture_output=True, text=True,
            encoding="utf-8", check=check,
        )  # fmt: skip

    run("init", "-q", "-b", "main")
    run("git-setup", program="goldwire")
    return run


@pytest.fixture
def folder(tmp_path: Path, git: Git) -> Path:
    return tmp_path / "repository"


def formatted(text: str) -> str:
    return lines.write(read(text)).decode()


def test_two_branches_that_changed_neighbouring_lines_merge_clean(git: Git, folder: Path) -> None:
    file = folder / "gold" / "A.jsonl"
    for branch, text in (("main", BASE), ("theirs", BASE + PORT), ("main", BASE + TOWNS)):
        git("checkout", "-q", *(["-b"] if branch == "theirs" else []), branch, check=False)
        file.write_text(formatted(text), encoding="utf-8")
        git("add", ".")
        git("commit", "-qnm", branch)
    git("merge", "-q", "-m", "both", "theirs")
    merged = read(file.read_text(encoding="utf-8"))
    assert (len(merged.actors), len(merged.places)) == (2, 1)


def test_two_who_both_made_the_file(git: Git, folder: Path) -> None:
    """There is no common version: both began with the bare text."""
    file = folder / "gold" / "A.jsonl"
    git("add", ".")
    git("commit", "-qnm", "attributes")
    for branch, text in (("theirs", BASE + PORT), ("ours", BASE + TOWNS)):
        git("checkout", "-qb", branch, "main")
        file.parent.mkdir(exist_ok=True)  # git removes folders that are empty
        file.write_text(formatted(text), encoding="utf-8")
        git("add", ".")
        git("commit", "-qnm", branch)
    done = git("merge", "-m", "both", "theirs", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    merged = read(file.read_text(encoding="utf-8"))
    assert (len(merged.actors), len(merged.places), len(merged.events)) == (2, 1, 1)


def test_a_true_conflict_names_the_file(git: Git, folder: Path) -> None:
    file = folder / "gold" / "A.jsonl"
    for branch, label in (("main", "STRIKE"), ("theirs", "BATTLE"), ("main", "ATTACK")):
        git("checkout", "-q", *(["-b"] if branch == "theirs" else []), branch, check=False)
        file.write_text(formatted(BASE).replace("STRIKE", label), encoding="utf-8")
        git("add", ".")
        git("commit", "-qnm", label)
    done = git("merge", "theirs", check=False)
    assert done.returncode == 1
    said = "gold/A.jsonl: conflict: e1 ATTACK «hit»: type: ours ATTACK, theirs BATTLE, was STRIKE"
    assert said in done.stderr


def test_records_are_compared_as_lines(git: Git, folder: Path) -> None:
    (folder / "data").mkdir()
    file = folder / "data" / "test.jsonl"
    for label in ("STRIKE", "ATTACK"):
        document = read(BASE.replace("STRIKE", label))
        file.write_bytes(b"".join(data for _, data in record.encode([document])))
        if label == "STRIKE":
            git("add", ".")
            git("commit", "-qnm", label)
    changed = [x for x in git("diff").stdout.splitlines() if x[0] in "-+" and x[:3] not in ("---", "+++")]
    assert [x[0] for x in changed] == ["-", "+"]  # one annotation, not eight kilobytes
    assert changed[1].startswith('+{"event": "e1"')
    assert '"type": "ATTACK"' in changed[1]


def test_the_hook_looks_at_what_is_committed(git: Git, folder: Path) -> None:
    good = lines.write(files.gold()[0])
    file = folder / "gold" / "a file.jsonl"
    file.write_text('{"doc": "x", "text": "Ada left."}\n{"term": "", "mention": "Ada"}\n', encoding="utf-8")
    git("add", ".")
    refused = git("commit", "-m", "loose", check=False)
    assert refused.returncode == 1
    assert "not formatted, run goldwire fmt: gold/a file.jsonl" in refused.stderr
    # Mended in the folder, but not in what is about to be committed.
    file.write_bytes(good)
    assert git("commit", "-m", "loose", check=False).returncode == 1
    git("add", ".")
    # And the other way round: what lies in the folder does not matter.
    file.write_text("no annotations", encoding="utf-8")
    done = git("commit", "-m", "good", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    git("commit", "-q", "--allow-empty", "-m", "nothing of ours")
    broken = good.replace(b'"type": "REB"', b'"type": "REBEL"', 1)
    file.write_bytes(broken)
    git("add", ".")
    wrong = git("commit", "-m", "wrong", check=False)
    assert wrong.returncode == 1
    assert "unknown-label" in wrong.stdout + wrong.stderr


def test_a_foreign_hook_stays_and_nothing_is_installed(git: Git, folder: Path) -> None:
    hook = folder / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\nexit 0\n")
    (folder / ".gitattributes").unlink()
    done = git("git-setup", program="goldwire", check=False)
    assert (done.returncode, "another hook is there" in done.stderr) == (1, True)
    assert hook.read_text() == "#!/bin/sh\nexit 0\n"
    assert not (folder / ".gitattributes").exists()
