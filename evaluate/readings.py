"""Gold with open questions: every joint reading of a document, and the one that suits a prediction best.

Where gold declares an ambiguity, its own value holds and so does each accepted
one. Entries with one ``reading`` hold together or not at all. A document has as
many joint readings as there are combinations, at most 64; a prediction is scored
against the one that answers it best, a single one for all metrics.

What may be accepted
    ``exists``: "" (the object may be left out) or the id of an object in its place;
    a field: another value, or "" for none;
    ``args[role]``: another filler of the role, or "" for none; where gold has none, an optional one;
    ``factuality[holder]``: another value, or "" for none;
    ``mentions[words]``: another actor or place to whom that mention belongs, or "" for none at all;
    ``content``, ``cue``, ``trigger``, ``mention``, ``speaker_span``: other words (the nearest place in
    the text where they stand), or the id of an object whose words are taken.
An object that stands only in ``accept`` of ``exists`` or of words is no gold of its own; one whose last
mention goes elsewhere is no object of that reading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import product
from math import fsum, prod
from typing import Any

from msgspec.structs import replace

from goldwire.annotate.changes.removal import let_go
from goldwire.annotate.document import (
    COLLECTIONS,
    Actor,
    Ambiguity,
    Argument,
    Document,
    Event,
    Factuality,
    Mention,
    Place,
    objects,
)
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.annotate.surface import places

MOST = 64
WORDS = ("content", "cue", "verbatim", "trigger", "mention", "speaker_span", "anaphor")
_INDEXED = re.compile(r"(args|factuality)\[(.*)\]")
_MENTION = re.compile(r"mentions\[(.*)\]")
Choice = tuple[tuple[Ambiguity, str], ...]  # what is accepted instead of gold, entry by entry


def readings(gold: Document) -> Iterator[Document]:
    """Every joint reading of a document, the gold value first; raises ProblemError above 64.

    >>> raid = Event("e1", Mention("raid", 0), "STRIKE")
    >>> kind = Ambiguity("x1", "e1", "type", accept=("ATTACK",))
    >>> doubt = Ambiguity("x2", "e1", "exists", accept=("",))
    >>> gold = Document("raid", events=(raid,), ambiguities=(kind, doubt))
    >>> [[e.type for e in d.events] for d in readings(gold)]
    [['STRIKE'], [], ['ATTACK']]
    """
    if not gold.ambiguities:
        yield gold
        return
    plain = without(gold, _alternatives(gold))
    for combination in product(*_limited(gold).values()):
        steps = [step for choice in combination for step in choice]
        if _compatible(steps):
            yield _read(gold, plain, steps)


def best(gold: Document, count: Callable[[Document], Iterable[tuple[float, float]]]) -> Document:
    """The joint reading with most hits, then fewest items without an answer, then the first.

    ``count`` gives (hits, items) of each metric for a reading. Ambiguities that have nothing to do with
    each other add up to the same whichever way the others are read; so each is settled by itself, and
    only those that hang together are gone through jointly (``_hanging_together``).
    """
    if not gold.ambiguities:
        return gold
    options = _limited(gold)
    plain = without(gold, _alternatives(gold))
    chosen: list[tuple[Ambiguity, str]] = []
    for names in _hanging_together(gold, options):
        ranked: list[tuple[float, float, int, Choice]] = []
        for number, combination in enumerate(product(*(options[name] for name in names))):
            steps = tuple(step for choice in combination for step in choice)
            if _compatible(steps):
                rows = list(count(_read(gold, plain, steps)))
                ranked.append((-fsum(hits for hits, _ in rows), fsum(n for _, n in rows), number, steps))
        chosen += min(ranked, key=lambda row: row[:3])[3]
    return _read(gold, plain, chosen)


def _limited(gold: Document) -> dict[str, list[Choice]]:
    """Name of each group of entries that hold together -> its choices; raises ProblemError above 64."""
    groups: dict[str, list[Ambiguity]] = {}
    for entry in gold.ambiguities:
        groups.setdefault(entry.reading or f"\0{entry.id}", []).append(entry)
    options = {name: _options(entries) for name, entries in groups.items()}
    number = prod(map(len, options.values()))
    if number > MOST:
        name = gold.meta.doc_id or "document"
        message = f"the ambiguities allow {number} joint readings, at most {MOST} are scored"
        raise ProblemError(Problem(name, 0, "joint-readings", message))
    return options


def _compatible(steps: Iterable[tuple[Ambiguity, str]]) -> bool:
    """Two values for one field exclude each other, and what does not exist has no fields."""
    fields = [(entry.on, entry.field) for entry, _ in steps]
    gone = {on for on, field in fields if field == "exists"}
    return len(set(fields)) == len(fields) and not any(on in gone and f != "exists" for on, f in fields)


def _hanging_together(gold: Document, options: Mapping[str, list[Choice]]) -> list[list[str]]:
    """Groups of entries whose effects on a score may depend on each other.

    Entries hang together that touch the same object; so do all that change who is who or what exists,
    together with those that refer to what they change.
    """
    things: dict[str, set[str]] = {}
    for name, choices in options.items():
        touched: set[str] = set()
        for entry, value in (step for choice in choices for step in choice):
            touched |= {entry.on}
            if _MENTION.fullmatch(entry.field):
                touched |= {value, "\0identity"}
            elif entry.field in ("coref", "exists", *WORDS) or _refers_to_event(gold, entry, value):
                touched |= {"\0identity"}
        things[name] = touched
    parts: list[tuple[set[str], list[str]]] = []
    for name, touched in things.items():
        near = [part for part in parts if part[0] & touched]
        rest = [part for part in parts if not part[0] & touched]
        merged = touched.union(*(part[0] for part in near)), [n for part in near for n in part[1]] + [name]
        parts = [*rest, merged]
    return [names for _, names in parts]


def _refers_to_event(gold: Document, entry: Ambiguity, value: str) -> bool:
    """Whether an accepted value, or what it stands for, is an object whose own reading may change."""
    unsteady = {x.on for x in gold.ambiguities if x.field in ("exists", *WORDS)} | {e.id for e in gold.events}
    item = next((x for _, x in objects(gold) if x.id == entry.on), None)
    indexed = _INDEXED.fullmatch(entry.field)
    if isinstance(item, Event) and indexed and indexed[1] == "args":
        old = {a.ref for a in item.args if a.role == indexed[2]}
    else:
        old = {str(getattr(item, entry.field, ""))}
    return bool(unsteady & {value, *old})


def _options(entries: list[Ambiguity]) -> list[Choice]:
    """Gold's own value, then every accepted one; entries that hold together take theirs together."""
    most = max(len(entry.accept) for entry in entries)
    together = [
        tuple((entry, entry.accept[min(k, len(entry.accept) - 1)]) for entry in entries if entry.accept)
        for k in range(most)
    ]
    return [(), *together]


