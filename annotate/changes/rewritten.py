"""A case decided by writing down what is right: annotation lines out, decisions back.

Whoever adjudicates gets the object of the case as annotation lines, as annotators
write them, and each annotator's version as a comment. What comes back may leave out
whatever ``goldwire fmt`` fills in, change other parts, add objects or remove them:
every difference becomes a decision.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from goldwire.annotate import canonical
from goldwire.annotate.changes.adjudicate import Decision, opened, settled, value_of, written
from goldwire.annotate.changes.cases import LETTERS, NOBODY, Case, Pool
from goldwire.annotate.changes.diff import title
from goldwire.annotate.changes.parts import Part, parts, whole
from goldwire.annotate.document import CLASSES, COLLECTIONS, Document, objects
from goldwire.annotate.formats import lines
from goldwire.annotate.ontology import Ontology
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.annotate.rules import STRUCTURE, judged
from goldwire.annotate.rules.context import slug

WHERE = "the lines"
SHOWN = """\
# {id} {object}: {what}
# Write what is right: offsets, heads of one word and ids ("") are filled in.
# Further lines change or add other objects; without a line, the object is left out.
# Lines that begin with # say what each annotator wrote, and count for nothing.
"""


def editable(pool: Pool, case: Case, found: Sequence[Case], decisions: Mapping[str, Decision]) -> str:
    """What opens in the editor for a case: comments, and the object as it stands."""
    document = settled(pool, found, decisions.values(), where=WHERE)
    head = SHOWN.format(id=case.id, object=case.object, what=case.part or "who has it")
    held = [side.get(case.ref) for side in pool.held]
    said = [
        f"# {letter}: {_line(pool, row[0], case.ref, row[2]) if row else NOBODY}"
        for letter, row in zip(LETTERS, held, strict=False)
    ]
    own = [row for row in _rows(document) if row[1].get(_kind(row)) == case.ref]
    return "\n".join([head.rstrip("\n"), *said, *(_written(raw) for _, raw in own), ""])


def rewritten(
    pool: Pool,
    case: Case,
    found: Sequence[Case],
    decisions: Mapping[str, Decision],
    text: str,
    ontology: Ontology,
) -> tuple[list[Decision], list[str]]:
    """The decisions that lines make, that of the case first, and what the guidelines say against them.

    Raises ProblemError where a line cannot be read or breaks the structure of a document; nothing is
    decided then.
    """
    # Both sides of the comparison are filled in, so that only what was written makes a difference.
    document = canonical.document(_rows(settled(pool, found, decisions.values(), where=WHERE)), where=WHERE)
    given = [
        (number, lines.parse(line, where=WHERE, number=number))
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    replaced = {case.ref, *(str(raw.get(_kind((0, raw)))) for _, raw in given)}
    rest = [row for row in _rows(document) if _kind(row) == "doc" or row[1][_kind(row)] not in replaced]
    made = canonical.document([*rest, *given], where=WHERE)
    against = _against(document, made, ontology)
    result = list(_decisions(pool, case, found, decisions, document, made))
    return sorted(result, key=lambda d: d.id != case.id), against


def _decisions(
    pool: Pool,
    case: Case,
    found: Sequence[Case],
    decisions: Mapping[str, Decision],
    before: Document,
    after: Document,
) -> Iterator[Decision]:
    old, new = ({x.id: (kind, x) for kind, x in objects(d)} for d in (before, after))
    disputed = {(c.ref, c.part): c for c in found}
    numbers = _numbers(case.doc, decisions)
    for ref in dict.fromkeys([case.ref, *old, *new]):
        was, now = ((d[ref][0], _parts(d[ref][1])) if ref in d else None for d in (old, new))
        if ref == case.ref and not case.part:
            yield _of_object(pool, case, now)
            continue
        if was is None and now is not None:
            yield _amendment(next(numbers), case.doc, now[0], title(*new[ref]), "", "add", value_of(now[1]))
        elif now is None and was is not None:
            if ref == case.ref:
                yield _of_part(pool, case, was[1], was[1])
            yield _amendment(next(numbers), case.doc, was[0], title(*old[ref]), "", "drop", "")
        elif was is not None and now is not None:
            for key in {**was[1], **now[1]}:
                asked = disputed.get((ref, key))
                if asked is not None and (asked.id == case.id or _value(was[1], key) != _value(now[1], key)):
                    yield _of_part(pool, asked, was[1], now[1])
                elif _value(was[1], key) != _value(now[1], key):
                    value = written(now[1][key].value) if key in now[1] else ""
                    yield _amendment(next(numbers), case.doc, was[0], title(*old[ref]), key, "set", value)
            if ref == case.ref and case.part not in {**was[1], **now[1]}:
                yield _of_part(pool, case, was[1], now[1])


def _of_object(pool: Pool, case: Case, now: tuple[str, dict[str, Part]] | None) -> Decision:
    """Whose version of the object stands; ``edit`` if nobody's."""
    if now is None:
        return _decided(case, LETTERS[case.has.index(False)])
    for letter, side in zip(LETTERS, pool.held, strict=False):
        if case.ref in side and _meant(side[case.ref][2]) == _meant(now[1]):
            return _decided(case, letter)
    return _decided(case, "edit", value_of(now[1]))


