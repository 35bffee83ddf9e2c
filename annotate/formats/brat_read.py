"""brat lines → graph."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
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
    is_told_once,
    parse,
)
from goldwire.annotate.formats.graph import PARTS, REFS, Edge, Graph, Name, Node, Pieces
from goldwire.annotate.offsets import Claim, edges, prove
from goldwire.annotate.problems import Problem, ProblemError

MARK = "Goldwire"  # type of the notes that hold what brat has no place for
WHOLE = "DOC"  # target of the note that holds what belongs to the document
NOTES = "AnnotatorNotes"
# Where brat's reader ends a line; no text column may hold one.
ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
BREAKS = str.maketrans(ENDS, " " * len(ENDS))


def written_pieces(text: str, pieces: Pieces) -> Pieces:
    """The pieces as brat takes them: in order, not touching, no line break inside.

    >>> written_pieces("ab\\ncd e", ((4, 6), (0, 4)))
    ((0, 2), (3, 6))
    """
    joined: list[list[int]] = []
    for start, end in sorted(pieces):
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(end, joined[-1][1])
        else:
            joined.append([start, end])
    found: list[tuple[int, int]] = []
    for start, end in joined:
        at = start
        for stop in [*(i for i in range(start, end) if text[i] in ENDS), end]:
            if stop > at:
                found.append((at, stop))
            at = stop + 1
    return tuple(found) or pieces[:1]


class Reading:
    """One ``.ann`` file over its text; ``unit`` is what its offsets count."""

    def __init__(self, text: str, lines: Iterable[tuple[int, str]], where: str, notes: list[Problem] | None):
        self.where = where
        self.notes = [] if notes is None else notes
        self.text = text
        self.lines: list[tuple[int, Line]] = []
        self.marks: dict[str, dict[str, Any]] = {}
        self.whole: dict[str, Any] = {}
        left_aside = 0
        known: set[str] = set()
        for number, raw in lines:
            line = parse(raw.rstrip("\r"))
            if line is not None and is_told_once(line) and line.id in known:
                message = f"kept as it is: {line.id} stands more than once"
                self.notes.append(Problem(where, number, "repeated-id", message))
            elif isinstance(line, Note) and line.type == MARK:
                self._mark(number, line)
            elif line is not None:
                self.lines.append((number, line))
                known.add(line.id)
            elif raw.strip():
                self._unknown(number, raw)
                left_aside = left_aside or number
        if left_aside and not self.lines and not self.marks:
            message = "holds no line that brat defines"
            raise ProblemError(Problem(where, left_aside, "not-brat", message))
        self.bounds = self._proved()
        self.nodes: dict[str, Node] = {}  # id in the file -> node
        self.edges: list[Edge] = []
        self.arrows: dict[str, Edge] = {}  # id in the file -> edge

    def _unknown(self, number: int, raw: str) -> None:
        own = raw.split("\t", maxsplit=1)[0]
        if own[:1] == "T" and own[1:].isdecimal():
            message = f"{own} should read TYPE START END, a tab and the text"
            raise ProblemError(Problem(self.where, number, "syntax", message))
        self.notes.append(
            Problem(self.where, number, "unknown-line", "kept as it is: brat defines no such line")
        )

    def _mark(self, number: int, line: Note) -> None:
        try:
            value = json.loads(line.text)
        except (json.JSONDecodeError, RecursionError):
            value = None
        if not isinstance(value, dict):
            message = f"the note of {line.target} that goldwire wrote is no JSON object any more"
            raise ProblemError(Problem(self.where, number, "structure", message))
        if line.target == WHOLE:
            self.whole = value
        else:
            self.marks[line.target] = value

    def _proved(self) -> dict[str, Pieces]:
        claims: list[Claim] = []
        own: list[str] = []
        for number, line in self.lines:
            if isinstance(line, TextBound):
                first, *more = line.pieces
                claims.append(Claim(*first, line.text or None, number, line.id, tuple(more)))
                own.append(line.id)
        twice = [id for id, n in Counter(own).items() if n > 1]
        if twice:
            number = [c.line for c in claims if c.name == twice[0]][1]
            raise ProblemError(
                Problem(self.where, number, "repeated-id", f"{twice[0]} stands more than once")
            )
        self.unit, firsts = prove(self.text, claims, where=self.where, same=_same)
        table = edges(self.text, self.unit)
        return {
            c.name: (first, *((table[a], table[b]) for a, b in c.more))
            for c, first in zip(claims, firsts, strict=True)
        }

    def graph(self) -> Graph:
        """Nodes and edges of the file, with the marks that goldwire left in it."""
        self._text_bounds()
        self._events()
        for number, line in self.lines:
            match line:
                case Arrow():
                    self._arrow(number, line)
                case EventLine() if line.id in self.nodes:
                    self._arguments(number, line)
        self._equivs()
        self._details()
        nodes = list({n.id: n for n in self.nodes.values()}.values())
        return Graph(self.text, nodes, self.edges, self.whole)

    def _node(self, own: str, natural: Name, label: str, pieces: Pieces) -> Node:
        mark = self.marks.get(own, {})
        stored = tuple((a, b) for a, b in mark.get("pieces", ()))
        inside = all(0 <= a <= b <= len(self.text) for a, b in stored)
        if stored and inside and written_pieces(self.text, stored) == pieces:
            pieces = stored
        name = Name.parse(mark.get("name", "")) or natural
        return Node(
            name, _label(mark, label), pieces, dict(mark.get("features", {})), dict(mark.get("rest", {}))
        )

    def _text_bounds(self) -> None:
        events = [line for _, line in self.lines if isinstance(line, EventLine)]
        elsewhere = {t for _, line in self.lines for t in _targets(line)} | self.marks.keys()
        types = defaultdict(set)
        for event in events:
            types[event.trigger].add(event.type)
        for _, line in self.lines:
            if isinstance(line, TextBound) and (line.id in elsewhere or types.get(line.id) != {line.type}):
                name = Name("span", line.id)
                self.nodes[line.id] = self._node(line.id, name, line.type, self.bounds[line.id])

    def _events(self) -> None:
        named = {n.name: n for n in self.nodes.values()}
        for number, line in self.lines:
            if not isinstance(line, EventLine):
                continue
            mark = Name.parse(self.marks.get(line.id, {}).get("name", ""))
            if mark and mark.kind == "quotation":
                if mark in named:
                    self.nodes[line.id] = named[mark]
            elif line.trigger not in self.bounds:
                self._left(number, line.id, line.trigger)
            else:
                natural = Name("event", line.id)
                node = self._node(line.id, natural, line.type, self.bounds[line.trigger])
                if node.name == natural:
                    node.rest.setdefault("extra", {})["trigger_id"] = line.trigger
                self.nodes[line.id] = node

    def _left(self, number: int, own: str, target: str) -> None:
        message = f"kept as it is: {own} points at {target}, which is not there"
        self.notes.append(Problem(self.where, number, "dangling-id", message))

    def _arguments(self, number: int, line: EventLine) -> None:
        node = self.nodes[line.id]
        ours = line.id in self.marks and "name" in self.marks[line.id]
        roles = [role for role, _ in line.args]
        if ours:
            stored = self.marks[line.id].get("roles", [])
            roles = stored if len(stored) == len(roles) else unnumbered(roles)
        for role, (_, target) in zip(roles, line.args, strict=True):
            label = role.upper() if node.name.kind == "quotation" else role
            if target not in self.nodes:
                self._left(number, line.id, target)
                node.rest.setdefault("extra", {}).setdefault("dangling", []).append([role, target])
            elif label != "CONTENT" or self.nodes[target].id != node.id:
                self.edges.append(Edge(label, node.id, self.nodes[target].id))

    def _arrow(self, number: int, line: Arrow) -> None:
        gone = [end for end in line.ends if end not in self.nodes]
        if gone:
            self._left(number, line.id, gone[0])
            return
        source, target = (self.nodes[end] for end in line.ends)
        mark = self.marks.get(line.id, {})
        name = Name.parse(mark.get("name", ""))
        ours = "name" in self.marks.get(line.ends[0], {})
        kind = source.name.kind if ours else "span"
        fixed = {r.upper() for r in REFS.get(kind, ())} | {e for _, e in PARTS.get(kind, {}).values()}
        features, rest = dict(mark.get("features", {})), dict(mark.get("rest", {}))
        if name is None and (line.type not in fixed or line.roles != ("Arg1", "Arg2")):
            name = Name("relation", line.id)
            if line.roles != ("Arg1", "Arg2"):
                rest.setdefault("extra", {})["roles"] = list(line.roles)
        edge = Edge(_label(mark, line.type), source.id, target.id, name, features, rest)
        self.edges.append(edge)
        self.arrows[line.id] = edge

    def _equivs(self) -> None:
        """Equiv of actors' mentions adds what is new to the actor; any other is a star of relations."""
        lines = [(n, line) for n, line in self.lines if isinstance(line, Equiv)]
        for rank, (number, line) in enumerate(lines, start=1):
            gone = [m for m in line.members if m not in self.nodes]
            if gone or len(line.members) < 2:
                self._left(number, "*", (gone or ["nothing"])[0])
                continue
            members = [self.nodes[m] for m in line.members]
            owners = [n.name for n in members if n.name.kind in ("actor", "place")]
            if owners:
                for node in members:
                    if node.name.kind == "span":
                        node.name = Name(
                            owners[0].kind, owners[0].object, "mentions", 10_000 + len(self.edges)
                        )
                        self.edges.append(Edge("COREF", str(Name(*owners[0][:2])), node.id))
                continue
            for order, node in enumerate(members[1:], start=1):
                star = f"*{rank}" + (f".{order}" if order > 1 else "")
                self.edges.append(Edge(line.type, node.id, members[0].id, Name("relation", star)))

    def _details(self) -> None:
        """Attributes, references and notes, where they belong."""
        ours = {own for own, mark in self.marks.items() if "name" in mark}
        for number, line in self.lines:
            if not isinstance(line, Attribute | Reference | Note):
                continue
            held: Node | Edge | None = self.nodes.get(line.target) or self.arrows.get(line.target)
            if held is None:
                self._left(number, line.id, line.target)
                continue
            if line.target in ours and _ours(held, line):
                continue
            match line:
                case Attribute():
                    entry = {"id": line.id, "name": line.name, "value": line.value}
                    held.rest.setdefault("extra", {}).setdefault("attributes", []).append(entry)
                case Reference():
                    keys = ("id", "type", "database", "entry", "text")
                    entry = {k: getattr(line, k) for k in keys}
                    held.rest.setdefault("extra", {}).setdefault("references", []).append(entry)
                case Note():
                    if line.type == NOTES and line.text and "note" not in held.features:
                        held.features["note"] = line.text
                        continue
                    entry = {"id": line.id, "type": line.type, "text": line.text}
                    held.rest.setdefault("extra", {}).setdefault("notes", []).append(entry)


