"""Intervals: exact cases, the naive definition, and scipy's bootstrap as oracle."""

import itertools
import json
import math
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from goldwire.evaluate import draws, resample, significance
from goldwire.evaluate.draws import exact_sums
from goldwire.evaluate.resample import choose, intervals, macro, paired, rates, wilson

REFERENCE = Path(__file__).parent / "references" / "significance" / "exact_bootstrap_4docs.json"


def of(*units):
    """Units of one column from (tp, fp, fn)."""
    return np.array([[[tp, tp + fp, tp, tp + fn]] for tp, fp, fn in units], dtype=float)


def some(seed, n, columns, high=6):
    rng = np.random.default_rng(seed)
    hit = rng.integers(0, high, (n, columns))
    return (
        np.stack([hit, hit + rng.integers(0, 3, hit.shape), hit, hit + rng.integers(0, 3, hit.shape)], -1)
        * 1.0
    )


def test_exact_percentiles_of_four_documents():
    case = json.loads(REFERENCE.read_text())
    units = of(*case["docs_tp_fp_fn"])
    for level, low, high in ((0.95, "2.5", "97.5"), (0.90, "5", "95"), (0.0, "50", "50")):
        found = intervals(units, level=level)
        assert found.exact
        assert found.resamples == case["n_resamples_exact"]
        assert found.value.item() == pytest.approx(case["micro_f1"], abs=1e-15)
        assert found.low.item() == pytest.approx(case["percentiles_linear"][low], abs=1e-12)
        assert found.high.item() == pytest.approx(case["percentiles_linear"][high], abs=1e-12)


@pytest.mark.parametrize("n", [2, 3, 5])
def test_enumeration_is_all_resamples(n):
    units = some(n, n, 3)
    every = np.array([rates(units[list(draw)].sum(0)) for draw in itertools.product(range(n), repeat=n)])
    found = intervals(units)
    assert found.exact
    np.testing.assert_allclose(found.low, np.nanpercentile(every, 2.5, axis=0), atol=1e-12)
    np.testing.assert_allclose(found.high, np.nanpercentile(every, 97.5, axis=0), atol=1e-12)


