"""Prodigy tasks: ner, spans, relations and coref manual, review with its versions, choice.

Offsets are code points, ``end`` exclusive, ``token_end`` inclusive. A relation is
read by ``head_span`` and ``child_span``: the token it hangs on belongs to every
span that ends there. Whatever else a task holds goes back untouched.

Our own documents are written as one of four views (``-o view=spans|ner|rel|coref``,
``layers=actors,events``). The task's key ``goldwire`` remembers what the view shows
and what it hides: spans come back by id, by place, or by overlap where somebody drew
them again, so an annotator's edits are read and nothing unseen is deleted.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from msgspec.structs import replace

from goldwire.annotate import tokens as tokenizer
from goldwire.annotate.document import Document, Mention, Meta, Provenance, Relation, Span
from goldwire.annotate.formats import ledger, prodigy_hash, record, source
from goldwire.annotate.formats.graph import Edge, Graph, Name, Node, join_pieces, split_pieces
from goldwire.annotate.formats.prodigy_view import VIEWS, View, edges_of, matched
from goldwire.annotate.formats.project import project
from goldwire.annotate.formats.restore import restore
from goldwire.annotate.offsets import Claim, prove
from goldwire.annotate.problems import Problem

TOOL = "prodigy"
_ENDS = ("head_span", "child_span")


def decode(
    files: Mapping[str, BinaryIO],
    *,
    ontology: Any = None,
    notes: list[Problem] | None = None,
    answer: str = "",
    version: str = "",
) -> Iterator[Document]:
    """A document from each task.

    ``answer`` keeps only tasks with that answer; ``version`` "all" reads each version
    of a reviewed task instead of the merged one. Raises ProblemError with the line.
    """
    for name, file in files.items():
        for line, raw in source.values(file, name):
            task = source.shaped(raw, dict[str, Any], name, line)
            if answer and task.get("answer", "accept") != answer:
                continue
            versions = source.shaped(task.get("versions") or [], list[dict[str, Any]], name, line)
            if version == "all" and versions:
                for index, each in enumerate(versions, start=1):
                    who = each.get("sessions") or [each.get("_session_id") or index]
                    yield _document(each, f"{_id(task, name, line)}/{who[0]}", name, line)
            else:
                yield _document(task, _id(task, name, line), name, line)


def _id(task: Mapping[str, Any], where: str, line: int) -> str:
    meta = task.get("meta")
    own = meta.get("doc_id") if isinstance(meta, dict) else None
    return own if isinstance(own, str) and own else f"{source.stem(where)}-{line}"


def _document(task: dict[str, Any], doc_id: str, where: str, line: int) -> Document:
    if "segments" in task and ledger.KEY not in task:
        return record.document(task, where=where, line=line)
    text = task.get("text")
    if not isinstance(text, str):
        source.refuse(where, line, "structure", "a task should have a text")
    source.checked_text(text, where, line)
    spans = source.shaped(task.get("spans") or [], list[dict[str, Any]], where, line)
    relations = source.shaped(task.get("relations") or [], list[dict[str, Any]], where, line)
    for index, span in enumerate(spans):
        if not all(type(span.get(k)) is int for k in ("start", "end")):
            source.refuse(where, line, "structure", f"spans[{index}] should have whole numbers start and end")
    claims = [_claim(s, line, f"spans[{i}]") for i, s in enumerate(spans)]
    tokens = source.shaped(task.get("tokens") or [], list[dict[str, Any]], where, line)
    claims += [_claim(t, line, f"tokens[{i}]") for i, t in enumerate(tokens) if "start" in t and "end" in t]
    prove(text, claims, others=(), where=where)
    kept = task.get(ledger.KEY)
    if isinstance(kept, dict):
        document = _ours(text, spans, relations, kept, doc_id, where, line)
        return _with_provenance(document, task)
    return _foreign(task, text, spans, relations, doc_id)


def _claim(item: Mapping[str, Any], line: int, name: str) -> Claim:
    says = item.get("text")
    start, end = item["start"], item["end"]
    bounds = (start, end) if type(start) is int and type(end) is int else (-1, -1)
    return Claim(*bounds, says if isinstance(says, str) else None, line, name)


def _foreign(
    task: dict[str, Any], text: str, spans: list[Any], relations: list[Any], doc_id: str
) -> Document:
    found: list[Span] = []
    at: dict[tuple[Any, Any, Any], str] = {}
    taken = Counter(s["id"] for s in spans if isinstance(s.get("id"), str))
    for index, raw in enumerate([*spans, *_bare_ends(relations, spans)]):
        own = raw["id"] if taken.get(raw.get("id")) == 1 else f"s{index + 1}"
        mention = Mention.at(text, (raw["start"], raw["end"]))
        more = {k: v for k, v in raw.items() if k not in ("start", "end", "label")}
        if not isinstance(raw.get("label", ""), str):
            more["label"] = raw["label"]
        remark = more if index < len(spans) else {"from": "relations"}
        label = raw["label"] if isinstance(raw.get("label"), str) else ""
        found.append(Span(own, mention, label, extra={TOOL: remark}))
        at.setdefault((raw["start"], raw["end"], raw.get("label")), own)
    made = []
    for index, raw in enumerate(relations):
        origin, to = _ends(raw, at)
        made.append(Relation(f"r{index + 1}", origin, to, str(raw.get("label", "")), extra={TOOL: raw}))
    rest = {k: v for k, v in task.items() if k not in ("text", "spans", "relations")}
    remarks: dict[str, Any] = {"keys": list(task), "task": rest}
    return Document(text, Meta(doc_id), spans=tuple(found), relations=tuple(made), extra={TOOL: remarks})


def _ends(raw: Mapping[str, Any], at: Mapping[tuple[Any, Any, Any], str]) -> tuple[str, str]:
    """The spans that a relation runs between: "" where there is none of that place and label."""
    found = []
    for name in _ENDS:
        end = raw.get(name)
        row = end if isinstance(end, dict) else {}
        found.append(at.get((row.get("start"), row.get("end"), row.get("label")), ""))
    return found[0], found[1]


def _bare_ends(relations: list[dict[str, Any]], spans: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Ends of relations that are no spans of the task: Prodigy relates bare tokens, too."""
    known = {(s["start"], s["end"], s.get("label")) for s in spans}
    found: dict[Any, dict[str, Any]] = {}
    for raw in relations:
        for end in (raw.get(name) for name in _ENDS):
            if isinstance(end, dict) and type(end.get("start")) is int and type(end.get("end")) is int:
                key = (end["start"], end["end"], end.get("label"))
                if key not in known and 0 <= end["start"] <= end["end"]:
                    found[key] = end
    return list(found.values())


