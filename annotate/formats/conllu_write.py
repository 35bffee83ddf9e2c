"""CoNLL-U out of a document: the rows it was read with, or new ones, and its chains in brackets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from msgspec.structs import replace

from goldwire.annotate.document import Actor, Document, Mention
from goldwire.annotate.formats import brackets, tokenized
from goldwire.annotate.formats.conllu_rows import Row, Sentence, gap_after, layout, spelt
from goldwire.annotate.formats.entity import OURS, Fields, escaped, values
from goldwire.annotate.formats.loss import keep
from goldwire.annotate.structure import StructureError

CARRIES = frozenset({"actors", "segments", "discontinuous", "empty", "heads", "overlaps", "duplicates"})
KEPT = ("conllu", tokenized.KEY)
Place = tuple[int, int]


def written(item: Document, lost: Counter[str], tokenizer: str) -> str:
    """The lines of one document; chains that do not stand on words are moved, and counted."""
    found = None if tokenizer else _kept(item)
    document = _reduced(item, lost)
    if found is None:
        found = list(_cut(document, tokenized.tokens_of(item, tokenizer), document.meta.doc_id))
        fields = Fields.declared(OURS)
        if not found and document.text:
            lost["text without a token"] += 1
    else:
        fields = Fields.declared(item.extra["conllu"]["fields"])
    _, places = layout(found)
    cells = _cells(document, found, places, fields, lost)
    return "".join(_block(s, c) for s, c in zip(found, cells, strict=True))


def _reduced(item: Document, lost: Counter[str]) -> Document:
    """Places as chains beside actors, and what no bracket can say counted."""
    bare = replace(item, extra={k: v for k, v in item.extra.items() if k not in KEPT})
    fields = set(item.extra.get("conllu", {}).get("fields", OURS)) | {"nodes"}
    for actor in bare.actors:
        for name in ("wikidata", "affiliation", "member_of", "confidence", "note"):
            lost[f"actor {name}"] += bool(getattr(actor, name))
        lost["actor status"] += actor.status != "none"
        unknown = [actor.extra.keys() - {"identity"}, *(m.extra.keys() - fields for m in actor.mentions)]
        lost["unknown key"] += sum(map(len, unknown))
        for name in ("form", "metonymy", "confidence"):
            lost[name] += sum(bool(getattr(m, name)) for m in actor.mentions)
    places = tuple(Actor(p.id, p.kind, p.name, mentions=p.mentions) for p in bare.places)
    lost["place (written as an actor)"] += len(places)
    chains = bare.actors + places
    # Only what the brackets do not hold is taken away: fields of mentions stay in their extra.
    rest = keep(replace(bare, actors=(), places=()), CARRIES, lost)
    lost["chain without a mention"] += sum(not c.mentions for c in chains)
    lost += Counter()
    return replace(rest, actors=chains)


def _kept(item: Document) -> list[Sentence] | None:
    """The rows that the document was read with, where they still make its text."""
    kept = item.extra.get("conllu")
    if not isinstance(kept, dict) or "sentences" not in kept:
        return None
    found = []
    try:
        for comments, rows in kept["sentences"]:
            found.append(Sentence(0, list(comments), [_row(list(columns)) for columns in rows]))
        text, _ = layout(found)
    except (ValueError, TypeError, IndexError, StructureError):
        return None
    return found if text == item.text else None


def _row(columns: list[str]) -> Row:
    own = columns[0]
    for kind, mark in (("range", "-"), ("empty", ".")):
        if mark in own:
            first, second = own.split(mark)
            return Row(0, kind, int(first), int(second), columns)
    return Row(0, "word", int(own), int(own), columns)


def _cut(document: Document, tokens: Sequence[Place], doc_id: str) -> Iterator[Sentence]:
    """New sentences of a text; what stands between two words is spelt out where it is not one space."""
    text = document.text
    made: list[Sentence] = []
    paragraph = {s.start: s.paragraph for s in document.segments}
    before: int | None = None
    sentences = tokenized.sentences_of(document, tokens)
    for n, sentence in enumerate(sentences, start=1):
        here = paragraph.get(tokens[sentence.start][0], before)
        comments = []
        if n == 1:
            comments += [f"# newdoc id = {doc_id or 'doc'}", f"# global.Entity = {'-'.join(OURS)}"]
        elif here != before:
            comments.append("# newpar")
        before = here
        comments.append(f"# sent_id = {doc_id or 'doc'}-{n}")
        rows = [
            Row(0, "word", i, i, [str(i), text[a:b], *["_"] * 8])
            for i, (a, b) in enumerate((tokens[t] for t in sentence), start=1)
        ]
        made.append(Sentence(0, comments, rows))
    for n, (block, span) in enumerate(zip(made, sentences, strict=True)):
        follower = made[n + 1] if n + 1 < len(made) else None
        for row, at in zip(block.rows, span, strict=True):
            end = tokens[at][1]
            gap = text[end : tokens[at + 1][0]] if at + 1 < len(tokens) else text[end:]
            said = [f"SpacesBefore={spelt(text[: tokens[0][0]])}"] if at == 0 and tokens[0][0] else []
            if gap != gap_after(row, at == span.stop - 1, follower):
                said.append(f"SpacesAfter={spelt(gap)}" if gap else "SpaceAfter=No")
            row.columns[9] = "|".join(said) or "_"
        surface = text[tokens[span.start][0] : tokens[span.stop - 1][1]]
        if not any(c in surface for c in "\n\r"):
            block.comments.append(f"# text = {surface}")
        yield block


def _cells(
    document: Document,
    sentences: Sequence[Sentence],
    places: Sequence[Sequence[Place]],
    fields: Fields,
    lost: Counter[str],
) -> list[dict[int, str]]:
    """For each sentence, the brackets of its rows by index."""
    nodes = [(n, i, p) for n, at in enumerate(places) for i, p in enumerate(at)]
    nodes = [x for x in nodes if sentences[x[0]].rows[x[1]].kind != "range"]
    opened: dict[int, list[brackets.Bracketed]] = {}
    rank = {(n, i): k for k, (n, i, _) in enumerate(nodes)}
    first_of = {n: next(g)[1] for n, g in groupby(enumerate(nodes), key=lambda x: x[1][0])}
    base = {n: rank[x[0], x[1]] for n, x in first_of.items()}
    spots = _Spots(sentences, nodes)
    split: set[tuple[Any, ...]] = set()
    for actor in document.actors:
        for mention in actor.mentions:
            found = [spots.find(piece, mention, lost) for piece in mention.pieces]
            if None in found:
                continue
            whole = [x for x in found if x is not None]
            own = escaped(actor.id)
            words = spots.numbers(mention, whole) if mention.head else ""
            said = values(actor, mention, fields, words)
            whole.sort()
            homes = {nodes[k][0] for piece in whole for k in piece}
            if len(homes) > 1 or (len(whole) > 1 and (own, *homes) in split):
                lost["mention across sentences" if len(homes) > 1 else "second split mention of a chain"] += 1
                continue
            (n,) = homes
            if len(whole) > 1:
                split.add((own, n))
            for number, (first, last) in enumerate(whole, start=1):
                name = own if len(whole) == 1 else f"{own}[{number}/{len(whole)}]"
                content = fields.content({**said, fields.names[fields.at]: name})
                span = brackets.Bracketed(first - base[n], last - base[n], content)
                opened.setdefault(n, []).append(span)
    for n, spans in opened.items():
        opened[n] = brackets.separable(spans, fields.closing)
        if len(opened[n]) < len(spans):
            lost["crossing mention of one chain"] += len(spans) - len(opened[n])
    result: list[dict[int, str]] = []
    rows: dict[int, list[int]] = {}
    for n, i, _ in nodes:
        rows.setdefault(n, []).append(i)
    for n in range(len(sentences)):
        mine = rows.get(n, [])
        cells = brackets.written(opened.get(n, []), len(mine), fields.closing)
        result.append(dict(zip(mine, cells, strict=True)))
    return result


class _Spots:
    """Words and empty nodes of a document in their order, found by their place in the text."""

    def __init__(self, sentences: Sequence[Sentence], nodes: Sequence[tuple[int, int, Place]]) -> None:
        self.places = [p for _, _, p in nodes]
        self.rows = [sentences[n].rows[i] for n, i, _ in nodes]
        self.words = [k for k, row in enumerate(self.rows) if row.kind == "word"]
        self.bounds = [self.places[k] for k in self.words]
        self.empty = {
            (n, f"{sentences[n].rows[i].number}.{sentences[n].rows[i].second}", p[0]): k
            for k, (n, i, p) in enumerate(nodes)
            if sentences[n].rows[i].kind == "empty"
        }

    def find(self, piece: Place, mention: Mention, lost: Counter[str]) -> Place | None:
        """The first and last node of a piece; counts what had to be moved or left out."""
        names = mention.extra.get("nodes", [])
        named = (
            [k for (_, x, at), k in self.empty.items() if x in names and _near(at, piece, mention)]
            if names
            else []
        )
        if piece[0] == piece[1]:
            if not named:
                lost["empty mention"] += 1
                return None
            return min(named), max(named)
        found = tokenized.covered(self.bounds, *piece, lost)
        if found is None:
            return None
        first, last = self.words[found[0]], self.words[found[1] - 1]
        outer = [k for k in named if k in (first - 1, last + 1)]
        return min([first, *outer]), max([last, *outer])

    def numbers(self, mention: Mention, whole: Sequence[Place]) -> str:
        """The numbers of the head's words among the words of the mention, from 1."""
        start, end = mention.head_bounds
        inside = [k for first, last in whole for k in range(first, last + 1)]
        return ",".join(
            str(n)
            for n, k in enumerate(inside, start=1)
            if start < self.places[k][1] and self.places[k][0] < end
        )


def _near(at: int, piece: Place, mention: Mention) -> bool:
    return piece[0] - 1 <= at <= piece[1] + 1 or not mention.text


def _block(sentence: Sentence, cells: Mapping[int, str]) -> str:
    lines = list(sentence.comments)
    for i, row in enumerate(sentence.rows):
        columns = list(row.columns)
        columns[9] = _misc(columns[9], cells.get(i, ""), row)
        lines.append("\t".join(columns))
    return "".join(line + "\n" for line in [*lines, ""])


def _misc(misc: str, cell: str, row: Row) -> str:
    """MISC with its brackets renewed, in their old place, or in the order of the alphabet."""
    old = row.misc("Entity")
    if row.kind == "range" or brackets.same(old, cell):
        return misc
    pairs = [p for p in misc.split("|") if p != "_"]
    if old:
        pairs = [(f"Entity={cell}" if p.startswith("Entity=") else p) for p in pairs]
        pairs = [p for p in pairs if p != "Entity="]
    elif cell:
        at = next((n for n, p in enumerate(pairs) if p > "Entity="), len(pairs))
        pairs.insert(at, f"Entity={cell}")
    return "|".join(pairs) or "_"
