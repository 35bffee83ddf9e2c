"""What ``goldwire edit`` keeps through crashes, and what it never overwrites."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from goldwire.annotate import files
from goldwire.annotate.editor import storage
from goldwire.annotate.editor.forms import forms
from goldwire.annotate.editor.guide import sections
from goldwire.annotate.editor.session import Session, Stale
from goldwire.annotate.problems import ProblemError

from .editing import LINES, REBELS, VELM, journal

pytest.importorskip("starlette", reason="the extra editor is not installed")
pytest.importorskip("uvicorn", reason="the extra editor is not installed")


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "d.jsonl"
    made.write_text(LINES, encoding="utf-8")
    return made


@pytest.fixture
def session(path):
    opened = Session(str(path), files.ontology())
    yield opened
    opened.close()


def tell(session, *rows, drop=()):
    state = session.state()
    return session.change(state["version"], len(state["changes"]), {"set": list(rows), "drop": list(drop)})


def save(session):
    state = session.state()
    return session.save(state["version"], len(state["changes"]))


# -- what is kept ---------------------------------------------------------------


def test_a_change_is_saved_in_canonical_form(session, path):
    assert tell(session, VELM, REBELS) == 1
    assert path.read_text(encoding="utf-8") == LINES
    save(session)
    written = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert written[2:] == [REBELS, VELM]
    assert not journal(path).exists()


@pytest.mark.parametrize(
    "change", [None, 5, [], {"set": 5}, {"drop": 5}, {"drop": [""]}, {"drop": [[1]]}, {"set": [3]}]
)
def test_a_change_of_another_shape_changes_nothing(session, path, change):
    with pytest.raises(ProblemError, match="structure"):
        session.change(session.state()["version"], 0, change)
    assert not journal(path).exists()


def test_what_a_crash_leaves_is_recovered(session, path):
    tell(session, REBELS)
    tell(session, VELM, drop=["a1"])
    session.close()  # the journal stays, as after a kill
    again = Session(str(path), files.ontology())
    assert again.recovered == 2
    assert again.state()["changes"] == [
        {"set": [REBELS], "drop": []},
        {"set": [VELM], "drop": ["a1"]},
    ]
    assert again.rows()[2:] == [VELM]
    save(again)
    assert path.read_text(encoding="utf-8").count("\n") == 3


def test_a_line_that_was_cut_off_is_left_out(session, path):
    tell(session, REBELS)
    session.close()
    with open(journal(path), "ab") as file:
        file.write(b'{"set": [{"place": "p1", "ki')
    again = Session(str(path), files.ontology())
    assert again.rows()[2:] == [REBELS]
    tell(again, VELM)
    again.close()
    assert len(journal(path).read_bytes().splitlines()) == 3


def test_a_crash_between_writing_and_forgetting_saves_once(session, path):
    tell(session, REBELS)
    kept = journal(path).read_bytes()
    save(session)
    saving = json.dumps({"saving": storage.version(path.read_bytes())}).encode()
    journal(path).write_bytes(kept + saving + b"\n")
    again = Session(str(path), files.ontology())
    assert again.recovered == 0
    assert not journal(path).exists()
    assert again.rows()[2:] == [REBELS]


def test_a_journal_of_something_else_is_refused(path):
    journal(path).write_text('{"what": 1}\n', encoding="utf-8")
    with pytest.raises(ProblemError, match="is no journal"):
        Session(str(path), files.ontology())
    assert journal(path).exists()


def test_two_editors_do_not_share_a_journal(session, path):
    other = Session(str(path), files.ontology())
    tell(session, REBELS)
    with pytest.raises(ProblemError, match="another editor has changes"):
        tell(other, VELM)
    with pytest.raises(ProblemError, match="another editor has changes"):
        Session(str(path), files.ontology())
    save(session)
    tell(other, VELM)
    with pytest.raises(Stale, match="changed by somebody else"):
        save(other)
    other.close()


def test_a_full_disk_leaves_the_journal_whole(session, path, monkeypatch):
    tell(session, REBELS)
    before = journal(path).read_bytes()
    real = os.write

    def full(handle, data):
        if len(data) > 20:
            real(handle, bytes(data[:20]))
            raise OSError(28, "No space left on device")
        return real(handle, data)

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(ProblemError, match="cannot be written: no space left"):
        tell(session, VELM)
    monkeypatch.undo()
    assert journal(path).read_bytes() == before
    assert session.rows()[2:] == [REBELS]
    assert tell(session, VELM) == 2


def test_a_folder_that_may_not_be_written(session, path):
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    path.parent.chmod(0o500)
    try:
        with pytest.raises(ProblemError):
            tell(session, REBELS)
    finally:
        path.parent.chmod(0o700)
    assert session.rows()[2:] == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"actor": "a1", "type": 3}, "type: should be a string"),
        ({"wizard": "a1"}, "no kind of annotation"),
        ({"doc": "d", "text": "Another"}, "changes the text"),
        ({"event": "e1"}, "trigger: is missing"),
        ([], "no kind of annotation"),
        ({}, "no kind of annotation"),
        ({"actor": ""}, "needs an id"),
        ({"actor": 5}, "id: should be a string"),
    ],
)
def test_a_row_that_is_no_annotation_changes_nothing(session, row, said, path):
    with pytest.raises(ProblemError, match=said):
        tell(session, row)
    assert not journal(path).exists()
    assert session.state()["changes"] == []


# -- what is never overwritten ----------------------------------------------------


def test_a_file_changed_underneath_is_merged_not_overwritten(session, path):
    tell(session, REBELS)
    theirs = LINES + json.dumps(VELM) + "\n"
    path.write_text(theirs, encoding="utf-8")
    with pytest.raises(Stale) as error:
        save(session)
    assert error.value.reason == "file"
    assert path.read_text(encoding="utf-8") == theirs
    state = session.state()
    merged, conflicts = session.merged(state["version"], len(state["changes"]))
    assert conflicts == []
    assert merged["changes"] == [{"set": [REBELS], "drop": []}]
    save(session)
    assert [json.loads(x) for x in path.read_text(encoding="utf-8").splitlines()][2:] == [REBELS, VELM]


def test_a_file_changed_while_it_is_saved_is_not_overwritten(session, path, monkeypatch):
    tell(session, REBELS)
    real = storage.stored
    theirs = LINES + json.dumps(VELM) + "\n"

    def meanwhile(*arguments, **more):
        path.write_text(theirs, encoding="utf-8")  # between reading and replacing
        return real(*arguments, **more)

    monkeypatch.setattr(storage, "stored", meanwhile)
    with pytest.raises(Stale, match="while it was being saved"):
        save(session)
    assert path.read_text(encoding="utf-8") == theirs
    assert session.rows()[2:] == [REBELS]


def test_a_conflict_is_named_and_both_readings_are_kept(session, path):
    path.write_text(LINES + json.dumps(REBELS) + "\n", encoding="utf-8")
    session.discard(session.state()["version"], 0)
    tell(session, {**REBELS, "type": "MIL"})
    path.write_text(LINES + json.dumps({**REBELS, "type": "CIV"}) + "\n", encoding="utf-8")
    state = session.state()
    _, conflicts = session.merged(state["version"], 1)
    assert conflicts == ["a1 MIL «Rebels»: type: ours MIL, theirs CIV, was REB"]
    assert session.rows()[2]["type"] == "MIL"
    assert session.rows()[2]["conflict"] == ["type: ours MIL, theirs CIV, was REB"]
    # The journal holds the merge: a crash now loses neither side.
    session.close()
    again = Session(str(path), files.ontology())
    assert again.rows() == session.rows()
    again.close()


def test_a_text_changed_underneath_is_not_merged(session, path):
    tell(session, REBELS)
    path.write_text(LINES.replace("9 May", "8 May"), encoding="utf-8")
    state = session.state()
    with pytest.raises(ProblemError, match="retext"):
        session.merged(state["version"], 1)
    assert session.rows()[2:] == [REBELS]


def test_a_file_that_is_gone_is_written_again(session, path):
    tell(session, REBELS)
    path.unlink()
    save(session)
    assert path.read_text(encoding="utf-8").count("\n") == 3


def test_a_second_page_is_told(session):
    first = session.state()["version"]
    tell(session, REBELS)
    with pytest.raises(Stale, match="another page"):
        session.change(first, 0, {"set": [VELM], "drop": []})


# -- records, ontologies, values ----------------------------------------------------


def test_a_record_among_others_is_edited(path, tmp_path):
    lines = tmp_path / "r.jsonl"
    files.write(lines, [*files.read(path), files.gold()[1]], "record")
    before = lines.read_bytes().splitlines()
    with pytest.raises(ProblemError, match="say which with --doc; the file holds d, B"):
        Session(str(lines), files.ontology())
    session = Session(str(lines), files.ontology(), "d")
    tell(session, REBELS)
    save(session)
    after = lines.read_bytes().splitlines()
    assert after[1] == before[1]
    assert json.loads(after[0])["actors"][0]["name"] == "Rebels"
    assert [d.meta.doc_id for d in files.read(lines)] == ["d", "B"]


@pytest.mark.parametrize("name", ["d.jsonl.gz", "-"])
def test_what_cannot_be_replaced_is_not_edited(name):
    with pytest.raises(ProblemError, match="plain file"):
        Session(name, files.ontology())


def test_problems_are_those_of_check(session, path):
    wrong = {"time": "t1", "mention": {"text": "on 9 May", "start": 22}, "kind": "DATE", "value": "May 9"}
    tell(session, wrong)
    found = session.problems()
    save(session)
    from goldwire.annotate.rules import check

    told = check(path.read_bytes(), files.ontology(), where=str(path))
    assert {(p["rule"], p["message"]) for p in found} == {(p.rule, p.message) for p in told}
    assert {p["on"] for p in found} == {"t1"}
    assert "time-value" in {p["rule"] for p in found}


def test_forms_follow_the_ontology():
    made = forms(files.ontology())
    assert set(made["events"]["STRIKE"]["roles"]) == {
        "agent",
        "target",
        "instrument",
        "count",
        "place",
        "time",
    }
    fields = {f["key"]: f for f in made["kinds"]["event"]["fields"]}
    assert fields["type"]["control"] == "choice"
    assert set(fields["modality"]["choices"]) == {"asserted", "hedged", "proposed", "hypothetical", "generic"}
    assert fields["coref"]["kinds"] == ["event"]
    assert fields["trigger"]["control"] == "mention"
    links = {f["key"]: f["control"] for f in made["kinds"]["link"]["fields"]}
    assert links == {"from": "ref", "to": "ref", "type": "choice", "evidence": "mention", "note": "text"}


def test_every_rule_of_the_guidelines_has_its_section():
    found = sections(files.pages())
    slugs = {s["slug"] for s in found}
    from goldwire.annotate.rules import GUIDELINES
    from goldwire.annotate.rules.context import slug

    assert {slug(rule) for rule in GUIDELINES} <= slugs
    assert not [s["slug"] for s in found if "<script" in s["html"] or "href" in s["html"]]


# -- kill -9 ------------------------------------------------------------------------

# Forks a process for each line it reads, which edits and saves until it is killed: no time goes into imports.
FORKING = """
import json, os, sys
from goldwire.annotate import files
from goldwire.annotate.editor.session import Session

