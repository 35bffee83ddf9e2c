"""Annotation as UIMA and INCEpTION see it: layers of annotations with features, slots, arrows, chains.

Between a document's graph and the two kinds of file (WebAnno TSV, UIMA CAS). What
another tool wrote stays in the layers that it came from; what is ours stands in
three layers of our own, so that INCEpTION shows it with its labels, fields and roles.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from msgspec import Struct, field

from goldwire.annotate.formats.graph import Edge, Graph, Name, Node, Pieces

SPAN = "webanno.custom.Goldwire"
ARROW = "webanno.custom.GoldwireRelation"
WHOLE = "webanno.custom.GoldwireDocument"
ROLES = "args"
CAS = "cas"  # key of Document.extra for what belongs to the file
ANY = "uima.tcas.Annotation"
MOVED = "moved"  # where a node stood that a format could only show elsewhere
# The feature that says what an annotation is, in the order of preference.
_SAYING = ("value", "label", "PosValue", "DependencyType", "referenceType", "identifier", "type", "role")
_FEATURE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_OWN = {"label", "object", "rest", ROLES, "begin", "end", "sofa", "self", "type"}


class Layer(Struct, omit_defaults=True):
    """A type of annotation: ``kind`` span, relation or chain; ``slots`` maps a feature to its types.

    A slot's types are those of the link and of its target; it is among the features, too.
    """

    name: str
    kind: str = "span"
    features: list[str] = field(default_factory=list)
    slots: dict[str, tuple[str, str]] = field(default_factory=dict)
    base: str = ""


class Annotation(Struct):
    """A stretch of text in a layer; ``slots`` lists (role, id of the target)."""

    id: str
    layer: str
    start: int
    end: int
    values: dict[str, Any] = field(default_factory=dict)
    slots: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    chain: int = 0
    number: int = 0  # the disambiguation id of the file


class Arrow(Struct):
    """A relation between two annotations."""

    id: str
    layer: str
    source: str
    target: str
    values: dict[str, Any] = field(default_factory=dict)


class Layers(Struct):
    """One text with everything in it; offsets are code points."""

    text: str
    layers: dict[str, Layer] = field(default_factory=dict)
    sentences: list[tuple[int, int, str]] = field(default_factory=list)
    tokens: list[tuple[int, int]] = field(default_factory=list)
    annotations: list[Annotation] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    chained: list[tuple[str, str]] = field(default_factory=list)  # (link, the next one)
    more: dict[str, Any] = field(default_factory=dict)


def short(layer: str) -> str:
    """The last part of a type's name."""
    return layer.rpartition(".")[2]


def label_of(layer: str, values: dict[str, Any]) -> str:
    """What an annotation is called: the value of the feature that says it, else the layer's name.

    >>> label_of("x.ner.NamedEntity", {"identifier": "Q1", "value": "PER"}), label_of("x.Lemma", {})
    ('PER', 'Lemma')
    """
    key = _saying(values)
    return str(values[key]) if key else short(layer)


def _saying(values: dict[str, Any]) -> str:
    listed = [k for k, v in values.items() if isinstance(v, str) and v]
    return next((k for k in (*_SAYING, *listed) if k in listed), "")


def relabelled(layer: str, values: dict[str, Any], label: str) -> dict[str, Any]:
    """The values of an annotation that is now called ``label``."""
    key = _saying(values)
    if label_of(layer, values) == label or not key:
        return values
    return {**values, key: label}


def _stored(value: Any) -> dict[str, Any]:
    """What goldwire wrote into a feature; raises ValueError where it is not that any more."""
    try:
        found = json.loads(str(value or "{}"))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ValueError("what goldwire stored in a feature is no JSON object any more")
    return found


def graph_of(cas: Layers, remember: bool = True) -> Graph:
    """The graph of what stands in the layers; ``rest`` comes from our own, if there are any."""
    whole = [a for a in cas.annotations if a.layer == WHOLE]
    rest: dict[str, Any] = _stored(whole[0].values.get("data")) if whole else {}
    names = _names(cas)
    nodes = [_node(a, names[a.id]) for a in cas.annotations if a.layer != WHOLE]
    edges: list[Edge] = []
    for a in cas.annotations:
        for feature, links in a.slots.items():
            for rank, (role, target) in enumerate(links, start=1):
                ours = a.layer == SPAN and feature == ROLES
                name = None if ours else Name("relation", f"{a.id}.{feature}.{rank}")
                edge = Edge(role or feature, str(names[a.id]), str(names[target]), name)
                if not ours:
                    edge.rest = {"extra": {"layer": a.layer, "slot": feature, "role": role}}
                edges.append(edge)
    edges += [_edge(x, names) for x in sorted(cas.arrows, key=_rank)]
    by_id = {a.id: a for a in cas.annotations}
    for here, there in cas.chained:
        label = str(by_id[here].values.get("referenceRelation") or "next")
        name = Name("relation", f"{here}->{there}")
        extra = {"layer": by_id[here].layer, "chain": True}
        edges.append(Edge(label, str(names[here]), str(names[there]), name, rest={"extra": extra}))
    if remember and not whole:
        rest = {"objects": _segments(cas), "extra": {CAS: _remarks(cas)}}
        rest["order"] = {
            "spans": [n.name.object for n in nodes],
            "relations": [e.name.object for e in edges if e.name],
        }
    return Graph(cas.text, nodes, edges, rest)


