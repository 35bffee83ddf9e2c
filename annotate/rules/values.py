"""Values that have a form: decimals, identifiers, the characters of the text, the document time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from goldwire.annotate.document import Actor, Document, Place, objects
from goldwire.annotate.problems import visible
from goldwire.annotate.rules.context import Context, Finding
from goldwire.annotate.rules.offsets import every
from goldwire.annotate.rules.timex import is_date, is_interval

_DECIMAL = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")


def number(value: str) -> Decimal | None:
    """The value of a plain decimal; None if it is not one.

    >>> number("250000"), number("2.5"), number("250,000"), number("1e3"), number("007")
    (Decimal('250000'), Decimal('2.5'), None, None, None)
    """
    if not _DECIMAL.fullmatch(value) or not value.isascii():
        return None
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def decimal(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.numbers:
        for name in ("value", "low", "high"):
            value = getattr(item, name)
            if value and number(value) is None:
                yield item, f"{name}: {visible(value)} is no plain decimal such as 250000 or 0.25"
    for _, item in objects(document):
        for holder in _confident(item):
            value = number(holder.confidence) if holder.confidence else Decimal(0)
            if value is None or not 0 <= value <= 1:
                yield item, f"confidence: {visible(holder.confidence)} is no plain decimal from 0 to 1"


def bounds_order(document: Document, context: Context) -> Iterator[Finding]:
    for item in document.numbers:
        low, high = number(item.low), number(item.high)
        if low is not None and high is not None and low > high:
            yield item, f"low {item.low} is above high {item.high}"


def wikidata_id(document: Document, context: Context) -> Iterator[Finding]:
    entities: list[Actor | Place] = [*document.actors, *document.places]
    for item in entities:
        if item.wikidata and not re.fullmatch(r"Q[1-9]\d*", item.wikidata):
            yield item, f"wikidata: {visible(item.wikidata)} should be Q and a number"


def dct_value(document: Document, context: Context) -> Iterator[Finding]:
    meta = document.meta
    if meta.dct and not is_date(meta.dct) and not is_interval(meta.dct):
        yield None, f"dct: {visible(meta.dct)} should be a date such as XXXX-07-05, or two with a slash"
    elif bool(meta.dct) != (meta.dct_basis != "none"):
        yield (
            None,
            f"dct: {visible(meta.dct)} with dct_basis {meta.dct_basis}; none means no date",
        )


def text_nfc(document: Document, context: Context) -> Iterator[Finding]:
    normal = unicodedata.normalize("NFC", document.text)
    if normal != document.text:
        at = next(i for i, (a, b) in enumerate(zip(document.text, normal + " ", strict=False)) if a != b)
        here = document.text[max(0, at - 1) : at + 2]
        codes = " ".join(f"U+{ord(c):04X}" for c in here)
        yield None, f"the text is not in the Unicode form NFC, first at {at}: {visible(here)} ({codes})"


def invisible_character(document: Document, context: Context) -> Iterator[Finding]:
    found = [
        (at, c)
        for at, c in enumerate(document.text)
        if c not in "\n\t" and unicodedata.category(c) in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp")
    ]
    # A zero-width joiner belongs to many emoji, and to several scripts.
    found = [(at, c) for at, c in found if c not in "\u200d\u200c\ufe0f"]
    if found:
        at, _ = found[0]
        around = document.text[max(0, at - 10) : at + 10]
        count = f"{len(found)} invisible characters" if len(found) > 1 else "an invisible character"
        yield None, f"the text holds {count}, first at {at}: {visible(around)}"


def empty_text(document: Document, context: Context) -> Iterator[Finding]:
    if not document.text.strip():
        yield None, "the text is empty"


def _confident(item: Any) -> Iterator[Any]:
    if getattr(item, "confidence", ""):
        yield item
    yield from (a for a in getattr(item, "args", ()) if a.confidence)
    yield from (m for m in every(item) if m.confidence)
