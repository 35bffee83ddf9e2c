"""alpha_U and gamma: published constants, the reference implementation's values, and laws."""

import csv
import itertools
import json
import math
import os
import random
from pathlib import Path

import pytest

from goldwire.evaluate.gamma import disorder, gamma
from goldwire.evaluate.unitizing import alpha_u, outermost

CONSTANTS = json.loads((Path(__file__).parent / "references/agreement/krippendorff.json").read_text())
SHARED = os.environ.get("GOLDWIRE_SHARED", "")


def units(label, *pairs):
    """Units from (begin, length), as the papers write them."""
    return [(begin, begin + length, label) for begin, length in pairs]


def test_alpha_u_of_the_small_example():
    case = CONSTANTS["alpha_U_unitizing_krippendorff_1995"]
    overall, by_label = alpha_u([(10, [units("A", (1, 8)), units("A", (2, 1), (4, 1), (6, 1))])])
    assert overall.observed == pytest.approx(case["observed"], abs=case["tolerance"])
    assert overall.expected == pytest.approx(case["expected"], abs=case["tolerance"])
    assert overall.coefficient == pytest.approx(case["alpha"], abs=case["tolerance"])
    assert by_label == {"A": overall}
    for (b, length), (c, size), squared in case["delta_squared_examples"]:
        one, _ = alpha_u([(10, [units("A", (b, length)), units("A", (c, size))])])
        assert one.observed == pytest.approx(squared / 100)
    single, _ = alpha_u([(20, [units("X", (0, 1)), [], []])])
    assert single.coefficient == pytest.approx(case["degenerate"]["single_unit_of_3_raters_len20"], abs=1e-12)
    assert math.isnan(alpha_u([(20, [[], [], []])])[0].coefficient)


# Krippendorff 1995, page 57: four pairs of observers on a continuum of 24, here drawn out to 24 x 50,000,
# where the expected disagreement reaches the limit that the paper prints.
PAIRS_1995 = {
    "A": ([(2, 8), (14, 6)], [(4, 4), (15, 2)], 0.03125, 0.06990, 0.553),
    "B": (
        [(0, 18)],
        [(0, 2), (2, 1), (3, 1), (4, 1), (5, 1), (6, 3), (9, 1)],
        2.26736,
        1.17731,
        -0.926,
    ),
    "C": (
        [(2, 6), (10, 2), (14, 4), (20, 2)],
        [(0, 2), (4, 4), (10, 4), (16, 2), (20, 2)],
        0.02777,
        0.08642,
        0.679,
    ),
    "D": (
        [(0, 2), (2, 8), (10, 4), (14, 6), (20, 4)],
        [(0, 4), (4, 4), (8, 7), (15, 2), (17, 7)],
        0.38715,
        0.41445,
        0.066,
    ),
}


@pytest.mark.parametrize("name", PAIRS_1995)
def test_alpha_u_of_krippendorff_1995(name):
    first, second, observed, expected, alpha = PAIRS_1995[name]
    stretch = 50_000
    drawn = [units(name, *((b * stretch, n * stretch) for b, n in pairs)) for pairs in (first, second)]
    found = alpha_u([(24 * stretch, drawn)])[0]
    assert found.observed == pytest.approx(observed, abs=1e-5)
    assert found.expected == pytest.approx(expected, abs=5e-3)
    assert found.coefficient == pytest.approx(alpha, abs=0.02)


def test_alpha_u_of_krippendorff_2004():
    # Page 254: a continuum from 150 to 450, two observers, two categories.
    i = units("c", (75, 70), (220, 30)) + units("k", (30, 60), (150, 50))
    j = units("c", (70, 80), (205, 20), (250, 20)) + units("k", (30, 60), (150, 50))
    overall, by_label = alpha_u([(300, [i, j])])
    assert by_label["c"].observed == pytest.approx(0.0144, abs=1e-4)
    assert by_label["c"].expected == pytest.approx(0.0532, abs=1e-4)
    assert by_label["c"].coefficient == pytest.approx(0.7286, abs=1e-4)
    assert by_label["k"].expected == pytest.approx(0.0490, abs=1e-4)
    assert by_label["k"].coefficient == 1.0
    assert overall.coefficient == pytest.approx(0.8591, abs=5e-4)


