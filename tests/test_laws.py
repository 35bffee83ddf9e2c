"""Laws that every metric obeys, or is exempt from with a reason, in a world of six letters and two labels."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from goldwire.annotate.document import (
    Actor,
    Argument,
    Detail,
    Document,
    Event,
    Factuality,
    Fragment,
    Link,
    Mention,
    Number,
    Place,
    Quotation,
    Span,
    Time,
)
from goldwire.evaluate.metrics import METRICS

TEXT = "abcdef"
MODES = ("exact", "head", "overlap@0.5", "overlap@0.3", "partial", "partial-iou")
WAYS = st.sampled_from(MODES)
LABELS = st.sampled_from(["A", "B"])
TRIED = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def mentions(draw, most=1):
    start = draw(st.integers(0, 5))
    end = draw(st.integers(start + 1, 6))
    more = ()
    if end < 5 and most > 1 and draw(st.booleans()):
        again = draw(st.integers(end + 1, 5))
        more = (Fragment(TEXT[again : again + 1], again),)
    head = draw(st.integers(start, end - 1))
    return Mention(TEXT[start:end], start, head=TEXT[head], head_start=head, more=more)


@st.composite
def documents(draw, most=2, repeats=False):
    """A document whose objects of all layers refer to each other, with repeated spans if asked for."""

    def several(items, key):
        return draw(st.lists(items, max_size=most, unique_by=None if repeats else key))

    spans = several(st.tuples(mentions(), LABELS, LABELS), lambda x: x[0].pieces)
    actors = tuple(
        Actor(f"a{i}", label, wikidata=draw(st.sampled_from(["", "Q1"])), mentions=tuple(ms))
        for i, (label, ms) in enumerate(_clusters(draw, spans))
    )
    spans = several(st.tuples(mentions(), LABELS, LABELS), lambda x: x[0].pieces)
    places = tuple(
        Place(f"p{i}", label, mentions=tuple(ms)) for i, (label, ms) in enumerate(_clusters(draw, spans))
    )
    values = st.sampled_from(["", "1", "1.0", "2"])
    times = tuple(
        Time(f"t{i}", m, label, value=draw(values), resolved=draw(values))
        for i, (m, label, _) in enumerate(
            several(st.tuples(mentions(), LABELS, LABELS), lambda x: (x[0].pieces, x[1]))
        )
    )
    quotes = several(st.tuples(mentions(most=2), LABELS), lambda x: x[0].pieces)
    quoted = [f"q{i}" for i in range(len(quotes))]
    people = st.sampled_from(["", *(x.id for x in (*actors, *places))])
    quotations = tuple(
        Quotation(
            f"q{i}",
            speaker=draw(people),
            speaker_span=draw(st.none() | mentions()),
            cue=tuple(draw(st.lists(mentions(), max_size=1))),
            content=(m,),
            directness=label,
            stance=draw(LABELS),
            addressee=draw(people),
            parent=draw(st.sampled_from(["", *quoted[:i]])),
            via=tuple(draw(st.lists(people.filter(bool), max_size=1))) if actors or places else (),
        )
        for i, (m, label) in enumerate(quotes)
    )
    triggers = several(st.tuples(mentions(), LABELS), lambda x: (x[0].pieces, x[1]))
    happened = [f"e{i}" for i in range(len(triggers))]
    counted = st.sampled_from(["", *happened, *(x.id for x in actors)])
    numbers = tuple(
        Number(
            f"n{i}",
            m,
            label,
            value=draw(values),
            low=draw(values),
            open_low=draw(st.booleans()),
            mod=draw(LABELS),
            stat=draw(LABELS),
            unit=draw(st.sampled_from(["", "u"])),
            counted=draw(counted),
            as_of=draw(st.sampled_from(["", *(t.id for t in times)])),
            said_by=draw(st.sampled_from(["", "AUTHOR", *quoted])),
        )
        for i, (m, label, _) in enumerate(
            several(st.tuples(mentions(), LABELS, LABELS), lambda x: (x[0].pieces, x[1]))
        )
    )
    fillers = st.sampled_from(["", *happened, *(x.id for x in (*actors, *places, *numbers, *times))])
    events = tuple(
        Event(
            f"e{i}",
            m,
            label,
            coref=draw(st.sampled_from(happened[: i + 1])),
            polarity=draw(LABELS),
            plural=draw(st.booleans()),
            details=tuple(draw(st.lists(st.builds(Detail, LABELS, LABELS), max_size=1))),
            args=tuple(draw(st.lists(st.builds(Argument, LABELS, fillers, mentions()), max_size=2))),
            factuality=tuple(
                draw(
                    st.lists(st.builds(Factuality, st.sampled_from(["AUTHOR", *quoted]), LABELS), max_size=2)
                )
            ),
        )
        for i, (m, label) in enumerate(triggers)
    )
    links = tuple(
        Link("l1", draw(st.sampled_from(happened)), draw(st.sampled_from(happened)), draw(LABELS))
        for _ in range(draw(st.integers(0, 1)) if happened else 0)
    )
    plain = tuple(Span(f"s{i}", m, label) for i, (m, label, _) in enumerate(spans))
    return Document(
        TEXT,
        actors=actors,
        places=places,
        times=times,
        numbers=numbers,
        events=events,
        links=links,
        quotations=quotations,
        spans=plain,
    )


def _clusters(draw, spans):
    """Spans as entities with one or more mentions."""
    clusters = []
    for mention, label, _ in spans:
        if clusters and draw(st.booleans()) and mention not in clusters[-1][1]:
            clusters[-1][1].append(mention)
        else:
            clusters.append((label, [mention]))
    return clusters


LAYERS = ("actors", "places", "times", "numbers", "quotations", "events", "links", "spans")


def shuffled(document, seed):
    rng = random.Random(seed)
    return replace(
        document,
        **{name: tuple(rng.sample(getattr(document, name), len(getattr(document, name)))) for name in LAYERS},
    )


def renamed(document):
    """Other ids, in another order, for every object and wherever one is referred to."""
    ids = [x.id for name in LAYERS for x in getattr(document, name)]
    new = {old: f"z{len(ids) - i}" for i, old in enumerate(ids)}

    def change(item):
        if isinstance(item, str):
            return new.get(item, item)
        if isinstance(item, tuple):
            return tuple(map(change, item))
        if isinstance(item, (Event, Quotation, Number, Actor, Place, Time, Link, Span, Argument, Factuality)):
            return replace(
                item, **{f: change(getattr(item, f)) for f in item.__struct_fields__ if f != "extra"}
            )
        return item

    return replace(document, **{name: change(getattr(document, name)) for name in LAYERS})


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
