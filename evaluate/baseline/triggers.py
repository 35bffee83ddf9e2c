"""Triggers: words that name an event of a type, and what the words around them say of it."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from goldwire.annotate.document import Detail
from goldwire.evaluate.baseline.grammar import lower
from goldwire.evaluate.baseline.lexicon import inverted, phrases, table
from goldwire.evaluate.baseline.lexicon import words as listed
from goldwire.evaluate.baseline.nouns import is_plural
from goldwire.evaluate.baseline.phrases import Sentence, function, is_noun

_CLAUSE = {",", ";", ":", "and", "but", "that", "which", "who", "while", "after", "before", "as", "when"}


class Trigger(NamedTuple):
    """Word ``at`` (to ``end``, with a particle) triggers an event; ``noun`` or verb."""

    at: int
    end: int
    type: str
    noun: bool


@cache
def _words(kind: str) -> dict[str, str]:
    """Trigger words of a kind (nouns, verbs) -> type."""
    return {word: type for type, row in table("events")["types"].items() for word in phrases(row[kind])}


def triggers(sentence: Sentence, cues: frozenset[int]) -> list[Trigger]:
    """The triggers of a sentence in reading order; words at ``cues`` report, and are none."""
    found = []
    for i in range(len(sentence.words)):
        if i in cues or sentence.in_time(i):
            continue
        type = _noun(sentence, i)
        noun = bool(type)
        type = type or _verb(sentence, i)
        if type:
            end = i + 1 + (type == "SURRENDER" and lower(sentence.words, i + 1) == "down")
            found.append(Trigger(i, end, type, noun))
    return found


def _noun(sentence: Sentence, i: int) -> str:
    words = sentence.words
    word, after, before = words[i].lower, lower(words, i + 1), lower(words, i - 1)
    type = _words("nouns").get(word, "")
    if not type or _glued(sentence, i):
        return ""
    continues = is_noun(after) and after not in function("prepositions") | function("auxiliaries")
    if continues and not is_plural(word) and after not in _words("nouns"):
        return ""  # "ceasefire line", "war zone"
    if after in _words("nouns") and not is_plural(word) and after not in function("verbs"):
        return ""  # "ceasefire agreement": the head is the noun behind
    if word in _words("verbs") and not _is_nominal(sentence, i):
        return ""
    if word in ("conflict",) and before not in ("armed", "the", "military", "civil"):
        return ""
    if word == "campaign" and not {"military", "bombing", "air", "ground"} & {before, lower(words, i - 2)}:
        return ""
    return type


def _is_nominal(sentence: Sentence, i: int) -> bool:
    """Whether a word that is noun and verb stands as a noun, by the word before it."""
    words = sentence.words
    before = lower(words, i - 1)
    closed = function("determiners") | (function("prepositions") - {"to"})
    adjective = before.endswith(("al", "ive", "ian", "ish", "ous", "ern", "ary", "ese")) or before in (
        *("air", "new", "rocket", "missile", "drone", "bomb", "first", "deadly", "armed", "suicide"),
        *("ground", "fresh", "major", "night", "further", "more", "'s", "peace", "heavy"),
    )
    light = before in listed("events", "light")
    return before in closed or adjective or light or sentence.quantity_at(i - 1) is not None


def _verb(sentence: Sentence, i: int) -> str:
    words = sentence.words
    word, after, before = words[i].lower, lower(words, i + 1), lower(words, i - 1)
    type = _words("verbs").get(word, "")
    if not type or _glued(sentence, i) or before in function("articles"):
        return ""
    participle = word.endswith(("ed", "ing", "en"))
    qualifies = before in function("determiners") or sentence.quantity_at(i - 1) is not None
    if participle and is_noun(after) and (qualifies or i == 0) and before not in function("pronouns"):
        return ""  # "the displaced families"
    if word == "closed" and before in ("is", "remains", "remain", "are", "was"):
        return type
    near = table("events")["near"].get(type, "")
    window = {w.lower for w in words[max(0, i - 7) : i + 8]}
    if near and not window & set(near.split()):
        return ""
    if word == "driven" and after not in ("out", "from"):
        return ""
    return type


def _glued(sentence: Sentence, i: int) -> bool:
    """Whether the word is part of a hyphenated one."""
    words = sentence.words
    after = lower(words, i + 1) == "-" and words[i + 1].start == words[i].end
    before = i > 0 and words[i - 1].text == "-" and words[i - 1].end == words[i].start
    return after or before


# -- attributes ----------------------------------------------------------------


def clause(sentence: Sentence, i: int) -> tuple[int, int]:
    """The stretch of words around word i that no comma, conjunction or relative breaks."""
    words = sentence.words
    first = next((j + 1 for j in range(i - 1, -1, -1) if words[j].lower in _CLAUSE), 0)
    end = next((j for j in range(i + 1, len(words)) if words[j].lower in _CLAUSE), len(words))
    return first, end


def polarity(sentence: Sentence, t: Trigger) -> str:
    """ "neg" where a negation stands over the trigger in its clause."""
    first, _ = clause(sentence, t.at)
    before = [w.lower for w in sentence.words[first : t.at]]
    negative = set(phrases(table("events")["modal"]["negative"]))
    over = [k for k, w in enumerate(before) if w in negative or w.endswith("n't")]
    if not over or before[over[-1] : over[-1] + 2] == ["not", "only"]:
        return "pos"
    return "neg" if t.noun is False or len(before) - over[-1] <= 3 else "pos"


def modality(sentence: Sentence, t: Trigger) -> str:
    """The first of the guidelines' tests that a word of the sentence passes."""
    words = sentence.words
    first, _ = clause(sentence, t.at)
    before = [w.lower for w in words[first : t.at]]
    lists = {name: set(phrases(listed)) for name, listed in table("events")["modal"].items()}
    leads = lower(words, first - 1)
    if set(before) & lists["hypothetical"] or leads == "if":
        return "hypothetical"
    to = lower(words, t.at - 1) == "to" or "to" in before[-3:]
    wanted = (
        set(before) & lists["proposed"]
        or {w.lower for w in words[max(0, first - 4) : first]} & lists["proposed"]
    )
    if not t.noun and to and wanted:
        return "proposed"
    near = before[-4:]
    if any(set(near) & lists[name] for name in ("possible", "probable", "open")):
        return "hedged"
    return "asserted"


