"""What a system may answer, made a document: a record, spans, strings, or words around JSON of these."""

from __future__ import annotations

import json
from typing import Any

from msgspec.structs import replace

from goldwire.annotate.document import COLLECTIONS, Document
from goldwire.annotate.formats import answer as said
from goldwire.annotate.formats import record
from goldwire.annotate.formats.jsonvalues import decoded
from goldwire.annotate.formats.strings_read import KINDS, anchored
from goldwire.annotate.formats.strings_shape import COLLECTION_NAMES
from goldwire.annotate.problems import ProblemError, visible
from goldwire.evaluate.baseline import sentences


class AnswerError(ValueError):
    """An answer that is no prediction for its document; says why in one sentence."""


def read(line: bytes) -> Any:
    """The value of one line of output; raises AnswerError."""
    try:
        return decoded(line.decode())
    except (ValueError, RecursionError) as error:
        shown = visible(line[:60].decode("utf-8", "replace"))
        reason = "is nested too deep" if isinstance(error, RecursionError) else "is not JSON"
        if not isinstance(error, json.JSONDecodeError | UnicodeDecodeError | RecursionError):
            reason = f"cannot be written again, for {error}"
        raise AnswerError(f"answer {reason}: {shown}") from None


def document(text: str, doc_id: str, answer: Any) -> Document:
    """The prediction for ``text`` that an answer holds; raises AnswerError.

    A list of spans may be ``{"start", "end", "label"}`` or ``[start, end, label]``; a
    list of strings, an object whose mentions are strings, or a language model's words
    with JSON in them, are anchored in the text.

    >>> document("Ada left.", "d", [[0, 3, "PER"]]).spans[0].mention.text
    'Ada'
    >>> document("Ada left.", "d", [[0, 30, "PER"]])
    Traceback (most recent call last):
    goldwire.evaluate.systems.answers.AnswerError: spans[0]: ends at 30, the text has 9 characters
    """
    try:
        found = _read(text, answer)
    except ProblemError as error:
        raise AnswerError("; ".join(p.message for p in error.problems[:3])) from None
    return replace(found, meta=replace(found.meta, doc_id=doc_id))


def _read(text: str, answer: Any) -> Document:
    if isinstance(answer, str):  # what a language model said, prose and code fences around it
        return _read(text, said.value(answer, "answer"))
    if isinstance(answer, list) and any(isinstance(x, str) for x in answer):
        answer = {"spans": [{"text": x} if isinstance(x, str) else x for x in answer]}
    if isinstance(answer, list):
        spans = [_span(index, item, text) for index, item in enumerate(answer)]
        return record.document({"text": text, "spans": spans}, where="answer")
    if not isinstance(answer, dict):
        raise AnswerError(f"answer is neither an object nor a list: {visible(json.dumps(answer))}")
    if not {"text", "meta", *COLLECTIONS.values(), *COLLECTION_NAMES} & answer.keys():
        raise AnswerError(f"answer has none of the keys of a record: {visible(', '.join(map(str, answer)))}")
    theirs = answer.get("text", text)
    if theirs != text:
        at = next((i for i, (a, b) in enumerate(zip(text, str(theirs), strict=False)) if a != b), -1)
        at = min(len(text), len(str(theirs))) if at < 0 else at
        raise AnswerError(f"answer's text differs from the document's at character {at}")
    if _is_in_strings(answer):
        home = sentences.add(Document(text))  # as prompt.py numbers them
        return replace(anchored(answer, "", home), segments=())
    return record.document({**answer, "text": text}, where="answer")


def _is_in_strings(answer: dict[str, Any]) -> bool:
    """Whether an answer has strings where a record has spans with offsets."""
    spans = answer.get("spans")
    if isinstance(spans, list) and spans:
        return any(isinstance(s, dict) and "start" not in s for s in spans)
    return "schema_version" not in answer and any(answer.get(k) for k in (*COLLECTION_NAMES, *KINDS))


def _span(index: int, item: Any, text: str) -> dict[str, Any]:
    """One span of a list, as a record's span."""
    if isinstance(item, list) and len(item) == 3:
        item = dict(zip(("start", "end", "label"), item, strict=True))
    if not isinstance(item, dict):
        raise AnswerError(f"spans[{index}]: is neither an object nor [start, end, label]")
    end = item.get("end")
    if isinstance(end, int) and end > len(text):
        raise AnswerError(f"spans[{index}]: ends at {end}, the text has {len(text)} characters")
    return item
