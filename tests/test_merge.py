"""Three-way merges by content: in values, under hypothesis, and in real repositories."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from goldwire.annotate.changes.merge import merge
from goldwire.annotate.document import Document
from goldwire.annotate.formats import lines

BASE = """\
{"doc": "A", "text": "Rebels hit two towns and the port."}
{"actor": "a1", "type": "REB", "mentions": [{"text": "Rebels", "start": 0}]}
{"event": "e1", "trigger": {"text": "hit", "start": 7}, "type": "STRIKE", "coref": "e1"}
"""
TOWNS = '{"actor": "a7", "type": "CIV", "mentions": [{"text": "two towns", "start": 11, "head": "towns"}]}\n'
PORT = '{"place": "a7", "kind": "site", "mentions": [{"text": "the port", "start": 25, "head": "port"}]}\n'


def read(text: str) -> Document:
    return lines.document(lines.rows(text.encode(), where="a.jsonl"), where="a.jsonl")


def test_two_who_both_made_a7_lose_nothing() -> None:
    merged, conflicts = merge(read(BASE), read(BASE + TOWNS), read(BASE + PORT))
    assert not conflicts
    assert [m.text for a in merged.actors for m in a.mentions] == ["Rebels", "two towns"]
    assert [m.text for p in merged.places for m in p.mentions] == ["the port"]
    ids = [x.id for x in (*merged.actors, *merged.places)]
    assert len(ids) == len(set(ids))


def test_two_who_marked_the_same_make_one_object() -> None:
    merged, conflicts = merge(read(BASE), read(BASE + TOWNS), read(BASE + TOWNS.replace("a7", "a9")))
    assert not conflicts
    assert [a.id for a in merged.actors] == ["a1", "a7"]


def test_references_follow_renamed_objects() -> None:
    theirs = (BASE + PORT).replace(
        '"coref": "e1"}', '"coref": "e1", "args": [{"role": "place", "ref": "a7"}]}'
    )
    merged, conflicts = merge(read(BASE), read(BASE + TOWNS), read(theirs))
    assert not conflicts
    assert merged.events[0].args[0].ref == merged.places[0].id != "a7"


def test_both_changed_one_thing() -> None:
    ours, theirs = (BASE.replace("STRIKE", x) for x in ("ATTACK", "BATTLE"))
    merged, (conflict,) = merge(read(BASE), read(ours), read(theirs))
    assert str(conflict) == "e1 ATTACK «hit»: type: ours ATTACK, theirs BATTLE, was STRIKE"
    assert merged.events[0].extra == {"conflict": ["type: ours ATTACK, theirs BATTLE, was STRIKE"]}


def test_one_deleted_what_the_other_changed() -> None:
    gone = "".join(line for line in BASE.splitlines(keepends=True) if "STRIKE" not in line)
    merged, (conflict,) = merge(read(BASE), read(gone), read(BASE.replace("STRIKE", "ATTACK")))
    assert merged.events[0].type == "ATTACK"
    assert conflict.ours == ""


def test_deleted_on_one_side_is_deleted() -> None:
    gone = "".join(line for line in BASE.splitlines(keepends=True) if "STRIKE" not in line)
    merged, conflicts = merge(read(BASE), read(gone), read(BASE + TOWNS))
    assert (merged.events, conflicts) == ((), [])


FIELDS = {
    "type": ["STRIKE", "ATTACK", "BATTLE"],
    "tense": ["past", "future"],
    "note": ["", "n"],
    "phase": ["end"],
}
CHANGES = st.dictionaries(st.sampled_from(sorted(FIELDS)), st.integers(0, 2)).map(
    lambda d: {k: FIELDS[k][v % len(FIELDS[k])] for k, v in d.items()}
)


@given(CHANGES, CHANGES, st.booleans(), st.booleans())
def test_what_only_one_side_did_is_never_lost(
    ours: dict[str, str], theirs: dict[str, str], towns: bool, port: bool
) -> None:
    base = read(BASE)
    one, other = (
        replace(read(BASE + extra), events=(replace(base.events[0], **change),))
        for extra, change in ((TOWNS * towns, ours), (PORT * port, theirs))
    )
    merged, conflicts = merge(base, one, other)
    conflicted = {c.part for c in conflicts}
    for field in FIELDS:
        was, a, b = (getattr(d.events[0], field) for d in (base, one, other))
        now = getattr(merged.events[0], field)
        if a != was and b != was and a != b:
            assert field in conflicted
        else:
            assert now == (a if a != was else b)
            assert field not in conflicted
    assert ("two towns" in str(merged.actors)) == towns
    assert ("the port" in str(merged.places)) == port


def git(folder: Path, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    identity = {
        f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    environment = {**os.environ, **identity, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    return subprocess.run(
        ["git", "-C", str(folder), *words], env=environment, capture_output=True, text=True, check=check
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two branches that changed neighbouring lines of one document."""
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "gold").mkdir()
    file = tmp_path / "gold" / "A.jsonl"
    file.write_text(BASE, encoding="utf-8")
    git(tmp_path, "add", "."), git(tmp_path, "commit", "-qm", "base")
    git(tmp_path, "checkout", "-qb", "theirs")
    file.write_text(BASE + PORT, encoding="utf-8")
    git(tmp_path, "commit", "-qam", "theirs")
    git(tmp_path, "checkout", "-q", "main")
    file.write_text(BASE + TOWNS, encoding="utf-8")
    git(tmp_path, "commit", "-qam", "ours")
    return tmp_path


def goldwire_driver(folder: Path) -> None:
    driver = f"{sys.executable} -m goldwire merge %O %A %B"
    git(folder, "config", "merge.goldwire.driver", driver)
    (folder / ".git" / "info").mkdir(exist_ok=True)
    (folder / ".git" / "info" / "attributes").write_text("gold/*.jsonl merge=goldwire\n", encoding="utf-8")


def test_plain_git_conflicts_where_ours_merges_clean(repository: Path) -> None:
    assert git(repository, "merge", "-q", "theirs", check=False).returncode == 1
    git(repository, "merge", "--abort")
    goldwire_driver(repository)
    git(repository, "merge", "-q", "-m", "both", "theirs")
    merged = read((repository / "gold" / "A.jsonl").read_text(encoding="utf-8"))
    assert (len(merged.actors), len(merged.places)) == (2, 1)


def test_a_true_conflict_stops_git_and_is_listed(repository: Path) -> None:
    goldwire_driver(repository)
    for branch, label in (("theirs", "BATTLE"), ("main", "ATTACK")):
        git(repository, "checkout", "-q", branch)
        file = repository / "gold" / "A.jsonl"
        file.write_text(file.read_text(encoding="utf-8").replace("STRIKE", label), encoding="utf-8")
        git(repository, "commit", "-qam", label)
    done = git(repository, "merge", "theirs", check=False)
    assert done.returncode == 1
    assert "conflict: e1 ATTACK «hit»: type: ours ATTACK, theirs BATTLE, was STRIKE" in done.stderr
    assert '"conflict": ["type: ours ATTACK' in (repository / "gold" / "A.jsonl").read_text(encoding="utf-8")


def test_git_setup_installs_driver_and_hook(repository: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "goldwire", "git-setup", str(repository)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert git(repository, "config", "merge.goldwire.driver").stdout == "goldwire merge --name %P %O %A %B\n"
    assert "gold/*.jsonl merge=goldwire" in (repository / ".gitattributes").read_text(encoding="utf-8")
    assert os.access(repository / ".git" / "hooks" / "pre-commit", os.X_OK)
