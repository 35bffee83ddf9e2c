"""Laws that every metric obeys, or is exempt from with a reason, in a world of six letters and two labels."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from goldwire.evaluate.metrics import METRICS

from .tiny import LAYERS, documents, renamed, shuffled

MODES = ("exact", "head", "overlap@0.5", "overlap@0.3", "partial", "partial-iou")
WAYS = st.sampled_from(MODES)
TRIED = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))


def rows(match, metric, gold, pred):
    return dict(metric(gold, pred, match=match))


def near(a, b):
    return all(abs(getattr(a, f) - getattr(b, f)) < 1e-9 for f in ("p_hit", "p_all", "r_hit", "r_all"))


def those(law):
    return [m for m in METRICS.values() if law not in m.exempt]


@TRIED
@given(match=WAYS, gold=documents())
def test_perfect_prediction_misses_nothing(match, gold):
    for metric in those("perfect"):
        total = metric(gold, gold, match=match).total
        assert (total.missed, total.spurious) == (0, 0), metric.name


@TRIED
@given(
    match=st.sampled_from([m for m in MODES if m != "head"]), gold=documents(), pred=documents(repeats=True)
)
def test_swapping_gold_and_pred_swaps_precision_and_recall(match, gold, pred):
    for metric in those("swap"):
        here, there = metric(gold, pred, match=match).total, metric(pred, gold, match=match).total
        assert near(here, there.swapped()), metric.name


@TRIED
@given(match=WAYS, gold=documents(), pred=documents(), more=documents(most=1), data=st.data())
def test_another_prediction_never_loses_a_hit(match, gold, pred, more, data):
    more = renamed(more)
    name = data.draw(st.sampled_from([n for n in LAYERS if getattr(more, n)] or ["spans"]))
    wider = replace(pred, **{name: (*getattr(pred, name), *getattr(more, name))})
    for metric in those("another"):
        before, after = (metric(gold, p, match=match).total for p in (pred, wider))
        assert after.r_hit >= before.r_hit - 1e-9, (metric.name, name)
        assert after.p_hit >= before.p_hit - 1e-9, (metric.name, name)


@TRIED
@given(match=WAYS, gold=documents(), pred=documents(repeats=True), seed=st.integers(0, 99))
def test_the_order_of_items_and_their_ids_change_nothing(match, gold, pred, seed):
    other = renamed(shuffled(pred, seed))
    turned = shuffled(gold, seed + 1)
    for metric in those("order"):
        here, there = rows(match, metric, gold, pred), rows(match, metric, turned, other)
        assert here.keys() == there.keys(), metric.name
        assert all(near(here[x], there[x]) for x in here), metric.name


@TRIED
@given(match=WAYS, gold=documents(), pred=documents(), data=st.data())
def test_a_duplicate_never_helps(match, gold, pred, data):
    name = data.draw(st.sampled_from([n for n in LAYERS if getattr(pred, n)] or [""]))
    if not name:
        return
    items = getattr(pred, name)
    twin = data.draw(st.sampled_from(items))
    twice = replace(pred, **{name: (*items, replace(twin, id="copy"))})
    for metric in those("duplicates"):
        before, after = (metric(gold, p, match=match).total for p in (pred, twice))
        assert after.r_hit <= before.r_hit + 1e-9, metric.name
        assert not after.rates().f1 > before.rates().f1 + 1e-9, metric.name


@TRIED
@given(match=WAYS, gold=documents(), pred=documents(repeats=True))
def test_tables_reconcile(match, gold, pred):
    for metric in METRICS.values():
        tally = metric(gold, pred, match=match)
        for row in tally.values():
            assert -1e-9 <= row.r_hit <= row.r_all + 1e-9, metric.name
            assert -1e-9 <= row.p_hit <= row.p_all + 1e-9, metric.name
        assert tally.total.p_all == pytest.approx(sum(row.p_all for row in tally.values()))
