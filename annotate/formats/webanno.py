"""WebAnno TSV 3, INCEpTION's own table: a token a row, a layer's features in its columns.

Offsets count UTF-16 units (some writers count code points: the tokens tell).
Spans become spans, relations, slots and chain links relations, all with the layer
and the features that they came from; sentences become segments. The format cannot
hold discontinuous spans, nor spans that begin or end between tokens: ours are
split and trimmed there, and are whole again when they come back.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, BinaryIO

from msgspec import convert
from msgspec.structs import replace

from goldwire.annotate.document import Document
from goldwire.annotate.formats import source
from goldwire.annotate.formats.graph import Graph, Node, join_pieces, split_pieces
from goldwire.annotate.formats.layers import (
    CAS,
    MOVED,
    WHOLE,
    Layer,
    Layers,
    fine_words,
    graph_of,
    layers_of,
    words,
)
from goldwire.annotate.formats.naming import named
from goldwire.annotate.formats.project import project
from goldwire.annotate.formats.restore import restore
from goldwire.annotate.formats.webanno_read import header, read, sentences
from goldwire.annotate.formats.webanno_write import Writing
from goldwire.annotate.problems import Problem


def decode(
    files: Mapping[str, BinaryIO], *, ontology: Any = None, notes: list[Problem] | None = None
) -> Iterator[Document]:
    """A document from each file; raises ProblemError with the line of what is wrong."""
    for name, file in files.items():
        lines = source.lines(file, name)
        top, first = header(lines, name)
        if top.other and notes is not None:
            notes.append(
                Problem(name, 0, "unknown-line", f"{len(top.other)} more lines of the header are kept")
            )
        found = list(sentences(top, lines, first, name))
        yield document(read(found, top, name), source.stem(name), name)


def document(cas: Layers, doc_id: str, where: str) -> Document:
    """The document of layers; one that goldwire wrote says its own id and text."""
    try:
        graph = graph_of(cas)
    except ValueError as error:
        source.refuse(where, 0, "structure", str(error))
    whole = graph.rest.pop("text", cas.text)
    if whole != cas.text:
        if not isinstance(whole, str) or len(whole) < len(cas.text):
            source.refuse(
                where, 0, "structure", "the text that goldwire wrote into the file is shorter than the file's"
            )
        if any(whole[a:b] != cas.text[a:b] for a, b in cas.tokens):
            source.refuse(where, 0, "structure", "the tokens are not those of the text that goldwire wrote")
        graph.text = whole
    own = graph.rest.pop("doc_id", doc_id)
    return restore(join_pieces(graph), str(own), where=where)


def encode(
    documents: Iterable[Document], *, lost: Counter[str], tokens: str = ""
) -> Iterator[tuple[str, bytes]]:
    """A file for each document, named by its id; one document alone is the output itself.

    ``tokens`` is "words" or "spaces"; unsaid, they are those of the file a document came from, else words.
    """
    if tokens not in ("", "words", "spaces"):
        source.refuse(tokens, 0, "option", "tokens is words or spaces")
    for name, item in named(documents, ".tsv"):
        if lines := list(rows(item, tokens, lost)):
            yield name, "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass")


def rows(item: Document, tokens: str, lost: Counter[str]) -> Iterator[str]:
    """The lines of a document's file."""
    known = item.extra.get(CAS)
    remarks = known if isinstance(known, dict) and "layers" in known else {}
    foreign = bool(remarks) and as_it_came(item)
    bare = replace(item, extra={k: v for k, v in item.extra.items() if k != CAS}) if foreign else item
    graph = split_pieces(project(bare))
    placed = _tokens(item, tokens, remarks)
    if not placed:
        lost["document without any word"] += 1
        return
    data: dict[str, Any] = {}
    if foreign:
        graph.rest = {}
    else:
        data = {"doc_id": item.meta.doc_id, **graph.rest}
    sentences = sentences_of(item, placed)
    made = _reassembled(item.text, sentences)
    if made != item.text:
        data["text"] = item.text
        if foreign:
            data = {}
            lost["text between sentences"] += 1
    _snap(graph, placed, lost)
    cas = layers_of(graph, convert(remarks.get("layers", []), list[Layer]), data)
    for a in cas.annotations:
        if a.layer == WHOLE:
            a.start, a.end = placed[0]
    cas.tokens, cas.sentences = placed, sentences
    cas.more = {k: v for k, v in remarks.items() if k not in ("layers", "tokens")}
    yield from Writing(cas).lines()


