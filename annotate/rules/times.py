"""Times: guidelines/numbers.md, second half."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from goldwire.annotate.document import Document
from goldwire.annotate.problems import visible
from goldwire.annotate.rules import words
from goldwire.annotate.rules.context import Context, Finding
from goldwire.annotate.rules.nesting import holds
from goldwire.annotate.rules.timex import is_resolved, is_value

FIXED = ("DATE", "INTERVAL", "DURATION", "REFERENCE")


def time_preposition(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.times:
        found = words.PREPOSITIONS.match(item.mention.text)
        if found and context.english:
            yield (
                item,
                f"{visible(item.mention.text)} begins with {visible(found.group().strip())}; leave it out",
            )


def time_not_adverb(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.times:
        if context.english and item.mention.text.lower() in words.NO_TIMES:
            yield item, f"{visible(item.mention.text)} is no time"


def one_date(document: Document, context: Context) -> Iterator[Finding]:
    order = sorted((t for t in document.times if t.kind == "DATE"), key=lambda t: t.mention.start)
    for before, after in itertools.pairwise(order):
        between = document.text[before.mention.bounds[1] : after.mention.start]
        if re.fullmatch(r",? (of |at )?", between) and _grain(before.value) != _grain(after.value):
            both = document.text[before.mention.start : after.mention.bounds[1]]
            yield after, f"{visible(both)} is one date, and one mention"


def _grain(value: str) -> str:
    """Which parts of a date a value names: two days in a row are two dates, a weekday and a day are one."""
    return re.sub(r"[\dX]+", "0", value)


def time_value(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.times:
        if item.value and not is_value(item.kind, item.value):
            yield item, f"value: {visible(item.value)} is no value of a {item.kind}"
        elif not item.value and item.kind in FIXED and "times" in context.finished:
            yield item, f"{visible(item.mention.text)}: a {item.kind} has a value"


def time_resolved(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.times:
        if item.resolved and not is_resolved(item.resolved):
            yield (
                item,
                f"resolved: {visible(item.resolved)} should be two days: XXXX-05-09/XXXX-05-10",
            )
        elif bool(item.resolved) != (item.basis != "none"):
            given = visible(item.resolved) if item.resolved else "nothing"
            yield (
                item,
                f"resolved: {given} with basis {item.basis}; none goes with nothing, and only with that",
            )
        elif item.resolved and item.kind in ("DURATION", "REFERENCE"):
            yield item, f"resolved: a {item.kind} has no place on the calendar"


def time_anchor(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.times:
        if item.anchor and item.kind in FIXED:
            yield item, f"anchor: a {item.kind} has none, only a RELATIVE"
        elif item.kind == "RELATIVE" and not item.anchor:
            inside = [e.id for e in document.events if holds(item.mention.pieces, e.trigger.pieces)]
            inside += [
                t.id for t in document.times if t is not item and holds(item.mention.pieces, t.mention.pieces)
            ]
            if inside:
                yield item, f"{visible(item.mention.text)} has no anchor; {' or '.join(inside)} lies in it"
