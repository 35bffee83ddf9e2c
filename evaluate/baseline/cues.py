"""Cues: verbs, nouns and phrases of saying, with the group of words that belongs to each."""

from __future__ import annotations

from typing import NamedTuple

from goldwire.evaluate.baseline.grammar import lower
from goldwire.evaluate.baseline.lexicon import inverted, phrases, table
from goldwire.evaluate.baseline.phrases import Sentence, function


class Cue(NamedTuple):
    """words[first:end] with the word of saying at ``head``."""

    first: int
    end: int
    head: int
    kind: str  # verb, passive, noun, according, citing
    stance: str
    negated: bool = False


def takes(word: str, construction: str) -> bool:
    """Whether a verb of saying takes a construction of ``speech.toml``."""
    return word in phrases(table("speech")["takes"][construction])


def cues(sentence: Sentence) -> list[Cue]:
    """The cues of a sentence in reading order, whether or not they have content."""
    words = sentence.words
    found: list[Cue] = []
    for i in range(len(words)):
        word = words[i].lower
        if word == "according" and lower(words, i + 1) == "to":
            found.append(Cue(i, i + 2, i, "according", "assert"))
        elif word in ("citing", "quoting"):
            found.append(Cue(i, i + 1, i, "citing", "assert"))
        elif word == "words" and lower(words, i - 1) == "the" and lower(words, i + 1) == "of":
            found.append(Cue(i, i + 2, i, "according", "assert"))
        elif (stance := inverted("speech", "nouns").get(word)) and _is_noun(sentence, i):
            found.append(Cue(i, i + 1, i, "noun", stance))
        elif (stance := inverted("speech", "stance").get(word)) and _is_verb(sentence, i):
            found.append(_verb(sentence, i, stance))
    return found


def _is_noun(sentence: Sentence, i: int) -> bool:
    """Whether the word at i is a noun with content: "of", "that" or "to" stands behind it."""
    words = sentence.words
    after, before = lower(words, i + 1), lower(words, i - 1)
    opens = after in ("of", "that")
    if after == "to":  # a promise to leave, but not "a letter to them"
        opens = words[i].lower not in phrases(table("speech")["nouns"]["assert"])
    if not opens or (i + 2 < len(words) and words[i + 2].text == ","):
        return False
    closed = function("determiners") | function("prepositions") | function("adverbs")
    nominal = before in closed or before in ("many", "media", "'s", "new", "denied", "rejected", "dismissed")
    nominal = nominal or before.endswith(("ous", "ed", "ive", "al", "ent", "ic"))
    return nominal or i == 0 or words[i].lower not in inverted("speech", "stance")


def _is_verb(sentence: Sentence, i: int) -> bool:
    """Whether a word of saying is a finite verb, participle or infinitive here, not "a called strike"."""
    words = sentence.words
    before, after = lower(words, i - 1), lower(words, i + 1)
    if before in function("articles") or before == "-" or after == "-":
        return False
    if words[i].lower in ("call", "calls", "called", "calling"):
        return after in ("for", "on")
    ambiguous = words[i].lower in inverted("speech", "nouns")
    if ambiguous and (
        before in function("possessives") | function("prepositions") - {"to"} or before == "'s"
    ):
        return False
    return words[i].lower != "according"


def _verb(sentence: Sentence, i: int, stance: str) -> Cue:
    """The verb with its auxiliaries, negation and the adverbs between them."""
    words = sentence.words
    first, negated, passive = i, False, False
    j = i - 1
    while j >= 0:
        word = words[j].lower
        if word in function("auxiliaries") or word in function("negations"):
            negated |= word in function("negations") or word.endswith("n't")
            passive |= first == i and word in ("was", "were", "been", "being", "is", "are", "be")
            first = j
        elif not (word in function("adverbs") or (word.endswith("ly") and len(word) > 4)):
            break
        j -= 1
    passive = passive and words[i].lower.endswith(("ed", "id", "ld", "wn", "en", "ght"))
    end = i + 1
    if words[i].lower.startswith("call"):
        end, stance = i + 2, "demand"
    return Cue(first, end, i, "passive" if passive else "verb", stance, negated)
