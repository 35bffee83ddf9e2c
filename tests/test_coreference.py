"""Coreference: reference values, the definitions written out slowly, and what no order may change."""

from __future__ import annotations

import json
import os
import random
import re
from collections import defaultdict
from dataclasses import astuple
from itertools import combinations, permutations
from math import isnan
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.evaluate import coreference
from goldwire.evaluate.assignment import TooLargeError
from goldwire.evaluate.counts import Counts
from goldwire.evaluate.profiles import chains

OWN = Path(__file__).parent / "references" / "coreference"
SHARED = os.environ.get("GOLDWIRE_SHARED")
METRICS = {"muc": "muc", "bcub": "b3", "ceafm": "ceaf_m", "ceafe": "ceaf_e"}
LINKS = {"coref_links": "blanc_coref", "noncoref_links": "blanc_other"}


def conll(path):
    """Documents of a CoNLL file: {name: clusters of (first token, last token)}."""
    documents = {}
    for block in re.split(r"(?m)^#begin document ", path.read_text(encoding="utf-8"))[1:]:
        clusters, opened = defaultdict(list), defaultdict(list)
        lines = [line for line in block.split("\n")[1:] if line.strip() and not line.startswith("#")]
        for n, line in enumerate(lines):
            for part in re.findall(r"\(\d+\)|\(\d+|\d+\)", re.split(r"[\t ]", line.rstrip())[-1]):
                name = int(part.strip("()"))
                if part.startswith("("):
                    opened[name].append(n)
                    clusters[name]  # a cluster has the place of its first bracket
                if part.endswith(")"):
                    clusters[name].append((opened[name].pop(), n))
        documents[block.split("\n")[0]] = list(clusters.values())
    return documents


def summed(gold, pred):
    total = defaultdict(Counts)
    for name, clusters in gold.items():
        for metric, row in coreference.rows(clusters, pred.get(name, [])).items():
            total[metric] += row
    return total


def check_reference(rows, expected):
    """Compare every numerator and denominator that the reference scorer printed."""
    for theirs, ours in METRICS.items():
        check_row(rows[ours], expected[theirs]["coref"])
        check_row(rows["mention"], expected[theirs]["mentions"])
    for theirs, ours in LINKS.items():
        check_row(rows[ours], expected["blanc"][theirs])
    blanc = coreference.blanc_rates(rows["blanc_coref"], rows["blanc_other"])
    wanted = expected["blanc"]["blanc"]
    # The reference scorer prints nothing out of nothing as 0, and truncates its percentages.
    assert [0 if isnan(x) else x for x in blanc[:2]] == pytest.approx([wanted["p_num"], wanted["r_num"]])
    assert 100 * (0 if isnan(blanc.f1) else blanc.f1) == pytest.approx(wanted["f1_pct"], abs=0.0101)


def check_row(row, expected):
    assert astuple(row) == pytest.approx(
        [expected[k] for k in ("p_num", "p_den", "r_num", "r_den")], abs=1e-9
    )


@pytest.mark.parametrize("name", sorted(p.stem for p in (OWN / "multidoc").glob("*.key")))
def test_own_documents_give_what_the_reference_scorer_gave(name):
    rows = summed(*(conll(OWN / "multidoc" / f"{name}.{end}") for end in ("key", "response")))
    check_reference(rows, json.loads((OWN / "own_multidoc_expected.json").read_text())[name]["expected"])
    lea = json.loads((OWN / "own_multidoc_lea_coval.json").read_text())[name]
    found = [0.0 if isnan(x) else x for x in rows["lea"].rates()]
    assert found == pytest.approx([lea["precision"], lea["recall"], lea["f1"]])


@pytest.mark.skipif(not SHARED, reason="GOLDWIRE_SHARED names no folder: the CoNLL suite is not ours to ship")
def test_conll_suite():
    folder = Path(SHARED) / "references" / "coreference"
    expected = json.loads((folder / "expected_reference_v8.01.json").read_text())
    lea = json.loads((folder / "expected_lea_f1_coval.json").read_text())
    # Two cases hold a mention in two clusters, for which the profile conll-v8.01 has a rule of its own.
    for name in sorted(set(expected) - {"TC-A-8", "TC-A-9"}):
        files = folder / "suite" / f"{name.rsplit('-', 1)[0]}.key", folder / "suite" / f"{name}.response"
        rows = summed(*map(conll, files))
        check_reference(rows, expected[name])
        assert 100 * rows["lea"].rates().f1 == pytest.approx(lea[name], abs=6e-4), name


