"""spaCy's ``Doc`` as JSON (``Doc.to_json``): tokens, entities, sentences and groups of spans.

Reading: entities and the spans of each group are labelled spans, sentences are
segments; tokens, categories and whatever else stands there are kept, and a document
that spaCy wrote goes back as it came. Our own objects are groups named after their
layers ("events", "actors" …): a mention is a span, labelled with the object's type and
identified by ``id``. What spans cannot say (fields, references, spans that cut a token)
stands in ``_.goldwire``, as a string, so that nothing is lost; spans that cut a token
are counted, since spaCy does not see them.

Offsets are code points; spans stand on whole tokens, those of ``spacy.blank("en")``
unless the document was read with others.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct, field

from goldwire.annotate.document import COLLECTIONS, Document, Mention, Meta, Segment, Span
from goldwire.annotate.formats import source, tokenized
from goldwire.annotate.formats.graph import Edge, Graph, Name, Node, join_pieces, split_pieces
from goldwire.annotate.formats.project import project
from goldwire.annotate.formats.restore import restore
from goldwire.annotate.formats.untouched import untouched
from goldwire.annotate.offsets import Claim, prove
from goldwire.annotate.problems import Problem
from goldwire.annotate.tokens import spacy_tokens

OURS = "goldwire"
Raw = dict[str, Any]


class Known(Struct):
    """What is checked of a Doc before it is used."""

    text: str
    tokens: list[dict[str, Any]] = field(default_factory=list)
    ents: list[dict[str, Any]] = field(default_factory=list)
    sents: list[dict[str, Any]] = field(default_factory=list)
    spans: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


class Told(Struct):
    """What spaCy 2 was told of a text; what it was told of tokens is kept."""

    entities: list[tuple[int, int, str]] = field(default_factory=list)
    spans: dict[str, list[tuple[int, int, str]]] = field(default_factory=dict)


def decode(
    files: Mapping[str, BinaryIO], *, ontology: Any = None, notes: list[Problem] | None = None
) -> Iterator[Document]:
    """A document from each JSON value of each file; raises ProblemError with its line."""
    for name, file in files.items():
        for number, (line, raw) in enumerate(source.values(file, name), start=1):
            own = source.stem(name) + (f"#{number}" if number > 1 else "")
            yield document(_told(raw, name, line), own, where=name, line=line)


def _told(raw: Any, where: str, line: int) -> Any:
    """A pair of text and annotations, as spaCy 2 was trained on, as a Doc; anything else as it is."""
    if not isinstance(raw, list):
        return raw
    text, told = source.shaped(raw, tuple[str, Told], where, line)

    def rows(listed: Sequence[tuple[int, int, str]]) -> list[Raw]:
        return [{"start": start, "end": end, "label": label} for start, end, label in listed]

    groups = {"spans": {key: rows(listed) for key, listed in told.spans.items()}} if told.spans else {}
    more = source.rest(raw[1], "entities", "spans")
    return {"text": text, "ents": rows(told.entities), "tokens": [], **groups, **more}


def document(raw: Any, doc_id: str, *, where: str, line: int = 1) -> Document:
    """The document of one Doc; raises ProblemError."""
    known = source.shaped(raw, Known, where, line)
    text = source.checked_text(known.text, where, line)
    tokens = _bounds(text, known.tokens, "token", where, line)
    listed = [(None, x) for x in known.ents] + [(g, x) for g, each in known.spans.items() for x in each]
    bounds = _bounds(text, [x for _, x in listed], "span", where, line)
    ours = known_custom(raw)
    if ours:
        return _ours(text, ours, listed, bounds, where)
    sentences = _bounds(text, known.sents, "sentence", where, line)
    spans: list[Span] = []
    taken: set[str] = set()
    for n, ((group, x), (start, end)) in enumerate(zip(listed, bounds, strict=True), start=1):
        own = str(x.get("id") or f"s{n}")
        own = own if own not in taken else f"s{n}"
        taken.add(own)
        remarks = {"ents": True} if group is None else {"group": group}
        remarks |= source.rest(x, "start", "end", "label")
        mention = Mention(text[start:end], start)
        spans.append(Span(own, mention, str(x.get("label", "")), extra={"spacy": remarks}))
    kept: Raw = {"groups": list(known.spans), **source.rest(raw, "text", "tokens", "ents", "sents", "spans")}
    attributes = [source.rest(t, "id", "start", "end") for t in known.tokens]
    if any(attributes):
        kept["attributes"] = attributes
    kept["given"] = [k for k in ("ents", "sents", "spans") if k in raw]
    return Document(
        text,
        Meta(doc_id),
        segments=tuple(Segment(f"g{n}", a, b) for n, (a, b) in enumerate(sentences, start=1)),
        spans=tuple(spans),
        extra={tokenized.KEY: [list(t) for t in tokens], "spacy": kept},
    )


def known_custom(raw: Raw) -> str:
    """What goldwire wrote into the custom attributes; "" where it wrote nothing."""
    custom = raw.get("_")
    said = custom.get(OURS) if isinstance(custom, dict) else None
    return said if isinstance(said, str) else ""


def _bounds(text: str, rows: Sequence[Raw], name: str, where: str, line: int) -> list[tuple[int, int]]:
    claims = []
    for n, row in enumerate(rows):
        start, end = row.get("start"), row.get("end")
        if type(start) is not int or type(end) is not int:
            message = f"{name} {n} should have whole numbers start and end"
            source.refuse(where, line, "structure", message)
        claims.append(Claim(start, end, None, line, f"{name} {n}"))
    return prove(text, claims, where=where)[1]


def _ours(
    text: str,
    said: str,
    listed: Sequence[tuple[str | None, Raw]],
    bounds: Sequence[tuple[int, int]],
    where: str,
) -> Document:
    """A document that goldwire wrote, with what pipelines have added or moved since."""
    kept = source.shaped(source.parsed(said, where), dict[str, Any], where)
    told = source.shaped(kept.get("nodes", {}), dict[str, dict[str, Any]], where)
    nodes: list[Node] = []
    for n, ((group, x), piece) in enumerate(zip(listed, bounds, strict=True), start=1):
        own = str(x.get("id", ""))
        if own in told:
            more = told.pop(own)
            node = source.shaped({"name": Name.parse(own), "label": "", "pieces": [], **more}, Node, where)
            node.label, node.pieces = str(x.get("label", "")), (piece,)
        else:
            remarks = {"spacy": {"ents": True} if group is None else {"group": group}}
            node = Node(Name("span", f"spacy{n}"), str(x.get("label", "")), (piece,), {}, {"extra": remarks})
        nodes.append(node)
    for own, more in told.items():
        # Shown nowhere, since it cuts a token; gone, if it was shown and is no more.
        if more.get("pieces"):
            nodes.append(source.shaped({"name": Name.parse(own), **more}, Node, where))
    for node in nodes:
        if not all(0 <= a <= b <= len(text) for a, b in node.pieces):
            source.refuse(where, 0, "span-range", f"{node.id} lies outside the text")
    edges = source.shaped(kept.get("edges", []), list[Edge], where)
    rest = source.shaped(kept.get("rest", {}), dict[str, Any], where)
    return restore(join_pieces(Graph(text, nodes, edges, rest)), str(kept.get("doc_id", "")), where=where)


def encode(documents: Iterable[Document], *, lost: Counter[str]) -> Iterator[tuple[str, bytes]]:
    """A line for each document.

    >>> ada = Span("s1", Mention("Ada", 0), "PER")
    >>> kept = Document("Ada left.", spans=(ada,), extra={"tokens": [[0, 3]]})
    >>> json.loads(next(encode([kept], lost=Counter()))[1])["spans"]
    {'spans': [{'start': 0, 'end': 3, 'label': 'PER', 'kb_id': '', 'id': 'span/s1'}]}
    """
    for item in documents:
        yield "", json.dumps(raw_of(item, lost), ensure_ascii=False).encode() + b"\n"


def raw_of(item: Document, lost: Counter[str]) -> Raw:
    """The Doc of a document as JSON, keys in spaCy's order."""
    tokens = _filled(item)
    if untouched(item, "spacy", frozenset({"spans", "segments"})) and _plain(item.segments):
        return _as_it_came(item, tokens)
    kept = item.extra.get("spacy")
    graph = split_pieces(project(item))
    starts, ends = {a for a, _ in tokens}, {b for _, b in tokens}
    groups: dict[str, list[Raw]] = {}
    told: dict[str, Raw] = {}
    for node in graph.nodes:
        ((start, end),) = node.pieces
        body: Raw = {k: v for k in ("features", "rest") if (v := getattr(node, k))}
        if start in starts and end in ends and start < end:
            kb_id = node.features.get("wikidata", "")
            row = {"start": start, "end": end, "label": node.label, "kb_id": kb_id, "id": node.id}
            groups.setdefault(COLLECTIONS[node.name.kind], []).append(row)
        else:
            lost["span that cuts a token (spaCy does not see it)"] += 1
            body |= {"label": node.label, "pieces": [[start, end]]}
        told[node.id] = body
    said = {
        "doc_id": item.meta.doc_id,
        "nodes": told,
        "edges": msgspec.to_builtins(graph.edges),
        "rest": graph.rest,
    }
    attributes = kept.get("attributes", []) if isinstance(kept, dict) else []
    sents = [
        {"start": s.start, "end": s.end} for s in item.segments if {s.start} <= starts and {s.end} <= ends
    ]
    body = {
        "text": item.text,
        "sents": sents,
        "tokens": _rows(tokens, attributes),
        "spans": groups,
        "_": {OURS: json.dumps(said)},
    }
    return body if sents else {k: v for k, v in body.items() if k != "sents"}


