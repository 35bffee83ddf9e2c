"""Argilla 2: records with a text field and answers to a span question.

``{"id", "fields": {"text": …}, "suggestions": {question: {"value": [{"start", "end",
"label"}]}}, "responses": {question: [{"value": […], "user_id"}]}}``. Each response gives a
document, else the suggestion does. There is no surface to prove offsets by, and Argilla's
own clients count UTF-16 units: ``unit=utf-16`` where a text has characters beyond U+FFFF
(``notes`` names them).

Tried on examples of our own making: the shape is that of Argilla's documentation.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from msgspec import Struct, field

from goldwire.annotate.document import Document, Mention, Meta, Provenance, Span
from goldwire.annotate.formats import source
from goldwire.annotate.formats.flat import flat
from goldwire.annotate.offsets import Claim, foreign, prove
from goldwire.annotate.problems import Problem

CARRIES = frozenset({"text", "spans", "overlaps", "duplicates"})


class Answer(Struct):
    """A suggestion or a response."""

    value: list[dict[str, Any]] = field(default_factory=list)
    user_id: str = ""
    agent: str | None = None
    status: str | None = None


class Record(Struct):
    """One record."""

    fields: dict[str, Any]
    id: str | int = ""
    suggestions: dict[str, Any] = field(default_factory=dict)
    responses: dict[str, Any] = field(default_factory=dict)


def decode(
    files: Mapping[str, BinaryIO],
    *,
    ontology: Any = None,
    notes: list[Problem] | None = None,
    unit: str = "code points",
    text: str = "text",
    question: str = "",
) -> Iterator[Document]:
    """Documents of each record; raises ProblemError with its line.

    ``text`` names the field, ``question`` the span question (the first, if unsaid).
    """
    for name, line, raw, fallback in source.each(files):
        record = source.shaped(raw, Record, name, line)
        said = record.fields.get(text)
        if not isinstance(said, str):
            source.refuse(name, line, "no-text", f"the record has no text field {text!r}")
        source.checked_text(said, name, line)
        if unit == "code points" and notes is not None and any(c > "\uffff" for c in said):
            message = "the text has characters beyond U+FFFF; where offsets are off, say -o unit=utf-16"
            notes.append(Problem(name, line, "offset-unit", message))
        own = str(record.id) or fallback
        yield from _documents(record, said, own, unit, question, name, line)


def _documents(
    record: Record, text: str, own: str, unit: str, question: str, name: str, line: int
) -> Iterator[Document]:
    answers: list[Answer] = []
    for listed in (record.responses, record.suggestions):
        found = listed.get(question) if question else next((v for v in listed.values() if v), None)
        if found and not answers:
            rows = found if isinstance(found, list) else [found]
            answers = [source.shaped(x, Answer, name, line) for x in rows]
    for answer in answers or [Answer()]:
        claims = []
        for n, x in enumerate(answer.value):
            start, end = x.get("start"), x.get("end")
            if type(start) is not int or type(end) is not int:
                source.refuse(name, line, "structure", f"span {n} should have whole numbers start and end")
            claims.append(Claim(start, end, None, line, f"span {n}"))
        _, bounds = prove(text, claims, unit=unit, where=name)
        spans = tuple(
            Span(f"s{n}", Mention(text[a:b], a), str(x.get("label", "")))
            for n, (x, (a, b)) in enumerate(zip(answer.value, bounds, strict=True), start=1)
        )
        who = answer.user_id or answer.agent or ""
        yield Document(
            text,
            Meta(own),
            spans=spans,
            provenance=(Provenance("v1", annotator=who, tool="argilla"),) if who else (),
        )


def encode(
    documents: Iterable[Document],
    *,
    lost: Counter[str],
    unit: str = "utf-16",
    labels: str = "layer",
    question: str = "spans",
) -> Iterator[tuple[str, bytes]]:
    """A record a line, spans as suggestions, in the units of Argilla's clients.

    >>> ada = Document("\\U0001f600 Ada", Meta("d"), spans=(Span("s1", Mention("Ada", 2), "PER"),))
    >>> json.loads(next(encode([ada], lost=Counter()))[1])["suggestions"]
    {'spans': {'value': [{'start': 3, 'end': 6, 'label': 'PER'}], 'agent': 'goldwire'}}
    """
    for item in documents:
        document = flat(item, CARRIES, lost, labels=labels)
        moved = foreign(document.text, [s.mention.bounds for s in document.spans], unit)
        value = [
            {"start": a, "end": b, "label": s.label} for s, (a, b) in zip(document.spans, moved, strict=True)
        ]
        body = {
            "id": document.meta.doc_id,
            "fields": {"text": document.text},
            "suggestions": {question: {"value": value, "agent": "goldwire"}},
            "responses": {},
        }
        yield "", json.dumps(body, ensure_ascii=False).encode() + b"\n"
