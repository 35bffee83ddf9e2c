"""goldwire agree: figures by hand, what is left out, every disagreement, the command."""

import json
import math
import sys

import pytest
from msgspec.structs import replace

from goldwire.annotate import files
from goldwire.annotate.document import (
    Actor,
    Argument,
    Document,
    Event,
    Mention,
    Meta,
    Number,
    Quotation,
    Segment,
    Time,
)
from goldwire.evaluate.agreement import figures
from goldwire.evaluate.agreement.annotators import Options, compared
from goldwire.evaluate.agreement.ceiling import ceiling
from goldwire.evaluate.agreement.disagreements import disagreements

TEXT = "The old army struck ten towns on Friday, Ada said. She left."
ARMY, HEAD = Mention("The old army", 0, head="army", head_start=8), Mention("army", 8)
STRUCK, LEFT = Mention("struck", 13), Mention("left", 55)
ADA, SHE = Mention("Ada", 41), Mention("She", 51)
QUICK = {"resamples": 50}


def document(**layers):
    segments = (Segment("g1", 0, 50), Segment("g2", 51, 60))
    return Document(TEXT, Meta("A", layers=("mentions", "events")), segments=segments, **layers)


def found(a, b, layer, **options):
    both = compared({"a": [a], "b": [b]})
    return {(f.measure, f.match, f.kind): f for f in figures(both, Options((layer,), **QUICK, **options))}


def test_extents_in_dispute():
    a = document(actors=(Actor("a1", "MIL", mentions=(ARMY,)), Actor("a2", "PER", mentions=(ADA, SHE))))
    b = document(actors=(Actor("a7", "MIL", mentions=(HEAD,)), Actor("a8", "CIV", mentions=(ADA,))))
    rows = found(a, b, "actors")
    exact, heads = (rows["mention(typed=False)", way, "F1"] for way in ("exact", "heads"))
    assert (exact.value, exact.same, exact.n) == (0.4, 1, 2.5)  # Ada, of three and two mentions
    assert (heads.value, heads.same) == (0.8, 2)
    assert rows["mention", "heads", "F1"].value == 0.4  # and of one type: the army
    assert (rows["extent", "", "share"].value, rows["extent", "", "share"].n) == (0.5, 2)
    assert rows["type", "", "share"].value == 0.5
    # LEA of {army} {Ada, She} against {army} {Ada}: one way 1/3 resolved, the other 1/2, F1 = .4.
    assert rows["coreference lea", "heads", "F1"].value == pytest.approx(0.4)
    assert rows["coreference(given=True) lea", "heads", "F1"].value == 1.0
    assert str(rows["coreference lea", "heads", "F1"].bounds) == "– (1 document)"


def test_choices_beyond_chance():
    triggers = [
        (f"e{i}", Mention(word, TEXT.index(word))) for i, word in enumerate(("struck", "said", "left", "ten"))
    ]
    types = {"a": "XXYY", "b": "XYYY"}
    a, b = (
        document(events=tuple(Event(i, m, t) for (i, m), t in zip(triggers, types[who], strict=True)))
        for who in "ab"
    )
    rows = found(a, b, "events")
    assert rows["type", "", "share"].value == 0.75
    assert rows["type", "", "kappa"].value == pytest.approx((3 / 4 - 1 / 2) / (1 - 1 / 2))
    # Coincidences: 8 values, 3 X and 5 Y, 2 of them in a pair that disagrees.
    assert rows["type", "", "alpha"].value == pytest.approx(1 - 7 * 2 / (64 - 9 - 25))
    assert math.isnan(rows["polarity", "", "kappa"].value)
    assert rows["trigger", "heads", "F1"].value == 0.75


def test_arguments_by_role_and_entity():
    ada = Actor("a1", "PER", mentions=(ADA, SHE))
    a = document(actors=(ada,), events=(Event("e1", LEFT, "MOVE", args=(Argument("mover", "a1", SHE),)),))
    other = Actor("x9", "PER", mentions=(SHE, ADA))
    b = document(actors=(other,), events=(Event("e5", LEFT, "MOVE", args=(Argument("mover", "x9", ADA),)),))
    assert found(a, b, "events")["argument", "heads", "F1"].value == 1.0
    c = document(actors=(other,), events=(Event("e5", LEFT, "MOVE", args=(Argument("origin", "x9", ADA),)),))
    assert found(a, c, "events")["argument", "heads", "F1"].value == 0.0


