"""Quotations of the Guardian and AFP (JournalismAI 2021): Source, Cue and Content in paragraphs.

An article is a list of ``paragraphs`` and a list of ``entities``, whose offsets begin at the
start of ``paragraph_start`` and whose end is the last character. The text is the paragraphs
put together. ``span_text`` is the proof; a span that ends in a later paragraph ends where
its words do. Entities are labelled spans: which cue belongs to which content is not said.

Only read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any, BinaryIO

from msgspec import Struct, field

from goldwire.annotate.document import Document, Mention, Meta, Segment, Span
from goldwire.annotate.formats import source
from goldwire.annotate.problems import Problem, visible


class Entity(Struct):
    """One span."""

    span_text: str
    span_label: str
    span_start: int
    span_end: int
    paragraph_start: int
    paragraph_end: int
    index: int = -1
    span_coref: str = ""


class Article(Struct):
    """One article."""

    paragraphs: list[str]
    metadata: dict[str, Any] = field(default_factory=dict)
    entities: list[Entity] = field(default_factory=list)


def decode(
    files: Mapping[str, BinaryIO], *, ontology: Any = None, notes: list[Problem] | None = None
) -> Iterator[Document]:
    """A document from each article; raises ProblemError with its line."""
    for name, line, raw, fallback in source.each(files):
        article = source.shaped(raw, Article, name, line)
        text = source.checked_text("".join(article.paragraphs), name, line)
        starts = list(accumulate(map(len, article.paragraphs), initial=0))
        spans: list[Span] = []
        for n, e in enumerate(article.entities, start=1):
            start = _start(e, starts, text, name, line, notes)
            own = f"s{e.index + 1 if e.index >= 0 else n}"
            own = own if own not in {s.id for s in spans} else f"s{n}.{len(spans)}"
            extra = {"span_coref": e.span_coref} if e.span_coref else {}
            spans.append(Span(own, Mention(e.span_text, start), e.span_label, extra=extra))
        segments = tuple(
            Segment(f"g{n}", a, a + len(p.rstrip()), paragraph=n)
            for n, (a, p) in enumerate(zip(starts, article.paragraphs, strict=False), start=1)
            if p.strip()
        )
        known = article.metadata
        yield Document(
            text,
            Meta(
                str(known.get("path") or fallback),
                title=str(known.get("title", "")),
                origin=str(known.get("publisher", "")),
            ),
            segments=segments,
            spans=tuple(spans),
            extra={"guardian": source.rest(raw, "paragraphs", "entities")},
        )


def _start(e: Entity, starts: list[int], text: str, name: str, line: int, notes: list[Problem] | None) -> int:
    """Where a span begins in the text; raises ProblemError where it does not say what it should."""
    what = f"{e.span_label} {e.span_start}–{e.span_end} of paragraph {e.paragraph_start}"
    if not 0 <= e.paragraph_start <= e.paragraph_end < len(starts) - 1 or e.span_start < 0:
        source.refuse(name, line, "span-range", f"{what} is not in {len(starts) - 1} paragraphs")
    start = starts[e.paragraph_start] + e.span_start
    said = text[start : start + len(e.span_text)]
    if said != e.span_text:
        message = f"{what} should say {visible(e.span_text)}, the text says {visible(said)}"
        source.refuse(name, line, "span-text", message)
    stated = starts[e.paragraph_start] + e.span_end + 1
    if stated != start + len(e.span_text) and notes is not None:
        message = (
            f"{what} should end at {start + len(e.span_text) - 1 - starts[e.paragraph_start]} by its words"
        )
        notes.append(Problem(name, line, "span-end", message))
    return start
