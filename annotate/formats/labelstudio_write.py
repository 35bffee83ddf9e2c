"""A document → the results of a Label Studio annotation."""

from __future__ import annotations

from typing import Any

from goldwire.annotate.document import Document
from goldwire.annotate.formats import ledger
from goldwire.annotate.formats.graph import Edge, Name, Node, split_pieces
from goldwire.annotate.formats.labelstudio_read import LABELS, TOOL, relation_key, relation_prefix
from goldwire.annotate.formats.project import project
from goldwire.annotate.offsets import foreign

# Fields that are shown as a choice; any other is a text area.
_CLOSED = frozenset(
    "polarity modality tense phase plural status form metonymy mod stat basis rounded open_low open_high "
    "directness stance content_tail".split()
)


def results_of(
    document: Document, remarks: dict[str, Any], unit: str
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The results, and the ledger of what they cannot say (empty for a task that came as it is)."""
    graph = split_pieces(project(document))
    keys = {n.id: n.name.object if n.name.kind == "span" else n.id for n in graph.nodes}
    written: dict[str, list[dict[str, Any]]] = {}
    for node in graph.nodes:
        extra = node.rest.get("extra", {})
        shape = extra.get(TOOL) if isinstance(extra.get(TOOL), dict) else None
        if shape and "of" in shape and str(shape["of"]) in written:
            written[str(shape["of"])][0]["value"].setdefault("more", []).append(node.label)
            node.rest = _without(node.rest)
        elif shape and "results" in shape:
            written[keys[node.id]] = _as_it_came(document.text, node, shape)
            node.rest = _without(node.rest)
            node.features = {k: v for k, v in node.features.items() if k != "confidence"}
        else:
            written[keys[node.id]] = _fresh(document.text, node, keys[node.id], unit)
    for results in written.values():
        _relabel(results)
    arrows: dict[str, list[dict[str, Any]]] = {}
    edge_keys: dict[int, str] = {}
    seen: dict[str, int] = {}
    for rank, edge in enumerate(graph.edges):
        ends = keys[edge.source], keys[edge.target]
        edge_keys[rank] = relation_key(ends[0], ends[1], edge.label, seen)
        own = edge.name.object if edge.name else f"#{rank}"
        arrows[own] = [_arrow(edge, ends)]
    prefix = relation_prefix(keys.values())
    place = {key: Name("relation", f"{prefix}{rank + 1}") for rank, key in edge_keys.items()}

    def natural(item: Node | Edge, key: str) -> Name:
        return Name("span", key) if isinstance(item, Node) else place[key]

    kept = ledger.written(graph, keys, edge_keys, natural)
    ordered: list[dict[str, Any]] = []
    for entry in remarks.get("order", []):
        if isinstance(entry, dict):
            ordered.append(entry)
            continue
        own, rank = entry
        listed = written.get(own) or arrows.get(own) or []
        if rank < len(listed):
            ordered.append(listed[rank])
            listed[rank] = {}
    left = [r for listed in (*written.values(), *arrows.values()) for r in listed if r]
    return ordered + left, kept


def _without(rest: dict[str, Any]) -> dict[str, Any]:
    extra = {k: v for k, v in rest.get("extra", {}).items() if k != TOOL}
    return {k: v for k, v in rest.items() if k != "extra"} | ({"extra": extra} if extra else {})


def _place(text: str, node: Node, unit: str) -> dict[str, Any]:
    ((start, end),) = foreign(text, node.pieces[:1], unit)
    a, b = node.pieces[0]
    return {"start": start, "end": end, "text": text[a:b]}


def _as_it_came(text: str, node: Node, shape: dict[str, Any]) -> list[dict[str, Any]]:
    """The results of a region that Label Studio wrote, at the place and with the label that it has now."""
    first, *others = shape["results"]
    value = dict(first["value"])
    place = (
        {} if isinstance(value.get("start"), str) else _place(text, node, shape.get("unit", "code points"))
    )
    key = next((k for k in LABELS if k in value), "labels")
    value = {**place, **value, key: [node.label] if node.label != "SPAN" else []}
    return [{**first, "value": value}, *others]


def _relabel(results: list[dict[str, Any]]) -> None:
    value = results[0].get("value", {})
    more = value.pop("more", [])
    for key in LABELS:
        if more and key in value:
            value[key] = [*value[key], *more]


def _fresh(text: str, node: Node, key: str, unit: str) -> list[dict[str, Any]]:
    """A region of ours, and a result for each field of its object."""
    place = _place(text, node, unit)
    region = {"id": key, "from_name": "label", "to_name": "text"}
    results = [{**region, "type": "labels", "origin": "manual", "value": {**place, "labels": [node.label]}}]
    if node.name.kind == "span":
        return results
    for name, said in node.features.items():
        kind = "choices" if name in _CLOSED else "textarea"
        value = {**place, "choices" if kind == "choices" else "text": [said]}
        results.append({"id": key, "from_name": name, "to_name": "text", "type": kind, "value": value})
    node.features = {}
    return results


def _arrow(edge: Edge, ends: tuple[str, str]) -> dict[str, Any]:
    extra = edge.rest.get("extra", {})
    shape = extra.get(TOOL)
    if not isinstance(shape, dict):
        relation = {"from_id": ends[0], "to_id": ends[1], "type": "relation", "direction": "right"}
        return {**relation, "labels": [edge.label]}
    edge.rest = _without(edge.rest)
    left = shape.get("direction") == "left"
    named: dict[str, Any] = {"from_id": ends[left], "to_id": ends[not left]}
    labels = shape.get("labels")
    first = str(labels[0]) if labels else "RELATION"
    if first != edge.label:
        named["labels"] = [edge.label]
    return {**named, **shape, **named}