def _alternatives(gold: Document) -> set[str]:
    """Ids of objects that stand only for an accepted reading."""
    ids = {item.id for _, item in objects(gold)}
    return {
        value
        for entry in gold.ambiguities
        if entry.field == "exists" or entry.field in WORDS
        for value in entry.accept
        if value in ids and value != entry.on
    }


def _read(gold: Document, plain: Document, steps: Sequence[tuple[Ambiguity, str]]) -> Document:
    """The document as it stands under what was chosen."""
    found = plain
    moved: set[tuple[str, str, int]] = set()  # whose it is now, its words, where they stand
    for entry, value in sorted(steps, key=_in_order):
        if words := _MENTION.fullmatch(entry.field):
            found, mentions = _moved(found, entry.on, words[1], value)
            moved |= {(value, m.text, m.start) for m in mentions}
        elif entry.field != "exists":
            change = partial(_field, gold, field=entry.field, value=value, moved=moved)
            found = _changed(found, entry.on, change)
        else:
            found = without(found, {entry.on})
            if value:
                kind, item = next((k, x) for k, x in objects(gold) if x.id == value)
                name = COLLECTIONS[kind]
                found = replace(found, **{name: (*getattr(found, name), item)})
    had = {x.id for x in _people_and_places(plain) if x.mentions} if moved else set()
    return without(found, {x.id for x in _people_and_places(found) if x.id in had and not x.mentions})


