"""What a system suggests to an annotator: marked as such in its provenance until somebody decides.

A suggested object has a row of provenance with the action ``suggested``, by the system and
its version. Accepted, the row says ``accepted``, by whom, and keeps the system as its tool:
that an object was not found by a person stays known. Rejected, the object goes, and with it
what is nothing without it; a row on the document keeps what was rejected, and by whom.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from goldwire.annotate.changes.counterparts import free, renamed
from goldwire.annotate.changes.diff import names
from goldwire.annotate.changes.parts import parts, whole
from goldwire.annotate.changes.removal import let_go
from goldwire.annotate.document import CLASSES, COLLECTIONS, Document, Provenance, objects
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.annotate.readable import told

SUGGESTED, ACCEPTED, REJECTED = "suggested", "accepted", "rejected"
# Kinds that say nothing of the text by themselves, and are not suggested.
NEVER = ("segment", "mask", "provenance", "ambiguity")


class Suggestion(Struct, frozen=True):
    """An object that waits for a decision: its kind and id, who suggested it, and what it says."""

    kind: str
    id: str
    by: str
    words: str


def suggested(document: Document, prediction: Document, by: str) -> Document:
    """The document with what a system found besides, each object marked as suggested ``by`` it.

    What the document has already stays as it is; ids of the prediction give way.

    >>> from goldwire.annotate.document import Actor, Mention
    >>> ada = Actor("a1", "PER", mentions=(Mention("Ada", 0),))
    >>> rome = Actor("a1", "STATE", mentions=(Mention("Rome", 9),))
    >>> one, other = (Document("Ada left Rome", actors=(x,)) for x in (ada, rome))
    >>> both = suggested(one, other, "x 1")
    >>> [s.words for s in pending(both)], both.provenance[0].on
    (['a2 STATE –: «Rome»'], 'a2')
    """
    own = {x.id for _, x in objects(document)}
    ids = renamed(document, prediction, own)
    layers: dict[str, list[Any]] = {name: list(getattr(document, name)) for name in COLLECTIONS.values()}
    taken = own | set(ids.values())
    for kind, item in objects(prediction):
        if kind in NEVER or ids[item.id] in own:
            continue
        found = parts(item, lambda ref: ids.get(ref, ref), str)
        layers[COLLECTIONS[kind]].append(whole(CLASSES[kind], ids[item.id], found))
        row = Provenance(free("v1", taken), on=ids[item.id], annotator=by, action=SUGGESTED)
        taken.add(row.id)
        layers["provenance"].append(row)
    return replace(document, **{name: tuple(items) for name, items in layers.items()})


def pending(document: Document) -> list[Suggestion]:
    """The objects that nobody has decided on, in the order of the lines."""
    by = {row.on: row.annotator for row in document.provenance if row.action == SUGGESTED}
    known = names(document) if by else {}
    return [
        Suggestion(kind, item.id, by[item.id], told(kind, item, known))
        for kind, item in objects(document)
        if item.id in by and kind not in NEVER
    ]


def accept(document: Document, ids: Iterable[str], annotator: str = "") -> Document:
    """The document with suggestions accepted; raises ValueError where one of the ids is not pending."""
    wanted = {s.id for s in _waiting(document, ids)}
    rows = tuple(
        replace(row, action=ACCEPTED, annotator=annotator, tool=row.annotator)
        if row.action == SUGGESTED and row.on in wanted
        else row
        for row in document.provenance
    )
    return replace(document, provenance=rows)


def reject(document: Document, ids: Iterable[str], annotator: str = "") -> tuple[Document, list[str]]:
    """The document without some suggestions, and a sentence for everything else that this changes.

    What refers to a rejected object loses the reference; a link, a relation or a note on it goes.
    A row of provenance with the action ``rejected`` says what the object was, in its note.
    Raises ValueError where one of the ids is not pending.
    """
    refused = _waiting(document, ids)
    gone = {s.id for s in refused}
    said: list[str] = []
    known = names(document)
    for kind in ("ambiguity", "link", "relation", "provenance"):
        for item in getattr(document, COLLECTIONS[kind]):
            ends = {getattr(item, name, "") for name in ("on", "source", "target")}
            if ends & gone and item.id not in gone:
                gone.add(item.id)
                if kind != "provenance":
                    said.append(f"{known[item.id]}: removed too")
    layers = {}
    first = _first_left(document, gone)
    for kind, name in COLLECTIONS.items():
        kept = []
        for item in getattr(document, name):
            if item.id in gone:
                continue
            left, lost = let_go(item, gone)
            if kind == "event" and left.coref in gone:
                left = replace(left, coref=first[left.coref])
            kept.append(left)
            said += [f"{known[item.id]}: {x}" for x in lost]
        layers[name] = tuple(kept)
    taken = {item.id for _, item in objects(document)}
    for suggestion in refused:
        row = Provenance(
            free("v1", taken), annotator=annotator, action=REJECTED, tool=suggestion.by, note=suggestion.words
        )
        taken.add(row.id)
        layers["provenance"] += (row,)
    return replace(document, **layers), said


def decided(documents: Iterable[Document], use: str) -> None:
    """Raise ProblemError where a document of ``use`` (gold, say) holds suggestions nobody has decided on."""
    problems = []
    for document in documents:
        if any(row.action == SUGGESTED for row in document.provenance) and (left := pending(document)):
            name = document.meta.doc_id or "document"
            said = f"holds {len(left)} suggestions that nobody has decided on; see goldwire suggestions"
            problems.append(Problem(f"{use} {name}", 0, "pending-suggestion", said))
    if problems:
        raise ProblemError(*problems)


def _waiting(document: Document, ids: Iterable[str]) -> list[Suggestion]:
    """The suggestions of some ids; raises ValueError where one of the ids is not pending."""
    waiting = {s.id: s for s in pending(document)}
    wanted = list(ids)
    if odd := [x for x in wanted if x not in waiting]:
        raise ValueError(f"{', '.join(odd)}: no suggestion that waits for a decision")
    return [s for s in waiting.values() if s.id in wanted]


def _first_left(document: Document, gone: set[str]) -> dict[str, str]:
    """Old name of a chain of event mentions -> the first mention that is left."""
    first: dict[str, str] = {}
    for event in document.events:
        if event.id not in gone:
            first.setdefault(event.coref, event.id)
    return first
