"""What a format is: what it may claim to carry, its two verbs, its row in the table."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, Protocol, cast

from msgspec import Struct

from goldwire.annotate.document import Document
from goldwire.annotate.problems import Problem, missing

# What a format may claim to carry. The first line names collections of a Document.
CARRIES: dict[str, str] = {
    "segments": "sentences and headlines",
    "actors": "actors with their mentions and attributes",
    "places": "places with their mentions and attributes",
    "times": "time expressions with their values",
    "numbers": "numbers with their values",
    "events": "events with arguments and attributes",
    "links": "relations between events",
    "quotations": "quotations with cue, content and speaker",
    "terms": "quoted words that nobody is quoted for",
    "spans": "labelled spans of a tool's own",
    "relations": "labelled relations of a tool's own",
    "ambiguities": "accepted readings",
    "masks": "text that was not annotated",
    "provenance": "who decided what",
    # of the document
    "text": "the text, character by character",
    "meta": "metadata of the document",
    # of spans and objects
    "ids": "ids of objects",
    "overlaps": "spans that overlap or nest",
    "duplicates": "several labels on one stretch of text",
    "discontinuous": "mentions in several pieces",
    "empty": "spans of no length",
    "heads": "heads of mentions",
    "attributes": "form, metonymy, confidence and notes of spans and relations",
    "extra": "keys that goldwire does not know",
}
EVERYTHING = frozenset(CARRIES)
TABLE = frozenset("text spans ids overlaps duplicates discontinuous empty heads attributes extra".split())
OBJECTS = frozenset(
    [
        "segments",
        "actors",
        "places",
        "times",
        "numbers",
        "events",
        "links",
        "quotations",
        "terms",
        "ambiguities",
        "masks",
        "provenance",
    ]
)


class Codec(Protocol):
    """What a module of formats has; a format that is only read has no ``encode``."""

    def decode(
        self,
        files: Mapping[str, BinaryIO],
        *,
        ontology: Any = None,
        notes: list[Problem] | None = None,
        **options: Any,
    ) -> Iterator[Document]: ...

    def encode(
        self, documents: Iterable[Document], *, lost: Counter[str], **options: Any
    ) -> Iterator[tuple[str, bytes]]: ...


class Format(Struct, frozen=True):
    """One row of the table.

    ``unit`` is that of the offsets in the file: code points, utf-16, graphemes,
    tokens, strings or none; ``end`` is exclusive, inclusive or none. ``sign`` is a
    regular expression searched for in the first 4,096 bytes where several
    formats share a suffix. ``carries`` is what comes back whole, ``partly`` what comes
    back without some of its fields. ``extra`` names the extra of goldwire to install.
    ``companions`` are the names of files that are read together with one of them;
    ``*`` stands for its name without the suffix.
    """

    name: str
    about: str
    suffixes: tuple[str, ...]
    unit: str = "code points"
    end: str = "exclusive"
    reads: bool = True
    writes: bool = True
    carries: frozenset[str] = EVERYTHING
    partly: frozenset[str] = frozenset()
    extra: str = ""
    sign: str = ""
    companions: tuple[str, ...] = ()
    module: str = ""

    def codec(self) -> Codec:
        """The module with ``decode`` and ``encode``, imported when it is needed.

        Raises ProblemError with the command to install what is missing.
        """
        try:
            loaded = importlib.import_module(f"{__package__}.{self.module or self.name.replace('-', '')}")
        except ModuleNotFoundError as error:
            if not self.extra or (error.name or "").startswith("goldwire"):
                raise
            raise missing(self.extra, error.name or "") from error
        return cast("Codec", loaded)
