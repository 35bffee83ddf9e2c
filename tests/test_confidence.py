"""Curves and calibration: the reference cases, scikit-learn, and hand arithmetic."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from goldwire.__main__ import app
from goldwire.annotate import files
from goldwire.annotate.document import Document, Event, Mask, Mention, Meta
from goldwire.annotate.problems import ProblemError
from goldwire.evaluate.confidence import (
    average_precision,
    calibration,
    curve,
    held_out,
    operating_point,
    risk_coverage,
)
from goldwire.evaluate.correctness import judged

CASES = json.loads((Path(__file__).parent / "references/average-precision/cases.json").read_text())

pytest.importorskip("sklearn")


@pytest.mark.parametrize("name", CASES)
def test_reference_cases(name):
    case = CASES[name]
    scores = [score for score, _ in case["predictions"]]
    right = [bool(hit) for _, hit in case["predictions"]]
    gold = case["n_gold"]
    assert average_precision(scores, right, gold) == pytest.approx(case["ap_step_ties_grouped"], abs=1e-12)
    assert average_precision(scores, right, gold, "voc") == pytest.approx(case["ap_voc_all_point"], abs=1e-12)
    assert 100 * average_precision(scores, right, gold, "coco") == pytest.approx(
        case["ap_tide_coco101"], abs=1e-9
    )
    points = curve(scores, right, gold)
    rows = np.stack([points.threshold, points.precision, points.recall], axis=1)
    np.testing.assert_allclose(rows, np.array(case["pr_curve_ties_grouped"]).reshape(-1, 3), atol=1e-12)
    best = operating_point(points)
    assert (best.f1 if best else 0.0) == pytest.approx(case["max_f1"])
    assert (best.threshold if best else None) == case["max_f1_threshold"]


@pytest.mark.parametrize("seed", range(5))
def test_agrees_with_scikit_learn_where_all_gold_is_found(seed):
    from sklearn.metrics import average_precision_score

    rng = np.random.default_rng(seed)
    scores, right = rng.integers(0, 6, 40) / 5, rng.random(40) < 0.4
    mine = average_precision(scores.tolist(), right.tolist(), int(right.sum()))
    assert mine == pytest.approx(average_precision_score(right, scores))


@pytest.mark.parametrize("seed", range(3))
def test_order_of_predictions_changes_nothing(seed):
    rng = np.random.default_rng(seed)
    scores, right = rng.integers(0, 4, 30) / 3, rng.random(30) < 0.4
    order = rng.permutation(30)
    assert average_precision(scores, right, 20) == average_precision(scores[order], right[order], 20)
    assert calibration(scores, right) == calibration(scores[order], right[order])


def test_brier_agrees_with_scikit_learn():
    from sklearn.metrics import brier_score_loss

    rng = np.random.default_rng(0)
    scores, right = rng.random(50), rng.random(50) < 0.5
    assert calibration(scores, right).brier == pytest.approx(brier_score_loss(right, scores))


def test_calibration_by_hand():
    # Bins (0,.5] and (.5,1]: claims .1 .5 (mean .3, right 1/2) and .6 1 (mean .8, right 2/2).
    found = calibration([0.1, 0.5, 0.6, 1.0], [False, True, True, True], bins=2)
    assert [b.n for b in found.bins] == [2, 2]
    assert found.ece == pytest.approx((0.2 * 2 + 0.2 * 2) / 4)
    assert found.mce == pytest.approx(0.2)
    assert found.brier == pytest.approx((0.01 + 0.25 + 0.16 + 0) / 4)
    perfect = calibration([0.0, 0.0, 1.0], [False, False, True])
    assert (perfect.ece, perfect.brier) == (0.0, 0.0)


def test_risk_coverage_by_hand():
    coverage, risk, area = risk_coverage([0.2, 0.9, 0.9], [False, True, False])
    assert coverage.tolist() == pytest.approx([2 / 3, 1.0])
    assert risk.tolist() == pytest.approx([1 / 2, 2 / 3])
    assert area == pytest.approx(2 / 3 * 1 / 2 + 1 / 3 * 2 / 3)


def test_operating_point_under_a_condition():
    points = curve([0.9, 0.8, 0.7, 0.6], [True, False, True, True], gold=4)
    assert operating_point(points).threshold == 0.6
    assert operating_point(points, precision=1.0).threshold == 0.9
    assert operating_point(points, recall=0.9) is None


def test_held_out_does_not_flatter():
    # In a, right answers lie above .5; in b, above .1: neither threshold suits the other.
    scores, right = [0.6, 0.4, 0.2, 0.05], [True, False, True, False]
    document, gold = ["a", "a", "b", "b"], {"a": 1, "b": 1}
    found = held_out(scores, right, document, gold)
    # a at .2 keeps both (1 right), b at .6 keeps none.
    assert (found.precision, found.recall, found.f1) == (0.5, 0.5, 0.5)
    assert operating_point(curve(scores, right, 2)).f1 == pytest.approx(0.8)


def test_nothing():
    assert math.isnan(average_precision([], [], 0))
    assert average_precision([], [], 3) == 0.0
    assert math.isnan(calibration([], []).ece)
    assert math.isnan(risk_coverage([], [])[2])
    assert operating_point(curve([], [], 3)) is None


def test_bad_input():
    with pytest.raises(ValueError, match="2 values for 1 predictions"):
        curve([0.1, 0.2], [True], 1)
    with pytest.raises(ValueError, match="2 predictions are right and there are 1"):
        curve([0.1, 0.2], [True, True], 1)
    with pytest.raises(ValueError, match="0 to 7, calibration needs"):
        calibration([0.0, 7.0], [True, True])
    with pytest.raises(ValueError, match="'best' is none of"):
        average_precision([0.1], [True], 1, "best")


TEXT = "raid talk raid"
PLACES = ((0, "raid"), (5, "talk"), (10, "raid"))


def events(*rows):
    """Events from (place, type, confidence)."""
    return tuple(
        Event(f"e{i}", Mention(PLACES[at][1], PLACES[at][0]), kind, confidence=sure)
        for i, (at, kind, sure) in enumerate(rows)
    )


def document(*rows, **more):
    return Document(TEXT, Meta("A", layers=("events",)), events=events(*rows), **more)


def test_predictions_are_judged_in_confidence_order():
    gold = document((0, "STRIKE", ""), (1, "MEET", ""), (2, "STRIKE", ""))
    pred = document((0, "STRIKE", "0.2"), (0, "STRIKE", "0.7"), (1, "CLASH", ".9"), (2, "STRIKE", ""))
    found = judged([gold], [pred], "events")
    rows = sorted(zip(found.confidence, found.right, strict=True))
    assert rows == [(0.2, False), (0.7, True), (0.9, False)]
    assert (found.gold, found.without) == ({"A": 3}, 1)


def test_masked_text_is_not_judged():
    gold = document((0, "STRIKE", ""), (2, "STRIKE", ""), masks=(Mask("m1", 10, 14),))
    pred = document((0, "STRIKE", "0.5"), (2, "STRIKE", "0.9"))
    found = judged([gold], [pred], "events")
    assert (found.confidence, found.gold) == ([0.5], {"A": 1})


@pytest.mark.parametrize(
    ("sure", "message"),
    [
        ("", "none of 1 predictions of events"),
        ("high", "'high' is no number"),
        ("nan", "'nan' is no number"),
        ("inf", "'inf' is no number"),
    ],
)
def test_unusable_confidence(sure, message):
    with pytest.raises(ProblemError, match=message):
        judged([document((0, "STRIKE", ""))], [document((0, "STRIKE", sure))], "events")


def test_the_command(tmp_path):
    files.write(tmp_path / "gold.jsonl", [document((0, "STRIKE", ""), (1, "MEET", ""))], "record")
    files.write(tmp_path / "pred.jsonl", [document((0, "STRIKE", "0.75"), (2, "MEET", "0.25"))], "record")
    command = ["confidence", str(tmp_path / "pred.jsonl"), "--gold", str(tmp_path / "gold.jsonl")]
    done = CliRunner().invoke(app, [*command, "--json"])
    values = json.loads(done.stdout)
    assert values["average_precision"]["step"] == 0.5
    assert values["operating_point"]["threshold"] == 0.75
    assert values["calibration"]["ece"] == 0.25
    assert (
        "best F1                     0.667  at 0.75: P 1.000 R 0.500"
        in CliRunner().invoke(app, command).stdout
    )
    lines = CliRunner().invoke(app, [*command, "--curve"]).stdout.splitlines()
    assert lines[1] == "0.75,1,0.5,0.666666667"
