"""Where mentions begin and end: guidelines/spans.md."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from goldwire.annotate.document import Document, Mention, mentions, objects
from goldwire.annotate.problems import visible
from goldwire.annotate.rules import words
from goldwire.annotate.rules.context import Context, Finding

OPENING = {"(": ")", "[": "]", "“": "”", "„": "“", "«": "»", "‘": "’", '"': '"'}
CLOSING = {")": "(", "]": "[", "”": "“", "»": "«", '"': '"'}
QUOTES = "“”„«»\"‘’'"
# Characters of the category of punctuation that belong to the word they stand at.
OPENERS, CLOSERS = "#@'’", "%‰°'’"
HYPHENS = "-\u2010\u2011"


def _marked(document: Document) -> Iterator[tuple[object, str, Mention]]:
    """Every mention with its object and label, foreign ones left out; evidence only without an id."""
    for kind, item in objects(document):
        if kind == "span":
            continue
        for label, mention in mentions(item):
            yield item, label, mention
        if kind == "quotation" and item.speaker_span:
            yield item, "SPEAKER", item.speaker_span


def mention_edges(document: Document, context: Context) -> Iterator[Finding]:
    for item, label, mention in _marked(document):
        for start, end in mention.pieces:
            text = document.text[start:end]
            if text != text.strip():
                yield item, f"{visible(text)} has space at its edge; goldwire fmt trims it"
            elif edge := _edge(text, label):
                yield item, f"{visible(text)} begins or ends in {visible(edge)}, which is outside"
            elif words.INITIALS.search(text) and document.text[end : end + 1] == ".":
                yield item, f"{visible(text)} leaves the full stop of the abbreviation outside"


def _edge(text: str, label: str) -> str:
    """The punctuation at an edge that does not belong to the mention; "" if there is none."""
    first, last = text[0], text[-1]
    if label == "QUOTE":
        # Quotation marks are the content's own; what ends the sentence is content-end's business.
        return first if _is_punctuation(first) and first not in QUOTES + "([—–-…$" else ""
    if label == "CUE":
        first = last = ""  # commas are cue-extent's business
    if label == "VERBATIM":
        return first if first in '“”«»"' else last if last in '“”«»"' else ""
    if (
        first
        and _is_punctuation(first)
        and first not in OPENERS
        and OPENING.get(first, "\0") not in text[1:-1]
    ):
        return first
    if last and _is_punctuation(last) and last not in CLOSERS and not words.ABBREVIATION.search(text):
        paired = CLOSING.get(last, "")
        if not (paired and paired in text[1:-1]):
            return last
    return ""


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] == "P"


def whole_words(document: Document, context: Context) -> Iterator[Finding]:
    for item, _, mention in _marked(document):
        for start, end in mention.pieces:
            left = _joined(document.text, start, -1)
            right = _joined(document.text, end - 1, 1)
            if left or right:
                around = document.text[max(0, start - 15) : end + 15]
                yield item, f"{visible(document.text[start:end])} is a part of a word in {visible(around)}"


def _joined(text: str, at: int, step: int) -> bool:
    """Does the word go on beyond the edge? A hyphen between letters joins, between digits a dash, too."""
    beyond, further = at + step, at + 2 * step
    if not 0 <= beyond < len(text) or not text[at].isalnum():
        return False
    if text[beyond].isalnum():
        return True
    if not 0 <= further < len(text) or not text[further].isalnum():
        return False
    digits = text[at].isdecimal() and text[further].isdecimal()
    return text[beyond] in HYPHENS or (digits and text[beyond] in "–/.,")


def clitic_outside(document: Document, context: Context) -> Iterator[Finding]:
    if not context.english:
        return
    for item, label, mention in _marked(document):
        if label not in ("QUOTE", "VERBATIM") and mention.text.endswith(("'s", "’s", "s'", "s’")):
            yield item, f"{visible(mention.text)} ends in the possessive, which is outside"


def determiner_inside(document: Document, context: Context) -> Iterator[Finding]:
    if not context.english:
        return
    whole = {
        (a, b)
        for _, label, m in _marked(document)
        if label in ("ACTOR", "PLACE", "NUMBER")
        for a, b in m.pieces
    }
    for item, label, mention in _marked(document):
        if label not in ("ACTOR", "PLACE") or mention.form not in ("name", "nominal"):
            continue
        before = words.word_before(document.text, mention.start)
        if before.lower() not in words.DETERMINERS or mention.text[0].isdigit():
            continue
        at = mention.start - len(before) - 1
        if any(a <= at and mention.end <= b and b - a > mention.end - at for a, b in whole):
            continue  # "the [Velm] road": the article is that of the road
        after = words.word_after(document.text, mention.end)
        if mention.form == "name" and after and after.lower() not in words.FUNCTION_WORDS:
            continue  # a name before a noun, which may be no mention
        yield item, f"{visible(mention.text)} leaves {visible(before)} outside; it belongs to the mention"


def head_form(document: Document, context: Context) -> Iterator[Finding]:
    for item, label, mention in _marked(document):
        if label not in ("ACTOR", "PLACE") or not mention.form:
            continue
        head = mention.head or mention.text
        if mention.form == "name":
            first = head.split()[0].lower()
            if context.english and first in words.DETERMINERS and len(head.split()) > 1:
                yield item, f"the head of {visible(mention.text)} should be the name without {visible(first)}"
        elif len(head.split()) > 1:
            yield item, f"the head of {visible(mention.text)} should be one word, and is {visible(head)}"


def duplicate_span(document: Document, context: Context) -> Iterator[Finding]:
    seen: dict[tuple[object, ...], str] = {}
    for kind, item in objects(document):
        for label, mention in mentions(item):
            # A cue with two speakers and the content of a chain stand in several quotations.
            own = item.id if kind == "quotation" else ""
            if label == "ARG":
                continue
            key = (label, own, mention.pieces)
            if key in seen:
                yield item, f"{visible(mention.text)} at {mention.start} is already a mention of {seen[key]}"
            seen.setdefault(key, item.id)
