"""Rules: what a file of annotations has to be, and what the guidelines say of what stands in it.

A rule is a function ``some_slug(document, context)`` that yields (object,
sentence) for everything that breaks it; its name with dashes is its slug, the
heading of the rule in ``guidelines/`` and the name of a file in ``tests/bad/``.
``STRUCTURE`` holds for every document, ``GUIDELINES`` where the ontology says
that the guidelines hold. An object that breaks the structure is not judged by the
guidelines: one defect, one problem.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from msgspec.structs import replace

from goldwire.annotate.document import CLASSES, COLLECTIONS, Document, Mention
from goldwire.annotate.formats.lines import annotation, opening
from goldwire.annotate.heads import head_found, map_mentions, settled
from goldwire.annotate.jsonlines import UNREADABLE, Row, read
from goldwire.annotate.ontology import Ontology
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.annotate.rules import (
    actors,
    ambiguities,
    events,
    factuality,
    labels,
    links,
    numbers,
    offsets,
    quotations,
    references,
    segments,
    shape,
    spans,
    times,
    values,
)
from goldwire.annotate.rules.context import Context, Rule, slug
from goldwire.annotate.structure import StructureError

# Rules about bytes, JSON and plain values; their code is in reading.py, shape.py and placing.py.
READING = (
    "encoding", "bom", "crlf", "not-json", "duplicate-key", "lone-surrogate", "no-document",
    "second-document", "unknown-kind", "structure", "null", "float", "not-filled", "surface-missing",
    "surface-ambiguous", "unknown-key",
)  # fmt: skip

STRUCTURE: tuple[Rule, ...] = (
    offsets.offset_range,
    offsets.offset_utf16,
    offsets.surface_text,
    offsets.fragments,
    offsets.head,
    references.repeated_id,
    references.dangling_id,
    references.reference_kind,
    references.cycle,
    references.pending_suggestion,
    labels.unknown_label,
    labels.unknown_role,
    labels.unknown_detail,
    segments.segment_edges,
    segments.segment_overlap,
    segments.segment_gap,
    values.empty_text,
    values.text_nfc,
    values.invisible_character,
    values.decimal,
    values.bounds_order,
    values.wikidata_id,
    values.dct_value,
    links.coref_first,
    events.duplicate_argument,
    spans.duplicate_span,
    ambiguities.too_many_readings,
)

GUIDELINES: tuple[Rule, ...] = (
    labels.reserved_type,
    labels.role_fillers,
    segments.inside_segment,
    spans.mention_edges,
    spans.whole_words,
    spans.clitic_outside,
    spans.determiner_inside,
    spans.head_form,
    actors.relative_pronoun,
    actors.demonym,
    actors.mention_form,
    actors.capital_metonymy,
    actors.actor_or_place,
    actors.place_actor,
    actors.actor_name,
    actors.status_of_people,
    numbers.no_ordinal,
    numbers.duration_not_number,
    numbers.modifier_inside,
    numbers.number_head,
    numbers.modifier_field,
    numbers.value_bounds,
    numbers.rounded,
    numbers.number_counted,
    numbers.count_fits,
    numbers.share_of,
    numbers.number_said_by,
    times.time_preposition,
    times.time_not_adverb,
    times.one_date,
    times.time_value,
    times.time_resolved,
    times.time_anchor,
    quotations.quotation_content,
    quotations.cue_extent,
    quotations.content_start,
    quotations.content_end,
    quotations.directness,
    quotations.anaphor,
    quotations.speaker_span,
    quotations.parent,
    quotations.chain,
    quotations.promise_is_both,
    quotations.speaker_is_agent,
    quotations.term,
    events.one_word_trigger,
    events.light_verb_trigger,
    events.auxiliary_trigger,
    events.phase_word_trigger,
    events.causal_word_trigger,
    events.reporting_word_trigger,
    events.detail_stated,
    events.proposed_cue,
    events.hedge_cue,
    events.unreal_tense,
    events.argument_same_segment,
    events.argument_evidence,
    factuality.factuality_holders,
    factuality.author_passes_on,
    factuality.factuality_value,
    links.coref_family,
    links.coref_realis,
    links.cause_or_link,
    links.member_of,
    links.causes,
    links.realises,
    ambiguities.declared_ambiguity,
)

SLUGS: frozenset[str] = frozenset([*READING, *map(slug, STRUCTURE), *map(slug, GUIDELINES)])
# Said, but no reason to refuse a file, except in the corpus itself.
WARNINGS = frozenset({"unknown-key", "text-nfc", "invisible-character", "pending-suggestion"})
WARNING = "warning: "
# What a document keeps for others: Prodigy's verdict, where it is not "accept".
KNOWN = {"answer"}


def check(data: bytes, ontology: Ontology, *, where: str) -> list[Problem]:
    """Every problem of a file of annotation lines or of records, in the order of its lines.

    Messages of problems that are only warned about begin with "warning: ".

    >>> print(*check(b'{"doc": "d", "text": "x"}\\n[]\\n', Ontology("o", "1"), where="d.jsonl"))
    d.jsonl:2: not-json: a line should be an object, this is «[]»
    """
    rows, problems = read(data, where=where)
    if not rows and not problems:
        problems.append(Problem(where, 1, "no-document", "the file is empty"))
    if any("doc" in raw or next(iter(raw), "") in CLASSES for _, raw in rows):
        found = _lines(rows, ontology, where)
        # The document may stand on a line that could not be read, which was said.
        unread = any(p.rule in UNREADABLE and p.line < rows[0][0] for p in problems)
        problems += [p for p in found if not (unread and p.rule == "no-document")]
    else:
        for row in rows:
            problems += _record(row, ontology, where)
    if "corpus" not in PurePath(where).parts:
        problems = [_warned(p) if p.rule in WARNINGS else p for p in problems]
    return sorted(set(problems), key=lambda p: (p.line, p.rule, p.message))


def is_warning(problem: Problem) -> bool:
    """Is the problem one that is only warned about?"""
    return problem.message.startswith(WARNING)


def _warned(problem: Problem) -> Problem:
    return Problem(problem.path, problem.line, problem.rule, WARNING + problem.message)


def _lines(rows: list[Row], ontology: Ontology, where: str) -> list[Problem]:
    problems = list(shape.lines(rows, where))
    wrong = {p.line for p in problems}
    # What follows a second document belongs to that one.
    end = min([p.line for p in problems if p.rule == "second-document"], default=rows[-1][0] + 1)
    rows = [row for row in rows if row[0] not in wrong and row[0] < end]
    rows, more = shape.filled(rows, where)
    problems += more
    hopeless = {p.line for p in more if p.rule != "not-filled"}
    first = next((row for row in rows if next(iter(row[1]), "") == "doc"), None)
    if first is None:
        return problems
    found: dict[str, list[Any]] = {name: [] for name in COLLECTIONS.values()}
    lines: dict[int, int] = {}
    objects: list[Any] = []
    for number, raw in rows:
        kind = next(iter(raw), "")
        if number in hopeless or kind not in CLASSES:
            continue
        try:
            item = annotation(kind, raw)
        except StructureError as error:
            problems.append(Problem(where, number, "structure", str(error)))
            continue
        item = map_mentions(item, _headed)
        lines[id(item)] = number
        objects.append(item)
        found[COLLECTIONS[kind]].append(item)
    meta = opening(first[1])
    layers: dict[str, Any] = {name: tuple(items) for name, items in found.items()}
    document = Document(first[1]["text"], meta, **layers)
    findings = judged(document, ontology)
    problems += [Problem(where, lines.get(id(item), first[0]), rule, said) for rule, item, said in findings]
    problems += [
        Problem(where, lines.get(id(item), first[0]), "unknown-key", said)
        for item in (meta, *objects)
        for said in _unknown(item)
    ]
    return problems


def _record(row: Row, ontology: Ontology, where: str) -> list[Problem]:
    from goldwire.annotate.formats import record

    number, raw = row
    problems = [Problem(where, number, rule, said) for rule, said in shape.values(raw)]
    if problems:
        return problems
    try:
        document = record.document(raw, where=where, line=number)
        record.tokens(raw)
    except ProblemError as error:
        return list(error.problems)
    except StructureError as error:
        return [Problem(where, number, "structure", str(error))]
    named = [(rule, getattr(item, "id", ""), said) for rule, item, said in judged(document, ontology)]
    named += [("unknown-key", "", said) for said in _unknown(document)]
    return [Problem(where, number, rule, f"{name}: {said}" if name else said) for rule, name, said in named]


def judged(document: Document, ontology: Ontology) -> list[tuple[str, Any, str]]:
    """(slug, object or None, sentence) for everything in a document that breaks a rule."""
    context = Context(document, ontology)
    result = [(slug(rule), item, said) for rule in STRUCTURE for item, said in rule(document, context)]
    if not ontology.guidelines:
        return result
    broken = {id(item) for _, item, _ in result if item is not None}
    outside = {id(item) for rule, item, _ in result if rule == "offset-range"}
    whole = settled(_moved(document, outside) if outside else document)
    context = Context(whole, ontology)
    names = COLLECTIONS.values()
    pairs = [p for n in names for p in zip(getattr(document, n), getattr(whole, n), strict=True)]
    original = {id(new): old for old, new in pairs}
    for rule in GUIDELINES if document.text else ():
        for found, said in rule(whole, context):
            item = original.get(id(found), found)
            if id(item) not in broken:
                result.append((slug(rule), item, said))
    return result


def _moved(document: Document, outside: set[int]) -> Document:
    """The document with the mentions of some objects made to lie in the text."""
    move = _inside(document.text)
    layers = {
        name: tuple(map_mentions(x, move) if id(x) in outside else x for x in getattr(document, name))
        for name in COLLECTIONS.values()
    }
    return replace(document, **layers)


def _inside(text: str) -> Callable[[Mention], Mention]:
    """Makes mentions that lie outside the text, and were reported, lie in it, for rules to look at."""

    def moved(mention: Mention) -> Mention:
        pieces = [(mention.start, mention.text), *((f.start, f.text) for f in mention.more)]
        fits = all(0 <= start < start + len(piece) <= len(text) for start, piece in pieces)
        return mention if fits else Mention(text[:1], 0)

    return moved


def _headed(mention: Any) -> Any:
    try:
        return head_found(mention)
    except StructureError:
        return mention


def _unknown(item: Any, path: str = "") -> list[str]:
    """The unknown keys of an object and of what it holds."""
    more = getattr(item, "extra", {}).keys() - (KNOWN if isinstance(item, Document) else set())
    said = [f"{path}{key}: is no key that goldwire knows" for key in more]
    for name in item.__struct_fields__:
        value = getattr(item, name)
        for index, x in enumerate(value if isinstance(value, tuple) else [value]):
            if hasattr(x, "__struct_fields__"):
                at = f"{name}[{index}]" if isinstance(value, tuple) else name
                said += _unknown(x, f"{path}{at}.")
    return said
