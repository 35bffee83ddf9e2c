"""Noun phrases without a parser: from a head to its left and right edge, by closed classes of words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from goldwire.annotate.document import Document
from goldwire.evaluate.baseline import gazetteer
from goldwire.evaluate.baseline.grammar import Quantity, lower
from goldwire.evaluate.baseline.lexicon import words as listed
from goldwire.evaluate.baseline.nouns import is_plural
from goldwire.evaluate.baseline.quantities import quantities
from goldwire.evaluate.baseline.sentences import sentences
from goldwire.evaluate.baseline.words import Word, split

Bounds = tuple[int, int]


class Phrase(NamedTuple):
    """words[first:end] with its head words[head:head_end]."""

    first: int
    end: int
    head: int
    head_end: int


class Sentence(NamedTuple):
    """One segment: its bounds, words, quantities, times (as offsets), paragraph and number."""

    start: int
    end: int
    words: list[Word]
    quantities: list[Quantity]
    times: list[tuple[int, int]]
    paragraph: int
    number: int

    def at(self, start: int, end: int) -> tuple[int, int]:
        """The words that cover an offset range, as (first, end)."""
        first = next((i for i, w in enumerate(self.words) if w.end > start), len(self.words))
        last = next((i for i in range(first, len(self.words)) if self.words[i].start >= end), len(self.words))
        return first, last

    def in_time(self, i: int) -> bool:
        """Whether word i belongs to a time."""
        return any(a <= self.words[i].start < b for a, b in self.times)

    def quantity_at(self, i: int) -> Quantity | None:
        """The quantity that word i belongs to."""
        return next((q for q in self.quantities if q.first <= i < q.end), None)


@lru_cache
def function(key: str) -> frozenset[str]:
    """A closed class."""
    return listed("function", key)


def is_stop(words: Sequence[Word], i: int) -> bool:
    """Whether word i cannot stand inside a noun phrase before its head (a determiner is no stop)."""
    word = lower(words, i)
    if not word or not (word[0].isalpha() or word[0].isdecimal() or word in ("-", "'s", "'")):
        return True
    if words[i].text[0].isupper() and i and word not in function("prepositions"):
        return word in function("conjunctions") | function("auxiliaries")
    closed = ("prepositions", "conjunctions", "pronouns", "auxiliaries", "negations", "adverbs")
    if word in function("determiners"):
        return not _determines(words, i)
    return any(word in function(key) for key in closed) or is_verb(words, i)


def is_verb(words: Sequence[Word], i: int) -> bool:
    """Whether word i is used as a verb: a known form, or an unknown one in -ed, that stands free."""
    word = lower(words, i)
    known = word in function("verbs")
    if not known and not (word.endswith("ed") and len(word) > 4):
        return False
    before, after = lower(words, i - 1), lower(words, i + 1)
    if word in gazetteer.nouns() and not (after in function("determiners") or after in function("pronouns")):
        return False  # "forces", "guards" with nothing behind that they could do it to
    # "the wounded soldiers", "20 displaced families": behind a determiner it qualifies.
    free = before not in function("determiners") and not before.isdecimal() and before not in ("-", "'s")
    return free and after != "-"


def left_edge(sentence: Sentence, head: int) -> int:
    """The first word of the noun phrase whose head is word ``head``."""
    words, i = sentence.words, head
    while i > 0:
        before = lower(words, i - 1)
        quantity = sentence.quantity_at(i - 1)
        if quantity and quantity.kind != "FREQUENCY":
            i = quantity.first
        elif before == "of" and (q := sentence.quantity_at(i - 2)) and q.kind != "FREQUENCY":
            i = q.first
        elif sentence.in_time(i - 1) and before not in ("'s", "-"):
            break
        elif before in ("'s", "'") and i >= 2:
            return left_edge(sentence, i - 2)
        elif before == "-" and i >= 2 and words[i - 2].end == words[i - 1].start:
            i -= 2
        elif _determines(words, i - 1):
            i -= 1
            if lower(words, i - 1) == "of" and (q := sentence.quantity_at(i - 2)):
                i = q.first
            break
        elif is_stop(words, i - 1):
            break
        else:
            i -= 1
    while i < head and (lower(words, i) in ("-", "'s", "'") or not words[i].text[0].isalnum()):
        i += 1
    return i


def _determines(words: Sequence[Word], i: int) -> bool:
    """Whether word i is a determiner; "that" is one only behind a preposition."""
    word = lower(words, i)
    return word in function("determiners") and (
        word != "that" or lower(words, i - 1) in function("prepositions")
    )


def right_edge(sentence: Sentence, end: int, depth: int = 2) -> int:
    """The end of a phrase whose head ends at ``end``: "of" phrases belong to it."""
    words = sentence.words
    joins = lower(words, end) == "of"
    joins |= lower(words, end - 1) in listed("locations", "with") and lower(words, end) in ("with", "between")
    joins |= lower(words, end - 1) in listed("people", "for") and lower(words, end) == "for"
    if depth and joins and end + 1 < len(words):
        inner = phrase_at(sentence, end + 1)
        if inner:
            return right_edge(sentence, inner.end, depth - 1)
    # "the government in Tarn said": what stands between a noun and its verb belongs to the noun.
    if depth and lower(words, end) in ("in", "from", "near", "at") and end + 1 < len(words):
        inner = phrase_at(sentence, end + 1)
        verb = inner.end if inner and not sentence.in_time(end + 1) else len(words)
        if inner and (lower(words, verb) in function("auxiliaries") or is_finite(words, verb)):
            return inner.end
    return end


def is_finite(words: Sequence[Word], i: int) -> bool:
    """Whether word i is a verb that a subject before it may have: not "killed by", "killing"."""
    word, after = lower(words, i), lower(words, i + 1)
    return word in function("verbs") and not word.endswith("ing") and after not in ("by", "")


def phrase_at(sentence: Sentence, i: int) -> Phrase | None:
    """The simple noun phrase that begins at word i, up to its head."""
    words, j = sentence.words, i
    while j < len(words):
        word = lower(words, j)
        if j > i and word in function("determiners") and lower(words, j - 1) not in function("determiners"):
            break
        if sentence.in_time(j) and j > i and lower(words, j - 1) != "-":
            break
        if is_stop(words, j) and not (word == "of" and sentence.quantity_at(j - 1)):
            break
        j += 1
    loose = function("determiners") | {"-", "'s", "'"}
    while j > i and lower(words, j - 1) in loose:
        j -= 1
    if j <= i:
        return None
    head = j - 1
    # A verb that no list holds may have slipped in: behind a known noun, only a noun goes on.
    nouns = (k for k in range(i, j) if is_noun(lower(words, k)) and not words[k].text[0].isupper())
    head = next((k for k in nouns if lower(words, k + 1) != "-" and not is_noun(lower(words, k + 1))), head)
    return Phrase(i, head + 1, head, head + 1)


def is_noun(word: str) -> bool:
    """Whether a word is a noun for all that the lists know, or a plural."""
    known = word in gazetteer.nouns() or word in gazetteer.locations() or word in listed("nouns", "abstract")
    return known or is_plural(word)


def read(document: Document) -> tuple[Sentence, ...]:
    """The segments of a document, with the words and quantities that rules look at."""
    paragraphs = tuple(s.paragraph for s in document.segments)
    times = tuple(sorted(t.mention.bounds for t in document.times))
    return _read(document.text, tuple(sentences(document)), paragraphs, times)


@lru_cache(maxsize=2)  # every layer reads the same document
def _read(
    text: str,
    bounds: tuple[tuple[int, int], ...],
    paragraphs: tuple[int, ...],
    times: tuple[tuple[int, int], ...],
) -> tuple[Sentence, ...]:
    starts = [a for a, _ in times]
    return tuple(
        sentence_of(
            text,
            start,
            end,
            times[bisect_left(starts, start) : bisect_left(starts, end)],
            paragraphs[n] if paragraphs else n,
            n,
        )
        for n, (start, end) in enumerate(bounds)
    )


def sentence_of(
    text: str, start: int, end: int, times: Sequence[tuple[int, int]], paragraph: int, number: int
) -> Sentence:
    """The segment text[start:end] with what the grammar finds in it."""
    words = split(text, start, end)
    inside = list(times)
    return Sentence(start, end, words, quantities(words, inside), inside, paragraph, number)
