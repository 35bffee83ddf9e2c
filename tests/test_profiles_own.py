"""The references' cases through the public door: their own input in files, scored by name."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from math import nan
from pathlib import Path

import pytest

from goldwire.annotate.problems import ProblemError
from goldwire.evaluate.counts import Counts
from goldwire.evaluate.profiles import historical, nuggets, own, ownfiles, shapes
from goldwire.evaluate.profiles.profile import averages
from goldwire.evaluate.profiles.spread import of_own
from goldwire.evaluate.profiles.table import PROFILES

from .reference_cases import REFERENCES, cases, same

SHARED = os.environ.get("GOLDWIRE_SHARED")
without_shared = pytest.mark.skipif(not SHARED, reason="GOLDWIRE_SHARED names no folder")
PAGES = Path(__file__).parents[1] / "docs" / "profiles"


@pytest.fixture
def scored_or_refused(tmp_path):
    """A function that writes both sides into files and gives what profiles say of them."""

    def run(gold, pred, *names):
        for side, value in (("gold", gold), ("pred", pred)):
            (tmp_path / f"{side}.json").write_text(json.dumps(value), encoding="utf-8")
        return of_own(str(tmp_path / "gold.json"), str(tmp_path / "pred.json"), names).profiles

    return run


@pytest.fixture
def scored(scored_or_refused):
    """The same where nothing is refused; a single profile by itself."""

    def run(gold, pred, *names):
        found = scored_or_refused(gold, pred, *names)
        assert not any(p.refused for p in found)
        return found[0] if len(names) == 1 else found

    return run


def test_every_profile_but_those_of_mended_tags_takes_its_own_input():
    assert set(PROFILES) - set(own.OWN) == {"seqeval+fixed", "seqeval-strict+fixed", "conlleval+fixed"}
    for name, found in own.OWN.items():
        page = (PAGES / f"{name.removesuffix('+fixed')}.md").read_text(encoding="utf-8")
        part = re.search(r"(?ms)^## Its own input\n\n(.*?)^## ", page)
        assert part is not None, name
        assert shapes.SHAPES[found.shape].rstrip(".") in part[1].replace("`", ""), name


@pytest.mark.parametrize("case", cases("nervaluate"))
def test_nervaluate(case, scored):
    found = scored(case["true"], case["pred"], "nervaluate-1.2").results
    wanted = {
        scheme: row
        for scheme, row in case["overall"].items()
        if scheme in ("strict", "exact", "partial", "ent_type")
    }
    for label, rows in case["per_type"].items():
        wanted |= {f"{scheme} {label}": row for scheme, row in rows.items()}
    assert found.keys() == wanted.keys()
    for name, row in wanted.items():
        same(found[name], [row[k] for k in ("precision", "recall", "f1")])


@pytest.mark.parametrize("case", cases("seqeval"))
def test_seqeval(case, scored):
    for key, name in (("default", "seqeval"), ("strict_IOB2", "seqeval-strict")):
        found = scored(case["y_true"], case["y_pred"], name)
        for average, expected in case[key].items():
            same(found.results[average], [nan if x is None else x for x in expected])
    whole = averages(own.rows("seqeval", case["y_true"], case["y_pred"]), value=1.0)
    same(whole["micro"], case["zero_division_1_micro"])


@pytest.mark.parametrize("case", cases("events"))
def test_events(case, scored):
    textee, oneie = scored(case["gold"], case["pred"], "textee-attached", "oneie")
    for name, expected in case["textee"].items():
        same([100 * x for x in textee.results[name]], [expected[k] for k in ("p", "r", "f1")])
        row = textee.counts[name]
        assert (row.p_hit, row.p_all, row.r_all) == (expected["match"], expected["pred"], expected["gold"])
    names = ("Trigger identification", "Trigger", "Role identification", "Role")
    for rates, printed in zip(oneie.results.values(), names, strict=True):
        p, r, f = (100 * x for x in rates)
        assert f"{printed}: P: {p:.2f}, R: {r:.2f}, F: {f:.2f}" in case["oneie_stdout"]


@pytest.mark.parametrize("case", cases("templates"))
def test_templates(case, scored):
    wanted = {
        "gtt": ("all", case["gtt_micro"]),
        "ceaf-rme-subset": ("all", case["ceaf_rme"]["phi-subset"]),
        "ceaf-rme-phi3": ("all", case["ceaf_rme"]["phi-3"]),
        "ceaf-ree": ("micro", case["ceaf_ree"]["strict"]),
    }
    for name, (headline, expected) in wanted.items():
        found = scored(case["gold"], case["pred"], name)
        same(found.results[headline], [expected[k] for k in ("p", "r", "f1")])
        if headline == "all":
            row = found.counts["all"]
            assert [row.p_hit, row.p_all, row.r_hit, row.r_all] == pytest.approx(
                [expected[k] for k in ("p_num", "p_den", "r_num", "r_den")]
            )
    expected = case["ceaf_ree"]["prop"]
    same(
        scored(case["gold"], case["pred"], "ceaf-ree").results["proportional micro"],
        [expected[k] for k in ("p", "r", "f1")],
    )


@pytest.mark.parametrize("case", cases("quotations", "german2024_cases.json"))
def test_german(case, scored):
    found = scored(case["gold"], case["pred"], "german-quotes-2024").results
    names = {"msg": "quote", "roles": "roles", "joint": "joint", "form": "form", "stwr": "stwr"}
    for theirs, name in names.items():
        same(found[name], [case["german2024"][f"{k}_{theirs}"] for k in ("prec", "rec", "f1")])


@pytest.mark.parametrize("case", cases("quotations", "sfu_cases.json"))
def test_gender_gap(case, scored):
    found = scored(case["gold"], case["pred"], "gender-gap-tracker").counts
    for least, expected in case["expected"].items():
        row = found[f"quote@{least}"]
        assert (row.p_hit, row.spurious, row.missed) == tuple(
            expected[k] for k in ("true_positive", "false_positive", "false_negative")
        )
        assert found[f"speaker@{least}"].p_hit == expected["n_speaker_match"]
        assert found[f"verb@{least}"].p_hit == expected["n_verb_match"]


@pytest.mark.parametrize("case", cases("quotations", "booknlp_b3_cases.json"))
def test_booknlp(case, scored):
    same(scored(case["gold"], case["system"], "booknlp-b3").results["b3"], case["booknlp_b3_prf"])


@pytest.mark.parametrize("case", cases("brateval"))
def test_brateval(case, scored):
    found = scored([case["gold"]], [case["pred"]], "brateval").counts
    for how, expected in case["expected"].items():
        for label, figures in expected.items():
            if label != "all":
                row = found[f"{how} {label}"]
                assert [row.p_hit, row.spurious, row.missed] == figures


@pytest.mark.parametrize("case", cases("hipe"))
def test_hipe(case, scored):
    found = scored(case["gold"], case["pred"], "hipe").results
    for scheme, expected in case["expected"].items():
        for mean, rates in expected.items():
            same(found[f"{historical.NAMES[scheme]} {mean}"], [nan if x is None else x for x in rates])


@pytest.mark.parametrize("case", cases("neleval"))
def test_neleval(case, scored):
    found = scored(case["gold"], case["pred"], "neleval").counts
    for name, expected in case["expected"].items():
        row = found[name]
        assert [row.p_hit, row.p_all, row.r_hit, row.r_all] == pytest.approx(expected), name


@pytest.mark.parametrize("case", cases("measeval"))
def test_measeval(case, scored):
    text = case["text"]

    def whole(side):
        return [[[*row[:5], text[row[2] : row[3]], row[5]] for row in document] for document in side]

    found = scored(whole(case["gold"]), whole(case["pred"]), "measeval-2021")
    for kind, figures in case["expected"].items():
        if kind in ("exact", "overlap"):
            assert found.results[kind].f1 == pytest.approx(figures)
        elif kind != "overall":
            row = found.counts[kind]
            assert [row.p_hit, row.spurious, row.missed] == figures, kind


@pytest.mark.parametrize("name", ["coref_hopper", "missing_doc", "perfect_discontinuous"])
def test_evmeval(name):
    paths = [str(REFERENCES / "evmeval" / f"{name}.{side}.tbf") for side in ("gold", "sys")]
    found = of_own(*paths, ["kbp-nugget-2017"]).profiles[0].results
    printed = (REFERENCES / "evmeval" / f"{name}.expected.txt").read_text()
    for attributes in nuggets.ATTRIBUTES:
        line = re.findall(rf"(?m)^ *{re.escape(attributes)}\t(.*)$", printed)[-1]
        same([100 * x for x in found[attributes]], list(map(float, line.split("\t")))[:3], 0.00501)
    (figure,) = re.findall(r"Overall Average CoNLL score\t([\d.]+)", printed)
    assert 100 * found["coref average"].f1 == pytest.approx(float(figure), abs=0.00501)


def check_conll(folder, name, gold, expected, lea):
    response, key = str(folder / f"{name}.response"), str(folder / f"{gold}.key")
    reference, coval = of_own(key, response, ["conll-v8.01", "lea"]).profiles
    for theirs, ours in {"muc": "muc", "bcub": "b3", "ceafm": "ceaf_m", "ceafe": "ceaf_e"}.items():
        row, wanted = reference.counts[f"coref {ours}"], expected[theirs]["coref"]
        assert [row.p_hit, row.p_all, row.r_hit, row.r_all] == pytest.approx(
            [wanted[k] for k in ("p_num", "p_den", "r_num", "r_den")], abs=1e-9
        )
    wanted = expected["blanc"]["blanc"]
    assert 100 * reference.results["blanc"].f1 == pytest.approx(wanted["f1_pct"], abs=0.0101)
    assert 100 * coval.results["lea"].f1 == pytest.approx(lea, abs=0.001)


@pytest.mark.parametrize("name", sorted(p.stem for p in (REFERENCES / "coreference/multidoc").glob("*.key")))
def test_coreference(name):
    folder = REFERENCES / "coreference"
    expected, lea = (
        json.loads((folder / f"{f}.json").read_text())[name]
        for f in ("own_multidoc_expected", "own_multidoc_lea_coval")
    )
    check_conll(folder / "multidoc", name, name, expected["expected"], 100 * lea["f1"])


@without_shared
def test_the_suite_of_the_conll_scorer():
    folder = Path(SHARED) / "references" / "coreference"
    expected, lea, others = (
        json.loads((folder / f"{name}.json").read_text())
        for name in (
            "expected_reference_v8.01",
            "expected_lea_f1_coval",
            "disagreements_reference_vs_corefud",
        )
    )
    names = {"bcub": "b3", "ceafe": "ceaf_e", "ceafm": "ceaf_m", "muc": "muc", "blanc": "blanc"}
    done = 0
    for path in sorted((folder / "suite").glob("*.response")):
        name, gold = path.stem, path.stem.rpartition("-")[0]
        check_conll(folder / "suite", name, gold, expected[name], lea[name])
        corefud = of_own(str(folder / "suite" / f"{gold}.key"), str(path), ["corefud+fixed"]).profiles[0]
        for theirs, figures in others.get(name, {}).items():
            assert 100 * corefud.results[names[theirs]].f1 == pytest.approx(
                figures["corefud-scorer"], abs=0.001
            )
            done += 1
    assert done > 5


@without_shared
def test_tags_that_break_the_rules_reach_the_scorer():
    folder = Path(SHARED) / "references" / "seqscore" / "files"
    gold, pred = (
        folder / "conll_annotation/minimal.bio",
        folder / "conll_predictions/correct1_improper_sequence.bio",
    )
    found = of_own(str(gold), str(pred), ["conlleval", "seqeval", "seqeval-strict"]).profiles
    assert [round(p.results["micro"].f1, 6) for p in found] == [1.0, 1.0, 0.8]


def test_the_other_files(tmp_path):
    (tmp_path / "gold.tsv").write_text(
        "docId\tannotSet\tannotType\tstartOffset\tendOffset\tannotId\ttext\tother\n"
        'D\t1\tQuantity\t0\t4\tT1\t5 kg\t{"unit": "kg"}\nE\t1\tQuantity\t0\t1\tT1\t9\t\n',
        encoding="utf-8",
    )
    assert ownfiles.read(str(tmp_path / "gold.tsv"), "quantities") == {
        "D": [[1, "Quantity", 0, 4, "T1", "5 kg", {"unit": "kg"}]],
        "E": [[1, "Quantity", 0, 1, "T1", "9", {}]],
    }
    (tmp_path / "links.tsv").write_text("d1\t0\t3\tQ1\t1.0\tPER\nd1\t5\t8\tNIL1\n", encoding="utf-8")
    assert ownfiles.read(str(tmp_path / "links.tsv"), "linked") == [
        [["d1", 0, 3, "Q1", "PER"], ["d1", 5, 8, "NIL1", ""]]
    ]
    (tmp_path / "a.ann").write_text("T1\tPER 0 3;5 7\tAnn x\nR1\tx Arg1:T1\n", encoding="utf-8")
    assert ownfiles.read(str(tmp_path), "brat") == {"a": [["T1", "PER", [[0, 3], [5, 7]]]]}


def test_what_is_refused(tmp_path):
    with pytest.raises(ProblemError, match="takes documents alone; of their own input there are semeval2013"):
        own.score("conlleval+fixed", [], [])
    with pytest.raises(
        ProblemError, match=r"gold, document 1: own-input: is not what this scorer takes: \[\{"
    ):
        own.score("nervaluate-1.2", [[{"start": 3, "label": "A"}]], [[]])
    with pytest.raises(ProblemError, match="holds 2 documents, gold 1; name them where some are missing"):
        own.score("lea", [[["a"]]], [[], []])
    with pytest.raises(ProblemError, match="one side names its documents"):
        own.score("lea", {"d": [["a"]]}, [[]])
    with pytest.raises(ValueError, match="sentence 1 has 1 gold tags and 2 predicted ones"):
        own.score("seqeval", [["O"]], [["O", "O"]])
    assert own.rows("lea", {"d": [["a"]], "e": [["b"]]}, {"e": [["b"]], "x": [["c"]]})[
        "coref mention"
    ] == Counts(1, 1, 1, 2)
    bad = tmp_path / "bad.key"
    bad.write_text("#begin document (x);\nx 0 0 w 3)\n#end document\n")
    with pytest.raises(ProblemError, match=r"bad\.key:2: brackets: 3\) closes what is not open"):
        ownfiles.read(str(bad), "clusters")
    bad.write_text("#BeginOfDocument d\nsys\td\tE1\tx\n")
    with pytest.raises(ProblemError, match=r"bad\.key:2: columns: is no mention"):
        ownfiles.read(str(bad), "nuggets")


def test_too_many_templates_are_a_sentence(scored_or_refused):
    many = [[{"incident_type": "attack", "Victim": []}] * 14]
    gtt, fixed = scored_or_refused(many, many, "gtt", "gtt+fixed")
    assert gtt.refused.endswith("14 against 14 of one type are too many; gtt+fixed has no such limit")
    assert fixed.results["all"].f1 == 1


def test_the_command(tmp_path):
    for side, tags in (("gold", ["B-PER", "I-PER", "O"]), ("pred", ["I-PER", "I-PER", "O"])):
        (tmp_path / f"{side}.json").write_text(json.dumps([tags]))

    def run(*options):
        return subprocess.run(
            [sys.executable, "-m", "goldwire", "score", str(tmp_path / "pred.json"), *options],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    gold = ("--gold", str(tmp_path / "gold.json"))
    both = run(*gold, "--own", "--profile", "seqeval", "--profile", "seqeval-strict", "--json")
    found = {p["profile"]: p for p in json.loads(both.stdout)["profiles"]}
    assert found["seqeval"]["counts"] == {"PER": [1, 1, 1, 1]}
    assert found["seqeval-strict"]["results"]["micro"]["f1"] == 0
    assert "|profile:seqeval|" in found["seqeval"]["signature"]
    assert run(*gold, "--own").returncode == 2
    other = run(*gold, "--own", "--profile", "lea")
    assert other.returncode == 1
    assert "gold, document 1: own-input: is not what this scorer takes" in other.stderr
    (tmp_path / "pred.json").write_text('[["O"]]')
    refused = run(*gold, "--own", "--profile", "seqeval")
    assert refused.returncode == 1
    assert "seqeval: sentence 1 has 3 gold tags and 1 predicted ones" in refused.stdout
