"""PHEE (drug safety): events whose roles have roles of their own, in lists of pieces.

``{"id", "context", "annotations": [{"events": [{"event_id", "event_type", "Trigger": {"text":
[["a", "b"]], "start": [[3, 9]]}, "Treatment": {…, "Drug": {…}}}]}]}``: a list for each mention, in
it one entry for each piece. Code points, proved against the words.

A role within a role is ``Treatment.Drug``; an event within one (Combination) is an event of
its own, to which the role refers. What is said of the whole event (Negated, Severity …)
keeps its ``value`` with the argument.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any, BinaryIO

from msgspec import Struct, field

from goldwire.annotate.document import Argument, Document, Event, Mention, Meta
from goldwire.annotate.formats import source
from goldwire.annotate.formats.partial import Participants, count_lost, unchanged
from goldwire.annotate.offsets import Claim, prove
from goldwire.annotate.problems import Problem

KEY = "phee"
CARRIES = {"event": "type trigger args pieces"}
OWN = ("text", "start", "entity_id", "value", "event_id", "event_type", "Trigger")


class Lists(Struct):
    """Mentions, each a list of pieces."""

    text: list[list[str]] = field(default_factory=list)
    start: list[list[int]] = field(default_factory=list)


class Line(Struct):
    """One sentence with its annotations."""

    id: str
    context: str
    annotations: list[dict[str, list[dict[str, Any]]]] = field(default_factory=list)


def decode(
    files: Mapping[str, BinaryIO], *, ontology: Any = None, notes: list[Problem] | None = None
) -> Iterator[Document]:
    """A document from each line; raises ProblemError with the line."""
    for name, file in files.items():
        for line, raw in source.values(file, name):
            yield document(raw, name, line)


def document(raw: dict[str, Any], name: str = "", line: int = 0) -> Document:
    """The document of one line; raises ProblemError."""
    said = source.shaped(raw, Line, name, line)
    text = source.checked_text(said.context, name, line)
    reader = _Reader(text, name, line)
    for annotation in said.annotations:
        for event in annotation.get("events", []):
            reader.event(event)
    return Document(text, Meta(said.id), events=tuple(reader.events), extra={KEY: raw})


class _Reader:
    """The events of one line, those within others after them."""

    def __init__(self, text: str, name: str, line: int) -> None:
        self.text, self.name, self.line = text, name, line
        self.events: list[Event] = []
        self.taken: set[str] = set()

    def event(self, raw: dict[str, Any]) -> str:
        """Read one event; returns the id that it has here."""
        own = str(raw.get("event_id", ""))
        if not own or own in self.taken:
            own = next(i for n in count(1) if (i := f"{own or 'E'}.{n}") not in self.taken)
        self.taken.add(own)
        triggers = self.mentions(raw.get("Trigger"), f"the trigger of {own}")
        if len(triggers) != 1:
            source.refuse(self.name, self.line, "trigger", f"{own} has {len(triggers)} triggers, not one")
        at = len(self.events)
        args = tuple(self.arguments(raw, "", own))
        event = Event(own, triggers[0], str(raw.get("event_type", "")), args=args)
        self.events.insert(at, event)
        return own

    def arguments(self, raw: dict[str, Any], path: str, own: str) -> Iterator[Argument]:
        for key, value in raw.items():
            if key in OWN:
                continue
            role = f"{path}{key}"
            if isinstance(value, list):
                for inner in value:
                    yield Argument(
                        role, self.event(source.shaped(inner, dict[str, Any], self.name, self.line))
                    )
                continue
            body = source.shaped(value, dict[str, Any], self.name, self.line)
            extra = {"value": body["value"]} if "value" in body else {}
            for mention in self.mentions(body, f"{role} of {own}"):
                yield Argument(role, "", mention, extra=dict(extra))
            yield from self.arguments(body, f"{role}.", own)

    def mentions(self, raw: Any, what: str) -> list[Mention]:
        lists = source.shaped(raw if raw is not None else {}, Lists, self.name, self.line)
        if [len(x) for x in lists.text] != [len(x) for x in lists.start]:
            source.refuse(self.name, self.line, "structure", f"{what}: text and start differ in length")
        found = []
        for words, starts in zip(lists.text, lists.start, strict=True):
            pairs = zip(words, starts, strict=True)
            claims = [Claim(s, s + len(w), w, self.line, what) for w, s in pairs]
            if not claims:
                continue
            _, bounds = prove(self.text, claims, where=self.name, others=("code points",))
            found.append(Mention.at(self.text, *bounds))
        return found


def encode(documents: Iterable[Document], *, lost: Counter[str]) -> Iterator[tuple[str, bytes]]:
    """A line for each document.

    >>> left = Event("E1", Mention("left", 4), "MOVE", args=(Argument("Who.Head", "", Mention("Ada", 0)),))
    >>> json.loads(next(encode([Document("Ada left.", events=(left,))], lost=Counter()))[1])["annotations"]
    [{'events': [{'event_id': 'E1', 'event_type': 'MOVE', 'Trigger': {'text': [['left']], 'start': [[4]], \
'entity_id': ['T1']}, 'Who': {'Head': {'text': [['Ada']], 'start': [[0]], 'entity_id': ['T2']}}}]}]
    """
    for item in documents:
        raw = unchanged(item, KEY, document)
        yield "", json.dumps(raw or _written(item, lost), ensure_ascii=False).encode() + b"\n"


def _written(item: Document, lost: Counter[str]) -> dict[str, Any]:
    count_lost(item, CARRIES, lost, KEY)
    who = Participants(item)
    numbers = count(1)
    known = {e.id: e for e in item.events}
    inner = {a.ref for e in item.events for a in e.args if a.ref in known}

    def put(body: dict[str, Any], mention: Mention) -> None:
        body.setdefault("text", []).append([item.text[a:b] for a, b in mention.pieces])
        body.setdefault("start", []).append([a for a, _ in mention.pieces])
        body.setdefault("entity_id", []).append(f"T{next(numbers)}")

    def written(event: Event, above: tuple[str, ...]) -> dict[str, Any]:
        body: dict[str, Any] = {"event_id": event.id, "event_type": event.type, "Trigger": {}}
        put(body["Trigger"], event.trigger)
        for arg in event.args:
            *path, last = [step for step in arg.role.split(".") if step] or ["role"]
            home = body
            for step in path:
                home = home.setdefault(step, {})
            if arg.ref in known:
                if arg.ref in above or not isinstance(home.setdefault(last, []), list):
                    lost["argument that is an event around it"] += 1
                else:
                    home[last].append(written(known[arg.ref], (*above, event.id)))
                continue
            filler = who.of(arg)
            spot = home.setdefault(last, {})
            if filler is None or not isinstance(spot, dict):
                lost["argument without a mention"] += 1
                continue
            put(spot, filler.mention)
            if "value" in arg.extra:
                spot["value"] = arg.extra["value"]
        return body

    tops = [e for e in item.events if e.id not in inner] or list(item.events)
    events = [written(e, (e.id,)) for e in tops]
    annotations = [{"events": events}]
    return {
        "id": item.meta.doc_id,
        "context": item.text,
        "is_mult_event": len(item.events) > 1,
        "annotations": annotations,
    }