def _people_and_places(document: Document) -> tuple[Actor | Place, ...]:
    return (*document.actors, *document.places)


def _in_order(step: tuple[Ambiguity, str]) -> int:
    """Mentions change hands first, since fillers are shown by them; what does not exist goes last."""
    return 2 if step[0].field == "exists" else int(not _MENTION.fullmatch(step[0].field))


def _moved(document: Document, old: str, words: str, new: str) -> tuple[Document, list[Mention]]:
    """The document with a mention of one actor or place given to another, and the mention."""
    owner = next((x for x in _people_and_places(document) if x.id == old), None)
    gone = [m for m in owner.mentions if m.text == words] if owner else []
    left = _changed(
        document, old, lambda x: replace(x, mentions=tuple(m for m in x.mentions if m not in gone))
    )
    return _changed(left, new, lambda x: replace(x, mentions=(*x.mentions, *gone))), gone


def _changed(document: Document, name: str, change: Callable[[Any], Any]) -> Document:
    for collection in COLLECTIONS.values():
        items = getattr(document, collection)
        if any(x.id == name for x in items):
            return replace(document, **{collection: tuple(change(x) if x.id == name else x for x in items)})
    return document


def _field(
    gold: Document, item: Any, field: str, value: str, moved: Collection[tuple[str, str, int]] = ()
) -> Any:
    """The object with one field changed."""
    if indexed := _INDEXED.fullmatch(field):
        name, key = indexed.groups()
        return _argument(item, key, value, moved) if name == "args" else _judged(item, key, value)
    old = getattr(item, field)
    if field in WORDS:
        return replace(item, **{field: _words(gold, item, field, value)})
    if isinstance(old, bool):
        return replace(item, **{field: value == "true"})
    if isinstance(old, tuple):
        return replace(item, **{field: (value,) if value else ()})
    return replace(item, **{field: value})


def _argument(event: Event, role: str, ref: str, moved: Collection[tuple[str, str, int]]) -> Event:
    others = tuple(a for a in event.args if a.role != role)
    shown = (a.evidence for a in event.args if a.role == role and a.evidence is not None)
    same = next((m for m in shown if (ref, m.text, m.start) in moved), None)
    return replace(event, args=(*others, Argument(role, ref, same)) if ref else others)


def _judged(event: Event, holder: str, value: str) -> Event:
    others = tuple(f for f in event.factuality if f.holder != holder)
    return replace(event, factuality=(*others, Factuality(holder, value)) if value else others)


def _words(gold: Document, item: Any, field: str, value: str) -> Any:
    old = getattr(item, field)
    many = isinstance(old, tuple)
    if not value:
        return () if many else None
    other = next((x for _, x in objects(gold) if x.id == value and hasattr(x, field)), None)
    if other is not None:
        return getattr(other, field)
    first = (old[0] if old else None) if many else old
    at = places(gold.text, value)
    if not at:
        return old
    near = min(at, key=lambda start: abs(start - (first.start if first else 0)))
    mention = Mention(value, near)
    return (mention,) if many else mention


def without(document: Document, ids: Collection[str], items: Collection[int] = ()) -> Document:
    """The document without the objects of some ids and what referred to them; ``items``: more, by ``id()``.

    >>> from goldwire.annotate.document import Number
    >>> nine = Number("n1", Mention("9", 0), counted="e1")
    >>> without(Document("9 raids", numbers=(nine,)), {"e1"}).numbers[0].counted
    ''
    """
    if not ids and not items:
        return document
    kept = {
        name: tuple(
            let_go(x, ids)[0] for x in getattr(document, name) if x.id not in ids and id(x) not in items
        )
        for name in COLLECTIONS.values()
    }
    kept["links"] = tuple(x for x in kept["links"] if x.source not in ids and x.target not in ids)
    return replace(document, **kept)