def unnumbered(roles: list[str]) -> list[str]:
    """Roles without the number that brat gives to the second and later ones of a name.

    >>> unnumbered(["agent", "agent2", "arg1"])
    ['agent', 'agent', 'arg1']
    """
    seen: set[str] = set()
    result = []
    for role in roles:
        plain = role.rstrip("0123456789")
        result.append(plain if plain != role and plain in seen else role)
        seen.add(result[-1])
    return result


def _ours(held: Node | Edge, line: Attribute | Reference | Note) -> bool:
    """Whether the line states a field of an object of ours; if so it is taken over."""
    match line:
        case Attribute() if line.name not in held.features:
            held.features[line.name] = line.value or "true"
        case Reference() if line.database == "Wikidata" and "wikidata" not in held.features:
            held.features["wikidata"] = line.entry
        case Note() if line.type == NOTES and "note" not in held.features:
            held.features["note"] = line.text
        case _:
            return False
    return True


def _label(mark: dict[str, Any], label: str) -> str:
    stored = mark.get("label", ["", ""])
    return str(stored[1]) if stored[0] == label else label


def _targets(line: Line) -> tuple[str, ...]:
    match line:
        case Arrow():
            return line.ends
        case EventLine():
            return tuple(target for _, target in line.args)
        case Attribute() | Reference() | Note():
            return (line.target,)
        case Equiv():
            return line.members
    return ()


def _same(stored: str, found: str) -> bool:
    """brat stores no line breaks, and allows more columns after the text."""
    found = found.translate(BREAKS)
    tail = stored[len(found) :]
    return stored.startswith(found) and (not tail or tail[0].isspace())
