"""The document as most tools see it: labelled spans with features, and labelled arrows between them.

A graph stands between our objects and the files of tools that know only spans,
attributes and relations (brat, UIMA, Label Studio, doccano, GATE, spaCy …).
``project`` makes one from a document, ``restore`` makes the document again; a
format writes nodes and edges in its own syntax and keeps ``rest`` wherever it
has room for a string. What a tool changes (a bound, a label, a feature, an
arrow) is read from the tool; what it cannot show comes back from ``rest``.

How objects are shown
    A mention is a node. An object's first mention (its trigger, its content) is
    its primary node and holds its fields as features; further mentions and parts
    (cue, verbatim, evidence …) are nodes of their own, tied to the primary one by
    an edge COREF, CUE … . A reference is an edge named after its field, an
    argument an edge named after its role, a link or relation an edge of its type.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from msgspec import Struct, field

from goldwire.annotate.document import COLLECTIONS

Pieces = tuple[tuple[int, int], ...]

# kind -> (layer, field that is the label, field of the mentions the first of which is primary)
LAYERS: dict[str, tuple[str, str, str]] = {
    "actor": ("ACTOR", "type", "mentions"),
    "place": ("PLACE", "kind", "mentions"),
    "time": ("TIME", "kind", "mention"),
    "number": ("NUMBER", "kind", "mention"),
    "quotation": ("QUOTE", "", "content"),
    "term": ("TERM", "", "mention"),
    "event": ("TRIGGER", "type", "trigger"),
    "span": ("SPAN", "label", "mention"),
}
# kind -> field of a further mention -> (label of its node, label of the edge that ties it)
PARTS: dict[str, dict[str, tuple[str, str]]] = {
    "actor": {"mentions": ("", "COREF")},
    "place": {"mentions": ("", "COREF")},
    "quotation": {
        "content": ("QUOTE", "CONTENT"),
        "cue": ("CUE", "CUE"),
        "verbatim": ("VERBATIM", "VERBATIM"),
        "anaphor": ("ANAPHOR", "ANAPHOR"),
        "speaker_span": ("ARG", "SPEAKER"),
    },
    "event": {"args": ("ARG", "")},
    "link": {"evidence": ("ARG", "")},
}
# kind -> fields that hold ids of other objects
REFS: dict[str, tuple[str, ...]] = {
    "actor": ("affiliation", "member_of"),
    "place": ("part_of", "controlled_by", "member_of", "actor"),
    "time": ("anchor",),
    "number": ("counted", "of", "as_of", "scope", "said_by", "trend_from"),
    "quotation": ("speaker", "addressee", "parent", "via", "event"),
    "event": ("coref",),
}
_NAME = re.compile(r"(\w+)/(.*?)(?:/([a-z_]+)/(\d+))?", re.DOTALL)


class Name(NamedTuple):
    """Which mention of which object a node is; ``part`` "" for the primary one.

    >>> str(Name("actor", "a1", "mentions", 2)), Name.parse("actor/a1/mentions/2").object
    ('actor/a1/mentions/2', 'a1')
    """

    kind: str
    object: str
    part: str = ""
    rank: int = 0

    def __str__(self) -> str:
        return f"{self.kind}/{self.object}" + (f"/{self.part}/{self.rank}" if self.part else "")

    @classmethod
    def parse(cls, name: str) -> Name | None:
        """The name that a string states; None where it is none of ours."""
        found = _NAME.fullmatch(name)
        if not found or found[1] not in COLLECTIONS:
            return None
        kind, own, part, rank = found.groups()
        if part and part not in PARTS.get(kind, {}):
            return cls(kind, f"{own}/{part}/{rank}")
        return cls(kind, own, part or "", int(rank or 0))


class Node(Struct):
    """A labelled stretch of text: a mention. ``pieces`` in code points, half-open."""

    name: Name
    label: str
    pieces: Pieces
    features: dict[str, str] = field(default_factory=dict)
    rest: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.name)


class Edge(Struct):
    """A labelled arrow between two nodes, by their ids.

    ``name`` is set where the arrow is an object itself (a link, a relation) and
    empty where it shows a field of the node that it leaves.
    """

    label: str
    source: str
    target: str
    name: Name | None = None
    features: dict[str, str] = field(default_factory=dict)
    rest: dict[str, Any] = field(default_factory=dict)


class Graph(Struct):
    """A text with its nodes and edges; ``rest`` is what no node or edge can show."""

    text: str
    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    rest: dict[str, Any] = field(default_factory=dict)


def object_place(node: Node) -> tuple[int, int, str]:
    """Where an object stands in reading order: by its primary node."""
    return node.pieces[0][0], -max(end for _, end in node.pieces), node.name.object


def arrow_place(source: Node, target: Node, own: str) -> tuple[int, int, str]:
    """Where a link or relation stands in reading order."""
    return source.pieces[0][0], target.pieces[0][0], own


def surface(text: str, pieces: Pieces, glue: str = " ") -> str:
    """What the pieces say, joined."""
    return glue.join(text[start:end] for start, end in pieces)


def split_pieces(graph: Graph) -> Graph:
    """The graph with one node for each piece: for formats without discontinuous spans.

    The first piece stays the node; a further one is a node of the same label that
    names it in the feature ``continues``. ``join_pieces`` is the inverse.

    >>> n = Node(Name("span", "s1"), "X", ((0, 3), (8, 12)))
    >>> [(x.pieces, x.features) for x in split_pieces(Graph("lay him down", [n])).nodes]
    [(((0, 3),), {}), (((8, 12),), {'continues': 'span/s1'})]
    """
    if all(len(n.pieces) == 1 for n in graph.nodes):
        return graph
    nodes: list[Node] = []
    for node in graph.nodes:
        nodes.append(Node(node.name, node.label, node.pieces[:1], node.features, node.rest))
        for rank, piece in enumerate(node.pieces[1:], start=2):
            name = Name("span", f"{node.id}+{rank}")
            nodes.append(Node(name, node.label, (piece,), {"continues": node.id}))
    return Graph(graph.text, nodes, graph.edges, graph.rest)


def join_pieces(graph: Graph) -> Graph:
    """The graph with pieces joined to the node that they continue."""
    later: dict[str, list[tuple[int, Pieces]]] = {}
    for order, node in enumerate(graph.nodes):
        if first := node.features.get("continues"):
            suffix = node.name.object.rpartition("+")[2]
            rank = int(suffix) if suffix.isdecimal() else 1000 + order
            later.setdefault(first, []).append((rank, node.pieces))
    if not later:
        return graph
    known = {n.id for n in graph.nodes}
    nodes: list[Node] = []
    for node in graph.nodes:
        if node.features.get("continues") in known:
            continue
        more = tuple(p for _, pieces in sorted(later.get(node.id, ())) for p in pieces)
        nodes.append(Node(node.name, node.label, node.pieces + more, node.features, node.rest))
    return Graph(graph.text, nodes, graph.edges, graph.rest)
