"""Quotations and terms: guidelines/quotations.md."""

from __future__ import annotations

import re
from collections.abc import Iterator

from goldwire.annotate.document import Document, Event, Mention, Quotation
from goldwire.annotate.problems import visible
from goldwire.annotate.rules import words
from goldwire.annotate.rules.context import Context, Finding
from goldwire.annotate.rules.nesting import Pieces, content, holds, overlaps, size

PERFORMED = ("promise", "threaten", "demand")
FINAL = ".,;:!?…"
_PAIRS = re.compile('“([^“”]*)”|«([^«»]*)»|„([^„“”]*)[“”]|"([^"]*)"')
_OPENS = re.compile(r"\b(that|not to|to|not|whether)$", re.IGNORECASE)


def pairs(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """What stands between quotation marks, without them, edge space trimmed; the outermost pairs."""
    found = []
    for match in _PAIRS.finditer(text, start, len(text) if end is None else end):
        group = match.lastindex or 0
        a, b = match.span(group)
        inner = text[a:b]
        if inner.strip():
            found.append((a + len(inner) - len(inner.lstrip()), a + len(inner.rstrip())))
    return found


def quotation_content(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.quotations:
        if not item.content:
            yield item, "has no content; without content there is no quotation"


def cue_extent(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.quotations:
        for cue in item.cue:
            words_of = cue.text.split()
            if "," in cue.text:
                yield item, f"the cue {visible(cue.text)} holds a comma"
            elif context.english and len(words_of) > 1 and words_of[-1].lower() in ("by", "that"):
                yield item, f"the cue {visible(cue.text)} ends in {visible(words_of[-1])}, which is outside"


def content_start(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.quotations if context.english else ():
        if not item.content or item.anaphor:
            continue
        start = min(m.start for m in item.content)
        before = document.text[max(0, start - 12) : start].rstrip(' “«"„')
        found = _OPENS.search(before)
        if not found:
            continue
        at = start - len(document.text[max(0, start - 12) : start]) + found.start()
        others = [*item.cue, *([item.speaker_span] if item.speaker_span else [])]
        if not any(overlaps(m.pieces, ((at, at + 1),)) for m in others):
            yield item, f"the content leaves {visible(found.group())} outside; it begins there"


def content_end(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.quotations:
        own = [("cue", m) for m in item.cue]
        own += [("speaker", item.speaker_span)] if item.speaker_span else []
        for what, mention in own:
            if overlaps(content(item), mention.pieces):
                yield item, f"the content holds its own {what} {visible(mention.text)}; cut it there"
        for mention in item.content:
            if mention.text[-1:] in FINAL and not words.ABBREVIATION.search(mention.text):
                yield item, f"the content {visible(mention.text)} ends in punctuation, which is outside"


def directness(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.quotations:
        if not item.content:
            continue
        between = [p for m in item.content for a, b in m.pieces for p in pairs(document.text, a, b)]
        said = sorted(p for m in item.verbatim for p in m.pieces)
        if said != sorted(between):
            wanted = ", ".join(visible(document.text[a:b]) for a, b in sorted(between)) or "nothing"
            got = ", ".join(visible(document.text[a:b]) for a, b in said) or "nothing"
            yield item, f"verbatim is {got}; between marks stands {wanted}"
            continue
        wanted_label = _directness(document.text, content(item), between)
        if item.directness and item.directness != wanted_label:
            yield item, f"directness is {item.directness}, and by its marks {wanted_label}"


def _directness(text: str, whole: Pieces, between: list[tuple[int, int]]) -> str:
    if not between:
        return "indirect"
    inside = {at for a, b in between for at in range(a, b)}
    rest = "".join(text[at] if at not in inside else " " for a, b in whole for at in range(a, b))
    left = re.sub(r"[\W_]+", " ", rest).split()
    return "direct" if not [w for w in left if w.lower() != "that"] else "mixed"


def anaphor(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.quotations:
        if item.anaphor and overlaps(content(item), item.anaphor.pieces):
            yield item, f"the anaphor {visible(item.anaphor.text)} lies in the content it should stand for"


def speaker_span(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.quotations:
        shown = [m.pieces for m in context.shown(item.speaker)]
        if item.speaker in context.ids and not item.medium:
            if not item.speaker_span:
                yield item, f"speaker_span is left out; which words name {item.speaker}?"
            elif item.speaker_span.pieces not in shown:
                yield item, f"{visible(item.speaker_span.text)} is no mention of {item.speaker}"


def parent(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.quotations:
        own = content(item)
        named = context.item(item.parent)
        inside: list[Quotation] = []
        parts = _parts(item)
        for other in document.quotations:
            if other is not item and content(other) != own and holds(content(other), parts):
                inside.append(other)
        if inside and own:
            nearest = min(size(content(q)) for q in inside)
            fitting = [q.id for q in inside if size(content(q)) == nearest]
            chained = isinstance(named, Quotation) and content(named) == own
            if item.parent not in fitting and not chained:
                yield (
                    item,
                    f"stands inside {' and '.join(fitting)}, and its parent is {item.parent or 'nothing'}",
                )
                continue
        if isinstance(named, Quotation) and not holds(content(named), own):
            yield item, f"its content does not lie in that of its parent {named.id}"


def _parts(item: Quotation) -> Pieces:
    """Speaker, cue and content: what has to stand inside a parent."""
    mentions: list[Mention] = [*item.cue, *item.content]
    mentions += [item.speaker_span] if item.speaker_span else []
    return tuple(piece for m in mentions for piece in m.pieces)


def chain(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.quotations:
        named = context.item(item.parent)
        same = isinstance(named, Quotation) and content(named) == content(item)
        if item.via and not same:
            yield (
                item,
                f"via {', '.join(item.via)}: the parent should be a quotation of the same content",
            )
        elif same and isinstance(named, Quotation):
            wanted = (*named.via, *([named.speaker] if named.speaker else []))
            if item.via != wanted:
                said = ", ".join(item.via) or "nothing"
                yield item, f"via is {said}; it is relayed by {', '.join(wanted) or 'nobody named'}"


def promise_is_both(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.quotations:
        event = context.item(item.event)
        if item.stance in PERFORMED and not item.event:
            yield item, f"{item.stance}: the cue is an event, too; name it in event"
        elif isinstance(event, Event) and not any(holds(c.pieces, event.trigger.pieces) for c in item.cue):
            yield item, f"the trigger {visible(event.trigger.text)} of {item.event} does not lie in the cue"


def speaker_is_agent(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.quotations:
        event = context.item(item.event)
        if not isinstance(event, Event) or not item.speaker:
            continue
        # The first role of a type is that of who acts.
        role = next(iter(context.ontology.roles(event.type)), "")
        agents = [a.ref for a in event.args if a.role == role]
        if role and item.speaker not in agents:
            said = ", ".join(agents) or "nobody"
            yield item, f"{role} of {event.id} is {said}, and should be the speaker {item.speaker}"


def term(document: Document, context: Context) -> Iterator[Finding]:
    if "quotations" not in context.finished:
        return
    covered = [p for q in document.quotations for m in q.verbatim for p in m.pieces]
    covered += [p for t in document.terms for p in t.mention.pieces]
    for start, end in pairs(document.text):
        held = {at for a, b in covered for at in range(max(a, start), min(b, end))}
        if any(not document.text[at].isspace() and at not in held for at in range(start, end)):
            around = visible(document.text[start - 1 : end + 1])
            yield None, f"{around} at {start - 1} is neither verbatim of a quotation nor a term"