@pytest.mark.skipif(not SHARED, reason="GOLDWIRE_SHARED names no folder: the CoNLL suite is not ours to ship")
def test_profiles_on_mentions_in_two_clusters():
    folder = Path(SHARED) / "references" / "coreference"
    expected = json.loads((folder / "expected_reference_v8.01.json").read_text())
    others = json.loads((folder / "disagreements_reference_vs_corefud.json").read_text())
    lea = json.loads((folder / "expected_lea_f1_coval.json").read_text())
    for name in expected:
        files = folder / "suite" / f"{name.rsplit('-', 1)[0]}.key", folder / "suite" / f"{name}.response"
        key, response = map(conll, files)
        gold, pred = next(iter(key.values())), next(iter(response.values()))
        rows = {k: Counts(*row) for k, row in chains.reference(gold, pred).items()}
        check_reference(rows, expected[name])
        read = chains.last_only(pred)
        assert 100 * Counts(*chains.coval(gold, read)["lea"]).rates().f1 == pytest.approx(lea[name], abs=6e-4)
        rows = {k: Counts(*row) for k, row in chains.corefud(gold, read).items()}
        found = {x: rows[y].rates().f1 for x, y in METRICS.items()}
        found["blanc"] = coreference.blanc_rates(rows["blanc_coref"], rows["blanc_other"], either=True).f1
        for metric, f1 in found.items():
            theirs = others.get(name, {}).get(metric, {}).get("corefud-scorer")
            if theirs is not None:
                assert 100 * f1 == pytest.approx(theirs, abs=1e-4), (name, metric)
            else:
                block = "blanc" if metric == "blanc" else "coref"
                figure = expected[name][metric][block]["f1_pct"]
                assert 100 * (0 if isnan(f1) else f1) == pytest.approx(figure, abs=0.0101), (name, metric)


def test_the_reference_refuses_eleven_repeated_mentions():
    with pytest.raises(ValueError, match="refuses 11 repeated mentions, at most 10"):
        chains.reference([["a", "b"]], [["a", "b"]] + [["a"]] * 11)


MENTIONS = st.integers(0, 6)


def clusterings():
    """Partitions of a few of seven mentions."""
    return st.lists(st.tuples(MENTIONS, st.integers(0, 3)), unique_by=lambda x: x[0]).map(
        lambda pairs: [[m for m, c in pairs if c == i] for i in {c for _, c in pairs}]
    )


def slow(gold, pred):
    """The definitions, as the papers write them."""

    def parts(cluster, others):
        pieces = [set(cluster) & set(o) for o in others]
        return [p for p in pieces if p] + [{m} for m in cluster if not any(m in o for o in others)]

    def side(key, response):
        muc = sum(len(k) - len(parts(k, response)) for k in key)
        b3 = sum(len(set(k) & set(r)) ** 2 / len(k) for k in key for r in response)
        lea = 0.0
        for k in key:
            if len(k) == 1:
                lea += any(set(r) == set(k) for r in response)
            else:
                links = list(combinations(k, 2))
                lea += len(k) * sum(any(set(x) <= set(r) for r in response) for x in links) / len(links)
        return muc, b3, lea

    def align(similarity):
        few, many = (gold, pred) if len(gold) <= len(pred) else (pred, gold)
        orders = permutations(range(len(many)), len(few))
        return max(sum(similarity(set(few[i]), set(many[j])) for i, j in enumerate(o)) for o in orders)

    def pairs(clusters):
        everything = {frozenset(x) for x in combinations([m for c in clusters for m in c], 2)}
        within = {frozenset(x) for c in clusters for x in combinations(c, 2)}
        return within, everything - within

    (g_muc, g_b3, g_lea), (p_muc, p_b3, p_lea) = side(gold, pred), side(pred, gold)
    m = align(lambda a, b: len(a & b)) if gold and pred else 0
    e = align(lambda a, b: 2 * len(a & b) / (len(a) + len(b))) if gold and pred else 0
    n_gold, n_pred = sum(map(len, gold)), sum(map(len, pred))
    (g_in, g_out), (p_in, p_out) = pairs(gold), pairs(pred)
    return {
        "muc": (p_muc, n_pred - len(pred), g_muc, n_gold - len(gold)),
        "b3": (p_b3, n_pred, g_b3, n_gold),
        "ceaf_m": (m, n_pred, m, n_gold),
        "ceaf_e": (e, len(pred), e, len(gold)),
        "blanc_coref": (len(g_in & p_in), len(p_in), len(g_in & p_in), len(g_in)),
        "blanc_other": (len(g_out & p_out), len(p_out), len(g_out & p_out), len(g_out)),
        "lea": (p_lea, n_pred, g_lea, n_gold),
    }