def naive_draws(n, resamples, seed):
    """The stated draws, one at a time."""
    source = np.random.PCG64(seed)
    for _ in range(resamples):
        draw = []
        for word in source.random_raw((n + 1) // 2).tolist():
            draw += [(word & 0xFFFFFFFF) * n >> 32, (word >> 32) * n >> 32]
        yield draw[:n]


@pytest.mark.parametrize("statistic", ["precision", "recall", "f1"])
def test_the_same_as_the_naive_definition(statistic):
    units = some(1, 13, 4)
    values = []
    for draw in naive_draws(13, 300, 5):
        total = np.zeros((4, 4))
        for i in draw:
            total = total + units[i]
        values.append(rates(total, statistic))
    found = intervals(units, statistic=statistic, resamples=300, seed=5)
    assert not found.exact
    np.testing.assert_allclose(found.low, np.nanpercentile(values, 2.5, axis=0), atol=1e-14)
    np.testing.assert_allclose(found.high, np.nanpercentile(values, 97.5, axis=0), atol=1e-14)


def test_digits_of_a_seed():
    # Written down once: a change of these is a change of every published interval.
    found = intervals(some(3, 40, 1), resamples=2000, seed=11)
    again = intervals(some(3, 40, 1), resamples=2000, seed=11)
    assert (found.low.tolist(), found.high.tolist()) == (again.low.tolist(), again.high.tolist())
    other = intervals(some(3, 40, 1), resamples=2000, seed=12)
    assert found.low.tolist() != other.low.tolist()
    assert np.random.PCG64(7).random_raw(3).tolist() == [
        11530976094092348043,  # its halves, low first, of 2^32 times 5: 4.72 and 3.13
        16550673365885938325,
        14308875409591826786,
    ]
    assert next(naive_draws(5, 1, 7)) == [4, 3, 3, 4, 2]


def test_the_size_of_a_chunk_changes_nothing(monkeypatch):
    units = some(2, 21, 3)
    whole = intervals(units, resamples=500)
    monkeypatch.setattr("goldwire.evaluate.draws.CHUNK", 8 * 21 * 7)
    monkeypatch.setattr("goldwire.evaluate.resample._HELD", 8 * 500)
    parts = intervals(units, resamples=500)
    assert whole.low.tolist() == parts.low.tolist()
    assert whole.high.tolist() == parts.high.tolist()


def test_fractions_sum_alike_in_any_order():
    rows = np.random.default_rng(0).random((200, 2, 4))
    rounded = exact_sums(rows)
    assert np.abs(rounded - rows).max() < 1e-9
    assert rounded.sum(0).tolist() == rounded[::-1].sum(0).tolist()
    assert all(math.fsum(rounded[:, 0, i]) == rounded[:, 0, i].sum() for i in range(4))
    assert exact_sums(np.floor(rows * 1000)).tolist() == np.floor(rows * 1000).tolist()


@pytest.mark.parametrize("n", [6, 30])
def test_bca_agrees_with_scipy(n):
    from scipy.stats import bootstrap

    units = some(n, n, 1)

    def f1(index):
        return rates(units[index.astype(int), 0].sum(-2))

    mine = intervals(units, method="bca", resamples=20_000)
    other = bootstrap(
        (np.arange(n),), f1, method="BCa", n_resamples=20_000, random_state=1, vectorized=False, axis=-1
    )
    assert mine.low.item() == pytest.approx(other.confidence_interval.low, abs=0.02)
    assert mine.high.item() == pytest.approx(other.confidence_interval.high, abs=0.02)


def test_bca_by_hand():
    # Three units with precisions 0/1, 1/1, 1/1: 27 resamples, values k/3 with 1, 6, 12, 8 ways.
    units = np.array([[[0.0, 1, 0, 1]], [[1, 1, 1, 1]], [[1, 1, 1, 1]]])
    from statistics import NormalDist

    normal = NormalDist()
    z0 = normal.inv_cdf((1 + 6 + 12 / 2) / 27)
    jack = [1.0, 0.5, 0.5]
    away = [sum(jack) / 3 - x for x in jack]
    a = sum(x**3 for x in away) / (6 * sum(x**2 for x in away) ** 1.5)
    values = np.repeat([0, 1 / 3, 2 / 3, 1], [1, 6, 12, 8])
    tails = [normal.cdf(z0 + (z0 + z) / (1 - a * (z0 + z))) for z in map(normal.inv_cdf, (0.1, 0.9))]
    found = intervals(units, statistic="precision", method="bca", level=0.8)
    assert found.low.item() == pytest.approx(np.quantile(values, tails[0]))
    assert found.high.item() == pytest.approx(np.quantile(values, tails[1]))


def test_what_cannot_bear_an_interval_has_none():
    units = np.zeros((12, 3, 4))
    units[0, 0] = 2, 3, 2, 2  # one unit holds all of it
    units[:, 2] = 1, 1, 1, 1  # perfect in each
    found = intervals(units)
    assert found.why == ("one unit", "nothing to count", "")
    assert np.isnan(found.low[:2]).all()
    assert (found.low[2], found.high[2], bool(found.flat[2])) == (1.0, 1.0, True)
    assert np.isnan(intervals(units[:1]).low).all()
    assert np.isnan(intervals(np.zeros((0, 2, 4))).value).all()


def test_undefined_resamples_are_left_out():
    units = np.array([[[0.0, 0, 0, 1]], [[1, 1, 1, 1]], [[1, 2, 1, 2]]])
    every = [rates(units[list(d)].sum(0), "precision")[0] for d in itertools.product(range(3), repeat=3)]
    found = intervals(units, statistic="precision", level=0.5)
    assert np.isnan(every).sum() == 1
    assert found.low.item() == pytest.approx(np.nanpercentile(every, 25))


def test_macro_and_other_functions_of_all_columns():
    units = some(4, 30, 5)
    found = intervals(units, statistic=macro())
    assert found.value.shape == (1,)
    assert found.value.item() == pytest.approx(np.nanmean(rates(units.sum(0))))
    assert found.low < found.value < found.high


def test_paired_difference_uses_one_draw():
    a = some(5, 25, 2)
    found = paired(a, a)
    assert found.low.tolist() == found.high.tolist() == [0.0, 0.0]
    b = some(6, 25, 2)
    values = []
    for draw in naive_draws(25, 200, 3):
        values.append(rates(a[draw].sum(0)) - rates(b[draw].sum(0)))
    found = paired(a, b, resamples=200, seed=3)
    np.testing.assert_allclose(found.low, np.percentile(values, 2.5, axis=0), atol=1e-14)


def test_units():
    assert choose(10, 200) == ("document", "")
    assert choose(9, 200) == ("sentence", "")
    assert choose(3, None) == ("", "3 documents")
    assert choose(1, 4) == ("", "1 document")


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"), [(8, 8, 0.6756, 1.0), (0, 10, 0.0, 0.2775), (15, 20, 0.5313, 0.8881)]
)
def test_wilson(hits, n, low, high):
    assert wilson(hits, n) == pytest.approx((low, high), abs=5e-5)


