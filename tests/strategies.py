"""Documents for hypothesis: small texts full of what breaks offsets, and every layer over them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from goldwire.annotate.document import (
    Actor,
    Ambiguity,
    Argument,
    Detail,
    Document,
    Event,
    Factuality,
    Fragment,
    Link,
    Mask,
    Mention,
    Meta,
    Number,
    Place,
    Provenance,
    Quotation,
    Relation,
    Segment,
    Span,
    Term,
    Time,
)
from goldwire.annotate.heads import settled

# Emoji, a ZWJ family, a flag, combining marks, right-to-left, NBSP, ZWSP, U+2028, CR LF, BOM, soft hyphen.
PIECES = [
    *["a", "b", "said ", "12 ", " ", ". ", "😀", "👩\u200d👩\u200d👧", "🇸🇾", "e\u0301", "שלום", "سلام "],
    *["\u00a0", "\u200b", "\u2028", "\r\n", "\n", "\ufeff", "\u00ad", "\t", "|", "\\", "_", "*", ";", "->"],
    *["[1]", '"', "<&>", "“", "ß", "Ⅷ", "𝔘"],
]
texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=16).map("".join)
words = st.sampled_from(["", "x", "two words", "ü;|_", 'say "no"', "600", "a\\b", "*", "_", "A->B", "l1\nl2"])
labels = st.sampled_from(["", "MIL", "GPE", "STRIKE", "Attack.Air", "per"])
extras = st.sampled_from([{}, {}, {}, {"odd": 1}, {"x_key": ["a", {"b": None}], "y": "ü"}])


@st.composite
def mentions(draw: st.DrawFn, text: str, *, bare: bool = False, split: bool = True) -> Mention:
    """A mention of the text, sometimes split, headed, attributed."""
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    more: tuple[Fragment, ...] = ()
    if split and end + 2 <= len(text) and draw(st.integers(0, 4)) == 0:
        again = draw(st.integers(end + 1, len(text) - 1))
        more = (Fragment(text[again : draw(st.integers(again + 1, len(text)))], again),)
    if bare:
        return Mention(text[start:end], start, more=more)
    head, head_start = "", -1
    if draw(st.integers(0, 2)) == 0 and end - start > 1:
        head_start = draw(st.integers(start, end - 1))
        head = text[head_start : draw(st.integers(head_start + 1, end))]
        if head == text[start:end] and not more:
            head, head_start = "", -1
    return Mention(
        text[start:end],
        start,
        head=head,
        head_start=head_start,
        more=more,
        form=draw(st.sampled_from(["", "name", "pronoun"])),
        metonymy=draw(st.sampled_from(["", "", "capital"])),
        confidence=draw(st.sampled_from(["", "", "0.5"])),
        extra=draw(extras),
    )


@st.composite
def documents(draw: st.DrawFn, *, split: bool = True) -> Document:
    """A settled document: unique ids, references to ids that exist and to one that does not."""
    text = draw(texts)
    few = {
        kind: draw(st.integers(0, 2))
        for kind in ("a", "p", "t", "n", "q", "w", "e", "l", "s", "r", "g", "x", "m", "v")
    }
    ids = {kind: [f"{kind}{i + 1}" for i in range(n)] for kind, n in few.items()}
    known = [i for kind in "aptnqews" for i in ids[kind]]
    one = st.sampled_from(["", "", "AUTHOR", *known])
    many = st.lists(st.sampled_from(["z9", *known]), max_size=2, unique=True).map(tuple)

    def some(cls: Any, prefix: str, /, **chosen: st.SearchStrategy[Any]) -> tuple[Any, ...]:
        fixed = {"note": words, "extra": extras, **chosen}
        if "confidence" in cls.__struct_fields__:
            fixed["confidence"] = st.sampled_from(["", "", "0.25"])
        return tuple(cls(id=i, **{name: draw(values) for name, values in fixed.items()}) for i in ids[prefix])

    mention, bare = mentions(text, split=split), mentions(text, bare=True, split=split)
    maybe = st.none() | mention
    listed = st.lists(mention, max_size=3).map(tuple)
    pair = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    actors = some(Actor, "a", type=labels, name=words, affiliation=many, member_of=many, mentions=listed)
    own = [m for actor in actors for m in actor.mentions]
    evidence = maybe | (st.sampled_from(own) if own else st.none())
    argument = st.builds(
        Argument,
        role=st.sampled_from(["agent", "target", "cause"]),
        ref=one,
        evidence=evidence,
        polarity=st.sampled_from(["pos", "pos", "neg"]),
        extra=extras,
    )
    zero = {"start": st.just(0), "end": st.just(0)}
    segments = some(Segment, "g", **zero, kind=st.sampled_from(["headline", "sentence"]))
    masks = some(Mask, "m", **zero, layer=labels, reason=words)
    details = st.lists(st.builds(Detail, st.sampled_from(["method", "state"]), words), max_size=2).map(tuple)
    held = st.builds(Factuality, st.sampled_from(["AUTHOR", "q1"]), labels)
    factuality = st.lists(held, max_size=2).map(tuple)

    def placed(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(replace(x, start=a, end=b) for x in items for a, b in [sorted(draw(pair))])

    ends = st.sampled_from(known) if known else st.just("e1")
    return settled(
        Document(
            text,
            Meta("doc", title=draw(words), lang=draw(words), layers=draw(st.sampled_from([(), ("times",)]))),
            segments=placed(segments),
            masks=placed(masks),
            actors=actors,
            places=some(Place, "p", kind=labels, part_of=one, actor=one, member_of=many, mentions=listed),
            times=some(Time, "t", mention=mention, kind=labels, value=words, anchor=one),
            numbers=some(
                Number,
                "n",
                mention=mention,
                kind=labels,
                value=words,
                open_low=st.booleans(),
                counted=one,
                of=one,
            ),
            events=some(
                Event,
                "e",
                trigger=mention,
                type=labels,
                coref=one,
                plural=st.booleans(),
                details=details,
                args=st.lists(argument, max_size=3).map(tuple),
                factuality=factuality,
            ),
            links=some(Link, "l", source=ends, target=ends, type=labels, evidence=maybe),
            quotations=some(
                Quotation,
                "q",
                speaker=one,
                speaker_span=evidence,
                cue=listed,
                content=listed,
                verbatim=listed,
                anaphor=maybe,
                via=many,
                parent=one,
            ),
            terms=some(Term, "w", mention=mention),
            spans=some(Span, "s", mention=bare, label=labels),
            relations=some(Relation, "r", source=ends, target=ends, label=labels),
            ambiguities=some(Ambiguity, "x", on=ends, field=words, accept=many),
            provenance=some(Provenance, "v", on=one, annotator=words),
            extra=draw(extras),
        )
    )
