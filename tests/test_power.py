"""Power, against a simulation of its own, and comparisons of several systems."""

import math

import numpy as np
import pytest

from goldwire.evaluate.comparison import compare
from goldwire.evaluate.power import detectable
from goldwire.evaluate.significance import randomisation


def simulated(difference, units, items, times=120, f1=0.8, shared=0.5):
    """The same model, written item by item."""
    rng = np.random.default_rng(123)
    found = 0
    for _ in range(times):
        sides = np.zeros((2, units, 1, 4))
        for unit in range(units):
            for _ in range(items):
                for kind in range(2):
                    a = rng.random() < f1
                    follows, chance = rng.random() < shared, rng.random()
                    b = (a or chance < difference / (1 - f1)) if follows else chance < f1 + difference
                    for side, right in enumerate((a, b)):
                        if kind == 0:
                            sides[side, unit, 0] += right, right, right, 1
                        else:
                            sides[side, unit, 0, 1] += not right
        found += randomisation(sides[0], sides[1], resamples=500).p[0] <= 0.05
    return found / times


def test_the_difference_has_the_power_that_is_claimed():
    found = detectable([3] * 20, resamples=500)
    assert simulated(found.difference, 20, 3) == pytest.approx(0.8, abs=0.1)


def test_more_items_and_more_shared_errors_tell_more():
    small, large = (detectable([2] * n, simulations=100, resamples=500) for n in (20, 200))
    assert large.difference < small.difference
    alike, apart = (detectable([2] * 100, shared=s, simulations=100, resamples=500) for s in (0.9, 0.0))
    assert alike.difference < apart.difference
    assert detectable([2] * 20, simulations=100) == detectable([2] * 20, simulations=100)


def test_what_cannot_be_detected_says_why():
    assert detectable([50, 50, 50, 0]).why == "the smallest p of 3 units is 0.25"
    assert math.isnan(detectable([]).difference)
    assert detectable([1] * 6, f1=0.95).why == "not even 0.05 shows in 6 items"
    with pytest.raises(ValueError, match="f1: 7 lies outside"):
        detectable([1] * 20, f1=7)


def test_three_systems():
    rng = np.random.default_rng(0)
    good = rng.random((40, 5)) < 0.9
    near = good ^ (rng.random(good.shape) < 0.03)
    bad = rng.random((40, 5)) < 0.3

    def rows(right):
        hits = right.sum(1).astype(float)
        return np.stack([hits, np.full(40, 5.0), hits, np.full(40, 5.0)], axis=-1)[:, None]

    found = compare({"bad": rows(bad), "near": rows(near), "good": rows(good)})
    assert list(found.values)[2] == "bad"
    assert set(found.groups) == {tuple(list(found.values)[:2]), ("bad",)}
    by = {(x.a, x.b): x for x in found.pairs}
    assert len(by) == 3
    for (a, b), pair in by.items():
        assert pair.difference == pytest.approx(found.values[a] - found.values[b])
        assert pair.low <= pair.difference <= pair.high
        assert pair.p <= pair.bh <= pair.holm <= 1
    with pytest.raises(ValueError, match="'none' is none of holm, bh"):
        compare({}, correction="none")
    assert compare({"a": rows(good)}).groups == (("a",),)


def test_the_command():
    import json

    from typer.testing import CliRunner

    from goldwire.__main__ import app
    from goldwire.annotate import files

    done = CliRunner().invoke(app, ["power", "--json"])
    rows = {row["layer"]: row for row in json.loads(done.stdout)}
    assert rows["events"]["items"] == sum(len(d.events) for d in files.gold())
    assert rows["events"]["unit"] == "sentence"
    assert 0 < rows["events"]["difference"] < 0.2
    assert CliRunner().invoke(app, ["power", "--f1", "7"]).exit_code == 2