def as_it_came(item: Document) -> bool:
    """Whether the file that a document came from can hold all of it."""
    graph = item.spans, item.relations, item.segments
    plain = Document(item.text, replace(item.meta), spans=graph[0], relations=graph[1], segments=graph[2])
    same = replace(item, extra={}) == plain and item.extra.keys() == {CAS}
    marks = [(x.note, x.confidence, x.extra) for x in item.spans] + [
        (x.note, x.confidence, x.extra) for x in item.relations
    ]
    meta = replace(item.meta, doc_id="")
    said = not any(getattr(meta, f) for f in meta.__struct_fields__ if f not in ("dct_basis", "doc_id"))
    sound = all(not n and not c and "layer" in x for n, c, x in marks) and all(
        not s.mention.more for s in item.spans
    )
    return same and said and sound


def _tokens(item: Document, wanted: str, remarks: Mapping[str, Any]) -> list[tuple[int, int]]:
    if not wanted and remarks:
        listed = [(a, b) for a, b in remarks.get("tokens", [])]
        if all(0 <= a < b <= len(item.text) for a, b in listed):
            return listed or words(item.text)
    return words(item.text) if wanted == "spaces" else fine_words(item.text)


def sentences_of(item: Document, tokens: list[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """The document's sentences where they hold every token, else one that holds all."""
    found = sorted((s.start, s.end, str(s.extra.get("sentence", ""))) for s in item.segments)
    starts, ends = [a for a, _ in tokens], [b for _, b in tokens]
    held = 0
    tiled = bool(found) and all(a[1] <= b[0] for a, b in pairwise(found))
    for start, end, _ in found if tiled else ():
        first, last = bisect_left(starts, start), bisect_right(ends, end)
        tiled = tiled and first < last and starts[first] == start
        held += last - first
    return found if tiled and held == len(tokens) else [(starts[0], ends[-1], "")]


def _reassembled(text: str, sentences: list[tuple[int, int, str]]) -> str:
    """The text that a reader of the file will make."""
    parts: list[str] = []
    length = 0
    for start, end, _ in sentences:
        if start < length:
            # The line break after a sentence goes where the next one follows at once.
            parts[-1], length = parts[-1][:-1], length - 1
        parts.append(" " * (start - length) + text[start:end] + "\n")
        length = end + 1
    return "".join(parts)[:-1]


def _snap(graph: Graph, tokens: list[tuple[int, int]], lost: Counter[str]) -> None:
    """Trim what begins or ends between tokens; nodes of ours remember where they stood."""
    starts, ends = [a for a, _ in tokens], [b for _, b in tokens]
    for node in graph.nodes:
        (start, end), *_ = node.pieces
        first, last = bisect_right(ends, start), bisect_left(starts, end)
        if first < last:
            new = (max(starts[first], start), min(ends[last - 1], end))
        else:
            beside = tokens[max(first - 1, 0) : first + 1]
            near = min(beside, key=lambda t: min(abs(t[0] - start), abs(t[1] - start)))
            at = min(max(start, near[0]), near[1])
            new = (at, at)
        if new != (start, end):
            _moved(node, new, lost)


def _moved(node: Node, new: tuple[int, int], lost: Counter[str]) -> None:
    extra = node.rest.get("extra", {})
    if node.name.kind == "span" and "layer" in extra:
        lost["span that begins or ends between tokens"] += 1
    node.rest = {**node.rest, MOVED: {"from": [list(p) for p in node.pieces], "to": list(new)}}
    node.pieces = (new,)