def _names(cas: Layers) -> dict[str, Name]:
    """The name of each annotation: the one that we gave it, else its id, never one twice."""
    names: dict[str, Name] = {}
    taken: set[Name] = set()
    for a in cas.annotations:
        own = Name.parse(str(a.values.get("object", ""))) if a.layer == SPAN else None
        if own and own not in taken:
            names[a.id] = own
            taken.add(own)
    for a in cas.annotations:
        if a.id not in names and a.layer != WHOLE:
            own, number = Name("span", a.id), 1
            while own in taken:
                number += 1
                own = Name("span", f"{a.id}-{number}")
            names[a.id] = own
            taken.add(own)
    return names


def _node(a: Annotation, name: Name) -> Node:
    pieces: Pieces = ((a.start, a.end),)
    if a.layer != SPAN:
        extra: dict[str, Any] = {"layer": a.layer, "values": a.values}
        extra |= {k: v for k, v in (("chain", a.chain), ("number", a.number)) if v}
        return Node(name, label_of(a.layer, a.values), pieces, rest={"extra": extra})
    stored = _stored(a.values.get("rest"))
    features = {k: str(v) for k, v in a.values.items() if k not in _OWN and v is not None}
    features |= stored.get("features", {})
    moved = stored.get(MOVED, {})
    if moved.get("to") == [a.start, a.end]:
        pieces = tuple((s, e) for s, e in moved["from"])
    return Node(name, str(a.values.get("label") or "SPAN"), pieces, features, stored.get("rest", {}))


def _rank(x: Arrow) -> int:
    return int(_stored(x.values.get("rest")).get("rank", 0)) if x.layer == ARROW else 0


def _edge(x: Arrow, names: dict[str, Name]) -> Edge:
    ends = str(names[x.source]), str(names[x.target])
    if x.layer != ARROW:
        extra = {"layer": x.layer, "values": x.values}
        return Edge(label_of(x.layer, x.values), *ends, Name("relation", x.id), {}, {"extra": extra})
    stored = _stored(x.values.get("rest"))
    said = str(x.values.get("object") or "")
    name = Name.parse(said) or (None if said == "field" else Name("relation", x.id))
    label = str(x.values.get("label") or "RELATION")
    return Edge(label, *ends, name, stored.get("features", {}), stored.get("rest", {}))


def _segments(cas: Layers) -> list[list[Any]]:
    found: list[list[Any]] = []
    for number, (start, end, own) in enumerate(cas.sentences, start=1):
        raw: dict[str, Any] = {"id": f"g{number}", "start": start, "end": end}
        found.append(["segment", raw | ({"sentence": own} if own else {})])
    return found


def _remarks(cas: Layers) -> dict[str, Any]:
    remarks: dict[str, Any] = {"layers": [_plain(layer) for layer in cas.layers.values()]}
    if cas.tokens and cas.tokens != words(cas.text):
        remarks["tokens"] = [list(t) for t in cas.tokens]
    return remarks | cas.more


def _plain(layer: Layer) -> dict[str, Any]:
    raw = {"name": layer.name, "kind": layer.kind, "features": layer.features, "base": layer.base}
    slots = {k: list(v) for k, v in layer.slots.items()}
    return {k: v for k, v in (raw | {"slots": slots}).items() if v}


def words(text: str) -> list[tuple[int, int]]:
    """Tokens of a text that has none: what stands between white space."""
    return [m.span() for m in re.finditer(r"\S+", text)]


def fine_words(text: str) -> list[tuple[int, int]]:
    """Tokens for a text of ours: words, and every other character that is not white space."""
    return [m.span() for m in re.finditer(r"\w+|[^\w\s]", text)]


