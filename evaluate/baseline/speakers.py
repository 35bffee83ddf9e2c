"""Who speaks: the actor, or the text, that goes with a cue."""

from __future__ import annotations

from typing import NamedTuple

from goldwire.annotate.document import Document, Mention
from goldwire.evaluate.baseline.grammar import lower
from goldwire.evaluate.baseline.lexicon import phrases, table
from goldwire.evaluate.baseline.nouns import singular
from goldwire.evaluate.baseline.numbers import between
from goldwire.evaluate.baseline.phrases import Sentence, function, left_edge, phrase_at, right_edge


class Speaker(NamedTuple):
    """An actor's id and the mention that names it; first and end are the words of that mention."""

    actor: str = ""
    mention: Mention | None = None
    first: int = -1
    end: int = -1
    medium: str = ""
    addressee: str = ""


def _inside(inner: Speaker, outer: Speaker) -> bool:
    return inner != outer and outer.first <= inner.first and inner.end <= outer.end


class Speakers:
    """The mentions of actors in a sentence, as words."""

    def __init__(self, document: Document, sentence: Sentence) -> None:
        self.text, self.sentence = document.text, sentence
        found = []
        for actor in document.actors:
            for m in actor.mentions:
                if sentence.start <= m.start < sentence.end and m.form != "demonym":
                    first, end = sentence.at(*m.bounds)
                    found.append(Speaker(actor.id, m, first, end))
        self.all = sorted(found, key=lambda s: (s.first, -s.end))
        self.outer = [s for s in self.all if not any(_inside(s, o) for o in found)]

    def after(self, i: int) -> Speaker:
        """The speaker whose mention begins at word i: an actor, or a text."""
        for s in self.outer:
            if s.first == i:
                return s
        return self._text(phrase_first=i)

    def before(self, i: int) -> Speaker:
        """The subject of the verb group that begins at word i."""
        words, j = self.sentence.words, i
        participle = lower(words, i).endswith("ing") and lower(words, j - 1) == ","
        if participle:
            return next((s for s in self.outer if s.end < i), Speaker())
        while j > 0 and (self.sentence.in_time(j - 1) or self._loose(j - 1)):
            j -= 1
        if lower(words, j - 1) in ("who", "which", "that"):
            j -= 1 + (lower(words, j - 2) == ",")
        elif lower(words, j - 1) == ",":
            # ", the mayor," and ", who leads the party," stand between the subject and its verb
            comma = next((k for k in range(j - 2, -1, -1) if lower(words, k) == ","), -1)
            subject = next((s for s in self.outer if s.end == comma), None)
            if subject:
                return subject
            j -= 1
        ending = next((s for s in self.outer if s.end == j), None)
        if ending and ending.mention:
            return ending
        text = self._text(phrase_end=j)
        if text.mention:
            return text
        near = [s for s in self.outer if s.end <= j and j - s.end <= 6 and not self._broken(s.end, j)]
        return near[-1] if near else Speaker()

    def _loose(self, i: int) -> bool:
        """Words that may stand between subject and verb: adverbs, and the preposition of a time."""
        word = lower(self.sentence.words, i)
        timed = self.sentence.in_time(i + 1) if i + 1 < len(self.sentence.words) else False
        return word in function("adverbs") or (timed and word in ("on", "in", "at", "early", "late"))

    def _broken(self, start: int, end: int) -> bool:
        words = self.sentence.words[start:end]
        return any(w.text in ",;:" or w.lower in function("conjunctions") for w in words)

    def _text(self, phrase_first: int = -1, phrase_end: int = -1) -> Speaker:
        """A text as speaker: "the letter", "Monday's statement"; its author if the phrase names one."""
        sentence = self.sentence
        if phrase_first >= 0:
            found = phrase_at(sentence, phrase_first)
            head = found.head if found else -1
        else:
            head = phrase_end - 1
            nouns = [k for k in range(max(0, head - 6), head + 1) if self._is_text(k)]
            head = nouns[-1] if nouns else -1
        if head < 0 or not self._is_text(head):
            return Speaker()
        first, end = left_edge(sentence, head), right_edge(sentence, head + 1)
        if sentence.in_time(first - 2) and lower(sentence.words, first - 1) == "'s":
            first = sentence.at(
                *next(t for t in sentence.times if t[0] <= sentence.words[first - 2].start < t[1])
            )[0]
        if phrase_end >= 0 and end != phrase_end:
            return Speaker()
        owner = next((s for s in self.all if first <= s.first and s.end <= end), Speaker())
        mention = between(self.text, sentence.words, first, end)
        return Speaker(owner.actor, mention, first, end, medium=singular(lower(sentence.words, head)))

    def _is_text(self, i: int) -> bool:
        return singular(lower(self.sentence.words, i)) in phrases(table("speech")["media"]["texts"])

    def addressee(self, i: int) -> Speaker:
        """The actor told at word i, with or without "to"."""
        i += lower(self.sentence.words, i) in ("to", "on")
        return next((s for s in self.outer if s.first == i), Speaker())

    def medium(self, i: int) -> tuple[int, str]:
        """(end, noun) of "in a statement", "on television" at word i; (i, "") where there is none."""
        words = self.sentence.words
        if lower(words, i) in ("in", "on", "during", "at", "via", "by", "through"):
            found = phrase_at(self.sentence, i + 1) if i + 1 < len(words) else None
            if found and self._is_text(found.head):
                return right_edge(self.sentence, found.end), singular(lower(words, found.head))
            if found and lower(words, found.head) in ("meeting", "rally", "parliament", "session"):
                return found.end, ""
        return i, ""
