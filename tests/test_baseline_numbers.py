"""Numerals and quantities, on invented phrases; every expected value was worked out by hand."""

from fractions import Fraction

import pytest

from goldwire.evaluate.baseline.grammar import Quantity
from goldwire.evaluate.baseline.numerals import numeral, written
from goldwire.evaluate.baseline.quantities import quantities
from goldwire.evaluate.baseline.words import split

NUMERALS = {
    "seven": "7",
    "twenty-five": "25",
    "twenty five": "25",
    "nineteen hundred": "1900",
    "a hundred": "100",
    "one hundred and five": "105",
    "two hundred thousand": "200000",
    "two million three hundred thousand and six": "2300006",
    "ninety-nine thousand nine hundred and ninety-nine": "99999",
    "half a million": "500000",
    "half-a-million": "500000",
    "half a dozen": "6",
    "a quarter of a million": "250000",
    "quarter of a million": "250000",
    "three quarters of a billion": "750000000",
    "three-quarters of a million": "750000",
    "one and a half million": "1500000",
    "a million and a half": "1500000",
    "two and a half thousand": "2500",
    "2.5 million": "2500000",
    "1,250.5": "1250.5",
    "3k": "3000",
    "4.2bn": "4200000000",
    "410 thousand": "410000",
    "a dozen": "12",
    "three dozen": "36",
    "five hundred million": "500000000",
    "five crore": "50000000",
    "two-thirds": "0.666667",
    "one-fifth": "0.2",
    "nine out of ten": "0.9",
    "one in every five": "0.2",
    "3/4": "0.75",
}


@pytest.mark.parametrize("text", NUMERALS)
def test_a_numeral_denotes(text: str) -> None:
    words = split(text)
    found = numeral(words, 0)
    assert found is not None
    assert (written(found.value), found.end) == (NUMERALS[text], len(words))


@pytest.mark.parametrize("text", ["hundred men", "a man", "a third man", "the fifth", "million", "and five"])
def test_no_numeral(text: str) -> None:
    assert numeral(split(text), 0) is None


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("twenty and thirty", 1),
        ("sixteen million and three thousand", 2),
        ("five six", 1),
        ("three million 20", 2),
    ],
)
def test_two_numerals_stay_two(text: str, end: int) -> None:
    found = numeral(split(text), 0)
    assert found is not None
    assert found.end == end


def only(text: str) -> tuple[Quantity, str]:
    words = split(text)
    (q,) = quantities(words)
    return q, text[words[q.first].start : words[q.end - 1].end]


def decimal(value: Fraction | None) -> str:
    return "" if value is None else written(value)


# text -> expression, modifier, value, low, high
MODIFIED = {
    "more than 600 left": ("more than 600", "more_than", "600", "600", ""),
    "over a thousand left": ("over a thousand", "more_than", "1000", "1000", ""),
    "at least three dozen left": ("at least three dozen", "at_least", "36", "36", ""),
    "no fewer than 12 left": ("no fewer than 12", "at_least", "12", "12", ""),
    "40 or more left": ("40 or more", "at_least", "40", "40", ""),
    "fewer than 50 left": ("fewer than 50", "less_than", "50", "", "50"),
    "up to half a million left": ("up to half a million", "at_most", "500000", "", "500000"),
    "some 40 men left": ("some 40", "approx", "40", "", ""),
    "about 4,500 men left": ("about 4,500", "approx", "4500", "", ""),
    "20 or so left": ("20 or so", "approx", "20", "", ""),
    "an estimated 4 million left": ("an estimated 4 million", "approx", "4000000", "", ""),
    "between 10 and 15 left": ("between 10 and 15", "between", "", "10", "15"),
    "10 to 15 left": ("10 to 15", "between", "", "10", "15"),
    "10-15 left": ("10-15", "between", "", "10", "15"),
    "10–15 left": ("10–15", "between", "", "10", "15"),
    "two or three left": ("two or three", "between", "", "2", "3"),
    "2 to 3 million left": ("2 to 3 million", "between", "", "2000000", "3000000"),
    "dozens left": ("dozens", "vague", "", "", ""),
    "tens of thousands left": ("tens of thousands", "vague", "", "20000", ""),
    "hundreds of thousands left": ("hundreds of thousands", "vague", "", "200000", ""),
    "a number of men left": ("a number", "vague", "", "", ""),
    "a couple of men left": ("a couple", "approx", "2", "", ""),
    "nearly 80 left": ("nearly 80", "less_than", "80", "", "80"),
    "only 80 left": ("only 80", "exact", "80", "", ""),
    "as many as 80 left": ("as many as 80", "exact", "80", "", ""),
    "from 20 to 30 left": ("from 20 to 30", "between", "", "20", "30"),
    "most of them left": ("most", "more_than", "", "0.5", "1"),
    "the majority left": ("the majority", "more_than", "", "0.5", "1"),
    "most monks left": ("most", "more_than", "", "0.5", "1"),
    "more than half of them left": ("more than half", "more_than", "0.5", "0.5", ""),
    "nearly 12 percent left": ("nearly 12 percent", "less_than", "0.12", "", "0.12"),
    "up to $5 million left": ("up to $5 million", "at_most", "5000000", "", "5000000"),
    "2 tonnes of rice left": ("2 tonnes", "exact", "2", "", ""),
    "three times a week": ("three times a week", "exact", "3", "", ""),
    "twice": ("twice", "exact", "2", "", ""),
}


@pytest.mark.parametrize("text", MODIFIED)
def test_modifiers(text: str) -> None:
    q, expression = only(text)
    assert (expression, q.mod, decimal(q.value), decimal(q.low), decimal(q.high)) == MODIFIED[text]


def test_an_open_bound_is_not_included() -> None:
    assert only("more than 600 left")[0].open_low
    assert only("fewer than 600 left")[0].open_high
    assert not only("at least 600 left")[0].open_low


@pytest.mark.parametrize(
    "text",
    [
        *["a 12-year-old boy", "a boy aged 12", "he is 12 years old", "one of the men", "no one left"],
        *["Resolution 1234 passed", "at No. 10 Elm Street", "they won 3-1", "it was 5:30", "the G20 met"],
        *["an F-16 fell", "the 3rd man", "another one", "call 555-0123 now"],
        *["several men left", "a few left", "twice as many", "the most famous man", "many left"],
    ],
)
def test_figures_that_count_nothing(text: str) -> None:
    words = split(text)
    assert [text[words[q.first].start : words[q.end - 1].end] for q in quantities(words)] == []


def test_a_trend_is_two_quantities() -> None:
    first, second = quantities(split("Output rose from 160 to more than 270 thousand."))
    assert (first.value, second.value, second.mod, second.trend_from) == (160000, 270000, "more_than", 0)


def test_taken_stretches_are_left_alone() -> None:
    assert quantities(split("on 5 May 12 men left"), [(3, 8)])[0].value == 12
