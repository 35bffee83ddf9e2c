"""Predictions before they are scored: refused where they are broken, or mended by a named repair.

What cannot be what its system meant (an offset outside the text, words that do not
stand there, an id of nothing) is refused with its place. ``drop`` leaves such
objects out, with what refers to them; the repair stands in the signature. What is
merely wrong (a label that does not exist, a span twice) is scored as wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from goldwire.annotate.document import Document, objects
from goldwire.annotate.ontology import Ontology
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.annotate.rules import offsets, references
from goldwire.annotate.rules.context import Context, slug
from goldwire.evaluate.alignment import AUTHOR
from goldwire.evaluate.readings import without

REPAIRS = ("drop",)
BROKEN: tuple[Callable[[Document, Context], Iterator[tuple[Any, str]]], ...] = (
    offsets.offset_range,
    offsets.offset_utf16,
    offsets.surface_text,
    offsets.fragments,
    references.repeated_id,
    references.dangling_id,
    references.cycle,
)
SLUGS = frozenset(map(slug, BROKEN))


def accepted(
    documents: Iterable[Document],
    ontology: Ontology,
    *,
    repair: str = "",
    where: str = "prediction",
    at: Callable[[int], Sequence[Problem]] | None = None,
) -> tuple[list[Document], dict[str, int]]:
    """The documents that can be scored, and how many objects a repair took out, by rule.

    ``at(number)`` may tell the problems of the document of that number with their lines.
    Raises ProblemError with every problem of every document, and for a repair that does not exist.

    >>> from goldwire.annotate.document import Event, Mention
    >>> from goldwire.annotate.files import ontology
    >>> pred = Document("The raid", events=(Event("e1", Mention("raid", 4)), Event("e2", Mention("ride", 4))))
    >>> kept, dropped = accepted([pred], ontology(), repair="drop")
    >>> [e.id for e in kept[0].events], dropped
    (['e1'], {'surface-text': 1})
    """
    if repair and repair not in REPAIRS:
        raise ProblemError(Problem(repair, 0, "unknown-repair", f"the repairs are {', '.join(REPAIRS)}"))
    kept: list[Document] = []
    dropped: Counter[str] = Counter()
    problems: list[Problem] = []
    for number, document in enumerate(documents, start=1):
        whole, found = document, list(broken(document, ontology))
        # What referred to a broken object refers to nothing once it is out.
        while found and repair:
            dropped.update(rule for rule, _, _ in found)
            whole = _dropped(whole, found)
            found = list(broken(whole, ontology))
        if found:
            problems += (at(number) if at else ()) or [
                Problem(where, 0, rule, f"{_name(document, number)}: {getattr(item, 'id', '')}: {said}")
                for rule, item, said in found
            ]
        kept.append(whole)
    if problems:
        raise ProblemError(*problems)
    return kept, dict(sorted(dropped.items()))


def broken(document: Document, ontology: Ontology) -> Iterator[tuple[str, Any, str]]:
    """(rule, object, sentence) for everything that no system can have meant."""
    context = Context(document, ontology)
    for rule in BROKEN:
        for item, said in rule(document, context):
            yield slug(rule), item, said


def _dropped(document: Document, found: list[tuple[str, Any, str]]) -> Document:
    """The document without its broken objects, or without the references where these alone are broken."""
    known = {x.id for _, x in objects(document)} | {AUTHOR}
    nowhere = {ref for _, _, ref, _ in references.pointers(document)} - known
    # By identity: of objects that share an id, the first stays.
    out = {id(x): x for rule, x, _ in found if rule != "dangling-id"}
    still = {x.id for _, x in objects(document) if id(x) not in out}
    return without(document, nowhere | ({x.id for x in out.values()} - still), out)


def _name(document: Document, number: int) -> str:
    return document.meta.doc_id or f"document {number}"
