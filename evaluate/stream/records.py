"""Records that hold nothing but labelled spans, read as fast as their bytes can be looked at.

Tokens are most of a record's bytes and count for nothing here, so their list is cut
out of the line before it is parsed. The cut is proved, not guessed: it is made from a
key ``"tokens"`` to the first bracket that closes a list there, and everything that is
left has to parse. Had the bracket closed an inner list, or a list of another object,
the rest would have more closing brackets than opening ones, and would not parse;
then the line is parsed whole. What was cut is not checked itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b

from msgspec import DecodeError, Raw, Struct, ValidationError
from msgspec.json import Decoder

from goldwire.annotate.formats import record
from goldwire.annotate.formats.lines import parse

TOKENS = b'"tokens"'
_OPENS = re.compile(rb'"tokens"\s*:\s*\[')
_NEXT = re.compile(rb'\s*,\s*(?="[A-Za-z_])')
_INSIDE = b',]}" \r\n\t'  # what may follow a bracket that is structure; a quotation mark never does
_BEFORE = b"{, \t"
_EMPTY = (b"", b"[]", b"{}", b"null", b'""')


class NotPlainError(Exception):
    """A record that holds more than labelled spans: the general scorer has to read it."""


class Span(Struct, gc=False):
    """Half-open, in code points."""

    start: int
    end: int
    label: str
    cont: str | None = None


class Meta(Struct, gc=False):
    """What may name a document; ``id`` is where Prodigy's users put it."""

    doc_id: str = ""
    id: str | int = ""


class _Line(Struct, gc=False):
    """A record: its spans, and whatever else a goldwire record may hold that bears on scores."""

    spans: list[Span] = []
    text: str | None = None
    meta: Meta | None = None
    events: Raw = Raw()
    actors: Raw = Raw()
    places: Raw = Raw()
    times: Raw = Raw()
    numbers: Raw = Raw()
    quotations: Raw = Raw()
    terms: Raw = Raw()
    masks: Raw = Raw()
    ambiguities: Raw = Raw()
    relations: Raw = Raw()
    versions: Raw = Raw()
    goldwire: Raw = Raw()
    doc: Raw = Raw()
    unanchored: Raw = Raw()

    def plain(self) -> bool:
        """Whether there is nothing here but spans in one piece each."""
        held = (
            self.events, self.actors, self.places, self.times, self.numbers,
            self.quotations, self.terms, self.masks, self.ambiguities, self.relations,
            self.versions, self.goldwire, self.doc, self.unanchored,
        )  # fmt: skip
        return all(bytes(raw) in _EMPTY for raw in held)


class Record(Struct, gc=False):
    """One document of one side. ``length`` is that of its text, -1 where the record has none."""

    key: str
    text: str
    length: int
    spans: list[Span]
    line: int

    @property
    def name(self) -> str:
        """What to call it: its id, else the number of its line."""
        return self.key or f"#{self.line}"


_decode = Decoder(_Line).decode


def records(lines: Iterable[bytes], where: str, first: int = 1) -> Iterator[Record]:
    """The records of some lines, one after the other.

    Raises ProblemError where a line cannot be read (the general reader says why) and
    NotPlainError where it can, but holds more than labelled spans.
    """
    for number, line in enumerate(lines, start=first):
        cut = without_tokens(line)
        try:
            found = _decode(cut)
        except (DecodeError, ValidationError, UnicodeDecodeError):
            if not line.strip():
                continue
            found, cut = _whole(line, where, number), line
        if not found.plain() or (b'"cont"' in cut and any(s.cont for s in found.spans)):
            raise NotPlainError(f"{where}:{number}")
        meta, text = found.meta, found.text
        key = (meta.doc_id or str(meta.id)) if meta else ""
        yield Record(key, text or "", -1 if text is None else len(text), found.spans, number)


def without_tokens(line: bytes) -> bytes:
    """The line without its list of tokens, or the whole line where the end of the list is not certain.

    >>> without_tokens(b'{"tokens": [{"text": "]"}], "spans": []}')
    b'{"spans": []}'
    >>> without_tokens(b'{"spans": [], "tokens": [{"text": "a"}]}')
    b'{"spans": [], "tokens": [{"text": "a"}]}'
    """
    at = line.find(TOKENS)
    if at < 1 or line[at - 1] not in _BEFORE or not _OPENS.match(line, at):
        return line
    end = line.find(b"]", at)
    while end >= 0:
        if after := _NEXT.match(line, end + 1):
            return line[:at] + line[after.end() :]
        # In a string, unless what follows may follow a list.
        if (follows := line[end + 1 : end + 2]) != b'"' and follows in _INSIDE:
            return line
        end = line.find(b"]", end + 1)
    return line


def fingerprint(text: str) -> bytes:
    """Sixteen bytes that stand for a text."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _whole(line: bytes, where: str, number: int) -> _Line:
    """The line parsed whole; ProblemError from the general reader where it is wrong."""
    try:
        return _decode(line)
    except (DecodeError, ValidationError, UnicodeDecodeError):
        record.document(parse(line, where=where, number=number), where=where, line=number)
        raise NotPlainError(f"{where}:{number}") from None
