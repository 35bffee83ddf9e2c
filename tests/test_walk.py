"""Adjudication as a walk: every answer leads to a state, and every state to the gold by hand."""

from itertools import combinations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from goldwire.annotate import files
from goldwire.annotate.changes import walk as walks
from goldwire.annotate.changes.adjudicate import adjudicated, cases
from goldwire.annotate.changes.counterparts import align
from goldwire.annotate.changes.diff import diff
from goldwire.annotate.changes.view import view
from goldwire.annotate.changes.walk import Walk, answer, begin, gold, rows
from goldwire.annotate.formats import lines
from goldwire.annotate.problems import ProblemError
from goldwire.evaluate.alignment import Alignment

from .test_adjudicate import GOLD, A, B, read

RULES = ("event-tree", "actor-type", "place-tree", "maximal-extent")
# A third annotator: the type of nobody else, the towns as a place of another kind, and the port.
C = """\
{"doc": "A", "text": "Rebels hit two towns and the port."}
{"actor": "a5", "type": "REB", "mentions": [{"text": "Rebels", "start": 0}]}
{"place": "p9", "kind": "area", "mentions": [{"text": "two towns", "start": 11, "head": "towns"}]}
{"place": "p1", "kind": "site", "mentions": [{"text": "the port", "start": 25, "head": "port"}]}
{"event": "e1", "trigger": {"text": "hit", "start": 7}, "type": "BOMB", \
"args": [{"role": "agent", "ref": "a5"}, {"role": "target", "ref": "p9"}, {"role": "target", "ref": "p1"}]}
"""


def begun(*texts: str, steps: tuple[walks.Step, ...] = ()) -> Walk:
    names = ["first", "second", "third"][: len(texts)]
    return begin([[read(t) for t in texts]], names, ontology=files.ontology(), rules=RULES, steps=steps)


def answered(walk: Walk, *said: str) -> Walk:
    for x in said:
        walk = answer(walk, x)
    return walk


def test_the_cases_come_one_by_one_and_make_the_gold() -> None:
    walk = begun(A, B)
    seen = []
    for key in "babb":
        seen.append((walk.case.id, walk.case.part, walk.asks))
        walk = answered(walk, key, "slip", "event-tree", "")
    assert seen == [
        ("A-001", "args[target]", "choice"),
        ("A-002", "type", "choice"),
        ("A-003", "", "choice"),
        ("A-004", "", "choice"),
    ]
    assert (walk.asks, walks.open_cases(walk)) == ("end", [])
    made = gold(walk, "A")
    by_file = adjudicated(read(A), read(B), rows(walk), where="d.jsonl")
    assert diff(made, by_file) == [c for c in diff(made, by_file) if c.kind == "provenance"]
    assert [(e.type, [(a.role, a.ref) for a in e.args]) for e in made.events] == [
        ("STRIKE", [("agent", "a1"), ("target", "p1")])
    ]
    assert [(r.id, r.decision, r.cause, r.rule, r.a) for r in rows(walk)][:2] == [
        ("A-001", "b", "slip", "event-tree", "–"),
        ("A-002", "a", "slip", "event-tree", "STRIKE"),
    ]


def test_the_provenance_of_the_gold_says_who_why_and_by_which_rule() -> None:
    walk = begun(A, B)
    for key in "babb":
        walk = answered(walk, key, "2", "place", "as the guide has it")
    found = [(v.on, v.annotator, v.action, v.rule, v.cause, v.note) for v in gold(walk, "A").provenance]
    decided = ("adjudicator", "decided", "place-tree", "guideline_ambiguous")
    assert found == [
        ("", "first and second", "adjudicated", "", "", ""),
        ("e1", *decided, "A-001"),
        ("e1", *decided, "A-002"),
        ("p1", *decided, "A-004"),  # a2 of A-003 is not in the gold
    ]


