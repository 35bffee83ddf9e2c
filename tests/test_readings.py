"""Where gold leaves something open: what is accepted, and that the best joint reading is found."""

import random

import pytest
from msgspec.structs import replace

import goldwire
from goldwire.annotate import files
from goldwire.annotate.document import (
    Actor,
    Ambiguity,
    Argument,
    Document,
    Event,
    Factuality,
    Mention,
    Meta,
    Number,
    Quotation,
)
from goldwire.annotate.problems import ProblemError
from goldwire.evaluate.metrics import METRICS
from goldwire.evaluate.readings import best, readings, without

TEXT = "Ada and Bob met, he said; 9 came"
ADA, BOB = (
    Actor("a1", "PER", mentions=(Mention("Ada", 0),)),
    Actor("a2", "PER", mentions=(Mention("Bob", 8),)),
)
MET = Event("e1", Mention("met", 12), "MEET", args=(Argument("convener", "a1"),))
SAID = Quotation("q1", "a1", cue=(Mention("said", 20),), content=(Mention("Bob met", 8),))
CUT = replace(SAID, content=(Mention("met", 12),))
NINE = Number("n1", Mention("9", 26), "COUNT", "9", stat="stock")


def gold(*ambiguities, **layers):
    basis = {"actors": (ADA, BOB), "events": (MET,), "quotations": (SAID,), "numbers": (NINE,)}
    return Document(TEXT, Meta("A"), ambiguities=ambiguities, **{**basis, **layers})


def f1(metric, open_gold, pred):
    return goldwire.score([open_gold], [replace(pred, ambiguities=())])[metric].rates().f1


def test_the_gold_value_and_every_accepted_one_are_right():
    open_gold = gold(Ambiguity("x", "e1", "args[convener]", accept=("a2",)))
    other = replace(MET, args=(Argument("convener", "a2"),))
    both = replace(MET, args=(Argument("convener", "a1"), Argument("convener", "a2")))
    assert f1("events.argument", open_gold, gold()) == 1
    assert f1("events.argument", open_gold, gold(events=(other,))) == 1
    assert f1("events.argument", open_gold, gold(events=(both,))) == 2 / 3  # one of them is right, not two


@pytest.mark.parametrize(
    ("entry", "metric", "change"),
    [
        (("e1", "type", "WAR"), "events.trigger", {"events": (replace(MET, type="WAR"),)}),
        (("n1", "stat", "flow"), "numbers.attribute(name=stat)", {"numbers": (replace(NINE, stat="flow"),)}),
        (("q1", "speaker", "a2"), "quotations.speaker", {"quotations": (replace(SAID, speaker="a2"),)}),
        (("q1", "via", "a2"), "quotations.chain", {"quotations": (replace(SAID, via=("a2",)),)}),
        (
            ("q1", "content", "met"),
            "quotations.content",
            {"quotations": (CUT,)},
        ),
        (("e1", "plural", "true"), "events.attribute(name=plural)", {"events": (replace(MET, plural=True),)}),
        (("e1", "trigger", "met"), "events.trigger", {}),
    ],
    ids=lambda x: x[1] if isinstance(x, tuple) else "",
)
def test_fields(entry, metric, change):
    on, field, value = entry
    assert f1(metric, gold(Ambiguity("x", on, field, accept=(value,))), gold(**change)) == 1
    if change:
        assert f1(metric, gold(), gold(**change)) != 1


def test_optional_objects_and_arguments_are_neither_missed_nor_spurious():
    optional = gold(Ambiguity("x", "e1", "exists", accept=("",)))
    nothing = gold(events=(), quotations=())
    assert goldwire.score([optional], [nothing], layers=["numbers"])["numbers.span"].rates().f1 == 1
    said = replace(nothing, meta=Meta("A", layers=("events",)))
    assert goldwire.score([optional], [said])["events.trigger"].r_all == 0
    assert f1("events.trigger", optional, gold()) == 1
    spare = gold(Ambiguity("x", "e1", "args[convener]", accept=("",)))
    assert f1("events.argument", spare, gold()) == 1
    none = replace(MET, args=())
    assert goldwire.score([spare], [gold(events=(none,))], layers=["events.argument"]).tallies == {}
    added = gold(Ambiguity("x", "e1", "factuality[AUTHOR]", accept=("CT+",)))
    sure = replace(MET, factuality=(Factuality("AUTHOR", "CT+"),))
    assert f1("events.factuality", added, gold(events=(sure,))) == 1


