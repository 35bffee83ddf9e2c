"""The tiny world in which the laws are tried: two documents of six words, spans with one of two labels."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from typing import NamedTuple

from goldwire.annotate.document import (
    Actor,
    Argument,
    Detail,
    Document,
    Event,
    Factuality,
    Link,
    Mention,
    Meta,
    Number,
    Place,
    Quotation,
    Segment,
    Span,
    Time,
)

WORDS = ("ab", "cd", "ef", "gh", "ij", "kl")
TEXT = " ".join(WORDS)
LABELS = ("A", "B")
DOCUMENTS = 2


class Placed(NamedTuple):
    """A span of words [start, end) of a document."""

    document: int
    start: int
    end: int
    label: str


class World(NamedTuple):
    """What stands in gold and what was predicted, in order."""

    gold: tuple[Placed, ...]
    pred: tuple[Placed, ...]


EVERY: tuple[Placed, ...] = tuple(
    Placed(d, start, end, label)
    for end in range(1, len(WORDS) + 1)
    for d in range(DOCUMENTS)
    for start in range(end)
    for label in LABELS
)


def smallest() -> Iterator[World]:
    """Worlds by the number of their items plus how far these reach, fewer items first.

    Gold holds no span twice; predictions may. The first item is an A in the first document: worlds that
    differ from one of these in names alone are left to `drawn`.

    >>> print(*map(shown, itertools.islice(smallest(), 2)), sep=chr(10))
    gold = [[], []]  pred = [[], []]
    gold = [[], []]  pred = [[(0, 1, 'A')], []]
    """
    yield World((), ())
    for cost in itertools.count(2):
        for size in range(1, cost):
            reach = cost - size
            if reach <= len(WORDS):
                yield from _of(size, reach)


def _of(size: int, reach: int) -> Iterator[World]:
    spans = [s for s in EVERY if s.end <= reach]
    for n in range(size + 1):
        for gold in itertools.combinations(spans, n):
            if gold and not _first(gold[0]):
                continue
            for pred in itertools.combinations_with_replacement(spans, size - n):
                if (gold or _first(pred[0])) and any(s.end == reach for s in (*gold, *pred)):
                    yield World(gold, pred)


def _first(s: Placed) -> bool:
    return s.document == 0 and s.label == LABELS[0]


def drawn(rng: random.Random, count: int) -> Iterator[World]:
    """Larger worlds, predictions being half of them gold spans or close to one."""
    for _ in range(count):
        gold = tuple(dict.fromkeys(rng.choice(EVERY) for _ in range(rng.randrange(1, 6))))
        pred = []
        for _ in range(rng.randrange(6)):
            near = rng.choice(gold)
            close = [s for s in EVERY if s.document == near.document and abs(s.start - near.start) <= 1]
            pred.append(rng.choice([near, rng.choice(close), rng.choice(EVERY)]))
        yield World(gold, tuple(pred))


def cut_down(w: World, breaks: Callable[[World], bool]) -> World:
    """Leave out items, words, the second document and label, as long as what is left still breaks."""
    for smaller in _smaller(w):
        if breaks(smaller):
            return cut_down(smaller, breaks)
    return w


def _smaller(w: World) -> Iterator[World]:
    for i in range(len(w.gold)):
        yield World(w.gold[:i] + w.gold[i + 1 :], w.pred)
    for i in range(len(w.pred)):
        yield World(w.gold, w.pred[:i] + w.pred[i + 1 :])
    changes: list[Callable[[Placed], Placed]] = [
        *(partial(_without, word=word) for word in range(len(WORDS))),
        lambda s: s._replace(document=0),
        lambda s: s._replace(label=LABELS[0]),
    ]
    for change in changes:
        gold, pred = (tuple(map(change, side)) for side in w)
        whole = all(s.start < s.end for s in (*gold, *pred)) and len(set(gold)) == len(gold)
        if whole and (gold, pred) != w:
            yield World(gold, pred)


def _without(s: Placed, word: int) -> Placed:
    return s._replace(start=s.start - (s.start > word), end=s.end - (s.end > word))


def touch(a: Placed, b: Placed) -> bool:
    """Whether two spans share a word."""
    return a.document == b.document and a.start < b.end and b.start < a.end


def turned(items: Sequence[Placed]) -> tuple[Placed, ...]:
    """The same with the documents exchanged."""
    return tuple(s._replace(document=DOCUMENTS - 1 - s.document) for s in items)


def lists(items: Sequence[Placed]) -> list[list[tuple[int, int, str]]]:
    """(start, end, label) for each document, in the order given."""
    return [[(s.start, s.end, s.label) for s in items if s.document == d] for d in range(DOCUMENTS)]


def documents(items: Sequence[Placed], ids: str = "") -> list[Document]:
    """Documents in which every span stands in each layer; ``ids`` is written before every id."""
    return [_document(tuple(s for s in items if s.document == d), d, ids) for d in range(DOCUMENTS)]


def shown(w: World) -> str:
    """The world as Python values that can be typed in again."""
    return f"gold = {lists(w.gold)}  pred = {lists(w.pred)}"


def word(s: Placed) -> str:
    """One span in words."""
    where = "" if s.document == 0 else f" in document {s.document + 1}"
    return f"{(s.start, s.end, s.label)}{where}"


@cache
def _document(spans: tuple[Placed, ...], number: int, ids: str) -> Document:
    # Each layer has the six words to itself, one after the other, so that none stands in another's way.
    text = " / ".join([TEXT] * len(_ROOMS))

    def mentions(layer: str) -> list[Mention]:
        room = _ROOMS.index(layer) * (len(TEXT) + 3)
        return [Mention(" ".join(WORDS[s.start : s.end]), room + 3 * s.start) for s in spans]

    # Ids in reverse where others are asked for, so that their order is another one too.
    names = [f"{ids}{i if not ids else len(spans) - i}" for i in range(1, len(spans) + 1)]
    labels = [s.label for s in spans]
    # One actor and one event a label, so that mentions form clusters.
    first = {x: names[labels.index(x)] for x in LABELS if x in labels}
    rows = {layer: list(zip(names, mentions(layer), labels, strict=True)) for layer in _ROOMS}
    return Document(
        text,
        Meta(f"doc{number}", layers=(*_FINISHED,)),
        segments=(Segment("g1", 0, len(text)),),
        actors=tuple(
            Actor(f"a{i}", x, wikidata=f"Q{x}", mentions=tuple(m for _, m, y in rows["actors"] if y == x))
            for x, i in first.items()
        ),
        places=tuple(Place(f"p{i}", x, wikidata=f"Q{x}", mentions=(m,)) for i, m, x in rows["places"]),
        times=tuple(Time(f"t{i}", m, x, value=x, resolved=x, basis="text") for i, m, x in rows["times"]),
        numbers=tuple(
            Number(
                f"n{i}",
                m,
                x,
                value="2",
                low="1",
                unit="km",
                counted=f"a{first[x]}",
                of=f"p{i}",
                as_of=f"t{i}",
                scope=f"p{i}",
                said_by="AUTHOR",
                trend_from=f"n{i}",
            )
            for i, m, x in rows["numbers"]
        ),
        quotations=tuple(
            Quotation(
                f"q{i}",
                speaker=f"a{first[x]}",
                speaker_span=shown,
                content=(m,),
                cue=(cue,),
                addressee=f"a{first[x]}",
                via=(f"a{first[x]}",),
                parent=f"q{i}",
                directness=x,
            )
            for (i, m, x), (_, cue, _), (_, shown, _) in zip(
                rows["quotations"], rows["cues"], rows["actors"], strict=True
            )
        ),
        links=tuple(Link(f"l{i}", f"e{i}", f"e{i}", x) for i, _, x in rows["events"]),
        events=tuple(
            Event(
                f"e{i}",
                m,
                x,
                coref=f"e{first[x]}",
                details=(Detail("method", x),),
                args=(Argument("agent", f"a{first[x]}", shown),),
                factuality=(Factuality("AUTHOR", "CT+"),),
            )
            for (i, m, x), (_, shown, _) in zip(rows["events"], rows["actors"], strict=True)
        ),
        spans=tuple(Span(f"s{i}", m, x) for i, m, x in rows["spans"]),
    )


_ROOMS = ("actors", "places", "times", "numbers", "quotations", "cues", "events", "spans")
_FINISHED = "segments mentions times numbers quotations events attributes arguments coreference".split()
