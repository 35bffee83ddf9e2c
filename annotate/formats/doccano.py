"""doccano JSONL: sequence labelling (``label``) and relation projects (``entities``, ``relations``).

Offsets count UTF-16 units, or grapheme clusters where the project says so; the
file does not say which, and stores no surface text to prove it. ``unit`` names
it; unsaid, UTF-16 is taken unless only another unit puts every span at the edges
of words, which is noted. Further keys are doccano's metadata and come back. Our
own objects are entities and relations, and what these cannot say stands in the
metadata ``goldwire``, which doccano keeps.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from goldwire.annotate.document import Document
from goldwire.annotate.formats import ledger, source
from goldwire.annotate.formats.graph import Edge, Graph, Name, Node, join_pieces, split_pieces
from goldwire.annotate.formats.project import project
from goldwire.annotate.formats.restore import restore
from goldwire.annotate.offsets import Claim, foreign, likely, prove, whole
from goldwire.annotate.problems import Problem

UNITS = ("utf-16", "graphemes", "code points")
SHOWN = ("text", "data", "label", "labels", "entities", "relations")
_OURS = "doccano"


class Entity(Struct):
    """A span of a relation project."""

    id: int
    label: str
    start_offset: int
    end_offset: int


class Relation(Struct, omit_defaults=True):
    """An arrow between two entities."""

    from_id: int
    to_id: int
    type: str
    id: int | None = None


class Task(Struct):
    """One document as it stands in the file; ``label`` is [start, end, label]."""

    text: str | None = None
    data: str | None = None
    label: list[tuple[int, int, str] | str] | None = None
    labels: list[tuple[int, int, str] | str] | None = None
    entities: list[Entity | tuple[int, int, str]] | None = None
    relations: list[Relation] = field(default_factory=list)
    id: int | str | None = None


def decode(
    files: Mapping[str, BinaryIO], *, ontology: Any = None, notes: list[Problem] | None = None, unit: str = ""
) -> Iterator[Document]:
    """A document from each JSON value, one a line or printed over many; raises ProblemError."""
    _known(unit)
    for name, file in files.items():
        for line, raw in source.values(file, name):
            yield _document(raw, unit, [] if notes is None else notes, name, line)


def _document(raw: Any, unit: str, notes: list[Problem], where: str, line: int) -> Document:
    task = source.shaped(raw, Task, where, line)
    text = task.text if task.text is not None else task.data
    if text is None:
        source.refuse(where, line, "structure", "has no text")
    source.checked_text(text, where, line)
    kept = source.shaped(raw.get(ledger.KEY, {}), dict[str, Any], where, line)
    labels = [x for x in _listed(task) if isinstance(x, tuple)]
    related = task.entities is not None and all(isinstance(x, Entity) for x in task.entities)
    if related:
        entities = [x for x in task.entities or [] if isinstance(x, Entity)]
    else:
        entities = [Entity(0, x, s, e) for s, e, x in labels]
    claims = [Claim(x.start_offset, x.end_offset, None, line, f"entity {x.label}") for x in entities]
    counted = unit or str(kept.get("unit", "")) or likely(text, claims, UNITS)
    if not unit and "unit" not in kept and counted != UNITS[0]:
        message = f"only {counted} put every span at the edges of words; -o unit=… decides"
        notes.append(Problem(where, line, "unit", message))
    _, bounds = prove(text, claims, unit=counted, where=where)
    if not related:
        keys = list(_keys(labels))
        natural = [f"s{n}" for n in range(1, len(keys) + 1)]
    else:
        keys = natural = [str(x.id) for x in entities]
        if len(set(keys)) < len(keys):
            source.refuse(where, line, "repeated-id", "two entities have the same id")
    nodes = [
        ledger.node(kept, key, x.label, (piece,), Name("span", own))
        for key, own, x, piece in zip(keys, natural, entities, bounds, strict=True)
    ]
    by_key = {key: node.id for key, node in zip(keys, nodes, strict=True)}
    edges = [source.shaped(x, Edge, where, line) for x in kept.get("arrows", [])]
    for rank, r in enumerate(task.relations):
        origin, to = by_key.get(str(r.from_id)), by_key.get(str(r.to_id))
        if origin is None or to is None:
            source.refuse(where, line, "dangling-id", f"relation {r.from_id} → {r.to_id} names no entity")
        key = f"#{rank}" if r.id is None else str(r.id)
        edges.append(ledger.edge(kept, key, r.type, origin, to, Name("relation", f"r{key}")))
    graph = join_pieces(Graph(text, nodes, edges, kept.get("rest", {})))
    natural_id = f"{source.stem(where)}-{line}" if task.id is None else task.id
    document = restore(graph, str(kept.get("doc_id", natural_id)), where=where)
    if ledger.KEY in raw:
        return document
    # A list of words is the classification of a whole text, and stays with it.
    words = {k for k in ("label", "labels") if any(isinstance(x, str) for x in raw.get(k) or [])}
    more = {k: v for k, v in raw.items() if k not in SHOWN or k in words}
    order = [n.name.object for n in nodes]
    remarks = {"keys": list(raw), "unit": counted, "more": more}
    if not related:
        remarks["project"] = "sequence"
    if order != [s.id for s in document.spans]:
        remarks["order"] = order
    return replace(document, extra={_OURS: remarks})


def _listed(task: Task) -> list[Any]:
    """The labels of a sequence: under one of three keys."""
    return next((list(x) for x in (task.label, task.labels, task.entities) if x is not None), [])


def _keys(labels: Iterable[tuple[int, int, str]]) -> Iterator[str]:
    """What doccano knows a label by: its place and its name, numbered where that is not one."""
    seen: Counter[str] = Counter()
    for start, end, label in labels:
        key = f"{start}-{end} {label}"
        seen[key] += 1
        yield key if seen[key] == 1 else f"{key} #{seen[key]}"


def encode(
    documents: Iterable[Document], *, lost: Counter[str], unit: str = "", project_type: str = ""
) -> Iterator[tuple[str, bytes]]:
    """A line for each document.

    ``project_type`` is "sequence" or "relation"; unsaid, it is that of the file a
    document came from, else "relation". Sequence labelling shows no relations; the
    metadata still holds them.
    """
    _known(unit)
    if project_type not in ("", "sequence", "relation"):
        source.refuse(project_type, 0, "option", "project_type is sequence or relation")
    for number, document in enumerate(documents, start=1):
        task = _task(document, number, unit, project_type, lost)
        yield "", json.dumps(task, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def _task(document: Document, number: int, unit: str, wanted: str, lost: Counter[str]) -> dict[str, Any]:
    known = document.extra.get(_OURS)
    remarks = known if isinstance(known, dict) else {}
    keys = [str(k) for k in remarks.get("keys", ["id", "text", "entities", "relations"])]
    counted = unit or str(remarks.get("unit", UNITS[0]))
    bare = replace(document, extra={k: v for k, v in document.extra.items() if k != _OURS})
    graph = split_pieces(project(bare))
    if order := {own: rank for rank, own in enumerate(remarks.get("order", []))}:
        graph.nodes.sort(key=lambda n: order.get(n.name.object, len(order)))
    if cut := sum(not whole(document.text, counted, a, b) for n in graph.nodes for a, b in n.pieces):
        lost[f"span that cuts a character ({counted})"] += cut
    bounds = foreign(document.text, [n.pieces[0] for n in graph.nodes], counted)
    sequence = wanted == "sequence" or (not wanted and remarks.get("project") == "sequence")
    shown, kept = _labels(graph, bounds) if sequence else _entities(graph, bounds)
    more = remarks.get("more", {})
    own = more.get("id", document.meta.doc_id or number)
    if not remarks or ("id" in more and str(own) != document.meta.doc_id):
        kept["doc_id"] = document.meta.doc_id
    shown |= {"id": own, "text": document.text, "data": document.text, **more}
    shown["labels"] = more.get("labels", shown.get("label", []))
    if sequence and "label" not in keys and "labels" not in keys and "entities" in keys:
        shown["entities"] = shown.pop("label")
    result = {key: shown[key] for key in keys if key in shown}
    result |= {
        k: shown[k] for k in ("label", "entities", "relations") if k in shown and not {k, f"{k}s"} & set(keys)
    }
    if not shown.get("relations") and "relations" not in keys:
        result.pop("relations", None)
    return result | ({ledger.KEY: {**kept, "unit": counted}} if kept else {})


def _labels(graph: Graph, bounds: list[tuple[int, int]]) -> tuple[dict[str, Any], dict[str, Any]]:
    labels = [(start, end, n.label) for n, (start, end) in zip(graph.nodes, bounds, strict=True)]
    keys = list(_keys(labels))
    place = {key: f"s{rank}" for rank, key in enumerate(keys, start=1)}
    nodes = {n.id: key for n, key in zip(graph.nodes, keys, strict=True)}
    kept = ledger.written(graph, nodes, {}, lambda item, key: Name("span", place[key]))
    if graph.edges:
        kept["arrows"] = [msgspec.to_builtins(e) for e in graph.edges]
    return {"label": [list(x) for x in labels]}, kept


def _entities(graph: Graph, bounds: list[tuple[int, int]]) -> tuple[dict[str, Any], dict[str, Any]]:
    ids = _numbers([n.name.object if n.name.kind == "span" else "" for n in graph.nodes])
    named = [e.name.object.removeprefix("r") if e.name else "" for e in graph.edges]
    # A relation that came without an id is known by its rank.
    ranked = [own == f"#{rank}" for rank, own in enumerate(named)]
    own = [f"#{k}" if r else str(n) for k, (r, n) in enumerate(zip(ranked, _numbers(named), strict=True))]
    by_node = {n.id: i for i, n in zip(ids, graph.nodes, strict=True)}
    entities = [
        {"id": i, "label": n.label, "start_offset": start, "end_offset": end}
        for i, n, (start, end) in zip(ids, graph.nodes, bounds, strict=True)
    ]
    relations = [
        {
            **({} if key.startswith("#") else {"id": int(key)}),
            "from_id": by_node[e.source],
            "to_id": by_node[e.target],
            "type": e.label,
        }
        for key, e in zip(own, graph.edges, strict=True)
    ]

    def natural(item: Node | Edge, key: str) -> Name:
        return Name("span", key) if isinstance(item, Node) else Name("relation", f"r{key}")

    nodes = {n: str(i) for n, i in by_node.items()}
    return {"entities": entities, "relations": relations}, ledger.written(
        graph, nodes, dict(enumerate(own)), natural
    )


def _numbers(wanted: list[str]) -> list[int]:
    """Whole numbers for things: the one that each has, a new one for the others."""
    taken = {int(x) for x in wanted if x.isascii() and x.isdecimal() and len(x) < 16 and str(int(x)) == x}
    given: set[int] = set()
    result, fresh = [], 1
    for x in wanted:
        if x.isascii() and x.isdecimal() and len(x) < 16 and str(int(x)) == x and int(x) not in given:
            number = int(x)
        else:
            while fresh in taken or fresh in given:
                fresh += 1
            number = fresh
        given.add(number)
        result.append(number)
    return result


def _known(unit: str) -> None:
    if unit and unit not in UNITS:
        source.refuse(unit, 0, "option", f"unit is one of {', '.join(UNITS)}")
