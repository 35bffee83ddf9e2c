"""One Label Studio task → its text, and the results over it as nodes and edges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from goldwire.annotate.formats import hypertext, ledger, source
from goldwire.annotate.formats.graph import Edge, Graph, Name, Node, join_pieces
from goldwire.annotate.offsets import UNITS, Claim, prove

TOOL = "labelstudio"
LABELS = ("labels", "hypertextlabels", "paragraphlabels", "timeserieslabels")


class Words:
    """The text of a task, and where its tags count from: plain text, HTML or a list of paragraphs."""

    def __init__(self, value: Any, where: str, line: int, text_key: str = "") -> None:
        self.nodes: list[hypertext.TextNode] = []
        self.starts: list[int] = []
        self.lengths: list[int] = []
        self.kind = "text"
        if isinstance(value, str):
            self.text = value
        elif isinstance(value, list):
            self.kind = "paragraphs"
            said = [_said(x, text_key) for x in value]
            self.text = ""
            for each in said:
                self.starts.append(len(self.text))
                self.lengths.append(len(each))
                self.text += each + "\n"
            self.text = self.text[:-1]
        else:
            source.refuse(where, line, "structure", "the text is neither a string nor a list of paragraphs")
        source.checked_text(self.text, where, line)

    def as_html(self) -> None:
        """Take the text for HTML; what counts from here on is what a browser shows of it."""
        if self.kind == "text":
            self.nodes = hypertext.text_nodes(self.text)
            self.text = hypertext.plain_text(self.nodes)
            self.kind = "html"

    def claim(self, value: Mapping[str, Any], line: int, name: str, where: str) -> Claim:
        """Where a result says that it stands; offsets of the plain text."""
        says = value.get("text")
        if isinstance(says, list):
            says = says[0] if says and isinstance(says[0], str) else None
        if not isinstance(says, str) or "start" not in value:
            says = None
        start, end = self._bounds(value)
        if not isinstance(start, int) or not isinstance(end, int) or isinstance(start, bool):
            source.refuse(where, line, "structure", f"{name}: start and end should be whole numbers")
        return Claim(start, end, says, line, name)

    def _bounds(self, value: Mapping[str, Any]) -> tuple[Any, Any]:
        if self.kind == "paragraphs":
            return self._paragraph(value, "start"), self._paragraph(value, "end")
        if self.kind == "html":
            both = value.get("globalOffsets")
            if isinstance(both, dict) and isinstance(both.get("start"), int):
                return both["start"], both.get("end")
            start, end = (
                hypertext.place(self.nodes, str(value.get(k, "")), _whole(value.get(f"{k}Offset")))
                for k in ("start", "end")
            )
            return start, end
        return value.get("start"), value.get("end")

    def _paragraph(self, value: Mapping[str, Any], end: str) -> int:
        number, offset = _whole(value.get(end)), _whole(value.get(f"{end}Offset"))
        if not 0 <= number < len(self.starts) or not 0 <= offset <= self.lengths[number]:
            return -1
        return self.starts[number] + offset


def _said(paragraph: Any, key: str) -> str:
    if isinstance(paragraph, str):
        return paragraph
    if not isinstance(paragraph, dict):
        return ""
    value = paragraph.get(key or "text", "")
    return value if isinstance(value, str) else ""


def _whole(value: Any) -> int:
    """A number as Label Studio writes it: paragraphs are numbered by strings."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def flat(results: Any) -> list[dict[str, Any]]:
    """Results in one list; old exports nest them."""
    if isinstance(results, dict):
        return [results]
    if isinstance(results, list):
        return [x for each in results for x in flat(each)]
    return []


def is_region(result: Mapping[str, Any]) -> bool:
    """Whether a result marks a stretch of text with labels."""
    value = result.get("value")
    named = isinstance(value, dict) and any(isinstance(value.get(k), list) for k in LABELS)
    return named and isinstance(value, dict) and ("start" in value or "globalOffsets" in value)


