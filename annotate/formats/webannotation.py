"""W3C Web Annotation (JSON-LD): annotations whose targets are stretches of a text elsewhere.

Read: an annotation, a list, a page or a collection of them. A target is chosen by
``TextPositionSelector`` (code points, end exclusive) and ``TextQuoteSelector`` (the words,
with what stands before and after), both, or one; the words are the proof, and find
their place again where positions do not fit. A document is made of all that has one
``source``. Its text is the page's own (what goldwire writes has it), lies beside as
``<source>.txt``, or is that of the document of that id in ``texts``.

A body that tags is the label. An annotation whose words are nowhere stands in
``extra["unanchored"]``. Our own objects are written with features under "goldwire".
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, BinaryIO

import msgspec

from goldwire.annotate.document import Document, Mention, Meta, Span
from goldwire.annotate.formats import source
from goldwire.annotate.formats.graph import Edge, Graph, Name, Node
from goldwire.annotate.formats.project import project
from goldwire.annotate.formats.restore import restore
from goldwire.annotate.problems import Problem
from goldwire.annotate.surface import places

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
OURS = "goldwire"
# How many characters before and after a quotation are written.
AROUND = 32
Pieces = tuple[tuple[int, int], ...]


def decode(
    files: Mapping[str, BinaryIO],
    *,
    ontology: Any = None,
    notes: list[Problem] | None = None,
    texts: str = "",
) -> Iterator[Document]:
    """A document from each source that a file's annotations target; raises ProblemError."""
    beside = source.texts_beside(files)
    homes = source.documents_by_id(texts) if texts else {}
    for name, file in files.items():
        if name.endswith(".txt"):
            continue
        found: dict[str, list[dict[str, Any]]] = {}
        ours: dict[str, Any] = {}
        for _, raw in source.values(file, name):
            kept = raw.get(OURS) if isinstance(raw, dict) else None
            if isinstance(kept, dict) and "text" in kept:
                ours = kept
                found.setdefault(str(kept.get("doc_id", "")), [])
            for annotation in _annotations(raw, name):
                home = str(ours.get("doc_id", "")) if ours else _source(annotation)
                found.setdefault(home, []).append(annotation)
        for home, listed in found.items():
            own = source.stem(home.rstrip("/")) if not ours else home
            text = ours.get("text") if ours else homes[own].text if own in homes else None
            if text is None and {own, source.stem(name)} & beside.keys():
                where, other = beside.get(own) or beside[source.stem(name)]
                text = source.text_of(source.whole(other, where), where)
            if not isinstance(text, str):
                message = f"the text of {home or 'the target'!r} is not known; put it beside as {own}.txt"
                source.refuse(name, 0, "no-text", message)
            source.checked_text(text, name)
            yield _ours(listed, ours, text, name) if ours else _document(listed, own, text, name, notes)


def _annotations(raw: Any, name: str) -> Iterator[dict[str, Any]]:
    """The annotations of a value: itself, those of a list, a page or a collection."""
    if isinstance(raw, list):
        for each in raw:
            yield from _annotations(each, name)
        return
    if not isinstance(raw, dict):
        source.refuse(name, 0, "structure", f"an annotation should be an object, is {str(raw)[:60]}")
    kinds = raw.get("type", raw.get("@type", ""))
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "AnnotationCollection" in kinds or "AnnotationPage" in kinds:
        yield from _annotations(raw.get("items", raw.get("first", [])), name)
    elif "target" in raw:
        yield raw
    else:
        source.refuse(name, 0, "structure", f"an annotation has no target: {str(raw)[:60]}")


def _target(annotation: Mapping[str, Any]) -> Any:
    target = annotation["target"]
    return target[0] if isinstance(target, list) and target else target


def _source(annotation: Mapping[str, Any]) -> str:
    target = _target(annotation)
    said = target.get("source", "") if isinstance(target, dict) else target
    said = said.get("id", "") if isinstance(said, dict) else said
    return str(said).partition("#")[0]


def _label(annotation: Mapping[str, Any]) -> str:
    """What the annotation tags its target with: the first tagging body, else the first body."""
    body = annotation.get("body", "")
    listed = body if isinstance(body, list) else [body]
    tags = [b for b in listed if isinstance(b, dict) and b.get("purpose") == "tagging"]
    for each in [*tags, *listed]:
        said = each.get("value", each.get("id", "")) if isinstance(each, dict) else each
        if isinstance(said, str) and said:
            return said
    return ""


def _selectors(target: Any) -> list[dict[str, Any]]:
    said = target.get("selector", []) if isinstance(target, dict) else []
    listed = said if isinstance(said, list) else [said]
    return [x for x in listed if isinstance(x, dict)]


