"""Graph → document: what the tool shows holds, what it could not show comes from ``rest``."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from goldwire.annotate.document import CLASSES, COLLECTIONS, Document, Meta
from goldwire.annotate.formats.graph import LAYERS, PARTS, REFS, Edge, Graph, Node, arrow_place, object_place
from goldwire.annotate.heads import settled
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.annotate.structure import StructureError, build, fields
from goldwire.annotate.surface import places

_MENTION = ("form", "metonymy", "mention_confidence", "head", "head_at")
_PREFIXED = {"detail": ("details", "name", "value"), "factuality": ("factuality", "holder", "value")}


def restore(graph: Graph, doc_id: str = "", *, where: str = "") -> Document:
    """The document of a graph; nodes and edges that are none of ours become spans and relations.

    Objects stand in reading order, unless ``rest`` says another. Raises ProblemError
    where ``rest`` does not fit the classes of ``document.py``.
    """
    try:
        return _Restoration(graph).document(doc_id)
    except (StructureError, KeyError, TypeError, AttributeError, IndexError) as error:
        message = f"what goldwire wrote into the file was changed: {error}"
        raise ProblemError(Problem(where or doc_id or "document", 0, "structure", message)) from None


class _Restoration:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.text = graph.text
        self.nodes = {n.id: n for n in graph.nodes}
        self.leaving: dict[str, list[Edge]] = defaultdict(list)
        for edge in graph.edges:
            if edge.source in self.nodes and edge.target in self.nodes:
                self.leaving[edge.source].append(edge)
        self.parts: dict[tuple[str, str], list[Node]] = defaultdict(list)
        for node in graph.nodes:
            self.parts[node.name.kind, node.name.object].append(node)
        self.found: dict[str, list[tuple[Any, Any]]] = defaultdict(list)  # collection -> (place, object)

    def document(self, doc_id: str) -> Document:
        rest = self.graph.rest
        for (kind, own), nodes in self.parts.items():
            if kind in LAYERS and own:
                self._object(kind, own, nodes)
        for edges in self.leaving.values():
            for edge in edges:
                if edge.name is not None:
                    self._arrow(edge)
        for kind, raw in rest.get("objects", []):
            item = build(CLASSES[kind], raw)
            self._add(kind, item, (-1, 0, item.id))
        meta = build(Meta, {"doc_id": doc_id, **rest.get("meta", {})})
        order = rest.get("order", {})
        layers = {name: _ordered(found, order.get(name)) for name, found in self.found.items()}
        return settled(Document(self.text, meta, extra=rest.get("extra", {}), **layers))

    def _add(self, kind: str, item: Any, place: tuple[int, int, str]) -> None:
        self.found[COLLECTIONS[kind]].append((place, item))

    def _object(self, kind: str, own: str, nodes: list[Node]) -> None:
        layer, label_field, first_field = LAYERS[kind]
        many = first_field in ("mentions", "content")
        firsts = [n for n in nodes if n.name.part in ("", first_field)]
        if not firsts:
            return  # what carried the object was deleted in the tool, and its parts go with it
        firsts.sort(key=lambda n: n.name.rank)
        node = firsts[0]
        raw: dict[str, Any] = {"id": own}
        if label_field:
            raw[label_field] = "" if node.label == layer else node.label
        self._scalars(kind, node, raw)
        found = [self.mention(n) for n in firsts]
        raw[first_field] = found if many else found[0]
        for part in PARTS.get(kind, {}):
            if part not in (first_field, "args", "speaker_span", "evidence"):
                ranked = sorted((n for n in nodes if n.name.part == part), key=lambda n: n.name.rank)
                if ranked and part == "anaphor":
                    raw[part] = self.mention(ranked[0])
                elif ranked:
                    raw[part] = [self.mention(n) for n in ranked]
        for name in REFS.get(kind, ()):
            if name not in raw:
                self._references(kind, node, name, raw)
        if kind == "event":
            raw["args"] = self._arguments(node)
        if kind == "quotation":
            self._speaker(node, raw)
        item = build(CLASSES[kind], {**node.rest.get("extra", {}), **raw})
        self._add(kind, item, object_place(node))

    def _scalars(self, kind: str, node: Node, raw: dict[str, Any]) -> None:
        kinds = _types(CLASSES[kind])
        listed: dict[str, list[dict[str, str]]] = defaultdict(list)
        for key, value in node.features.items():
            prefix, _, name = key.partition("_")
            if kind == "event" and prefix in _PREFIXED and name:
                field, first, second = _PREFIXED[prefix]
                listed[field].append({first: name, second: value})
            elif key in _MENTION or key == "continues":
                continue
            elif kinds.get(key) is bool:
                raw[key] = value == "true"
            elif kinds.get(key) is str:
                raw[key] = value
            else:
                raw.setdefault(key, value)
        for field, first, second in _PREFIXED.values():
            pairs = sorted((x[first], x[second]) for x in listed[field])
            stored = node.rest.get(field, [])
            if stored and sorted(dict(map(tuple, stored)).items()) == pairs:
                raw[field] = [{first: a, second: b} for a, b in stored]
            elif pairs:
                raw[field] = [{first: a, second: b} for a, b in pairs]

    def mention(self, node: Node, *, bare: bool = False) -> dict[str, Any]:
        """The mention of a node as a plain value: bounds from the tool, head where it still fits.

        ``bare`` evidence says no more than where it stands; the object that it shows has the rest.
        """
        (start, end), *more = node.pieces
        raw: dict[str, Any] = {"text": self.text[start:end], "start": start}
        if more:
            raw["more"] = [{"text": self.text[a:b], "start": a} for a, b in more]
        if bare:
            return raw
        for name in ("form", "metonymy"):
            if name in node.features:
                raw[name] = node.features[name]
        if value := node.features.get("mention_confidence"):
            raw["confidence"] = value
        head, at = node.features.get("head", ""), node.features.get("head_at", "")
        if head and not at:
            found = [s + p for s, e in node.pieces for p in places(self.text[s:e], head)]
            if len(found) == 1:
                raw |= {"head": head, "head_start": found[0]}
        elif at.removeprefix("-").isdecimal():
            place = start + int(at)
            if not head or self.text[max(place, 0) :].startswith(head):
                raw |= {"head": head, "head_start": place}
        return {**node.rest.get("mention", {}), **raw}

    def _references(self, kind: str, node: Node, name: str, raw: dict[str, Any]) -> None:
        label = name.upper()
        targets = [e.target for e in self.leaving[node.id] if e.name is None and e.label == label]
        stored = node.rest.get("refs", {}).get(name, [])
        merged = _merged(stored, targets, lambda t: t)
        values = [ref if ref is not None else self.nodes[t].name.object for t, ref in merged]
        kinds = _types(CLASSES[kind])
        if values:
            raw[name] = values[0] if kinds[name] is str else values

    def _arguments(self, node: Node) -> list[Any]:
        fixed = {n.upper() for n in REFS["event"]}
        shown = [e for e in self.leaving[node.id] if e.name is None and e.label not in fixed]
        by_pair = [(e.label, e.target) for e in shown]
        stored = [[(raw["role"], target) if target else "", raw] for target, raw in node.rest.get("args", [])]
        return [
            raw if raw is not None else self._argument(*pair) for pair, raw in _merged(stored, by_pair, tuple)
        ]

    def _argument(self, role: str, target: str) -> dict[str, Any]:
        node = self.nodes[target]
        own = node.name.part == "args"
        raw = {"role": role, "evidence": self.mention(node, bare=not own)}
        ref = node.features.get("ref", "") if own else node.name.object
        return {**raw, "ref": ref} if ref else raw

    def _speaker(self, node: Node, raw: dict[str, Any]) -> None:
        for edge in self.leaving[node.id]:
            if edge.name is None and edge.label == "SPEAKER_SPAN":
                said = self.nodes[edge.target]
                raw["speaker_span"] = self.mention(said, bare=said.name.part != "speaker_span")

    def _arrow(self, edge: Edge) -> None:
        assert edge.name is not None
        kind, source, target = edge.name.kind, self.nodes[edge.source], self.nodes[edge.target]
        raw = {"id": edge.name.object, "from": source.name.object, "to": target.name.object}
        label = "" if edge.label == kind.upper() else edge.label
        raw["type" if kind == "link" else "label"] = label
        features = dict(edge.features)
        evidence = self.nodes.get(features.pop("evidence", ""))
        whole: dict[str, Any] = {**edge.rest.get("extra", {}), **raw, **features}
        if kind == "link" and evidence is not None:
            whole["evidence"] = self.mention(evidence)
        self._add(kind, build(CLASSES[kind], whole), arrow_place(source, target, edge.name.object))


def _types(cls: type[Struct]) -> dict[str, Any]:
    return {f.key: f.type for f in fields(cls)}


def _merged(stored: list[Any], shown: list[Any], key: Any) -> list[tuple[Any, Any]]:
    """What was written, less what the tool deleted, plus what it added: (key, stored value or None).

    ``stored`` pairs the key under which an entry was shown ("" for not at all) with its value.
    """
    left = Counter(shown)
    result: list[tuple[Any, Any]] = []
    for shown_as, value in stored:
        if not shown_as:
            result.append((shown_as, value))
        elif left[key(shown_as)]:
            left[key(shown_as)] -= 1
            result.append((shown_as, value))
    for item in shown:
        if left[item]:
            left[item] -= 1
            result.append((item, None))
    return result


def _ordered(found: Iterable[tuple[Any, Any]], order: list[str] | None) -> tuple[Any, ...]:
    rank = {own: i for i, own in enumerate(order or [])}
    return tuple(item for _, item in sorted(found, key=lambda x: (rank.get(x[1].id, len(rank)), x[0])))
