"""The lines of a brat ``.ann`` file, one class for each kind."""

from __future__ import annotations

import re
from typing import NamedTuple

_OFFSET = re.compile(r"\d{1,12}")
_BETWEEN = re.compile(r"\d{1,12};\d{1,12}")
_ATTRIBUTE = re.compile(r"(\S+) (\S+)(?: (.+))?")
_REFERENCE = re.compile(r"(\S+) (\S+) ([^\s:]+):(\S+)")


class TextBound(NamedTuple):
    """``T1\\tTYPE 0 4;8 9\\ttext``."""

    id: str
    type: str
    pieces: tuple[tuple[int, int], ...]
    text: str


class Arrow(NamedTuple):
    """``R1\\tTYPE Arg1:T1 Arg2:T2``."""

    id: str
    type: str
    roles: tuple[str, str]
    ends: tuple[str, str]


class EventLine(NamedTuple):
    """``E1\\tTYPE:T1 Role:T2``."""

    id: str
    type: str
    trigger: str
    args: tuple[tuple[str, str], ...]


class Attribute(NamedTuple):
    """``A1\\tName T1 value``; the value is "" for a flag."""

    id: str
    name: str
    target: str
    value: str


class Reference(NamedTuple):
    """``N1\\tReference T1 Wikidata:Q1\\ttext``."""

    id: str
    type: str
    target: str
    database: str
    entry: str
    text: str


class Note(NamedTuple):
    """``#1\\tAnnotatorNotes T1\\ttext``."""

    id: str
    type: str
    target: str
    text: str


class Equiv(NamedTuple):
    """``*\\tEquiv T1 T2 T3``."""

    id: str
    type: str
    members: tuple[str, ...]


Line = TextBound | Arrow | EventLine | Attribute | Reference | Note | Equiv


def parse(line: str) -> Line | None:
    """The line without its end as one of the classes; None where it is nothing that brat defines.

    >>> parse("T1\\tORG 0 4;6 8\\tSony Ha")
    TextBound(id='T1', type='ORG', pieces=((0, 4), (6, 8)), text='Sony Ha')
    >>> parse("E1\\tTransfer:T2 Giver:T1 ").args
    (('Giver', 'T1'),)
    """
    own, tab, rest = line.partition("\t")
    if not tab or not own or own != own.strip():
        return None
    body, _, tail = rest.partition("\t")
    if own == "*":
        words = body.split()
        return Equiv(own, words[0], tuple(words[1:])) if len(words) > 1 and not tail else None
    match own[0]:
        case "T":
            return _text_bound(own, body, tail)
        case "E":
            return _event(own, body) if not tail.strip() else None
        case "R":
            return _arrow(own, body) if not tail.strip() else None
        case "A" | "M":
            found = _ATTRIBUTE.fullmatch(body.rstrip())
            return Attribute(own, found[1], found[2], found[3] or "") if found and not tail.strip() else None
        case "N":
            found = _REFERENCE.fullmatch(body.rstrip())
            return Reference(own, found[1], found[2], found[3], found[4], tail) if found else None
        case "#":
            words = body.split()
            return Note(own, words[0], words[1], tail) if len(words) == 2 else None
    return None


def is_told_once(line: Line) -> bool:
    """Whether an id of such lines names one of them; brat passes over a second one."""
    return isinstance(line, Arrow | EventLine)


def write(line: Line) -> str:
    """The line as brat writes it.

    >>> write(Attribute("A1", "Negation", "E1", ""))
    'A1\\tNegation E1'
    """
    match line:
        case TextBound():
            places = ";".join(f"{start} {end}" for start, end in line.pieces)
            return f"{line.id}\t{line.type} {places}\t{line.text}"
        case Arrow():
            (first, second), (a, b) = line.roles, line.ends
            return f"{line.id}\t{line.type} {first}:{a} {second}:{b}"
        case EventLine():
            args = "".join(f" {role}:{target}" for role, target in line.args)
            return f"{line.id}\t{line.type}:{line.trigger}{args}"
        case Attribute():
            return f"{line.id}\t{line.name} {line.target}" + (f" {line.value}" if line.value else "")
        case Reference():
            return f"{line.id}\t{line.type} {line.target} {line.database}:{line.entry}\t{line.text}"
        case Note():
            return f"{line.id}\t{line.type} {line.target}\t{line.text}"
        case Equiv():
            return f"*\t{line.type} {' '.join(line.members)}"


def _text_bound(own: str, body: str, tail: str) -> TextBound | None:
    # From the end, since a type may hold spaces: START END, or START END;START … END.
    words = body.rstrip().split(" ")
    first = len(words) - 1
    while first > 1 and _BETWEEN.fullmatch(words[first - 1]):
        first -= 1
    first -= 1
    kind = " ".join(words[: max(first, 0)])
    if not kind or not _OFFSET.fullmatch(words[first]) or not _OFFSET.fullmatch(words[-1]):
        return None
    bounds = [tuple(map(int, piece.split(" "))) for piece in " ".join(words[first:]).split(";")]
    return TextBound(own, kind, tuple((a, b) for a, b in bounds), tail)


def _event(own: str, body: str) -> EventLine | None:
    first, *others = body.split()[:] or [""]
    if first.count(":") != 1 or any(x.count(":") != 1 for x in others):
        return None
    kind, trigger = first.split(":")
    args = [x.split(":") for x in others]
    return EventLine(own, kind, trigger, tuple((role, target) for role, target in args))


def _arrow(own: str, body: str) -> Arrow | None:
    words = body.split()
    if len(words) != 3 or any(x.count(":") != 1 for x in words[1:]):
        return None
    (a, source), (b, target) = (x.split(":") for x in words[1:])
    return Arrow(own, words[0], (a, b), (source, target))
