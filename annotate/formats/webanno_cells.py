"""The cells of WebAnno TSV rows → annotations, slots, chains and relations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from goldwire.annotate.formats import source
from goldwire.annotate.formats.layers import ANY, Annotation, Arrow, Layer, Layers
from goldwire.annotate.formats.webanno_write import escape

UNIT = re.compile(r"(\d{1,9})-(\d{1,9})(?:\.(\d{1,9}))?")
_NUMBERED = re.compile(r"((?:\\.|[^\\])*?)\[(\d{1,9}(?:_\d{1,9})?)\]", re.DOTALL)
_CHAINED = re.compile(r"((?:\\.|[^\\])*?)->(\d{1,9})-(\d{1,9})", re.DOTALL)
_PIECE = re.compile(r"\\.|[^\\]|\\$", re.DOTALL)
_ESCAPED = re.compile(r"\\(->|[\\\[\]|_;tn*])")
_BARE = re.compile(r"(?<!\\)[\[\]|_;*]")


class Column(NamedTuple):
    """A column of the rows: ``role`` value, none, slot-role, slot-target, base, chain-type or chain-link."""

    layer: str
    role: str
    name: str = ""


class Row(NamedTuple):
    """A token or a part of one."""

    line: int
    unit: str
    start: int
    end: int
    text: str
    cells: list[str]


def split(value: str, mark: str) -> list[str]:
    """A cell at its unescaped marks.

    >>> split("a;b", ";")
    ['a', 'b']
    """
    if "\\" not in value:
        return value.split(mark)
    parts = [""]
    for piece in _PIECE.findall(value):
        if piece == mark:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def unescape(value: str) -> str:
    """A feature's value as it was before it was written.

    >>> unescape(r"a\\|b\\->c\\\\d")
    'a|b->c\\\\d'
    """
    return _ESCAPED.sub(lambda m: {"t": "\t", "n": "\n"}.get(m[1], m[1]), value)


def _mixed(cells: list[list[str]]) -> bool:
    """Whether values that stand at one height bear different numbers, and so are of different annotations.

    >>> _mixed([["event[89]"], ["new[10]"]]), _mixed([["a[1]", "b[2]"], ["*[1]", "*[2]"]])
    (True, False)
    """
    heights = zip(*(c for c in cells if c), strict=True)
    numbers = [{m[2] for x in height if (m := _NUMBERED.fullmatch(x))} for height in heights]
    return any(len(found) > 1 for found in numbers)


class Rows:
    """The annotations that the cells of the rows state."""

    def __init__(
        self, cas: Layers, columns: list[Column], rows: list[Row], table: Sequence[int], where: str
    ) -> None:
        self.cas, self.rows, self.where = cas, rows, where
        self.table = table
        self.known: dict[int, Annotation] = {}  # disambiguation id -> annotation
        self.defined: dict[tuple[str, str], list[Annotation]] = {}  # unit, layer -> begun there
        self.first: dict[str, list[Annotation]] = {}  # unit -> begun there, in any layer
        self.units = {row.unit: row for row in rows}
        self.links: dict[tuple[str, int, int], Annotation] = {}
        self.columns: dict[str, list[tuple[int, Column]]] = {}
        for index, column in enumerate(columns):
            self.columns.setdefault(column.layer, []).append((index, column))

    def fill(self) -> None:
        """Spans and chains first, then what points at them."""
        for row in self.rows:
            if row.unit.partition(".")[0] not in self.units:
                source.refuse(self.where, row.line, "syntax", f"{row.unit} is a part of no token")
            if "." not in row.unit:
                self.cas.tokens.append((self.table[row.start], self.table[row.end]))
            for name, columns in self.columns.items():
                if self.cas.layers[name].kind != "relation":
                    for rank, cells in enumerate(self._stack(row, columns)):
                        self._span(row, self.cas.layers[name], columns, cells, rank)
        chains = sorted(self.links)
        for a, b in pairwise(chains):
            if a[:2] == b[:2]:
                self.cas.chained.append((self.links[a].id, self.links[b].id))
        for row in self.rows:
            for name, columns in self.columns.items():
                for rank, cells in enumerate(self._stack(row, columns)):
                    if self.cas.layers[name].kind == "relation":
                        self._relation(row, self.cas.layers[name], columns, cells)
                    else:
                        self._slots(row, name, columns, cells, rank)
        if all((a.start, -a.end) <= (b.start, -b.end) for a, b in self._neighbours()):
            self.cas.annotations.sort(key=lambda a: (a.start, -a.end))
        else:
            self.cas.more["stacked"] = "as found"

    def _bare(self, said: str) -> None:
        """Remember which reserved characters the writer of the file leaves as they are."""
        left = set(_BARE.findall(said)) | set(self.cas.more.get("bare", ""))
        self.cas.more["bare"] = "".join(sorted(left))

    def _neighbours(self) -> Iterator[tuple[Annotation, Annotation]]:
        """Annotations of a layer that are stacked on a row, one and the next."""
        for (unit, name), (a, *_) in self.defined.items():
            row, mark, rank = unit.partition("#")
            if mark and (after := self.defined.get((f"{row}#{int(rank) + 1}", name))):
                yield a, after[0]

    def _stack(self, row: Row, columns: list[tuple[int, Column]]) -> list[list[str]]:
        """The cells of each annotation of a layer that stands on a row."""
        cells = [split(row.cells[i], "|") if row.cells[i] != "_" else [] for i, _ in columns]
        most = max(map(len, cells))
        if not most:
            return []
        pointing = any(c.role in ("slot-target", "base") for _, c in columns)
        if any(len(c) not in (0, most) for c in cells) or (not pointing and _mixed(cells)):
            return self._sparse(row, columns, cells)
        return [[c[k] if k < len(c) else "_" for c in cells] for k in range(most)]

    def _sparse(self, row: Row, columns: list[tuple[int, Column]], cells: list[list[str]]) -> list[list[str]]:
        """Stacked values of which some columns leave out the empty ones, told apart by their numbers."""
        numbered = [[(_NUMBERED.fullmatch(x), x) for x in c] for c in cells]
        if any(m is None for c in numbered for m, _ in c):
            counts = ", ".join(str(len(c)) for c in cells)
            message = f"the columns of {columns[0][1].layer} have {counts} stacked values"
            source.refuse(self.where, row.line, "columns", message)
        self.cas.more["sparse"] = True
        by_number = [{m[2]: x for m, x in c if m} for c in numbered]
        order = dict.fromkeys(number for c in by_number for number in c)
        return [[c.get(number, f"*[{number}]") for c in by_number] for number in order]

    def _span(
        self, row: Row, layer: Layer, columns: list[tuple[int, Column]], cells: list[str], rank: int
    ) -> None:
        start, end = self.table[row.start], self.table[row.end]
        values: dict[str, str] = {}
        number, link = 0, None
        for (_, column), cell in zip(columns, cells, strict=True):
            said = cell
            if column.role == "chain-link" and (m := _CHAINED.fullmatch(cell)):
                said, link = m[1], (layer.name, int(m[2]), int(m[3]))
            elif column.role != "slot-target" and (m := _NUMBERED.fullmatch(cell)):
                said, number = m[1], int(m[2].partition("_")[0])
            if column.role in ("value", "chain-type", "chain-link") and said not in ("*", "_"):
                values[column.name] = unescape(said)
                if escape(values[column.name]) != said:
                    self._bare(said)
        found = self.links.get(link) if link else self.known.get(number) if number else None
        if layer.kind == "chain":
            number = 0
        if found is not None and found.layer == layer.name:
            found.start, found.end = min(found.start, start), max(found.end, end)
        else:
            found = Annotation(f"s{len(self.cas.annotations) + 1}", layer.name, start, end, dict(values))
            found.chain = link[1] if link else 0
            found.number = number
            self.cas.annotations.append(found)
            if number:
                self.known[number] = found
            if link:
                self.links[link] = found
            self.defined.setdefault((row.unit, layer.name), []).append(found)
            self.first.setdefault(row.unit, []).append(found)
        self.defined.setdefault((f"{row.unit}#{rank}", layer.name), []).append(found)

    def _slots(
        self, row: Row, name: str, columns: list[tuple[int, Column]], cells: list[str], rank: int
    ) -> None:
        (host,) = self.defined[f"{row.unit}#{rank}", name][:1]
        by_role = {(c.role, c.name): cell for (_, c), cell in zip(columns, cells, strict=True)}
        for feature, (_, base) in self.cas.layers[name].slots.items():
            targets = by_role.get(("slot-target", feature), "_")
            if targets in ("_", "*") or feature in host.slots:
                continue
            said = by_role.get(("slot-role", feature), "_")
            if m := _NUMBERED.fullmatch(said):
                said = m[1]
            roles = split(said, ";")
            listed = split(targets, ";")
            links = [
                ("" if role in ("*", "_") else unescape(role), self._pointed(row, target, base).id)
                for role, target in zip([*roles, *["*"] * len(listed)], listed, strict=False)
            ]
            host.slots[feature] = links

    def _relation(self, row: Row, layer: Layer, columns: list[tuple[int, Column]], cells: list[str]) -> None:
        values: dict[str, str] = {}
        origin = ""
        for (_, column), cell in zip(columns, cells, strict=True):
            if column.role == "base":
                origin = cell
            elif column.role == "value":
                said = m[1] if (m := _NUMBERED.fullmatch(cell)) else cell
                if said not in ("*", "_"):
                    values[column.name] = unescape(said)
        unit, ids = origin, ("0", "0")
        if m := _NUMBERED.fullmatch(origin):
            unit, ids = m[1], tuple(m[2].split("_") if "_" in m[2] else (m[2], "0"))
        if not UNIT.fullmatch(unit):
            source.refuse(
                self.where, row.line, "syntax", f"the relation comes from {origin!r}, which is no unit"
            )
        start = self._pointed(row, f"{unit}[{ids[0]}]" if ids[0] != "0" else unit, layer.base)
        end = self._pointed(row, f"{row.unit}[{ids[1]}]" if ids[1] != "0" else row.unit, layer.base)
        own = f"r{len(self.cas.arrows) + 1}"
        self.cas.arrows.append(Arrow(own, layer.name, start.id, end.id, values))

    def _pointed(self, row: Row, said: str, base: str) -> Annotation:
        """The annotation that a unit and a disambiguation id name; a token where its layer is not there."""
        found = _NUMBERED.fullmatch(said)
        unit, number = (found[1], int(found[2].partition("_")[0])) if found else (said, 0)
        if number:
            if number not in self.known:
                source.refuse(self.where, row.line, "dangling-id", f"nothing has the number [{number}]")
            return self.known[number]
        here = self.defined.get((unit, base)) or (self.first.get(unit, []) if base == ANY else [])
        if here:
            return here[0]
        place = self.units.get(unit)
        if place is None or base in self.cas.layers:
            source.refuse(self.where, row.line, "dangling-id", f"no {base or 'annotation'} begins at {unit}")
        start, end = self.table[place.start], self.table[place.end]
        token = Annotation(f"s{len(self.cas.annotations) + 1}", base, start, end)
        self.cas.annotations.append(token)
        self.defined.setdefault((unit, base), []).append(token)
        return token
