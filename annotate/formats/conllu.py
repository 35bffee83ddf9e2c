"""CoNLL-U: words in ten columns, with coreference in MISC ``Entity=`` as in CorefUD.

The text is rebuilt from the forms: a space follows a word unless SpaceAfter=No, or what
SpacesAfter (and SpacesBefore) spells out; a line feed follows a sentence before ``#
newpar``. Where ``# text`` says otherwise, ``notes`` tells. Chains are actors
(``entity.py``), sentences are segments; every line is kept in ``extra["conllu"]``, so
that a file goes back as it came but for the brackets that were changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from goldwire.annotate.document import Document, Fragment, Mention, Meta, Segment
from goldwire.annotate.formats import brackets, source
from goldwire.annotate.formats.conllu_rows import Row, Sentence, layout, rows_of
from goldwire.annotate.formats.conllu_write import written
from goldwire.annotate.formats.entity import DEFAULT, Fields, actors, part
from goldwire.annotate.problems import Problem, missing

# Words and empty nodes with their places.
Nodes = list[tuple[Row, tuple[int, int]]]


def decode(
    files: Mapping[str, BinaryIO], *, ontology: Any = None, notes: list[Problem] | None = None
) -> Iterator[Document]:
    """Documents of each file, one for each ``# newdoc``; raises ProblemError with the line."""
    for name, file in files.items():
        fields = Fields.declared(DEFAULT)
        for number, sentences in enumerate(_documents(file, name), start=1):
            for sentence in sentences:
                if declared := sentence.comment("global.Entity"):
                    try:
                        fields = Fields.declared(declared.split("-"))
                    except ValueError as error:
                        source.refuse(name, sentence.line, "entity-fields", str(error))
            own = sentences[0].comment("newdoc id") or sentences[0].comment("newdoc") if sentences else ""
            doc_id = own or source.stem(name) + (f"#{number}" if number > 1 else "")
            yield _document(sentences, doc_id, fields, name, notes)


def encode(
    documents: Iterable[Document], *, lost: Counter[str], tokenizer: str = ""
) -> Iterator[tuple[str, bytes]]:
    """All documents in one file.

    >>> ada = Document("Ada left.", Meta("d"))
    >>> next(encode([ada], lost=Counter()))[1].decode().split("\\n")[3:5]
    ['# text = Ada left.', '1\\tAda\\t_\\t_\\t_\\t_\\t_\\t_\\t_\\t_']
    """
    for item in documents:
        yield "", written(item, lost, tokenizer).encode()


def _documents(file: BinaryIO, name: str) -> Iterator[list[Sentence]]:
    found: list[Sentence] = []
    for sentence in _sentences(file, name):
        if found and sentence.has("newdoc"):
            yield found
            found = []
        found.append(sentence)
    yield found


def _sentences(file: BinaryIO, name: str) -> Iterator[Sentence]:
    """The blocks between blank lines, each read by the conllu package."""
    try:
        from conllu.exceptions import ParseException
        from conllu.parser import parse_token_and_metadata
    except ModuleNotFoundError as error:
        raise missing("formats", "conllu") from error
    block: list[str] = []
    first = 0
    for number, line in _with_end(source.lines(file, name)):
        if line.strip():
            first = first if block else number
            block.append(line)
            continue
        if not block:
            continue
        comments = [x for x in block if x.startswith("#")]
        rows = [(first + n, _columns(x)) for n, x in enumerate(block) if not x.startswith("#")]
        for at, columns in rows:
            if len(columns) != 10:
                source.refuse(name, at, "columns", f"has {len(columns)} columns, not 10")
        try:
            parsed = parse_token_and_metadata("\n".join(block))
        except (ParseException, ValueError) as error:
            source.refuse(name, first, "conllu", str(error)[:200].replace("\n", " "))
        if rows:
            ids = [token["id"] for token in parsed]
            yield Sentence(first, comments, rows_of(rows, ids, name))
        block = []


def _columns(line: str) -> list[str]:
    """A row's columns: between tabs, or between two spaces and more, as the conllu package has it."""
    return line.split("\t") if "\t" in line else re.split(" {2,}", line)


