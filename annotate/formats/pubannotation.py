"""PubAnnotation: a text with denotations, relations between them, and attributes of them.

``{"text", "denotations": [{"id", "span": {"begin", "end"}, "obj"}], "relations": [{"id",
"pred", "subj", "obj"}], "attributes": [{"id", "pred", "subj", "obj"}]}``; a ``span`` in pieces is a
list. Code points, end exclusive; there are no surfaces to prove them by.

Denotations are labelled spans, with attributes in ``extra``; what nobody changed goes
back as it came. Our own objects are denotations with attributes and relations, and what
those cannot say stands under the key "goldwire".
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, BinaryIO

import msgspec
from msgspec import UNSET, Struct, UnsetType, field

from goldwire.annotate.document import Document, Mention, Meta, Relation, Span
from goldwire.annotate.formats import source
from goldwire.annotate.formats.graph import Edge, Graph, Name, Node
from goldwire.annotate.formats.partial import as_read
from goldwire.annotate.formats.project import project
from goldwire.annotate.formats.restore import restore
from goldwire.annotate.offsets import Claim, prove
from goldwire.annotate.problems import Problem

KEY = "pubannotation"
OURS = "goldwire"


class Bounds(Struct):
    """Begin and end of a piece."""

    begin: int
    end: int


class Denotation(Struct):
    """A span with what it denotes."""

    span: Bounds | list[Bounds]
    obj: str
    id: str | UnsetType = UNSET


class Triple(Struct):
    """A relation or an attribute."""

    pred: str
    subj: str
    obj: Any
    id: str | UnsetType = UNSET


class Track(Struct):
    """What one project says of the text."""

    denotations: list[Denotation] = field(default_factory=list)
    relations: list[Triple] = field(default_factory=list)
    attributes: list[Triple] = field(default_factory=list)
    project: str = ""


class Record(Struct):
    """One document."""

    text: str
    denotations: list[Denotation] = field(default_factory=list)
    relations: list[Triple] = field(default_factory=list)
    attributes: list[Triple] = field(default_factory=list)
    tracks: list[Track] = field(default_factory=list)
    sourcedb: str = ""
    sourceid: str | int = ""
    divid: str | int | None = None


def decode(
    files: Mapping[str, BinaryIO], *, ontology: Any = None, notes: list[Problem] | None = None
) -> Iterator[Document]:
    """A document from each JSON value; raises ProblemError with its line."""
    for name, file in files.items():
        for number, (line, raw) in enumerate(source.values(file, name), start=1):
            own = source.stem(name) + (f"#{number}" if number > 1 else "")
            yield document(raw, name, line, own)


def document(raw: dict[str, Any], name: str = "", line: int = 0, doc_id: str = "") -> Document:
    """The document of one record; raises ProblemError."""
    record = source.shaped(raw, Record, name, line)
    text = source.checked_text(record.text, name, line)
    if OURS in raw:
        return _ours(raw, record, text, name, line)
    plain = Track(record.denotations, record.relations, record.attributes)
    spans: list[Span] = []
    relations: list[Relation] = []
    for number, track in enumerate([plain, *record.tracks]):
        # Ids are unique within a project only.
        prefix = f"{track.project or number}:" if number else ""
        said: dict[str, list[Any]] = {}
        for a in track.attributes:
            said.setdefault(a.subj, []).append([a.pred, a.obj])
        for n, d in enumerate(track.denotations, start=1):
            own = d.id if isinstance(d.id, str) else f"T{n}"
            extra = {"attributes": said[own]} if own in said else {}
            spans.append(Span(prefix + own, _mention(d, text, name, line), d.obj, extra=extra))
        for n, r in enumerate(track.relations, start=1):
            own = r.id if isinstance(r.id, str) else f"R{n}"
            relations.append(Relation(prefix + own, prefix + r.subj, prefix + str(r.obj), r.pred))
    for listed in (spans, relations):
        ids = Counter(x.id for x in listed)
        if ids and max(ids.values()) > 1:
            source.refuse(name, line, "repeated-id", f"the id {max(ids, key=ids.__getitem__)!r} stands twice")
    known = ":".join(str(x) for x in (record.sourcedb, record.sourceid, record.divid) if x not in ("", None))
    own_id = known or doc_id
    return Document(
        text,
        Meta(own_id),
        spans=tuple(spans),
        relations=tuple(relations),
        extra={KEY: {"raw": raw, "id": own_id}},
    )


def _pieces(d: Denotation, text: str, name: str, line: int) -> list[tuple[int, int]]:
    listed = d.span if isinstance(d.span, list) else [d.span]
    if not listed:
        source.refuse(name, line, "structure", f"the denotation {d.obj!r} has no span")
    claims = [Claim(b.begin, b.end, None, line, f"denotation {d.obj!r}") for b in listed]
    return prove(text, claims, where=name)[1]


def _mention(d: Denotation, text: str, name: str, line: int) -> Mention:
    return Mention.at(text, *_pieces(d, text, name, line))


def _ours(raw: dict[str, Any], record: Record, text: str, name: str, line: int) -> Document:
    """A document that goldwire wrote, with what was changed since."""
    kept = source.shaped(raw[OURS], dict[str, Any], name, line)
    rests = source.shaped(kept.get("nodes", {}), dict[str, dict[str, Any]], name, line)
    features: dict[str, dict[str, str]] = {}
    for a in record.attributes:
        features.setdefault(a.subj, {})[a.pred] = a.obj if isinstance(a.obj, str) else json.dumps(a.obj)
    nodes = []
    for n, d in enumerate(record.denotations, start=1):
        own = d.id if isinstance(d.id, str) else f"T{n}"
        named = Name.parse(own) or Name("span", own)
        pieces = tuple(_pieces(d, text, name, line))
        nodes.append(Node(named, d.obj, pieces, features.get(own, {}), rests.get(own, {})))
    ids = {
        (d.id if isinstance(d.id, str) else f"T{n}"): node.id
        for n, (d, node) in enumerate(zip(record.denotations, nodes, strict=True), start=1)
    }
    more = source.shaped(kept.get("edges", {}), dict[str, dict[str, Any]], name, line)
    edges = []
    for r in record.relations:
        ends = ids.get(r.subj, ""), ids.get(str(r.obj), "")
        told = more.get(str(r.id), {})
        body = {"label": r.pred, "source": ends[0], "target": ends[1], **told}
        if not told:
            body["name"] = None
        edges.append(source.shaped(body, Edge, name, line))
    rest = source.shaped(kept.get("rest", {}), dict[str, Any], name, line)
    return restore(Graph(text, nodes, edges, rest), str(kept.get("doc_id", "")), where=name)


def encode(documents: Iterable[Document], *, lost: Counter[str]) -> Iterator[tuple[str, bytes]]:
    """A file for each document, named by its id; one document alone is the output itself.

    >>> ada = Document("Ada left.", spans=(Span("s1", Mention("Ada", 0), "PER"),))
    >>> json.loads(next(encode([ada], lost=Counter()))[1])["denotations"]
    [{'id': 'span/s1', 'span': {'begin': 0, 'end': 3}, 'obj': 'PER'}]
    """
    later = iter(documents)
    first = list(islice(later, 2))
    for number, item in enumerate(chain(first, later), start=1):
        body = as_read(item, KEY, document) or _written(item)
        name = f"{item.meta.doc_id or number}.json" if len(first) > 1 else ""
        yield name, json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n"


def _written(item: Document) -> dict[str, Any]:
    graph = project(item)
    denotations: list[dict[str, Any]] = []
    attributes: list[dict[str, Any]] = []
    for node in graph.nodes:
        listed = [{"begin": a, "end": b} for a, b in node.pieces]
        spot = listed[0] if len(listed) == 1 else listed
        denotations.append({"id": node.id, "span": spot, "obj": node.label})
        for key, value in node.features.items():
            own = f"A{len(attributes) + 1}"
            attributes.append({"id": own, "pred": key, "subj": node.id, "obj": value})
    relations, told = [], {}
    for n, edge in enumerate(graph.edges, start=1):
        relations.append({"id": f"R{n}", "pred": edge.label, "subj": edge.source, "obj": edge.target})
        body = msgspec.to_builtins(edge)
        more = {k: body[k] for k in ("name", "features", "rest") if body[k]}
        if more:
            told[f"R{n}"] = more
    nodes = {node.id: node.rest for node in graph.nodes if node.rest}
    kept = {"doc_id": item.meta.doc_id, "nodes": nodes, "edges": told, "rest": graph.rest}
    return {
        "text": item.text,
        "denotations": denotations,
        "relations": relations,
        "attributes": attributes,
        OURS: kept,
    }
