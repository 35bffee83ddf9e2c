"""Profiles as a whole: the table, what each is shown of a document, the command, the pages, the laws."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

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
    Place,
    Quotation,
    Time,
)
from goldwire.evaluate.laws import judge
from goldwire.evaluate.profiles import views
from goldwire.evaluate.profiles.spread import spread
from goldwire.evaluate.profiles.table import KINDS, PROFILES

PAGES = Path(__file__).parents[1] / "docs" / "profiles"
TEXT = (
    "Rebels shelled Deraa on Monday, killing about 12 civilians. The army said it hit the rebels' posts. "
    '"We won," said General Ali. He denied losses.'
)


def at(words, nth=0):
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return Mention(words, start)


GOLD = Document(
    TEXT,
    Meta("A"),
    actors=(
        Actor("a1", "REB", mentions=(at("Rebels"), at("the rebels"))),
        Actor("a2", "MIL", mentions=(at("The army"), at("it"))),
        Actor("a3", "PER", wikidata="Q7", mentions=(at("General Ali"), at("He"))),
        Actor("a4", "CIV", mentions=(at("civilians"),)),
    ),
    places=(Place("p1", "city", mentions=(at("Deraa"),)),),
    times=(Time("t1", at("Monday"), "DATE"),),
    numbers=(Number("n1", at("about 12"), "COUNT", "12", mod="approx", counted="a4"),),
    events=(
        Event("e1", at("shelled"), "STRIKE", args=(Argument("agent", "a1"), Argument("target", "p1"))),
        Event("e2", at("killing"), "CASUALTY", args=(Argument("victim", "a4", at("civilians")),)),
        Event("e3", at("hit"), "STRIKE", args=(Argument("target", "", at("posts")),)),
        Event("e4", at("losses"), "CASUALTY", coref="e2", modality="hedged"),
    ),
    quotations=(
        Quotation("q1", "a2", at("The army"), cue=(at("said"),), content=(at("it hit the rebels' posts"),)),
        Quotation(
            "q2", "a3", cue=(at("said", 1),), content=(at("We won"),), directness="direct", medium="Speech"
        ),
        Quotation("q3", "a3", cue=(at("denied"),), content=(at("losses"),)),
    ),
)
NOTHING = Document(TEXT, Meta("A"))


@pytest.mark.parametrize("name", PROFILES)
def test_a_perfect_answer_and_none(name):
    profile = PROFILES[name]
    assert profile([GOLD], [GOLD]).f1 == pytest.approx(1)
    assert profile([GOLD], [NOTHING]).f1 == 0
    assert profile.headline in profile.score([(GOLD, GOLD)])


def test_every_profile_has_a_page_and_every_page_a_profile():
    bare = {name.removesuffix("+fixed") for name in PROFILES}
    assert {p.stem for p in PAGES.glob("*.md")} - {"README"} == bare
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    for name in bare:
        page = (PAGES / f"{name}.md").read_text(encoding="utf-8")
        assert page.startswith(f"# {name}\n")
        shown = ["What it is shown of a document", "Its own input"]
        parts = ["Reference", "Definition", "Known faults", *shown, "Compared"]
        assert re.findall(r"(?m)^## (.*)$", page) == parts
        assert (f"`{name}+fixed`" in page) == (f"{name}+fixed" in PROFILES)
        assert f"[{name}]({name}.md)" in index
    assert sorted(" ".join(KINDS.values()).split()) == sorted(bare)


def test_one_system_under_rules_that_differ():
    # The arguments of two strikes are exchanged: nobody notices who does not ask what they belong to.
    first, second = GOLD.events[0], GOLD.events[2]
    pred = replace(
        GOLD,
        events=(replace(first, args=second.args), GOLD.events[1], replace(second, args=first.args)),
    )
    f1 = {name: PROFILES[name]([GOLD], [pred]).f1 for name in ("ace-li2013", "oneie", "textee-attached")}
    assert f1 == {"ace-li2013": 1, "oneie": 1, "textee-attached": 0.25}


def test_what_scorers_are_shown():
    assert views.tags(GOLD, GOLD)[:5] == ["B-REB", "O", "B-city", "O", "B-DATE"]
    assert views.ace_events(GOLD)[0] == ((7, 14, "STRIKE"), ((0, 6, "agent"), (15, 20, "target")))
    assert views.templates(GOLD)[0] == {
        "incident_type": "STRIKE",
        "agent": [["Rebels", "the rebels"]],
        "target": [["Deraa"]],
    }
    assert [t["incident_type"] for t in views.templates(GOLD)] == ["STRIKE", "CASUALTY", "STRIKE"]
    nuggets, chains = views.nuggets(GOLD)
    assert [n.realis for n in nuggets] == ["Actual", "Actual", "Actual", "Other"]
    assert chains == [["e2", "e4"]]
    quantity, entity = views.measurements(GOLD)
    assert (quantity.text, quantity.other) == ("about 12", {"mods": ["IsApproximate", "IsCount"]})
    assert (entity.text, entity.other) == ("civilians", {"HasQuantity": "Q1"})
    quote = views.german_quotes(GOLD)[1]
    assert (quote["type"], quote["medium"], len(quote["quote"]["tokenIds"])) == ("Direct", "Speech", 2)
    assert views.sfu_quotes(GOLD)[1]["speaker"] == "General Ali"
    assert {x.entity for x in views.linked(GOLD, 0)} == {"Q7", "NIL 0 a1", "NIL 0 a2", "NIL 0 a4", "NIL 0 p1"}


def test_masked_text_is_shown_to_nobody():
    from goldwire.annotate.document import Mask

    masked = replace(GOLD, masks=(Mask("m1", 0, 30),))
    found = [TEXT[i.start : i.end] for i in views.items(GOLD, masked)]
    assert "Rebels" not in found
    assert "civilians" in found


def test_a_refusal_is_a_sentence_not_a_crash():
    many = replace(GOLD, events=tuple(replace(GOLD.events[0], id=f"e{n}", coref=f"e{n}") for n in range(14)))
    (gtt, fixed) = spread([many], [many], names=("gtt", "gtt+fixed")).profiles
    assert gtt.headline is None
    assert gtt.refused.endswith("gtt+fixed has no such limit")
    assert fixed.headline is not None
    assert fixed.headline.f1 == 1


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "goldwire", "score", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_command(tmp_path):
    gold, pred = tmp_path / "gold.jsonl", tmp_path / "pred.jsonl"
    files.write(gold, [GOLD])
    first, *rest = GOLD.events  # without the actor that is not predicted
    events = (replace(first, args=first.args[1:]), *rest)
    files.write(pred, [replace(GOLD, actors=GOLD.actors[1:], events=events)])
    every = run(pred, "--gold", gold, "--profiles", "all", "--json")
    found = {p["profile"]: p for p in json.loads(every.stdout)["profiles"]}
    assert list(found) == list(PROFILES)
    low, high = json.loads(every.stdout)["ranges"]["coreference"].values()
    assert low < high
    # Three of four actors, five of seven mentions, two of three links, all whole.
    muc, b3, ceaf_e = 0.8, 2 * (5 / 7) / (1 + 5 / 7), 2 * (3 / 4) / (1 + 3 / 4)
    results = found["conll-v8.01"]["results"]
    assert results["conll"]["f1"] == pytest.approx((muc + b3 + ceaf_e) / 3)
    assert "|profile:conll-v8.01|" in found["conll-v8.01"]["signature"]
    shown = run(pred, "--gold", gold, "--profile", "lea").stdout
    assert re.search(r"(?m)^lea +100\.0 +71\.4 +83\.3$", shown)
    twice = run(pred, "--gold", gold, "--profile", "lea", "--match", "overlap")
    assert twice.returncode == 2
    assert "--match beside --profile: a profile decides this itself" in twice.stderr
    unknown = run(pred, "--gold", gold, "--profile", "nosuch")
    assert unknown.returncode == 1
    assert unknown.stderr.startswith("nosuch: unknown-profile: the profiles are semeval2013, nervaluate-1.2,")


@pytest.mark.parametrize("name", PROFILES)
def test_laws_are_kept_or_their_breach_is_declared(name):
    broken = [v for v in judge(PROFILES[name], form="documents", cases=15, drawn=2) if v.counterexample]
    assert not [(v.law.name, v.how) for v in broken if not v.declared]
