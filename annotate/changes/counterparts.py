"""Which object of one document is the counterpart of which of another, though ids differ.

Objects are alike by what they say of the text: mentions that they share, words
that overlap. The most alike pairs go first, earlier ones before later ones, so
that the answer does not depend on the order of lines. References are compared
after the objects that they point at have been aligned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from itertools import count
from typing import Any

from goldwire.annotate.document import COLLECTIONS, Document, Mention, mentions, objects

Pieces = tuple[tuple[int, int], ...]

# Objects that stand in the text come first; those that only refer to others after them.
FIRST = ("segment", "actor", "place", "time", "number", "quotation", "term", "event", "span", "mask")
LATER = ("link", "relation", "ambiguity", "provenance")


def align(old: Document, new: Document) -> dict[str, str]:
    """Ids of ``new`` -> ids of ``old``, for every object that both have.

    >>> from goldwire.annotate.document import Actor, Document, Mention
    >>> ada, eva = Mention("Ada", 0), Mention("Eva", 8)
    >>> old = Document("Ada and Eva", actors=(Actor("a1", mentions=(ada,)), Actor("a2", mentions=(eva,))))
    >>> new = Document("Ada and Eva", actors=(Actor("a7", mentions=(eva,)), Actor("a8", mentions=(ada,))))
    >>> align(old, new)
    {'a8': 'a1', 'a7': 'a2'}
    """
    same: dict[str, str] = {}
    for kind in FIRST:
        ours, theirs = (getattr(d, COLLECTIONS[kind]) for d in (old, new))
        same |= _pair(ours, theirs, _likeness)
    for kind in LATER:
        ours, theirs = (getattr(d, COLLECTIONS[kind]) for d in (old, new))
        same |= _pair(ours, theirs, partial(_likewise, dict(same)))
    return same


def renamed(old: Document, new: Document, taken: set[str]) -> dict[str, str]:
    """Ids of ``new`` -> those of ``old`` where it has the object, else the object's own, changed if taken."""
    result = align(old, new)
    used = set(taken)
    for _, item in objects(new):
        if item.id not in result:
            result[item.id] = free(item.id, used)
            used.add(result[item.id])
    return result


def free(wanted: str, taken: set[str]) -> str:
    """The id itself if nobody has it, else the first free one with its letters.

    >>> free("a7", {"a1", "a7"})
    'a2'
    """
    if wanted not in taken:
        return wanted
    prefix = wanted.rstrip("0123456789")
    return next(name for n in count(1) if (name := f"{prefix}{n}") not in taken)


def _pair(old: Iterable[Any], new: Iterable[Any], like: Callable[[Any, Any], float]) -> dict[str, str]:
    scored = [
        (-score, i, j, a.id, b.id)
        for i, a in enumerate(old)
        for j, b in enumerate(new)
        if (score := like(a, b)) > 0
    ]
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    result = {}
    for _, i, j, ours, theirs in sorted(scored):
        if i not in taken_old and j not in taken_new:
            taken_old.add(i)
            taken_new.add(j)
            result[theirs] = ours
    return result


def _likeness(a: Any, b: Any) -> float:
    """How alike two objects of one kind are: 0 not at all; shared mentions weigh more than shared words.

    A shared name, type or id decides between pairs that are alike in the text.
    """
    ours, theirs = _stands(a), _stands(b)
    shared = len(set(ours) & set(theirs))
    words = _overlap(ours, theirs)
    if not shared and not words:
        return 0.0
    labels: int = sum(
        getattr(a, name, None) == getattr(b, name, "") for name in ("type", "kind", "name", "label", "value")
    )
    return float(100 * shared + words + labels / 10 + (a.id == b.id) / 100)


def _stands(item: Any) -> list[Pieces]:
    if hasattr(item, "start"):
        return [((item.start, item.end),)]
    return [m.pieces for label, m in mentions(item) if label not in ("ARG", "VERBATIM")]


def _overlap(ours: list[Pieces], theirs: list[Pieces]) -> float:
    """The share of characters that two sets of mentions have in common."""
    one, other, either = (_covered(x) for x in (ours, theirs, ours + theirs))
    return (one + other - either) / either if either else 0.0


def _covered(stretches: list[Pieces]) -> int:
    """How many characters stretches hold together; they are not enumerated, since an end may be absurd."""
    count = reach = 0
    for start, end in sorted(bounds for pieces in stretches for bounds in pieces):
        count += max(0, end - max(start, reach))
        reach = max(reach, end)
    return count


def _likewise(same: dict[str, str], a: Any, b: Any) -> float:
    return float(_refers(a, {}) == _refers(b, same))


def _refers(item: Any, same: dict[str, str]) -> tuple[str, ...]:
    """What an object without a place of its own is about, in the ids of the old document."""
    names = ("source", "target", "type", "label", "on", "field", "annotator", "action")
    values = (getattr(item, name, "") for name in names)
    return tuple(same.get(v, v) for v in values)


def surface(mention: Mention | None) -> str:
    """The words of a mention, in angle quotation marks."""
    if mention is None:
        return "–"
    return "«" + " … ".join([mention.text, *(f.text for f in mention.more)]) + "»"
