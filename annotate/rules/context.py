"""What rules look things up in: the document by id and by place, and the labels."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from goldwire.annotate.document import Document, Event, Mention, objects
from goldwire.annotate.ontology import Ontology
from goldwire.annotate.rules.nesting import Held, held

# What a rule yields: the object it is about (None for the document), and a sentence.
Finding = tuple[Any, str]
Bounds = tuple[int, int]


class Context:
    """One document and the labels under which it is checked. Built once, read by all rules."""

    def __init__(self, document: Document, ontology: Ontology) -> None:
        self.document = document
        self.text = document.text
        self.ontology = ontology
        self.ids: dict[str, tuple[str, Any]] = {}
        for kind, item in objects(document):
            self.ids.setdefault(item.id, (kind, item))
        self.finished = frozenset(document.meta.layers)
        # The words that some rules know are English.
        self.english = document.meta.lang.lower().startswith("en") or not document.meta.lang
        size = len(document.text)
        self._segments = sorted((s.start, s.end) for s in document.segments if 0 <= s.start < s.end <= size)

    def kind(self, name: str) -> str:
        """The kind of object that has this id; "" if there is none."""
        return self.ids.get(name, ("", None))[0]

    def item(self, name: str) -> Any:
        """The object that has this id; None if there is none."""
        return self.ids.get(name, ("", None))[1]

    def segment(self, offset: int) -> Bounds | None:
        """The segment in which an offset lies; a text without segments is one."""
        if not self._segments:
            return 0, len(self.text)
        index = bisect_right(self._segments, (offset, len(self.text) + 1)) - 1
        found = self._segments[index] if index >= 0 else (0, 0)
        return found if found[0] <= offset < found[1] else None

    def sentence(self, offset: int) -> str:
        """The text of the segment in which an offset lies."""
        start, end = self.segment(offset) or (offset, offset)
        return self.text[start:end]

    @cached_property
    def quotations(self) -> list[Held]:
        """The quotations, for asking which of them hold a mention."""
        return held(self.document)

    @cached_property
    def clusters(self) -> dict[str, list[Event]]:
        """The mentions of each event by the id of each of them."""
        named: dict[str, list[Event]] = {}
        for event in self.document.events:
            named.setdefault(event.coref or event.id, []).append(event)
        return {e.id: events for events in named.values() for e in events}

    def shown(self, name: str) -> Iterator[Mention]:
        """The mentions of what an id stands for; of an event, the triggers of all its mentions."""
        kind, item = self.ids.get(name, ("", None))
        match kind:
            case "actor" | "place":
                yield from item.mentions
            case "time" | "number":
                yield item.mention
            case "event":
                yield from (e.trigger for e in self.clusters.get(name, [item]))


Rule = Callable[[Document, Context], Iterator[Finding]]


def slug(rule: Rule) -> str:
    """The slug of a rule: its function's name with dashes."""
    return rule.__name__.replace("_", "-")
