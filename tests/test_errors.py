"""Every error has one cause; the causes add up to what the metrics count; gains are what mending gives."""

from collections import Counter

from hypothesis import given, settings

from goldwire.annotate.document import Actor, Argument, Document, Event, Mention, Meta, Quotation
from goldwire.evaluate.causes import CAUSES, Error, Judged, gains
from goldwire.evaluate.errors import errors, judge
from goldwire.evaluate.metrics import METRICS

from .tiny import documents

SAME = {"events": "events.trigger", "arguments": "events.argument", "numbers": "numbers.fact"}


@settings(max_examples=50, deadline=None)
@given(gold=documents(), pred=documents(repeats=True))
def test_causes_add_up(gold, pred):
    for judged in judge(gold, pred):
        missed = sum(e.in_gold for e in judged.errors)
        wrong = sum(e.in_pred for e in judged.errors)
        assert judged.right + missed == judged.gold, judged
        assert judged.right + wrong == judged.pred, judged
        assert {e.cause for e in judged.errors} <= set(CAUSES)
        if judged.layer in SAME:
            assert judged.counts == METRICS[SAME[judged.layer]](gold, pred).total, judged.layer


@settings(max_examples=40, deadline=None)
@given(gold=documents())
def test_nothing_is_wrong_with_gold(gold):
    assert all(j.errors == () for j in judge(gold, gold))


TEXT = "Rebels shelled Tarn on Monday, he said; the rebels fled"
REBELS = Mention("Rebels", 0), Mention("the rebels", 40, head="rebels", head_start=44)


def causes(gold, pred):
    return {j.layer: Counter(e.cause for e in j.errors) for j in judge(gold, pred) if j.errors}


def mentions(*spans):
    return Document(TEXT, actors=tuple(Actor(f"a{i}", t, mentions=ms) for i, (t, *ms) in enumerate(spans)))


def test_spans():
    gold = mentions(("REB", *REBELS))
    assert causes(gold, mentions(("REB", REBELS[0]), ("REB", REBELS[1]))) == {}  # pieces of one entity
    assert causes(gold, mentions(("REB", REBELS[0]), ("MIL", REBELS[1]))) == {"actors": {"type": 1}}
    assert causes(gold, mentions(("REB", REBELS[0], Mention("rebels", 44)))) == {"actors": {"boundary": 1}}
    assert causes(gold, mentions(("REB", *REBELS, REBELS[0]))) == {"actors": {"duplicate": 1}}
    assert causes(gold, mentions(("REB", *REBELS, Mention("rebels", 44)))) == {"actors": {"split": 1}}
    assert causes(gold, mentions(("REB", REBELS[0], Mention("Tarn", 15)))) == {
        "actors": {"missed": 1, "spurious": 1}
    }
    two = mentions(("REB", Mention("Rebels", 0)), ("REB", Mention("Tarn", 15)))
    assert causes(two, mentions(("REB", Mention("Rebels shelled Tarn", 0)))) == {
        "actors": {"boundary": 1, "merged": 1}
    }
    heap = mentions(("REB", Mention("Rebels", 0), Mention("Tarn", 15)))
    assert causes(two, heap) == {"actors": {"coreference": 1}}


def happened(
    *events, actors=(Actor("a1", "REB", mentions=REBELS), Actor("a2", "PER", mentions=(Mention("he", 31),)))
):
    return Document(TEXT, actors=actors, events=events)


def event(name, word, kind, *args):
    return Event(name, Mention(word, TEXT.index(word)), kind, args=args)


def test_arguments():
    agent, he = Argument("agent", "a1"), Argument("agent", "a2")
    gold = happened(event("e1", "shelled", "STRIKE", agent), event("e2", "fled", "DISPLACE"))
    rest = event("e2", "fled", "DISPLACE")

    def of(shelled, fled=rest):
        return causes(gold, happened(shelled, fled)).get("arguments", {})

    assert of(event("e1", "shelled", "STRIKE", agent)) == {}
    assert of(event("e1", "shelled", "STRIKE", Argument("target", "a1"))) == {"role": 1}
    assert of(event("e1", "shelled", "STRIKE", he)) == {"missed": 1, "spurious": 1}
    assert of(event("e1", "shelled", "STRIKE", agent, agent)) == {"duplicate": 1}
    assert of(event("e1", "shelled", "ATTACK", agent)) == {"type": 1}
    moved = event("e1", "shelled", "STRIKE"), event("e2", "fled", "DISPLACE", agent)
    assert of(*moved) == {"attached": 1}
    loose = (
        Argument("agent", "", Mention("shelled Tarn", 7)),
        Argument("agent", "", Mention("Rebels shelled", 0)),
    )
    assert of(event("e1", "shelled", "STRIKE", loose[0])) == {"missed": 1, "spurious": 1}
    with_words = Argument("agent", "a1", REBELS[0])
    gold = happened(event("e1", "shelled", "STRIKE", with_words), rest)
    assert of(event("e1", "shelled", "STRIKE", loose[1])) == {"boundary": 1}
    assert of(event("e1", "shelled", "STRIKE", Argument("agent", "a2", REBELS[0]))) == {"coreference": 1}


def test_quotations():
    def said(cue="said", speaker="a1", content="Rebels shelled Tarn on Monday"):
        q = Quotation(
            "q1",
            speaker,
            cue=(Mention(cue, TEXT.index(cue)),),
            content=(Mention(content, TEXT.index(content)),),
        )
        he = Actor("a1", "PER", mentions=(Mention("he", 31),))
        return Document(TEXT, actors=(he, Actor("a2", "REB", mentions=REBELS)), quotations=(q,))

    assert causes(said(), said()) == {}
    assert causes(said(), said(cue="he said")) == {"quotations": {"cue": 1}}
    assert causes(said(), said(speaker="a2")) == {"quotations": {"speaker": 1}}
    assert causes(said(), said(content="Rebels shelled Tarn")) == {"quotations": {"boundary": 1}}


def test_words_that_stand_nowhere():
    gold = [Document(TEXT, Meta("A"), events=(event("e1", "shelled", "STRIKE"),))]
    invented = {"unanchored": [{"layer": "TRIGGER", "label": "STRIKE", "text": "bombed"}]}
    pred = [Document(TEXT, Meta("A"), events=(event("e1", "shelled", "STRIKE"),), extra=invented)]
    (judged,) = [j for j in errors(gold, pred) if j.layer == "events"]
    assert judged.errors == (Error("A", "events", "unsupported text", "STRIKE", -1, "", "bombed"),)
    assert judged.counts.p_all == 2


def test_gains():
    # 1 of 3 found, 1 of 3 right: F1 1/3. Mending the pair: 2/3. Adding the missed: 2*2/(3+4). Removing: 2/5.
    pair = Error("A", "events", "type", "X", 0, "a", "a")
    missed, spurious = (
        Error("A", "events", "missed", "X", 1, "b", ""),
        Error("A", "events", "spurious", "X", 2, "", "c"),
    )
    found = gains([Judged("events", 3, 3, 1, (pair, missed, spurious))])
    assert [(g.cause, g.f1, g.mended) for g in found] == [
        ("type", 1 / 3, 2 / 3),
        ("missed", 1 / 3, 4 / 7),
        ("spurious", 1 / 3, 2 / 5),
    ]
