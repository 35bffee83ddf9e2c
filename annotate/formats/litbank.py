"""LitBank (Bamman et al., CC BY 4.0): tokens and their layers in tab separated columns.

Entities and events: a token a line, its labels in further columns, a column for each
depth of nesting; a label EVENT makes an event. Quotations and coreference: lines of
``QUOTE``, ``ATTRIB``, ``MENTION``, ``COREF``, ``COP``, ``APPOS`` in an .ann, the tokenised text beside it
as .txt, a sentence a line; places are sentence and token, the last token included.

A chain is an actor of the chain's id, a quotation's speaker the actor of the id that
ATTRIB gives. LitBank's .conll is ``conll2012``, its standoff is ``brat``. Only read. Whoever
passes these annotations on has to name LitBank and its authors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any, BinaryIO

from goldwire.annotate.document import Actor, Document, Event, Mention, Meta, Quotation, Segment, Span
from goldwire.annotate.formats import source, tokenized
from goldwire.annotate.formats.sequence import LabelError, chunks
from goldwire.annotate.problems import Problem, visible

ORIGIN = "LitBank (Bamman et al.)"
LICENSE = "CC BY 4.0"
FORMS = {"PROP": "name", "NOM": "nominal", "PRON": "pronoun"}
LENGTHS = {"QUOTE": 7, "ATTRIB": 3, "MENTION": 9, "COREF": 3, "COP": 3, "APPOS": 3}


def decode(
    files: Mapping[str, BinaryIO], *, ontology: Any = None, notes: list[Problem] | None = None
) -> Iterator[Document]:
    """A document from each .tsv, or from an .ann with its .txt; raises ProblemError with the line."""
    texts = source.texts_beside(files)
    for name, file in files.items():
        if name.endswith(".tsv"):
            yield _columns(file, name)
        elif not name.endswith(".txt"):
            if source.stem(name) not in texts:
                source.refuse(name, 0, "no-text", f"the tokens should lie beside as {source.stem(name)}.txt")
            where, text = texts[source.stem(name)]
            yield _layers(file, name, text, where)


def _columns(file: BinaryIO, name: str) -> Document:
    sentences: list[list[tuple[int, list[str]]]] = [[]]
    for number, line in source.lines(file, name):
        if not line.strip():
            sentences.append([])
            continue
        token, *labels = line.rstrip("\t").split("\t")
        if not token or not labels:
            source.refuse(name, number, "columns", "should be a token and its labels")
        sentences[-1].append((number, [token, *labels]))
    sentences = [s for s in sentences if s]
    made = tokenized.built([tokenized.Token(row[0]) for _, row in s] for s in sentences)
    spans: list[Span] = []
    events: list[Event] = []
    first = 0
    for sentence in sentences:
        depths = zip_longest(*(row[1:] for _, row in sentence), fillvalue="O")
        found: list[tuple[int, int, str]] = []
        for column in depths:
            labels = list(column)
            if set(labels) <= {"O", "EVENT"}:
                found += [(n, n + 1, "EVENT") for n, label in enumerate(labels) if label == "EVENT"]
                continue
            try:
                chunked = chunks(labels, "BIO")
            except LabelError as error:
                source.refuse(name, sentence[error.at][0], "label", str(error))
            for c in chunked:
                if c.wrong:
                    source.refuse(name, sentence[c.start][0], "label-sequence", f"{c.label} {c.wrong} (BIO)")
            found += [(c.start, c.end, c.label) for c in chunked]
        for start, end, label in sorted(found, key=lambda x: (x[0], -x[1])):
            at = made.tokens[first + start][0]
            mention = Mention(made.text[at : made.tokens[first + end - 1][1]], at)
            if label == "EVENT":
                events.append(Event(f"e{len(events) + 1}", mention, label))
            else:
                spans.append(Span(f"s{len(spans) + 1}", mention, label))
        first += len(sentence)
    return Document(
        source.checked_text(made.text, name),
        Meta(source.stem(name), origin=ORIGIN, license=LICENSE),
        segments=made.segments,
        spans=tuple(spans),
        events=tuple(events),
        extra=made.extra,
    )


class _Sheet:
    """The tokenised text of a document: a sentence a line, tokens divided by single spaces."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.text = source.checked_text(source.text_of(source.whole(file, name), name), name)
        self.sentences: list[list[tuple[int, int]]] = []
        at = 0
        for line in self.text.split("\n"):
            tokens, start = [], at
            for word in line.split(" "):
                if word:
                    tokens.append((start, start + len(word)))
                start += len(word) + 1
            self.sentences.append(tokens)
            at += len(line) + 1

    def mention(self, row: list[str], says: str, number: int, name: str) -> Mention:
        """The mention from (sentence, token) to (sentence, token), proved against its words."""
        if not all(x.isdecimal() and len(x) < 9 for x in row):
            source.refuse(name, number, "offset", f"places should be whole numbers: {' '.join(row)}")
        a, b, c, d = map(int, row)
        try:
            start, end = self.sentences[a][b][0], self.sentences[c][d][1]
        except IndexError:
            source.refuse(name, number, "span-range", f"there is no token {a}.{b} or {c}.{d}")
        said = self.text[start:end]
        if " ".join(said.split()) != " ".join(says.split()):
            message = f"{a}.{b}–{c}.{d} should say {visible(says)}, the text says {visible(said)}"
            source.refuse(name, number, "span-text", message)
        return Mention(said, start)


