"""Strings without offsets: found as they stand, found alike, or not found, and never invented."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.annotate.anchor import Anchor, Anchorer
from goldwire.annotate.folding import fold

from .strategies import texts

TEXT = (
    "The army’s “third brigade” hit Deraa on July 4–5. More than 600 people fled Deraa, the U.N. said.\n"
    "The Syrian Observatory\u00a0for Human Rights said the army hit Deraa again."
)
SENTENCES = [(0, 49), (50, 97), (98, 168)]
ANCHORER = Anchorer(TEXT, SENTENCES)


def said(anchor: Anchor | None) -> tuple[str, str, int] | None:
    return (TEXT[anchor.start : anchor.end], anchor.status, anchor.start) if anchor else None


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        ("third brigade", ("third brigade", "exact", 12)),
        ("  Deraa ", ("Deraa", "exact", 31)),
        ('The army\'s "third brigade"', ("The army’s “third brigade”", "normalised", 0)),
        ("july 4-5", ("July 4–5", "normalised", 40)),
        ("THE SYRIAN OBSERVATORY FOR HUMAN RIGHTS", (TEXT[98:137], "normalised", 98)),
        ("the U. N. said", ("the U.N. said", "normalised", 83)),
        ("“Deraa,”", ("Deraa", "normalised", 31)),
        ("Syrian Observatory of Human Rights", (TEXT[102:137], "fuzzy", 102)),
        ("More than 500 people", None),
        ("the navy", None),
        ("rmy", None),
        ("60", None),
        ("brigad", ("brigade", "fuzzy", 18)),
        ("the rebels of the south", None),
        ("", None),
        ("…", None),
    ],
)
def test_where_a_string_stands(surface: str, expected: tuple[str, str, int] | None) -> None:
    assert said(ANCHORER.find(surface)) == expected


def test_the_sentence_cited_decides() -> None:
    second, third = ANCHORER.sentence(2), ANCHORER.sentence("…the army hit Deraa again")
    assert said(ANCHORER.find("Deraa", near=second)) == ("Deraa", "exact", 76)
    assert third is not None
    assert said(ANCHORER.find("Deraa", near=third)) == ("Deraa", "exact", 156)
    # Not in the sentence: the nearest one.
    assert said(ANCHORER.find("brigade", near=third)) == ("brigade", "exact", 18)
    assert ANCHORER.sentence(9) is None


def test_the_occurrence_is_counted() -> None:
    assert [said(ANCHORER.find("Deraa", occurrence=n)) for n in (1, 2, 3, 7)] == [
        ("Deraa", "exact", 31),
        ("Deraa", "exact", 76),
        ("Deraa", "exact", 156),
        ("Deraa", "exact", 31),
    ]


def test_a_string_said_twice_is_found_twice() -> None:
    first = ANCHORER.find("Deraa")
    assert first is not None
    assert said(ANCHORER.find("Deraa", taken={first.bounds})) == ("Deraa", "exact", 76)


@given(texts, st.integers(0, 40), st.integers(1, 12))
@settings(max_examples=100, deadline=None)
def test_what_stands_in_the_text_is_found_there(text: str, start: int, length: int) -> None:
    surface = text[start : start + length].strip()
    found = Anchorer(text).find(surface)
    cut = [text[at - 1 : at + 1] for at in (start, start + length) if 0 < at < len(text)]
    if surface and not any(x.isalnum() for pair in cut for x in pair):
        assert found is not None
        assert text[found.start : found.end] == surface


@given(texts, texts)
@settings(max_examples=100, deadline=None)
def test_nothing_is_found_that_is_not_alike(text: str, surface: str) -> None:
    found = Anchorer(text).find(surface)
    if found and found.status == "normalised":
        here, wanted = (
            fold(text[found.start : found.end], spaces=False).text,
            fold(surface, spaces=False).text,
        )
        assert wanted.strip(" .,;:!?…\"'«»()[]") in here
        assert 0 <= found.start < found.end <= len(text)


@given(texts)
@settings(max_examples=100, deadline=None)
def test_folded_characters_know_their_place(text: str) -> None:
    for spaces in (True, False):
        folded = fold(text, spaces=spaces)
        assert len(folded.text) == len(folded.places)
        assert folded.places == sorted(folded.places)
        assert all(0 <= a < b <= len(text) for a, b in folded.places)


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        ("200", None),  # of 1,200
        ("5 million", None),  # of 3.5 million
        ("1,200", "1,200"),
        ("3.5", "3.5"),
        ("Jose", "Jose\u0301"),  # never a letter without its accent
        ("Jos\u00e9", "Jose\u0301"),
        ("`` It is n't over . ''", "It isn’t over"),
        ("2018", "2018"),
    ],
)
def test_figures_and_accents_are_not_cut(surface: str, expected: str | None) -> None:
    text = "Jose\u0301 said 1,200 of 3.5 million left in 2018. ‘It isn’t over.’"
    found = Anchorer(text).find(surface)
    assert (text[found.start : found.end] if found else None) == expected
