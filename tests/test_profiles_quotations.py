"""Profiles of quotations: our cases."""

from __future__ import annotations

import pytest

from goldwire.evaluate.counts import Counts
from goldwire.evaluate.profiles import chains, quoting
from goldwire.evaluate.profiles.profile import zero

from .reference_cases import cases, same, summed


@pytest.mark.parametrize("case", cases("quotations", "german2024_cases.json"))
def test_german_cases(case):
    rows = summed(quoting.german, case["gold"], case["pred"])
    names = {"msg": "quote", "roles": "roles", "joint": "joint", "form": "form", "stwr": "stwr"}
    for theirs, name in names.items():
        expected = [case["german2024"][f"{k}_{theirs}"] for k in ("prec", "rec", "f1")]
        same(zero(rows[name].rates()), expected)


@pytest.mark.parametrize("case", cases("quotations", "sfu_cases.json"))
def test_gender_gap_cases(case):
    for least, expected in case["expected"].items():
        rows = {
            k: Counts(*r)
            for k, r in quoting.gender_gap(case["gold"], case["pred"], least=float(least)).items()
        }
        found = rows["quote"].p_hit, rows["quote"].spurious, rows["quote"].missed
        assert found == tuple(expected[k] for k in ("true_positive", "false_positive", "false_negative"))
        assert rows["speaker"].p_hit == expected["n_speaker_match"]
        assert rows["verb"].p_hit == expected["n_verb_match"]


@pytest.mark.parametrize("case", cases("quotations", "booknlp_b3_cases.json"))
def test_booknlp_cases(case):
    same(Counts(*chains.booknlp(case["gold"], case["system"])).rates(), case["booknlp_b3_prf"])
