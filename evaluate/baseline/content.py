"""Content: from where a cue governs to where it stops."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from goldwire.annotate.document import Mention
from goldwire.evaluate.baseline.cues import Cue, takes
from goldwire.evaluate.baseline.grammar import lower
from goldwire.evaluate.baseline.lexicon import phrases, table
from goldwire.evaluate.baseline.phrases import Sentence, function, is_verb, phrase_at, right_edge
from goldwire.evaluate.baseline.speakers import Speaker, Speakers

Pair = tuple[int, int]
_OPENING = '"“«„‹'
_ASKED = ("whether", "how", "why", "what", "if")


class Content(NamedTuple):
    """Pieces as (start, end) offsets, and whose words they are."""

    pieces: tuple[Pair, ...]
    speaker: Speaker
    tail: str = "certain"
    anaphor: Mention | None = None
    stance: str = ""  # where the construction decides it: "told them to"


def found_content(
    sentence: Sentence, cue: Cue, speakers: Speakers, quoted: Sequence[Pair], text: str
) -> Content | None:
    """What a cue governs, with its speaker; None where it governs nothing: then it is no quotation."""
    finder = _Finder(sentence, cue, speakers, quoted, text)
    match cue.kind:
        case "according":
            return finder.according()
        case "noun":
            return finder.noun()
        case "passive":
            return finder.passive()
        case "citing":
            return finder.citing()
    return finder.verb()


class _Finder:
    def __init__(
        self, sentence: Sentence, cue: Cue, speakers: Speakers, quoted: Sequence[Pair], text: str
    ) -> None:
        self.sentence, self.words, self.cue = sentence, sentence.words, cue
        self.speakers, self.quoted, self.text = speakers, quoted, text

    # -- the kinds of cue ----------------------------------------------------

    def according(self) -> Content | None:
        speaker = self.speakers.after(self.cue.end)
        end = speaker.end if speaker.end >= 0 else self._phrase_end(self.cue.end)
        if self._is_first(self.cue.first):
            comma = self._comma(end)
            appositive = next((s for s in self.speakers.outer if s.first == comma + 1), None)
            if appositive and lower(self.words, appositive.end) == "," and comma >= 0:
                comma = appositive.end
            cited = self.speakers.after(comma + 2) if lower(self.words, comma + 1) == "citing" else Speaker()
            if cited.mention and lower(self.words, cited.end) == ",":
                comma = cited.end
            return self._forward(comma + 1, speaker) if comma >= 0 else None
        return self._around(self.cue.first, end, speaker)

    def citing(self) -> Content | None:
        speaker = self.speakers.after(self.cue.end)
        return self._around(self.cue.first, max(speaker.end, self.cue.end), speaker)

    def noun(self) -> Content | None:
        after = lower(self.words, self.cue.end)
        owner = next(
            (s for s in self.speakers.all if s.end in (self.cue.first, self.cue.first - 1)), Speaker()
        )
        if owner.mention and lower(self.words, owner.end) != "'s" and owner.mention.form != "pronoun":
            owner = Speaker()
        if after == "of":
            found = phrase_at(self.sentence, self.cue.end + 1) if self.cue.end + 1 < len(self.words) else None
            if not found:
                return None
            end = right_edge(self.sentence, found.end)
            return Content(((self.words[found.first].start, self.words[end - 1].end),), owner)
        return self._forward(self.cue.end, owner, until_comma=True)

    def passive(self) -> Content | None:
        end = self.cue.end
        speaker = Speaker()
        if lower(self.words, end) == "by":
            speaker = self.speakers.after(end + 1)
            end = max(speaker.end, end + 1)
        end = self._skipped(end)
        return self._forward(end, speaker) if self._opens_clause(end) else None

    def verb(self) -> Content | None:
        head = self.words[self.cue.head].lower
        speaker = self.speakers.before(self.cue.first)
        end = self.cue.end
        if takes(head, "addressee") or lower(self.words, end) == "to":
            told = self.speakers.addressee(end)
            if told.end >= 0:
                speaker, end = speaker._replace(addressee=told.actor), told.end
        elif head.startswith("call") and lower(self.words, end - 1) == "on":
            told = self.speakers.addressee(end)
            speaker, end = speaker._replace(addressee=told.actor), max(told.end, end)
        end, medium = self._medium(end)
        speaker = speaker._replace(medium=medium or speaker.medium)
        return self._governed(head, end, speaker)

    def _governed(self, head: str, end: int, speaker: Speaker) -> Content | None:
        until = lower(self.words, self.cue.first - 1) in ("who", "which")
        after = lower(self.words, end)
        if self._opens_clause(end):
            return self._forward(end, speaker, until_comma=until)
        infinitive = after == "to" or (after == "not" and lower(self.words, end + 1) == "to")
        if takes(head, "infinitive") and infinitive:
            made = self._forward(end, speaker, until_comma=until)
            return (
                made._replace(stance="demand") if made and head.startswith(("tell", "told", "warn")) else made
            )
        mark = end + (after in (":", ","))
        if mark < len(self.words) and self.words[mark].start in {a for a, _ in self.quoted}:
            return self._forward(mark, speaker)
        if takes(head, "after") and (made := self._preceding(end, speaker)):
            return made
        bare = takes(head, "bare") and speaker.mention and self._has_verb(end)
        if bare and after not in function("prepositions") - {"in", "on", "at", "after", "since", "during"}:
            return self._forward(end, speaker, until_comma=until)
        calls = head.startswith("call") and lower(self.words, end - 1) == "for"
        if (takes(head, "object") or calls) and speaker.mention:
            return self._object(end, speaker)
        return None

    # -- pieces --------------------------------------------------------------

    def _opens_clause(self, i: int) -> bool:
        after = lower(self.words, i)
        return (after == "that" and not self._has_noun_only(i)) or after in _ASKED

    def _has_noun_only(self, i: int) -> bool:
        """Whether "that" is a pronoun with nothing behind: "said that."."""
        return i + 1 >= len(self.words) or (
            not self.words[i + 1].text[0].isalnum() and self.words[i + 1].text not in _OPENING
        )

    def _medium(self, end: int) -> tuple[int, str]:
        """Behind times, media and places of speaking, if a clause, a mark or a stop follows them."""
        at, medium = self._skipped(end), ""
        while True:
            after, said = self.speakers.medium(at)
            if after == at:
                break
            at, medium = self._skipped(after), said or medium
        follows = lower(self.words, at)
        plain = follows in ("that", "to", ":", ",", ".", "", *_ASKED) or follows in _OPENING or medium
        return (at, medium) if plain or self._skipped(end) == at else (end, "")

    def _skipped(self, i: int) -> int:
        """Behind times with their prepositions, adverbs, and "citing X" at word i."""
        j = i
        while j < len(self.words):
            word = lower(self.words, j)
            timed = j + 1 < len(self.words) and self.sentence.in_time(j + 1)
            cited = self.speakers.after(j + 1) if word == "citing" else Speaker()
            if cited.mention:
                j = cited.end
            elif self.sentence.in_time(j) or word in ("also", "again", "repeatedly", "publicly"):
                j += 1
            elif timed and word in ("on", "in", "at", "late", "early"):
                j += 2
            else:
                break
        return j

    def _forward(self, i: int, speaker: Speaker, until_comma: bool = False) -> Content | None:
        """From word i to where the clause stops."""
        if i >= len(self.words) or not any(w.text[0].isalnum() for w in self.words[i:]):
            return None
        end, tail = self._clause_end(i, until_comma)
        start = self.words[i].start
        return Content(((start, end),), speaker, tail) if end > start else None

    def _clause_end(self, i: int, until_comma: bool) -> tuple[int, str]:
        stops = phrases(table("speech")["scope"]["stops"])
        for j in range(i + 1, len(self.words)):
            word = self.words[j]
            if any(a < word.start < b for a, b in self.quoted):
                continue
            dash = word.text == "-" and word.start > self.words[j - 1].end
            but = word.text == "," and lower(self.words, j + 1) == "but"
            if word.text in stops or dash or but:
                return self.words[j - 1].end, "uncertain" if self._has_verb(j + 1) else "certain"
            if word.text == "," and (until_comma or self._is_aside(j) or self._is_clause(j + 1)):
                return self.words[j - 1].end, "certain"
        last = len(self.words) - 1
        while last > i and self.words[last].text in ".!?,":
            last -= 1
        return self.words[last].end, "certain"

    def _is_clause(self, i: int) -> bool:
        """Whether "and" with a subject of its own begins another main clause behind a comma at word i."""
        subject = next((s for s in self.speakers.outer if s.first == i + 1), None)
        return lower(self.words, i) == "and" and subject is not None and self._is_verb(subject.end)

    def _is_aside(self, comma: int) -> bool:
        """Whether another attribution follows the comma: ", according to", ", Brask added"."""
        after = [w.lower for w in self.words[comma + 1 : comma + 3]]
        return after[:2] == ["according", "to"] or after[:1] in (["citing"], ["adding"], ["saying"])

    def _object(self, i: int, speaker: Speaker) -> Content | None:
        """A noun phrase as content: to the end of its phrase, prepositional phrases with it."""
        found = phrase_at(self.sentence, i) if i < len(self.words) else None
        if lower(self.words, i).endswith("ing"):
            return self._forward(i, speaker)
        if not found or lower(self.words, i) in function("pronouns"):
            return None
        end = right_edge(self.sentence, found.end)
        while lower(self.words, end) in ("of", "on", "in", "against", "from", "by", "between", "to", "for"):
            more = phrase_at(self.sentence, end + 1) if end + 1 < len(self.words) else None
            if not more or self.sentence.in_time(end + 1):
                break
            end = right_edge(self.sentence, more.end)
        return Content(((self.words[i].start, self.words[end - 1].end),), speaker)

    def _preceding(self, end: int, speaker: Speaker) -> Content | None:
        """Content that stands before its cue: "Tarn fell, Brask said", "“Tarn fell,” said Brask"."""
        first = self.cue.first
        inverted = self.speakers.after(end)
        closed = first > 0 and (self.words[first - 1].text in ',"”»“')
        follows = self._skipped(inverted.end)
        if closed and inverted.mention and not (follows < len(self.words) and self._is_verb(follows)):
            return self._around(first, self._skipped(self._appositive(inverted.end)), inverted)
        if speaker.mention is None or not 0 < speaker.first < first:
            return None
        before = self.words[speaker.first - 1].text
        if before not in ',"”»“' or lower(self.words, end) not in (",", ".", "", "?", "!"):
            return None
        return self._around(speaker.first, end, speaker)

    def _appositive(self, i: int) -> int:
        """Behind ", the mayor of Velm" at word i."""
        following = next((s for s in self.speakers.outer if s.first == i + 1), None)
        closes = following is not None and lower(self.words, following.end) in (",", ".", "")
        return following.end if following and lower(self.words, i) == "," and closes else i

    def _around(self, first: int, end: int, speaker: Speaker) -> Content | None:
        """What stands before the words [first, end) of the attribution, and behind a comma after them."""
        pieces = self._behind_marks(first)
        if not pieces:
            k = first - 1
            while k >= 0 and self.words[k].text in ",":
                k -= 1
            start = next((j for j in range(k + 1) if self._is_word(j)), -1)
            if k < 0 or start < 0:
                return None
            pieces = [(self.words[start].start, self.words[k].end)]
        comma = lower(self.words, end) == ","
        if comma and end + 1 < len(self.words) and lower(self.words, end + 1) not in function("conjunctions"):
            participle = lower(self.words, end + 1).endswith("ing")
            if not participle and (self._has_verb(end + 1) or self.words[end + 1].text in _OPENING):
                rest = self._forward(end + 1, speaker)
                pieces += rest.pieces if rest else ()
        return Content(tuple(pieces), speaker)

    def _behind_marks(self, first: int) -> list[Pair]:
        """The quotation in marks that ends right before the attribution, also over several sentences."""
        k = first - 1
        while k >= 0 and self.words[k].text == ",":
            k -= 1
        if k < 0:
            return []
        pair = next(((a, b) for a, b in self.quoted if b == self.words[k].end), None)
        if pair is None or (
            pair[0] > self.sentence.start + 1
            and any(w.text[0].isalnum() and w.start < pair[0] for w in self.words)
        ):
            return []
        return [pair]

    # -- small questions -----------------------------------------------------

    def _is_first(self, i: int) -> bool:
        return not any(w.text[0].isalnum() for w in self.words[:i])

    def _comma(self, i: int) -> int:
        return next((j for j in range(i, len(self.words)) if self.words[j].text == ","), -1)

    def _phrase_end(self, i: int) -> int:
        found = phrase_at(self.sentence, i) if i < len(self.words) else None
        return right_edge(self.sentence, found.end) if found else i

    def _has_verb(self, i: int) -> bool:
        return any(self._is_verb(j) for j in range(i, len(self.words)))

    def _is_verb(self, i: int) -> bool:
        return lower(self.words, i) in function("auxiliaries") or is_verb(self.words, i)

    def _is_word(self, i: int) -> bool:
        return self.words[i].text[0].isalnum() or self.words[i].text in _OPENING