def test_values_from_metadata_are_left_out():
    friday = Mention("Friday", 33)
    a = document(times=(Time("t1", friday, "DATE", value="2018-07-06", basis="metadata"),))
    b = document(times=(Time("t1", friday, "DATE", value="XXXX-07-06", basis="text"),))
    rows = found(a, b, "times")
    assert rows["span(typed=False)", "exact", "F1"].value == 1.0
    assert ("value", "", "share") not in rows
    assert not any(d.field == "value" for d in disagreements(compared({"a": [a], "b": [b]})))


def test_quotations_given_a_match():
    said, cue = Mention("The old army struck ten towns", 0), Mention("said", 45)
    part = Mention("army struck ten towns", 8)
    people = (Actor("a1", "PER", mentions=(ADA,)), Actor("a2", "MIL", mentions=(ARMY,)))
    a = document(actors=people, quotations=(Quotation("q1", "a1", cue=(cue,), content=(said,)),))
    b = document(actors=people, quotations=(Quotation("q1", "a2", cue=(cue,), content=(part,)),))
    rows = found(a, b, "quotations")
    assert rows["content", "exact", "F1"].value == 0.0
    assert rows["content", "overlap@0.5", "F1"].value == 1.0
    assert rows["content", "partial", "F1"].value == pytest.approx(2 * 21 / (21 + 29))
    assert rows["extent", "", "share"].value == 0.0
    assert rows["cue", "", "share"].value == 1.0
    assert rows["speaker(given=True)", "heads overlap@0.5", "F1"].value == 0.0
    fields = {d.field: d.said for d in disagreements(compared({"a": [a], "b": [b]}))}
    assert fields["speaker"] == {"a": "Ada", "b": "army"}


def test_three_annotators():
    kinds = {"a": "XY", "b": "XY", "c": "XX"}
    texts = {
        who: [document(events=(Event("e1", STRUCK, k[0]), Event("e2", LEFT, k[1])))]
        for who, k in kinds.items()
    }
    both = compared(texts)
    rows = {
        (f.measure, f.kind, f.annotators): f for f in figures(both, Options(("events",), pairs=True, **QUICK))
    }
    # a–b 1, a–c and b–c 1/2.
    assert rows["trigger", "F1", ""].value == pytest.approx(2 / 3)
    assert rows["trigger", "F1", "a–b"].value == 1.0
    assert rows["type", "share", ""].value == pytest.approx(4 / 6)
    # P = (1 + 1/3)/2, X 4 of 6, Y 2 of 6.
    assert rows["type", "fleiss", ""].value == pytest.approx((2 / 3 - 5 / 9) / (1 - 5 / 9))
    assert ("type", "fleiss", "a–b") not in rows
    [one] = disagreements(both)
    assert (one.text, one.field, one.said) == ("left", "type", {"a": "Y", "b": "Y", "c": "X"})


def test_every_disagreement():
    people = Actor("a1", "PER", mentions=(ADA, SHE)), Actor("a2", "MIL", mentions=(ARMY,))
    apart = Actor("a1", "PER", mentions=(ADA,)), Actor("a3", "PER", mentions=(SHE,)), people[1]
    ten = Number("n1", Mention("ten towns", 20, head="ten", head_start=20), "COUNT", "10", counted="a1")
    a = document(
        actors=people, numbers=(ten,), events=(Event("e1", LEFT, "MOVE", args=(Argument("mover", "a1"),)),)
    )
    b = document(
        actors=apart,
        numbers=(replace(ten, counted="a2", mod="approx"),),
        events=(Event("e1", LEFT, "MOVE"), Event("e2", STRUCK, "STRIKE")),
    )
    seen = [
        (d.layer, d.text, d.field, tuple(d.said.values()))
        for d in disagreements(compared({"a": [a], "b": [b]}))
    ]
    assert seen == [
        ("events", "struck", "exists", (None, "struck")),
        ("events", "left", "args[mover]", ("Ada", "")),
        ("actors", "Ada", "coreference", ("She", "")),
        ("actors", "She", "coreference", ("Ada", "")),
        ("numbers", "ten towns", "mod", ("exact", "approx")),
        ("numbers", "ten towns", "counted", ("Ada", "army")),
    ]
    assert list(disagreements(compared({"a": [a], "b": [a]}))) == []