def layers_of(graph: Graph, declared: list[Layer], data: dict[str, Any]) -> Layers:
    """The layers of a graph without discontinuous nodes; ``data`` goes with the document.

    Text, sentences and tokens are for the caller to add.
    """
    cas = Layers(graph.text, {layer.name: layer for layer in declared})
    at = {n.id: n for n in graph.nodes}
    ids = {n.id: n.name.object if n.name.kind == "span" else n.id for n in graph.nodes}
    by_id: dict[str, Annotation] = {}
    ranks: Counter[tuple[str, str]] = Counter()
    for node in graph.nodes:
        by_id[node.id] = _annotation(node, ids[node.id])
        cas.annotations.append(by_id[node.id])
    for edge in graph.edges:
        extra = edge.rest.get("extra", {})
        source, target = by_id[edge.source], by_id[edge.target]
        native = isinstance(extra.get("layer"), str) and edge.name is not None
        if native and extra.get("chain") is True and source.layer == target.layer == extra["layer"]:
            cas.chained.append((source.id, target.id))
            if edge.label != str(source.values.get("referenceRelation") or "next"):
                source.values = {**source.values, "referenceRelation": edge.label}
        elif native and isinstance(extra.get("slot"), str) and source.layer == extra["layer"]:
            kept = str(extra.get("role", ""))
            role = kept if edge.label == (kept or extra["slot"]) else edge.label
            source.slots.setdefault(extra["slot"], []).append((role, target.id))
        elif native and isinstance(extra.get("values"), dict) and edge.name:
            values = relabelled(extra["layer"], extra["values"], edge.label)
            cas.arrows.append(Arrow(edge.name.object, extra["layer"], source.id, target.id, values))
        elif edge.name is None and at[edge.source].name.kind == "event" and edge.label != "COREF":
            source.slots.setdefault(ROLES, []).append((edge.label, target.id))
        else:
            rank = ranks[edge.source, edge.label]
            ranks[edge.source, edge.label] += 1
            cas.arrows.append(_own_arrow(edge, source.id, target.id, len(cas.arrows), rank))
    if data:
        last = len(graph.text)
        cas.annotations.append(Annotation("document", WHOLE, 0, last, {"data": _json(data)}))
    _declare(cas)
    return cas


def _annotation(node: Node, own: str) -> Annotation:
    (start, end), *_ = node.pieces
    extra = node.rest.get("extra", {})
    if node.name.kind == "span" and isinstance(extra.get("layer"), str) and not node.features:
        values = relabelled(extra["layer"], extra.get("values", {}), node.label)
        chain, number = extra.get("chain", 0), extra.get("number", 0)
        return Annotation(own, extra["layer"], start, end, values, chain=chain, number=number)
    shown = {k: v for k, v in node.features.items() if _FEATURE.fullmatch(k) and k not in _OWN}
    hidden = {k: v for k, v in node.features.items() if k not in shown}
    said: dict[str, Any] = {"label": node.label, "object": node.id, **shown}
    rest = {k: v for k, v in node.rest.items() if k != MOVED}
    stored = {k: v for k, v in (("features", hidden), ("rest", rest), (MOVED, node.rest.get(MOVED))) if v}
    if stored:
        said["rest"] = _json(stored)
    return Annotation(own, SPAN, start, end, said)


def _own_arrow(edge: Edge, source: str, target: str, number: int, rank: int) -> Arrow:
    # Files sort arrows by their ends; the rank among those of one name is the order of a field's values.
    values = {"label": edge.label, "object": str(edge.name) if edge.name else "field"}
    stored = {k: v for k, v in (("features", edge.features), ("rest", edge.rest), ("rank", rank)) if v}
    if stored:
        values["rest"] = _json(stored)
    own = edge.name.object if edge.name else f"arrow{number}"
    return Arrow(own, ARROW, source, target, values)


def _declare(cas: Layers) -> None:
    """Layers that are in use and that nobody has declared: ours, with the features in use."""
    seen: dict[str, list[str]] = {}
    stated = [(a.layer, a.values) for a in cas.annotations] + [(x.layer, x.values) for x in cas.arrows]
    for name, values in stated:
        listed = seen.setdefault(name, [])
        listed += [k for k in values if k not in listed]
    kinds = {a.layer: "span" for a in cas.annotations} | {x.layer: "relation" for x in cas.arrows}
    for name, features in seen.items():
        if name in cas.layers or name not in (SPAN, ARROW, WHOLE):
            continue
        cas.layers[name] = Layer(name, kinds[name], features, base=SPAN if name == ARROW else "")
        if name == SPAN and any(ROLES in a.slots for a in cas.annotations):
            cas.layers[name].features.append(ROLES)
            cas.layers[name].slots = {ROLES: (f"{SPAN}ArgsLink", ANY)}


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
