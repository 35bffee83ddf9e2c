"""Documents of gold and prediction brought together: by id, else by text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from goldwire.annotate.document import Document, Meta
from goldwire.annotate.problems import Problem, ProblemError, visible
from goldwire.annotate.suggestions import decided


@dataclass(frozen=True)
class Paired:
    """Gold documents, each with its prediction, in the order of gold.

    A document that was not predicted is paired with its bare text and named in ``missing``;
    ``unknown`` names predictions that belong to no gold document and are not counted.
    """

    documents: tuple[tuple[Document, Document], ...]
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def pair(gold: Iterable[Document], pred: Iterable[Document], *, where: str = "prediction") -> Paired:
    """Pair documents; a prediction without a known id is found by its text.

    Raises ProblemError where an id stands over another text than in gold, a document
    is given twice, or gold holds suggestions that wait for a decision.

    >>> from goldwire.annotate.document import Meta
    >>> gold = [Document("One.", Meta("A")), Document("Two.", Meta("B"))]
    >>> paired = pair(gold, [Document("Two."), Document("Three.", Meta("C"))])
    >>> [(g.meta.doc_id, p.text) for g, p in paired.documents], paired.missing, paired.unknown
    ([('A', 'One.'), ('B', 'Two.')], ('A',), ('C',))
    """
    golds = list(gold)
    decided(golds, "gold")
    by_id = {d.meta.doc_id: i for i, d in enumerate(golds) if d.meta.doc_id}
    by_text: dict[str, int] = {}
    for i, document in enumerate(golds):
        by_text.setdefault(document.text, i)
    found: dict[int, Document] = {}
    unknown: list[str] = []
    problems: list[Problem] = []
    for number, document in enumerate(pred, start=1):
        at = by_id.get(document.meta.doc_id, by_text.get(document.text))
        if at is None:
            unknown.append(document.meta.doc_id or f"number {number}, {visible(document.text, 30)}")
            continue
        if document.text != golds[at].text:
            problems.append(Problem(where, 0, "other-text", _difference(golds[at], document)))
        elif at in found:
            name = named(golds[at], at)
            problems.append(Problem(where, 0, "document-twice", f"document {name} is predicted twice"))
        found[at] = document
    if problems:
        raise ProblemError(*problems)
    missing = tuple(named(d, i) for i, d in enumerate(golds) if i not in found)
    empty = (Document(d.text, Meta(d.meta.doc_id)) for d in golds)
    pairs = tuple((d, found.get(i, none)) for i, (d, none) in enumerate(zip(golds, empty, strict=True)))
    return Paired(pairs, missing, tuple(unknown))


def named(document: Document, index: int) -> str:
    """What to call a document: its id, else its number, counted from 1."""
    return document.meta.doc_id or f"#{index + 1}"


def _difference(gold: Document, pred: Document) -> str:
    pairs = enumerate(zip(gold.text, pred.text, strict=False))
    at = next((i for i, (a, b) in pairs if a != b), min(len(gold.text), len(pred.text)))
    there, here = (visible(text[at : at + 20]) if text[at:] else "the end" for text in (gold.text, pred.text))
    return f"document {gold.meta.doc_id}: the text differs from gold at offset {at}: {here} for {there}"


def failures(document: Document) -> list[str]:
    """Why a system failed on the document, as ``goldwire run`` wrote it down; empty if it did not."""
    notes = (x.note for x in document.provenance if x.action == "failed" and x.tool.startswith("goldwire "))
    # Time and memory come before the reason.
    return [note.split("; ", 2)[-1] for note in notes]
