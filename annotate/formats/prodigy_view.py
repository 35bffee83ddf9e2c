"""What one of Prodigy's interfaces can show of a graph, and what an annotator made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import to_builtins

from goldwire.annotate.formats.graph import PARTS, REFS, Edge, Graph, Name, Node
from goldwire.annotate.problems import Problem, ProblemError

VIEWS = ("spans", "ner", "rel", "coref")
Bounds = tuple[int, int]


class View:
    """The part of a graph that a view shows: one span for a place and label, on whole tokens.

    ``ner``, ``rel`` and ``coref`` show no span that overlaps another: the longest goes
    first. ``spans`` and ``ner`` show no relations, ``coref`` only those called COREF.
    """

    def __init__(self, graph: Graph, view: str, layers: str, tokens: Sequence[Bounds]) -> None:
        wanted = {name.strip() for name in layers.split(",") if name.strip()}
        kinds = {f"{node.name.kind}s" for node in graph.nodes}
        if unknown := wanted - kinds - {f"{kind}s" for kind in [*PARTS, *REFS, "term", "span"]}:
            message = f"layers are {', '.join(sorted(kinds))}"
            raise ProblemError(Problem(min(unknown), 0, "option", message))
        starts, ends = {a for a, _ in tokens}, {b for _, b in tokens}
        self.nodes: list[Node] = []
        seen: set[tuple[int, int, str]] = set()
        edge_ends = {end for e in graph.edges if e.label == "COREF" for end in (e.source, e.target)}
        order = graph.nodes if view == "spans" else sorted(graph.nodes, key=_longest)
        for node in order:
            start, end = node.pieces[0]
            key = (start, end, node.label)
            fits = start < end and (not tokens or (start in starts and end in ends)) and key not in seen
            fits = fits and (not wanted or f"{node.name.kind}s" in wanted)
            fits = fits and (view != "coref" or node.id in edge_ends)
            if view != "spans" and any(a < end and start < b for a, b, _ in seen):
                fits = False
            if fits:
                seen.add(key)
                self.nodes.append(node)
        self.nodes.sort(key=_place)
        ids = {n.id for n in self.nodes}
        self.edges = [
            e
            for e in graph.edges
            if view in ("rel", "coref")
            and (view == "rel" or e.label == "COREF")
            and e.source in ids
            and e.target in ids
        ]
        shown = {id(e) for e in self.edges}
        self.hidden = Graph(
            "",
            [n for n in graph.nodes if n.id not in ids],
            [e for e in graph.edges if id(e) not in shown],
        )

    def kept(self) -> dict[str, Any]:
        """What is not shown, and what is known of what is shown, as plain values."""
        spans = [[n.id, *n.pieces[0], n.label, n.features, n.rest] for n in self.nodes]
        relations = [to_builtins(e) for e in self.edges]
        hidden = {"nodes": to_builtins(self.hidden.nodes), "edges": to_builtins(self.hidden.edges)}
        found = {"spans": spans, "relations": relations, **{k: v for k, v in hidden.items() if v}}
        return {k: v for k, v in found.items() if v}


def _longest(node: Node) -> tuple[int, int, str]:
    start, end = node.pieces[0]
    return start - end, start, node.id


def _place(node: Node) -> tuple[int, int, str]:
    start, end = node.pieces[0]
    return start, -end, node.label


def matched(spans: Sequence[Mapping[str, Any]], known: Sequence[Sequence[Any]]) -> list[int]:
    """For each span of a task the index of the entry of ``known`` that it is; -1 for a new one.

    By id, then by place and label, then by place alone (relabelled), then by the
    largest overlap under the same label (redrawn).

    >>> known = [["actor/a1", 0, 3, "PER"], ["actor/a2", 4, 9, "ORG"]]
    >>> matched([{"start": 0, "end": 3, "label": "ORG"}, {"start": 4, "end": 8, "label": "ORG"}], known)
    [0, 1]
    """
    result = [-1] * len(spans)
    free = set(range(len(known)))
    keys: tuple[tuple[Callable[[Any], Any], Callable[[Any], Any]], ...] = (
        (lambda s: s.get("id"), lambda k: k[0]),
        (lambda s: (s["start"], s["end"], s.get("label")), lambda k: (k[1], k[2], k[3])),
        (lambda s: (s["start"], s["end"]), lambda k: (k[1], k[2])),
    )
    for of_span, of_known in keys:
        waiting: dict[Any, list[int]] = {}
        for j in sorted(free, reverse=True):
            waiting.setdefault(of_known(known[j]), []).append(j)
        for i, span in enumerate(spans):
            if result[i] < 0 and (found := waiting.get(of_span(span))):
                result[i] = found.pop()
                free.discard(result[i])
    overlaps = [
        (min(s["end"], known[j][2]) - max(s["start"], known[j][1]), -i, -j)
        for i, s in enumerate(spans)
        if result[i] < 0
        for j in free
        if s.get("label") == known[j][3]
    ]
    for size, i, j in sorted(overlaps, reverse=True):
        if size > 0 and result[-i] < 0 and -j in free:
            result[-i] = -j
            free.discard(-j)
    return result


def edges_of(
    relations: Sequence[tuple[str, str, str]], known: Sequence[Edge], nodes: Mapping[str, Node]
) -> list[Edge]:
    """The edges of a task: those that were shown and still are, then what the annotator drew.

    A new arrow that leaves an object of ours is a field of it, or an argument if it
    leaves an event; any other is a relation.
    """
    drawn = Counter(relations)
    result: list[Edge] = []
    for edge in known:
        if drawn[edge.source, edge.target, edge.label]:
            drawn[edge.source, edge.target, edge.label] -= 1
            result.append(edge)
    left = list(drawn.elements())
    taken = {e.name.object for e in known if e.name} | {n.name.object for n in nodes.values()}
    for origin, to, label in left:
        kind = nodes[origin].name.kind
        fixed = {name.upper() for name in REFS.get(kind, ())} | {x for _, x in PARTS.get(kind, {}).values()}
        if label in fixed or kind == "event":
            result.append(Edge(label, origin, to))
            continue
        number = 1
        while f"r{number}" in taken:
            number += 1
        taken.add(f"r{number}")
        result.append(Edge(label, origin, to, Name("relation", f"r{number}")))
    return result
