"""A document seen from one sentence: what is mentioned there, so that the rules look at nothing else."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from msgspec.structs import replace

from goldwire.annotate.document import Actor, Document, Place, Quotation
from goldwire.evaluate.baseline.phrases import Sentence

T = TypeVar("T", Actor, Place)


class Sentences:
    """The sentences of a document, found by offset."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self.all = sentences
        self._starts = [s.start for s in sentences]

    def at(self, offset: int) -> int:
        """The number of the sentence that begins last before an offset; -1 where none does."""
        return bisect_right(self._starts, offset) - 1

    def views(self, document: Document) -> list[Document]:
        """For each sentence the document with only those objects and mentions that stand in it.

        A quotation stands where its cue stands.
        """
        actors, places = self._split(document.actors), self._split(document.places)
        times, numbers = defaultdict(list), defaultdict(list)
        for time in document.times:
            times[self.at(time.mention.start)].append(time)
        for number in document.numbers:
            numbers[self.at(number.mention.start)].append(number)
        quotations = defaultdict(list)
        for quotation in document.quotations:
            quotations[self.at(quotation.cue[0].start)].append(quotation)
        return [
            replace(
                document,
                actors=tuple(actors[n]),
                places=tuple(places[n]),
                times=tuple(times[n]),
                numbers=tuple(numbers[n]),
                quotations=tuple(quotations[n]),
                events=(),
            )
            for n in range(len(self.all))
        ]

    def _split(self, items: Iterable[T]) -> defaultdict[int, list[T]]:
        found: defaultdict[int, list[T]] = defaultdict(list)
        for item in items:
            by: defaultdict[int, list[object]] = defaultdict(list)
            for mention in item.mentions:
                by[self.at(mention.start)].append(mention)
            for n, mentions in by.items():
                found[n].append(replace(item, mentions=tuple(mentions)))
        return found

    def holding(self, quotations: Iterable[Quotation]) -> defaultdict[int, list[Quotation]]:
        """For each sentence the quotations whose content reaches into it."""
        found: defaultdict[int, list[Quotation]] = defaultdict(list)
        for quotation in quotations:
            for n in sorted({self.at(m.start) for m in quotation.content}):
                found[n].append(quotation)
        return found
