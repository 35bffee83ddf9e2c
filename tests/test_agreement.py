"""Agreement: coefficients against their oracles and the reference values."""

import json
from pathlib import Path

import numpy as np
import pytest

from goldwire.evaluate.coefficients import (
    alpha,
    alpha_of,
    alpha_rows,
    cohen,
    cohen_of,
    fleiss,
    fleiss_of,
    fleiss_rows,
    tables,
)
from goldwire.evaluate.resample import intervals

CONSTANTS = json.loads((Path(__file__).parent / "references/agreement/krippendorff.json").read_text())
CLASSIC = CONSTANTS["krippendorff_2011_data_C"]
DATA_C = [tuple(item) for item in zip(*CLASSIC["reliability_data"], strict=True)]


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_of_the_classic_data(level):
    expected = CLASSIC["alpha"][level]
    assert alpha(DATA_C, level) == pytest.approx(expected, abs=1e-12)


def some(seed, items, annotators, labels=3, gaps=0.0):
    rng = np.random.default_rng(seed)
    shape = (items, annotators)
    said = np.where(
        rng.random(shape) < 0.7, rng.integers(0, labels, (items, 1)), rng.integers(0, labels, shape)
    )
    return [tuple(None if rng.random() < gaps else int(x) for x in row) for row in said]


@pytest.mark.parametrize("seed", range(4))
def test_cohen_against_scikit_learn(seed):
    from sklearn.metrics import cohen_kappa_score

    pairs = some(seed, 30, 2)
    assert cohen(pairs) == pytest.approx(cohen_kappa_score(*zip(*pairs, strict=True)))


@pytest.mark.parametrize("seed", range(4))
def test_fleiss_against_statsmodels(seed):
    inter = pytest.importorskip("statsmodels.stats.inter_rater")
    items = some(seed, 25, 4)
    counts = [[item.count(label) for label in range(3)] for item in items]
    assert fleiss(items) == pytest.approx(inter.fleiss_kappa(np.array(counts)))


@pytest.mark.parametrize("seed", range(4))
def test_alpha_against_krippendorff(seed):
    import krippendorff

    items = some(seed, 40, 3, gaps=0.3)
    data = np.array([[np.nan if x is None else x for x in item] for item in items]).T
    assert alpha(items) == pytest.approx(krippendorff.alpha(data, level_of_measurement="nominal"))


def test_coefficients_where_chance_decides():
    assert np.isnan(cohen([("a", "a")] * 5))
    assert np.isnan(fleiss([("a", "a", "a")]))
    assert np.isnan(alpha([("a", "a")]))
    assert np.isnan(cohen([]))
    assert np.isnan(fleiss([]))
    assert np.isnan(alpha([(None, "a"), ("b", None)]))
    assert cohen([("a", "b"), ("b", "a")]) == -1.0


def test_coefficients_can_be_resampled():
    pairs = some(1, 12, 2)
    for rows, of, direct in (
        (tables(pairs), cohen_of, cohen),
        (fleiss_rows(pairs), fleiss_of, fleiss),
        (alpha_rows(pairs), alpha_of, alpha),
    ):
        found = intervals(rows, statistic=lambda totals, of=of: of(totals)[..., None], resamples=200, seed=3)
        source, values = np.random.PCG64(3), []
        for _ in range(200):
            draw = [(w >> s & 0xFFFFFFFF) * 12 >> 32 for w in source.random_raw(6).tolist() for s in (0, 32)]
            values.append(direct([pairs[i] for i in draw]))
        assert found.value.item() == pytest.approx(direct(pairs))
        assert found.low.item() == pytest.approx(np.nanpercentile(values, 2.5), abs=1e-9)
