"""Decisions make the gold of two annotations, and every gold can be told as decisions."""

import pytest

from goldwire.annotate.changes.adjudicate import Decision, adjudicated, cases, derived
from goldwire.annotate.changes.diff import diff
from goldwire.annotate.document import Document
from goldwire.annotate.formats import lines
from goldwire.annotate.problems import ProblemError

A = """\
{"doc": "A", "text": "Rebels hit two towns and the port."}
{"actor": "a1", "type": "REB", "mentions": [{"text": "Rebels", "start": 0}]}
{"actor": "a2", "type": "CIV", "mentions": [{"text": "two towns", "start": 11, "head": "towns"}]}
{"event": "e1", "trigger": {"text": "hit", "start": 7}, "type": "STRIKE", \
"args": [{"role": "agent", "ref": "a1"}]}
"""
B = """\
{"doc": "A", "text": "Rebels hit two towns and the port."}
{"actor": "a1", "type": "REB", "mentions": [{"text": "Rebels", "start": 0}]}
{"place": "p1", "kind": "city", "mentions": [{"text": "two towns", "start": 11, "head": "towns"}]}
{"event": "e9", "trigger": {"text": "hit", "start": 7}, "type": "ATTACK", \
"args": [{"role": "agent", "ref": "a1"}, {"role": "target", "ref": "p1"}]}
"""
# Neither annotator has the port; the type is the first's, the target the second's.
GOLD = """\
{"doc": "A", "text": "Rebels hit two towns and the port."}
{"actor": "a1", "type": "REB", "mentions": [{"text": "Rebels", "start": 0}]}
{"place": "p1", "kind": "city", "mentions": [{"text": "two towns", "start": 11, "head": "towns"}]}
{"place": "p2", "kind": "site", "mentions": [{"text": "the port", "start": 25, "head": "port"}]}
{"event": "e1", "trigger": {"text": "hit", "start": 7}, "type": "STRIKE", \
"args": [{"role": "agent", "ref": "a1"}, {"role": "target", "ref": "p1"}, {"role": "target", "ref": "p2"}]}
"""


def read(text: str) -> Document:
    return lines.document(lines.rows(text.encode(), where="a.jsonl"), where="a.jsonl")


def test_the_cases_of_two_annotators() -> None:
    assert [(c.id, c.object, c.part, c.a, c.b) for c in cases(read(A), read(B))] == [
        ("A-001", "e1 STRIKE «hit»", "args[target]", "–", "p1 city «two towns»"),
        ("A-002", "e1 STRIKE «hit»", "type", "STRIKE", "ATTACK"),
        ("A-003", "a2 CIV «two towns»", "", "a2", "–"),
        ("A-004", "p1 city «two towns»", "", "–", "p1"),
    ]


def test_decisions_choose() -> None:
    chosen = [Decision(f"A-{n:03d}", decision=d) for n, d in enumerate("babb", start=1)]
    result = adjudicated(read(A), read(B), chosen, where="d.jsonl")
    (event,) = result.events
    assert (event.type, [(a.role, a.ref) for a in event.args]) == (
        "STRIKE",
        [("agent", "a1"), ("target", "p1")],
    )
    assert [a.id for a in result.actors] == ["a1"]
    assert [p.id for p in result.places] == ["p1"]


def test_every_gold_can_be_told_as_decisions() -> None:
    a, b, gold = read(A), read(B), read(GOLD)
    decisions = derived(a, b, gold)
    assert diff(adjudicated(a, b, decisions, where="d.jsonl"), gold) == []
    assert [d.decision for d in decisions] == ["a", "a", "b", "b", "set", "add"]


def test_a_case_left_open_is_named() -> None:
    with pytest.raises(ProblemError, match=r"d\.jsonl: open-case: A-001 has no decision"):
        adjudicated(read(A), read(B), [], where="d.jsonl")
