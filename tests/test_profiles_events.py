"""Profiles of events and templates: our cases, and the faults that are known, by hand."""

from __future__ import annotations

import random
import re
from collections import defaultdict

import pytest

from goldwire.evaluate import counts, templates
from goldwire.evaluate.assignment import TooLargeError
from goldwire.evaluate.counts import Counts
from goldwire.evaluate.profiles import ace, muc4, nuggets
from goldwire.evaluate.profiles.mappings import best_mapping
from goldwire.evaluate.profiles.profile import zero

from .reference_cases import REFERENCES, cases, same, summed

# Events


def ace_events(document):
    return [ace.Event(tuple(e["trigger"]), tuple(map(tuple, e["arguments"]))) for e in document]


@pytest.mark.parametrize("case", cases("events"))
def test_textee_and_oneie_cases(case):
    gold, pred = list(map(ace_events, case["gold"])), list(map(ace_events, case["pred"]))
    rows = summed(ace.textee, gold, pred)
    for name, expected in case["textee"].items():
        row = rows[name] if name in rows else Counts()
        assert (row.p_hit, row.p_all, row.r_all) == (expected["match"], expected["pred"], expected["gold"])
        same([100 * x for x in zero(row.rates())], [expected[k] for k in ("p", "r", "f1")])
    rows = summed(ace.oneie, gold, pred)
    names = ("Trigger identification", "Trigger", "Role identification", "Role")
    for name, printed in zip(rows, names, strict=True):
        p, r, f = (100 * x for x in zero(rows[name].rates()))
        assert f"{printed}: P: {p:.2f}, R: {r:.2f}, F: {f:.2f}" in case["oneie_stdout"]


def test_oneie_faults_by_hand():
    # Two gold types on one trigger: the perfect system gets half of Tri-C.
    gold = [ace.Event((3, 4, "Attack")), ace.Event((3, 4, "Die"))]
    assert ace.oneie(gold, gold)["trigger_cls"] == (1, 2, 1, 2)
    assert (
        ace.textee(gold, gold)["trigger_cls"] == ace.textee_fixed(gold, gold)["trigger_cls"] == (2, 2, 2, 2)
    )


# Templates


@pytest.mark.parametrize("case", cases("templates"))
def test_template_cases(case):
    counted = {
        ("ceaf_ree", "strict"): muc4.ceaf_ree,
        ("ceaf_ree", "prop"): lambda g, p: muc4.ceaf_ree(g, p, proportional=True),
        ("gtt_micro", ""): lambda g, p: {"": muc4.gtt(g, p)},
        ("ceaf_rme", "phi-subset"): lambda g, p: {"": muc4.ceaf_rme(g, p, phi3=False)},
        ("ceaf_rme", "phi-3"): lambda g, p: {"": muc4.ceaf_rme(g, p, phi3=True)},
    }
    for (name, variant), count in counted.items():
        expected = case[name][variant] if variant else case[name]
        row = counts.total(summed(count, case["gold"], case["pred"]).values())
        assert [row.p_hit, row.p_all, row.r_hit, row.r_all] == pytest.approx(
            [expected[k] for k in ("p_num", "p_den", "r_num", "r_den")]
        )
        same(zero(row.rates()), [expected[k] for k in ("p", "r", "f1")])


def test_gtt_faults_and_bound():
    gold = [{"incident_type": "bombing", "Victim": [["Ann", "she", "the nurse"]]}]
    pred = [{"incident_type": "bomb", "Victim": [["Ann"], ["she"], ["nurse"]]}]
    assert muc4.gtt(gold, pred) == (4, 4, 2, 2)
    fixed = [templates.Template("bombing", {"Victim": [["ann", "she", "nurse"]]})]
    three = [templates.Template("bombing", {"Victim": [["ann"], ["she"], ["nurse"]]})]
    assert templates.template_f1(fixed, three) == Counts(2, 4, 2, 2)
    many = [{"incident_type": "attack", "Victim": []}] * 14
    with pytest.raises(
        TooLargeError, match=r"14 against 14 of one type are too many; gtt\+fixed has no such"
    ):
        muc4.gtt(many, many)


