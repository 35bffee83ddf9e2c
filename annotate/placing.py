"""Where the mentions of annotation lines stand: every surface gets its ``start``, or a reason why not."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from goldwire.annotate.document import CLASSES, Mention
from goldwire.annotate.jsonlines import Row
from goldwire.annotate.problems import visible
from goldwire.annotate.structure import fields
from goldwire.annotate.surface import places

# The mention that the others of an object are looked for beside.
ANCHORS = ("trigger", "content", "mention")
SHORT_LISTS = {"args": ("role", "ref"), "details": ("name", "value"), "factuality": ("holder", "value")}

Bounds = tuple[int, int]
Said = tuple[str, str]


class _Unfilled(ValueError):
    """A surface that cannot be placed; carries the slug of the rule and the message."""

    def __init__(self, rule: str, message: str) -> None:
        self.rule = rule
        super().__init__(message)


class Placer:
    """Places the mentions of one document's lines; segments have to come first."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.segments: dict[str, Bounds] = {}

    def learn(self, rows: list[Row]) -> None:
        """Take note of the segments among the rows."""
        for _, raw in rows:
            if isinstance(raw.get("segment"), str) and _is_inside(raw, self.text):
                self.segments.setdefault(raw["segment"], (raw["start"], raw["end"]))

    def placed(self, raw: dict[str, Any]) -> list[Said]:
        """Place the mentions of one line; returns which could not be, and why."""
        kind = next(iter(raw), "")
        if kind in ("segment", "mask"):
            return self._bounded(kind, raw)
        if kind not in CLASSES:
            return []
        said: list[Said] = []
        scope, wrong = self._scope(raw.pop("segment", None))
        said += wrong
        beside: list[Bounds] = []
        for path, mention in mentions(CLASSES[kind], raw):
            try:
                self._place(mention, scope, beside)
                self._trimmed(mention)
                if path.startswith(ANCHORS) and isinstance(mention.get("start"), int):
                    beside += [b for b in self.segments.values() if b[0] <= mention["start"] < b[1]]
            except _Unfilled as error:
                said.append((error.rule, f"{path}: {error}"))
        return said

    def segment_of(self, offset: int) -> Bounds | None:
        """The bounds of the segment in which an offset lies."""
        return next((b for b in self.segments.values() if b[0] <= offset < b[1]), None)

    def _scope(self, segment: Any) -> tuple[Bounds | None, list[Said]]:
        if segment is None or (isinstance(segment, str) and segment in self.segments):
            return (self.segments[segment] if segment else None), []
        return None, [("dangling-id", f"segment: there is no segment {visible(str(segment))}")]

    def _bounded(self, kind: str, raw: dict[str, Any]) -> list[Said]:
        surface = raw.get("text")
        if isinstance(surface, str) and not {"start", "end"} & raw.keys():
            mention = {"text": surface} | {k: raw.pop(k) for k in ("occurrence",) if k in raw}
            try:
                self._place(mention, None, [])
            except _Unfilled as error:
                return [(error.rule, str(error))]
            del raw["text"]
            raw |= {"start": mention["start"], "end": mention["start"] + len(mention["text"])}
        if kind == "segment" and _is_inside(raw, self.text):
            start, end = raw["start"], raw["end"]
            piece = self.text[start:end]
            raw["start"] = start + len(piece) - len(piece.lstrip())
            raw["end"] = max(raw["start"], end - len(piece) + len(piece.rstrip()))
        return []

    def _place(self, mention: dict[str, Any], scope: Bounds | None, beside: list[Bounds]) -> None:
        named, wrong = self._scope(mention.pop("segment", None))
        for rule, message in wrong:
            raise _Unfilled(rule, message)
        self._piece(mention, named or scope, beside)
        after = mention.get("start")
        for further in _pieces(mention)[1:]:
            if type(after) is int:
                inside = self.segment_of(after) or (0, len(self.text))
                self._piece(further, (after, inside[1]), [])
                after = further.get("start")
        self._head(mention)

    def _piece(self, piece: dict[str, Any], scope: Bounds | None, beside: list[Bounds]) -> None:
        """Give one piece of text its ``start``."""
        surface, wanted = piece.get("text"), piece.pop("occurrence", None)
        if not isinstance(surface, str) or ("start" in piece and wanted is None):
            return
        surface = surface.strip()
        found = self._found(surface, scope, beside if wanted is None else [])
        if not found:
            raise _Unfilled("surface-missing", self._missing(surface, scope))
        if wanted is not None:
            if type(wanted) is not int or not 1 <= wanted <= len(found):
                asked = f"occurrence {wanted!r} of {visible(surface)} is asked for"
                said = f"{asked}: {self._listed(found, surface)}"
                raise _Unfilled("surface-ambiguous", said)
            found = [found[wanted - 1]]
        if len(found) > 1:
            said = (
                f'{visible(surface)} stands more than once; say "occurrence": {self._listed(found, surface)}'
            )
            raise _Unfilled("surface-ambiguous", said)
        if piece.get("start", found[0]) != found[0]:
            said = f'start says {piece["start"]}, "occurrence": {wanted} stands at {found[0]}'
            raise _Unfilled("surface-ambiguous", said)
        piece |= {"text": surface, "start": found[0]}

    def _found(self, surface: str, scope: Bounds | None, beside: list[Bounds]) -> list[int]:
        if scope:
            return places(self.text, surface, *scope)
        near = sorted({at for bounds in beside for at in places(self.text, surface, *bounds)})
        return near or places(self.text, surface)

    def _missing(self, surface: str, scope: Bounds | None) -> str:
        said = f"{visible(surface)} does not stand in {'the segment' if scope else 'the text'}"
        if scope and (elsewhere := places(self.text, surface)):
            return f"{said}; elsewhere it does: {self._listed(elsewhere, surface)}"
        start, end = scope or (0, len(self.text))
        plain = _plain(self.text[start:end])
        if len(plain) == end - start and (at := plain.find(_plain(surface))) >= 0:
            return f"{said}; {visible(self.text[start + at : start + at + len(surface)])} does"
        return said

    def _listed(self, found: list[int], surface: str) -> str:
        """Every place with a few words around it and its segment."""
        listed = []
        for index, at in enumerate(found, start=1):
            end = at + len(surface)
            around = f"{self.text[max(0, at - 20) : at]}[{surface}]{self.text[end : end + 20]}"
            inside = next((f" in {i}" for i, (a, b) in self.segments.items() if a <= at < b), "")
            listed.append(f"{index} {visible(around, 120)}{inside}")
        return "; ".join(listed)

    def _head(self, mention: dict[str, Any]) -> None:
        wanted, head, text = mention.pop("head_occurrence", None), mention.get("head"), mention.get("text")
        if wanted is None or not isinstance(head, str) or not isinstance(text, str):
            return
        found = places(text, head)
        if type(wanted) is not int or not 1 <= wanted <= len(found):
            raise _Unfilled(
                "head",
                f"head_occurrence {wanted!r}: {visible(head)} stands {len(found)} times in {visible(text)}",
            )
        mention["head_start"] = mention["start"] + found[wanted - 1]

    def _trimmed(self, mention: dict[str, Any]) -> None:
        """Whitespace at the edges goes, where the surface is what the text has."""
        for piece in _pieces(mention):
            surface, start = piece.get("text"), piece.get("start")
            if not isinstance(surface, str) or type(start) is not int or start < 0 or not surface.strip():
                continue
            if self.text[start : start + len(surface)] == surface:
                piece["start"] = start + len(surface) - len(surface.lstrip())
                piece["text"] = surface.strip()


