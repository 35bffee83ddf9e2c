"""Labels of tokens as chunks: BIO, IOB (CoNLL-2003's own), BIOES, BILOU, BMES, BMEOW and IO.

A chunk begins and ends by the rules of ``conlleval`` whatever the scheme, so a bad
sequence has one reading; whether it is bad is for the scheme to say, and what is
done with it is named: refused, repaired as conlleval reads it, or discarded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

# The letters of a scheme for begin, inside, end, single; IO and IOB begin with inside.
SCHEMES: dict[str, str] = {
    "BIO": "BI",
    "IOB": "BI",
    "IO": "I",
    "BIOES": "BIES",
    "BILOU": "BILU",
    "BMES": "BMES",
    "BMEOW": "BMEW",
}
REPAIRS = ("none", "conlleval", "discard")


class Chunk(NamedTuple):
    """Tokens ``start`` to ``end`` (exclusive) with a label; ``wrong`` says which rule they break."""

    start: int
    end: int
    label: str
    wrong: str = ""


class LabelError(ValueError):
    """A label that is none of the scheme: at which token, and why."""

    def __init__(self, at: int, message: str) -> None:
        self.at = at
        super().__init__(message)


def scheme_of(labels: Iterable[Sequence[str]]) -> str:
    """The scheme that the labels of some sentences are written in.

    Its letters tell; of BIO and IOB, which share theirs, it is IOB where each B follows
    a chunk of its type and some chunk begins with I. Without any B, I alone is IO.

    >>> scheme_of([["B-X", "I-X", "O"]]), scheme_of([["I-X", "B-X"]]), scheme_of([["U-X", "O"]])
    ('BIO', 'IOB', 'BILOU')
    """
    letters: set[str] = set()
    begun_inside = begun_freely = False
    for sentence in labels:
        before = "O"
        for label in sentence:
            letters.add(label[:1])
            follows = before[:1] in ("B", "I") and before[1:] == label[1:]
            begun_inside |= label[:1] == "I" and not follows
            begun_freely |= label[:1] == "B" and not follows
            before = label
    if letters & {"M", "W"}:
        return "BMEOW" if "W" in letters else "BMES"
    if letters & {"L", "U"}:
        return "BILOU"
    if letters & {"E", "S"}:
        return "BIOES"
    if "B" not in letters and "I" in letters:
        return "IO"
    return "IOB" if begun_inside and not begun_freely else "BIO"


def chunks(labels: Sequence[str], scheme: str = "BIO") -> list[Chunk]:
    """The chunks of one sentence; raises LabelError for what is no label of the scheme.

    >>> [tuple(c) for c in chunks(["B-X", "I-X", "O", "I-Y"])]
    [(0, 2, 'X', ''), (3, 4, 'Y', 'begins with I, not B')]
    """
    states = [_state(at, label, scheme) for at, label in enumerate(labels)]
    found: list[Chunk] = []
    start = -1
    before: tuple[str, str] = ("O", "")
    for at, here in enumerate([*states, ("O", "")]):
        inside = here[0] in "IE" and before[0] in "BI" and here[1] == before[1]
        if start >= 0 and not inside:
            wrong = _wrong(states[start:at], scheme, found, start)
            found.append(Chunk(start, at, states[start][1], wrong))
            start = -1
        if here[0] != "O" and not inside:
            start = at
        before = here
    return found


def repaired(found: Iterable[Chunk], repair: str) -> Iterator[Chunk]:
    """The chunks that a repair leaves: all for "conlleval", the sound ones for "discard"."""
    for chunk in found:
        if not chunk.wrong or repair == "conlleval":
            yield chunk


def written(spans: Iterable[tuple[int, int, str]], length: int, scheme: str = "BIO") -> list[str]:
    """The labels of one sentence; ``spans`` do not overlap and stand in their order.

    >>> written([(0, 2, "X"), (2, 3, "X")], 4, "BIOES"), written([(0, 1, "X"), (1, 2, "X")], 2, "IOB")
    (['B-X', 'E-X', 'S-X', 'O'], ['I-X', 'B-X'])
    """
    labels = ["O"] * length
    letters = SCHEMES[scheme]
    last = (-1, "")
    for start, end, label in spans:
        for at in range(start, end):
            letter = letters[1] if len(letters) > 1 else "I"
            if at == start and (scheme != "IOB" or last == (start, label)) and scheme != "IO":
                letter = "B"
            if len(letters) == 4 and end - start == 1:
                letter = letters[3]
            elif len(letters) == 4 and at == end - 1:
                letter = letters[2]
            labels[at] = f"{letter}-{label}"
        last = (end, label)
    return labels


def _state(at: int, label: str, scheme: str) -> tuple[str, str]:
    """B, I, E, S or O, and the type."""
    letter, _, kind = label.partition("-")
    if label == "O":
        return "O", ""
    if letter not in SCHEMES[scheme] or not letter or not kind:
        expected = " ".join(f"{x}-…" for x in SCHEMES[scheme])
        raise LabelError(at, f"{label!r} is no label of {scheme}: {expected} O")
    if len(SCHEMES[scheme]) < 4:
        return letter, kind
    return "BIES"[SCHEMES[scheme].index(letter)], kind


def _wrong(states: Sequence[tuple[str, str]], scheme: str, found: Sequence[Chunk], start: int) -> str:
    letters = SCHEMES[scheme]
    first, last = states[0][0], states[-1][0]
    if scheme == "IO":
        return ""
    if scheme == "IOB":
        follows = bool(found) and found[-1].end == start and found[-1].label == states[0][1]
        return "begins with B where no chunk of its type ends" if first == "B" and not follows else ""
    if len(letters) == 4 and len(states) == 1:
        return "" if first == "S" else f"is one token, but not {letters[3]}"
    if first != "B":
        return f"begins with {letters['BIES'.index(first)]}, not B"
    if len(letters) == 4 and last != "E":
        return f"ends with {letters['BIES'.index(last)]}, not {letters[2]}"
    return ""
