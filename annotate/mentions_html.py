"""A text with its mentions as HTML: nested and crossing ones legible, whatever the text holds inert.

Every mention is a ``mark`` with the tag of its type and a line below; the line of an
outer mention lies below those of what it holds. Where two mentions cross, the later
one is closed and opened again, without its tag.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import NamedTuple

from goldwire.annotate.changes.diff import title
from goldwire.annotate.document import SPAN_LAYERS, Document, mentions, objects

DEEPEST = 6  # so many lines below one another; deeper nesting shares the last
# Characters that would reorder, hide or break what stands around them: controls, and marks of direction.
_ACTIVE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def inert(text: str) -> str:
    """The text with every control, override of direction and lone surrogate written as its code point.

    >>> inert("gnp\\u202etxt\\x00")
    'gnp‹U+202E›txt‹U+0000›'
    """
    return _ACTIVE.sub(lambda m: f"‹U+{ord(m[0]):04X}›", text)


class Stand(NamedTuple):
    """One piece of a mention: where it is, its layer and tag, what to call its object, and its anchor."""

    start: int
    end: int
    layer: str
    tag: str
    name: str
    words: str
    anchor: str


Opening = Callable[[Stand, int, bool], str]


def stands(document: Document, prefix: str) -> list[Stand]:
    """Every piece of every mention that lies in the text, outer ones first; anchors begin with ``prefix``.

    >>> from goldwire.annotate.document import Actor, Mention
    >>> d = Document("the mayor", actors=(Actor("a1", "POL", mentions=(Mention("the mayor", 0),)),))
    >>> stands(d, "m")[0][:5]
    (0, 9, 'actors', 'POL', 'a1 POL «the mayor»')
    """
    found = [
        (start, end, layer_of(label), tag_of(label, item), title(kind, item), mention.text)
        for kind, item in objects(document)
        for label, mention in mentions(item)
        for start, end in mention.pieces
        if 0 <= start < end <= len(document.text)
    ]
    found.sort(key=lambda x: (x[0], -x[1]))
    return [Stand(*x, f"{prefix}{i}") for i, x in enumerate(found)]


def layer_of(label: str) -> str:
    """The layer to which a span's label belongs; ``others`` for words of a system's own."""
    return "arguments" if label == "ARG" else SPAN_LAYERS.get(label, "others")


def tag_of(label: str, item: object) -> str:
    """What stands beside the words: the type of the object, or the label of the span where it has none."""
    if label in ("QUOTE", "CUE", "ARG", "VERBATIM", "ANAPHOR"):
        return label
    return getattr(item, "type", "") or getattr(item, "kind", "") or getattr(item, "label", "") or label


def rows(document: Document) -> list[tuple[int, int, str]]:
    """The text cut at its segments, nothing but white space left out: (start, end, id and kind)."""
    text = document.text
    cuts = sorted((s.start, f"{s.id} {s.kind}") for s in document.segments if 0 <= s.start < len(text))
    cuts = cuts or [(0, "")]
    if text[: cuts[0][0]].strip():
        cuts.insert(0, (0, ""))
    ends = [*(start for start, _ in cuts[1:]), len(text)]
    return [
        (start, start + len(text[start:end].rstrip()), name)
        for (start, name), end in zip(cuts, ends, strict=True)
    ]


def depths(marks: Sequence[Stand]) -> list[int]:
    """How many lines each mark needs: one more than the deepest of those that begin inside it.

    ``marks`` are in the order of ``stands``.
    """
    above: list[int] = []
    parent: list[int] = []
    for i, mark in enumerate(marks):
        while above and marks[above[-1]].end <= mark.start:
            above.pop()
        parent.append(above[-1] if above else -1)
        above.append(i)
    height = [1] * len(marks)
    for i in reversed(range(len(marks))):
        if parent[i] >= 0:
            height[parent[i]] = max(height[parent[i]], height[i] + 1)
    return [min(h, DEEPEST) for h in height]


def marked(
    text: str,
    start: int,
    end: int,
    marks: Iterable[Stand],
    wrong: Mapping[str, str] | None = None,
    opening: Opening | None = None,
) -> str:
    """The stretch of text as escaped HTML; ``wrong`` says of an anchor which systems err there.

    ``opening`` writes the tag that opens a ``mark``, given its lines and whether it begins here.

    >>> marked("a<b", 0, 3, [Stand(0, 1, "actors", "POL", "a1", "a", "m0")])
    '<mark class="actors d1" id="m0" data-t="POL" title="a1">a</mark>&lt;b'
    """
    tag = opening or (
        lambda m, high, whole: _opening(m, high, whole=whole, wrong=(wrong or {}).get(m.anchor, ""))
    )
    inside = [m for m in marks if m.start < end and start < m.end]
    height = dict(zip(inside, depths(inside), strict=True))
    begin: dict[int, list[Stand]] = {}
    for m in inside:
        begin.setdefault(max(m.start, start), []).append(m)
    edges = sorted({start, end, *begin, *(min(m.end, end) for m in inside)})
    out: list[str] = []
    opened: list[Stand] = []
    for at, following in pairwise(edges):
        _close(out, opened, at, height, tag)
        for m in begin.get(at, []):
            out.append(tag(m, height[m], m.start >= start))
            opened.append(m)
        out.append(escape(inert(text[at:following])))
    return "".join(out) + "</mark>" * len(opened)


def _close(out: list[str], opened: list[Stand], at: int, height: Mapping[Stand, int], tag: Opening) -> None:
    """Close what ends here, and open again what crosses it."""
    first = next((i for i, m in enumerate(opened) if m.end <= at), len(opened))
    out.append("</mark>" * (len(opened) - first))
    still = [m for m in opened[first:] if m.end > at]
    opened[first:] = still
    out += [tag(m, height[m], False) for m in still]


def _opening(mark: Stand, height: int, *, whole: bool, wrong: str = "") -> str:
    kind = f'class="{mark.layer} d{height}"'
    if not whole:
        return f"<mark {kind}>"
    tag, name = escape(inert(mark.tag)), escape(inert(mark.name))
    systems = f' data-x="{wrong}"' if wrong else ""
    return f'<mark {kind} id="{mark.anchor}" data-t="{tag}" title="{name}"{systems}>'
