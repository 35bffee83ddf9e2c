"""Layers → WebAnno TSV 3.3, in the order and with the numbers that INCEpTION gives."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

from goldwire.annotate.formats.layers import ANY, Annotation, Arrow, Layer, Layers
from goldwire.annotate.offsets import positions

_RESERVED = re.compile(r"->|[\\\[\]|_;\t\n*]")
_RESERVED_TEXT = re.compile(r"[\x00-\x07\t\n\f\r\b\\\x0e-\x1f]")
_NAMED = {"\t": "t", "\n": "n"}
_NAMED_TEXT = {"\t": "t", "\n": "n", "\f": "f", "\r": "r", "\b": "b"}


def escape(value: str) -> str:
    """A feature's value as it stands in a cell.

    >>> escape("a|b->c")
    'a\\\\|b\\\\->c'
    """
    return _RESERVED.sub(lambda m: "\\" + _NAMED.get(m[0], m[0]), value)


def escape_text(text: str) -> str:
    """A line of a sentence's text."""
    return _RESERVED_TEXT.sub(lambda m: "\\" + _NAMED_TEXT.get(m[0], m[0]), text)


class Unit:
    """A token or a part of one, with the annotations on it, layer by layer."""

    def __init__(self, start: int, end: int) -> None:
        self.start, self.end = start, end
        self.name = ""
        self.on: dict[str, list[Annotation]] = {}
        self.arrows: dict[str, list[Arrow]] = {}
        self.parts: list[Unit] = []

    def part(self, start: int, end: int) -> Unit:
        """The sub-token of these bounds."""
        for each in self.parts:
            if (each.start, each.end) == (start, end):
                return each
        made = Unit(start, end)
        self.parts.append(made)
        return made


