"""A document in a notebook: as its own HTML, or drawn by displaCy in the style of overlapping spans.

Style stands in every element: a page into which a notebook is put may take rules away,
and rules of ours would change the page. Colours are legible on light and on dark.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from goldwire.annotate import tokens
from goldwire.annotate.document import Document
from goldwire.annotate.mentions_html import Stand, inert, marked, rows, stands
from goldwire.annotate.readable import facts

COLOURS = {
    "events": "#d8485b",
    "actors": "#2a9463",
    "places": "#1692a4",
    "times": "#a35bc4",
    "numbers": "#b97d10",
    "quotations": "#3f86d8",
    "arguments": "#7d8894",
    "others": "#7d8894",
}
_TAG = "font-size:.65em;font-weight:600;opacity:.8;margin-right:.25em"


class Html(str):
    """A string of HTML that a notebook shows as such."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)


def html(document: Document, layers: Sequence[str] = ()) -> Html:
    """The text with its mentions underlined, nested ones below one another, then what else is said.

    ``layers`` are those to show (events, actors, places, times, numbers, quotations, arguments, others),
    all of them by default. Everything that the document holds is escaped, and made inert.

    >>> from goldwire.annotate.document import Actor, Mention
    >>> d = Document("<i>Ada", actors=(Actor("a1", "PER", mentions=(Mention("Ada", 3),)),))
    >>> "<i>" in html(d), "&lt;i&gt;<mark" in html(d)
    (False, True)
    """
    found = chosen(document, layers)
    told = "".join(
        f"<details><summary>{heading} ({len(lines)})</summary><ul>"
        + "".join(f"<li>{_plain(line)}</li>" for line in lines)
        + "</ul></details>"
        for heading, lines in facts(document)
    )
    title = " · ".join(x for x in (document.meta.doc_id, document.meta.title, document.meta.dct) if x)
    text = "".join(
        f"<div>{marked(document.text, start, end, found, opening=_opening)}</div>"
        for start, end, _ in rows(document)
    )
    style = "white-space:pre-wrap;overflow-wrap:anywhere;line-height:2.4;unicode-bidi:isolate"
    return Html(f'<div><b>{_plain(title)}</b><div style="{style}">{text}</div>{told}</div>')


def show(document: Document, layers: Sequence[str] = (), *, jupyter: bool | None = None) -> Html | None:
    """Draw with displaCy, in its style for spans that overlap: in a notebook at once, else as HTML.

    ``layers`` as in ``html``; ``jupyter`` says whether this is a notebook, if displaCy should not find out.
    Without spaCy the drawing is that of ``html``.

    >>> from goldwire.annotate.document import Actor, Mention
    >>> d = Document("Ada left.", actors=(Actor("a1", "<PER>", mentions=(Mention("Ada", 0),)),))
    >>> drawn = show(d, jupyter=False)
    >>> "&lt;PER&gt;" in drawn, "<PER>" in drawn
    (True, False)
    """
    if not tokens.available():
        return html(document, layers)
    from spacy import displacy

    found = chosen(document, layers)
    # displaCy escapes words, and not labels; it reads colours by the label in capitals.
    colours = {_label(m).upper(): COLOURS[m.layer] for m in found}
    parts = list(_parts(document, found))
    drawn = displacy.render(parts, style="span", manual=True, jupyter=jupyter, options={"colors": colours})
    return None if drawn is None else Html(drawn)


def chosen(document: Document, layers: Sequence[str]) -> list[Stand]:
    """The pieces of the mentions of some layers; raises ValueError for a layer that is none."""
    if unknown := [x for x in layers if x not in COLOURS]:
        raise ValueError(f"{unknown[0]!r} is none of {', '.join(COLOURS)}")
    return [m for m in stands(document, "") if not layers or m.layer in layers]


def _parts(document: Document, found: Sequence[Stand]) -> Iterator[dict[str, Any]]:
    """For each segment its tokens, cut where a mention begins or ends, and the spans over them."""
    text, edges = document.text, sorted({x for m in found for x in (m.start, m.end)})
    for first, last, _ in rows(document):
        inside = [m for m in found if m.start < last and first < m.end]
        cuts: list[tuple[int, int]] = []
        for start, end in tokens.words(text, first, last):
            between = edges[bisect_left(edges, start + 1) : bisect_left(edges, end)]
            cuts += zip([start, *between], [*between, end], strict=True)
        starts, ends = [a for a, _ in cuts], [b for _, b in cuts]
        spans = [
            {
                "start_token": bisect_left(starts, max(m.start, first)),
                "end_token": bisect_left(ends, min(m.end, last)) + 1,
                "label": _label(m),
            }
            for m in inside
        ]
        yield {"text": text[first:last], "spans": spans, "tokens": [inert(text[a:b]) for a, b in cuts]}


def _label(mark: Stand) -> str:
    return _plain(mark.tag)


def _plain(text: str) -> str:
    return escape(inert(text))


def _opening(mark: Stand, height: int, whole: bool) -> str:
    line = f"border-bottom:2px solid {COLOURS[mark.layer]};padding-bottom:{4 * height - 3}px"
    opened = f'<mark style="background:none;color:inherit;{line}"'
    if not whole:
        return f"{opened}>"
    tag = f'<span style="{_TAG}">{_plain(mark.tag)}</span>' if mark.tag else ""
    return f'{opened} title="{_plain(mark.name)}">{tag}'
