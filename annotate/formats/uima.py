"""UIMA CAS as XMI and as JSON, and INCEpTION's archives of them, read and written by dkpro-cassis.

Annotations of the initial view become spans with their type and their plain
features; relations (Governor and Dependent, source and target), slots and chain
links become relations; DKPro sentences become segments. The CAS itself is kept, so
what goldwire does not show (other views, arrays, references) goes back unchanged,
and so do its types. Our own objects stand in three layers that INCEpTION can
show. Offsets in the file are UTF-16 units, which cassis converts.
"""

from __future__ import annotations

import io
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO, TypeVar

from msgspec import convert
from msgspec.structs import replace

from goldwire.annotate.document import Document
from goldwire.annotate.formats import markup, source, webanno
from goldwire.annotate.formats.graph import split_pieces
from goldwire.annotate.formats.layers import CAS, WHOLE, Layer, fine_words, layers_of
from goldwire.annotate.formats.naming import named
from goldwire.annotate.formats.project import project
from goldwire.annotate.formats.uima_read import layers_of_cas
from goldwire.annotate.formats.uima_store import KEYS, kept_json, kept_xmi, restored
from goldwire.annotate.formats.uima_types import implied, library, loaded
from goldwire.annotate.formats.uima_write import FORBIDDEN, cas_of
from goldwire.annotate.problems import Problem, ProblemError

T = TypeVar("T")


def decode(
    files: Mapping[str, BinaryIO], *, ontology: Any = None, notes: list[Problem] | None = None
) -> Iterator[Document]:
    """A document from each ``.xmi``; an ``.xml`` beside it is its type system, else its types are inferred.

    Raises ProblemError where a file is not what it should be.
    """
    noted = [] if notes is None else notes
    types = {n: f for n, f in files.items() if n.endswith(".xml")}
    for name, file in files.items():
        if name not in types:
            yield from_xmi(file, next(iter(types.items()), None), name, noted)


def from_xmi(
    file: BinaryIO, types: tuple[str, BinaryIO] | None, where: str, notes: list[Problem]
) -> Document:
    """The document of one XMI file and its type system."""
    cassis = library()
    data = source.whole(file, where)
    root = markup.tree(io.BytesIO(data), where)
    if not root.tag.endswith("}XMI"):
        source.refuse(where, 1, "format", f"the root element is {root.tag.rpartition('}')[2]}, not xmi:XMI")
    described = None if types is None else source.whole(types[1], types[0])
    system_tree = None if described is None or types is None else markup.tree(io.BytesIO(described), types[0])
    if described is None or types is None:
        notes.append(Problem(where, 0, "type-system", "there is none beside it; types were inferred"))

    def load() -> Any:
        system = (
            implied(root) if described is None or types is None else loaded(io.BytesIO(described), types[0])
        )
        return cassis.load_cas_from_xmi(io.BytesIO(data), typesystem=system)

    return _read(load, lambda: kept_xmi(root, system_tree), where, notes)


def from_json(file: BinaryIO, where: str, notes: list[Problem]) -> Document:
    """The document of one CAS JSON file, which holds its types."""
    cassis = library()
    text = source.text_of(source.whole(file, where), where)
    raw = source.shaped(source.parsed(text, where), dict[str, Any], where)
    return _read(lambda: cassis.load_cas_from_json(io.StringIO(text)), lambda: kept_json(raw), where, notes)


def _read(
    load: Callable[[], Any], keep: Callable[[], dict[str, Any]], where: str, notes: list[Problem]
) -> Document:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            cas = load()
        except ProblemError:
            raise
        except Exception as error:  # cassis raises whatever its parser and its checks happen to raise
            source.refuse(where, 0, "cas", f"cannot be read: {brief(error)}")
    notes.extend(Problem(where, 0, "cas", str(w.message).split("\n")[0]) for w in said[:5] if not _own(w))
    others = [v.sofa.sofaID for v in cas.views if v.sofa.sofaID != "_InitialView"]
    if others:
        notes.append(Problem(where, 0, "views", f"kept, but not shown: {', '.join(others)}"))
    found = layers_of_cas(cas, where)
    if not any(a.layer == WHOLE for a in found.annotations):
        found.more |= keep()
    stem = source.stem(where).removesuffix(".cas")
    return webanno.document(found, stem, where)


