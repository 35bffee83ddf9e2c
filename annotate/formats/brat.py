"""brat standoff: ``a.txt`` with ``a.ann`` beside it (or BioNLP's ``a.a1`` and ``a.a2``).

Text-bound annotations become ``spans``, binary relations and equivalences
``relations``, event lines ``events``; attributes, references, further notes and
roles stand in ``extra`` of what they are said of. Lines that brat does not define
come back as they were, and so does the order of the file. Our own objects are
written in brat's words (types on T and E lines, roles as arguments, closed fields
as attributes, chains as Equiv, Wikidata as references); what brat has no word for
stands in notes of the type ``Goldwire``, which brat shows and keeps.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import BinaryIO

from msgspec.structs import replace

from goldwire.annotate.document import Document
from goldwire.annotate.formats import brat_lines, source
from goldwire.annotate.formats.brat_conf import configuration
from goldwire.annotate.formats.brat_read import Reading
from goldwire.annotate.formats.brat_write import Writing
from goldwire.annotate.formats.naming import file_name
from goldwire.annotate.formats.project import project
from goldwire.annotate.formats.restore import restore
from goldwire.annotate.ontology import Ontology
from goldwire.annotate.problems import Problem, ProblemError

_SUFFIXES = (".txt", ".ann", ".a1", ".a2")
_BOM = "\ufeff"


def decode(
    files: Mapping[str, BinaryIO],
    *,
    ontology: Ontology | None = None,
    notes: list[Problem] | None = None,
) -> Iterator[Document]:
    """A document from each text with its annotations.

    Raises ProblemError where a text is missing, a file is not UTF-8, an id stands
    twice, or a text-bound annotation does not say what the text says.
    """
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for name in files:
        path = PurePath(name)
        if path.suffix in _SUFFIXES:
            groups[str(path.with_suffix(""))][path.suffix] = name
    for stem, found in groups.items():
        if ".txt" not in found:
            raise ProblemError(
                Problem(next(iter(found.values())), 0, "missing-text", f"needs {stem}.txt beside it")
            )
        text = source.text_of(source.whole(files[found[".txt"]], found[".txt"]), found[".txt"])
        parts = [(source.whole(files[found[s]], found[s]), found[s]) for s in _SUFFIXES[1:] if s in found]
        yield _document(text, parts, PurePath(stem).name, notes)


def _document(
    text: str, parts: list[tuple[bytes, str]], doc_id: str, notes: list[Problem] | None
) -> Document:
    where = parts[0][1] if parts else doc_id
    raw = [line for data, name in parts for line in source.text_of(data, name).split("\n")]
    lines = list(enumerate(raw, start=1))
    bom = False
    try:
        reading = Reading(text, lines, where, notes)
    except ProblemError:
        # Some tools leave the byte order mark out of the count, as brat does not.
        if not text.startswith(_BOM):
            raise
        reading, bom = Reading(text[1:], lines, where, notes), True
    document = restore(reading.graph(), doc_id, where=where)
    own = {"unit": reading.unit} if reading.unit != "code points" else {}
    if bom:
        own["bom"] = "left out"
    if any(" " in span.label for span in document.spans):
        own["types"] = "with spaces"
    document = replace(document, extra={**document.extra, "brat": own} if own else document.extra)
    if raw in ([], [""]) or lines_of(document) == raw:
        return document
    if reading.marks or reading.whole:
        kept = [x for x in raw if x.strip() and brat_lines.parse(x.rstrip("\r")) is None]
    else:
        plain = {x for x in lines_of(document) if x[:1] not in ("", "*", "#")}
        kept = [x.split("\t")[0] if x in plain else x for x in raw]
    return replace(document, extra={**document.extra, "brat": {**own, "lines": kept}}) if kept else document


def encode(
    documents: Iterable[Document], *, lost: Counter[str] | None = None, ontology: Ontology | None = None
) -> Iterator[tuple[str, bytes]]:
    """``<id>.txt`` and ``<id>.ann`` for each document; with an ontology ``annotation.conf`` as well."""
    names: set[str] = set()
    used: dict[str, set[str]] = defaultdict(set)
    for number, document in enumerate(documents, start=1):
        name = file_name(document.meta.doc_id or str(number), names)
        own = document.extra.get("brat")
        bom = _BOM if isinstance(own, dict) and own.get("bom") else ""
        yield f"{name}.txt", (bom + document.text).encode("utf-8", "surrogatepass")
        lines = lines_of(document, name)
        yield f"{name}.ann", "\n".join(lines).encode("utf-8", "surrogatepass")
        if ontology is not None:
            for line in filter(None, map(brat_lines.parse, lines)):
                used[type(line).__name__].add(getattr(line, "type", "") or getattr(line, "name", ""))
    if ontology is not None:
        yield "annotation.conf", configuration(ontology, used).encode()


def lines_of(document: Document, name: str = "") -> list[str]:
    """The lines of a document's ``.ann`` file, in the order that it had, ending in ""."""
    own = document.extra.get("brat")
    kept = own if isinstance(own, dict) else {}
    graph = project(document)
    if kept:
        graph.rest["extra"] = {k: v for k, v in graph.rest["extra"].items() if k != "brat"}
        graph.rest = {k: v for k, v in graph.rest.items() if v}
    if name and name != document.meta.doc_id:
        graph.rest["meta"] = {**graph.rest.get("meta", {}), "doc_id": document.meta.doc_id}
    fresh = Writing(graph, str(kept.get("unit", "code points")), spaced="types" in kept).all()
    order = kept.get("lines", [])
    if not isinstance(order, list) or not order:
        return [*map(brat_lines.write, fresh), ""] if fresh else []
    return _in_order(fresh, [str(x) for x in order])


