"""Where errors gather: right and wrong items by label, length, position, nesting, or a document's meta."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from goldwire.annotate.document import Document, mentions, objects
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate.causes import JUDGED, Error, Judged
from goldwire.evaluate.counts import Counts
from goldwire.evaluate.documents import named

# Labels of one layer, under the name by which people ask for them.
OF_LAYER = {"actor-type": "actors", "number-kind": "numbers", "quotation-type": "quotations"}
KEYS = ("label", "length", "position", "nesting", *OF_LAYER, "document", "meta.KEY")
LENGTHS = ((1, "1 word"), (3, "2–3 words"), (7, "4–7 words"), (15, "8–15 words"))
SENTENCES = ((1, "sentence 1"), (3, "sentences 2–3"), (10, "sentences 4–10"))
LONGER, LATER = "16 words and more", "sentences from 11"
Key = Callable[[Error], str | None]


class Slice(NamedTuple):
    """The items of a layer that have one value of a key: what is right of them, and their errors by cause."""

    key: str
    value: str
    layer: str
    counts: Counts
    causes: tuple[tuple[str, int], ...]


def slices(judged: Sequence[Judged], gold: Sequence[Document], key: str) -> list[Slice]:
    """Every layer cut by a key: one of ``KEYS``, or ``meta.`` and any field of the documents' meta.

    Items of gold and right predictions stand under what gold has, spurious ones under what they have. The
    slices of a layer add up to it. Raises ProblemError for a key that is none.

    >>> hit = Error("A", "events", "", "MEET", 0, "met", "met", end=3)
    >>> missed = Error("A", "events", "missed", "STRIKE", 9, "air raid", "", end=17)
    >>> judged = [Judged("events", 2, 1, 1, (missed,), (hit,))]
    >>> [(s.value, s.counts.r_hit, s.counts.r_all) for s in slices(judged, [], "length")]
    [('1 word', 1, 1), ('2–3 words', 0, 1)]
    """
    value = _key(key, {named(d, i): d for i, d in enumerate(gold)})
    found: dict[tuple[str, str], list[Error]] = {}
    for one in judged:
        for item in (*one.hits, *one.errors):
            told = value(item)
            if told is not None:
                found.setdefault((one.layer, told), []).append(item)
    layers = list(JUDGED)
    return [
        Slice(key, told, layer, _counts(items), tuple(_causes(items)))
        for (layer, told), items in sorted(
            found.items(), key=lambda x: (layers.index(x[0][0]), _order(x[0][1]))
        )
    ]


def _counts(items: Iterable[Error]) -> Counts:
    right = gold = pred = 0
    for item in items:
        right += not item.cause
        gold += item.in_gold
        pred += item.in_pred
    return Counts(right, pred, right, gold)


def _causes(items: Iterable[Error]) -> list[tuple[str, int]]:
    found = Counter(item.cause for item in items if item.cause)
    return sorted(found.items(), key=lambda x: (-x[1], x[0]))


def _order(value: str) -> tuple[int, str]:
    """Lengths and sentences as they grow, everything else by its letters."""
    sentences = ("headline", *(name for _, name in SENTENCES), LATER)
    steps = [*(name for _, name in LENGTHS), LONGER, *sentences]
    return (steps.index(value) if value in steps else len(steps), value)


def _key(key: str, gold: Mapping[str, Document]) -> Key:
    match key:
        case "label":
            return lambda e: e.label or "(none)"
        case "document":
            return lambda e: e.document
        case "length":
            return lambda e: _step(len((e.gold or e.pred).split()), LENGTHS, LONGER)
        case "position":
            starts = {name: _segments(d) for name, d in gold.items()}
            return lambda e: _position(e, starts.get(e.document, []))
        case "nesting":
            bounds = {name: _bounds(d) for name, d in gold.items()}
            return lambda e: _nesting(e, bounds.get(e.document, set()))
        case _ if key in OF_LAYER:
            return lambda e: (e.label or "(none)") if e.layer == OF_LAYER[key] else None
        case _ if key.startswith("meta."):
            field = key.removeprefix("meta.")
            values = {name: _meta(d, field) for name, d in gold.items()}
            if not any(values.values()):
                raise ProblemError(Problem(key, 0, "unknown-slice", f"no document has {field} in its meta"))
            return lambda e: values.get(e.document) or "(none)"
    raise ProblemError(Problem(key, 0, "unknown-slice", f"the keys are {', '.join(KEYS)}"))


def _step(n: int, steps: Sequence[tuple[int, str]], beyond: str) -> str:
    return next((name for most, name in steps if n <= most), beyond)


def _segments(document: Document) -> list[tuple[int, int, str]]:
    """Where each segment is, and what to call it: its kind, a sentence by its number."""
    found, sentences = [], 0
    for s in sorted(document.segments, key=lambda s: s.start):
        sentences += s.kind == "sentence"
        name = _step(sentences, SENTENCES, LATER) if s.kind == "sentence" else s.kind
        found.append((s.start, s.end, name))
    return found


def _position(error: Error, segments: Sequence[tuple[int, int, str]]) -> str:
    if error.at < 0:
        return "nowhere"
    return next((name for start, end, name in segments if start <= error.at < end), "outside segments")


def _bounds(document: Document) -> set[tuple[int, int]]:
    return {m.bounds for _, item in objects(document) for _, m in mentions(item)}


def _nesting(error: Error, bounds: set[tuple[int, int]]) -> str:
    own = (error.at, error.end)
    inside = any(a <= own[0] and own[1] <= b and (a, b) != own for a, b in bounds)
    around = any(own[0] <= a and b <= own[1] and (a, b) != own for a, b in bounds)
    if error.at < 0:
        return "nowhere"
    return {(0, 0): "alone", (1, 0): "inside another", (0, 1): "around another"}.get((inside, around), "both")


def _meta(document: Document, field: str) -> str:
    value = getattr(document.meta, field, None)
    found = document.meta.extra.get(field) if value is None or field == "extra" else value
    return "" if found is None else str(found)
