"""Paired tests: the exact definition, the naive one, and statsmodels as oracle."""

import itertools

import numpy as np
import pytest

from goldwire.evaluate.resample import rates
from goldwire.evaluate.significance import benjamini_hochberg, groups, holm, randomisation, smallest_p


def some(seed, n, columns=1):
    rng = np.random.default_rng(seed)
    hit = rng.integers(0, 6, (n, columns))
    return np.stack([hit, hit + rng.integers(0, 3, hit.shape), hit, np.full_like(hit, 8)], -1) * 1.0


def naive(a, b, patterns, statistic="f1"):
    seen = abs(rates(a.sum(0), statistic) - rates(b.sum(0), statistic))
    reached = 0
    for pattern in patterns:
        swap = np.array(pattern, dtype=bool)[:, None, None]
        new = rates(np.where(swap, b, a).sum(0), statistic) - rates(np.where(swap, a, b).sum(0), statistic)
        reached = reached + (np.abs(new) >= seen - 1e-12)
    return reached


@pytest.mark.parametrize("n", [2, 5, 9])
@pytest.mark.parametrize("statistic", ["f1", "precision"])
def test_exact(n, statistic):
    a, b = some(n, n, 3), some(n + 100, n, 3)
    found = randomisation(a, b, statistic=statistic)
    assert found.exact
    assert found.p == pytest.approx(naive(a, b, itertools.product([0, 1], repeat=n), statistic) / 2**n)
    np.testing.assert_allclose(found.difference, rates(a.sum(0), statistic) - rates(b.sum(0), statistic))


def test_sampled_is_the_naive_definition():
    n, resamples = 70, 500
    a, b = some(1, n, 2), some(2, n, 2)
    differs = (a != b).any(axis=(1, 2))
    a, b = a[differs], b[differs]
    source = np.random.PCG64(9)
    patterns = []
    for _ in range(resamples):
        low, *rest = source.random_raw((len(a) + 63) // 64).tolist()
        bits = [low >> i & 1 for i in range(64)] + [word >> i & 1 for word in rest for i in range(64)]
        patterns.append(bits[: len(a)])
    found = randomisation(a, b, resamples=resamples, seed=9)
    assert not found.exact
    assert found.p.tolist() == ((naive(a, b, patterns) + 1) / (resamples + 1)).tolist()


def test_identical_systems():
    a = some(3, 50)
    found = randomisation(a, a)
    assert (found.p.item(), found.difference.item(), found.smallest) == (1.0, 0.0, 1.0)


def test_units_that_agree_leave_the_test_exact():
    a, b = some(4, 300), some(4, 300)
    b[7:12, 0, 0] -= 1
    b[7:12, 0, 2] -= 1
    found = randomisation(a, b)
    assert found.exact
    assert found.units == 5
    assert found.p.item() == 2 / 2**5 == found.smallest


def test_ties_count():
    # Two units that change the score by the same amount: 2 of 4 patterns reach it exactly.
    a = np.array([[[2.0, 2, 2, 2]], [[1, 2, 1, 2]]])
    b = np.array([[[1.0, 2, 1, 2]], [[1, 2, 1, 2]]])
    assert randomisation(a, b).p.item() == 1.0
    a = np.array([[[1.0, 2, 1, 2]], [[2, 2, 2, 2]], [[1, 2, 1, 2]]])
    b = np.array([[[0.0, 2, 0, 2]], [[1, 2, 1, 2]], [[2, 2, 2, 2]]])
    assert randomisation(a, b).p.item() == 1.0  # +1 +1 -1: every pattern moves the sum by an odd number


def test_undefined_difference_has_no_p():
    assert np.isnan(randomisation(np.zeros((4, 1, 4)), np.zeros((4, 1, 4))).p).all()


def test_smallest_p():
    assert [smallest_p(n) for n in (1, 2, 3, 4)] == [1.0, 0.5, 0.25, 0.125]
    assert smallest_p(5000, 9999) == 1e-4


@pytest.mark.parametrize("seed", range(5))
def test_corrections_agree_with_statsmodels(seed):
    multipletests = pytest.importorskip("statsmodels.stats.multitest").multipletests
    p = np.random.default_rng(seed).random(10).round(2)
    np.testing.assert_allclose(holm(p), multipletests(p, method="holm")[1])
    np.testing.assert_allclose(benjamini_hochberg(p), multipletests(p, method="fdr_bh")[1])


def test_no_p_values():
    assert holm(np.array([])).tolist() == benjamini_hochberg(np.array([])).tolist() == []


def test_groups():
    names = ["A", "B", "C", "D"]
    assert groups(names, []) == [("A", "B", "C", "D")]
    assert groups(names, [("A", "D")]) == [("A", "B", "C"), ("B", "C", "D")]
    assert groups(names, [("A", "B"), ("C", "D")]) == [("A", "C"), ("A", "D"), ("B", "C"), ("B", "D")]
    every = list(itertools.combinations(names, 2))
    assert groups(names, every) == [("A",), ("B",), ("C",), ("D",)]
