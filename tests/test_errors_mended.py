"""The gain of a cause is what mending it really gives; slices add up to their layer."""

from math import isnan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.annotate.document import (
    Actor,
    Argument,
    Document,
    Event,
    Mention,
    Meta,
    Number,
    Quotation,
    Segment,
    Time,
)
from goldwire.annotate.problems import ProblemError
from goldwire.evaluate.causes import gains
from goldwire.evaluate.counts import total
from goldwire.evaluate.errors import judge
from goldwire.evaluate.errors.slices import slices

from .tiny import documents

# No word stands twice, so that an error's words say where its item is.
WORDS = ["one", "two", "three", "four", "five"]
TEXT = " ".join(WORDS)
STARTS = [TEXT.index(word) for word in WORDS]


def mention(first, last):
    return Mention(TEXT[STARTS[first] : STARTS[last] + len(WORDS[last])], STARTS[first])


MENTIONS = st.builds(lambda a, n: mention(a, min(a + n, 4)), st.integers(0, 4), st.integers(0, 2))
ITEMS = {
    "events": st.builds(lambda m, t: Event("", m, t), MENTIONS, st.sampled_from(["STRIKE", "MEET"])),
    "times": st.builds(
        lambda m, k, v: Time("", m, k, v),
        MENTIONS,
        st.sampled_from(["DATE", "DURATION"]),
        st.sampled_from(["2024", "2025"]),
    ),
    "numbers": st.builds(
        lambda m, v, mod, unit: Number("", m, "COUNT", v, mod=mod, unit=unit),
        MENTIONS,
        st.sampled_from(["1", "2"]),
        st.sampled_from(["exact", "approx"]),
        st.sampled_from(["", "km"]),
    ),
    "quotations": st.builds(
        lambda m, c: Quotation("", content=(m,), cue=(c,)),
        MENTIONS,
        st.builds(lambda a: mention(a, a), st.just(4)),
    ),
}


def shown(item):
    """The words of an item."""
    if isinstance(item, Quotation):
        return item.content[0].text
    return (item.trigger if isinstance(item, Event) else item.mention).text


def values(item):
    """Everything of an item but its id."""
    return [getattr(item, name) for name in item.__struct_fields__ if name != "id"]


def same(a, b):
    return type(a) is type(b) and values(a) == values(b)


def world(layer, items):
    numbered = tuple(type(x)(f"x{i}", *values(x)) for i, x in enumerate(items))
    return Document(TEXT, Meta("d"), **{layer: numbered})


def mended(layer, gold, pred, cause):
    """The prediction with every error of a cause put right, item by item."""
    (judged,) = (j for j in judge(gold, pred) if j.layer == layer)
    golds, preds = list(getattr(gold, layer)), list(getattr(pred, layer))
    # What is right stays: no words stand twice in the gold, so a right item is the one that equals its gold.
    kept = []
    for e in judged.hits:
        g = next(g for g in golds if shown(g) == e.gold)
        golds.remove(g)
        kept.append(next(p for p in preds if same(p, g)))
    free, lacking = [p for p in preds if not any(p is k for k in kept)], golds
    added = []
    for e in (e for e in judged.errors if e.cause == cause):
        if e.pred:
            free.remove(next(p for p in free if shown(p) == e.pred))
        if e.gold:
            g = next(g for g in lacking if shown(g) == e.gold)
            lacking.remove(g)
            added.append(g)
    return world(layer, [*kept, *free, *added])