def _place(target: Any, text: str, name: str) -> tuple[int, int] | str:
    """Where a target is; its words where they are nowhere. Raises ProblemError."""
    position: tuple[int, int] | None = None
    quote: dict[str, Any] | None = None
    kinds = []
    for selector in _selectors(target):
        kinds.append(str(selector.get("type", "")))
        if kinds[-1] == "TextPositionSelector":
            start, end = selector.get("start"), selector.get("end")
            if type(start) is not int or type(end) is not int:
                source.refuse(
                    name, 0, "selector", "a TextPositionSelector has no whole numbers start and end"
                )
            position = start, end
        elif kinds[-1] == "TextQuoteSelector":
            quote = selector
    if position is None and quote is None:
        message = f"a target has no selector of text: {', '.join(kinds) or str(target)[:60]}"
        source.refuse(name, 0, "selector", message)
    exact = str(quote.get("exact", "")) if quote else None
    if position is not None:
        start, end = position
        inside = 0 <= start <= end <= len(text)
        if inside and exact in (None, text[start:end]):
            return position
        if exact is None:
            message = f"span {start}–{end} lies outside a text of {len(text)} characters"
            source.refuse(name, 0, "span-range", message)
    assert quote is not None
    assert exact is not None
    before, after = str(quote.get("prefix", "")), str(quote.get("suffix", ""))
    found = places(text, exact)
    fits = [at for at in found if text[:at].endswith(before) and text[at + len(exact) :].startswith(after)]
    chosen = fits or found
    if len(chosen) == 1 or (chosen and position is not None):
        near = position[0] if position else 0
        start = min(chosen, key=lambda at: abs(at - near))
        return start, start + len(exact)
    return exact


def _document(
    listed: list[dict[str, Any]], own: str, text: str, name: str, notes: list[Problem] | None
) -> Document:
    spans: list[Span] = []
    lost: list[dict[str, str]] = []
    for n, annotation in enumerate(listed, start=1):
        found = _place(_target(annotation), text, name)
        label = _label(annotation)
        if isinstance(found, str):
            lost.append({"layer": "SPAN", "label": label, "text": found})
            if notes is not None:
                many = len(places(text, found))
                message = f"{found[:60]!r} stands {many} times in the text, not once"
                notes.append(Problem(name, 0, "unanchored", message))
            continue
        ident = str(annotation.get("id") or f"s{n}")
        ident = ident if ident not in {s.id for s in spans} else f"s{n}"
        kept = source.rest(annotation, "id", "type", "target", "@context")
        spans.append(Span(ident, Mention.at(text, found), label, extra={"annotation": kept}))
    return Document(text, Meta(own), spans=tuple(spans), extra={"unanchored": lost} if lost else {})


def _ours(listed: list[dict[str, Any]], kept: dict[str, Any], text: str, name: str) -> Document:
    """A document that goldwire wrote, with what was changed since."""
    nodes: list[Node] = []
    for n, annotation in enumerate(listed, start=1):
        told = source.shaped(annotation.get(OURS, {}), dict[str, Any], name)
        targets = annotation["target"] if isinstance(annotation["target"], list) else [annotation["target"]]
        found = [_place(t, text, name) for t in targets]
        pieces = tuple(x for x in found if not isinstance(x, str))
        if len(pieces) < len(found) or not pieces:
            source.refuse(name, 0, "span-text", f"{_label(annotation)!r}: its words are not in the text")
        own = Name.parse(str(told.get("name", ""))) or Name("span", str(annotation.get("id") or f"w{n}"))
        features = source.shaped(told.get("features", {}), dict[str, str], name)
        rest = source.shaped(told.get("rest", {}), dict[str, Any], name)
        label = str(told["label"]) if "label" in told and not _label(annotation) else _label(annotation)
        nodes.append(Node(own, label, pieces, features, rest))
    edges = source.shaped(kept.get("edges", []), list[Edge], name)
    rest = source.shaped(kept.get("rest", {}), dict[str, Any], name)
    return restore(Graph(text, nodes, edges, rest), str(kept.get("doc_id", "")), where=name)


def encode(documents: Iterable[Document], *, lost: Counter[str]) -> Iterator[tuple[str, bytes]]:
    """A page of annotations for each document, named by its id; one alone is the output itself.

    >>> ada = Document("Ada left.", Meta("d"), spans=(Span("s1", Mention("Ada", 0), "PER"),))
    >>> page = json.loads(next(encode([ada], lost=Counter()))[1])
    >>> page["items"][0]["target"]["selector"][1]
    {'type': 'TextQuoteSelector', 'exact': 'Ada', 'prefix': '', 'suffix': ' left.'}
    """
    later = iter(documents)
    first = list(islice(later, 2))
    for number, item in enumerate(chain(first, later), start=1):
        name = f"{item.meta.doc_id or number}.jsonld" if len(first) > 1 else ""
        yield name, json.dumps(_page(item), ensure_ascii=False, indent=1).encode() + b"\n"


def _page(item: Document) -> dict[str, Any]:
    graph = project(item)
    items = []
    for node in graph.nodes:
        targets = [_written(item.meta.doc_id, item.text, a, b) for a, b in node.pieces]
        told: dict[str, Any] = {"name": node.id}
        told |= {k: v for k in ("features", "rest") if (v := getattr(node, k))}
        if not node.label:
            told["label"] = ""
        items.append(
            {
                "id": f"urn:goldwire:{node.id}",
                "type": "Annotation",
                "motivation": "tagging",
                "body": {"type": "TextualBody", "purpose": "tagging", "value": node.label},
                "target": targets[0] if len(targets) == 1 else targets,
                OURS: told,
            }
        )
    kept = {"doc_id": item.meta.doc_id, "text": item.text, "rest": graph.rest}
    return {
        "@context": CONTEXT,
        "type": "AnnotationPage",
        OURS: kept | {"edges": msgspec.to_builtins(graph.edges)},
        "items": items,
    }


def _written(home: str, text: str, start: int, end: int) -> dict[str, Any]:
    return {
        "source": home,
        "selector": [
            {"type": "TextPositionSelector", "start": start, "end": end},
            {
                "type": "TextQuoteSelector",
                "exact": text[start:end],
                "prefix": text[max(0, start - AROUND) : start],
                "suffix": text[end : end + AROUND],
            },
        ],
    }
