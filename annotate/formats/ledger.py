"""What a file's own spans and arrows cannot say, in one value beside them.

For tools that keep unknown keys of a document (Prodigy, Label Studio, doccano) but
not those of a span. The ledger is keyed by what the tool knows each span by;
what the tool has changed is read from the tool, and the ledger adds the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from goldwire.annotate.formats.graph import Edge, Graph, Name, Node, Pieces

KEY = "goldwire"
Natural = Callable[[Node | Edge, str], Name | None]


def written(
    graph: Graph, nodes: Mapping[str, str], edges: Mapping[int, str], natural: Natural
) -> dict[str, Any]:
    """The ledger of a graph; empty where the tool's own file says everything.

    ``nodes`` maps a node's id to the tool's key for it, ``edges`` the index of an
    edge. ``natural(item, key)`` is the name that reading the file gives without a ledger.
    """
    ledger: dict[str, Any] = {}
    for node in graph.nodes:
        if node.id in nodes and (entry := _entry(node, nodes[node.id], natural)):
            ledger.setdefault("spans", {})[nodes[node.id]] = entry
    for index, edge in enumerate(graph.edges):
        if index in edges and (entry := _entry(edge, edges[index], natural)):
            ledger.setdefault("relations", {})[edges[index]] = entry
    if graph.rest:
        ledger["rest"] = graph.rest
    return ledger


def _entry(item: Node | Edge, key: str, natural: Natural) -> dict[str, Any]:
    entry: dict[str, Any] = {"features": item.features, "rest": item.rest}
    entry = {k: v for k, v in entry.items() if v}
    if item.name != natural(item, key):
        entry["name"] = "" if item.name is None else str(item.name)
    return entry


def node(ledger: Mapping[str, Any], key: str, label: str, pieces: Pieces, natural: Name) -> Node:
    """The node for a span of the file, with what the ledger knows of it."""
    entry = ledger.get("spans", {}).get(key, {})
    name = Name.parse(entry["name"]) if entry.get("name") else None
    return Node(name or natural, label, pieces, dict(entry.get("features", {})), dict(entry.get("rest", {})))


def edge(
    ledger: Mapping[str, Any], key: str, label: str, source: str, target: str, natural: Name | None
) -> Edge:
    """The edge for a relation of the file, with what the ledger knows of it."""
    entry = ledger.get("relations", {}).get(key, {})
    name = natural
    if "name" in entry:
        name = Name.parse(entry["name"]) if entry["name"] else None
    features, rest = dict(entry.get("features", {})), dict(entry.get("rest", {}))
    return Edge(label, source, target, name, features, rest)
