"""Strings to places: what a language model quotes, found in the text or not at all.

In this order, each with its status
    ``exact``       the string as it stands: the occurrence asked for, else the one in or
                    nearest to the sentence cited, else the first not yet taken
    ``normalised``  the same with white space, quotation marks, dashes and case set aside,
                    then without marks at the edges of the string
    ``fuzzy``       the words most like it, if they are like enough (rapidfuzz) and hold the
                    same figures; with the score
No offset is ever invented: what is found in none of these ways has no place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import cached_property
from typing import NamedTuple

from goldwire.annotate.folding import Folded, fold
from goldwire.annotate.problems import missing
from goldwire.annotate.surface import places
from goldwire.annotate.tokens import words

Bounds = tuple[int, int]
# Shorter strings are too easily like something else.
SHORTEST = 6
ALIKE = 85.0
_EDGES = " \t\r\n.,;:!?…\"'`“”‘’«»()[]"
_FIGURE = re.compile(r"\d+")
_INSIDE_FIGURE = re.compile(r"\d[.,’'٫٬]\d")


class Anchor(NamedTuple):
    """Where a string stands, in code points, and how it was found; ``score`` 0 to 100 where fuzzy."""

    start: int
    end: int
    status: str
    score: float = 100.0

    @property
    def bounds(self) -> Bounds:
        return self.start, self.end


class Anchorer:
    """Finds strings in one text. ``sentences`` are its sentences, in order, for citing them.

    >>> found = Anchorer("He said “no”. She said yes.", [(0, 13), (14, 27)])
    >>> found.find("said", near=found.sentence(2)), found.find('"NO"'), found.find("maybe not")
    (Anchor(start=18, end=22, status='exact', score=100.0), \
Anchor(start=8, end=12, status='normalised', score=100.0), None)
    """

    def __init__(self, text: str, sentences: Sequence[Bounds] = ()) -> None:
        self.text = text
        self.sentences = sentences or [m.span() for m in re.finditer(r"[^\n]+", text)]

    @cached_property
    def _spaced(self) -> Folded:
        return fold(self.text)

    @cached_property
    def _dense(self) -> Folded:
        return fold(self.text, spaces=False)

    def sentence(self, cited: str | int) -> Bounds | None:
        """The sentence that is cited, by its number (from 1) or by its words; None if there is none."""
        if isinstance(cited, int):
            return self.sentences[cited - 1] if 1 <= cited <= len(self.sentences) else None
        found = self.find(cited) if cited.strip() else None
        return found.bounds if found else None

    def find(
        self,
        surface: str,
        *,
        near: Bounds | None = None,
        occurrence: int = 0,
        taken: Collection[Bounds] = (),
        alike: float = ALIKE,
    ) -> Anchor | None:
        """The place of a string; None where there is none.

        ``occurrence`` counts exact places from 1 (within ``near``, if given); one that is
        not there is passed over, since models count badly. Places that
        overlap one ``taken`` go last, so that a string said twice is found twice.
        """
        surface = surface.strip()
        # Folding leaves at least a fifth of what is no white space: more than that stands nowhere.
        if not surface or sum(map(len, surface.split())) > 5 * len(self.text):
            return None
        exact = [(at, at + len(surface)) for at in places(self.text, surface)]
        exact = [b for b in exact if not self._cuts(*b)]
        if exact:
            return Anchor(*_chosen(exact, near, occurrence, taken), "exact")
        folded = self._normalised(surface)
        if folded:
            return Anchor(*_chosen(folded, near, 0, taken), "normalised")
        return self._fuzzy(surface, near, alike) if len(surface) >= SHORTEST else None

    def _normalised(self, surface: str) -> list[Bounds]:
        bare = surface.strip(_EDGES)
        for wanted in dict.fromkeys((surface, bare)):
            for text, spaces in ((self._spaced, True), (self._dense, False)):
                said = fold(wanted, spaces=spaces).text.strip()
                if not said:
                    continue
                found = [text.span(at, at + len(said)) for at in places(text.text, said)]
                found = [b for b in map(self._whole, found) if not self._cuts(*b)]
                if found:
                    return list(dict.fromkeys(found))
        return []

    def _whole(self, bounds: Bounds) -> Bounds:
        """The stretch with the combining marks of its last letter."""
        start, end = bounds
        while end < len(self.text) and unicodedata.combining(self.text[end]):
            end += 1
        return start, end

    def _cuts(self, start: int, end: int) -> bool:
        """Whether a stretch cuts a word, a figure or a letter off its marks; some scripts put no spaces."""
        edges = [(self.text[at - 1], self.text[at]) for at in (start, end) if 0 < at < len(self.text)]
        if any(a.isdigit() == b.isdigit() and _joins(a) and _joins(b) for a, b in edges):
            return True
        if unicodedata.combining(self.text[end : end + 1] or " "):
            return True
        # "200" does not stand in "1,200", nor "3" in "3.5".
        before, after = self.text[max(start - 2, 0) : start + 1], self.text[max(end - 1, 0) : end + 2]
        return bool(_INSIDE_FIGURE.fullmatch(before) or _INSIDE_FIGURE.fullmatch(after))

    def _fuzzy(self, surface: str, near: Bounds | None, alike: float) -> Anchor | None:
        """The stretch of whole words most like the string, in the sentence cited if it is there at all."""
        try:
            from rapidfuzz import fuzz
        except ModuleNotFoundError as error:
            raise missing("formats", "rapidfuzz") from error
        wanted, figures = fold(surface).text, _FIGURE.findall(surface)
        for scope in [near, (0, len(self.text))] if near else [(0, len(self.text))]:
            inside = self._spaced if scope == (0, len(self.text)) else fold(self.text[slice(*scope)])
            if len(wanted) > len(inside.text) * 1.2:
                continue
            hit = fuzz.partial_ratio_alignment(wanted, inside.text, score_cutoff=alike - 15)
            if hit is None or hit.dest_start >= hit.dest_end:
                continue
            start, end = inside.span(hit.dest_start, hit.dest_end)
            inside_scope = words(self.text, *scope)
            best = max(
                (
                    (fuzz.ratio(wanted, fold(self.text[a:b]).text), -abs((b - a) - len(surface)), -a, b)
                    for a, b in _windows(inside_scope, scope[0] + start, scope[0] + end)
                    if _FIGURE.findall(self.text[a:b]) == figures
                ),
                default=None,
            )
            if best and best[0] >= alike:
                return Anchor(-best[2], best[3], "fuzzy", round(best[0], 1))
        return None


def _joins(character: str) -> bool:
    return character.isdigit() or character.lower() != character.upper()


def _windows(tokens: Sequence[Bounds], start: int, end: int, reach: int = 3) -> list[Bounds]:
    """Stretches of whole words around a place, up to ``reach`` words wider or narrower."""
    inside = [n for n, (a, b) in enumerate(tokens) if a < end and start < b]
    if not inside:
        return []
    first, last = inside[0], inside[-1]
    firsts = range(max(0, first - reach), min(len(tokens), first + reach + 1))
    lasts = range(max(0, last - reach), min(len(tokens), last + reach + 1))
    return [(tokens[i][0], tokens[j][1]) for i in firsts for j in lasts if i <= j]


def _chosen(
    found: Sequence[Bounds], near: Bounds | None, occurrence: int, taken: Collection[Bounds]
) -> Bounds:
    inside = [b for b in found if near and near[0] <= b[0] and b[1] <= near[1]]
    pool = inside or found
    if 1 <= occurrence <= len(pool):
        return pool[occurrence - 1]
    fresh = [b for b in pool if not any(b[0] < t[1] and t[0] < b[1] for t in taken)] or list(pool)
    if near and not inside:
        return min(fresh, key=lambda b: (max(near[0] - b[1], b[0] - near[1], 0), b))
    return fresh[0]