def test_bad_input():
    with pytest.raises(ValueError, match=r"shape is \(3, 4\)"):
        intervals(np.zeros((3, 4)))
    with pytest.raises(ValueError, match="'wild' is none of"):
        intervals(np.zeros((3, 1, 4)), method="wild")
    with pytest.raises(ValueError, match="'f2' is none of"):
        intervals(np.ones((3, 1, 4)), statistic="f2")
    with pytest.raises(ValueError, match="differ in units"):
        paired(np.zeros((3, 1, 4)), np.zeros((4, 1, 4)))


def test_no_heavy_import():
    import subprocess
    import sys

    code = "import sys, goldwire.evaluate.resample as r, numpy as n;"
    code += "r.intervals(n.ones((12, 2, 4)), method='bca');"
    code += "print([m for m in ('scipy', 'sklearn', 'pandas') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_rates_are_those_of_counts():
    from goldwire.evaluate.counts import Counts

    rows = [r for r in itertools.product([0, 1, 2], repeat=4) if r[0] <= r[1] and r[2] <= r[3]]
    for row in [*rows, (0.5, 2, 0.25, 3)]:
        own = [float(rates(np.array(row, dtype=float), name)) for name in ("precision", "recall", "f1")]
        np.testing.assert_array_equal(own, [*Counts(*map(float, row)).rates()])


@pytest.mark.parametrize("fraction", [False, True])
def test_many_units_are_never_held_twice(monkeypatch, fraction):
    """The same digits in stretches as at once, where a chunk is far smaller than the rows."""
    rng = np.random.default_rng(5)
    a = rng.integers(0, 9, (500, 3, 4)) / (7 if fraction else 1)
    b = np.maximum(a - rng.integers(0, 2, a.shape), 0)
    ways = (
        lambda: resample.paired(a, b, resamples=200),
        lambda: resample.intervals(a, resamples=200, method="bca"),
        lambda: significance.randomisation(a, b, resamples=200),
    )
    whole = [way() for way in ways]
    monkeypatch.setattr(draws, "CHUNK", 1 << 12)
    monkeypatch.setattr(resample, "CHUNK", 1 << 12)
    monkeypatch.setattr(draws, "LONG", 100)
    for way, expected in zip(ways, whole, strict=True):
        for name, value in vars(way()).items():
            assert np.array_equal(value, getattr(expected, name)), name


def test_memory_stays_the_same_however_many_units_there_are():
    peaks = []
    for units in 50_000, 200_000:
        a = np.random.default_rng(1).integers(0, 9, (units, 12, 4)).astype(float)
        b = np.maximum(a - 1, 0)
        tracemalloc.start()
        resample.paired(a, b, resamples=20)
        significance.randomisation(a, b, resamples=20)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert max(peaks) < 128 << 20
