"""Offsets in every unit, there and back, and never believed without the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldwire.annotate.offsets import UNITS, Claim, edges, foreign, likely, positions, prove, sound, whole
from goldwire.annotate.problems import ProblemError

from .strategies import texts

FAMILY = "👩\u200d👩\u200d👧"  # 5 code points, 8 UTF-16 units, 1 grapheme


def units_of(text: str, unit: str) -> int:
    """How long a text is in a unit, counted another way than the code does."""
    import regex  # type: ignore[import-untyped]

    one = text.replace("\r\n", "\n")
    return {
        "code points": len(text),
        "utf-16": len(text.encode("utf-16-le")) // 2,
        "crlf as one": len(one),
        "utf-16, crlf as one": len(one.encode("utf-16-le")) // 2,
        "graphemes": len(regex.findall(r"\X", text)),
    }[unit]


@given(texts, st.sampled_from(UNITS), st.data())
def test_every_edge_is_where_the_text_before_it_ends(text: str, unit: str, data: st.DataObject) -> None:
    assert len(edges(text, unit)) == units_of(text, unit) + 1
    assert len(positions(text, unit)) == len(text) + 1
    at = data.draw(st.integers(0, len(text)))
    if whole(text, unit, at, at):
        assert positions(text, unit)[at] == units_of(text[:at], unit)
        assert edges(text, unit)[positions(text, unit)[at]] == at


@given(texts, st.sampled_from(UNITS), st.data())
def test_spans_come_back_from_every_unit(text: str, unit: str, data: st.DataObject) -> None:
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    if whole(text, unit, start, end):
        ((a, b),) = foreign(text, [(start, end)], unit)
        found = prove(text, [Claim(a, b, text[start:end])], unit=unit, others=())
        assert found == (unit, [(start, end)])


@pytest.mark.parametrize(
    ("start", "end", "unit"),
    [
        (7, 10, "code points"),
        (10, 13, "utf-16"),
        (6, 9, "crlf as one"),
        (9, 12, "utf-16, crlf as one"),
        (2, 5, "graphemes"),
    ],
)
def test_the_surface_tells_the_unit(start: int, end: int, unit: str) -> None:
    text = f"{FAMILY}\r\nAda left"
    assert prove(text, [Claim(start, end, "Ada")]) == (unit, [(7, 10)])
    assert prove(text, [Claim(start, end - 1, "Ada")], unit=unit, inclusive=True) == (unit, [(7, 10)])


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        (Claim(0, 3, "Eve", 7, "T1"), "a.ann:7: span-text: T1 0–3 should say «Eve», the text says «Ada»"),
        (Claim(0, 99, "Ada", 7, "T1"), "a.ann:7: span-range: T1 0–99 lies outside the text: the text has 10"),
        (Claim(3, 1, None, 7, "T1"), "a.ann:7: span-range: T1 3–1 ends before it starts"),
        (Claim(-1, 1, None, 7, "T1"), "a.ann:7: span-range: T1 -1–1 lies outside"),
        (
            Claim(0, 3, "Ada lef", 7, "T1", ((5, 9),)),
            "T1 0–3;5–9 should say «Ada lef», the text says «Ada left»",
        ),
    ],
)
def test_what_fits_nowhere_is_said_with_its_line(claim: Claim, message: str) -> None:
    with pytest.raises(ProblemError, match=message.replace("(", r"\(")):
        prove("Ada\u00a0 left.", [claim], where="a.ann")


def test_half_a_character_is_no_character() -> None:
    with pytest.raises(ProblemError, match="a:3: span-range: span 0–1 cuts a character in two"):
        prove("😀", [Claim(0, 1, None, 3)], unit="utf-16", where="a")
    with pytest.raises(ProblemError, match=r"a:3: lone-surrogate: character 1 is half of a surrogate pair"):
        sound("a\ud83d", "a", 3)
    assert sound("a😀", "a") == "a😀"


def test_pieces_are_joined_by_a_space_or_by_nothing() -> None:
    for said in ("Ada left", "Adaleft"):
        assert prove("Ada has left", [Claim(0, 3, said, more=((8, 12),))])[0] == "code points"


def test_where_nothing_is_stored_words_tell() -> None:
    text = f"{FAMILY} Ada left"
    assert likely(text, [Claim(2, 5)], ("utf-16", "graphemes")) == "graphemes"
    assert likely(text, [Claim(9, 12)], ("utf-16", "graphemes")) == "utf-16"
    assert likely(text, [Claim(3, 4)], ("utf-16", "graphemes")) == "utf-16"
