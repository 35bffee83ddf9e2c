"""Copies answer nothing of gold that the first could not, and saying several things does not pay."""

import pytest
from msgspec.structs import replace

from goldwire.annotate.document import Actor, Argument, Document, Event, Factuality, Mask, Mention, Number
from goldwire.evaluate import events, numbers

TEXT = "Ada hit and hit Bo"
ADA, BO = Actor("a1", "PER", mentions=(Mention("Ada", 0),)), Actor("a2", "PER", mentions=(Mention("Bo", 16),))
AGENT = Argument("agent", "a1")
FIRST = Event("e1", Mention("hit", 4), "STRIKE", args=(AGENT,))
SECOND = Event("e2", Mention("hit", 12), "STRIKE", args=(AGENT, Argument("victim", "a2")))
GOLD = Document(TEXT, actors=(ADA, BO), events=(FIRST, SECOND))
ONE = replace(GOLD, events=(FIRST,))
TWICE = replace(GOLD, events=(FIRST, replace(FIRST, id="e9")))


def four(tally):
    return tally.total.p_hit, tally.total.p_all, tally.total.r_hit, tally.total.r_all


def test_an_entity_fills_a_role_of_the_document_once():
    # Ada is the agent of both events, Bo the victim of one: two fillers.
    assert four(events.filler(GOLD, GOLD)) == (2, 2, 2, 2)
    assert four(events.filler(GOLD, ONE)) == (1, 1, 1, 2)
    assert four(events.filler(GOLD, TWICE)) == (1, 1, 1, 2)


@pytest.mark.parametrize("phi", ["entities", "mentions"])
def test_the_copy_of_an_event_does_not_answer_another_one(phi):
    assert four(events.template(GOLD, GOLD, phi=phi)) == (3, 3, 3, 3)
    assert four(events.template(GOLD, ONE, phi=phi)) == (1, 1, 1, 3)
    assert four(events.template(GOLD, TWICE, phi=phi)) == (1, 2, 1, 3)


@pytest.mark.parametrize("phi", ["entities", "mentions"])
def test_an_event_with_another_trigger_is_no_copy(phi):
    moved = replace(FIRST, id="e9", trigger=Mention("and", 8))
    assert four(events.template(GOLD, replace(GOLD, events=(FIRST, moved)), phi=phi)) == (2, 2, 2, 3)
    both = replace(GOLD, events=(FIRST, replace(FIRST, id="e9")))
    assert four(events.template(both, both, phi=phi)) == (2, 2, 2, 2)


def nine(*values, mask=()):
    said = tuple(Number(f"n{i}", Mention("9", 0), "COUNT", value=v) for i, v in enumerate(values))
    return Document("9 men", numbers=said, masks=mask)


def test_every_value_of_a_number_that_is_found_counts():
    assert four(numbers.value(nine("9"), nine("8", "9", "7"), given=True)) == (1, 3, 1, 1)
    assert four(numbers.value(nine("9"), nine("8"), given=True)) == (0, 1, 0, 1)
    masked = nine("9", mask=(Mask("m1", 0, 1),))
    assert four(numbers.value(masked, nine("9", "8"), given=True)) == (0, 0, 0, 0)


def test_every_judgement_of_a_holder_that_is_found_counts():
    def judged(*values):
        said = tuple(Factuality("AUTHOR", v) for v in values)
        return replace(GOLD, events=(replace(FIRST, factuality=said),))

    assert four(events.factuality(judged("CT+"), judged("CT+", "PR+", "U"), given=True)) == (1, 3, 1, 1)
    assert four(events.factuality(judged("CT+"), judged("U"), given=True)) == (0, 1, 0, 1)
