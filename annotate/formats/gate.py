"""GATE documents as JSON (bdocjs): stand-off annotations in named sets, each with features.

Offsets count code points where ``offset_type`` is "p" and UTF-16 units where it is
"j"; bdocjs stores no surface text, so the file is taken at its word.

Reading: an annotation is a labelled span; its number, its set and its features
are kept in ``extra["gate"]``, the document's features in the document's. A document
that GATE wrote goes back as it came. Our own objects are annotations of the set
"goldwire": a mention each, the object's fields as features of the first one, its
references as the feature ``arrows`` ({label, to}), so that what is changed in GATE is
read from GATE.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, BinaryIO

import msgspec
from msgspec import UNSET, Struct, UnsetType, field

from goldwire.annotate.document import Document, Mention, Meta, Span
from goldwire.annotate.formats import source
from goldwire.annotate.formats.graph import Edge, Graph, Name, Node, join_pieces, split_pieces
from goldwire.annotate.formats.project import project
from goldwire.annotate.formats.restore import restore
from goldwire.annotate.formats.untouched import untouched
from goldwire.annotate.offsets import Claim, foreign, prove
from goldwire.annotate.problems import Problem

UNITS = {"p": "code points", "j": "utf-16"}
OURS = "goldwire"


class Annotation(Struct):
    """One annotation as it stands in the file."""

    type: str
    start: int
    end: int
    id: int
    features: dict[str, Any] = field(default_factory=dict)


class Set(Struct):
    """A named set of annotations."""

    name: str | UnsetType = UNSET
    annotations: list[Annotation] = field(default_factory=list)
    next_annid: int | UnsetType = UNSET


class Gate(Struct):
    """A document as it stands in the file."""

    text: str
    annotation_sets: dict[str, Set] = field(default_factory=dict)
    features: dict[str, Any] = field(default_factory=dict)
    offset_type: str = "p"
    name: str | UnsetType = UNSET


def decode(
    files: Mapping[str, BinaryIO], *, ontology: Any = None, notes: list[Problem] | None = None
) -> Iterator[Document]:
    """A document from each JSON value of each file; raises ProblemError with its line."""
    for name, file in files.items():
        for line, raw in source.values(file, name):
            body = source.shaped(raw, Gate, name, line)
            yield document(body, source.rest(raw, *Gate.__struct_fields__), where=name, line=line)


def document(raw: Gate, more: dict[str, Any], *, where: str, line: int = 1) -> Document:
    """The document that GATE's document is, ``more`` its unknown keys; raises ProblemError."""
    text = source.checked_text(raw.text, where, line)
    if raw.offset_type not in UNITS:
        source.refuse(where, line, "structure", f"offset_type is {raw.offset_type!r}, not 'p' or 'j'")
    found = [(key, a) for key, each in raw.annotation_sets.items() for a in each.annotations]
    claims = [Claim(a.start, a.end, None, line, f"annotation {a.id} ({a.type})") for _, a in found]
    _, bounds = prove(text, claims, unit=UNITS[raw.offset_type], where=where)
    name = raw.name or source.stem(where)
    if OURS in raw.features:
        return _ours(raw, text, found, bounds, where)
    taken = Counter(str(a.id) for _, a in found)
    spans = []
    for (key, a), (start, end) in zip(found, bounds, strict=True):
        own = str(a.id) if taken[str(a.id)] == 1 else f"{key}:{a.id}"
        remarks = {"set": key, "id": a.id, "features": a.features}
        spans.append(Span(own, Mention(text[start:end], start), a.type, extra={"gate": remarks}))
    return Document(text, Meta(name), spans=tuple(spans), extra=_remarks(raw, more))


def _remarks(raw: Gate, more: dict[str, Any]) -> dict[str, Any]:
    sets = {
        key: {k: getattr(x, k) for k in ("name", "next_annid") if getattr(x, k) is not UNSET}
        for key, x in raw.annotation_sets.items()
    }
    remarks = {"sets": sets, "features": raw.features, "offset_type": raw.offset_type, "more": more}
    return {"gate": remarks if raw.name is UNSET else remarks | {"name": raw.name}}