def _with_end(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    yield from lines
    yield -1, ""


def _document(
    sentences: list[Sentence], doc_id: str, fields: Fields, name: str, notes: list[Problem] | None
) -> Document:
    text, places = layout(sentences)
    source.checked_text(text, name)
    segments: list[Segment] = []
    found: list[tuple[str, Mapping[str, str], Mention]] = []
    paragraph = 0
    for n, (sentence, at) in enumerate(zip(sentences, places, strict=True)):
        paragraph += sentence.has("newpar") or n == 0
        start, end = at[0][0], max(b for _, b in at)
        own = sentence.comment("sent_id") or f"g{n + 1}"
        segments.append(Segment(own, start, end, paragraph=paragraph))
        said = sentence.comment("text")
        if notes is not None and said is not None and said != text[start:end]:
            notes.append(Problem(name, sentence.line, "text-line", "# text says what the words do not"))
        found += _mentions(sentence, at, text, fields, name)
    if len({s.id for s in segments}) < len(segments):
        segments = [
            Segment(f"g{n + 1}", s.start, s.end, paragraph=s.paragraph) for n, s in enumerate(segments)
        ]
    tokens = _tokens(sentences, places)
    kept = {
        "sentences": [[s.comments, [row.columns for row in s.rows]] for s in sentences],
        "fields": list(fields.names),
    }
    return Document(
        text,
        Meta(doc_id),
        segments=tuple(segments),
        actors=actors(found),
        extra={"tokens": tokens, "conllu": kept},
    )


def _mentions(
    sentence: Sentence, at: list[tuple[int, int]], text: str, fields: Fields, name: str
) -> Iterator[tuple[str, Mapping[str, str], Mention]]:
    nodes = [(row, place) for row, place in zip(sentence.rows, at, strict=True) if row.kind != "range"]
    try:
        found = brackets.spans([row.misc("Entity") for row, _ in nodes], fields.closing)
    except brackets.BracketError as error:
        source.refuse(name, nodes[error.at][0].line, "entity", str(error))
    parts: dict[str, list[list[tuple[dict[str, str], Nodes]]]] = {}
    for span in found:
        values = fields.split(span.content)
        own, number, total = part(values[fields.names[fields.at]])
        inside = nodes[span.first : span.last + 1]
        if total == 1:
            yield own, values, _mention([inside], text, values)
            continue
        waiting = parts.setdefault(own, [])
        # Parts come in their order, so a part belongs to the first mention that waits for it.
        home = next((w for w in waiting if len(w) == number - 1), None) if number > 1 else []
        if home is None:
            source.refuse(
                name, inside[0][0].line, "entity", f"part {number} of {own!r} follows no part {number - 1}"
            )
        if number == 1:
            waiting.append(home)
        home.append((values, inside))
        if len(home) == total:
            yield own, home[0][0], _mention([nodes for _, nodes in home], text, home[0][0])
            waiting.remove(home)
    for own, left in parts.items():
        for home in left:
            line = home[0][1][0][0].line
            source.refuse(name, line, "entity", f"the mention of {own!r} has parts that are missing")


def _mention(pieces: list[Nodes], text: str, values: Mapping[str, str]) -> Mention:
    bounds = []
    for nodes in pieces:
        full = [place for row, place in nodes if row.kind == "word"] or [nodes[0][1]]
        bounds.append((min(a for a, _ in full), max(b for _, b in full)))
    (start, end), *more = bounds
    head, head_start = _head([n for nodes in pieces for n in nodes], values, text)
    if (head_start, head_start + len(head)) == (start, end) and not more:
        head, head_start = "", -1
    empty = [
        ".".join(map(str, (row.number, row.second))) for n in pieces for row, _ in n if row.kind == "empty"
    ]
    return Mention(
        text[start:end],
        start,
        head,
        head_start,
        tuple(Fragment(text[a:b], a) for a, b in more),
        extra={"nodes": empty} if empty else {},
    )


def _head(nodes: Nodes, values: Mapping[str, str], text: str) -> tuple[str, int]:
    """The words that ``minspan`` or ``head`` number, where they are one stretch of the text."""
    said = values.get("minspan") or values.get("head") or ""
    numbers = [int(x) for x in said.split(",") if x.isdecimal() and len(x) < 6]
    if not numbers or len(numbers) != len(said.split(",")) or max(numbers) > len(nodes) or min(numbers) < 1:
        return "", -1
    if numbers != list(range(numbers[0], numbers[-1] + 1)):
        return "", -1
    start, end = nodes[numbers[0] - 1][1][0], nodes[numbers[-1] - 1][1][1]
    # Words that share the place of their token cannot be told apart again.
    inside = sum(start < b and a < end for _, (a, b) in nodes)
    return (text[start:end], start) if start < end and inside == len(numbers) else ("", -1)


def _tokens(sentences: list[Sentence], places: list[list[tuple[int, int]]]) -> list[list[int]]:
    """Words where they can be told apart in the text, else the tokens that hold them."""
    tokens: list[list[int]] = []
    for sentence, at in zip(sentences, places, strict=True):
        for row, (start, end) in zip(sentence.rows, at, strict=True):
            if row.kind == "word" and start < end and (not tokens or tokens[-1][1] <= start):
                tokens.append([start, end])
    return tokens