def test_documents_that_not_all_have():
    a, b = Document("One."), Document("Two.")
    both = compared({"a": [a, b], "b": [b]})
    assert (both.documents, both.missing) == (("#2",), ("#1",))


def test_the_gold_without_one_event():
    gold = files.gold()
    less = [replace(gold[0], events=gold[0].events[1:]), *gold[1:]]
    n = sum(len(d.events) for d in gold)
    rows = {
        (f.measure, f.kind): f
        for f in figures(compared({"a": gold, "b": less}), Options(("events",), **QUICK))
    }
    assert rows["trigger(typed=False)", "F1"].value == pytest.approx(2 * (n - 1) / (2 * n - 1))
    assert rows["trigger(typed=False)", "F1"].bounds.by == "sentence"
    assert rows["type", "kappa"].value == 1.0
    assert 0.8 < rows["units", "alpha_u"].value < 1


def test_the_ceiling():
    a = document(events=(Event("e1", STRUCK, "X"), Event("e2", LEFT, "X")))
    b = document(events=(Event("e1", STRUCK, "X"), Event("e2", LEFT, "Y")))
    c = document(events=(Event("e1", STRUCK, "X"),))
    rows = {
        r.metric: r for r in ceiling(compared({"a": [a], "b": [b]}), [a], [c], Options(("events",), **QUICK))
    }
    assert rows["events.trigger"].annotators == 0.5
    assert rows["events.trigger"].system == pytest.approx(2 / 3)
    assert rows["events.trigger"].ratio == pytest.approx(4 / 3)


def run(monkeypatch, capsys, *arguments):
    from goldwire.__main__ import main

    monkeypatch.setattr(sys, "argv", ["goldwire", "agree", *map(str, arguments)])
    try:
        main()
        code = 0
    except SystemExit as end:
        code = end.code or 0
    return code, *capsys.readouterr()


def test_the_command(tmp_path, monkeypatch, capsys):
    for name, kind in (("ann", "STRIKE"), ("ben", "CLASH")):
        (tmp_path / name).mkdir()
        files.write(tmp_path / name / "A.jsonl", [document(events=(Event("e1", STRUCK, kind),))])
    ann, ben, out = tmp_path / "ann", tmp_path / "ben", tmp_path / "out.jsonl"
    code, shown, _ = run(monkeypatch, capsys, ann, ben, "--layer", "events", "--disagreements", out)
    assert code == 0
    assert "annotators: ann, ben" in shown
    assert "no coefficient tells whether the annotators worked independently" in shown
    assert [json.loads(line)["field"] for line in out.read_text().splitlines()] == ["type"]
    code, shown, _ = run(monkeypatch, capsys, ann, ben, "--json", "--gamma", "--by", "label")
    values = json.loads(shown)
    assert values["annotators"] == ["ann", "ben"]
    assert {"F1", "share", "kappa", "alpha_u", "gamma"} <= {f["kind"] for f in values["figures"]}
    code, _, said = run(monkeypatch, capsys, ann)
    assert (code, "two annotators at least" in said) == (2, True)
    code, _, said = run(monkeypatch, capsys, ann, ann)
    assert (code, "ann: given-twice: " in said) == (1, True)
    code, _, said = run(monkeypatch, capsys, ann, ben, "--layer", "colours")
    assert (code, "'colours' is none of" in said) == (2, True)
    files.write(ben / "A.jsonl", [replace(document(), text=TEXT.upper())])
    code, shown, said = run(monkeypatch, capsys, ann, ben)
    assert (code, shown) == (1, "")
    assert said.startswith("ben: other-text: document A")