def graph_of(
    results: list[dict[str, Any]],
    words: Words,
    kept: Mapping[str, Any],
    where: str,
    line: int,
) -> tuple[Graph, list[Any]]:
    """The graph of the results, and the order in which they stood.

    An entry of that list is [id of the span or relation, rank of the result in it], or
    the result itself where it is about the whole text.
    """
    regions: dict[str, list[dict[str, Any]]] = {}
    marks = [r for r in results if is_region(r)]
    if any("globalOffsets" in r["value"] or isinstance(r["value"].get("start"), str) for r in marks):
        words.as_html()
    for r in marks:
        regions.setdefault(str(r.get("id", f"region{len(regions) + 1}")), []).append(r)
    claims = [words.claim(r["value"], line, f"region {own}", where) for own, (r, *_) in regions.items()]
    unit, bounds = prove(words.text, claims, others=UNITS, where=where, same=_same)
    nodes: dict[str, Node] = {}
    shapes: dict[str, Any] = {}
    for (own, said), piece in zip(regions.items(), bounds, strict=True):
        labels = [x for r in said[:1] for x in _labels(r)] or [""]
        for rank, label in enumerate(labels):
            key = own if rank == 0 else f"{own}#{rank + 1}"
            nodes[key] = ledger.node(kept, key, label, (piece,), Name("span", key))
            nodes[key].rest.setdefault("extra", {})
            if rank:
                nodes[key].rest["extra"][TOOL] = {"of": own}
        shapes[own] = {"results": [], "unit": unit}
    order: list[Any] = []
    edges: list[Edge] = []
    prefix = relation_prefix(regions)
    seen: dict[str, int] = {}
    for r in results:
        own = str(r.get("id", ""))
        if r.get("type") == "relation":
            edge, entry = _edge(r, nodes, kept, seen, f"{prefix}{len(edges) + 1}")
            if edge is None:
                order.append(r)
            else:
                edges.append(edge)
                order.append(entry)
        elif own in shapes and not is_region(r) and _feature(r, nodes[own]):
            continue
        elif own in shapes:
            order.append([own, len(shapes[own]["results"])])
            shapes[own]["results"].append(_bare(r) if r is regions[own][0] else r)
        else:
            order.append(r)
    for own, shape in shapes.items():
        if nodes[own].name == Name("span", own) and not kept:
            nodes[own].rest["extra"][TOOL] = shape
        score = regions[own][0].get("score")
        if isinstance(score, int | float) and not isinstance(score, bool) and not kept:
            nodes[own].features["confidence"] = f"{score:.6f}".rstrip("0").rstrip(".")
    for node in nodes.values():
        if not node.rest.get("extra"):
            node.rest.pop("extra", None)
    graph = Graph(words.text, list(nodes.values()), edges, dict(kept.get("rest", {})))
    return join_pieces(graph), order


def _labels(result: Mapping[str, Any]) -> list[str]:
    value = result["value"]
    return [str(x) for k in LABELS if isinstance(value.get(k), list) for x in value[k]]


def _bare(result: dict[str, Any]) -> dict[str, Any]:
    """A result without what is written anew: place, text, labels."""
    value = {k: v for k, v in result["value"].items() if k not in ("start", "end", "text")}
    value |= {k: [] for k in LABELS if k in value}
    if isinstance(result["value"].get("start"), str):
        value |= {k: v for k, v in result["value"].items() if k in ("start", "end", "text")}
    return {**result, "value": value}


def _feature(result: Mapping[str, Any], node: Node) -> bool:
    """Whether a result is a field of an object of ours; if so it is taken over."""
    value = result.get("value")
    if node.name.kind == "span" or not isinstance(value, dict):
        return False
    listed = value.get("choices", value.get("text") if result.get("type") == "textarea" else None)
    said = listed[0] if isinstance(listed, list) and len(listed) == 1 else listed
    if isinstance(said, str):
        node.features[str(result.get("from_name", ""))] = said
    return isinstance(said, str)


def _edge(
    result: dict[str, Any],
    nodes: Mapping[str, Node],
    kept: Mapping[str, Any],
    seen: dict[str, int],
    own: str,
) -> tuple[Edge | None, Any]:
    ends = str(result.get("from_id", "")), str(result.get("to_id", ""))
    if not all(end in nodes for end in ends):
        return None, None
    if result.get("direction") == "left":
        ends = ends[1], ends[0]
    labels = result.get("labels") or []
    label = str(labels[0]) if isinstance(labels, list) and labels else ""
    key = relation_key(ends[0], ends[1], label, seen)
    natural = Name("relation", own)
    edge = ledger.edge(kept, key, label, nodes[ends[0]].id, nodes[ends[1]].id, natural)
    if not kept:
        shape = {k: v for k, v in result.items() if k not in ("from_id", "to_id")}
        edge.rest["extra"] = {TOOL: shape}
    return edge, [natural.object, 0]


def relation_prefix(regions: Iterable[str]) -> str:
    """What the ids of relations begin with, so that none is that of a region.

    >>> relation_prefix(["r1", "beFi"]), relation_prefix(["x"])
    ('rr', 'r')
    """
    taken = [own for own in regions if own.startswith("r")]
    prefix = "r"
    while any(own.startswith(prefix) and own[len(prefix) :].isdecimal() for own in taken):
        prefix += "r"
    return prefix


def relation_key(source_id: str, target_id: str, label: str, seen: dict[str, int]) -> str:
    """What the ledger knows a relation by, since Label Studio gives it no id."""
    key = f"{source_id}>{target_id} {label}"
    seen[key] = seen.get(key, 0) + 1
    return key if seen[key] == 1 else f"{key} #{seen[key]}"


def _same(stored: str, found: str) -> bool:
    """Some versions write line breaks as backslash and n, or spaces, and some trim the text."""
    plain = stored.replace("\\n", " ").split()
    return plain == found.replace("\\n", " ").split()
