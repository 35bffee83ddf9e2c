"""GLiNER's training data: tokens, and spans of them with labels in plain words.

``{"tokenized_text": ["Ada", "left"], "ner": [[0, 0, "person"]]}``: the end is the last
token. A file is one list, or has an example a line. Tokens are joined by spaces; further
keys are kept in ``extra["gliner"]``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from msgspec import Struct, field
from msgspec.structs import replace

from goldwire.annotate.document import Document, Mention, Meta, Span
from goldwire.annotate.formats import source, tokenized
from goldwire.annotate.formats.flat import flat
from goldwire.annotate.problems import Problem

CARRIES = frozenset({"spans", "overlaps", "duplicates"})


class Example(Struct):
    """One example as it stands in the file."""

    tokenized_text: list[str]
    ner: list[tuple[int, int, str]] = field(default_factory=list)


def decode(
    files: Mapping[str, BinaryIO], *, ontology: Any = None, notes: list[Problem] | None = None
) -> Iterator[Document]:
    """A document from each example; raises ProblemError with its line."""
    for name, line, raw, own in source.each(files):
        example = source.shaped(raw, Example, name, line)
        made = tokenized.built([[tokenized.Token(t) for t in example.tokenized_text]])
        source.checked_text(made.text, name, line)
        spans = []
        for n, (first, last, label) in enumerate(example.ner, start=1):
            if not 0 <= first <= last < len(made.tokens):
                message = f"span {first}–{last} ({label}) is not in {len(made.tokens)} tokens"
                source.refuse(name, line, "span-range", message)
            start, end = made.tokens[first][0], made.tokens[last][1]
            spans.append(Span(f"s{n}", Mention(made.text[start:end], start), label))
        more = source.rest(raw, "tokenized_text", "ner")
        extra = made.extra | ({"gliner": more} if more else {})
        yield Document(made.text, Meta(own), spans=tuple(spans), extra=extra)


def encode(
    documents: Iterable[Document],
    *,
    lost: Counter[str],
    tokenizer: str = "",
    labels: str = "type",
    lines: bool = False,
    examples: str = "document",
) -> Iterator[tuple[str, bytes]]:
    """One list of examples, or one a line (``lines``). ``examples`` is "document" or "sentence".

    >>> ada = Document("Ada left.", spans=(Span("s1", Mention("Ada", 0), "person"),))
    >>> print(b"".join(b for _, b in encode([ada], lost=Counter())).decode(), end="")
    [{"tokenized_text": ["Ada", "left", "."], "ner": [[0, 0, "person"]]}]
    """
    if examples not in ("document", "sentence"):
        source.refuse("goldwire", 0, "option", f"examples is document or sentence, not {examples!r}")
    between = ""
    yield "", b"" if lines else b"["
    for item in documents:
        for example in _examples(item, lost, tokenizer, labels, examples):
            said = json.dumps(example)
            yield "", f"{said}\n".encode() if lines else f"{between}{said}".encode()
            between = ", "
    yield "", b"" if lines else b"]\n"


def _examples(
    item: Document, lost: Counter[str], tokenizer: str, labels: str, examples: str
) -> Iterator[dict[str, Any]]:
    tokens = tokenized.tokens_of(item, tokenizer)
    more = item.extra.get("gliner", {}) if not tokenizer else {}
    bare = replace(item, extra={k: v for k, v in item.extra.items() if k not in ("gliner", tokenized.KEY)})
    document = flat(bare, CARRIES, lost, labels=labels)
    parts = tokenized.sentences_of(document, tokens) if examples == "sentence" else [range(len(tokens))]
    found = [(tokenized.covered(tokens, *s.mention.bounds, lost), s.label) for s in document.spans]
    spans = [(*place, label) for place, label in found if place]
    for part in parts:
        inside = [(a - part.start, b - 1 - part.start, x) for a, b, x in spans if a in part and b - 1 in part]
        words = [item.text[slice(*tokens[n])] for n in part]
        yield {"tokenized_text": words, "ner": [list(x) for x in inside], **more}
    kept = sum(1 for a, b, _ in spans for part in parts if a in part and b - 1 in part)
    if kept < len(spans):
        lost["span across sentences"] += len(spans) - kept