def test_alpha_u_does_not_depend_on_who_is_first_nor_on_order():
    a, b, c = units("A", (0, 3), (5, 2)), units("A", (1, 3)), units("A", (4, 4)) + units("B", (0, 1))
    found = {
        alpha_u([(12, list(order))])[0].coefficient for order in itertools.permutations([a, b[::-1] * 2, c])
    }
    assert max(found) - min(found) < 1e-12


def test_alpha_u_refuses_what_it_is_not_defined_for():
    with pytest.raises(ValueError, match="overlap in 'A'"):
        alpha_u([(10, [units("A", (0, 5), (3, 4)), []])])
    with pytest.raises(ValueError, match="outside the text of length 10"):
        alpha_u([(10, [units("A", (8, 5)), []])])
    with pytest.raises(ValueError, match="2 and 3 annotators"):
        alpha_u([(10, [[], []]), (10, [[], [], []])])
    nested = outermost(units("A", (0, 5), (3, 1), (3, 9)))
    assert alpha_u([(20, [nested, nested])])[0].coefficient == 1.0


def obvious(continuum, alpha=1.0, beta=1.0):
    """The least disorder over every partition into unitary alignments."""
    n = len(continuum)
    pairs = list(itertools.combinations(range(n), 2))

    def cost(taken):
        total = 0.0
        for i, j in pairs:
            if i in taken and j in taken:
                (s, e, x), (t, f, y) = taken[i], taken[j]
                total += alpha * ((abs(s - t) + abs(e - f)) / (e - s + f - t)) ** 2 + beta * (x != y)
            else:
                total += 1
        return total / len(pairs)

    def least(left):
        if not left:
            return 0.0
        (i, unit), *others = left
        best = math.inf
        for size in range(n):
            for chosen in itertools.combinations(others, size):
                taken = dict([(i, unit), *chosen])
                if len(taken) == size + 1:
                    rest = [x for x in others if x not in chosen]
                    best = min(best, cost(taken) + least(rest))
        return best

    everything = [(i, unit) for i, marked in enumerate(continuum) for unit in set(marked)]
    return least(everything) * n / len(everything)


@pytest.mark.parametrize("annotators", [2, 3, 4])
@pytest.mark.parametrize("seed", range(4))
def test_the_best_alignment_is_the_best_of_all(annotators, seed):
    rng = random.Random(seed)
    continuum = []
    for _ in range(annotators):
        starts = [rng.randrange(12) for _ in range(rng.randrange(3))]
        continuum.append([(s, s + rng.randrange(1, 6), rng.choice("AB")) for s in starts])
    continuum[0].append((3, 7, "A"))
    for alpha in (1.0, 3.0):
        assert disorder(continuum, alpha=alpha)[0] == pytest.approx(obvious(continuum, alpha), abs=1e-9)


def test_gamma_laws():
    a, b = [(0, 5, "A"), (8, 12, "B")], [(0, 6, "A"), (20, 24, "B")]
    assert gamma([a, a, a], samples=5, most=5).gamma == 1.0
    assert gamma([a, b], samples=5, most=5) == gamma([a, b], samples=5, most=5)
    assert gamma([a, b], samples=5, most=5).observed == gamma([b, a[::-1]], samples=5, most=5).observed
    assert math.isnan(gamma([[], []]).gamma)
    with pytest.raises(ValueError, match="0 units of 2 annotators"):
        disorder([[], []])


def continuum_of(name):
    marked = {}
    with open(Path(SHARED, "references/agreement", name), encoding="utf-8") as file:
        for row in filter(None, csv.reader(file)):
            marked.setdefault(row[0], []).append((float(row[2]), float(row[3]), row[1]))
    return list(marked.values())


@pytest.mark.skipif(not SHARED, reason="GOLDWIRE_SHARED names no folder with third-party references")
@pytest.mark.parametrize("name", ["AlexPaulSuzan.csv", "example_figure10.csv"])
@pytest.mark.parametrize("alpha", [1, 3])
def test_gamma_against_pygamma(name, alpha):
    reference = json.loads(Path(SHARED, "references/agreement/pygamma.json").read_text())
    case = reference[name][f"alpha{alpha}_beta1"]
    found = gamma(continuum_of(name), alpha=alpha, most=200)
    assert found.observed == pytest.approx(case["observed_disorder"], abs=1e-4)
    assert min(case["gamma_5_seeds"]) - 0.02 <= found.gamma <= max(case["gamma_5_seeds"]) + 0.02
