"""Profiles of BRATEval, HIPE, neleval and MeasEval: what the programs gave, and faults by hand."""

from __future__ import annotations

from math import nan

import pytest

from goldwire.evaluate import counts
from goldwire.evaluate.counts import Counts
from goldwire.evaluate.profiles import brat, historical, linking, measurements, tagging
from goldwire.evaluate.profiles.semeval import Item

from .reference_cases import cases, same, summed


def entities(rows):
    return [brat.Entity(name, kind, tuple(map(tuple, pieces))) for name, kind, pieces in rows]


@pytest.mark.parametrize("case", cases("brateval"))
def test_brateval_cases(case):
    for how, expected in case["expected"].items():
        found = brat.brateval(entities(case["gold"]), entities(case["pred"]), overlap=how == "overlap")
        rows = {label: Counts(*row) for label, row in found.items()}
        rows["all"] = counts.total(rows.values())
        assert {label: [r.p_hit, r.spurious, r.missed] for label, r in rows.items()} == expected


def test_java_keeps_its_own_order():
    # Of 16 slots "T1" (84 * 31 + 49 = 2653) has the 13th, "T9" (2661) the 5th; "T10" hashes to 82291,
    # which with its upper half mixed in (82291 ^ 1) has the 2nd.
    found = brat.in_java_order({n: brat.Entity(n, "X", ((0, 1),)) for n in ("T1", "T9", "T10")})
    assert [e.id for e in found] == ["T10", "T9", "T1"]


def items(tags):
    return [Item(first, last + 1, label) for label, first, last in tagging.strict(tags)]


@pytest.mark.parametrize("case", cases("hipe"))
def test_hipe_cases(case):
    labels = frozenset(x.label for g in case["gold"] for x in items(g))
    rows = summed(
        lambda g, p: historical.hipe(items(g), items(p), labels),
        case["gold"],
        case["pred"],
    )
    results = historical.finish(rows)
    for scheme, expected in case["expected"].items():
        for mean, rates in expected.items():
            found = results[f"{historical.NAMES[scheme]} {mean}"]
            same(found, [nan if x is None else x for x in rates])


def test_hipe_counts_every_copy_and_ignores_other_labels():
    gold, copy = [Item(0, 2, "PER")], Item(0, 2, "PER")
    labels = frozenset({"PER"})
    assert historical.hipe(gold, [copy, copy, Item(4, 5, "DOG")], labels)["strict"] == (2.0, 2, 2.0, 2)
    assert historical.hipe_fixed(gold, [copy, copy, Item(4, 5, "DOG")], labels)["strict"] == (1.0, 3, 1.0, 1)


@pytest.mark.parametrize("case", cases("neleval"))
def test_neleval_cases(case):
    gold, pred = ([linking.Linked(*x) for x in case[side]] for side in ("gold", "pred"))
    rows = {**linking.sets(gold, pred), **linking.clusters(gold, pred)}
    assert rows.keys() == case["expected"].keys()
    for name, expected in case["expected"].items():
        assert list(rows[name]) == pytest.approx(expected), name


def annotations(rows, text):
    return [
        measurements.Annotation(n, kind, start, end, own, text[start:end], other)
        for n, kind, start, end, own, other in rows
    ]


@pytest.mark.parametrize("case", cases("measeval"))
def test_measeval_cases(case):
    rows = summed(
        lambda g, p: measurements.measeval(annotations(g, case["text"]), annotations(p, case["text"])),
        case["gold"],
        case["pred"],
    )
    expected = dict(case["expected"])
    results = measurements.finish(rows)
    for mean in ("exact", "overlap"):
        assert results[mean].f1 == pytest.approx(expected.pop(mean))
    rows["overall"] = counts.total(rows[kind] for kind in measurements.KINDS)
    for kind, figures in expected.items():
        assert [rows[kind].p_hit, rows[kind].spurious, rows[kind].missed] == figures, kind


def test_measeval_overlap_is_not_f1():
    # One quantity found, one missed, one made up: P and R are 1/2, so is F1; the mean over rows is 1/3.
    def quantity(n, start):
        return measurements.Annotation(n, "Quantity", start, start + 2, f"T{n}", "12", {})

    rows = measurements.measeval([quantity(1, 0), quantity(2, 9)], [quantity(1, 0), quantity(2, 20)])
    results = measurements.finish({name: Counts(*row) for name, row in rows.items()})
    assert results["overall"].f1 == pytest.approx(1 / 2)
    assert results["overlap"].f1 == pytest.approx(1 / 3)
