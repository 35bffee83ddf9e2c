"""A run's predictions as suggestions in the annotator's own files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from goldwire import __version__
from goldwire.annotate import files
from goldwire.annotate.adoption import adopt
from goldwire.annotate.canonical import ordered
from goldwire.annotate.document import Document
from goldwire.annotate.formats import lines, record
from goldwire.annotate.ontology import Ontology
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.annotate.suggestions import suggested
from goldwire.evaluate.documents import failures
from goldwire.evaluate.systems.names import BUILTIN


def versioned(system: str) -> str:
    """The name of a system with its version, as far as that is known.

    >>> versioned("command ./tagger"), versioned("baseline").startswith("baseline goldwire ")
    ('command ./tagger', True)
    """
    if system in BUILTIN and system != "quantulum3":
        return f"{system} goldwire {__version__}"
    try:
        return f"{system} {metadata.version(system.partition(':')[0].partition('.')[0])}"
    except (metadata.PackageNotFoundError, ValueError):
        return system


def target(output: str, document: Document, count: int) -> str:
    """The file of a document: the output itself where it is one document's, else one in that folder."""
    if count == 1 and output.endswith((".jsonl", "-")):
        return output
    return str(files.inside(Path(output), f"{document.meta.doc_id or 'document'}.jsonl"))


def keeper(
    output: str, documents: Sequence[Document], by: str, ontology: Ontology
) -> Callable[[Iterable[dict[str, Any]]], None]:
    """What writes each document with what a run suggests for it; a document that failed stays as it is.

    A file that changes while the system runs is not written over. Raises ProblemError where two
    documents would be one file.
    """
    names = [target(output, document, len(documents)) for document in documents]
    held = {name: files.read_bytes(name) for name in names if files.exists(name)}
    if twice := sorted({x for x in names if names.count(x) > 1}):
        raise ProblemError(Problem(twice[0], 0, "file", "two documents would be this file; give them ids"))

    def keep(records: Iterable[dict[str, Any]]) -> None:
        for name, document, raw in zip(names, documents, records, strict=True):
            prediction = record.document(raw, where=name)
            result = document
            if not failures(prediction):
                result = suggested(document, adopt(prediction, ontology), by)
            files.write_bytes(name, lines.write(ordered(result)), was=held.get(name))

    return keep