@pytest.mark.parametrize("layer", ITEMS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_gain_of_a_cause_is_what_mending_it_gives(layer, data):
    gold = world(layer, data.draw(st.lists(ITEMS[layer], max_size=4, unique_by=shown)))
    pred = world(layer, data.draw(st.lists(ITEMS[layer], max_size=4)))
    (judged,) = (j for j in judge(gold, pred) if j.layer == layer)
    for gain in gains([judged]):
        (then,) = (j for j in judge(gold, mended(layer, gold, pred, gain.cause)) if j.layer == layer)
        assert then.counts.rates().f1 == pytest.approx(gain.mended, nan_ok=True), (gain, then)


def test_the_gain_of_actors_and_arguments():
    """Rebels and he are two actors; the prediction joins them, and so errs on what refers to them."""
    text = "Rebels shelled Tarn, he said"
    rebels, he = Mention("Rebels", 0), Mention("he", 21)
    shelled = Event("e1", Mention("shelled", 7), "STRIKE", args=(Argument("agent", "a1"),))

    def document(*actors, events=(shelled,)):
        return Document(text, Meta("d"), actors=actors, events=events)

    gold = document(Actor("a1", "REB", mentions=(rebels,)), Actor("a2", "PER", mentions=(he,)))
    wrong = Event("e1", Mention("shelled", 7), "STRIKE", args=(Argument("target", "a1"),))
    typed = document(
        Actor("a1", "MIL", mentions=(rebels,)), Actor("a2", "PER", mentions=(he,)), events=(wrong,)
    )
    found = {(g.layer, g.cause): (g.f1, g.mended) for g in gains(judge(gold, typed))}
    assert found == {("actors", "type"): (0.5, 1.0), ("arguments", "role"): (0.0, 1.0)}
    actors, arguments = (document(*gold.actors, events=(wrong,)), document(*typed.actors))
    for mended_one, layer in ((actors, "actors"), (arguments, "arguments")):
        (judged,) = (j for j in judge(gold, mended_one) if j.layer == layer)
        assert judged.counts.rates().f1 == 1.0
    joined = document(Actor("a1", "REB", mentions=(rebels, he)), events=())
    assert {(g.layer, g.cause): g.mended for g in gains(judge(gold, joined))}["actors", "type"] == 1.0


@settings(max_examples=40, deadline=None)
@given(gold=documents(), pred=documents(repeats=True))
def test_slices_add_up(gold, pred):
    judged = judge(gold, pred, name="#1")
    for key in ("label", "length", "position", "nesting", "document"):
        found = slices(judged, [gold], key)
        for one in judged:
            own = [s for s in found if s.layer == one.layer]
            assert total(s.counts for s in own) == one.counts
            assert sum(n for s in own for _, n in s.causes) == len(one.errors)


def test_what_slices_are():
    text = "Big day\nRebels of Tarn left. They met. It rained. All ended."
    segments = (
        Segment("g1", 0, 7, "headline"),
        Segment("g2", 8, 28),
        Segment("g3", 29, 38),
        Segment("g4", 39, 49),
        Segment("g5", 50, 60),
    )
    outer, inner = Mention("Rebels of Tarn", 8), Mention("Tarn", 18)

    def document(*mentions, extra=None):
        actors = tuple(Actor(f"a{i}", t, mentions=(m,)) for i, (t, m) in enumerate(mentions))
        return Document(text, Meta("A", origin="wire", extra=extra or {}), segments=segments, actors=actors)

    day, they, ended = Mention("day", 4), Mention("They", 29), Mention("ended", 54)
    gold = document(("REB", outer), ("STATE", inner), ("REB", they), ("PER", day), extra={"desk": 3})
    pred = document(("REB", outer), ("REB", inner), ("PER", day), ("PER", ended))
    judged = judge(gold, pred, name="A")

    def cut(key):
        return {
            s.value: (s.counts.r_hit, s.counts.r_all, s.counts.p_all) for s in slices(judged, [gold], key)
        }

    assert cut("label") == {"PER": (1, 1, 2), "REB": (1, 2, 1), "STATE": (0, 1, 1)}
    assert cut("actor-type") == cut("label")
    assert cut("number-kind") == {}
    assert list(cut("position").items()) == [
        ("headline", (1, 1, 1)),
        ("sentence 1", (1, 2, 2)),
        ("sentences 2–3", (0, 1, 0)),
        ("sentences 4–10", (0, 0, 1)),
    ]
    assert cut("nesting") == {"alone": (1, 2, 2), "around another": (1, 1, 1), "inside another": (0, 1, 1)}
    assert cut("length") == {"1 word": (1, 3, 3), "2–3 words": (1, 1, 1)}
    assert cut("meta.origin") == {"wire": (2, 4, 4)}
    assert cut("meta.desk") == {"3": (2, 4, 4)}
    for key, said in ("colour", "the keys are label, length"), ("meta.colour", "no document has colour"):
        with pytest.raises(ProblemError, match=said):
            slices(judged, [gold], key)
    assert not any(isnan(s.counts.rates().f1) for s in slices(judged, [gold], "label"))
