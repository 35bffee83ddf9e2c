"""Entities of gold that nothing tells apart: whichever is meant, the other one answers as well."""

from msgspec.structs import replace

from goldwire.annotate.document import Actor, Argument, Document, Event, Mention, Quotation
from goldwire.evaluate.metrics import METRICS

TEXT = "The two said yes"
TWO = Mention("The two", 0)
FIRST, SECOND = (Actor(f"a{i}", "PER", mentions=(TWO,)) for i in (1, 2))
SAID = Quotation("q1", speaker="a2", content=(Mention("yes", 13),))
ASKED = Event("e1", Mention("said", 8), "TALK", args=(Argument("agent", "a2"),))
GOLD = Document(TEXT, actors=(FIRST, SECOND), quotations=(SAID,), events=(ASKED,))
FIELDS = ("quotations.speaker", "events.argument", "events.pooled_argument")


def test_gold_is_a_perfect_answer_to_itself_in_whatever_order():
    for gold in (GOLD, replace(GOLD, actors=(SECOND, FIRST))):
        for name in FIELDS:
            total = METRICS[name](gold, GOLD).total
            assert (total.p_hit, total.p_all, total.r_hit, total.r_all) == (1, 1, 1, 1), name


def test_another_type_is_another_entity():
    other = replace(FIRST, type="ORG")
    gold = replace(GOLD, actors=(other, SECOND))
    wrong = replace(gold, quotations=(replace(SAID, speaker="a1"),))
    assert METRICS["quotations.speaker"](gold, gold).total.p_hit == 1
    assert METRICS["quotations.speaker"](gold, wrong).total.p_hit == 0


def test_of_two_that_touch_the_same_word_the_one_with_the_same_bounds_answers():
    text = "abc said yes"
    short, long = (Actor(x, "PER", mentions=(Mention(x, 0),)) for x in ("ab", "abc"))
    said = Quotation("q1", speaker="abc", content=(Mention("yes", 9),))
    gold = Document(text, actors=(short, long), quotations=(said,))
    assert METRICS["quotations.speaker"](gold, gold, match="partial-token").total.p_hit == 1
