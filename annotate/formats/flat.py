"""Objects as labelled spans, for formats that know spans and nothing more.

What the target cannot hold as an object is not dropped: its mentions become
spans with the label of their layer (ACTOR) or the object's own type (STRIKE),
its references become relations where the target has those, and the object
itself is counted as lost.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from msgspec.structs import replace

from goldwire.annotate.document import (
    COLLECTIONS,
    Actor,
    Document,
    Event,
    Mention,
    Place,
    Quotation,
    Relation,
    Span,
    mentions,
    objects,
)
from goldwire.annotate.formats.loss import keep
from goldwire.annotate.heads import settled
from goldwire.annotate.problems import Problem, ProblemError

LABELS = ("layer", "type")
Pieces = tuple[tuple[int, int], ...]


def flat(
    document: Document, carries: frozenset[str], lost: Counter[str], *, labels: str = "layer"
) -> Document:
    """The document as a format with those ``carries`` can hold it, objects turned into spans.

    ``labels`` is "layer" or "type"; an object without a type has its layer's label.

    >>> from goldwire.annotate.document import Actor
    >>> d = Document("Ada left.", actors=(Actor("a1", "PER", mentions=(Mention("Ada", 0),)),))
    >>> lost = Counter()
    >>> [(s.label, s.mention.text) for s in flat(d, frozenset({"spans"}), lost).spans], lost
    ([('ACTOR', 'Ada')], Counter({'actor': 1}))
    """
    if labels not in LABELS:
        message = f"labels are {' or '.join(LABELS)}, not {labels!r}"
        raise ProblemError(Problem("goldwire", 0, "option", message))
    if "spans" in carries:
        document = _with_spans(document, carries, labels)
    return settled(keep(document, carries, lost))


def _with_spans(document: Document, carries: frozenset[str], labels: str) -> Document:
    taken = {x.id for _, x in objects(document)}
    span_ids = (f"s{n}" for n in count(1) if f"s{n}" not in taken)
    anchors: dict[str, str] = {}
    made: list[Span] = []
    gone: list[tuple[Any, list[Span]]] = []
    for kind, item in objects(document):
        if COLLECTIONS[kind] in carries or kind in ("span", "relation"):
            anchors.setdefault(item.id, item.id)
            continue
        own = []
        for label, mention in mentions(item):
            named = getattr(item, "type", "") or getattr(item, "kind", "")
            if labels == "layer" or not named or label not in ("ACTOR", "PLACE", "TIME", "NUMBER", "TRIGGER"):
                named = label
            own.append(Span("", mention, named))
        made += own
        gone.append((item, own))
    if not made:
        return document
    made.sort(key=lambda s: (s.mention.start, -s.mention.bounds[1], s.label))
    named_spans = {id(s): replace(s, id=next(span_ids)) for s in made}
    for item, own in gone:
        # The first content of a quotation, the trigger of an event, the first mention of a chain.
        if own:
            anchors[item.id] = named_spans[id(own[0])].id
    listed = [*document.spans, *named_spans.values()]
    spans = tuple(sorted(listed, key=lambda s: (s.mention.start, -s.mention.bounds[1])))
    changes: dict[str, Any] = {"spans": spans}
    if "relations" in carries:
        relation_ids = (f"r{n}" for n in count(1) if f"r{n}" not in taken)
        at: dict[Pieces, list[str]] = {}
        for span in spans:
            at.setdefault(span.mention.pieces, []).append(span.id)
        triples = dict.fromkeys(t for item, own in gone for t in _ties(item, own, named_spans, anchors, at))
        changes["relations"] = (
            *document.relations,
            *(Relation(next(relation_ids), a, b, label) for a, b, label in triples if a and b),
        )
    return replace(document, **changes)


def _ties(
    item: Any,
    own: list[Span],
    named: dict[int, Span],
    anchors: dict[str, str],
    at: dict[Pieces, list[str]],
) -> Iterator[tuple[str, str, str]]:
    """What an object says in binary relations: roles, chains, speakers and cues."""

    def found(mention: Mention | None, ref: str) -> str:
        there = at.get(mention.pieces, []) if mention else []
        return next((i for i in there if i != here), "") or anchors.get(ref, "")

    here = named[id(own[0])].id if own else ""
    match item:
        case Event():
            yield from ((here, found(a.evidence, a.ref), a.role) for a in item.args)
            if item.coref not in ("", item.id):
                yield here, anchors.get(item.coref, ""), "COREF"
        case Actor() | Place():
            yield from ((named[id(s)].id, here, "COREF") for s in own[1:])
        case Quotation():
            yield here, found(item.speaker_span, item.speaker), "SPEAKER"
            yield from ((here, named[id(s)].id, "CUE") for s in own if s.label == "CUE" and s is not own[0])
        case _:
            return


def nesting(spans: Iterable[Span], lost: Counter[str]) -> list[Span]:
    """Spans of which none overlaps another: the longest first, then the earlier; the others are counted.

    >>> spans = [Span("s1", Mention("a", 0)), Span("s2", Mention("ab", 0)), Span("s3", Mention("c", 2))]
    >>> lost = Counter()
    >>> [s.id for s in nesting(spans, lost)], lost
    (['s2', 's3'], Counter({'overlapping span': 1}))
    """
    kept: list[Span] = []

    def size(span: Span) -> int:
        return span.mention.bounds[1] - span.mention.start

    for span in sorted(spans, key=lambda s: (-size(s), s.mention.start, s.label, s.id)):
        start, end = span.mention.bounds
        at = bisect_right(kept, start, key=lambda k: k.mention.start)
        # None of those kept overlaps another, so only the neighbours can be in the way.
        before = at > 0 and kept[at - 1].mention.bounds[1] > start
        after = at < len(kept) and kept[at].mention.start < end
        if before or after or start == end:
            lost["overlapping span" if start < end else "empty span"] += 1
        else:
            kept.insert(at, span)
    return kept
