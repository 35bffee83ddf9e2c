"""Every case under ``cases/<metric>/<why>``: gold, prediction, and what was computed by hand (``why.md``)."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from goldwire.annotate import files
from goldwire.evaluate.counts import Counts
from goldwire.evaluate.metrics import METRICS

CASES = Path(__file__).parent / "cases"
FOLDERS = sorted(p.parent for p in CASES.glob("*/*/expected.json"))


def close(counts, row):
    expected = [float(Fraction(x)) for x in row]
    return (counts.p_hit, counts.p_all, counts.r_hit, counts.r_all) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f"{f.parent.name}/{f.name}")
def test_case(folder):
    (gold,), (pred,) = (files.read(folder / name) for name in ("gold.jsonl", "pred.jsonl"))
    assert (folder / "why.md").read_text(encoding="utf-8").strip()
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert any(case["metric"].startswith(folder.parent.name) for case in expected)
    for case in expected:
        metric = METRICS[case["metric"]]
        found = metric(gold, pred, match=case["match"])
        rows = dict(case["rows"])
        said = f"{case['metric']} {case['match']}: {found!r}"
        assert close(found.total, rows.pop("", [0, 0, 0, 0])), said
        for label, row in rows.items():
            assert close(found.get(label, Counts()), row), f"{label} in {said}"


def test_every_function_has_a_case():
    covered = {
        c["metric"].partition("(")[0] for f in FOLDERS for c in json.loads((f / "expected.json").read_bytes())
    }
    every = {name.partition("(")[0] for name in METRICS}
    assert covered == every
