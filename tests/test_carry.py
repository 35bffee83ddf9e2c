"""Predictions on tokenised, detokenised and normalised text, carried to the text itself."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.annotate.carry import carried, carry
from goldwire.annotate.document import Actor, Argument, Document, Event, Mention, Meta, Span
from goldwire.annotate.folding import fold
from goldwire.annotate.problems import ProblemError

from .strategies import texts

TEXT = (
    "The army’s “third brigade” (the 4th) hit Deraa\u00a0— again… — on July 4–5,\r\n"
    "the U.N.-led mission said."
)
TOKENISED = (
    "The army 's `` third brigade '' -LRB- the 4th -RRB- hit Deraa -- again ... -- on July 4-5 , "
    "the U.N.-led mission said ."
)


def spans(text: str, *surfaces: str) -> tuple[Span, ...]:
    return tuple(Span(f"s{n}", Mention(s, text.index(s)), "X") for n, s in enumerate(surfaces))


@pytest.mark.parametrize(
    ("other", "surface", "expected"),
    [
        # Treebank tokens.
        (
            TOKENISED,
            ["army 's", "`` third brigade ''", "-LRB- the 4th -RRB-", "Deraa -- again ...", "U.N.-led"],
            ["army’s", "“third brigade”", "(the 4th)", "Deraa\u00a0— again…", "U.N.-led"],
        ),
        # Lower case, all on one line, plain marks.
        (
            TEXT.lower().replace("’", "'").replace("“", '"').replace("”", '"').replace("\r\n", " "),
            ["army's", "july 4–5,", "the u.n.-led mission"],
            ["army’s", "July 4–5,", "the U.N.-led mission"],
        ),
        # Words changed: aligned word by word, letter by letter.
        (
            TEXT.replace("hit", "struck").replace("brigade", "brigades"),
            ["third brigades", "Deraa", "mission"],
            ["third brigade", "Deraa", "mission"],
        ),
    ],
)
def test_spans_follow_their_words(other: str, surface: list[str], expected: list[str]) -> None:
    carried = carry(Document(other, spans=spans(other, *surface)), TEXT)
    assert carried.unmoved == []
    found = [s.mention for s in carried.document.spans]
    assert [m.text for m in found] == expected
    assert all(TEXT[m.start : m.end] == m.text for m in found)


def test_what_has_no_counterpart_is_listed() -> None:
    other = "The army hit Deraa, breaking news at ten, again."
    event = Event("e1", Mention("breaking", 20), "X")
    carried = carry(
        Document(other, spans=spans(other, "Deraa"), events=(event,)), "The army hit Deraa, again."
    )
    assert [(u.kind, u.id, u.mention.text) for u in carried.unmoved] == [("event", "e1", "breaking")]
    assert (carried.document.events, carried.how) == ((), "aligned")
    assert carried.document.spans[0].mention == Mention("Deraa", 13)


def test_what_has_no_place_counts_as_said_and_not_placed() -> None:
    other = "The army hit Deraa, breaking news at ten, again."
    event = Event("e1", Mention("breaking", 20), "NEWS", args=(Argument("time", "", Mention("ten", 37)),))
    army = Actor("a1", "MIL", mentions=(Mention("army", 4), Mention("news", 29)))
    document = Document(other, Meta("d"), spans=spans(other, "Deraa"), events=(event,), actors=(army,))
    (moved,) = carried([document], {"d": "The army hit Deraa, again."}, "text")
    assert [m.text for m in moved.actors[0].mentions] == ["army"]
    assert moved.extra == {
        "unanchored": [
            {"layer": "ACTOR", "label": "MIL", "text": "news"},
            {"layer": "TRIGGER", "label": "NEWS", "text": "breaking"},
            {"layer": "ARG", "label": "time", "text": "ten"},
        ]
    }
    assert list(carried([document], {"d": other, "x": "X"}, "text")) == [document]
    with pytest.raises(ProblemError, match="align is text or tokens"):
        list(carried([document], {}, "words"))


def test_white_space_alone_is_not_carried() -> None:
    carried = carry(Document("a  b", spans=spans("a  b", "  ")), "a b")
    assert len(carried.unmoved) == 1


def test_spans_snap_to_tokens() -> None:
    document = Document(TEXT, spans=spans(TEXT, "hird brig", "4th)", "eraa", "U.N", "“third brigade”"))
    carried = carry(document, TEXT, snap="tokens")
    found = [s.mention.text for s in carried.document.spans]
    assert found == ["third brigade", "4th)", "Deraa", "U.N", "“third brigade”"]
    with pytest.raises(ProblemError, match="snap is 'tokens' or nothing, not 'words'"):
        carry(document, TEXT, snap="words")


def test_the_same_text_is_left_alone() -> None:
    document = Document(TEXT, spans=spans(TEXT, "Deraa"))
    assert carry(document, TEXT).document is document


def test_a_long_text_that_is_read_alike_takes_no_time() -> None:
    words = [random.Random(3).choice(["army", "“hit”", "U.N.", "4–5", "Deraa,"]) for _ in range(60_000)]
    old, new = " ".join(words), "\n".join(words).replace("“", "``").replace("”", "''")
    carried = carry(Document(old, spans=(Span("s1", Mention(old[-40:], len(old) - 40)),)), new)
    assert carried.how == "letters"
    assert fold(carried.document.spans[0].mention.text).text == fold(old[-40:]).text


@given(texts, st.integers(0, 30), st.integers(1, 20), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_spaces_move_nothing(text: str, start: int, length: int, chance: random.Random) -> None:
    surface = text[start : start + length]
    spaced = "".join(c + " " * chance.randint(0, 1) if c.isspace() else c for c in text)
    carried = carry(Document(text, spans=(Span("s1", Mention(surface, start)),) if surface else ()), spaced)
    for span in carried.document.spans:
        m = span.mention
        assert spaced[m.start : m.end] == m.text
        assert fold(m.text, spaces=False).text == fold(surface, spaces=False).text
