"""TAC KBP event nuggets (TBF): a line for each mention of an event, lines for what links them.

``system <tab> document <tab> E1 <tab> 4,8;13,16 <tab> made way <tab> Type <tab> Realis``, further
columns allowed; ``@Coreference``, ``@After`` and ``@Subevent`` link mentions. Offsets are code
points, end exclusive, pieces divided by ``;``. Token numbers (``t3,t5``) are read, too.

The text is not in the file. It is that of ``<document>.txt`` beside it, or of the
document of that id in ``texts``; without one it is a blank sheet on which the surfaces
stand where they fit, and ``notes`` says so.

What EvmEval's validator refuses is refused: a mention outside a document, too few
fields, an id twice, a link of an unknown kind or to a mention that is not there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from goldwire.annotate.document import Document, Event, Link, Mention, Meta
from goldwire.annotate.formats import source
from goldwire.annotate.formats.tbf_write import BEGIN, END, LINKS, REALIS, written
from goldwire.annotate.problems import Problem, ProblemError, visible

_SPAN = re.compile(r"(t?)(\d{1,9}),(t?)(\d{1,9})")
_TOKEN = re.compile(r"t(\d{1,9})")
# The longest text that is made up for want of one.
LONGEST = 10_000_000


class Nugget(NamedTuple):
    """One mention: its line, id, pieces, surface, type, realis and further columns."""

    line: int
    id: str
    pieces: tuple[tuple[int, int], ...]
    surface: str
    type: str
    realis: str
    more: tuple[str, ...]


class Part(Struct):
    """One document of a file."""

    name: str
    line: int
    system: str = ""
    tokens: bool = False
    nuggets: list[Nugget] = field(default_factory=list)
    links: list[tuple[int, str, str, list[str]]] = field(default_factory=list)


def decode(
    files: Mapping[str, BinaryIO],
    *,
    ontology: Any = None,
    notes: list[Problem] | None = None,
    texts: str = "",
) -> Iterator[Document]:
    """A document from each ``#BeginOfDocument``; raises ProblemError with the line.

    ``texts`` is a file or folder that holds documents of the same ids.
    """
    beside = source.texts_beside(files)
    homes = source.documents_by_id(texts) if texts else {}
    for name, file in files.items():
        if name.endswith(".txt"):
            continue
        for part in _parts(file, name):
            known = homes[part.name].text if part.name in homes else None
            if part.name in beside:
                where, own = beside.pop(part.name)
                known = source.text_of(source.whole(own, where), where)
            yield _document(part, known, name, notes)


def _parts(file: BinaryIO, name: str) -> Iterator[Part]:
    part: Part | None = None
    for number, line in source.lines(file, name):
        if not line.strip():
            continue
        if line.startswith(BEGIN):
            if part is not None:
                source.refuse(name, number, "document", f"begins before {part.name!r} has ended")
            own = line.removeprefix(BEGIN).strip()
            if not own:
                source.refuse(name, number, "document", "names no document")
            part = Part(own, number)
        elif line.startswith(END):
            if part is None:
                source.refuse(name, number, "document", "ends a document that has not begun")
            yield part
            part = None
        elif part is None:
            if not line.startswith("#"):
                source.refuse(name, number, "document", f"stands outside a document: no {BEGIN} before it")
        elif line.startswith("@"):
            part.links.append(_link(number, line, name))
        elif not line.startswith("#"):
            part.nuggets.append(_nugget(number, line, part, name))
    if part is not None:
        source.refuse(name, part.line, "document", f"{part.name!r} is not ended: no {END}")


def _link(number: int, line: str, name: str) -> tuple[int, str, str, list[str]]:
    columns = line.split("\t")
    if len(columns) < 3:
        source.refuse(name, number, "columns", f"a link has {len(columns)} fields, and should have 3")
    if columns[0] not in LINKS:
        source.refuse(name, number, "link", f"{columns[0]} is none of {' '.join(LINKS)}")
    ends = [x.strip() for x in columns[2].split(",")]
    if columns[0] != "@Coreference" and len(ends) != 2:
        source.refuse(name, number, "link", f"{columns[0]} links {len(ends)} mentions, and should link 2")
    return number, columns[0], columns[1], ends


def _nugget(number: int, line: str, part: Part, name: str) -> Nugget:
    columns = line.split("\t")
    if len(columns) < 7:
        source.refuse(name, number, "columns", f"has {len(columns)} fields, and should have 7")
    system, document, own, place, surface, kind, realis, *more = columns
    if document != part.name:
        source.refuse(name, number, "document", f"is of {document!r}, and stands in {part.name!r}")
    if any(own == n.id for n in part.nuggets):
        source.refuse(name, number, "repeated-id", f"the id {own} stands more than once in {part.name!r}")
    part.system = part.system or system
    pieces = []
    if tokens := [_TOKEN.fullmatch(t.strip()) for t in place.split(",")]:
        part.tokens = part.tokens or all(tokens)
    if part.tokens:
        numbers = [int(t[1]) for t in tokens if t]
        if len(numbers) != len(tokens):
            source.refuse(name, number, "span", f"{place!r} should be token numbers: t3,t5")
        pieces = [(n, n + 1) for n in numbers]
    else:
        for said in place.split(";"):
            found = _SPAN.fullmatch(said.strip())
            if not found or found[1] or found[3]:
                source.refuse(name, number, "span", f"{place!r} should be start,end pairs divided by ;")
            pieces.append((int(found[2]), int(found[4])))
    if any(a >= b for a, b in pieces) or max(b for _, b in pieces) > LONGEST:
        source.refuse(name, number, "span", f"{place!r} ends before it starts, or is out of all bounds")
    return Nugget(number, own, tuple(pieces), surface, kind, realis, tuple(more))


def _document(part: Part, known: str | None, name: str, notes: list[Problem] | None) -> Document:
    ids = {n.id for n in part.nuggets}
    wrong = [
        Problem(name, line, "link", f"{kind} {own} names {end}, which is no mention of {part.name!r}")
        for line, kind, own, ends in part.links
        for end in ends
        if end not in ids
    ]
    if wrong:
        raise ProblemError(*wrong[:20])
    text, places = _sheet(part) if known is None else (source.checked_text(known, name), {})
    if known is None and notes is not None:
        message = f"the text of {part.name!r} is not known; put it beside the file as {part.name}.txt"
        notes.append(Problem(name, part.line, "no-text", message))
    first: dict[str, str] = {}
    for _, kind, _, ends in part.links:
        if kind == "@Coreference":
            heads = [first.get(e, e) for e in ends]
            order = [n.id for n in part.nuggets]
            head = min(heads, key=order.index)
            first |= dict.fromkeys(ends, head) | {e: head for e, h in first.items() if h in heads}
    events = tuple(_event(n, part, text, places, known is not None, first, name) for n in part.nuggets)
    links = tuple(
        Link(own, ends[0], ends[1], LINKS[kind]) for _, kind, own, ends in part.links if LINKS[kind]
    )
    repeated = {own for own, n in Counter(x.id for x in links).items() if n > 1}
    links = tuple(replace(x, id=f"{x.id}.{i}") if x.id in repeated else x for i, x in enumerate(links))
    kept: dict[str, Any] = {
        "system": part.system,
        "chains": {o: e for _, k, o, e in part.links if not LINKS[k]},
    }
    if part.tokens:
        kept["tokens"] = True
    return Document(text, Meta(part.name), events=events, links=links, extra={"tbf": kept})


def _sheet(part: Part) -> tuple[str, dict[int, tuple[int, int]]]:
    """A text to put the surfaces on; for token numbers, also where each token stands."""
    if part.tokens:
        words: dict[int, str] = {}
        for n in part.nuggets:
            said = n.surface.split()
            # Tokens in the order of the text or of the surface: EvmEval's own example has them crossed.
            if len(said) == len(n.pieces):
                words |= {p[0]: w for p, w in zip(n.pieces, said, strict=True) if p[0] not in words}
        last = max((p[0] for n in part.nuggets for p in n.pieces), default=0)
        if last > LONGEST // 2:
            source.refuse(part.name, part.line, "span", f"token {last} is out of all bounds")
        pieces, places, at = [], {}, 0
        for token in range(last + 1):
            word = words.get(token, "_")
            places[token] = (at, at + len(word))
            pieces.append(word)
            at += len(word) + 1
        return " ".join(pieces), places
    size = max((b for n in part.nuggets for _, b in n.pieces), default=0)
    sheet = [" "] * size
    for n in part.nuggets:
        said = n.surface.split(" ") if len(n.pieces) > 1 else [n.surface]
        if [len(s) for s in said] == [b - a for a, b in n.pieces]:
            for (a, b), s in zip(n.pieces, said, strict=True):
                if not "".join(sheet[a:b]).strip():
                    sheet[a:b] = s
    return "".join(sheet), {}


def _event(
    n: Nugget,
    part: Part,
    text: str,
    places: Mapping[int, tuple[int, int]],
    proved: bool,
    first: Mapping[str, str],
    name: str,
) -> Event:
    pieces = [places[a] for a, _ in n.pieces] if part.tokens and not proved else list(n.pieces)
    if max(b for _, b in pieces) > len(text):
        message = f"{n.id} ends at {max(b for _, b in pieces)}, the text has {len(text)} characters"
        source.refuse(name, n.line, "span-range", message)
    mention = Mention.at(text, *pieces)
    said = " ".join(text[a:b] for a, b in pieces)
    if proved and "".join(said.split()) != "".join(n.surface.split()):
        message = f"{n.id} should say {visible(n.surface)}, the text says {visible(said)}"
        source.refuse(name, n.line, "span-text", message)
    kept: dict[str, Any] = {"realis": n.realis}
    if n.surface != said:
        kept["surface"] = n.surface
    if part.tokens:
        kept["span"] = ",".join(f"t{a}" for a, _ in n.pieces)
    if n.more:
        kept["more"] = list(n.more)
    return Event(
        n.id,
        mention,
        n.type,
        coref=first.get(n.id, ""),
        modality=REALIS.get(n.realis, "asserted"),
        extra={"tbf": kept},
    )


def encode(
    documents: Iterable[Document], *, lost: Counter[str], system: str = ""
) -> Iterator[tuple[str, bytes]]:
    """All documents in one file. ``system`` names the run, else the one read, else goldwire.

    >>> left = Event("e1", Mention("left", 4), "MOVE", modality="generic")
    >>> document = Document("Ada left.", Meta("d"), events=(left,))
    >>> next(encode([document], lost=Counter()))[1].decode().split("\\n")[1]
    'goldwire\\td\\te1\\t4,8\\tleft\\tMOVE\\tGeneric'
    """
    for item in documents:
        yield "", written(item, lost, system).encode()