def _pieces(mention: dict[str, Any]) -> list[dict[str, Any]]:
    """The mention and its further fragments; those given as strings are written out."""
    more = mention.get("more")
    if isinstance(more, list):
        more[:] = [{"text": x} if isinstance(x, str) else x for x in more]
    return [mention, *(x for x in (more if isinstance(more, list) else []) if isinstance(x, dict))]


def _is_inside(raw: dict[str, Any], text: str) -> bool:
    start, end = raw.get("start"), raw.get("end")
    return type(start) is int and type(end) is int and 0 <= start < end <= len(text)


def _plain(text: str) -> str:
    """The text without what people type differently: case, quotation marks, dashes, spaces."""
    return text.lower().translate(str.maketrans("“”«»„’‘–—‑\u00a0\n", '"""""\'\'--- ' + " "))


def mentions(cls: type[Struct], raw: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The mentions in a raw object with their paths, the anchor first, short forms written out."""
    known = {field.key: field for field in fields(cls)}
    for key in sorted(raw.keys() & known.keys(), key=lambda k: (k not in ANCHORS, list(known).index(k))):
        kind, value = known[key].type, raw[key]
        inner = [a for a in typing.get_args(kind) if isinstance(a, type) and a is not type(None)]
        if typing.get_origin(kind) is tuple:
            raw[key] = value = _listed(key, value)
            if isinstance(value, list) and issubclass(inner[0], Mention):
                value[:] = [{"text": x} if isinstance(x, str) else x for x in value]
                yield from ((f"{key}[{i}]", x) for i, x in enumerate(value) if isinstance(x, dict))
            elif isinstance(value, list) and issubclass(inner[0], Struct):
                for index, x in enumerate(value):
                    if isinstance(x, dict):
                        yield from ((f"{key}[{index}].{p}", m) for p, m in mentions(inner[0], x))
        elif kind is Mention or Mention in inner:
            if isinstance(value, str):
                raw[key] = value = {"text": value}
            if isinstance(value, dict):
                yield key, value


def _listed(key: str, value: Any) -> Any:
    if key in SHORT_LISTS and isinstance(value, dict) and not set(SHORT_LISTS[key]) & value.keys():
        name, content = SHORT_LISTS[key]
        return [{name: k, content: x} for k, v in value.items() for x in (v if isinstance(v, list) else [v])]
    return value if isinstance(value, list) else [value]
