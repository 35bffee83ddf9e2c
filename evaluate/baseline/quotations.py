"""The quotations layer: who says what, in which words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from goldwire.annotate.document import Document, Mention, Number, Quotation, Term
from goldwire.evaluate.baseline import marks
from goldwire.evaluate.baseline.content import Content, found_content
from goldwire.evaluate.baseline.cues import Cue, cues
from goldwire.evaluate.baseline.numbers import between
from goldwire.evaluate.baseline.phrases import Sentence, read
from goldwire.evaluate.baseline.speakers import Speaker, Speakers
from goldwire.evaluate.baseline.views import Sentences

Pair = tuple[int, int]


class Draft(NamedTuple):
    """A quotation while its nesting is not yet known; content as offsets."""

    cue: Mention
    content: tuple[Pair, ...]
    speaker: Speaker
    found: Cue
    tail: str = "certain"
    anaphor: Mention | None = None
    chained: bool = False


def add(document: Document) -> Document:
    """The document with its quotations and terms, and who says its numbers.

    >>> from goldwire.evaluate.baseline import actors
    >>> found = add(actors.add(Document("Ada Brask said that “Tarn fell”.")))
    >>> [(q.content[0].text, q.cue[0].text, q.speaker, q.directness) for q in found.quotations]
    [('that “Tarn fell”', 'said', 'a1', 'direct')]
    """
    quoted = marks.pairs(document.text)
    drafts: list[Draft] = []
    before: Sentence | None = None
    segments = Sentences(read(document))
    for view, sentence in zip(segments.views(document), segments.all, strict=True):
        near = [(a, b) for a, b in quoted if a < sentence.end and sentence.start < b]
        drafts += _sentence(view, sentence, before, near)
        before = sentence
    quotations = _nested(document, drafts, quoted, segments)
    holding = segments.holding(quotations)
    numbers = tuple(_said_by(n, holding[segments.at(n.mention.start)]) for n in document.numbers)
    terms = _terms(document, quoted, quotations)
    return replace(document, quotations=quotations, numbers=numbers, terms=terms)


def _sentence(
    document: Document, sentence: Sentence, before: Sentence | None, quoted: Sequence[Pair]
) -> list[Draft]:
    speakers = Speakers(document, sentence)
    drafts: list[Draft] = []
    taken: set[int] = set()
    found = cues(sentence)
    for cue in sorted(found, key=lambda c: (c.kind == "citing", c.first)):
        if cue.head in taken:
            continue
        mention = between(document.text, sentence.words, cue.first, cue.end)
        main = _nearest(drafts, mention) if cue.kind == "citing" else None
        if main:
            drafts.append(Draft(mention, main.content, speakers.after(cue.end), cue, chained=True))
            continue
        made = found_content(sentence, cue, speakers, quoted, document.text)
        made = made or _anaphor(document, sentence, before, cue, speakers)
        # "in a statement that" is the medium of a verb that has this content already.
        if made is None or any(d.content == made.pieces for d in drafts):
            continue
        taken |= set(range(cue.first, cue.end))
        settled = cue._replace(stance=made.stance or cue.stance)
        drafts.append(Draft(mention, made.pieces, made.speaker, settled, made.tail, made.anaphor))
    return drafts


def _nearest(drafts: Sequence[Draft], cue: Mention) -> Draft | None:
    """The attribution that a "citing" goes with."""
    return min(drafts, key=lambda d: abs(d.cue.start - cue.start), default=None)


def _anaphor(
    document: Document, sentence: Sentence, before: Sentence | None, cue: Cue, speakers: Speakers
) -> Content | None:
    """ "This was reported by X": the content is the sentence before."""
    words = sentence.words
    first = next((w for w in words if w.text[0].isalnum()), None)
    stands = cue.kind == "passive" and first is not None and first.lower in ("this", "that", "it")
    if not stands or before is None or cue.first != 1 or first is None:
        return None
    end = before.end
    while end > before.start and document.text[end - 1] in ".!?":
        end -= 1
    by = cue.end if cue.end < len(words) and words[cue.end].lower == "by" else -1
    speaker = speakers.after(by + 1) if by >= 0 else Speaker()
    return Content(((before.start, end),), speaker, anaphor=Mention(first.text, first.start))


def _nested(
    document: Document, drafts: Sequence[Draft], quoted: Sequence[Pair], segments: Sentences
) -> tuple[Quotation, ...]:
    """Quotations in reading order, each inside the smallest other that holds its cue and content."""
    order = sorted(drafts, key=lambda d: (min(a for a, _ in d.content), d.cue.start))
    ids = {id(d): f"q{n}" for n, d in enumerate(order, 1)}
    near: defaultdict[int, list[Draft]] = defaultdict(list)
    for d in order:
        for n in range(segments.at(d.content[0][0]), segments.at(d.content[-1][1] - 1) + 1):
            near[n].append(d)
    result = []
    for d in order:
        others = near[segments.at(d.cue.start)] + near[segments.at(d.content[0][0])]
        parent = _parent(d, others)
        via: tuple[str, ...] = ()
        if d.chained:
            parent = next(
                (o for o in others if o is not d and o.content == d.content and not o.chained), None
            )
            via = (parent.speaker.actor,) if parent and parent.speaker.actor else ()
        cut = d._replace(content=_cut(segments, d.content))
        result.append(_quotation(document, cut, ids[id(d)], ids[id(parent)] if parent else "", via, quoted))
    return tuple(result)


def _parent(draft: Draft, others: Sequence[Draft]) -> Draft | None:
    holding = [o for o in others if o is not draft and o.content != draft.content and _holds(o, draft)]
    return min(holding, key=lambda o: sum(b - a for a, b in o.content), default=None)


def _holds(outer: Draft, inner: Draft) -> bool:
    places = [(inner.cue.start, inner.cue.end), *inner.content]
    return all(any(a <= start and end <= b for a, b in outer.content) for start, end in places)


def _quotation(
    document: Document, d: Draft, id: str, parent: str, via: tuple[str, ...], quoted: Sequence[Pair]
) -> Quotation:
    text = document.text
    # A quotation over several sentences has a piece in each: its marks are those around all of them.
    low, high = min(a for a, _ in d.content), max(b for _, b in d.content)
    around = [(a, b) for a, b in quoted if low <= a and b <= high]
    inside = [(max(a, x), min(b, y)) for a, b in around for x, y in d.content if a < y and x < b]
    opened, closed = {a for a, _ in around}, {b for _, b in around}
    inside = [(a + (a in opened), b - (b in closed)) for a, b in inside]
    verbatim = tuple(Mention(text[a:b], a) for a, b in inside if a < b)
    bare = [(a + 5 * text.startswith("that ", a), b) for a, b in d.content]
    whole = verbatim and all(any(x <= a and b <= y for x, y in around) for a, b in bare)
    return Quotation(
        id,
        speaker=d.speaker.actor,
        speaker_span=d.speaker.mention,
        cue=(d.cue,),
        content=tuple(Mention(text[a:b], a) for a, b in d.content),
        verbatim=verbatim,
        anaphor=d.anaphor,
        addressee=d.speaker.addressee,
        directness="direct" if whole else "mixed" if verbatim else "indirect",
        stance=d.found.stance,
        polarity="neg" if d.found.negated else "pos",
        parent=parent,
        via=via,
        medium=d.speaker.medium,
        content_tail=d.tail,
    )


def _cut(segments: Sentences, content: Sequence[Pair]) -> tuple[Pair, ...]:
    """The content, cut where one segment ends and the next begins."""
    pieces = [
        (max(a, s.start), min(b, s.end))
        for a, b in content
        for s in segments.all[max(0, segments.at(a)) : segments.at(b - 1) + 1]
    ]
    return tuple((a, b) for a, b in pieces if a < b)


def _said_by(number: Number, quotations: Sequence[Quotation]) -> Number:
    """The innermost quotation around a number: the last source of a chain, else AUTHOR."""
    start, end = number.mention.bounds
    around = [q for q in quotations if any(m.start <= start and end <= m.end for m in q.content)]
    around.sort(key=lambda q: (sum(len(m.text) for m in q.content), not q.via))
    return replace(number, said_by=around[0].id if around else "AUTHOR")


def _terms(document: Document, quoted: Sequence[Pair], quotations: Sequence[Quotation]) -> tuple[Term, ...]:
    """What stands in marks and is nobody's words."""
    spoken = {m.start for q in quotations for m in q.verbatim}
    rest = [(a + 1, b - 1) for a, b in quoted if a + 1 not in spoken and b - a > 2]
    return tuple(Term(f"w{n}", Mention(document.text[a:b], a)) for n, (a, b) in enumerate(rest, 1))