def _plain(segments: Sequence[Segment]) -> bool:
    return all(s == Segment(s.id, s.start, s.end) for s in segments)


def _as_it_came(item: Document, tokens: Sequence[tokenized.Bounds]) -> Raw:
    kept = dict(item.extra["spacy"])
    groups: dict[str, list[Raw]] = {name: [] for name in kept.pop("groups", [])}
    ents: list[Raw] = []
    for span in item.spans:
        remarks = dict(span.extra["spacy"])
        home = ents if remarks.pop("ents", False) else groups.setdefault(remarks.pop("group", ""), [])
        home.append({"start": span.mention.start, "end": span.mention.end, "label": span.label, **remarks})
    sents = [{"start": s.start, "end": s.end} for s in item.segments]
    attributes = kept.pop("attributes", [])
    given = {*kept.pop("given", []), *(["ents"] if ents else []), *(["spans"] if groups else [])}
    body = {
        "text": item.text,
        "ents": ents,
        "sents": sents,
        "tokens": _rows(tokens, attributes),
        "spans": groups,
    }
    return {k: v for k, v in body.items() if k in ("text", "tokens") or k in given} | kept


def _rows(tokens: Sequence[tokenized.Bounds], attributes: Sequence[Raw]) -> list[Raw]:
    rows = [{"id": n, "start": a, "end": b} for n, (a, b) in enumerate(tokens)]
    if len(attributes) == len(rows):
        rows = [row | more for row, more in zip(rows, attributes, strict=True)]
    return rows


def _filled(item: Document) -> list[tokenized.Bounds]:
    """The tokens of a document, white space between them as spaCy has it.

    A word takes one space that follows it; what is left of a gap is a token of its own.
    """
    if not (tokenized.KEY in item.extra and tokenized.tokens_of(item)):
        return spacy_tokens(item.text)
    found: list[tokenized.Bounds] = []
    at = 0
    for start, end in tokenized.tokens_of(item):
        if start > at:
            found.append((at, start))
        found.append((start, end))
        at = end + (item.text[end : end + 1] == " ")
        at = end if item.text[end:at].strip() else at
    if at < len(item.text):
        found.append((at, len(item.text)))
    return [t for t in found if t[0] < t[1]]