def _ours(
    text: str,
    spans: list[dict[str, Any]],
    relations: list[dict[str, Any]],
    kept: dict[str, Any],
    doc_id: str,
    where: str,
    line: int,
) -> Document:
    known = source.shaped(
        kept.get("spans", []), list[tuple[str, int, int, str, dict[str, str], dict[str, Any]]], where, line
    )
    nodes: list[Node] = []
    at: dict[tuple[Any, Any, Any], str] = {}
    taken = {entry[0] for entry in known} | {n["name"][1] for n in kept.get("nodes", [])}
    for index, (span, entry) in enumerate(zip(spans, matched(spans, known), strict=True)):
        label, piece = str(span.get("label", "")), ((span["start"], span["end"]),)
        if entry >= 0:
            _, _, _, _, features, rest = known[entry]
            name = Name.parse(known[entry][0]) or Name("span", known[entry][0])
            nodes.append(Node(name, label, piece, features, rest))
        else:
            own = f"new{index + 1}"
            while own in taken:
                own += "+"
            nodes.append(Node(Name("span", own), label, piece))
        at.setdefault((span["start"], span["end"], span.get("label")), nodes[-1].id)
    nodes += source.shaped(kept.get("nodes", []), list[Node], where, line)
    by_id = {n.id: n for n in nodes}
    drawn: list[tuple[str, str, str]] = []
    for raw in relations:
        origin, to = _ends(raw, at)
        if not origin or not to:
            source.refuse(where, line, "dangling-relation", f"{raw.get('label')} ends where no span is")
        drawn.append((origin, to, str(raw.get("label", ""))))
    shown = source.shaped(kept.get("relations", []), list[Edge], where, line)
    hidden = source.shaped(kept.get("edges", []), list[Edge], where, line)
    edges = [*hidden, *edges_of(drawn, shown, by_id)]
    edges = [e for e in edges if e.source in by_id and e.target in by_id]
    order = {str(key): i for i, key in enumerate(kept.get("order", []))}
    edges.sort(key=lambda e: order.get(_edge_key(e), len(order)))
    graph = join_pieces(Graph(text, nodes, edges, kept.get("rest", {})))
    return restore(graph, str(kept.get("doc_id", doc_id)), where=where)


def _edge_key(edge: Edge) -> str:
    return str(edge.name) if edge.name else f"{edge.source}>{edge.target} {edge.label}"


def _with_provenance(document: Document, task: Mapping[str, Any]) -> Document:
    """Who answered, as Prodigy tells it when a task comes back."""
    who = task.get("_annotator_id") or task.get("_session_id")
    if not isinstance(who, str) or not who:
        return document
    taken = {p.id for p in document.provenance}
    own = next(f"v{n}" for n in range(1, len(taken) + 2) if f"v{n}" not in taken)
    stamp = task.get("_timestamp")
    note = str(stamp) if type(stamp) is int else ""
    made = Provenance(
        own,
        annotator=who,
        action=str(task.get("answer", "accept")),
        tool=f"prodigy/{task.get('_view_id') or ''}",
        note=note,
    )
    return replace(document, provenance=(*document.provenance, made))