ontology = files.ontology()
for line in sys.stdin:
    path, number = json.loads(line)
    child = os.fork()
    if not child:
        session = Session(path, ontology)
        while True:
            for _ in range(2):
                state, name = session.state(), f"a{number}"
                row = {"actor": name, "name": name}
                session.change(state["version"], len(state["changes"]), {"set": [row], "drop": []})
                os.write(1, f"kept {name}\\n".encode())
                number += 1
            state = session.state()
            os.write(1, b"saving\\n")
            session.save(state["version"], len(state["changes"]))
    os.write(1, f"child {child}\\n".encode())
    os.waitpid(child, 0)
    os.write(1, b"gone\\n")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a POSIX system")
def test_killed_at_any_moment_nothing_is_lost(path):
    """Whatever was acknowledged is in the file or in the journal, and the file is whole."""
    rng = random.Random(7)
    known = set()
    process = subprocess.Popen([sys.executable, "-c", FORKING], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for _ in range(int(os.environ.get("GOLDWIRE_KILLS", "20"))):
        process.stdin.write(json.dumps([str(path), len(known) + 1]).encode() + b"\n")
        process.stdin.flush()
        child, saves, wanted = 0, 0, rng.randint(1, 3)
        for line in process.stdout:
            said, _, what = line.decode().strip().partition(" ")
            if said == "child":
                child = int(what)
            elif said == "kept":
                known.add(what)
            elif said == "saving":
                saves += 1
            elif said == "gone":
                break
            if child and saves == wanted:
                time.sleep(rng.uniform(0, 0.01))  # somewhere in the save, or behind it
                os.kill(child, signal.SIGKILL)
                saves = -1 << 30
        data = path.read_bytes()
        assert storage.stored(b"", storage.rows(data, where="d"), where="d") == data
        again = Session(str(path), files.ontology())
        names = {storage.key(raw) for raw in again.rows()}
        again.close()
        # One more may be there whose acknowledgement the kill cut off.
        assert names >= known
        assert len(names - known - {"", "g1"}) <= 1
        known = names - {"", "g1"}
        for left in path.parent.glob(f".{path.name}*"):
            left.unlink()
    process.stdin.close()
    assert process.wait(20) == 0
    process.stdout.close()
