"""Document → graph: every mention a node, every reference an edge, the rest set aside."""

from __future__ import annotations

from typing import Any

from goldwire.annotate.document import COLLECTIONS, Document, Mention, objects
from goldwire.annotate.formats.graph import (
    LAYERS,
    PARTS,
    REFS,
    Edge,
    Graph,
    Name,
    Node,
    arrow_place,
    object_place,
)
from goldwire.annotate.heads import head_found
from goldwire.annotate.problems import Problem, ProblemError, visible
from goldwire.annotate.structure import fields, plain


def project(document: Document) -> Graph:
    """The graph of a document; ``restore`` of it is the document again.

    ``meta.doc_id`` is left to the format. Raises ProblemError where a mention does
    not say what the text says.
    """
    return _Projection(document).graph()


class _Projection:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.at: dict[tuple[str, tuple[tuple[int, int], ...]], str] = {}  # object, pieces -> node
        self.primary: dict[str, str] = {}
        self.parts: dict[tuple[str, str, str], list[str]] = {}
        self.loose: list[list[Any]] = []

    def graph(self) -> Graph:
        for kind, item in objects(self.document):
            if kind in LAYERS:
                self._place(kind, item)
        by_id = {n.id: n for n in self.nodes}
        for kind, item in objects(self.document):
            if item.id in self.primary and kind in LAYERS:
                self._tie(kind, item, by_id[self.primary[item.id]])
            elif kind in ("link", "relation"):
                self._arrow(kind, item)
            elif kind not in LAYERS:
                self.loose.append([kind, plain(item, defaults=False)])
        graph = Graph(self.document.text, self.nodes, self.edges, self._rest())
        if order := self._order(by_id):
            graph.rest["order"] = order
        return graph

    def _rest(self) -> dict[str, Any]:
        meta = plain(self.document.meta, defaults=False)
        meta.pop("doc_id", None)
        found = {"meta": meta, "objects": self.loose, "extra": self.document.extra}
        return {key: value for key, value in found.items() if value}

    def _order(self, nodes: dict[str, Node]) -> dict[str, list[str]]:
        """The collections whose order is not the one that ``restore`` finds by itself."""
        places: dict[tuple[str, str], tuple[int, int, str]] = {}
        for edge in self.edges:
            if edge.name is not None:
                own = edge.name.object
                places[edge.name.kind, own] = arrow_place(nodes[edge.source], nodes[edge.target], own)
        order = {}
        for kind, name in COLLECTIONS.items():
            ids = [x.id for x in getattr(self.document, name)]
            if len(ids) > 1:
                for own in ids:
                    if (node := nodes.get(f"{kind}/{own}")) is not None:
                        places[kind, own] = object_place(node)
                natural = sorted(ids, key=lambda own: places.get((kind, own), (-1, 0, own)))
                if ids != natural:
                    order[name] = ids
        return order

    def _place(self, kind: str, item: Any) -> None:
        """Nodes for the mentions of an object, its fields as features of the first."""
        layer, label_field, first_field = LAYERS[kind]
        label = (getattr(item, label_field) if label_field else "") or layer
        found = getattr(item, first_field)
        listed = found if isinstance(found, tuple) else (found,)
        if not listed:
            self.loose.append([kind, plain(item, defaults=False)])
            return
        for rank, mention in enumerate(listed, start=1):
            name = Name(kind, item.id) if rank == 1 else Name(kind, item.id, first_field, rank)
            self._node(name, label, mention)
            if rank == 1:
                self.primary[item.id] = str(name)
        for part, (part_label, _) in PARTS.get(kind, {}).items():
            if part in (first_field, "args", "evidence", "speaker_span"):
                continue
            value = getattr(item, part)
            for rank, mention in enumerate(value if isinstance(value, tuple) else [value], start=1):
                if mention is not None:
                    self._node(Name(kind, item.id, part, rank), part_label, mention)

    def _node(self, name: Name, label: str, mention: Mention) -> str:
        text = self.document.text
        for (start, end), said in zip(
            mention.pieces, [mention.text, *(f.text for f in mention.more)], strict=True
        ):
            if not 0 <= start <= end <= len(text) or text[start:end] != said:
                where = self.document.meta.doc_id or "document"
                message = f"{name} says {visible(said)} at {start}, the text has {visible(text[start:end])}"
                raise ProblemError(Problem(where, 0, "surface-text", message))
        features = {k: v for k in ("form", "metonymy") if (v := getattr(mention, k))}
        if mention.confidence:
            features["mention_confidence"] = mention.confidence
        if mention.head:
            features["head"] = mention.head
            if _found(mention) != mention.head_start:
                features["head_at"] = str(mention.head_start - mention.start)
        elif mention.head_start >= 0:
            features["head_at"] = str(mention.head_start - mention.start)
        node = Node(
            name, label, mention.pieces, features, {"mention": mention.extra} if mention.extra else {}
        )
        self.nodes.append(node)
        self.parts.setdefault(name[:3], []).append(node.id)
        self.at.setdefault((name.object, node.pieces), node.id)
        return node.id

    def _tie(self, kind: str, item: Any, node: Node) -> None:
        """Scalar fields, then references, parts and arguments of an object."""
        layer, label_field, first = LAYERS[kind]
        refs, parts = REFS.get(kind, ()), PARTS.get(kind, {})
        for f in fields(item.__class__):
            value = getattr(item, f.name)
            if f.name in ("id", first, *refs, *parts) or f.is_default(value):
                continue
            if f.name == label_field and value != layer:
                continue
            if f.name == "details":
                pairs = [(d.name, d.value) for d in value]
                self._pairs(node, "details", "detail", pairs)
            elif f.name == "factuality":
                self._pairs(node, "factuality", "factuality", [(x.holder, x.value) for x in value])
            else:
                node.features[f.name] = str(value).lower() if isinstance(value, bool) else value
        for name in refs:
            if getattr(item, name) == item.id:
                node.features[name] = item.id  # the first mention of an event names itself: no loop is drawn
            else:
                self._references(node, name, getattr(item, name))
        for part, (_, edge_label) in parts.items():
            if part not in ("args", "speaker_span"):
                for other in self.parts.get((kind, item.id, part), ()):
                    self.edges.append(Edge(edge_label, node.id, other))
        if kind == "quotation":
            self._speaker(node, item)
        if kind == "event":
            self._arguments(node, item)
        if item.extra:
            node.rest["extra"] = item.extra

    def _pairs(self, node: Node, name: str, prefix: str, pairs: list[tuple[str, str]]) -> None:
        node.features |= {f"{prefix}_{key}": value for key, value in pairs}
        if sorted(dict(pairs).items()) != pairs:
            node.rest[name] = pairs

    def _references(self, node: Node, name: str, value: Any) -> None:
        listed = [value] if isinstance(value, str) else list(value)
        shown = [[self.primary.get(ref, ""), ref] for ref in listed if ref]
        for target, _ in shown:
            if target:
                self.edges.append(Edge(name.upper(), node.id, target))
        if any(not target for target, _ in shown):
            node.rest.setdefault("refs", {})[name] = shown

    def _speaker(self, node: Node, item: Any) -> None:
        mention = item.speaker_span
        if mention is None:
            return
        own = self.at.get((item.speaker, mention.pieces))
        if not own or mention != Mention(mention.text, mention.start, more=mention.more):
            own = self._node(Name("quotation", item.id, "speaker_span", 1), "ARG", mention)
        self.edges.append(Edge("SPEAKER_SPAN", node.id, own))

    def _arguments(self, node: Node, item: Any) -> None:
        shown: list[list[Any]] = []
        natural = True
        for rank, arg in enumerate(item.args, start=1):
            evidence = arg.evidence
            target = self.primary.get(arg.ref, "")
            if evidence is not None:
                bare = evidence == Mention(evidence.text, evidence.start, more=evidence.more)
                target = self.at.get((arg.ref, evidence.pieces), "") if bare else ""
                if not target or not arg.ref:
                    target = self._node(Name("event", item.id, "args", rank), "ARG", evidence)
                    if arg.ref:
                        self.nodes[-1].features["ref"] = arg.ref
            if target:
                self.edges.append(Edge(arg.role, node.id, target))
            body = plain(arg, defaults=False)
            natural = natural and bool(target) and evidence is not None and len(body) == 2 + bool(arg.ref)
            shown.append([target, body])
        if not natural:
            node.rest["args"] = shown

    def _arrow(self, kind: str, item: Any) -> None:
        ends = self.primary.get(item.source), self.primary.get(item.target)
        if None in ends:
            self.loose.append([kind, plain(item, defaults=False)])
            return
        label = (item.type if kind == "link" else item.label) or kind.upper()
        edge = Edge(label, str(ends[0]), str(ends[1]), Name(kind, item.id))
        for name in ("confidence", "note", "type" if kind == "link" else "label"):
            value = getattr(item, name)
            if value and (name not in ("type", "label") or value == kind.upper()):
                edge.features[name] = value
        if item.extra:
            edge.rest["extra"] = item.extra
        if kind == "link" and item.evidence:
            edge.features["evidence"] = self._node(Name("link", item.id, "evidence", 1), "ARG", item.evidence)
        self.edges.append(edge)


def _found(mention: Mention) -> int:
    """Where a head stands if only its word is known; -2 where that cannot be told."""
    try:
        return head_found(
            Mention(mention.text, mention.start, head=mention.head, more=mention.more)
        ).head_start
    except ValueError:
        return -2
