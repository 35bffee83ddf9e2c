"""Actors, places and what is counted, on invented sentences."""

import pytest

from goldwire.annotate.document import Document
from goldwire.evaluate.baseline import actors, counted, numbers, sentences, times


def read(text: str) -> Document:
    return counted.add(actors.add(numbers.add(times.add(sentences.add(Document(text))))))


# text -> each actor: type, name, mentions
ACTORS = {
    "President Ada Brask met Ilya Noor.": [
        ("PER", "Ada Brask", ["President Ada Brask"]),
        ("PER", "Ilya Noor", ["Ilya Noor"]),
    ],
    "The Norwegian foreign minister Ilya Noor said he left.": [
        ("PER", "Ilya Noor", ["The Norwegian foreign minister Ilya Noor", "he"]),
        ("STATE", "Norway", ["Norwegian"]),
    ],
    "Mr Brask's brother fled.": [("PER", "Brask", ["Mr Brask"]), ("PER", "brother", ["Mr Brask's brother"])],
    "Moscow denied that Russian aviation struck.": [
        ("STATE", "Russia", ["Moscow", "Russian"]),
        ("MIL", "Russian aviation", ["Russian aviation"]),
    ],
    "The rebels left. Rebel groups denied it.": [("REB", "rebels", ["The rebels", "Rebel groups"])],
    "More than 600 displaced families of the valley wept.": [
        ("CIV", "families", ["More than 600 displaced families of the valley"])
    ],
    "Government forces and US officials met.": [
        ("MIL", "Government forces", ["Government forces"]),
        ("STATE", "United States", ["US"]),
        ("GOV", "US officials", ["US officials"]),
    ],
    "Norland-backed fighters fled.": [("REB", "fighters", ["Norland-backed fighters"])],
    "It is feared that his sister left.": [("PER", "", ["his"]), ("PER", "sister", ["his sister"])],
    "Most of them wept.": [("CIV", "", ["Most of them"]), ("CIV", "", ["them"])],
}


@pytest.mark.parametrize("text", ACTORS)
def test_actors(text: str) -> None:
    found = [(a.type, a.name, [m.text for m in a.mentions]) for a in read(text).actors]
    assert sorted(found) == sorted(ACTORS[text])


PLACES = {
    "They left the province of Harsk for Berlin.": [
        ("province", "Harsk", ["the province of Harsk"]),
        ("city", "Berlin", ["Berlin"]),
    ],
    "They live in northern Sweden.": [("region", "Sweden", ["northern Sweden"])],
    "They reached the border with Poland.": [
        ("site", "border", ["the border with Poland"]),
        ("country", "Poland", ["Poland"]),
    ],
    "They live in the south of the country.": [
        ("region", "south", ["the south of the country"]),
        ("country", "country", ["the country"]),
    ],
}


@pytest.mark.parametrize("text", PLACES)
def test_places(text: str) -> None:
    assert [(p.kind, p.name, [m.text for m in p.mentions]) for p in read(text).places] == PLACES[text]


def test_a_country_that_acts_and_lies_somewhere_is_two_joined_objects() -> None:
    found = read("They fled to Ukraine. Ukraine condemned the raid.")
    (state,), (country,) = [a for a in found.actors if a.type == "STATE"], found.places
    assert (state.mentions[0].start, country.mentions[0].start, country.actor) == (22, 13, state.id)


# text -> unit, and the phrase of what is counted
COUNTED = {
    "Some 40 monks sang.": ("person", "Some 40 monks"),
    "He bought 30 boats.": ("boat", ""),
    "They sent 2 tonnes of rice.": ("t", ""),
    "Dozens of people sang.": ("person", "Dozens of people"),
    "The 12 cities sang.": ("city", ""),
}


@pytest.mark.parametrize("text", COUNTED)
def test_what_is_counted(text: str) -> None:
    found = read(text)
    (number,) = found.numbers
    phrases = [m.text for a in found.actors if a.id == number.counted for m in a.mentions]
    assert (number.unit, "".join(phrases)) == COUNTED[text]


def test_a_share_has_its_whole() -> None:
    found = read("Half of the monks left.")
    assert found.numbers[0].kind == "SHARE"
