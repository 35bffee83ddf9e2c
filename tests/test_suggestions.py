"""A system's suggestions wait for a person: accepted they keep their origin, rejected they leave a note."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from goldwire.annotate.document import Document, objects
from goldwire.annotate.formats import lines
from goldwire.annotate.problems import ProblemError
from goldwire.annotate.suggestions import accept, pending, reject, suggested
from goldwire.evaluate.agreement.annotators import compared
from goldwire.evaluate.scores import score

ROOT = Path(__file__).parents[1]
# What a person has done already: the rebels, under the id that the system gives the towns.
OWN = """\
{"doc": "A", "text": "Rebels hit two towns. They hit the port."}
{"segment": "g1", "start": 0, "end": 21}
{"segment": "g2", "start": 22, "end": 40}
{"actor": "a2", "type": "REB", "name": "rebels", "mentions": [{"text": "Rebels", "start": 0}]}
"""
FOUND = """\
{"doc": "A", "text": "Rebels hit two towns. They hit the port."}
{"actor": "a1", "type": "MIL", "mentions": [{"text": "Rebels", "start": 0}, {"text": "They", "start": 22}]}
{"actor": "a2", "type": "CIV", "mentions": [{"text": "two towns", "start": 11, "head": "towns"}]}
{"number": "n1", "mention": {"text": "two", "start": 11}, "kind": "COUNT", "value": "2", "counted": "a2"}
{"event": "e1", "trigger": {"text": "hit", "start": 7}, "type": "STRIKE", "coref": "e1", \
"args": [{"role": "agent", "ref": "a1"}, {"role": "target", "ref": "a2"}]}
{"event": "e2", "trigger": {"text": "hit", "start": 27}, "type": "STRIKE", "coref": "e1", \
"args": [{"role": "agent", "ref": "a1"}]}
{"link": "l1", "from": "e1", "to": "e2", "type": "CAUSES"}
"""


def read(text: str) -> Document:
    return lines.document(lines.rows(text.encode(), where="a.jsonl"), where="a.jsonl")


def both() -> Document:
    return suggested(read(OWN), read(FOUND), "tagger 2.0")


def test_what_a_person_did_stays_and_everything_else_is_marked() -> None:
    document = both()
    assert [(a.id, a.type, len(a.mentions)) for a in document.actors] == [("a2", "REB", 1), ("a1", "CIV", 1)]
    assert [s.id for s in pending(document)] == ["a1", "n1", "e1", "e2", "l1"]
    assert {s.by for s in pending(document)} == {"tagger 2.0"}
    # References follow the objects to their ids here: the agent is the person's own.
    assert [[a.ref for a in e.args] for e in document.events] == [["a2", "a1"], ["a2"]]
    assert document.numbers[0].counted == "a1"
    row = document.provenance[0]
    assert (row.on, row.annotator, row.action) == ("a1", "tagger 2.0", "suggested")


def test_accepted_ones_say_by_whom_and_keep_the_system() -> None:
    document = accept(both(), ["e1", "a1"], "Eva")
    assert [s.id for s in pending(document)] == ["n1", "e2", "l1"]
    (row,) = [r for r in document.provenance if r.on == "e1"]
    assert (row.annotator, row.action, row.tool) == ("Eva", "accepted", "tagger 2.0")
    assert document.events == both().events


def test_rejected_ones_go_with_all_that_refers_to_them() -> None:
    document, said = reject(both(), ["e1", "a1"])
    assert [x.id for kind, x in objects(document) if kind not in ("segment", "provenance")] == [
        "a2",
        "n1",
        "e2",
    ]
    assert document.events[0].coref == "e2"  # the chain has a new first mention
    assert document.numbers[0].counted == ""
    assert said == ["l1 CAUSES: removed too", "n1 COUNT «two»: counted a1 removed"]
    assert {r.on for r in document.provenance} == {"n1", "e2", ""}


def test_rejecting_all_gives_back_what_the_person_had() -> None:
    waiting = pending(both())
    document, _ = reject(both(), [s.id for s in waiting], "Eva")
    assert replace(document, provenance=()) == read(OWN)
    assert [(r.on, r.annotator, r.action, r.tool, r.note) for r in document.provenance] == [
        ("", "Eva", "rejected", s.by, s.words) for s in waiting
    ]


def test_only_what_waits_can_be_decided() -> None:
    for decide in (accept, reject):
        with pytest.raises(ValueError, match="a2, x9: no suggestion that waits for a decision"):
            decide(both(), ["a1", "a2", "x9"])
    with pytest.raises(ValueError, match="e1: no suggestion"):
        accept(accept(both(), ["e1"]), ["e1"])


def test_files_with_open_suggestions_are_no_gold_and_show_no_agreement() -> None:
    expected = "gold A: pending-suggestion: holds 5 suggestions that nobody has decided on"
    with pytest.raises(ProblemError, match=expected):
        score([both()], [read(OWN)])
    with pytest.raises(ProblemError, match=expected.replace("gold", "second")):
        compared({"first": [read(OWN)], "second": [both()]})
    done = accept(both(), [s.id for s in pending(both())])
    assert score([done], [both()])["events.trigger"].rates().f1 == 1  # as a prediction they are fine


def command(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "goldwire", *words], cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_the_commands(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(OWN, encoding="utf-8")
    (tmp_path / "found.jsonl").write_text(FOUND, encoding="utf-8")
    system = tmp_path / "tagger.py"
    system.write_text(
        'def tag(text):\n    return [[text.index("two"), text.index("two") + 9, "CIV"], [7, 10, "STRIKE"]]\n'
    )
    run = ["run", "tagger.py:tag", "--input", "a.jsonl", "--as", "suggestions", "-o", "a.jsonl"]
    done = command(tmp_path, *run)
    assert done.returncode == 0, done.stderr
    listed = command(tmp_path, "suggestions", "a.jsonl")
    # The labels are the ontology's, so the spans are an actor and an event.
    assert listed.stdout.splitlines() == [
        "a1 CIV –: «two towns»  (tagger.py:tag)",
        "e1 STRIKE «hit»: unspecified  (tagger.py:tag)",
    ]
    checked = command(tmp_path, "check", "a.jsonl")
    assert "pending-suggestion: warning: e1 was suggested by «tagger.py:tag»" in checked.stdout
    scored = command(tmp_path, "score", "found.jsonl", "--gold", "a.jsonl")
    assert (scored.returncode, scored.stderr.count("\n")) == (1, 1)
    assert scored.stderr.startswith("gold A: pending-suggestion: holds 2 suggestions")
    wrong = command(tmp_path, "suggestions", "a.jsonl", "--accept", "e7")
    assert (wrong.returncode, wrong.stderr) == (
        1,
        "a.jsonl: suggestion: e7: no suggestion that waits for a decision\n",
    )
    decided = command(
        tmp_path, "suggestions", "a.jsonl", "--accept", "e1", "--reject", "all", "--annotator", "Eva"
    )
    assert (decided.returncode, decided.stdout) == (0, "")
    left = read((tmp_path / "a.jsonl").read_text(encoding="utf-8"))
    assert ([a.id for a in left.actors], [e.id for e in left.events]) == (["a2"], ["e1"])
    assert [(r.on, r.annotator, r.action, r.tool) for r in left.provenance] == [
        ("", "Eva", "rejected", "tagger.py:tag"),
        ("e1", "Eva", "accepted", "tagger.py:tag"),
    ]
    assert command(tmp_path, "fmt", "--check", "a.jsonl").returncode == 0
    refused = command(tmp_path, *[x if x != "suggestions" else "gold" for x in run])
    assert (refused.returncode, "there is only suggestions" in refused.stderr) == (2, True)