class Writing:
    """One document's rows; ``cas`` has its sentences and tokens."""

    def __init__(self, cas: Layers, *, fresh: bool = False) -> None:
        self.cas = cas
        self.sparse = cas.more.get("sparse") is True
        self.bare = str(cas.more.get("bare", ""))
        self.tokens = [Unit(a, b) for a, b in cas.tokens]
        self.starts = [t.start for t in self.tokens]
        self.ends = [t.end for t in self.tokens]
        self.numbers = {a.id: a.number for a in cas.annotations if a.number and not fresh}
        self.highest = max(self.numbers.values(), default=0)
        self.home: dict[str, Unit] = {}
        self.chains: dict[str, tuple[int, int]] = {}
        self.by_id = {a.id: a for a in cas.annotations}
        self._number_chains()
        spans = list(cas.annotations)
        if "stacked" not in cas.more:
            spans.sort(key=lambda a: (a.start, -a.end))
        # INCEpTION takes the types in the order of their names; parts of tokens are numbered as they arise.
        for name, layer in sorted(cas.layers.items()):
            for a in spans if layer.kind != "relation" else ():
                if a.layer == name:
                    self._lay(a, layer.kind == "span")
            if layer.kind == "relation":
                ends = {x.target for x in cas.arrows if x.layer == name}
                for a in (a for a in spans if a.id in ends and a.layer in cas.layers):
                    self._parts(a)
        for a in spans:
            if a.layer not in cas.layers:
                self.home[a.id] = self._tokens_of(a)[0]  # a bare token that something points at
        arrows = sorted(cas.arrows, key=self._target_place)
        for x in arrows:
            self.home[x.target].arrows.setdefault(x.layer, []).append(x)
        self._name_units()
        self._number_targets()

    def _target_place(self, x: Arrow) -> tuple[int, int]:
        target = self.by_id[x.target]
        return target.start, -target.end

    def _number_chains(self) -> None:
        following = dict(self.cas.chained)
        heads = [a for a in self.cas.annotations if self._is_link(a) and a.id not in following.values()]
        heads.sort(key=lambda a: a.chain or len(self.cas.annotations))
        for number, head in enumerate(heads, start=1):
            link, rank = head.id, 1
            while link and link not in self.chains:
                self.chains[link] = (number, rank)
                link, rank = following.get(link, ""), rank + 1

    def _is_link(self, a: Annotation) -> bool:
        layer = self.cas.layers.get(a.layer)
        return layer is not None and layer.kind == "chain"

    def _tokens_of(self, a: Annotation) -> list[Unit]:
        """The tokens that an annotation touches; the nearest one for an empty one between tokens."""
        if a.start == a.end:
            at = max(bisect_left(self.starts, a.start) - 1, 0)
            inside = [t for t in self.tokens[at : at + 2] if t.start <= a.start <= t.end]
            return inside[:1] or [self.tokens[at]]
        first = bisect_right(self.ends, a.start)
        last = bisect_left(self.starts, a.end)
        return self.tokens[first:last] or [self.tokens[min(first, len(self.tokens) - 1)]]

    def _parts(self, a: Annotation) -> list[Unit]:
        """The first unit of an annotation and its last, made where it cuts a token."""
        touched = self._tokens_of(a)
        first, last = touched[0], touched[-1]
        units: list[Unit] = []
        if a.start == a.end:
            at = min(max(a.start, first.start), first.end)
            units = [first.part(at, at)]
        elif first.start >= a.start and last.end <= a.end:
            units = [first, last]
        else:
            if first.start < a.start:
                units.append(first.part(a.start, min(first.end, a.end)))
            elif first.end <= a.end:
                units.append(first)
            if last.end > a.end:
                units.append(last.part(max(last.start, a.start), a.end))
            elif first is not last:
                units.append(last)
        return units

    def _lay(self, a: Annotation, numbered: bool) -> None:
        touched = self._tokens_of(a)
        units = self._parts(a)
        self.home[a.id] = units[0]
        for unit in [*units, *touched[1:-1]]:
            self._put(unit, a, numbered)
        if numbered and len(touched) > 1:
            self._number(a)

    def _put(self, unit: Unit, a: Annotation, numbered: bool) -> None:
        listed = unit.on.setdefault(a.layer, [])
        if a in listed:
            return
        listed.append(a)
        if numbered and len(listed) > 1:
            for each in listed:
                self._number(each)

    def _number(self, a: Annotation) -> None:
        if a.id not in self.numbers:
            self.highest += 1
            self.numbers[a.id] = self.highest

    def _name_units(self) -> None:
        number = rank = 0
        bounds = self.cas.sentences
        for token in self.tokens:
            while number == 0 or (number < len(bounds) and token.start >= bounds[number][0]):
                number, rank = number + 1, 0
            rank += 1
            token.name = f"{number}-{rank}"
            for k, part in enumerate(token.parts, start=1):
                part.name = f"{token.name}.{k}"

    def _number_targets(self) -> None:
        """Number the targets of slots that may be of any layer, and ends of another layer than the base."""
        for token in self.tokens:
            for unit in [token, *token.parts]:
                for name, layer in self.cas.layers.items():
                    for feature, (_, target) in layer.slots.items() if name in unit.on else ():
                        for host in unit.on[name]:
                            for _, end in host.slots.get(feature, []):
                                if target == ANY or self.by_id[end].layer != target:
                                    self._number_if_declared(end)
        for x in self.cas.arrows:
            for end in (x.source, x.target):
                if self.by_id[end].layer != self.cas.layers[x.layer].base:
                    self._number_if_declared(end)

    def _number_if_declared(self, end: str) -> None:
        layer = self.cas.layers.get(self.by_id[end].layer)
        if layer is not None and layer.kind == "span":
            self._number(self.by_id[end])

    def lines(self) -> Iterator[str]:
        """The lines of the file without their ends; ``cas.more`` has the habits of the one it came from."""
        more = self.cas.more
        yield f"#FORMAT=WebAnno TSV {more.get('version', '3.3')}"
        used = [layer for layer in self.cas.layers.values() if self._used(layer)]
        used.sort(key=lambda layer: ("span", "chain", "relation").index(layer.kind))
        columns: list[tuple[Layer, str, str]] = []
        for layer in used:
            yield self._declaration(layer, columns)
        yield from more.get("header", [])
        yield ""
        table = positions(self.cas.text, str(more.get("unit", "utf-16")))
        tokens = iter([*self.tokens, None])
        token = next(tokens)
        last = [] if more.get("tab") == "none" else [""]
        for number, (start, end, own) in enumerate(self.cas.sentences, start=1):
            yield ""
            if own:
                yield f"#Sentence.id={escape_text(own)}"
            yield from (f"#Text={escape_text(line)}" for line in self.cas.text[start:end].split("\n"))
            while token is not None and token.name.startswith(f"{number}-"):
                for unit in [token, *token.parts]:
                    said = self.cas.text[unit.start : unit.end]
                    cells = [self._cell(unit, *column) for column in columns]
                    place = f"{table[unit.start]}-{table[unit.end]}"
                    yield "\t".join([unit.name, place, said, *cells, *last])
                token = next(tokens)

    def _used(self, layer: Layer) -> bool:
        items: Sequence[Annotation | Arrow] = (
            self.cas.arrows if layer.kind == "relation" else self.cas.annotations
        )
        return any(x.layer == layer.name for x in items)

    def _declaration(self, layer: Layer, columns: list[tuple[Layer, str, str]]) -> str:
        mark = {"span": "SP", "chain": "CH", "relation": "RL"}[layer.kind]
        fields = [layer.name]
        for name in layer.features:
            if name in layer.slots:
                link, target = layer.slots[name]
                fields += [f"ROLE_{layer.name}:{name}_{link}", target]
                columns += [(layer, "slot-role", name), (layer, "slot-target", name)]
            else:
                fields.append(name)
                columns.append((layer, "value", name))
        if not layer.features and layer.kind != "relation":
            fields.append("")
            columns.append((layer, "none", ""))
        if layer.kind == "relation":
            fields.append(f"BT_{layer.base}")
            columns.append((layer, "base", ""))
        return f"#T_{mark}={'|'.join(fields)}"

    def _cell(self, unit: Unit, layer: Layer, role: str, name: str) -> str:
        if layer.kind == "relation":
            arrows = unit.arrows.get(layer.name, [])
            return "|".join(self._arrow_cell(x, role, name) for x in arrows) if arrows else "_"
        listed = unit.on.get(layer.name, [])
        if self.sparse and role == "value":
            listed = [a for a in listed if a.values.get(name) is not None]
        return "|".join(self._span_cell(a, layer, role, name) for a in listed) if listed else "_"

    def _span_cell(self, a: Annotation, layer: Layer, role: str, name: str) -> str:
        number = f"[{self.numbers[a.id]}]" if a.id in self.numbers else ""
        if role == "slot-role":
            links = a.slots.get(name, [])
            return (";".join(escape(r) if r else "*" for r, _ in links) or "_") + number
        if role == "slot-target":
            links = a.slots.get(name, [])
            return ";".join(self._reference(end) for _, end in links) or "*"
        said = self._shown(a.values.get(name)) if role == "value" else "*"
        if layer.kind == "chain":
            chain, rank = self.chains[a.id]
            return f"{said}->{chain}-{rank}" if name == "referenceRelation" else f"{said}[{chain}]"
        return said + number

    def _reference(self, end: str) -> str:
        number = f"[{self.numbers[end]}]" if end in self.numbers else ""
        return self.home[end].name + number

    def _arrow_cell(self, x: Arrow, role: str, name: str) -> str:
        if role != "base":
            return self._shown(x.values.get(name)) if role == "value" else "*"
        ends = self.numbers.get(x.source, 0), self.numbers.get(x.target, 0)
        return self.home[x.source].name + (f"[{ends[0]}_{ends[1]}]" if any(ends) else "")

    def _shown(self, value: Any) -> str:
        if value is None:
            return "*"
        said = escape(str(value))
        if not self.bare or said in ("\\_", "\\*"):
            return said
        return re.sub(rf"\\([{re.escape(self.bare)}])", r"\1", said)
