"""What is resampled, and what stands beside a score."""

import numpy as np
import pytest

from goldwire.evaluate.counts import Entry, Tally
from goldwire.evaluate.resample import intervals, wilson
from goldwire.evaluate.sampling import Bounds, bounds, units


def tally(seed, at=0):
    rng = np.random.default_rng(seed)
    hits = [int(x) for x in rng.integers(0, 2, 6)]
    return Tally(
        [Entry("AB"[i % 2], at + 10 * i if at >= 0 else -1, h, 1, h, 1 + i % 2) for i, h in enumerate(hits)]
    )


def test_documents_are_the_units_of_ten():
    tallies = [tally(seed) for seed in range(10)]
    found = units(tallies, [(0,)] * 10)
    assert (found.kind, found.columns, found.rows.shape) == ("document", ("", "A", "B"), (10, 3, 4))
    t = tallies[3].total
    assert found.rows[3, 0].tolist() == [t.p_hit, t.p_all, t.r_hit, t.r_all]
    shown = bounds(tallies)
    own = intervals(found.rows)
    assert (shown["A"].low, shown["A"].high, shown["A"].by) == (own.low[1], own.high[1], "document")


def test_sentences_are_the_units_of_three():
    tallies = [tally(seed) for seed in range(3)]
    found = units(tallies, [range(0, 60, 10)] * 3)
    assert (found.kind, len(found.rows)) == ("sentence", 18)
    fields = ("p_hit", "p_all", "r_hit", "r_all")
    assert found.rows.sum(0)[0].tolist() == [sum(getattr(t.total, x) for t in tallies) for x in fields]


def test_what_does_not_decompose_has_a_reason():
    shown = bounds([tally(seed, at=-1) for seed in range(3)], [range(0, 60, 10)] * 3)
    assert {str(b) for b in shown.values()} == {"– (3 documents)"}
    assert str(bounds([tally(1)])["A"]) == "– (1 document)"


def test_a_perfect_score_is_not_certain():
    tallies = [Tally([Entry("A", -1, 1, 1, 1, 1)])] * 12
    found = bounds(tallies)["A"]
    assert (found.low, found.high) == pytest.approx(wilson(12, 12))
    assert found.by == "item"


def test_a_label_of_one_document_has_no_interval():
    tallies = [Tally([Entry("A", -1, 1, 1, 1, 1)])] * 12
    tallies[4] = Tally([Entry("B", -1, 1, 1, 1, 2)])
    assert str(bounds(tallies)["B"]) == "– (one document)"
    assert str(Bounds()) == "–"
