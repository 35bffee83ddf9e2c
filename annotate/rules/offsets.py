"""Where mentions and segments say they stand, and what the text has there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, get_args

from msgspec import Struct

from goldwire.annotate.document import Document, Mask, Mention, Segment, objects
from goldwire.annotate.heads import head_found
from goldwire.annotate.problems import visible
from goldwire.annotate.rules.context import Context, Finding
from goldwire.annotate.structure import StructureError, fields
from goldwire.annotate.surface import places


@cache
def _holders(cls: Any) -> tuple[str, ...]:
    """The fields of a class in which mentions stand, at whatever depth."""
    return tuple(f.name for f in fields(cls) if any(_is_holder(t) for t in (f.type, *get_args(f.type))))


def _is_holder(kind: Any) -> bool:
    is_class = isinstance(kind, type) and issubclass(kind, Struct)
    return kind is Mention or (is_class and bool(_holders(kind)))


def every(item: Any) -> Iterator[Mention]:
    """Every mention in an object, evidence too, however deep it stands."""
    cls: Any = type(item)
    for name in _holders(cls):
        value = getattr(item, name)
        for x in value if isinstance(value, tuple) else (value,):
            if isinstance(x, Mention):
                yield x
            elif x is not None:
                yield from every(x)


def _everywhere(document: Document) -> Iterator[tuple[Any, str, int]]:
    """(object, surface, start) of every piece of every mention."""
    for _, item in objects(document):
        for mention in every(item):
            yield item, mention.text, mention.start
            yield from ((item, piece.text, piece.start) for piece in mention.more)


def offset_range(document: Document, context: Context) -> Iterator[Finding]:
    size = len(document.text)
    stretches: list[Segment | Mask] = [*document.segments, *document.masks]
    for item in stretches:
        if not 0 <= item.start < item.end <= size:
            yield item, f"[{item.start}, {item.end}) is not in a text of {size} characters"
    for item, text, start in _everywhere(document):
        end = start + len(text)
        if start < 0 or not text:
            yield item, f"{visible(text)} at {start}: a mention has text, and begins at 0 or later"
        elif end > size and not _is_utf16(document.text, text, start):
            yield item, f"{visible(text)} at {start} ends at {end}, the text has {size} characters"


def offset_utf16(document: Document, context: Context) -> Iterator[Finding]:
    for item, text, start in _everywhere(document):
        differs = start >= 0 and text and _differs(document.text, text, start)
        if differs and _is_utf16(document.text, text, start):
            real = _from_utf16(document.text, start)
            unit = "counts UTF-16 units, as JavaScript and Java do"
            yield item, f"{visible(text)} stands at {real}; {start} {unit}"


def surface_text(document: Document, context: Context) -> Iterator[Finding]:
    whole = document.text
    for item, text, start in _everywhere(document):
        inside = start >= 0 and start + len(text) <= len(whole) and text
        if inside and _differs(whole, text, start) and not _is_utf16(whole, text, start):
            nearest = min(places(whole, text), key=_distance(start), default=None)
            hint = "it stands nowhere" if nearest is None else f"the nearest one is at {nearest}"
            there = visible(whole[start : start + len(text)])
            yield item, f"says {visible(text)} at {start}, the text has {there} there; {hint}"


def fragments(document: Document, context: Context) -> Iterator[Finding]:
    for _, item in objects(document):
        for mention in every(item):
            for (_, end), (start, _) in zip(mention.pieces, mention.pieces[1:], strict=False):
                if start < end:
                    yield (
                        item,
                        f"{visible(mention.text)}: its fragments should follow each other without overlap",
                    )
                elif document.text[end:start].strip() == "":
                    yield (
                        item,
                        f"{visible(mention.text)}: only space lies between its fragments; make them one",
                    )


def head(document: Document, context: Context) -> Iterator[Finding]:
    for _, item in objects(document):
        for mention in every(item):
            if mention.head and mention.head_start < 0:
                try:
                    head_found(mention)
                except StructureError as error:
                    yield item, str(error).removeprefix("head: ")
            elif mention.head:
                start, end = mention.head_bounds
                inside = any(a <= start and end <= b for a, b in mention.pieces)
                if not inside or _differs(document.text, mention.head, start):
                    yield (
                        item,
                        f"the head {visible(mention.head)} at {start} is not in {visible(mention.text)}",
                    )


def _distance(start: int) -> Callable[[int], int]:
    return lambda at: abs(at - start)


def _differs(whole: str, text: str, start: int) -> bool:
    return whole[start : start + len(text)] != text


def _is_utf16(whole: str, text: str, start: int) -> bool:
    real = _from_utf16(whole, start)
    return real >= 0 and real != start and not _differs(whole, text, real)


def _from_utf16(whole: str, offset: int) -> int:
    """The code point at a UTF-16 offset; -1 if there is none."""
    before = whole.encode("utf-16-le", "surrogatepass")[: 2 * offset]
    if len(before) < 2 * offset or offset < 0:
        return -1
    return len(before.decode("utf-16-le", "replace"))