def _ours(
    raw: Gate,
    text: str,
    found: list[tuple[str, Annotation]],
    bounds: list[tuple[int, int]],
    where: str,
) -> Document:
    """A document that goldwire wrote and that somebody may have edited in GATE."""
    kept = source.shaped(raw.features[OURS], dict[str, Any], where)
    nodes, edges, numbers = [], [], {}
    for (key, a), piece in zip(found, bounds, strict=True):
        features = dict(a.features)
        name = Name.parse(str(features.pop(OURS, ""))) or Name("span", f"{key}:{a.id}")
        rest = source.shaped(features.pop("rest", {}), dict[str, Any], where)
        arrows = source.shaped(features.pop("arrows", []), list[dict[str, Any]], where)
        shown = {k: v if isinstance(v, str) else json.dumps(v) for k, v in features.items()}
        nodes.append(Node(name, a.type, (piece,), shown, rest))
        numbers[a.id] = str(name)
        edges += [(str(name), arrow) for arrow in arrows]
    made = []
    for origin, arrow in edges:
        label, to = str(arrow.pop("label", "")), numbers.get(arrow.pop("to", -1), "")
        made.append(source.shaped({"label": label, "source": origin, "target": to, **arrow}, Edge, where))
    graph = join_pieces(Graph(text, nodes, made, source.shaped(kept.get("rest", {}), dict[str, Any], where)))
    return restore(graph, str(kept.get("doc_id", "")), where=where)


def encode(
    documents: Iterable[Document], *, lost: Counter[str], offset_type: str = ""
) -> Iterator[tuple[str, bytes]]:
    """A file for each document, named by its id; one document alone is the output itself.

    ``offset_type`` is "p" or "j"; unsaid, it is that of the file a document came from, else "p".

    >>> ada = Document("Ada left.", spans=(Span("s1", Mention("Ada", 0), "PER"),))
    >>> next(encode([ada], lost=Counter()))[1][:83].decode()
    '{"annotation_sets": {"goldwire": {"name": "goldwire", "annotations": [{"type": "PER'
    """
    later = iter(documents)
    first = list(islice(later, 2))
    for number, item in enumerate(chain(first, later), start=1):
        name = f"{item.meta.doc_id or number}.bdocjs" if len(first) > 1 else ""
        remarks = item.extra.get("gate", {})
        unit = offset_type or remarks.get("offset_type", "p")
        same = untouched(item, "gate")
        body = _as_it_came(item, remarks) if same else _graph(item)
        spans = [(a.start, a.end) for each in body.annotation_sets.values() for a in each.annotations]
        moved = iter(foreign(item.text, spans, UNITS[unit]))
        for each in body.annotation_sets.values():
            for a in each.annotations:
                a.start, a.end = next(moved)
        body.offset_type = unit
        yield name, json.dumps(_plain(body) | (remarks.get("more", {}) if same else {})).encode() + b"\n"


def _plain(body: Gate) -> dict[str, Any]:
    # The order of keys is that of gatenlp.
    built = msgspec.to_builtins(body)
    return {k: built[k] for k in ("annotation_sets", "text", "features", "offset_type", "name") if k in built}


def _as_it_came(item: Document, remarks: dict[str, Any]) -> Gate:
    sets = {key: Set(**known) for key, known in remarks.get("sets", {}).items()}
    for span in item.spans:
        said = span.extra["gate"]
        home = sets.setdefault(said.get("set", ""), Set())
        own = Annotation(span.label, span.mention.start, span.mention.end, said["id"], said["features"])
        home.annotations.append(own)
    return Gate(item.text, sets, remarks.get("features", {}), name=remarks.get("name", UNSET))


def _graph(item: Document) -> Gate:
    graph = split_pieces(project(item))
    number = {node.id: n for n, node in enumerate(graph.nodes)}
    annotations = []
    for n, node in enumerate(graph.nodes):
        ((start, end),) = node.pieces
        features: dict[str, Any] = {OURS: node.id, **node.features}
        if node.rest:
            features["rest"] = node.rest
        annotations.append(Annotation(node.label, start, end, n, features))
    for edge in graph.edges:
        arrow: dict[str, Any] = {"label": edge.label, "to": number[edge.target]}
        more = {"name": edge.name, "features": edge.features, "rest": edge.rest}
        arrow |= {k: v for k, v in more.items() if v}
        annotations[number[edge.source]].features.setdefault("arrows", []).append(arrow)
    sets = {OURS: Set(OURS, annotations, len(annotations))}
    kept = {"doc_id": item.meta.doc_id, "rest": graph.rest}
    return Gate(item.text, sets, {OURS: kept}, name=item.meta.doc_id)
