"""The articles of the report: gold and every system beside it, segment by segment, and where errors stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from goldwire.annotate.changes.counterparts import surface
from goldwire.annotate.changes.diff import names
from goldwire.annotate.document import Document, Event
from goldwire.annotate.mentions_html import Stand, marked, rows, stands
from goldwire.evaluate.causes import Error
from goldwire.evaluate.documents import named

LAYERS = ("events", "actors", "places", "times", "numbers", "quotations", "arguments", "others")
GOLD = 0


class Places:
    """Every mention of every side of every document with its anchor, and the systems that err there.

    Side 0 is gold, side k + 1 the system k.
    """

    def __init__(self, gold: Sequence[Document], systems: Sequence[Sequence[Document]]) -> None:
        self.documents = [list(sides) for sides in zip(gold, *systems, strict=True)]
        self.stands = [
            [stands(d, f"d{i}s{side}m") for side, d in enumerate(sides)]
            for i, sides in enumerate(self.documents)
        ]
        self._index = {named(d, i): i for i, d in enumerate(gold)}
        self._wrong: dict[str, set[int]] = {}
        # (document, side, layer) -> its mentions, so that finding one never goes through all.
        self._by: dict[tuple[int, int, str], list[Stand]] = {}
        for i, sides in enumerate(self.stands):
            for side, found in enumerate(sides):
                for s in found:
                    self._by.setdefault((i, side, s.layer), []).append(s)

    def find(self, error: Error, system: int) -> str:
        """The anchor of an error's place: the mention it is about, else its segment, else the article.

        What is missed stands in gold, all else in the prediction; the system is noted at both.
        """
        i = self._index[error.document]
        layer = "events" if error.layer == "arguments" else error.layer
        theirs = self._nearest(i, system + 1, layer, error, error.pred) if error.in_pred else None
        ours = self._nearest(i, GOLD, layer, error, error.gold) if error.in_gold else None
        for found in (ours, theirs):
            if found:
                self._wrong.setdefault(found.anchor, set()).add(system)
        if place := theirs or ours:
            return place.anchor
        for k, (start, end, _) in enumerate(rows(self.documents[i][GOLD])):
            if start <= error.at < end:
                return f"d{i}r{k}"
        return f"d{i}"

    def _nearest(self, i: int, side: int, layer: str, error: Error, words: str) -> Stand | None:
        near = [s for s in self._by.get((i, side, layer), []) if s.end >= error.at]
        if error.layer == "arguments":
            return next((s for s in near if s.start == error.at and s.tag not in ("CUE", "ARG")), None)
        same = [s for s in near if s.words == words]
        return min(same, key=lambda s: abs(s.start - error.at), default=None)

    def articles(self) -> list[dict[str, Any]]:
        """What the template shows of each document; the marked texts are HTML already."""
        return [self._article(i, sides) for i, sides in enumerate(self.documents)]

    def _article(self, i: int, sides: Sequence[Document]) -> dict[str, Any]:
        gold = sides[GOLD]
        wrong = {a: " ".join(map(str, sorted(s))) for a, s in self._wrong.items()}
        waiting = [list(found) for found in self.stands[i]]
        shown = []
        for k, (start, end, name) in enumerate(rows(gold)):
            # Only what begins before the end of this row and has not ended before it can be in it.
            inside = [[m for m in found if m.start < end] for found in waiting]
            texts = [marked(gold.text, start, end, found, wrong) for found in inside]
            waiting = [[m for m in found if m.end > end or m.start >= end] for found in waiting]
            shown.append({"anchor": f"d{i}r{k}", "name": name, "sides": texts})
        return {
            "anchor": f"d{i}",
            "name": named(gold, i),
            "title": gold.meta.title,
            "dct": gold.meta.dct,
            "rows": shown,
            "events": [events(d, self.stands[i][side]) for side, d in enumerate(sides)],
        }


def events(document: Document, marks: Sequence[Stand]) -> list[dict[str, Any]]:
    """The events of one side: type, words, anchor, what is special, and arguments as (role, filler).

    >>> from goldwire.annotate.document import Argument, Mention
    >>> raid = Event("e1", Mention("raid", 4), "STRIKE", args=(Argument("place", "", Mention("Tarn", 12)),))
    >>> events(Document("The raid in Tarn", events=(raid,)), [])[0]["args"]
    [('place', '«Tarn»')]
    """
    known = names(document)
    at = {(m.start, m.tag): m.anchor for m in marks if m.layer == "events"}
    return [
        {
            "id": e.id,
            "type": e.type or "TRIGGER",
            "words": surface(e.trigger),
            "anchor": at.get((e.trigger.start, e.type or "TRIGGER"), ""),
            "said": ", ".join(_said(e)),
            "args": [(a.role, known.get(a.ref, a.ref) or surface(a.evidence)) for a in e.args],
        }
        for e in document.events
    ]


def _said(event: Event) -> list[str]:
    states = (event.polarity, event.modality, event.tense, event.phase)
    found = [x for x in states if x not in ("pos", "asserted", "none", "unspecified")]
    found += [f"{d.name} {d.value}" for d in event.details]
    return [*found, f"same as {event.coref}"] if event.coref not in ("", event.id) else found