def encode(documents: Iterable[Document], *, lost: Counter[str]) -> Iterator[tuple[str, bytes]]:
    """An ``.xmi`` for each document, and the type system of all of them in ``TypeSystem.xml``.

    One document alone is the output itself, with ``*.typesystem.xml`` beside it.
    """
    cassis = library()
    systems: list[Any] = []
    alone = False
    for name, item in named(documents, ".xmi"):
        cas = as_cas(item, lost)
        alone = not name
        yield name, _written(partial(xmi_of, cas), item.meta.doc_id)
        systems = [cassis.merge_typesystems(*systems, cas.typesystem)]
    if systems:
        described: str = _written(systems[0].to_xml, "")
        yield "*.typesystem.xml" if alone else "TypeSystem.xml", described.encode()


def xmi_of(cas: Any) -> bytes:
    """A CAS as XMI."""
    buffer = io.BytesIO()
    from cassis.xmi import CasXmiSerializer  # type: ignore[import-untyped]

    CasXmiSerializer().serialize(buffer, cas, pretty_print=True)
    return buffer.getvalue()


def as_cas(item: Document, lost: Counter[str]) -> Any:
    """The CAS of a document: the one that it came from with what has changed, or a new one."""
    known = item.extra.get(CAS)
    remarks = known if isinstance(known, dict) and "layers" in known else {}
    foreign = bool(remarks) and webanno.as_it_came(item)
    bare = replace(item, extra={k: v for k, v in item.extra.items() if k != CAS}) if foreign else item
    graph = split_pieces(project(bare))
    data: dict[str, Any] = {} if foreign else {"doc_id": item.meta.doc_id, **graph.rest}
    if foreign:
        graph.rest = {}
    text = FORBIDDEN.sub(" ", item.text)
    if text != item.text:
        lost["character that XML cannot hold"] += len(FORBIDDEN.findall(item.text))
        data = {**data, "text": item.text} if data else data
    layers = layers_of(graph, convert(remarks.get("layers", []), list[Layer]), data)
    layers.text = text
    tokens = [(a, b) for a, b in remarks.get("tokens", [])] or fine_words(text)
    layers.tokens = tokens
    layers.sentences = webanno.sentences_of(item, tokens) if tokens else []
    for a in layers.annotations:
        if a.layer == WHOLE:
            a.start, a.end = tokens[0] if tokens else (0, 0)
        a.values = {k: FORBIDDEN.sub(" ", v) if isinstance(v, str) else v for k, v in a.values.items()}
    stored = {k: remarks[k] for k in KEYS if k in remarks} if foreign else {}
    return _written(lambda: cas_of(layers, restored(stored) if stored else None), item.meta.doc_id)


def _written(make: Callable[[], T], doc_id: str) -> T:
    try:
        return make()
    except ProblemError:
        raise
    except Exception as error:  # cassis and lxml raise whatever their checks happen to raise
        source.refuse(doc_id or "document", 0, "cas", f"cannot be written: {brief(error)}")


def json_of(cas: Any, doc_id: str) -> bytes:
    """A CAS as JSON; raises ProblemError."""
    said: str = _written(lambda: cas.to_json(pretty_print=True), doc_id)
    return said.encode() + b"\n"


def _own(warning: warnings.WarningMessage) -> bool:
    """Whether a warning is about the library's own code and none of the user's business."""
    return issubclass(warning.category, DeprecationWarning) or "deprecated" in str(warning.message)


def brief(error: Exception) -> str:
    """The first line of what a library says went wrong."""
    said = (str(error).strip() or "no reason given").split("\n")[0][:200]
    return said if " " in said else f"{type(error).__name__}: {said}"