def _layers(file: BinaryIO, name: str, text: BinaryIO, where: str) -> Document:
    sheet = _Sheet(text, where)
    quotes: dict[str, Mention] = {}
    mentions: dict[str, tuple[Mention, str]] = {}
    speakers: dict[str, str] = {}
    chains: dict[str, str] = {}
    links: list[list[str]] = []
    for number, line in source.lines(file, name):
        if not line.strip():
            continue
        row = line.split("\t")
        if row[0] not in LENGTHS or len(row) < LENGTHS[row[0]]:
            known = f"{row[0]} has {LENGTHS[row[0]]} fields" if row[0] in LENGTHS else f"not {row[0][:20]!r}"
            source.refuse(name, number, "line", f"should be one of {' '.join(LENGTHS)}: {known}")
        if row[0] == "QUOTE":
            quotes[row[1]] = sheet.mention(row[2:6], row[6], number, name)
        elif row[0] == "MENTION":
            found = sheet.mention(row[2:6], row[6], number, name)
            extra = {"mention": row[1], "category": row[8]}
            mentions[row[1]] = (
                Mention(found.text, found.start, form=FORMS.get(row[8], ""), extra=extra),
                row[7],
            )
        elif row[0] == "ATTRIB":
            speakers[row[1]] = row[2]
        elif row[0] == "COREF":
            chains[row[1]] = row[2]
        else:
            links.append(row[:3])
    loose = [("ATTRIB", own) for own in speakers if own not in quotes]
    loose += [("COREF", own) for own in chains if own not in mentions]
    for kind, own in loose:
        source.refuse(name, 0, "dangling-id", f"{kind} names {own}, which is not there")
    members: dict[str, list[str]] = {own: [] for own in [*chains.values(), *speakers.values()]}
    for own in mentions:
        members.setdefault(chains.get(own, own), []).append(own)
    actors = tuple(
        Actor(
            own,
            mentions[held[0]][1] if held else "",
            name=own.rpartition("-")[0].replace("_", " ") if own not in mentions else "",
            mentions=tuple(mentions[m][0] for m in held),
        )
        for own, held in members.items()
    )
    quotations = tuple(
        Quotation(own, speaker=speakers.get(own, ""), content=(mention,), directness="direct")
        for own, mention in quotes.items()
    )
    segments = tuple(
        Segment(f"g{n}", s[0][0], s[-1][1]) for n, s in enumerate(filter(None, sheet.sentences), start=1)
    )
    kept: dict[str, Any] = {tokenized.KEY: [list(t) for s in sheet.sentences for t in s]}
    return Document(
        sheet.text,
        Meta(source.stem(name), origin=ORIGIN, license=LICENSE),
        segments=segments,
        actors=actors,
        quotations=quotations,
        extra=kept | ({"litbank": links} if links else {}),
    )