def _in_order(fresh: list[brat_lines.Line], order: list[str]) -> list[str]:
    """The fresh lines in the old order; an old line stands if it still says the same."""
    waiting: dict[object, list[brat_lines.Line]] = defaultdict(list)
    for line in fresh:
        waiting[_key(line)].append(line)
    result: list[str] = []
    done: dict[object, str] = {}  # what was written of an id that may stand twice
    for entry in order:
        old = brat_lines.parse(entry.rstrip("\r"))
        if old is None and entry in waiting:
            if waiting[entry]:
                done[entry] = brat_lines.write(waiting[entry].pop(0))
            result += [done[entry]] if entry in done else []
        elif old is not None and waiting.get(_key(old)):
            new = waiting[_key(old)].pop(0)
            done[old.id] = entry if _alike(old, new) else brat_lines.write(new)
            result.append(done[old.id])
        elif old is None or _dangles(old, fresh) or (brat_lines.is_told_once(old) and old.id in done):
            result.append(entry)
    left = [brat_lines.write(line) for lines in waiting.values() for line in lines]
    end = result.pop() if result and not result[-1] else None
    return [*result, *left, *([""] if left or end is not None else [])]


def _key(line: brat_lines.Line) -> object:
    """What tells lines apart: the id; for notes and equivalences, whose ids mean nothing, the content."""
    match line:
        case brat_lines.Note():
            return line.type, line.target, line.text
        case brat_lines.Equiv():
            return line
    return line.id


def _alike(old: brat_lines.Line, new: brat_lines.Line) -> bool:
    if isinstance(old, brat_lines.TextBound) and isinstance(new, brat_lines.TextBound):
        return old[:3] == new[:3]  # the text has been proved, whatever it is followed by
    return old == new or isinstance(old, brat_lines.Note)


def _dangles(old: brat_lines.Line, fresh: list[brat_lines.Line]) -> bool:
    """Whether an old line was left aside because it points at nothing."""
    ids = {line.id for line in fresh}
    match old:
        case brat_lines.Arrow():
            return not ids.issuperset(old.ends)
        case brat_lines.EventLine():
            return old.trigger not in ids
        case brat_lines.Attribute() | brat_lines.Reference() | brat_lines.Note():
            return old.target not in ids
        case brat_lines.Equiv():
            return len(old.members) < 2 or not ids.issuperset(old.members)
    return False
