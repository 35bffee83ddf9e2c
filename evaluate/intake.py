"""Predictions before they are scored: refused where they are broken, or mended by a named repair.

What cannot be what its system meant (an offset outside the text, words that do not
stand there, an id of nothing) is refused with its place. ``drop`` leaves such
objects out, with what refers to them; the repair stands in the signature. What is
merely wrong (a label that does not exist, a span twice) is scored as wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec.structs import replace

from goldwire.annotate import files, formats, rules
from goldwire.annotate.document import COLLECTIONS, Document, objects
from goldwire.annotate.formats import lines, record
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


def predictions(
    path: str, ontology: Ontology, *, format: str = "", repair: str = ""
) -> tuple[list[Document], dict[str, int]]:
    """Read a file of predictions: its documents, and what a repair took out, by rule.

    Raises ProblemError with every problem, each with its line where the file has lines of ours, and for a
    repair that does not exist.
    """
    if repair and repair not in REPAIRS:
        raise ProblemError(Problem(repair, 0, "unknown-repair", f"the repairs are {', '.join(REPAIRS)}"))
    dropped: Counter[str] = Counter()
    try:
        if repair and _are_records(path, format):
            rows = lines.rows(files.read_bytes(path), where=path)
            documents = [record.document(mended(raw, dropped), where=path, line=n) for n, raw in rows]
        else:
            documents = files.read(path, format)
        if not documents:
            raise ProblemError(Problem(path, 0, "no-document", "holds no document"))
        kept, more = accepted(documents, ontology, repair=repair, where=path)
    except ProblemError:
        # The decoder stops at the first problem, and a document has forgotten its lines.
        every = [] if format else _every_problem(path, ontology)
        if not every:
            raise
        raise ProblemError(*every) from None
    return kept, dict(sorted((dropped + Counter(more)).items()))


def _are_records(path: str, format: str) -> bool:
    if path == "-" or files.is_folder(path):
        return False
    return (format or formats.recognise(path, files.read_bytes(path)[:4096]).name) == "record"


def _every_problem(path: str, ontology: Ontology) -> list[Problem]:
    if path == "-" or not (path.endswith(".jsonl") or files.is_folder(path)):
        return []
    found = [rules.check(files.read_bytes(file), ontology, where=file) for file in files.jsonl([path])]
    fatal = SLUGS.union(rules.READING) - rules.WARNINGS
    return [p for problems in found for p in problems if p.rule in fatal]


def mended(raw: dict[str, Any], dropped: Counter[str]) -> dict[str, Any]:
    """A record without the spans that are not in its text, and without what needs one of these.

    >>> spans = [{"id": "s1", "start": 0, "end": 9, "label": "ACTOR"}]
    >>> actors = [{"id": "a1", "mentions": [{"span": "s1"}]}]
    >>> mended({"text": "Ada", "spans": spans, "actors": actors}, Counter())["actors"]
    [{'id': 'a1', 'mentions': []}]
    """
    text, spans = raw.get("text"), raw.get("spans")
    if not isinstance(text, str) or not isinstance(spans, list):
        return raw
    good: list[Any] = []
    out: set[str] = set()
    for span in spans:
        rule = _misplaced(span, text)
        if rule:
            dropped[rule] += 1
            out.add(str(span.get("id", "")))
        else:
            good.append(span)
    out.discard("")
    whole = {**raw, "spans": good}
    for name in COLLECTIONS.values():
        if out and name != "spans" and isinstance(whole.get(name), list):
            whole[name] = [x for item in whole[name] if (x := _freed(item, out)) is not None]
    return whole


def _misplaced(span: Any, text: str) -> str:
    """The rule that a span breaks; "" if it stands where it says."""
    if not isinstance(span, dict) or not all(type(span.get(k)) is int for k in ("start", "end")):
        return ""
    start, end = span["start"], span["end"]
    if not 0 <= start < end <= len(text):
        return "offset-range"
    return "surface-text" if span.get("text", text[start:end]) != text[start:end] else ""


def _freed(item: Any, out: set[str]) -> Any:
    """A raw object without references to some spans; None if it is nothing without one."""
    if not isinstance(item, dict):
        return item
    if any(isinstance(item.get(key), str) and item[key] in out for key in ("span", "trigger")):
        return None
    freed: dict[str, Any] = {}
    for key, value in item.items():
        if isinstance(value, list):
            kept = [_freed(x, out) for x in value if not (isinstance(x, str) and x in out)]
            freed[key] = [x for x in kept if x is not None]
        else:
            freed[key] = "" if key in ("evidence", "speaker_span", "anaphor") and value in out else value
    return freed


def accepted(
    documents: Iterable[Document],
    ontology: Ontology,
    *,
    repair: str = "",
    where: str = "prediction",
) -> tuple[list[Document], dict[str, int]]:
    """The documents that can be scored, and how many objects a repair took out, by rule.

    Raises ProblemError with every problem of every document, and for a repair that does not exist.

    >>> from goldwire.annotate.document import Event, Mention
    >>> from goldwire.annotate.files import ontology
    >>> pred = Document("The raid", events=(Event("e1", Mention("raid", 4)), Event("e2", Mention("ride", 4))))
    >>> kept, dropped = accepted([pred], ontology(), repair="drop")
    >>> [e.id for e in kept[0].events], dropped
    (['e1'], {'surface-text': 1})
    """
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
            problems += [
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
    gone = nowhere | ({x.id for x in out.values()} - still)
    return _clustered(without(document, gone, out), gone)


def _clustered(document: Document, gone: set[str]) -> Document:
    """The document without what is about nothing, its events named by the first one that is left."""
    first: dict[str, str] = {}
    for event in document.events:
        first.setdefault(event.coref, event.id)
    return replace(
        document,
        events=tuple(replace(e, coref=first[e.coref]) if e.coref in gone else e for e in document.events),
        relations=tuple(r for r in document.relations if not {r.source, r.target} & gone),
        ambiguities=tuple(x for x in document.ambiguities if x.on not in gone),
        provenance=tuple(x for x in document.provenance if x.on not in gone),
    )


def _name(document: Document, number: int) -> str:
    return document.meta.doc_id or f"document {number}"
