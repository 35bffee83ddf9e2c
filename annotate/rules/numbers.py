"""Numbers: guidelines/numbers.md."""

from __future__ import annotations

import re
from collections.abc import Iterator

from goldwire.annotate.document import Document, Mention, Number
from goldwire.annotate.problems import visible
from goldwire.annotate.rules import words
from goldwire.annotate.rules.context import Context, Finding
from goldwire.annotate.rules.nesting import around, innermost
from goldwire.annotate.rules.references import AUTHOR
from goldwire.annotate.rules.values import number as parsed

_MODIFIERS = "|".join(sorted(map(re.escape, words.BEFORE), key=len, reverse=True))
_BEFORE = re.compile(rf"\b({_MODIFIERS}) $", re.IGNORECASE)
_IN_TEXT = re.compile(rf"\b({_MODIFIERS})\b", re.IGNORECASE)
_AFTER = re.compile(r"( or more| or so|-odd)\b", re.IGNORECASE)


def no_ordinal(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.numbers:
        if context.english and item.kind != "SHARE" and words.ORDINALS.fullmatch(item.mention.text):
            yield item, f"{visible(item.mention.text)} is an ordinal or an article, and no number"


def duration_not_number(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.numbers:
        end = item.mention.bounds[1]
        unit = words.DURATIONS.match(document.text, end) or words.DURATIONS.search(item.mention.text)
        if context.english and unit and not document.text[unit.end() :].startswith("-old"):
            said = f"{item.mention.text} {unit.group().strip(' -')}"
            yield item, f"{visible(said)} is a length of time; annotate a time"


def modifier_inside(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.numbers if context.english else ():
        start, end = item.mention.bounds
        before = _BEFORE.search(document.text[max(0, start - 30) : start])
        after = _AFTER.match(document.text, end)
        unit = words.UNITS_AFTER.match(document.text, end)
        money = words.UNITS_BEFORE.search(document.text[max(0, start - 4) : start])
        left_out = before or after or unit or money
        if left_out:
            yield item, f"{visible(item.mention.text)} leaves {visible(left_out.group().strip())} outside"
        elif item.mention.text.lower().endswith(" of"):
            yield item, f'{visible(item.mention.text)}: "of" before what is counted is outside'


def number_head(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.numbers if context.english else ():
        head = item.mention.head or item.mention.text
        wrong = _IN_TEXT.search(head) or words.UNITS_AFTER.search(head) or re.search("[$€£¥]", head)
        if wrong and not words.RANGE.search(head):
            bare = visible(wrong.group().strip())
            yield item, f"the head of {visible(item.mention.text)} should be the bare numeral, without {bare}"


def modifier_field(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.numbers if context.english else ():
        wanted, word = _modifier(item, _with_modifier(document.text, item.mention))
        if item.mod and item.mod != wanted:
            why = f"{visible(word)} says {wanted}" if word else f"no word asks for it, so {wanted}"
            yield item, f"mod is {item.mod}: {why}"


def _with_modifier(text: str, mention: Mention) -> str:
    """A number with the modifier that stands beside it, inside the mention or not."""
    start, end = mention.bounds
    before = _BEFORE.search(text[max(0, start - 30) : start])
    after = _AFTER.match(text, end)
    return (before.group() if before else "") + mention.text + (after.group() if after else "")


def _modifier(item: Number, text: str) -> tuple[str, str]:
    """The value of ``mod`` that the words of a number ask for, and the word that does."""
    for pattern, table in ((_AFTER, words.AFTER), (_IN_TEXT, words.BEFORE)):
        if found := pattern.search(text):
            return table[found.group(1).strip().lower()], found.group().strip()
    for word, mod in words.INSIDE.items():
        if re.search(rf"\b{word}\b", text, re.IGNORECASE):
            return mod, word
    if found := words.RANGE.search(text):
        return "between", found.group()
    if found := words.MOST.search(text):
        return "more_than", found.group()
    if not item.value and (found := words.VAGUE.search(text)):
        return "vague", found.group()
    return "exact", ""


# mod -> fields that hold something; the others hold nothing.
_FIELDS: dict[str, frozenset[str]] = {
    "exact": frozenset({"value"}),
    "approx": frozenset({"value"}),
    "more_than": frozenset({"value", "low", "open_low"}),
    "at_least": frozenset({"value", "low"}),
    "less_than": frozenset({"value", "high", "open_high"}),
    "at_most": frozenset({"value", "high"}),
    "between": frozenset({"low", "high"}),
    "vague": frozenset(),
}
_MOST = frozenset({"low", "high", "open_low"})


def value_bounds(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.numbers:
        if item.mod not in _FIELDS:
            continue
        names = ("value", "low", "high", "open_low", "open_high")
        held = frozenset(name for name in names if getattr(item, name))
        wanted = _FIELDS[item.mod]
        if item.mod == "vague" and held == {"low"}:
            continue  # the least that the word gives
        if item.mod == "more_than" and held == _MOST and words.MOST.search(item.mention.text):
            continue
        if held != wanted:
            said = f"{_and(held) or 'nothing'} stated, and should be {_and(wanted) or 'nothing'}"
            yield item, f"with mod {item.mod}: {said}"
            continue
        for bound in wanted & {"low", "high"} if "value" in wanted else ():
            if parsed(getattr(item, bound)) != parsed(item.value):
                yield (
                    item,
                    f"with mod {item.mod}: {bound} {getattr(item, bound)} should be the value {item.value}",
                )


def rounded(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.numbers:
        figures = [item.low, item.high] if item.mod == "between" else [item.value]
        found = [v for f in figures if f and (v := parsed(f)) is not None]
        wanted = item.kind == "COUNT" and any(v and v % 10 == 0 for v in found)
        if item.rounded and not wanted:
            yield (
                item,
                f"rounded: {' and '.join(f for f in figures if f) or 'no figure'} is no multiple of ten",
            )
        elif wanted and not item.rounded:
            yield item, f"rounded is left out: {' and '.join(f for f in figures if f)} is a multiple of ten"


def number_counted(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.numbers if "numbers" in context.finished else ():
        if item.kind in ("COUNT", "SHARE") and not item.counted and not item.unit and not item.of:
            yield item, f"{visible(item.mention.text)}: what is counted? counted and unit are both empty"


def count_fits(document: Document, context: Context) -> Iterator[Finding]:
    for event in document.events:
        roles = context.ontology.roles(event.type)
        cluster = context.clusters.get(event.id, [event])
        members = {e.id for e in cluster} | {a.ref for e in cluster for a in e.args if a.ref}
        for argument in event.args:
            item = context.item(argument.ref)
            counts = argument.role in roles and roles[argument.role].fillers == ("number",)
            if counts and isinstance(item, Number) and item.counted and item.counted not in members:
                yield (
                    event,
                    (
                        f"{argument.role}: {item.id} counts {item.counted}, "
                        f"which is neither this event nor a participant of it"
                    ),
                )


def share_of(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.numbers:
        if item.kind != "SHARE":
            continue
        for name in ("value", "low", "high"):
            value = parsed(getattr(item, name))
            if value is not None and not 0 <= value <= 1:
                yield item, f"{name}: {value} should be a fraction of 1"


def number_said_by(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.numbers if {"numbers", "quotations"} <= context.finished else ():
        holders = around(context.quotations, item.mention)
        wanted = [q.id for q in innermost(holders)] or [AUTHOR]
        if item.said_by not in wanted:
            yield item, f"said_by: {item.said_by or 'nothing'}, and should be {' or '.join(wanted)}"


def _and(names: frozenset[str]) -> str:
    return ", ".join(sorted(names, key=["value", "low", "high", "open_low", "open_high"].index))
