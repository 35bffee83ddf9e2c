"""Formats: one module each, two verbs, one line in a table.

The contract
    ``decode(files, *, ontology=None, notes=None, **options) -> Iterator[Document]``
        ``files`` maps a file's name to its open binary stream, so that pairs
        (``a.txt``, ``a.ann``) come together. Nothing is opened here, nothing is
        read further than the documents yielded so far need. What cannot be used
        raises ``ProblemError`` with the file's name and the physical line; what
        was used, but mended or left aside, is appended to ``notes``.
    ``encode(documents, *, lost, **options) -> Iterator[tuple[str, bytes]]``
        Yields (name, content). ``""`` is the output file itself; its chunks are
        written one after the other, so that a long file streams. Any other name
        is a file below the output folder, whole; ``*.xml`` is a file beside the
        output, of the same name but for what follows the star. What the target
        cannot hold is counted in ``lost`` ("discontinuous mention": 3).
    ``options`` are keyword-only parameters of the two functions, strings or
    booleans; ``goldwire convert -o view=rel`` passes them on.

    Whatever the unit of the file, a Document counts code points: ``offsets.py``
    converts, and proves the result against the surface text that the file holds.
    ``loss.keep(document, carries, lost)`` reduces a document to what a row of the
    table claims and counts what it took away, so what the table says is what a
    round trip gives back; a test proves it for each row.
"""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, Protocol, cast

from msgspec import Struct

from goldwire.annotate.document import Document
from goldwire.annotate.problems import Problem, ProblemError, missing

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
            loaded = importlib.import_module(f"{__name__}.{self.module or self.name.replace('-', '')}")
        except ModuleNotFoundError as error:
            if not self.extra or (error.name or "").startswith("goldwire"):
                raise
            raise missing(self.extra, error.name or "") from error
        return cast("Codec", loaded)


