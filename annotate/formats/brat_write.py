"""Graph → brat lines."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from goldwire.annotate.formats.brat_lines import (
    Arrow,
    Attribute,
    Equiv,
    EventLine,
    Line,
    Note,
    Reference,
    TextBound,
)
from goldwire.annotate.formats.brat_read import BREAKS, MARK, NOTES, WHOLE, unnumbered, written_pieces
from goldwire.annotate.formats.graph import Edge, Graph, Name, Node
from goldwire.annotate.offsets import positions

_TYPE = re.compile(r"[^\s:;]+")
_ENTRY = re.compile(r"\S+")
# Fields that no attribute of brat shows: places in the text, ids, free text.
_HIDDEN = {"head", "head_at", "ref", "coref", "name", "wikidata", "note", "confidence", "evidence"}


class Writing:
    """The lines of one graph; ids of brat's own are kept, others are new."""

    def __init__(self, graph: Graph, unit: str = "code points", *, spaced: bool = False) -> None:
        self.graph = graph
        self.spaced = spaced  # some writers put spaces into types, which brat itself cannot read
        self.table = positions(graph.text, unit)
        self.lines: dict[str, list[Line]] = {kind: [] for kind in "TER*AN#"}
        self.used = {n.name.object for n in graph.nodes} | {e.name.object for e in graph.edges if e.name}
        for node in graph.nodes:
            extra = node.rest.get("extra", {})
            self.used |= {str(extra.get("trigger_id", ""))} | _ids(extra)
        for edge in graph.edges:
            self.used |= _ids(edge.rest.get("extra", {}))
        self.next = dict.fromkeys("TERAN#", 1)
        self.text_bound: dict[str, str] = {}  # node -> T
        self.element: dict[str, str] = {}  # node -> T or E, whatever stands for it
        self.by_id = {n.id: n for n in graph.nodes}
        self.bound: set[str] = set()  # the ids of T lines
        self.leaving: dict[str, list[Edge]] = defaultdict(list)
        for edge in graph.edges:
            self.leaving[edge.source].append(edge)

    def all(self) -> list[Line]:
        """Every line: text-bound, events, relations, equivalences, then what is said about them."""
        nodes, edges = self.graph.nodes, self.graph.edges
        for node in nodes:
            if node.name.kind != "event" or node.name.part:
                self._text_bound(node)
        there = {own: node for node, own in self.text_bound.items()}
        for node in nodes:
            if node.name.kind == "event" and not node.name.part:
                self._trigger(node, there)
        for node in nodes:
            leaving = [e for e in self.leaving[node.id] if e.name is None]
            if node.name.kind == "event" and not node.name.part:
                self._event(node, [e for e in leaving if e.label != "COREF"])
            elif node.name.kind == "quotation" and not node.name.part and leaving:
                self._quotation(node, leaving)
        for node in nodes:
            if node.name.kind in ("actor", "place") and not node.name.part:
                self._chain(node)
        self._equivs()
        for edge in edges:
            self._arrow(edge)
        if self.graph.rest:
            self._note(MARK, WHOLE, _json(self.graph.rest))
        return [line for kind in self.lines.values() for line in kind]

    def _new(self, prefix: str) -> str:
        while f"{prefix}{self.next[prefix]}" in self.used:
            self.next[prefix] += 1
        own = f"{prefix}{self.next[prefix]}"
        self.used.add(own)
        return own

    def _kept(self, prefix: str, own: str) -> str:
        return own if re.fullmatch(rf"{prefix}\d+", own) else self._new(prefix)

    def _bound(self, own: str, label: str, node: Node) -> dict[str, Any]:
        """A T line; returns what it could not say."""
        mark: dict[str, Any] = {}
        pieces = written_pieces(self.graph.text, node.pieces)
        if pieces != node.pieces:
            mark["pieces"] = [list(piece) for piece in node.pieces]
        kind = label if self.spaced and re.fullmatch(r"[^\s:;]+( [^\s:;]+)*", label) else _type(label)
        if kind != label:
            mark["label"] = [kind, label]
        said = " ".join(self.graph.text[a:b] for a, b in pieces).translate(BREAKS)
        places = tuple((self.table[a], self.table[b]) for a, b in pieces)
        self.lines["T"].append(TextBound(own, kind, places, said))
        self.bound.add(own)
        return mark

    def _text_bound(self, node: Node) -> None:
        own = self._kept("T", node.name.object) if node.name.kind == "span" else self._new("T")
        self.text_bound[node.id] = self.element[node.id] = own
        self._said(own, Name("span", own), node, self._bound(own, node.label, node))

    def _trigger(self, node: Node, there: Mapping[str, str]) -> None:
        """The T of an event: the one it had, one that is there already, or a new one."""
        extra = node.rest.get("extra", {})
        own = str(extra.get("trigger_id", ""))
        if re.fullmatch(r"T\d+", own):
            node.rest = {**node.rest, "extra": {k: v for k, v in extra.items() if k != "trigger_id"}}
            if own in there and self.by_id[there[own]].pieces != node.pieces:
                own = self._new("T")
        else:
            own = self._new("T")
        self.text_bound[node.id] = own
        self.element[node.id] = self._kept("E", node.name.object)

    def _event(self, node: Node, edges: list[Edge]) -> None:
        own, bound = self.element[node.id], self.text_bound[node.id]
        mark: dict[str, Any] = {}
        kind = _type(node.label)
        if bound not in self.bound:
            mark = self._bound(bound, node.label, node)
        elif kind != node.label:
            mark["label"] = [kind, node.label]
        roles = [e.label for e in edges]
        shown = numbered(roles)
        args = [(role, self.element[e.target]) for role, e in zip(shown, edges, strict=True)]
        natural = Name("event", own)
        if node.name == natural:
            # An event of brat's own keeps its roles as they are, numbers and all.
            args = [(_type(role), self.element[e.target]) for role, e in zip(roles, edges, strict=True)]
            extra = node.rest.get("extra", {})
            args += [(r, t) for r, t in extra.get("dangling", [])]
            node.rest = {**node.rest, "extra": {k: v for k, v in extra.items() if k != "dangling"}}
        elif unnumbered(shown) != roles:
            mark["roles"] = roles
        self.lines["E"].append(EventLine(own, kind, bound, tuple(args)))
        self._said(own, natural, node, mark)

    def _quotation(self, node: Node, edges: list[Edge]) -> None:
        own = self._new("E")
        cues = [e.target for e in edges if e.label == "CUE"]
        # brat wants a trigger of the event's own type: a copy of the first cue, else of the content.
        trigger = self._new("T")
        self._bound(trigger, "Quotation", self.by_id[cues[0] if cues else node.id])
        roles = numbered([e.label.capitalize() for e in edges])
        args = [(role, self.element[e.target]) for role, e in zip(roles, edges, strict=True)]
        content = ("Content", self.element[node.id])
        self.lines["E"].append(EventLine(own, "Quotation", trigger, (content, *args)))
        mark = {"name": node.id, "roles": ["Content", *(e.label.capitalize() for e in edges)]}
        self._note(MARK, own, _json(mark))

    def _chain(self, node: Node) -> None:
        leaving = self.leaving[node.id]
        members = [e.target for e in leaving if e.name is None and e.label == "COREF"]
        if members:
            ids = tuple(self.element[m] for m in (node.id, *members))
            self.lines["*"].append(Equiv("*", "Equiv", ids))

    def _equivs(self) -> None:
        stars: dict[tuple[str, str], list[str]] = {}
        for edge in self.graph.edges:
            if _star(edge) and edge.source in self.element and edge.target in self.element:
                key = (str(edge.name and edge.name.object.partition(".")[0]), edge.label)
                stars.setdefault(key, [self.element[edge.target]]).append(self.element[edge.source])
        for (_, label), members in sorted(stars.items(), key=lambda x: int(x[0][0][1:])):
            self.lines["*"].append(Equiv("*", label, tuple(members)))

    def _arrow(self, edge: Edge) -> None:
        source = self.by_id[edge.source].name
        shown = source.kind in ("event", "quotation") and edge.label != "COREF"
        chained = source.kind in ("actor", "place") and edge.label == "COREF"
        if _star(edge) or (edge.name is None and (shown or chained)):
            return
        natural = edge.name is not None and edge.name.kind == "relation"
        own = self._kept("R", edge.name.object) if natural and edge.name else self._new("R")
        kind = _type(edge.label)
        mark: dict[str, Any] = {"label": [kind, edge.label]} if kind != edge.label else {}
        extra = edge.rest.get("extra", {})
        roles = extra.get("roles")
        plain = isinstance(roles, list) and len(roles) == 2 and all(map(_TYPE.fullmatch, map(str, roles)))
        if plain:
            edge.rest = {**edge.rest, "extra": {k: v for k, v in extra.items() if k != "roles"}}
        first, second = roles if plain and roles else ("Arg1", "Arg2")
        ends = self.element[edge.source], self.element[edge.target]
        self.lines["R"].append(Arrow(own, kind, (first, second), ends))
        if edge.name is not None:
            self._said(own, Name("relation", own), edge, mark)

    def _said(self, own: str, natural: Name, held: Node | Edge, mark: dict[str, Any]) -> None:
        """Attributes, references, notes, and a mark for the rest."""
        ours = held.name != natural
        left = dict(held.features)
        if ours:
            mark["name"] = str(held.name)
            for key in [k for k in left if k not in _HIDDEN and _ENTRY.fullmatch(left[k])]:
                value = left.pop(key)
                self._attribute("", own, key, "" if value == "true" else value)
            if _ENTRY.fullmatch(left.get("wikidata", "")):
                tail = " ".join(left.get("name", "").split())
                self.lines["N"].append(
                    Reference(self._new("N"), "Reference", own, "Wikidata", left.pop("wikidata"), tail)
                )
        extra = dict(held.rest.get("extra", {}))
        for entry in _taken(extra, "attributes", {"id", "name", "value"}):
            self._attribute(entry["id"], own, entry["name"], entry["value"])
        for entry in _taken(extra, "references", {"id", "type", "database", "entry", "text"}):
            self.lines["N"].append(_reference(entry, own))
        if left.get("note") and _is_line(left["note"], strict=ours):
            self._note(NOTES, own, left.pop("note"))
        for entry in _taken(extra, "notes", {"id", "type", "text"}):
            self._note(entry["type"], own, entry["text"], entry["id"])
        rest = {k: v for k, v in held.rest.items() if k != "extra"} | ({"extra": extra} if extra else {})
        mark |= {k: v for k, v in (("features", left), ("rest", rest)) if v}
        if mark:
            self._note(MARK, own, _json(mark))

    def _attribute(self, own: str, target: str, name: str, value: str) -> None:
        self.lines["A"].append(Attribute(own or self._new("A"), name, target, value))

    def _note(self, kind: str, target: str, text: str, own: str = "") -> None:
        self.lines["#"].append(Note(own or self._new("#"), kind, target, text))


