"""Proper names: where they are, and what kind of thing each names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from goldwire.evaluate.baseline import gazetteer
from goldwire.evaluate.baseline.grammar import lower
from goldwire.evaluate.baseline.lexicon import inverted, phrases, table
from goldwire.evaluate.baseline.lexicon import words as listed
from goldwire.evaluate.baseline.nouns import is_plural
from goldwire.evaluate.baseline.phrases import Sentence, function, is_noun, left_edge
from goldwire.evaluate.baseline.words import Word, split

_PARTICLES = {"al", "el", "bin", "ibn", "de", "van", "von", "der", "abu", "di", "da", "le", "la", "du", "dos"}


class Name(NamedTuple):
    """words[head:head_end] is a proper name, words[first:end] its mention.

    ``layer`` is actor, country, demonym, capital, people or place; ``key`` what makes two mentions one.
    """

    first: int
    end: int
    head: int
    head_end: int
    layer: str
    type: str
    key: str
    title: str = ""


def names(sentence: Sentence, capitalised: frozenset[str]) -> list[Name]:
    """The proper names of a sentence, none inside another.

    ``capitalised`` holds the words that the document writes with a capital inside a
    sentence: the first word of a sentence is a name only if it is among them or known.
    """
    words = sentence.words
    texts = tuple(w.text for w in words)
    found: list[Name] = []
    i = 0
    while i < len(words):
        if sentence.in_time(i):
            i += 1
            continue
        known = gazetteer.at(texts, i)
        run = _run(sentence, i, capitalised)
        if known and i + known[0] >= run and _allowed(words, i, known):
            n, entry = known
            found.append(_known(sentence, i, n, entry))
            i += n
        elif run > i:
            made = _classified(sentence, i, run)
            found += made
            i = max(run, made[-1].end if made else run)
        else:
            i += 1
    return found


def _allowed(words: Sequence[Word], i: int, known: tuple[int, gazetteer.Entry]) -> bool:
    """Whether a known name is meant: not a "who" or "us" in capitals, nor half of a compound."""
    glued_after = lower(words, i + known[0]) == "-" and known[1].layer != "actor"
    tight = glued_after and words[i + known[0]].start == words[i + known[0] - 1].end
    glued_before = i > 0 and words[i - 1].text == "-" and words[i - 1].end == words[i].start
    ambiguous = words[i].lower in ("who", "us", "is", "ap", "eta", "times", "guardian") and known[0] == 1
    return not tight and not glued_before and (not ambiguous or words[i].text.isupper())


def _known(sentence: Sentence, i: int, n: int, entry: gazetteer.Entry) -> Name:
    first = i - (entry.layer == "country" and lower(sentence.words, i - 1) in listed("locations", "compass"))
    wide = entry.layer in ("actor", "people") or lower(sentence.words, i - 1) == "the"
    if wide and entry.layer not in ("demonym", "country"):
        first = left_edge(sentence, i)
    return Name(first, i + n, i, i + n, entry.layer, entry.type, entry.name)


def _run(sentence: Sentence, i: int, capitalised: frozenset[str]) -> int:
    """The end of the run of capitalised words that begins at word i; i itself if none does."""
    words = sentence.words
    if not _is_capital(words, i, capitalised, first=i == 0 or not words[i - 1].text[0].isalnum()):
        return i
    j = i + 1
    while j < len(words):
        joined = words[j].text == "-" and words[j].start == words[j - 1].end
        if joined and j + 1 < len(words) and words[j + 1].text[0].isalpha():
            j += 2
        elif _goes_on(sentence, j):
            j += 1
        elif lower(words, j) == "of" and words[j - 1].text in inverted("organisations", "words"):
            step = 2 if lower(words, j + 1) == "the" else 1
            if j + step < len(words) and words[j + step].text[0].isupper():
                j += step + 1
            else:
                break
        elif words[j].text == "." and words[j - 1].text + "." in _titles():
            j += 1
        else:
            break
    return j


def _goes_on(sentence: Sentence, j: int) -> bool:
    """Whether word j is one more word of a name: a capital, or a particle before one ("van der Berg")."""
    words = sentence.words
    if words[j].text[0].isupper():
        return not sentence.in_time(j)
    if lower(words, j) not in _PARTICLES or j + 1 >= len(words):
        return False
    k = j + 2 if words[j + 1].text == "-" else j + 1
    return k < len(words) and words[k].text[0].isupper()


def _is_capital(words: Sequence[Word], i: int, capitalised: frozenset[str], first: bool) -> bool:
    word = words[i]
    particle = word.lower in ("al", "el") and i + 2 < len(words) and words[i + 1].text == "-"
    if particle and words[i + 2].text[0].isupper():
        return True
    if not word.text[0].isupper() or word.lower in function("pronouns"):
        return False
    if not first:
        return True
    closed = ("determiners", "prepositions", "conjunctions", "adverbs")
    ordinary = any(word.lower in function(k) for k in closed)
    common = word.lower in gazetteer.nouns() or word.lower in gazetteer.locations() or ordinary
    more = i + 1 < len(words) and words[i + 1].text[0].isupper()
    if more and (word.text in _titles() or word.lower in listed("locations", "first_of_name")):
        return True
    speaks = i + 1 < len(words) and words[i + 1].lower in inverted("speech", "stance")
    shown = word.text in capitalised or more or (speaks and not is_plural(word.lower))
    return shown and not common and word.lower not in function("verbs")


@cache
def _titles() -> frozenset[str]:
    return frozenset(part for title in phrases(table("people")["titles"]["words"]) for part in title.split())


def _classified(sentence: Sentence, i: int, end: int) -> list[Name]:
    """The names in a run of capitalised words: a demonym, a title, and the name itself."""
    words = sentence.words
    texts = tuple(w.text for w in words)
    found: list[Name] = []
    start = i
    known = gazetteer.at(texts, i)
    if known and known[1].layer == "demonym" and i + known[0] < end:
        found.append(_known(sentence, i, known[0], known[1]))
        i += known[0]
    elif _is_adjective(words, i, end):
        found.append(Name(i, i + 1, i, i + 1, "demonym", "STATE", words[i].text))
        i += 1
        if i == end:
            return found
    elif words[i].text.endswith("ians") and i + 1 == end:
        first = left_edge(sentence, i)
        return [Name(first, end, i, end, "people", "CIV", words[i].text)]
    name = _after_titles(words, i, end)
    if name == end:  # a title alone: "the President"
        return found
    titled = name > i
    inner = gazetteer.at(texts, name)
    if inner and name + inner[0] == end and inner[1].layer != "demonym":
        return [*found, _known(sentence, name, inner[0], inner[1])]
    lead = start if titled or found else i
    head = "".join(sentence_text(words, name, end))
    stop, kind = _kind_noun(words, end) if not titled else (end, "")
    if kind:
        return [*found, Name(left_edge(sentence, name), stop, name, end, "actor", kind, head)]
    type, title = _type(words, name, end, titled), " ".join(texts[i:name])
    role = lower(words, lead - 1)
    if type in ("PER", "?") and role in phrases(table("people")["titles"]["lower"]):
        type, title, lead = "PER", role, left_edge(sentence, lead - 1)
    elif titled and lower(words, lead - 1) in function("determiners"):
        lead -= 1
    if type == "PER":
        found.append(Name(lead, end, name, end, "actor", "PER", head, title))
    elif type == "?":
        kind = _place_kind(words, name, end)
        found.append(_place(sentence, name, end, kind, head) if kind else _unknown(words, name, end, head))
    else:
        found.append(Name(left_edge(sentence, name), end, name, end, "actor", type, head))
    return found


@cache
def _whole_titles() -> frozenset[tuple[str, ...]]:
    listed_titles = phrases(table("people")["titles"]["words"])
    return frozenset(tuple(w.text for w in split(title)) for title in listed_titles)


def _after_titles(words: Sequence[Word], i: int, end: int) -> int:
    """Where the name begins behind "Deputy Prime Minister", "Gen."."""
    known = _whole_titles()
    most = max(map(len, known))
    while True:
        texts = tuple(w.text for w in words[i : min(end, i + most)])
        n = next((n for n in range(len(texts), 0, -1) if texts[:n] in known), 0)
        if not n:
            return i
        i += n


def sentence_text(words: Sequence[Word], first: int, end: int) -> list[str]:
    """The words with the spaces that stand between them."""
    parts = []
    for i in range(first, end):
        gap = " " if i > first and words[i].start > words[i - 1].end else ""
        parts.append(gap + words[i].text)
    return parts


def _type(words: Sequence[Word], first: int, end: int, titled: bool) -> str:
    known = inverted("organisations", "words")
    of = next((k for k in range(first, end) if words[k].text == "of"), end)
    for k in (end - 1, of - 1, first):
        if (type := known.get(words[k].text)) and end - first > 1:
            return type
    if titled:
        return "PER"
    if all(w.text.isupper() and len(w.text) > 1 for w in words[first:end]) and end - first == 1:
        return "ORG"
    return "?"


def _place_kind(words: Sequence[Word], first: int, end: int) -> str:
    """The kind of place that an unknown name is shown to be by the words around it; "" if by none."""
    kinds = gazetteer.locations()
    after, before = lower(words, end), lower(words, first - 1)
    if words[end - 1].lower in kinds and end - first > 1:
        return kinds[words[end - 1].lower]
    if after in listed("locations", "kinds_before"):
        return kinds.get(after, "city")
    if before in listed("locations", "kinds_before"):
        return kinds.get(before, "city")
    if before == "of" and lower(words, first - 2) in listed("locations", "kinds_before"):
        return kinds.get(lower(words, first - 2), "city")
    if before in listed("locations", "compass"):
        return "region"
    if before == "of" and end - first == 1:  # "the mayor of Velm", "the fall of Velm"
        return "city"
    return "city" if before in listed("locations", "locative") - {"to", "over", "around"} else ""


def _place(sentence: Sentence, first: int, end: int, kind: str, head: str) -> Name:
    words = sentence.words
    lead, stop = first, end
    before = lower(words, first - 1)
    if lower(words, end) in listed("locations", "kinds_before"):
        stop, lead = end + 1, left_edge(sentence, first)
    elif before in listed("locations", "kinds_before") or before in listed("locations", "compass"):
        lead = left_edge(sentence, first)
    elif before == "of" and lower(words, first - 2) in listed("locations", "kinds_before"):
        lead = left_edge(sentence, first - 2)
    return Name(lead, stop, first, end, "place", kind, head)


def _is_adjective(words: Sequence[Word], i: int, end: int) -> bool:
    """Whether a capitalised word is an adjective of an unknown nation: "the Kordian army"."""
    after = lower(words, i + 1)
    noun = (i + 1 == end and is_noun(after) and after not in function("verbs")) or (
        i + 1 < end and _after_titles(words, i + 1, end) > i + 1
    )
    return noun and words[i].text.endswith(("ian", "ish", "ese")) and len(words[i].text) > 4


def _kind_noun(words: Sequence[Word], end: int) -> tuple[int, str]:
    """(end, type) of a noun behind a name that tells what it names: "the Red Lantern aid group"."""
    sides, last = inverted("organisations", "qualities"), end
    while last < min(end + 2, len(words)) and words[last].text[0].islower():
        if words[last].lower in listed("organisations", "kind_nouns"):
            qualities = [sides[w.lower] for w in words[end:last] if w.lower in sides]
            return last + 1, (qualities or [gazetteer.nouns().get(words[last].lower, "ORG")])[0]
        last += 1
    return end, ""


def _unknown(words: Sequence[Word], first: int, end: int, head: str) -> Name:
    """A name that nothing around it explains: a person if it has two or three words, or speaks or owns."""
    lead = first - (lower(words, first - 1) == "the" and end - first == 1)
    return Name(lead, end, first, end, "actor", "PER" if head.count(" ") <= 2 else "ORG", head)
