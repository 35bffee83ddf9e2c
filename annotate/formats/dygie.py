"""DyGIE++: sentences of tokens, spans by token numbers, the end inclusive.

``{"doc_key", "sentences": [[token]], "ner": [[[start, end, label]]], "relations": [[[s, e,
s, e, label]]], "clusters": [[[s, e]]], "events": [[[[trigger, type], [s, e, role]]]]}``. Token
numbers count through the document. The one-sentence kin of it ("sentence", "event":
[[[start, end, type], [s, e, role]]]), written by EEQA and PHEE, is read, too.

Named entities are labelled spans, clusters are actors, events are events, whose
arguments refer to the span or actor that stands where they do. ``predicted=true`` reads
what DyGIE++ predicted, from the keys that begin with ``predicted_``.

Tokens are joined by spaces, sentences by line feeds. A document that nobody changed
goes back as it came.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO, NamedTuple

from goldwire.annotate.document import Actor, Argument, Document, Event, Mention, Meta, Relation, Span
from goldwire.annotate.formats import source, tokenized
from goldwire.annotate.formats.partial import Participants, count_lost, unchanged
from goldwire.annotate.problems import Problem

KEY = "dygie"
CARRIES = {
    "event": "type trigger args",
    "span": "label mention",
    "relation": "from to label",
    "actor": "type mentions",
    "place": "kind mentions",
    "time": "kind mention",
    "number": "kind mention",
    "segment": "start end kind",
}
# Our names of what a document holds -> theirs, in documents and in single sentences.
NAMES = {"ner": ("ner", "ner"), "relations": ("relations", "relation"), "events": ("events", "event")}


def decode(
    files: Mapping[str, BinaryIO],
    *,
    ontology: Any = None,
    notes: list[Problem] | None = None,
    predicted: bool = False,
) -> Iterator[Document]:
    """A document from each line; raises ProblemError with the line."""
    for name, line, raw, own in source.each(files):
        yield document(raw, name, line, own, "predicted_" * predicted)


class _Tokens(NamedTuple):
    """The text of a document with its tokens, and where to complain."""

    text: str
    bounds: Sequence[tokenized.Bounds]
    name: str
    line: int

    def mention(self, first: Any, last: Any) -> Mention:
        """The mention of tokens ``first`` to ``last``, the last included."""
        if type(first) is not int or type(last) is not int or not 0 <= first <= last < len(self.bounds):
            message = f"a span {first!r}–{last!r} is not in {len(self.bounds)} tokens"
            source.refuse(self.name, self.line, "span-range", message)
        start, end = self.bounds[first][0], self.bounds[last][1]
        return Mention(self.text[start:end], start)


def document(
    raw: dict[str, Any], name: str = "", line: int = 0, doc_id: str = "", prefix: str = ""
) -> Document:
    """The document of one line; raises ProblemError."""
    if not isinstance(raw, dict):
        source.refuse(name, line, "structure", "a line should be an object")
    single = "sentences" not in raw
    said = [raw.get("sentence")] if single else raw["sentences"]
    sentences = source.shaped(said, list[list[str]], name, line)
    made = tokenized.built([tokenized.Token(t) for t in s] for s in sentences)
    tokens = _Tokens(source.checked_text(made.text, name, line), made.tokens, name, line)
    shift = raw.get("s_start", 0) if single else 0
    listed = {k: _rows(raw, prefix + names[single], single, name, line) for k, names in NAMES.items()}
    if type(shift) is int and shift:
        listed = {k: [_shifted(row, shift) for row in rows] for k, rows in listed.items()}
    spans: list[Span] = []
    for row in listed["ner"]:
        first, last, label = _row(row, 3, "ner", tokens)
        spans.append(Span(f"s{len(spans) + 1}", tokens.mention(first, last), label))
    clusters = source.shaped(raw.get(f"{prefix}clusters", []), list[list[list[Any]]], name, line)
    actors = tuple(
        Actor(f"a{n}", mentions=tuple(tokens.mention(*_row(m, 2, "clusters", tokens)) for m in cluster))
        for n, cluster in enumerate(clusters, start=1)
    )
    at: dict[tuple[int, int], str] = {}
    for own, mention in [(s.id, s.mention) for s in spans] + [(a.id, m) for a in actors for m in a.mentions]:
        at.setdefault(mention.bounds, own)
    relations: list[Relation] = []
    for row in listed["relations"]:
        a, b, c, d, label = _row(row, 5, "relations", tokens)
        ends = []
        for mention in (tokens.mention(a, b), tokens.mention(c, d)):
            if mention.bounds not in at:
                spans.append(Span(f"s{len(spans) + 1}", mention))
                at[mention.bounds] = spans[-1].id
            ends.append(at[mention.bounds])
        relations.append(Relation(f"r{len(relations) + 1}", ends[0], ends[1], label))
    events = tuple(_event(f"e{n}", row, tokens, at) for n, row in enumerate(listed["events"], start=1))
    own_id = str(raw.get("doc_key") or raw.get("id") or doc_id)
    return Document(
        made.text,
        Meta(own_id),
        segments=made.segments,
        actors=actors,
        spans=tuple(spans),
        events=events,
        relations=tuple(relations),
        extra=made.extra | {KEY: {"raw": raw, "id": own_id, "prefix": prefix}},
    )


def _rows(raw: dict[str, Any], key: str, single: bool, name: str, line: int) -> list[list[Any]]:
    """What stands under a key, sentences put together."""
    said = raw.get(key, [])
    if single:
        return source.shaped(said, list[list[Any]], name, line)
    return [row for rows in source.shaped(said, list[list[list[Any]]], name, line) for row in rows]


def _shifted(row: list[Any], shift: int) -> list[Any]:
    """Numbers of a sentence that do not begin at 0."""
    return [_shifted(x, shift) if isinstance(x, list) else x - shift if type(x) is int else x for x in row]


def _row(row: Any, length: int, what: str, tokens: _Tokens) -> tuple[Any, ...]:
    """The first ``length`` values of a row; what a model adds behind them (scores) is left aside."""
    sound = isinstance(row, list) and len(row) >= length and (length == 2 or isinstance(row[length - 1], str))
    if not sound:
        message = f"{what}: an entry should be {length} values with a label at the end, is {str(row)[:80]}"
        source.refuse(tokens.name, tokens.line, "structure", message)
    return tuple(row[:length])


def _event(own: str, row: list[Any], tokens: _Tokens, at: Mapping[tuple[int, int], str]) -> Event:
    if not row or not isinstance(row[0], list) or len(row[0]) < 2:
        source.refuse(tokens.name, tokens.line, "structure", f"an event has no trigger: {str(row)[:80]}")
    head, *rest = row
    # A trigger is one token ([7, type]), or a span ([7, 8, type]).
    long = len(head) > 2 and isinstance(head[2], str)
    first, last, kind = (head[0], head[1], head[2]) if long else (head[0], head[0], head[1])
    args = []
    for entry in rest:
        a, b, role = _row(entry, 3, "events", tokens)
        mention = tokens.mention(a, b)
        args.append(Argument(role, at.get(mention.bounds, ""), mention))
    if not isinstance(kind, str):
        source.refuse(tokens.name, tokens.line, "structure", f"the type of an event is {kind!r}, no string")
    return Event(own, tokens.mention(first, last), kind, args=tuple(args))


def encode(
    documents: Iterable[Document], *, lost: Counter[str], tokenizer: str = ""
) -> Iterator[tuple[str, bytes]]:
    """A document a line. A trigger of several tokens is cut to its head, and counted.

    >>> left = Event("e1", Mention("left", 4), "MOVE", args=(Argument("who", "", Mention("Ada", 0)),))
    >>> raw = json.loads(next(encode([Document("Ada left.", events=(left,))], lost=Counter()))[1])
    >>> raw["sentences"], raw["events"]
    ([['Ada', 'left', '.']], [[[[1, 'MOVE'], [0, 0, 'who']]]])
    """

    def read(kept: dict[str, Any]) -> Document:
        return document(kept["raw"], doc_id=kept["id"], prefix=kept["prefix"])

    for item in documents:
        kept = None if tokenizer else unchanged(item, KEY, read)
        body = kept["raw"] if kept else _written(item, lost, tokenizer)
        yield "", json.dumps(body, ensure_ascii=False).encode() + b"\n"


def _written(item: Document, lost: Counter[str], tokenizer: str) -> dict[str, Any]:
    count_lost(item, CARRIES, lost, KEY)
    tokens = tokenized.tokens_of(item, tokenizer)
    sentences = tokenized.sentences_of(item, tokens)
    home = {n: k for k, sentence in enumerate(sentences) for n in sentence}
    who = Participants(item)
    body: dict[str, Any] = {
        "doc_key": item.meta.doc_id,
        "dataset": "goldwire",
        "sentences": [[item.text[slice(*tokens[n])] for n in s] for s in sentences],
        **{key: [[] for _ in sentences] for key in NAMES},
        "clusters": [],
    }

    def place(mention: Mention) -> list[int] | None:
        found = tokenized.covered(tokens, *mention.pieces[0], lost)
        return [found[0], found[1] - 1] if found else None

    for event in item.events:
        head = tokenized.covered(tokens, *event.trigger.head_bounds, lost)
        if head is None:
            continue
        whole = place(event.trigger)
        lost["trigger of several tokens"] += bool(whole and whole[0] != whole[1])
        row: list[Any] = [[head[1] - 1, event.type]]
        for arg in event.args:
            filler = who.of(arg)
            at = place(filler.mention) if filler else None
            lost["argument without a mention"] += at is None
            if at:
                row.append([*at, arg.role])
        body["events"][home[head[1] - 1]].append(row)
    chains: dict[str, list[list[int]]] = {}
    for p in who.listed:
        at = place(p.mention)
        if at is None:
            continue
        # What stands only for an argument has no label as an entity.
        if p.label != "ARG":
            body["ner"][home[at[0]]].append([*at, p.label])
        if p.chain:
            chains.setdefault(p.chain, []).append(at)
    body["clusters"] = [chain for chain in chains.values() if len(chain) > 1]
    known = {p.id: p for p in who.listed}
    for r in item.relations:
        ends = [place(known[x].mention) if x in known else None for x in (r.source, r.target)]
        if ends[0] and ends[1]:
            body["relations"][home[ends[0][0]]].append([*ends[0], *ends[1], r.label])
        else:
            lost["relation between other things than entities"] += 1
    for key in [k for k, n in lost.items() if not n]:
        del lost[key]
    return body