def numbered(roles: list[str]) -> list[str]:
    """Roles as brat writes them: the second and later ones of a name are numbered.

    >>> numbered(["agent", "agent", "by whom"])
    ['agent', 'agent2', 'by_whom']
    """
    seen: dict[str, int] = {}
    result = []
    for role in map(_type, roles):
        seen[role] = seen.get(role, 0) + 1
        result.append(role if seen[role] == 1 else f"{role}{seen[role]}")
    return result


def _type(label: str) -> str:
    """A label as brat allows it, which splits at spaces and colons."""
    return re.sub(r"[\s:;]+", "_", label) or "_"


def _is_line(note: str, *, strict: bool) -> bool:
    """Whether a note can be a line's last column; brat strips it, so ours must not mind (``strict``)."""
    return note.isprintable() and (not strict or note == note.strip())


def _star(edge: Edge) -> bool:
    return (
        edge.name is not None
        and bool(re.fullmatch(r"\*\d+(\.\d+)?", edge.name.object))
        and not edge.features
        and not edge.rest
        and _type(edge.label) == edge.label
    )


def _ids(extra: Mapping[str, Any]) -> set[str]:
    """The ids of brat's own that are taken."""
    lists = [extra.get(key, []) for key in ("attributes", "references", "notes")]
    return {str(x.get("id", "")) for y in lists if isinstance(y, list) for x in y if isinstance(x, dict)}


def _taken(extra: dict[str, Any], key: str, needed: set[str]) -> list[dict[str, str]]:
    """The entries under a key if every one is such as brat writes; they leave ``extra`` then."""
    value = extra.get(key)
    good = isinstance(value, list) and all(
        isinstance(x, dict)
        and x.keys() == needed
        and all(isinstance(v, str) and "\n" not in v and "\r" not in v for v in x.values())
        for x in value
    )
    return extra.pop(key) if good else []


def _reference(entry: Mapping[str, str], target: str) -> Reference:
    return Reference(entry["id"], entry["type"], target, entry["database"], entry["entry"], entry["text"])


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
