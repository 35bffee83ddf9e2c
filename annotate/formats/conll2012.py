"""Coreference in columns: CoNLL-2012, LitBank's and GUM's variants of it.

``#begin document (name); part 000`` or ``# begin document name`` opens a document. The
coreference stands in the last column; the word in the fourth, or in the second of
three (GUM); two columns hold no words, only places. A blank line ends a sentence.
Chains are actors: ``(12`` has the id 12, GUM's ``(place-3-Mecca`` the id 3, the type
place and the name Mecca.

The text is rebuilt (``tokenized.py``). Every line is kept in ``extra["conll2012"]``, so
that a file goes back as it came but for the brackets that were changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO
from urllib.parse import unquote

from msgspec import Struct, field
from msgspec.structs import replace

from goldwire.annotate.document import Actor, Document, Mention, Meta
from goldwire.annotate.formats import brackets, source, tokenized
from goldwire.annotate.formats.entity import escaped
from goldwire.annotate.formats.loss import keep
from goldwire.annotate.problems import Problem

KEY = "conll2012"
CARRIES = frozenset({"actors", "segments", "overlaps", "duplicates"})
_BEGIN = re.compile(r"#\s*+begin document\s*+(?:\((.*?)\)(?:;\s*+part\s++(\S+))?|(.*))")
_END = re.compile(r"#\s*+end document\b.*")
_GUM = re.compile(r"([a-z_]+)-(\d+)(?:-(.+))?")
# doc part number word pos parse lemma frameset sense speaker named-entity
REST = ["-"] * 6 + ["*"]


class Part(Struct):
    """One document as it was read: (number, before the last column, last column, word) or a blank line."""

    begin: str = ""
    name: str = ""
    part: str = ""
    end: str = ""
    blank: int = 0
    rows: list[tuple[int, str, str, str] | None] = field(default_factory=list)


def decode(
    files: Mapping[str, BinaryIO], *, ontology: Any = None, notes: list[Problem] | None = None
) -> Iterator[Document]:
    """A document from each part of each file; raises ProblemError with the line."""
    for name, file in files.items():
        for part in _parts(file, name):
            yield _document(part, name)


def _parts(file: BinaryIO, name: str) -> Iterator[Part]:
    part: Part | None = None
    done: Part | None = None
    for number, line in source.lines(file, name):
        if done is not None and not line.strip():
            done.blank += 1
            continue
        if done is not None:
            yield done
            done = None
        begin = _BEGIN.fullmatch(line.rstrip())
        if begin:
            if part is not None:
                source.refuse(name, number, "document", f"begins before {part.name!r} has ended")
            part = Part(line, (begin[1] or begin[3] or "").strip(), begin[2] or "")
        elif _END.fullmatch(line):
            if part is None:
                source.refuse(name, number, "document", "ends a document that has not begun")
            part.end = line
            done, part = part, None
        elif part is None:
            if line.strip():
                source.refuse(name, number, "document", "stands outside a document: no #begin document")
        elif not line.strip():
            part.rows.append(None)
        else:
            part.rows.append(_row(number, line, name))
    if done is not None:
        yield done
    if part is not None:
        source.refuse(name, 0, "document", f"{part.name!r} is not ended: no #end document")


def _row(number: int, line: str, name: str) -> tuple[int, str, str, str]:
    columns = line.split("\t") if "\t" in line else line.split()
    if len(columns) < 2:
        source.refuse(name, number, "columns", f"has {len(columns)} columns, and should have two or more")
    # Scorers need no words: their own test files have two columns.
    word = "_" if len(columns) == 2 else columns[1] if len(columns) == 3 else columns[3]
    if not word:
        source.refuse(name, number, "columns", "the word is empty")
    # A last column may be empty where tabs divide.
    cell = columns[-1]
    before = line[: len(line) - len(cell)] if "\t" in line else line[: line.rindex(cell)]
    return number, before, cell, word


def _document(part: Part, name: str) -> Document:
    sentences: list[list[tokenized.Token]] = [[]]
    for row in part.rows:
        if row is None:
            sentences.append([])
        else:
            sentences[-1].append(tokenized.Token(row[3]))
    made = tokenized.built(sentences)
    rows = [row for row in part.rows if row is not None]
    try:
        found = brackets.spans([row[2] for row in rows])
    except brackets.BracketError as error:
        source.refuse(name, rows[error.at][0], "coreference", str(error))
    chains: dict[str, list[tuple[str, Mention]]] = {}
    for span in found:
        start, end = made.tokens[span.first][0], made.tokens[span.last][1]
        gum = _GUM.fullmatch(span.content)
        own = gum[2] if gum else span.content
        chains.setdefault(own, []).append((span.content, Mention(made.text[start:end], start)))
    doc_id = part.name + (f"#{part.part}" if part.part.strip("0") else "")
    kept = {
        "begin": part.begin,
        "end": part.end,
        "blank": part.blank,
        "rows": [[row[1], row[2]] if row else None for row in part.rows],
    }
    return Document(
        source.checked_text(made.text, name),
        Meta(doc_id or source.stem(name)),
        segments=made.segments,
        actors=tuple(_actor(own, listed) for own, listed in chains.items()),
        extra=made.extra | {KEY: kept},
    )


def _actor(own: str, listed: list[tuple[str, Mention]]) -> Actor:
    """A chain; a mention whose bracket says another type or name than the first keeps it."""
    said = listed[0][0]
    gum = _GUM.fullmatch(said)
    kind, name = (gum[1], unquote(gum[3] or "").replace("_", " ")) if gum else ("", "")
    mentions = tuple(replace(m, extra={"content": c} if c != said else {}) for c, m in listed)
    actor = Actor(own, kind, name, mentions=mentions)
    return actor if _content(actor) == said else replace(actor, extra={"content": said})


def _content(actor: Actor) -> str:
    """What stands behind the bracket of a chain."""
    if kept := actor.extra.get("content"):
        return str(kept)
    if actor.type and actor.id.isdecimal():
        name = escaped(actor.name.replace(" ", "_"))
        return f"{escaped(actor.type)}-{actor.id}" + (f"-{name}" if name else "")
    return escaped(actor.id)


def encode(
    documents: Iterable[Document], *, lost: Counter[str], tokenizer: str = ""
) -> Iterator[tuple[str, bytes]]:
    """All documents in one file. Scorers want numbers: chains of other ids are numbered from 0.

    >>> ada = Actor("7", mentions=(Mention("Ada", 0),))
    >>> print(next(encode([Document("Ada left.", Meta("d"), actors=(ada,))], lost=Counter()))[1].decode())
    #begin document (d); part 000
    d 0 0 Ada - - - - - - * (7)
    d 0 1 left - - - - - - * -
    d 0 2 . - - - - - - * -
    <BLANKLINE>
    #end document
    <BLANKLINE>
    """
    for item in documents:
        yield "", _written(item, lost, tokenizer).encode()


def _written(item: Document, lost: Counter[str], tokenizer: str) -> str:
    kept = None if tokenizer else _kept(item)
    chains = _chains(item, lost, ours=kept is None)
    tokens = tokenized.tokens_of(item, tokenizer)
    found: list[brackets.Bracketed] = []
    for actor in chains:
        for mention in actor.mentions:
            place = tokenized.covered(tokens, *mention.pieces[0], lost)
            if place:
                content = str(mention.extra.get("content", "")) or _content(actor)
                found.append(brackets.Bracketed(place[0], place[1] - 1, content))
    sound = brackets.separable(found)
    if len(sound) < len(found):
        lost["crossing mention of one chain"] += len(found) - len(sound)
    if kept is None:
        cells = brackets.written(sound, len(tokens), glue="|")
        return _new(item, tokens, cells)
    glue = "" if kept["begin"].startswith("# ") else "|"
    cells = brackets.written(sound, len(tokens), glue=glue)
    lines = [kept["begin"]]
    empty = next((c for _, c in filter(None, kept["rows"]) if c in brackets.NONE), "-")
    at = iter(cells)
    for row in kept["rows"]:
        cell = next(at) if row else ""
        old = row[1] if row else ""
        lines.append(row[0] + (old if brackets.same(old, cell) else cell or empty) if row else "")
    return "".join(f"{line}\n" for line in [*lines, kept["end"], *[""] * kept.get("blank", 0)])


def _kept(item: Document) -> dict[str, Any] | None:
    """The lines that a document was read from, where its tokens are still theirs."""
    kept = item.extra.get(KEY)
    tokens = item.extra.get(tokenized.KEY, ())
    if not isinstance(kept, dict) or not isinstance(kept.get("rows"), list):
        return None
    return kept if sum(row is not None for row in kept["rows"]) == len(tokens) else None


def _chains(item: Document, lost: Counter[str], *, ours: bool) -> list[Actor]:
    bare = {k: v for k, v in item.extra.items() if k not in (KEY, tokenized.KEY)}
    chains = [replace(a, extra={k: v for k, v in a.extra.items() if k == "content"}) for a in item.actors]
    chains += [Actor(p.id, p.kind, p.name, mentions=p.mentions) for p in item.places]
    for name in ("wikidata", "affiliation", "member_of", "confidence", "note"):
        lost[f"actor {name}"] += sum(bool(getattr(a, name)) for a in item.actors)
    lost["actor status"] += sum(a.status != "none" for a in item.actors)
    lost["place (written as an actor)"] += len(item.places)
    lost["discontinuous mention"] += sum(bool(m.more) for a in chains for m in a.mentions)
    lost["head"] += sum(bool(m.head) for a in chains for m in a.mentions)
    lost["chain without a mention"] += sum(not a.mentions for a in chains)
    keep(replace(item, actors=(), places=(), extra=bare), CARRIES, lost)
    if ours:
        lost["actor type"] += sum(bool(a.type) for a in chains)
        lost["actor name"] += sum(bool(a.name) for a in chains)
        if not all(a.id.isdecimal() for a in chains):
            lost["actor id"] += len(chains)
            chains = [replace(a, id=str(n)) for n, a in enumerate(chains)]
        chains = [replace(a, type="", name="", extra={}) for a in chains]
    lost += Counter()
    return chains


def _new(item: Document, tokens: list[tokenized.Bounds], cells: list[str]) -> str:
    name = re.sub(r"[\s()]+", "_", item.meta.doc_id) or "document"
    lines = [f"#begin document ({name}); part 000"]
    for sentence in tokenized.sentences_of(item, tokens):
        for n, at in enumerate(sentence):
            word = re.sub(r"\s", "_", item.text[slice(*tokens[at])])
            lines.append(" ".join([name, "0", str(n), word, *REST, cells[at] or "-"]))
        lines.append("")
    return "".join(f"{line}\n" for line in [*lines, "#end document"])