def encode(
    documents: Iterable[Document], *, lost: Counter[str], view: str = "spans", layers: str = ""
) -> Iterator[tuple[str, bytes]]:
    """A task for each document; what a view does not show is kept in it, and said in its ``meta``.

    Tokens are those of ``spacy.blank("en")``; without spaCy the task has none and
    Prodigy makes them.
    """
    if view not in VIEWS:
        source.refuse(view, 0, "option", f"view is one of {', '.join(VIEWS)}")
    for document in documents:
        remarks = document.extra.get(TOOL)
        came = isinstance(remarks, dict) and "keys" in remarks and _as_it_came(document)
        task = _again(document) if came else _task(document, view, layers)
        yield "", json.dumps(task, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def _as_it_came(document: Document) -> bool:
    """Whether nothing was added to a foreign task that it has no place for."""
    bare = Document(
        document.text,
        Meta(document.meta.doc_id),
        spans=document.spans,
        relations=document.relations,
        extra={TOOL: document.extra[TOOL]},
    )
    remarks = [(x.extra, x.note, x.confidence) for x in document.spans]
    remarks += [(x.extra, x.note, x.confidence) for x in document.relations]
    return document == bare and all(x.keys() <= {TOOL} and not y + z for x, y, z in remarks)


def _again(document: Document) -> dict[str, Any]:
    remarks = document.extra[TOOL]
    bounds = [
        (t["start"], t["end"]) for t in remarks["task"].get("tokens") or [] if {"start", "end"} <= t.keys()
    ]
    spans, by_id = [], {}
    for span in document.spans:
        remark = span.extra.get(TOOL, {})
        start, end = span.mention.bounds
        row = {"start": start, "end": end, "label": span.label, **remark}
        if not span.label and "label" not in remark:
            del row["label"]
        if bounds and "token_start" in remark:
            row |= token_places(bounds, start, end)
        if "text" in remark:
            row["text"] = span.mention.text
        by_id[span.id] = row
        if remark.get("from") != "relations":
            spans.append(row)
    relations = [_relation(r, by_id) for r in document.relations]
    made = {"text": document.text, **remarks["task"], "spans": spans, "relations": relations}
    keys = [k for k in remarks["keys"] if k in made]
    keys += [k for k in ("spans", "relations") if made[k] and k not in keys]
    return {k: made[k] if made[k] or k in remarks["task"] or k == "text" else [] for k in keys}


def _relation(relation: Relation, rows: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    raw = dict(relation.extra.get(TOOL, {}))
    ends = [rows.get(relation.source), rows.get(relation.target)]
    for name, last, row in zip(_ENDS, ("head", "child"), ends, strict=True):
        old = raw.get(name) or {}
        if row and (old.get("start"), old.get("end"), old.get("label")) != tuple(
            row.get(k) for k in ("start", "end", "label")
        ):
            raw[name] = {k: row[k] for k in ("start", "end", "token_start", "token_end", "label") if k in row}
            raw[last] = row.get("token_end", -1)
    return {**raw, "label": relation.label}


def _task(document: Document, view: str, layers: str) -> dict[str, Any]:
    graph = split_pieces(project(document))
    text = document.text
    bounds = tokenizer.spacy_tokens(text) if tokenizer.available() else []
    shown = View(graph, view, layers, bounds)
    rows = {n.id: _row(n, bounds) for n in shown.nodes}
    number = prodigy_hash.input_hash(text)
    kept = {"doc_id": document.meta.doc_id, "view": view, **shown.kept()}
    kept |= {"rest": graph.rest} if graph.rest else {}
    kept |= {"order": [_edge_key(e) for e in graph.edges]} if graph.edges else {}
    meta = {"doc_id": document.meta.doc_id}
    if shown.hidden.nodes:
        meta["not shown"] = f"{len(shown.hidden.nodes)} of {len(graph.nodes)} spans"
    task: dict[str, Any] = {"text": text, "meta": meta}
    if bounds:
        task["tokens"] = [
            {"text": text[a:b], "start": a, "end": b, "id": i, "ws": text[b : b + 1] == " "}
            for i, (a, b) in enumerate(bounds)
        ]
    task["spans"] = list(rows.values())
    if view in ("rel", "coref"):
        task["relations"] = [_arrow(e, rows) for e in shown.edges]
    hashes = {"_input_hash": number, "_task_hash": prodigy_hash.task_hash(number, rows.values())}
    return {**task, **hashes, ledger.KEY: kept}


def token_places(bounds: Sequence[tuple[int, int]], start: int, end: int) -> dict[str, int]:
    """The first and the last token that a span touches."""
    first = bisect_right(bounds, start, key=lambda t: t[1])
    last = bisect_left(bounds, end, key=lambda t: t[0]) - 1
    return {"token_start": min(first, last), "token_end": last}


def _row(node: Node, bounds: Sequence[tuple[int, int]]) -> dict[str, Any]:
    start, end = node.pieces[0]
    place: dict[str, Any] = {"start": start, "end": end}
    if bounds:
        place |= token_places(bounds, start, end)
    return {**place, "label": node.label, "id": node.id}


def _arrow(edge: Edge, rows: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    ends = [{k: v for k, v in rows[end].items() if k != "id"} for end in (edge.source, edge.target)]
    head, child = (end.get("token_end", -1) for end in ends)
    return {"head": head, "child": child, "head_span": ends[0], "child_span": ends[1], "label": edge.label}
