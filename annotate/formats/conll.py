"""CoNLL-2003 and its kin: a token a line, its label in a column, a blank line after each sentence.

Columns are divided by tabs, else by spaces; the first is the token and the last the
label, unless ``token`` and ``label`` say otherwise (counted from 0, from the end below
0); a first column that only counts the tokens is passed over, which is noted.
``-DOCSTART-`` begins a document. A line that begins with # is a comment where a file of
tabs has no tab in it, and before a sentence where its last column is no label. spaCy's
``word|tag|label``, a sentence a line, is read, too.

The scheme (``sequence.py``) is found for each document or said by ``scheme``. A bad
sequence is refused with its lines, unless ``repair`` is "conlleval" or "discard", which
do what seqscore does under those names; what was repaired stands in ``notes``.

The text is rebuilt (``tokenized.py``): the file does not say what stood between the
tokens. Further columns are kept in ``extra["conll"]``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from goldwire.annotate.document import Document, Mention, Meta, Span
from goldwire.annotate.formats import source, tokenized
from goldwire.annotate.formats.conll_rows import DOCSTART, Line, Part, counts, other_labels, parts
from goldwire.annotate.formats.flat import flat, nesting
from goldwire.annotate.formats.sequence import (
    REPAIRS,
    SCHEMES,
    LabelError,
    chunks,
    repaired,
    scheme_of,
    written,
)
from goldwire.annotate.problems import Problem, ProblemError

CARRIES = frozenset({"spans", "segments"})
# One bad file need not be listed whole.
MOST = 20


def decode(
    files: Mapping[str, BinaryIO],
    *,
    ontology: Any = None,
    notes: list[Problem] | None = None,
    scheme: str = "",
    repair: str = "none",
    token: str = "",
    label: str = "-1",
    documents: str = "docstart",
) -> Iterator[Document]:
    """Documents of each file; raises ProblemError with the line.

    ``documents`` is "docstart" (the file is one where it has none) or "sentence": one
    document a sentence, for files too long to be one.
    """
    for value, allowed in (
        (repair, REPAIRS),
        (scheme, ("", *SCHEMES)),
        (documents, ("docstart", "sentence")),
    ):
        if value not in allowed:
            source.refuse("goldwire", 0, "option", f"{value!r} should be one of {', '.join(allowed)}")
    picked = _index(token or "0"), _index(label)
    for name, file in files.items():
        for number, part in enumerate(parts(file, name, documents == "sentence", picked[1]), start=1):
            one = not part.start and documents == "docstart"
            doc_id = source.stem(name) if one else f"{source.stem(name)}#{number}"
            counted = not token and counts(part)
            columns = (1, picked[1]) if counted else picked
            if counted and notes is not None:
                line = part.sentences[0][0].number
                said = "column 0 counts the tokens, column 1 holds them"
                said += "".join(
                    f"; column {n} holds labels, too: -o label={n}" for n in other_labels(part, columns)
                )
                notes.append(Problem(name, line, "columns", said))
            yield _document(part, doc_id, name, scheme, repair, columns, notes)


def _index(value: str) -> int:
    if not value.removeprefix("-").isdecimal() or len(value) > 6:
        source.refuse("goldwire", 0, "option", f"a column should be a whole number, not {value!r}")
    return int(value)


def _document(
    part: Part,
    doc_id: str,
    name: str,
    scheme: str,
    repair: str,
    picked: tuple[int, int],
    notes: list[Problem] | None,
) -> Document:
    words = [[_cell(line, picked[0], name) for line in lines] for lines in part.sentences]
    labels = [[_cell(line, picked[1], name) for line in lines] for lines in part.sentences]
    made = tokenized.built([tokenized.Token(w) for w in s] for s in words)
    chosen = scheme or scheme_of(labels)
    problems: list[Problem] = []
    spans: list[Span] = []
    first = 0
    for lines, words_here, labels_here in zip(part.sentences, words, labels, strict=True):
        try:
            found = chunks(labels_here, chosen)
        except LabelError as error:
            source.refuse(name, lines[error.at].number, "label", str(error))
        for c in found:
            if c.wrong:
                said = " ".join(words_here[c.start : c.end])
                message = f"{c.label} {said[:60]!r} {c.wrong} ({chosen})"
                problems.append(Problem(name, lines[c.start].number, "label-sequence", message))
        for c in repaired(found, repair):
            start, end = made.tokens[first + c.start][0], made.tokens[first + c.end - 1][1]
            spans.append(Span(f"s{len(spans) + 1}", Mention(made.text[start:end], start), c.label))
        first += len(lines)
    if problems and repair == "none":
        hint = "; read it with -o repair=conlleval, or leave it out with -o repair=discard"
        last = problems[:MOST][-1]
        raise ProblemError(
            *problems[:MOST][:-1], Problem(last.path, last.line, last.rule, last.message + hint)
        )
    if notes is not None:
        notes.extend(problems)
    return Document(
        source.checked_text(made.text, name),
        Meta(doc_id),
        segments=made.segments,
        spans=tuple(spans),
        extra=made.extra | {"conll": _remarks(part, chosen, picked)},
    )


def _cell(line: Line, index: int, name: str) -> str:
    if not -len(line.columns) <= index < len(line.columns):
        source.refuse(
            name, line.number, "columns", f"has {len(line.columns)} columns, and none with the number {index}"
        )
    cell = line.columns[index]
    if not cell:
        source.refuse(name, line.number, "columns", f"column {index} is empty")
    return cell


def _remarks(part: Part, scheme: str, picked: tuple[int, int]) -> dict[str, Any]:
    """What the file says besides tokens and chunks, as it takes to write it again."""
    found: dict[str, Any] = {"scheme": scheme, "delimiter": "\t" if part.tabs else " "}
    if part.start:
        found["docstart"] = part.start
    if part.comments:
        found["comments"] = part.comments
    rows = [line.columns for lines in part.sentences for line in lines]
    if any(len(row) > 2 for row in rows) or picked != (0, -1):
        found |= {"token": picked[0], "label": picked[1], "columns": rows}
    return found


def encode(
    documents: Iterable[Document],
    *,
    lost: Counter[str],
    scheme: str = "",
    labels: str = "layer",
    tokenizer: str = "",
) -> Iterator[tuple[str, bytes]]:
    """All documents in one file, each after a ``-DOCSTART-`` where there are several.

    ``scheme`` is that of the file a document came from, else BIO. Spans that overlap a
    longer one, cross sentences, or hold no token are lost and counted.

    >>> ada = Document("Ada left.", spans=(Span("s1", Mention("Ada", 0), "PER"),))
    >>> b"".join(b for _, b in encode([ada], lost=Counter()))
    b'Ada\\tB-PER\\nleft\\tO\\n.\\tO\\n\\n'
    """
    later = iter(documents)
    item = next(later, None)
    single = True
    while item is not None:
        follower = next(later, None)
        single = single and follower is None
        yield "", _written(item, lost, scheme, labels, tokenizer, single).encode()
        item = follower


def _written(
    item: Document, lost: Counter[str], scheme: str, labels: str, tokenizer: str, single: bool
) -> str:
    tokens = tokenized.tokens_of(item, tokenizer)
    remarks = item.extra.get("conll", {}) if not tokenizer and tokenized.KEY in item.extra else {}
    own = {k: v for k, v in item.extra.items() if k not in ("conll", tokenized.KEY)}
    document = flat(Document(**{**_fields(item), "extra": own}), CARRIES, lost, labels=labels)
    sentences = tokenized.sentences_of(document, tokens)
    ends = [s.stop for s in sentences]
    inside: dict[int, list[tuple[int, int, str]]] = {}
    for span in _on_tokens(nesting(document.spans, lost), tokens, ends, lost):
        inside.setdefault(bisect_right(ends, span[0]), []).append(span)
    chosen = scheme or remarks.get("scheme", "BIO")
    if chosen not in SCHEMES:
        source.refuse("goldwire", 0, "option", f"scheme {chosen!r} should be one of {', '.join(SCHEMES)}")
    rows = remarks.get("columns", [])
    rows = rows if len(rows) == len(tokens) else []
    delimiter = remarks.get("delimiter", "\t")
    out: list[str] = []
    start = remarks.get("docstart") or ([] if single else [DOCSTART, "O"])
    if start:
        out += [delimiter.join(start), ""]
    for n, sentence in enumerate(sentences):
        out += remarks.get("comments", {}).get(str(n), [])
        here = [(a - sentence.start, b - sentence.start, x) for a, b, x in inside.get(n, ())]
        for at, label in zip(sentence, written(here, len(sentence), chosen), strict=True):
            word = document.text[slice(*tokens[at])]
            # A line may hold no line break, a column no delimiter, a file's first word no byte order mark.
            word = "".join("_" if c in "\n\r\ufeff" or c == delimiter else c for c in word)
            row = [word, label]
            if rows:
                row = list(rows[at])
                row[remarks["label"]] = label
            out.append(delimiter.join(row))
        out.append("")
    return "".join(line + "\n" for line in out)


def _fields(item: Document) -> dict[str, Any]:
    return {name: getattr(item, name) for name in item.__struct_fields__}


def _on_tokens(
    spans: Iterable[Span],
    tokens: Sequence[tokenized.Bounds],
    ends: Sequence[int],
    lost: Counter[str],
) -> Iterator[tuple[int, int, str]]:
    """Spans as ranges of tokens, none twice and none across sentences, which end at ``ends``."""
    taken = -1
    for span in spans:
        found = tokenized.covered(tokens, *span.mention.bounds, lost)
        if found is None:
            continue
        if bisect_right(ends, found[0]) != bisect_right(ends, found[1] - 1):
            lost["span across sentences"] += 1
        elif found[0] < taken:
            lost["overlapping span"] += 1
        elif not span.label:
            lost["span without a label"] += 1
        else:
            taken = found[1]
            label = "_".join(span.label.split())
            lost["label with spaces"] += label != span.label
            yield (*found, label)
    lost += Counter()  # drops what was counted zero times