def test_gtt_type_by_type_finds_the_f1_that_trying_all_finds():
    rng = random.Random(4)
    for _ in range(200):
        n_pred, n_gold = rng.randint(0, 4), rng.randint(0, 4)
        gains = {
            (i, j): (rng.randint(1, 4), rng.randint(1, 4))
            for i in range(n_pred)
            for j in range(n_gold)
            if rng.random() < 0.5
        }
        sizes = n_pred, n_gold, 4 * n_pred + 1, 4 * n_gold + 1
        tried, settled = (best_mapping(gains, *sizes, most=most) for most in (10**6, 0))
        f1 = [Counts(a, sizes[2], b, sizes[3]).rates().f1 for a, b in (tried, settled)]
        assert f1[0] == pytest.approx(f1[1])


def test_an_empty_entity_is_right_in_grit_and_none_with_us():
    gold, pred = ([{"incident_type": "x", "Victim": [e]}] for e in (["Ann"], []))
    assert muc4.ceaf_ree(gold, pred) == {"Victim": (1.0, 1, 1.0, 1)}
    ours = [templates.Template("x", {"Victim": [e]}) for e in (["ann"], [])]
    assert templates.ceaf_ree(ours[:1], ours[1:]) == {"Victim": Counts(0, 0, 0, 1)}


# Nuggets


def tbf(path):
    """Documents of a TBF file: {name: (nuggets, chains)}."""
    documents = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        if line.startswith("#BeginOfDocument"):
            current = documents.setdefault(line.split(" ", 1)[1], ([], []))
        elif fields[0] == "@Coreference":
            current[1].append(fields[2].split(","))
        elif line and not line.startswith("#"):
            pieces = tuple(tuple(map(int, p.split(","))) for p in fields[3].split(";"))
            current[0].append(nuggets.Nugget(fields[2], pieces, fields[5], fields[6]))
    return documents


@pytest.mark.parametrize("name", ["coref_hopper", "missing_doc", "perfect_discontinuous"])
def test_evmeval_cases(name):
    folder = REFERENCES / "evmeval"
    gold, pred = (tbf(folder / f"{name}.{side}.tbf") for side in ("gold", "sys"))
    rows = defaultdict(list)
    for key, (mentions, chains) in gold.items():
        answers, answered = pred.get(key, ([], []))
        for row, found in nuggets.nuggets(mentions, answers, chains, answered).items():
            rows[row].append(Counts(*found))
    results = nuggets.finish({row: counts.total(found) for row, found in rows.items()})
    printed = (folder / f"{name}.expected.txt").read_text()
    for attributes in nuggets.ATTRIBUTES:
        line = re.findall(rf"(?m)^ *{re.escape(attributes)}\t(.*)$", printed)[-1]
        figures = [float(x) for x in line.split("\t")]
        same([100 * x for x in results[attributes]], figures[:3], 0.00501)
        same([100 * x for x in results[f"macro {attributes}"]], figures[3:], 0.00501)
    for kind, *figures in re.findall(r"(?m)^ *(\w+)\t([\d.]+)\t([\d.]+)\t([\d.]+)\t\d+\t\d+$", printed):
        same(results[f"type {kind}"], map(float, figures), 0.00501)
    metrics = {"bcub": "b3", "ceafe": "ceaf_e", "ceafm": "ceaf_m", "muc": "muc", "blanc": "blanc"}
    for theirs, ours in metrics.items():
        (figure,) = re.findall(rf"Metric : {theirs}\tScore\t([\d.]+)", printed)
        assert 100 * results[f"coref {ours}"].f1 == pytest.approx(
            float(figure), abs=0.0101
        )  # cut, not rounded
    (figure,) = re.findall(r"Overall Average CoNLL score\t([\d.]+)", printed)
    assert 100 * results["coref average"].f1 == pytest.approx(float(figure), abs=0.00501)


def test_evmeval_faults_by_hand():
    hit = nuggets.Nugget("S1", ((0, 5),), "Conflict_Attack", "Actual")
    # False events where gold has none cost nothing; mended they do.
    assert nuggets.nuggets([], [hit, hit])["plain"] == (0, 0, 0, 0)
    assert nuggets.nuggets([], [hit, hit], fixed=True)["plain"] == (0, 2, 0, 0)