def test_undo_takes_back_one_step_and_no_more() -> None:
    walk = answered(begun(A, B), "b", "slip", "actor-type", "")
    assert (walk.case.id, list(walk.decisions)) == ("A-002", ["A-001"])
    half = answered(walk, "a", "slip")
    assert half.asks == "rule"
    back = answer(half, "u")
    assert (back.case.id, back.asks, list(back.decisions)) == ("A-002", "choice", ["A-001"])
    gone = answer(back, "u")
    assert (gone.case.id, gone.decisions, gone.said) == ("A-001", {}, "taken back: A-001 b")
    assert answer(gone, "u").said == "nothing has been decided yet"


def test_what_is_skipped_stays_open() -> None:
    walk = answered(begun(A, B), "s", "a", "slip", "actor-type", "", "s", "s")
    assert (walk.asks, [walk.cases[i].id for i in walks.open_cases(walk)]) == (
        "end",
        ["A-001", "A-003", "A-004"],
    )
    assert answer(walk, "s").case.id == "A-001"
    assert answer(walk, "").asks == "stop"


@pytest.mark.parametrize("key", ["c", "x", "", "ab", "é"])
def test_an_unknown_key_changes_nothing(key: str) -> None:
    walk = begun(A, B)
    after = answer(walk, key)
    assert after.said.endswith("is no key here; ? lists them")
    assert (after.at, after.asks, after.steps) == (0, "choice", ())


def test_cause_and_rule_are_held_to_the_guidelines() -> None:
    walk = answer(begun(A, B), "a")
    assert answer(walk, "carelessness").said.startswith("«carelessness» is no cause")
    assert answer(walk, "guideline").said == (
        "«guideline» is no cause; one of guideline_silent, guideline_ambiguous?"
    )
    assert answer(walk, "0").asks == "cause"
    walk = answer(walk, "text")
    assert walk.draft[0].cause == "text_ambiguous"
    assert answer(walk, "tree").said == "«tree» is no rule; one of event-tree, place-tree?"
    assert answer(walk, "").said == "say a rule; ? lists them"
    assert answer(walk, "extent").draft[0].rule == "maximal-extent"
    # An empty answer repeats the rule of the decision before.
    again = answered(walk, "extent", "", "b", "slip", "")
    assert again.draft[0].rule == "maximal-extent"


def test_lines_written_by_hand_decide_and_add() -> None:
    """The gold of test_adjudicate: the first's type, the second's target, and a port that neither has."""
    walk = answer(begun(A, B), "e")
    given = walks.lines_of(walk)
    assert given.splitlines()[-1].startswith('{"event": "e1"')
    assert '# b: {"event": "e1"' in given
    port = '{"place": "", "kind": "site", "mentions": ["the port"]}'.replace(
        '"the port"', '{"text": "the port", "head": "port"}'
    )
    event = '{"event": "e1", "type": "STRIKE", "trigger": "hit", "args": [{"role": "agent", "ref": "a1"}, \
{"role": "target", "ref": "p1"}, {"role": "target", "ref": "p2"}]}'
    walk = answer(walk, f"# what is right\n{event}\n{port}\n")
    assert walk.asks == "cause", walk.said
    walk = answered(walk, "slip", "event-tree", "the port too")
    assert [(d.id, d.decision) for d in walk.steps[0]] == [("A-001", "edit"), ("A+001", "add")]
    for key in "abb":
        walk = answered(walk, key, "slip", "event-tree", "")
    assert walk.asks == "end"
    left = [str(c) for c in diff(gold(walk, "A"), read(GOLD)) if c.kind != "provenance"]
    assert left == []
    assert {(d.cause, d.rule) for d in rows(walk)} == {("slip", "event-tree")}