def test_what_holds_together_is_read_together():
    entries = (
        Ambiguity("x1", "e1", "tense", reading="r", accept=("past",)),
        Ambiguity("x2", "e1", "modality", reading="r", accept=("hedged",)),
    )
    half = replace(gold(events=(replace(MET, tense="past"),)), meta=Meta("A", layers=("attributes",)))
    scores = goldwire.score([gold(*entries)], [half])
    assert scores["events.attribute(name=tense)"].r_hit + scores["events.attribute(name=modality)"].r_hit == 1
    whole = gold(events=(replace(MET, tense="past", modality="hedged"),))
    assert f1("events.attribute(name=tense)", gold(*entries), whole) == 1
    assert [d.events[0].tense for d in readings(gold(*entries))] == ["unspecified", "past"]


def test_a_pronoun_that_may_be_somebody_elses():
    """Its mention, its role and its evidence go to the other actor together."""
    she = Mention("he", 17)
    mine, hers = replace(ADA, mentions=(*ADA.mentions, she)), replace(BOB, mentions=(*BOB.mentions, she))
    mine_met = replace(MET, args=(Argument("convener", "a1", she),))
    her_met = replace(MET, args=(Argument("convener", "a2", she),))
    entries = (
        Ambiguity("x1", "e1", "args[convener]", reading="r", accept=("a2",)),
        Ambiguity("x2", "a1", "mentions[he]", reading="r", accept=("a2",)),
    )
    open_gold = gold(*entries, actors=(mine, BOB), events=(mine_met,))
    other = gold(actors=(ADA, hers), events=(her_met,))
    assert [[len(a.mentions) for a in d.actors] for d in readings(open_gold)] == [[2, 1], [1, 2]]
    for metric in (
        "events.argument",
        "events.argument(by=span)",
        "actors.coreference(metric=lea)",
        "actors.mention",
    ):
        assert f1(metric, open_gold, other) == 1, metric
        assert f1(metric, open_gold, gold(actors=(mine, BOB), events=(mine_met,))) == 1, metric
    alone = gold(*entries, actors=(replace(ADA, mentions=(she,)), BOB), events=(mine_met,))
    assert [[a.id for a in d.actors] for d in readings(alone)] == [["a1", "a2"], ["a2"]]


def test_a_replacement_is_no_gold_of_its_own():
    other = Event("e9", Mention("came", 28), "DISPLACE")
    open_gold = gold(Ambiguity("x", "e1", "exists", accept=("e9",)), events=(MET, other))
    assert [[e.id for e in d.events] for d in readings(open_gold)] == [["e1"], ["e9"]]
    assert f1("events.trigger", open_gold, gold(events=(other,))) == 1


def test_references_to_what_does_not_exist():
    counted = replace(NINE, counted="e1")
    left = without(gold(numbers=(counted,), events=(replace(MET, args=(Argument("topic", "e1"),)),)), {"e1"})
    assert (left.events, left.numbers[0].counted) == ((), "")


def test_at_most_64_readings():
    many = tuple(
        Ambiguity(f"x{i}", "n1", f, accept=("a", "b")) for i, f in enumerate(("stat", "mod", "unit", "kind"))
    )
    assert len(list(readings(gold(*many[:3])))) == 27
    with pytest.raises(ProblemError, match="A: joint-readings: the ambiguities allow 81 joint readings"):
        list(readings(gold(*many)))


def alone(event):
    return replace(event, coref=event.id, args=event.args[1:])


JUDGES = (
    "events.trigger", "events.argument", "events.attribute(name=modality)", "events.attribute(name=tense)",
    "events.factuality", "events.coreference(metric=lea)", "numbers.attribute(name=stat)", "places.mention",
    "quotations.speaker",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_the_best_reading_is_that_of_all(seed):
    """Ambiguities are settled apart where they may be; here against going through every joint reading."""
    rng = random.Random(seed)
    for document in files.gold():
        every = list(readings(document))
        pred = rng.choice(every)
        pred = replace(pred, events=tuple(e for e in pred.events if rng.random() < 0.9), ambiguities=())
        pred = replace(
            pred,
            events=tuple(alone(e) if rng.random() < 0.3 else e for e in pred.events),
            quotations=tuple(replace(q, speaker="") if rng.random() < 0.3 else q for q in pred.quotations),
        )

        def count(reading, pred=pred):
            for name in JUDGES:
                total = METRICS[name](reading, pred).total
                yield total.p_hit + total.r_hit, total.p_all + total.r_all

        def rank(reading):
            rows = list(count(reading))
            return round(-sum(h for h, _ in rows), 9), sum(n for _, n in rows)

        chosen = best(document, count)
        assert rank(chosen) == min(map(rank, [*rng.sample(every, min(24, len(every))), every[0], chosen]))
