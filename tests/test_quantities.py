"""When two numbers say the same, by hand: tolerance at its very edge, units exact, degrees, bounds."""

import pytest

from goldwire.annotate.document import Document, Mention, Number
from goldwire.evaluate import numbers, quantities


def number(value, unit="", **fields):
    return Number("n1", Mention("x", 0), "MEASURE", value=value, unit=unit, **fields)


@pytest.mark.parametrize(
    ("gold", "pred", "tolerance", "same"),
    [
        ("0.3", "0.30000000000000004", {}, False),
        ("1e3", "1000.0", {}, True),
        ("-0", "0", {}, True),
        ("1000", "1050", {"relative": "0.05"}, True),
        ("1000", "1050.0000000000000000000000000000001", {"relative": "0.05"}, False),
        ("-100", "-95", {"relative": "0.05"}, True),
        ("-100", "100", {"relative": "0.05"}, False),
        ("0.1", "0.105", {"relative": "0.05"}, True),
        ("0", "0.01", {"relative": "0.05"}, False),
        ("0", "0.01", {"absolute": "0.01"}, True),
        ("1" + 30 * "0", "1" + 29 * "0" + "1", {}, False),
        ("1e9999999", "10e9999998", {}, True),
        ("1e9999999", "-1e9999999", {"relative": "0.05"}, False),
        ("0e999999999", "0", {}, True),
        ("NaN", "nan", {}, False),
        ("Infinity", "inf", {}, False),
    ],
)
def test_values_to_the_last_digit(gold, pred, tolerance, same):
    assert quantities.equal(gold, pred, **tolerance) is same


@pytest.mark.parametrize(
    ("gold", "pred"),
    [
        (("1", "yard"), ("3", "foot")),
        (("3", "foot"), ("1", "yard")),
        (("1", "mile"), ("1.609344", "km")),
        (("1.609344", "km"), ("1", "mile")),
        (("7", "day"), ("1", "week")),
        (("1", "week"), ("7", "day")),
        (("0", "degC"), ("32", "degF")),
        (("212", "degF"), ("100", "degC")),
        (("-40", "degF"), ("-40", "degC")),
        (("273.15", "kelvin"), ("0", "celsius")),
    ],
)
def test_units_are_converted_without_rounding(gold, pred):
    assert quantities.same_value(number(*gold), number(*pred))
    assert quantities.same_unit(gold[1], pred[1])


def test_a_difference_of_degrees_has_no_zero_point():
    more = number("9", "degF", stat="flow")
    assert quantities.same_value(more, number("5", "degC", stat="flow"))
    assert not quantities.same_value(number("9", "degF"), number("5", "degC"))


def test_what_cannot_be_converted_is_compared_as_it_is_written():
    assert quantities.same_value(number("5", "km"), number("5", "hour"))
    assert quantities.same_value(number("5", "km"), number("5"))
    assert not quantities.same_value(number("1", "km"), number("1e99999999", "m"))


def test_bounds_are_converted_as_values_are():
    kilometres = number("5", "km", low="4", high="6", open_high=True)
    metres = number("5000", "m", low="4000", high="6000", open_high=True)
    gold, pred = (Document("x", numbers=(n,)) for n in (kilometres, metres))
    assert numbers.bounds(gold, pred).total.p_hit == 1
    assert numbers.fact(gold, pred).total.p_hit == 1
    closed = number("5000", "m", low="4000", high="6000")
    assert numbers.bounds(gold, Document("x", numbers=(closed,))).total.p_hit == 0


def test_of_two_numbers_at_one_place_the_one_that_says_the_same_answers():
    gold = Document("x", numbers=(number("12", "km", low="11"),))
    other = number("11", "km", low="11")
    right = number("12000.0", "m", low="11000")
    pred = Document("x", numbers=(other, right))
    assert numbers.value(gold, pred).total.p_hit == 1
    assert numbers.fact(gold, pred).total.p_hit == 1
