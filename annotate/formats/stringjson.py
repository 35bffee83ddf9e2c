"""Strings instead of offsets: what language models answer, and what they are shown.

One answer for each document: an object with any of ``events actors places times
numbers quotations spans terms links``, its objects as in the annotation lines but with
strings where those have mentions: ``"trigger": "airstrikes"``, or ``{"text":
"airstrikes", "sentence": 3, "occurrence": 2}``, where ``sentence`` is a number from 1 or
words of it. Answers come a line each (``{"doc": "A", …}`` or ``{"doc": "A", "answer":
"… ```json …"}``) or one a file, with prose around it or not.

The text is the answer's own, or lies beside it as ``.txt``, or is that of the document
of the same id in ``texts`` (a file or folder; the gold corpus, if unsaid).

Strings are anchored (``anchor.py``). What is not found as it stands says so in
``extra["anchor"]``; what is not found at all has no place and stands in the document's
``extra["unanchored"]``: a list of {layer, label, text}, each a spurious span in scoring.
``extra["anchored"]`` counts the strings by how they were found.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from goldwire.annotate.document import COLLECTIONS, Document
from goldwire.annotate.formats import answer, source
from goldwire.annotate.formats.strings_read import anchored
from goldwire.annotate.formats.strings_write import written
from goldwire.annotate.problems import Problem

IDS = ("doc", "doc_id", "document", "document_id")
WRAPPED = ("answer", "response", "output", "completion")


def decode(
    files: Mapping[str, BinaryIO],
    *,
    ontology: Any = None,
    notes: list[Problem] | None = None,
    texts: str = "",
) -> Iterator[Document]:
    """A document from each answer; raises ProblemError with its line."""
    beside = {source.stem(n): f for n, f in files.items() if n.endswith(".txt")}
    known: dict[str, Document] | None = None
    for name, file in files.items():
        if name.endswith(".txt") and len(files) > 1:
            continue
        own = beside.get(source.stem(name)) if not name.endswith(".txt") else None
        text = source.text_of(source.whole(own, name), name) if own else None
        for line, raw in _answers(file, name):
            doc_id = str(next((raw[k] for k in IDS if k in raw), source.stem(name)))
            home = text if text is not None else raw.get("text")
            if home is None:
                known = source.documents_by_id(texts) if known is None else known
                if doc_id not in known:
                    places = f"in the answer, beside it or in {texts or 'gold'}"
                    source.refuse(name, line, "no-text", f"the text of document {doc_id!r} is not {places}")
                yield anchored(raw, doc_id, known[doc_id], where=name, line=line, notes=notes)
                continue
            if not isinstance(home, str):
                source.refuse(name, line, "structure", "text: should be a string")
            source.checked_text(home, name, line)
            yield anchored(raw, doc_id, Document(home), where=name, line=line, notes=notes)


def _answers(file: BinaryIO, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The answers of a file with their lines: one a line where every line is an object, else one in all."""
    lines = source.lines(file, name)
    first = next((pair for pair in lines if pair[1].strip()), None)
    if first is None:
        source.refuse(name, 1, "not-json", "the file is empty")
    if name.removesuffix(".gz").endswith(".jsonl") or _is_object(first[1]):
        for number, line in _from(first, lines):
            if line.strip():
                yield number, _unwrapped(answer.value(line, name, number), name, number)
        return
    whole, size = [], 0
    for _, line in _from(first, lines):
        size += len(line) + 1
        if size > source.LIMIT:
            source.refuse(name, 0, "size", f"the answer is longer than {source.LIMIT >> 20} MB")
        whole.append(line)
    yield first[0], _unwrapped(answer.value("\n".join(whole), name, first[0]), name, first[0])


def _from(first: tuple[int, str], rest: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    yield first
    yield from rest


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _unwrapped(found: Any, name: str, line: int) -> dict[str, Any]:
    """The answer itself; a list alone is one of events or, where they have no trigger, of spans."""
    if isinstance(found, list) and len(found) == 1 and isinstance(found[0], dict):
        # The whole answer in a list of its own: its object holds layers.
        found = found[0] if set(COLLECTIONS.values()) & set(found[0]) else found
    if isinstance(found, list):
        kind = "events" if any("trigger" in x for x in found if isinstance(x, dict)) else "spans"
        return {kind: found}
    inner = next((k for k in WRAPPED if k in found), "")
    if not inner:
        return dict(found)
    said = found[inner]
    body = answer.value(said, name, line) if isinstance(said, str) else said
    outer = {k: v for k, v in found.items() if k in (*IDS, "text")}
    if not isinstance(body, dict | list):
        source.refuse(name, line, "structure", f"{inner}: should be an object, a list or a string")
    return _unwrapped(body, name, line) | outer


def encode(
    documents: Iterable[Document], *, lost: Counter[str], text: bool = True
) -> Iterator[tuple[str, bytes]]:
    """A line for each document, with its text unless ``text`` is false: examples to show a model.

    >>> from goldwire.annotate.document import Actor, Mention, Meta
    >>> ada = Actor("a1", "PER", mentions=(Mention("she", 12), Mention("Ada", 0)))
    >>> document = Document("Ada left as she came.", Meta("d"), actors=(ada,))
    >>> json.loads(next(encode([document], lost=Counter()))[1])["actors"]
    [{'id': 'a1', 'type': 'PER', 'mentions': ['she', 'Ada']}]
    """
    for item in documents:
        body = written(item, lost)
        head = {"doc": item.meta.doc_id} | ({"text": item.text} if text else {})
        yield "", json.dumps(head | body, ensure_ascii=False).encode() + b"\n"
