"""The same texts by several annotators, and what a figure of their agreement consists of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any, NamedTuple

from msgspec.structs import replace

from goldwire.annotate.document import Document
from goldwire.annotate.suggestions import decided
from goldwire.evaluate.agreement.items import Item, at, heads, items
from goldwire.evaluate.counts import Entry, Tally
from goldwire.evaluate.documents import named, pair
from goldwire.evaluate.readings import readings
from goldwire.evaluate.sampling import Bounds

EVERYBODY = ""
Pairs = Sequence[tuple[int, int]]
Count = Callable[[Document, Document], Tally]


class Figure(NamedTuple):
    """One figure: what was measured how, between whom ("" everybody), on what, with ``same`` of ``n`` items.

    ``kind`` is F1, share, kappa, fleiss, alpha, alpha_u or gamma. For F1 ``n`` is the mean number of items
    that the two sides have, for the others the number of items compared.
    """

    layer: str
    measure: str
    match: str
    kind: str
    annotators: str
    label: str
    document: str
    value: float
    bounds: Bounds
    same: float
    n: float


@dataclass(frozen=True)
class Options:
    """What is asked for, and how intervals are made. ``by`` adds figures for each label or document."""

    layers: tuple[str, ...] = ()
    by: str = ""
    pairs: bool = False
    gamma: bool = False
    interval: str = "percentile"
    level: float = 0.95
    resamples: int = 10_000
    seed: int = 7

    @property
    def bootstrap(self) -> dict[str, Any]:
        """What `resample` and `units` are told."""
        return {"method": self.interval, "level": self.level, "resamples": self.resamples, "seed": self.seed}

    def wants(self, layer: str) -> bool:
        """Whether figures of a layer are asked for."""
        return not self.layers or layer in self.layers


@dataclass(frozen=True)
class Compared:
    """The same texts by several annotators: ``texts[i][k]`` is document i by annotator k.

    ``missing`` names documents that not all of them have; they are not compared.
    """

    annotators: tuple[str, ...]
    documents: tuple[str, ...]
    texts: tuple[tuple[Document, ...], ...]
    missing: tuple[str, ...] = ()

    @cached_property
    def heads(self) -> tuple[tuple[Document, ...], ...]:
        """The texts with mentions reduced to their heads."""
        return tuple(tuple(map(heads, versions)) for versions in self.texts)

    @cached_property
    def sentences(self) -> tuple[tuple[int, ...], ...]:
        """Where the sentences of each document begin, by the first annotator who has any."""
        return tuple(
            next((tuple(s.start for s in d.segments) for d in versions if d.segments), ())
            for versions in self.texts
        )

    def pairs(self, options: Options) -> Iterator[tuple[str, Pairs]]:
        """Everybody together; then every two annotators, if asked for and if there are more."""
        every = list(combinations(range(len(self.annotators)), 2))
        yield EVERYBODY, every
        if options.pairs and len(every) > 1:
            yield from ((f"{self.annotators[a]}–{self.annotators[b]}", [(a, b)]) for a, b in every)

    def items(self, layer: str, annotators: Sequence[int]) -> list[list[Item]]:
        """The items of some annotators, document by document."""
        return [items(layer, [versions[k] for k in annotators]) for versions in self.texts]

    def only(self, document: int) -> Compared:
        """One of the documents alone."""
        return Compared(self.annotators, (self.documents[document],), (self.texts[document],))


def compared(annotators: Mapping[str, Sequence[Document]]) -> Compared:
    """Bring the documents of annotators together.

    An annotator's own ambiguities are read as its own value. Raises ProblemError where two have different
    texts under one id, or somebody has suggestions left to decide on, ValueError for fewer than two
    annotators.

    >>> both = compared({"a": [Document("One."), Document("Two.")], "b": [Document("Two.")]})
    >>> both.documents, both.missing
    (('#2',), ('#1',))
    """
    names = tuple(annotators)
    if len(names) < 2:
        raise ValueError(f"agreement needs two annotators at least, not {len(names)}")
    for name in names:
        decided(annotators[name], name)
    first = list(annotators[names[0]])
    paired = [pair(first, annotators[name], where=name) for name in names[1:]]
    gone = {name for p in paired for name in (*p.missing, *p.unknown)}
    kept = [i for i, d in enumerate(first) if named(d, i) not in gone]
    texts = tuple(tuple(map(_own, (first[i], *(p.documents[i][1] for p in paired)))) for i in kept)
    return Compared(names, tuple(named(first[i], i) for i in kept), texts, tuple(sorted(gone)))


def places(found: Sequence[Sequence[Item]], sentences: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """For each item its document and its sentence (0 where there are none)."""
    from bisect import bisect_right

    return [
        (d, max(bisect_right(sentences[d], at(item)) - 1, 0)) for d, row in enumerate(found) for item in row
    ]


def _own(document: Document) -> Document:
    """The annotator's own reading of the text."""
    return replace(next(readings(document)), ambiguities=())


def tallies(count: Count, texts: Sequence[Sequence[Document]], pairs: Pairs) -> list[Tally]:
    """One tally a document: the mean over all pairs of annotators, each in both directions."""
    found = []
    for versions in texts:
        entries = [
            entry
            for a, b in pairs
            for entry in (*count(versions[a], versions[b]).entries, *_turned(count(versions[b], versions[a])))
        ]
        found.append(Tally(_part(entry, 2 * len(pairs)) for entry in entries))
    return found


def _turned(tally: Tally) -> Iterator[Entry]:
    for e in tally.entries:
        yield Entry(e.label, e.at, e.r_hit, e.r_all, e.p_hit, e.p_all)


def _part(e: Entry, of: int) -> Entry:
    return Entry(e.label, e.at, e.p_hit / of, e.p_all / of, e.r_hit / of, e.r_all / of)