def tense(sentence: Sentence, t: Trigger, modal: str, headline: bool) -> str:
    """When the event lies, seen from the document's time."""
    if modal == "proposed":
        return "future"
    if modal in ("hypothetical", "generic"):
        return "unspecified"
    words = sentence.words
    first, end = clause(sentence, t.at)
    before = [w.lower for w in words[first : t.at]]
    around = before + [w.lower for w in words[t.end : end]]
    if {"will", "shall", "'ll"} & set(before):
        return "future"
    if "since" in around and {"has", "have", "been"} & set(before):
        return "ongoing"
    if not t.noun:
        word = words[t.at].lower
        if word.endswith("ing") or before[-1:] in (["is"], ["are"]):
            return "past" if {"was", "were"} & set(before) else "ongoing"
        present = word.endswith("s") or not word.endswith(("ed", "d", "t", "en", "k", "w"))
        return "past" if not present or headline or {"to", "did"} & set(before) else "ongoing"
    still = {"continues", "continue", "remains", "remain", "is", "are"} & set(around)
    return "ongoing" if still or t.type == "WAR" else "past"


def phase(sentence: Sentence, t: Trigger) -> str:
    """A word of beginning, going on, resuming or ending close to the trigger."""
    near = [w.lower for w in sentence.words[max(0, t.at - 3) : t.end + 2]]
    known = inverted("events", "phases")
    return next((known[w] for w in near if w in known and w != sentence.words[t.at].lower), "none")


def plural(sentence: Sentence, t: Trigger) -> bool:
    """Whether the trigger speaks of more than one occurrence."""
    word = sentence.words[t.at].lower
    several = t.noun and is_plural(word) and word not in listed("events", "plural_only")
    first, end = clause(sentence, t.at)
    often = {"repeatedly", "often", "daily", "twice", "every"} & {w.lower for w in sentence.words[first:end]}
    return bool(several or often)


def details(sentence: Sentence, t: Trigger) -> tuple[Detail, ...]:
    """The type's own attributes, from the trigger and its sentence."""
    word = sentence.words[t.at].lower
    around = {w.lower for w in sentence.words}
    match t.type:
        case "STRIKE":
            own = {word, lower(sentence.words, t.at - 1)}
            weapons = {name: set(phrases(listed)) for name, listed in table("events")["weapons"].items()}
            said = next((name for name, words in weapons.items() if own & words), "")
            said = said or next((name for name, words in weapons.items() if around & words), "unspecified")
            return (Detail("method", said),)
        case "CASUALTY":
            hurt = word.startswith(("wound", "injur"))
            outcome = "injured" if hurt else "unspecified" if word == "casualties" else "killed"
            return (Detail("outcome", outcome),)
        case "TRUCE":
            return (Detail("formal", "no" if word in ("lull", "cessation") else "yes"),)
        case "BORDER":
            return (Detail("state", "open" if "open" in word else "closed"),)
    return ()