def _of_part(pool: Pool, case: Case, was: Mapping[str, Part], now: Mapping[str, Part]) -> Decision:
    """Who is followed in a part; ``edit`` if what was written is nobody's."""
    kept = _value(was, case.part) == _value(now, case.part)
    for letter, side in zip(LETTERS, pool.held, strict=False):
        if case.ref in side:
            said = side[case.ref][2]
            if _value(said, case.part) == _value(now, case.part):
                return _decided(case, letter)
            both = kept and case.part in said and case.part in now
            if both and said[case.part].meant == now[case.part].meant:
                return _decided(case, letter)
    return _decided(case, "edit", written(now[case.part].value) if case.part in now else "")


def _decided(case: Case, decision: str, value: str = "") -> Decision:
    return replace(opened(case), decision=decision, value=value)


def _amendment(number: int, doc: str, kind: str, named: str, part: str, what: str, value: str) -> Decision:
    return Decision(
        f"{doc}+{number:03d}", doc=doc, kind=kind, object=named, part=part, decision=what, value=value
    )


def _numbers(doc: str, decisions: Mapping[str, Decision]) -> Iterator[int]:
    taken = [int(x.rpartition("+")[2]) for x in decisions if x.startswith(f"{doc}+")]
    number = max(taken, default=0)
    while True:
        number += 1
        yield number


def _against(before: Document, after: Document, ontology: Ontology) -> list[str]:
    """What the lines newly break: raises ProblemError for the structure, returns what guidelines say."""
    known = {(rule, said) for rule, _, said in judged(before, ontology)}
    fresh = [(rule, said) for rule, _, said in judged(after, ontology) if (rule, said) not in known]
    structure = {slug(rule) for rule in STRUCTURE}
    wrong = [Problem(WHERE, 0, rule, said) for rule, said in fresh if rule in structure]
    if wrong:
        raise ProblemError(*wrong)
    return [f"{rule}: {said}" for rule, said in fresh]


def _parts(item: Any) -> dict[str, Part]:
    return parts(item, str, str)


def _value(found: Mapping[str, Part], key: str) -> Any:
    return found[key].value if key in found else None


def _meant(found: Mapping[str, Part]) -> dict[str, Any]:
    return {key: part.meant for key, part in found.items()}


def _kind(row: tuple[int, dict[str, Any]]) -> str:
    return next(iter(row[1]), "")


def _rows(document: Document) -> list[tuple[int, dict[str, Any]]]:
    return list(lines.rows(lines.write(document), where=WHERE))


def _line(pool: Pool, kind: str, ref: str, found: Mapping[str, Part]) -> str:
    """An annotator's version of an object, on one line, in the ids of the result."""
    item = whole(CLASSES[kind], ref, found)
    alone = replace(Document(pool.sides[0].text), **{COLLECTIONS[kind]: (item,)})
    return _written(_rows(alone)[-1][1])


def _written(raw: dict[str, Any]) -> str:
    return json.dumps(raw, ensure_ascii=False)
