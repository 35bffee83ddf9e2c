"""Names that everybody knows: countries, their adjectives and capitals, cities, regions, organisations."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from goldwire.evaluate.baseline.lexicon import inverted, phrases, table
from goldwire.evaluate.baseline.words import split


class Entry(NamedTuple):
    """What a known name stands for: ``layer`` actor, country, demonym, capital or place; its type or kind."""

    layer: str
    type: str
    name: str


@cache
def known() -> dict[tuple[str, ...], Entry]:
    """Names, as tuples of words, with what they stand for. The first that claims a name keeps it."""
    result: dict[tuple[str, ...], Entry] = {}

    def add(name: str, entry: Entry) -> None:
        result.setdefault(tuple(w.text for w in split(name)), entry)

    for line in table("countries")["rows"].strip().splitlines():
        country, adjectives, capital, *more = [part.strip() for part in line.split(";")]
        names = [country, *(n.strip() for n in (more[0] if more else "").split(",") if n.strip())]
        for name in names:
            add(name, Entry("country", "STATE", country))
        for adjective in (a.strip() for a in adjectives.split(",")):
            add(adjective, Entry("demonym", "STATE", country))
            add(adjective + "s", Entry("people", "CIV", adjective + "s"))
        add(capital, Entry("capital", "city", country))
    for name, type in inverted("organisations", "names").items():
        add(name, Entry("actor", type, name))
    for kind, listed in (("city", "cities"), ("region", "regions")):
        for name in phrases(table("countries")[listed]):
            add(name, Entry("place", kind, name))
    return result


@cache
def longest() -> int:
    """The number of words of the longest known name."""
    return max(map(len, known()))


def at(texts: tuple[str, ...], i: int) -> tuple[int, Entry] | None:
    """(number of words, entry) of the longest known name at word i."""
    for n in range(min(longest(), len(texts) - i), 0, -1):
        if entry := known().get(texts[i : i + n]):
            return n, entry
    return None


@cache
def nouns() -> dict[str, str]:
    """Nouns for actors -> their type; a noun of one person is PER before anything else."""
    return inverted("people", "nouns") | dict.fromkeys(phrases(table("people")["nouns"]["PER"]), "PER")


@cache
def locations() -> dict[str, str]:
    """Nouns for places -> their kind."""
    return inverted("locations", "nouns")