@given(clusterings(), clusterings())
@settings(max_examples=100, deadline=None)
def test_every_metric_is_its_definition(gold, pred):
    rows = coreference.rows(gold, pred)
    for name, row in slow(gold, pred).items():
        assert astuple(rows[name]) == pytest.approx(row), name
        if not name.startswith("blanc"):
            function = {"b3": "b_cubed"}.get(name, name)
            assert getattr(coreference, function)(gold, pred) == rows[name]
    assert coreference.blanc(gold, pred) == (rows["blanc_coref"], rows["blanc_other"])


OVERLAPPING = st.lists(st.lists(MENTIONS, max_size=4), max_size=4)


@given(OVERLAPPING, OVERLAPPING, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_order_and_repetition_change_nothing(gold, pred, rng):
    before = coreference.rows(gold, pred)
    again = [rng.sample(c, len(c)) + c[:1] for c in rng.sample(pred, len(pred))] + pred[:1]
    assert coreference.rows(rng.sample(gold, len(gold)), again) == before
    swapped = coreference.rows(pred, gold)
    assert {k: r.swapped() for k, r in before.items()} == swapped
    assert all(r.spurious >= -1e-9 <= r.missed and r.p_hit >= 0 <= r.r_hit for r in before.values())


@given(OVERLAPPING)
@settings(max_examples=50, deadline=None)
def test_a_perfect_answer_misses_nothing(gold):
    for row in coreference.rows(gold, gold).values():
        assert (row.p_hit, row.r_hit) == pytest.approx((row.p_all, row.r_all))


def test_hedging_pays():
    # c belongs to the first cluster; an answer that puts it into both pays one wrong mention.
    gold, pred = [["a", "b", "c"], ["d", "e"]], [["a", "b", "c"], ["c", "d", "e"]]
    assert coreference.mention(gold, pred) == Counts(5, 6, 5, 5)
    assert coreference.b_cubed(gold, pred) == Counts(pytest.approx(3 + 4 / 3), 6, 5, 5)


def test_nothing():
    assert set(coreference.rows([], []).values()) == {Counts()}
    assert coreference.ceaf_e([["a"]], []) == Counts(0, 0, 0, 1)


def random_clusters(n, clusters, seed):
    rng = random.Random(seed)
    answer = defaultdict(list)
    for m in range(n):
        answer[rng.randrange(clusters)].append(m)
    return list(answer.values())


def test_a_large_tangle_is_solved_sparsely_and_refused_beyond_the_limit():
    gold, pred = random_clusters(2000, 600, 1), random_clusters(2000, 600, 2)
    hit = coreference.ceaf_e(gold, pred).p_hit
    from scipy.optimize import linear_sum_assignment

    table = coreference.Overlap.of(gold, pred)
    dense = [[0.0] * len(pred) for _ in gold]
    for (i, j), n in table.shared.items():
        dense[i][j] = 2 * n / (len(gold[i]) + len(pred[j]))
    rows, columns = linear_sum_assignment(dense, maximize=True)
    assert hit == pytest.approx(sum(dense[i][j] for i, j in zip(rows, columns, strict=True)))
    with pytest.raises(TooLargeError, match=r"above the limit of 1\.0e\+05; a higher `limit` computes it"):
        coreference.ceaf_e(gold, pred, limit=1e5)