ROWS: tuple[Format, ...] = (
    Format(
        "lines", "annotation lines, a document a file: what people edit", (".jsonl",), sign=r'\A\s*\{"doc"'
    ),
    Format("record", "records, a document a line: Prodigy-compatible, with every layer", (".jsonl", ".json")),
    Format(
        "brat",
        "brat standoff, a.txt with a.ann; BioNLP's .a1 and .a2",
        (".ann", ".a1", ".a2"),
        companions=("*.txt", "*.ann", "*.a1", "*.a2", "annotation.conf"),
    ),
    Format(
        "prodigy",
        "Prodigy tasks: ner, spans, rel and coref manual, review, choice",
        (".jsonl", ".json"),
        sign=r'\A(?!.*"(schema_version|segments)"\s*:)\s*\[?\s*\{.*"(_input_hash|_task_hash|token_start)"\s*:',
    ),
    Format(
        "doccano",
        "doccano: sequence labelling and relation projects (utf-16, or graphemes)",
        (".jsonl", ".json"),
        unit="utf-16",
        sign=r'"start_offset"\s*:|"labels?"\s*:\s*\[\s*\[\s*\d+\s*,\s*\d+\s*,\s*"',
    ),
    Format(
        "uima",
        "UIMA CAS as XMI, with its type system",
        (".xmi",),
        unit="utf-16",
        extra="uima",
        companions=("*.typesystem.xml", "*-typesystem.xml", "TypeSystem.xml", "typesystem.xml"),
    ),
    Format(
        "uima-json",
        "UIMA CAS as JSON, which holds its types",
        (".json",),
        unit="utf-16",
        extra="uima",
        sign=r'"%(TYPES|FEATURE_STRUCTURES|VIEWS)"\s*:',
    ),
    Format(
        "inception",
        "INCEpTION's archives of XMI or CAS JSON",
        (".zip",),
        unit="utf-16",
        extra="uima",
    ),
    Format(
        "webanno",
        "WebAnno TSV 3, INCEpTION's table of tokens",
        (".tsv",),
        unit="utf-16",
        sign=r"\A(\xef\xbb\xbf)?#FORMAT=WebAnno TSV",
    ),
    Format(
        "label-studio",
        "Label Studio tasks, old and new (code points, UTF-16 in old files)",
        (".json", ".jsonl"),
        sign=r'"(annotations|completions|predictions)"\s*:\s*\[|"data"\s*:\s*\{\s*"(text|html|dialogue)"',
    ),
    # The second group: read well first, written where users need it.
    Format(
        "text",
        "plain text",
        (".txt",),
        unit="none",
        end="none",
        carries=frozenset({"text"}),
    ),
    Format(
        "csv",
        "a table of spans, comma separated (semicolons are read)",
        (".csv",),
        carries=TABLE,
    ),
    Format("tsv", "a table of spans, tab separated", (".tsv", ".tab"), carries=TABLE),
    Format(
        "gate",
        "GATE documents as JSON, bdocjs (code points or UTF-16, as the file says)",
        (".bdocjs", ".bdocjson", ".json"),
        sign=r'"annotation_sets"\s*:',
    ),
    Format(
        "gate-xml",
        "GATE documents as XML",
        (".xml",),
        writes=False,
        extra="formats",
        sign="<GateDocument[ >]",
    ),
    Format(
        "conll",
        "a token and its label a line: CoNLL-2003, BIO, IOB, BIOES, BILOU, IO",
        (".conll", ".bio", ".iob", ".bioes", ".bilou"),
        unit="tokens",
        end="none",
        carries=frozenset(),
        partly=frozenset({"spans", "segments", "text"}),
    ),
    Format(
        "conllu",
        "CoNLL-U: words and sentences, chains in MISC Entity= as in CorefUD",
        (".conllu",),
        unit="tokens",
        end="inclusive",
        carries=frozenset({"discontinuous", "heads"}),
        partly=frozenset({"text", "segments", "actors", "places", "overlaps", "empty"}),
        extra="formats",
    ),
    Format(
        "string-json",
        "what language models answer: strings without offsets, anchored with a status",
        (".json", ".jsonl", ".md"),
        unit="strings",
        end="none",
        carries=frozenset({"text", "ids", "overlaps", "duplicates"}),
        partly=OBJECTS - {"segments", "ambiguities", "masks", "provenance"} | {"spans", "relations", "heads"},
        extra="formats",
        companions=("*.txt",),
        sign=r"```json|\A\s*\{\"doc(_id)?\": *\"[^\"]*\", *\"(answer|response|output)\"",
    ),
    Format("spacy", "spaCy's DocBin", (".spacy",), extra="spacy"),
    Format(
        "spacy-json",
        "spaCy's Doc.to_json",
        (".json", ".jsonl"),
        extra="spacy",
        sign=r'"tokens": *\[\s*\{\s*"id": *0, *\s*"start"',
    ),
    Format(
        "conll2012",
        "coreference in columns: CoNLL-2012, LitBank, GUM",
        (".conll", ".v4_gold_conll", ".v4_auto_conll", "_conll", ".key", ".response"),
        unit="tokens",
        end="inclusive",
        carries=frozenset(),
        partly=frozenset({"text", "segments", "actors", "places", "overlaps"}),
        sign=r"\A#\s*begin document",
    ),
    Format(
        "tbf",
        "TAC KBP event nuggets; the text lies beside as <document>.txt",
        (".tbf",),
        carries=frozenset({"ids", "overlaps", "duplicates", "discontinuous"}),
        partly=frozenset({"events", "links"}),
        companions=("*.txt",),
    ),
    Format(
        "textee",
        "event extraction with token offsets: TextEE, OneIE, DEGREE, GENEVA",
        (".jsonl", ".json"),
        unit="tokens",
        carries=frozenset({"overlaps", "duplicates"}),
        partly=frozenset(
            {"text", "ids", "events", "spans", "relations", "actors", "places", "times", "numbers"}
        ),
        sign=r'"event_mentions": *\[',
    ),
    Format(
        "dygie",
        "DyGIE++, and the single sentences of EEQA and PHEE",
        (".jsonl", ".json"),
        unit="tokens",
        end="inclusive",
        carries=frozenset({"overlaps", "duplicates"}),
        partly=frozenset({"text", "segments", "events", "spans", "relations", "actors", "places"}),
        sign=r'"sentences": *\[\[|"sentence": *\[.*"event": *\[',
    ),
    Format(
        "omnievent",
        "OmniEvent's unified JSON (tried on made-up files only)",
        (".jsonl", ".json"),
        carries=frozenset({"text", "overlaps", "duplicates"}),
        partly=frozenset({"ids", "events", "actors", "places", "spans", "times", "numbers"}),
        sign='"trigger_word"',
    ),
    Format(
        "phee",
        "PHEE: events of drug safety with roles within roles",
        (".jsonl", ".json"),
        carries=frozenset({"text", "overlaps", "duplicates", "discontinuous"}),
        partly=frozenset({"ids", "events"}),
        sign='"is_mult_event"',
    ),
    Format(
        "gliner",
        "GLiNER's training data: tokens and labels in plain words",
        (".json", ".jsonl"),
        unit="tokens",
        end="inclusive",
        carries=frozenset({"overlaps", "duplicates"}),
        partly=frozenset({"text", "spans"}),
        sign='"tokenized_text"',
    ),
    Format(
        "bigbio",
        "BigBio's knowledge-base schema",
        (".jsonl", ".json"),
        carries=frozenset({"text", "overlaps", "duplicates", "discontinuous"}),
        partly=frozenset({"ids", "events", "spans", "relations", "actors", "places", "times", "numbers"}),
        sign='"passages"',
    ),
    Format(
        "pubannotation",
        "PubAnnotation: denotations, relations, attributes",
        (".json",),
        sign='"denotations"',
    ),
    Format(
        "webannotation",
        "W3C Web Annotation (JSON-LD); the text of others' files lies beside as .txt",
        (".jsonld", ".json"),
        sign=r"ns/anno\.jsonld",
        companions=("*.txt",),
    ),
    Format(
        "argilla",
        "Argilla 2's records with a span question (tried on made-up files only)",
        (".json", ".jsonl"),
        unit="utf-16",
        carries=frozenset({"text", "overlaps", "duplicates"}),
        partly=frozenset({"spans"}),
        sign=r'"suggestions" *:|"responses" *:',
    ),
    Format(
        "guardian",
        "quotations of the Guardian and AFP: Source, Cue, Content by paragraphs",
        (".json",),
        end="inclusive",
        writes=False,
        carries=frozenset({"overlaps"}),
        partly=frozenset({"text", "spans", "meta", "segments"}),
        sign='"span_text"|"paragraphs"',
    ),
    Format(
        "litbank",
        "LitBank's columns and layers (CC BY 4.0, name its authors)",
        (".tsv", ".ann"),
        unit="tokens",
        end="inclusive",
        writes=False,
        carries=frozenset({"overlaps"}),
        partly=frozenset({"text", "spans", "events", "actors", "quotations", "segments"}),
        companions=("*.txt",),
        sign=r"\A(MENTION|QUOTE)\t|\A\S+\tO\tO\tO|\A\S+\t(O|EVENT)\r?\n",
    ),
    Format(
        "measeval",
        "MeasEval's quantities; the text lies beside as <docId>.txt (tried on made-up files only)",
        (".tsv",),
        carries=frozenset({"overlaps", "duplicates"}),
        partly=frozenset({"numbers", "spans", "relations", "ids"}),
        companions=("*.txt",),
        sign=r"\AdocId\tannotSet",
    ),
    Format(
        "apf",
        "ACE program format, a.apf.xml with a.sgm (tried on made-up files only)",
        (".apf.xml",),
        end="inclusive",
        writes=False,
        carries=frozenset({"overlaps", "heads"}),
        partly=frozenset({"text", "actors", "spans", "times", "relations", "events"}),
        extra="formats",
        companions=("*.sgm",),
    ),
)
FORMATS: dict[str, Format] = {row.name: row for row in ROWS}


def find(name: str) -> Format:
    """The row of that name; raises ProblemError that lists the names there are."""
    if name not in FORMATS:
        raise ProblemError(
            Problem(name, 0, "unknown-format", f"the formats are {', '.join(sorted(FORMATS))}")
        )
    return FORMATS[name]


def recognise(path: str, head: bytes = b"") -> Format:
    """The format of a file by its name and its first bytes (4,096 are enough).

    A row whose ``sign`` is found in ``head`` goes before rows without a sign, and
    a longer suffix before a shorter one. Raises ProblemError where nothing fits.
    """
    named = [(len(s), row) for row in ROWS for s in row.suffixes if path.lower().endswith(s)]
    named.sort(key=lambda pair: -pair[0])
    signed = [row for _, row in named if row.sign and re.search(row.sign.encode(), head[:4096])]
    plain = [row for _, row in named if not row.sign or not head]
    # A suffix that one format alone has tells it, wherever in the file its sign may stand.
    alone = [row for _, row in named] if len(named) == 1 else []
    for row in signed + plain + alone:
        return row
    message = "neither its name nor its first bytes tell the format; name it with --from"
    raise ProblemError(Problem(path, 0, "unknown-format", message))