def test_lines_without_the_object_leave_it_out() -> None:
    walk = answered(begun(A, B), "e", "# nothing is right\n", "slip", "event-tree", "")
    # The event is gone, and with it the question what its type is.
    assert [(d.id, d.decision, d.object) for d in rows(walk)] == [
        ("A-001", "a", "e1 STRIKE «hit»"),
        ("A+001", "drop", "e1 STRIKE «hit»"),
    ]
    assert walk.case.id == "A-003"
    assert gold(answered(walk, "a", "slip", "", "", "b", "slip", "", ""), "A").events == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"event": "e1", "trigger": "hit"', "not-json"),
        ('{"event": "e1", "type": "STRIKE", "trigger": "struck"}', "surface-missing"),
        ('{"event": "e1", "type": "STRIKE", "trigger": "hit", "args": {"agent": "a99"}}', "dangling-id"),
        ('{"event": "e1", "type": "SMITE", "trigger": "hit"}', "unknown-label"),
    ],
)
def test_lines_that_break_something_are_kept_for_another_try(text: str, said: str) -> None:
    walk = answered(begun(A, B), "e", text)
    assert said in walk.said
    assert (walk.asks, walk.steps, walks.lines_of(answer(walk, "e"))) == ("choice", (), text)


def test_a_journal_leads_back_to_where_it_stopped() -> None:
    walk, journal = begun(A, B), []
    for said in ("b", "slip", "event-tree", "", "a", "slip", "", "", "u", "s", "e", "", "slip", "", ""):
        after = answer(walk, said)
        if row := walks.entry(walk, after):
            journal.append(msgspec.json.decode(msgspec.json.encode(row)))
        walk = after
    again = begun(A, B, steps=walks.replayed(journal))
    assert (again.steps, rows(again)) == (walk.steps, rows(walk))
    assert again.case.id == "A-002"  # skipped before, open now
    with pytest.raises(ValueError, match="is no step of an adjudication"):
        walks.replayed([{"undone": "A-001"}])


def test_a_journal_of_other_annotations_is_refused() -> None:
    walk = answered(begun(A, B), "s", "b", "slip", "event-tree", "")
    with pytest.raises(ProblemError, match="A-002 e1 STRIKE «hit»: the annotations have changed"):
        begun(A, B.replace("ATTACK", "BATTLE"), steps=walk.steps)


def test_three_annotators() -> None:
    found = cases(read(A), read(B), read(C))
    assert [(c.id, c.object, c.part, c.a, c.b, c.c) for c in found] == [
        (
            "A-001",
            "e1 STRIKE «hit»",
            "args[target]",
            "–",
            "p1 city «two towns»",
            "p1 site «the port», p9 area «two towns»",
        ),
        ("A-002", "e1 STRIKE «hit»", "type", "STRIKE", "ATTACK", "BOMB"),
        ("A-003", "a2 CIV «two towns»", "", "a2", "–", "–"),
        ("A-004", "p1 city «two towns»", "", "–", "p1", "p9"),
        ("A-005", "p1 city «two towns»", "kind", "–", "city", "area"),
        ("A-006", "p1 site «the port»", "", "–", "–", "p1"),
    ]
    walk = begun(A, B, C)
    for key in "cbbc":  # the towns are a place
        walk = answered(walk, key, "slip", "place-tree", "")
    assert walk.case.id == "A-005"
    assert answer(walk, "a").said == "«a» is no key here; ? lists them"
    walk = answered(walk, "c", "slip", "", "", "c", "slip", "", "")
    assert walk.asks == "end"
    made = gold(walk, "A")
    assert [(p.id, p.kind) for p in made.places] == [("p1", "area"), ("p2", "site")]
    assert [(e.type, [a.ref for a in e.args]) for e in made.events] == [("ATTACK", ["a1", "p1", "p2"])]
    third = [c for c in diff(made, read(C)) if c.kind != "provenance"]
    assert [str(c) for c in third] == ["e1 ATTACK «hit»: type ATTACK → BOMB"]


def test_parts_of_an_object_that_is_decided_away_are_not_asked_for() -> None:
    walk = begun(A, B, C)
    for key in "abba":
        walk = answered(walk, key, "slip", "place-tree", "")
    assert walk.case.id == "A-006"
    walk = answered(walk, "a", "slip", "", "")
    assert walk.asks == "end"
    result = adjudicated(read(A), read(B), rows(walk), where="d.jsonl", more=[read(C)])
    assert result.places == ()


