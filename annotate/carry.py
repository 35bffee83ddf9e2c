"""Annotations made on another version of a text, carried over to the text itself.

Systems tokenise, detokenise and normalise. Where the two texts are the same but for
white space, quotation marks, dashes, case, treebank brackets and characters that
nobody sees, every letter of the one is a letter of the other and offsets follow
exactly, in linear time. Elsewhere words and then letters are aligned (``text_alignment.py``), and
what has no counterpart is not carried but listed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from goldwire.annotate.changes.retext import UNMOVED, Mover, Unmoved, retext
from goldwire.annotate.document import COLLECTIONS, Document
from goldwire.annotate.folding import Folded, fold
from goldwire.annotate.formats.graph import LAYERS, PARTS
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.annotate.text_alignment import Alignment
from goldwire.annotate.tokens import words

SNAPS = ("", "tokens")
HOWS = ("text", "tokens")
# Beyond this many characters that have no counterpart letter by letter, aligning takes too long.
LONGEST = 1_000_000


class Carried(NamedTuple):
    """The document on the other text, what could not be carried, and how the texts were aligned."""

    document: Document
    unmoved: list[Unmoved]
    how: str


def carry(document: Document, text: str, *, snap: str = "") -> Carried:
    """Carry annotations to ``text``. ``snap="tokens"`` widens each span to the whole words it touches.

    ``how`` is "same", "letters" (the texts differ in nothing that is read) or "aligned".

    >>> from goldwire.annotate.document import Mention, Span
    >>> tokenised = Document("He said `` no '' .", spans=(Span("s1", Mention("`` no ''", 8)),))
    >>> carried = carry(tokenised, "He said “no”.")
    >>> carried.document.spans[0].mention.text, carried.how
    ('“no”', 'letters')
    """
    if snap not in SNAPS:
        raise ProblemError(Problem("goldwire", 0, "option", f"snap is 'tokens' or nothing, not {snap!r}"))
    mover, how = _mover(document.text, text)
    if snap:
        mover = _Snapped(mover)
    elif how == "same":
        return Carried(document, [], how)
    moved, unmoved = retext(document, text, mover)
    return Carried(moved, unmoved, how)


def carried(documents: Iterable[Document], texts: Mapping[str, str], how: str) -> Iterator[Document]:
    """Documents on the ``texts`` of their ids; others, and those on the same text, stay as they are.

    ``how`` is "text", or "tokens" for spans widened to whole words. What has no place in
    the text joins what the system said and could not place: ``extra["unanchored"]``.
    """
    if how not in HOWS:
        raise ProblemError(Problem(how, 0, "option", f"align is {' or '.join(HOWS)}"))
    for document in documents:
        text = texts.get(document.meta.doc_id, document.text)
        if text == document.text and how == "text":
            yield document
            continue
        found = carry(document, text, snap="tokens" if how == "tokens" else "")
        lost = [x for u in found.unmoved for x in _unplaced(document, u)]
        known = list(document.extra.get("unanchored", ()))
        extra = {k: v for k, v in found.document.extra.items() if k not in ("unanchored", UNMOVED)}
        extra |= {"unanchored": known + lost} if known + lost else {}
        yield replace(found.document, extra=extra)


def _unplaced(document: Document, unmoved: Unmoved) -> Iterator[dict[str, str]]:
    """What had no place, and the arguments of an event that is gone with its trigger."""
    if unmoved.kind not in LAYERS:
        return
    layer, label, _ = LAYERS[unmoved.kind]
    item = next(x for x in getattr(document, COLLECTIONS[unmoved.kind]) if x.id == unmoved.id)
    part = unmoved.field.partition("[")[0]
    said = getattr(item, label) if label else ""
    if part in PARTS.get(unmoved.kind, {}) and part not in ("mentions", "content"):
        layer = PARTS[unmoved.kind][part][0]
        said = unmoved.field[len("args[") : -1] if part == "args" else ""
    yield {"layer": layer, "label": said, "text": unmoved.mention.text}
    for arg in item.args if part == "trigger" else ():
        if arg.evidence:
            yield {"layer": "ARG", "label": arg.role, "text": arg.evidence.text}


def _mover(old: str, new: str) -> tuple[Mover, str]:
    if old == new:
        return _Same(new), "same"
    here, there = fold(old, spaces=False), fold(new, spaces=False)
    if here.text == there.text:
        return _Letters(new, here, there), "letters"
    if len(old) + len(new) > LONGEST:
        message = (
            f"texts of {len(old)} and {len(new)} characters differ in more than spaces and quotation marks"
        )
        raise ProblemError(Problem("goldwire", 0, "other-text", message))
    return Alignment(old, new), "aligned"


class _Same:
    """One text."""

    def __init__(self, new: str) -> None:
        self.new = new

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        return start, end


class _Letters:
    """Two texts whose folded letters are the same, one for one."""

    def __init__(self, new: str, here: Folded, there: Folded) -> None:
        self.new, self._there = new, there
        self._starts = [a for a, _ in here.places]
        self._ends = [b for _, b in here.places]

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        # The letters that lie in the span; one that it cuts is not in it.
        first, last = bisect_left(self._starts, start), bisect_right(self._ends, end) - 1
        if first > last:
            return None
        return self._there.span(first, last + 1)


class _Snapped:
    """Spans widened to the words of the new text that they touch."""

    def __init__(self, mover: Mover) -> None:
        self.new, self._mover = mover.new, mover
        found = words(mover.new)
        self._starts, self._ends = [a for a, _ in found], [b for _, b in found]

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        found = self._mover.span(start, end)
        if found is None:
            return None
        first, last = bisect_right(self._ends, found[0]), bisect_left(self._starts, found[1]) - 1
        return (self._starts[first], self._ends[last]) if first <= last else found
