"""Formats that hold a part of a document: what goes back as it came, who takes part, and what is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from goldwire.annotate.document import Argument, Document, Mention, objects
from goldwire.annotate.formats import tokenized
from goldwire.annotate.formats.graph import LAYERS
from goldwire.annotate.problems import ProblemError
from goldwire.annotate.structure import fields

Pieces = tuple[tuple[int, int], ...]


def unchanged(document: Document, key: str, read: Callable[[Any], Document]) -> Any:
    """What a document was read from, ``extra[key]``, if it still says the same; None if not.

    >>> read = lambda raw: Document(raw["text"], extra={"x": raw})
    >>> unchanged(read({"text": "Ada"}), "x", read), unchanged(Document("Ada"), "x", read)
    ({'text': 'Ada'}, None)
    """
    if key not in document.extra:
        return None
    try:
        return document.extra[key] if read(document.extra[key]) == document else None
    except (ProblemError, KeyError, TypeError, AttributeError, ValueError):
        return None


def as_read(document: Document, key: str, read: Callable[..., Document]) -> Any:
    """What `unchanged` returns, where ``extra[key]`` holds it as ``raw``, beside the document's ``id``."""
    kept = unchanged(document, key, lambda kept: read(kept["raw"], doc_id=kept["id"]))
    return kept and kept["raw"]


def count_lost(document: Document, kept: Mapping[str, str], lost: Counter[str], *known: str) -> None:
    """Count what a format leaves out: ``kept`` maps kinds of object to the fields that it holds.

    ``known`` are keys of the document's ``extra`` that say how it was read. Mentions are
    taken to be plain: pieces, heads and attributes of those that are held are counted.

    >>> from goldwire.annotate.document import Actor, Term
    >>> ada, term = Actor("a1", "PER", status="displaced"), Term("w1", Mention("A", 0))
    >>> found = Document("Ada", actors=(ada,), terms=(term,))
    >>> lost = Counter()
    >>> count_lost(found, {"actor": "type mentions"}, lost)
    >>> dict(lost)
    {'actor status': 1, 'term': 1}
    """
    for kind, item in objects(document):
        if kind not in kept:
            lost[kind] += 1
            continue
        held = kept[kind].split()
        for field in fields(type(item)):
            value = getattr(item, field.name)
            if field.key == "id":
                continue
            if field.key not in held:
                lost[f"{kind} {field.key}"] += not field.is_default(value)
                continue
            for mention in _mentions(value):
                lost["discontinuous mention"] += bool(mention.more) and "pieces" not in held
                lost["head"] += bool(mention.head)
                for name in ("form", "metonymy", "confidence"):
                    lost[name] += bool(getattr(mention, name))
        lost["unknown key"] += len(item.extra)
    for field in fields(type(document.meta)):
        if field.key not in ("doc_id", *kept.get("meta", "").split()):
            lost[f"meta {field.key}"] += not field.is_default(getattr(document.meta, field.name))
    lost["unknown key"] += len(document.extra.keys() - {*known, tokenized.KEY})
    for key in [k for k, n in lost.items() if not n]:
        del lost[key]


def _mentions(value: Any) -> list[Mention]:
    listed = value if isinstance(value, tuple) else (value,)
    found = [x for x in listed if isinstance(x, Mention)]
    return found + [x.evidence for x in listed if isinstance(x, Argument) and x.evidence]


class Participant(NamedTuple):
    """A mention that may fill a role: its id, its label, the chain that it belongs to ("" for none)."""

    id: str
    label: str
    mention: Mention
    chain: str


class Participants:
    """All mentions that may fill a role, and those of arguments that are no object's own.

    >>> from goldwire.annotate.document import Actor
    >>> ada = Actor("a1", "PER", mentions=(Mention("Ada", 0), Mention("she", 9)))
    >>> found = Participants(Document("Ada said she left.", actors=(ada,)))
    >>> [p.id for p in found.listed], found.of(Argument("agent", "a1", Mention("she", 9))).id
    (['a1', 'a1.2'], 'a1.2')
    """

    def __init__(self, document: Document) -> None:
        self.listed: list[Participant] = []
        self._at: dict[tuple[str, Pieces], Participant] = {}
        self._first: dict[str, Participant] = {}
        taken = {item.id for _, item in objects(document)}
        for kind, item in objects(document):
            if kind not in ("actor", "place", "time", "number", "span"):
                continue
            layer, label, first = LAYERS[kind]
            plain = layer if kind != "span" else ""
            found = getattr(item, first)
            chain = item.id if isinstance(found, tuple) else ""
            for n, mention in enumerate(found if isinstance(found, tuple) else (found,), start=1):
                own = item.id if n == 1 else _fresh(f"{item.id}.{n}", taken)
                one = Participant(own, getattr(item, label) or plain, mention, chain)
                self._add(item.id, one)
        self._taken = taken

    def _add(self, owner: str, one: Participant) -> None:
        self.listed.append(one)
        self._at.setdefault((owner, one.mention.pieces), one)
        self._first.setdefault(owner, one)

    def of(self, arg: Argument) -> Participant | None:
        """Who fills a role; a filler that is no object becomes a participant of its own."""
        if arg.evidence is None:
            return self._first.get(arg.ref)
        found = self._at.get((arg.ref, arg.evidence.pieces))
        if found is None:
            found = Participant(_fresh("x1", self._taken), "ARG", arg.evidence, "")
            self._add(arg.ref, found)
        return found


def _fresh(wanted: str, taken: set[str]) -> str:
    """The id itself, or the next free one; it is taken from then on."""
    prefix, number = wanted.rstrip("0123456789"), 1
    own = wanted
    while own in taken:
        number += 1
        own = f"{prefix}{number}"
    taken.add(own)
    return own