def test_what_is_seen_of_a_case() -> None:
    seen = view(begun(A, B))
    assert (seen.id, seen.number, seen.cases, seen.open, seen.part) == ("A-001", 1, 4, 4, "target")
    (stretch,) = seen.context
    assert [stretch.text[s - stretch.start : e - stretch.start] for s, e in stretch.marks] == ["hit"]
    assert [(r.letter, r.annotator, r.said) for r in seen.readings] == [
        ("a", "first", "–"),
        ("b", "second", "p1 city «two towns»"),
    ]
    assert seen.readings[0].object == "e1 STRIKE «hit»: agent a1 REB «Rebels»; unspecified"
    assert msgspec.json.decode(msgspec.json.encode(seen))["id"] == "A-001"


def test_the_corpus_can_be_walked_from_its_own_decisions() -> None:
    names = ("first", "second")
    sides = [list(files.iterate(files.packaged("corpus") / "annotators" / n)) for n in names]
    walk = begin(list(zip(*sides, strict=True)), names, ontology=files.ontology(), rules=RULES)
    assert [c.id for c in walk.cases] == [c.id for a, b in zip(*sides, strict=True) for c in cases(a, b)]
    for i, case in enumerate(walk.cases):
        seen = view(msgspec.structs.replace(walk, at=i))
        assert all(s.text[b - s.start : e - s.start] for s in seen.context for b, e in s.marks), case.id
        untouched = answer(
            msgspec.structs.replace(walk, at=i, asks="lines"),
            walks.lines_of(msgspec.structs.replace(walk, at=i)),
        )
        # What is not changed follows the first who has the object, and decides nothing else.
        chosen = "ab"[case.has.index(True)]
        assert [(d.id, d.decision) for d in untouched.draft] == [(case.id, chosen)], untouched.said


def test_lines_of_a_walk_are_lines() -> None:
    text = walks.lines_of(begun(A, B))
    assert [lines.parse(x, where="x", number=1)["event"] for x in text.splitlines() if x[0] != "#"] == ["e1"]


def test_objects_are_matched_as_the_scorer_matches_them() -> None:
    """Whatever the scorer pairs exactly, a case is about; adjudication pairs what only overlaps, too."""
    passes = [
        {d.meta.doc_id: d for d in files.iterate(files.packaged("corpus") / "annotators" / name)}
        for name in ("first", "second", "cold-1")
    ]
    pairs = 0
    for one, other in combinations(passes, 2):
        for name, document in one.items():
            same = align(document, other[name])
            scored = Alignment(document, other[name], "exact")
            for layer in ("events", "numbers", "times", "quotations"):
                for couple in getattr(scored, layer):
                    assert same[couple.pred.id] == couple.gold.id, (name, layer, couple.gold.id)
                    pairs += 1
    assert pairs > 300


ANSWERS = st.lists(
    st.sampled_from(["a", "b", "c", "e", "s", "u", "?", "", "slip", "2", "event-tree", "place", "# nothing"]),
    max_size=60,
)


@settings(max_examples=30, deadline=None)
@given(ANSWERS)
def test_whatever_is_answered_the_journal_the_records_and_the_gold_agree(said: list[str]) -> None:
    walk, journal = begun(A, B, C), []
    for x in said:
        after = answer(walk, x)
        if row := walks.entry(walk, after):
            journal.append(row)
        walk = after
    assert walks.replayed(journal) == walk.steps
    made = replace(gold(walk, "A"), provenance=())
    if not walks.open_cases(walk):
        assert made == adjudicated(read(A), read(B), rows(walk), where="d.jsonl", more=[read(C)])
    # And from there it can always be ended.
    for _ in range(50):
        match walk.asks:
            case "choice":
                walk = answer(walk, walk.case.letters[0])
            case "lines":
                walk = answer(walk, "")
            case "cause":
                walk = answer(walk, "slip")
            case "rule":
                walk = answer(walk, "event-tree")
            case "note":
                walk = answer(walk, "")
            case "end":
                walk = answer(walk, "s" if walk.skipped and walks.open_cases(walk) else "")
    assert walk.asks == "stop"
