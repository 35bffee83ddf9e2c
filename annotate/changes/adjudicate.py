"""Several annotations and a decision for every disagreement make the gold.

A case is one disagreement (``cases.py``), with an id that depends on the files alone.
Its decision is the letter of the annotator who is followed, or ``edit`` (``value`` then
holds what is right instead, "" for nothing). Three further decisions change what all
annotators agreed on: ``set`` gives a part of an object a value, ``drop`` removes an
object, ``add`` brings one. Values are JSON (of a whole object: its parts, each JSON in
a string); references in them are ids of the result. What is said of an object that was
decided away needs no decision. Notes are not adjudicated: the result has the first
annotator's. ``history`` puts who decided, by which rule and why, into its provenance.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from goldwire.annotate.changes.cases import LETTERS, Case, Pool
from goldwire.annotate.changes.counterparts import align, renamed
from goldwire.annotate.changes.diff import Change, diff, title
from goldwire.annotate.changes.parts import Part, parts, whole
from goldwire.annotate.document import CLASSES, COLLECTIONS, Document, Provenance, objects
from goldwire.annotate.problems import Problem, ProblemError

Taken = dict[str, tuple[str, dict[str, Part]]]


class Decision(Struct, frozen=True, omit_defaults=True):
    """One line of ``adjudication.jsonl``: the readings, what was decided, why, and by which rule."""

    id: str
    doc: str = ""
    kind: str = ""
    object: str = ""
    part: str = ""
    a: str = ""
    b: str = ""
    c: str = ""
    d: str = ""
    decision: str = ""
    value: str = ""
    cause: str = ""
    rule: str = ""
    note: str = ""


def cases(*sides: Document) -> list[Decision]:
    """Every disagreement of annotators as a decision that is still open, in the order of the text."""
    return [opened(case) for case in Pool(sides).cases()]


def opened(case: Case) -> Decision:
    """The row of a case that nobody has decided."""
    said = dict(zip(LETTERS, case.readings, strict=False))
    return Decision(case.id, case.doc, case.kind, case.object, case.part, **said)


def adjudicated(
    a: Document, b: Document, decisions: Iterable[Decision], *, where: str, more: Sequence[Document] = ()
) -> Document:
    """The document that the decisions make of two annotations, or of ``more``.

    Raises ProblemError that lists cases without a decision and decisions without a case.

    >>> from goldwire.annotate.document import Actor, Mention
    >>> ada = (Mention("Ada", 0),)
    >>> one, two = (Document("Ada", actors=(Actor("a1", t, mentions=ada),)) for t in ("PER", "CIV"))
    >>> adjudicated(one, two, [Decision("-001", decision="b")], where="d.jsonl").actors[0].type
    'CIV'
    """
    mine = [d for d in decisions if d.doc in ("", a.meta.doc_id)]
    pool = Pool((a, b, *more))
    found = pool.cases()
    _matched(found, mine, where)
    return settled(pool, found, mine, where=where)


def settled(pool: Pool, found: Sequence[Case], decisions: Iterable[Decision], *, where: str) -> Document:
    """The document that decisions make; in cases without one, whoever has the object first is followed."""
    rows = list(decisions)
    by_id = {d.id: d for d in rows}
    kept: Taken = {}
    for side in reversed(pool.held):
        kept |= {ref: (kind, dict(said)) for ref, (kind, _, said) in side.items()}
    first = {ref: kept[ref] for side in pool.held for ref in side}  # in the order of the first annotator
    asked = [case for case in found if case.id in by_id]
    nothing = moot(asked, rows)
    for case in asked:
        if case.id not in nothing:
            _decide(first, pool, case, by_id[case.id], where)
    for decision in rows:
        _amend(first, decision, where)
    return _document(pool.sides[0], first)


def moot(found: Iterable[Case], decisions: Iterable[Decision]) -> set[str]:
    """Ids of cases that ask nothing any more: about parts of an object that is gone, or was written anew."""
    rows = list(decisions)
    by_id = {d.id: d for d in rows}
    gone = {d.object.partition(" ")[0] for d in rows if d.decision == "drop"}
    result = set()
    for case in found:
        if not case.part and (decision := by_id.get(case.id)) and not _keeps(case, decision):
            gone.add(case.ref)
        elif case.part and case.ref in gone:
            result.add(case.id)
    return result


def _keeps(case: Case, decision: Decision) -> bool:
    """Whether the object of a case stays as its annotators have it."""
    return decision.decision in LETTERS and case.has[LETTERS.index(decision.decision)]


def derived(a: Document, b: Document, gold: Document, *, more: Sequence[Document] = ()) -> list[Decision]:
    """The decisions that lead from annotations to a gold that somebody has written.

    Whoever adjudicates may thus edit the gold as any document; cause and rule are theirs to fill in.
    """
    sides = (a, b, *more)
    pool = Pool(sides)
    kept_by = [set(align(side, gold).values()) for side in sides]
    against = [{(c.old_id, c.part) for c in diff(side, gold)} for side in sides]
    back = [{ref: own for own, ref in ids.items()} for ids in pool.ids]
    decisions = []
    for case in pool.cases():
        holders = [k for k, has in enumerate(case.has) if has]
        if case.part:
            right = [k for k in holders if (back[k][case.ref], case.part) not in against[k]]
            chosen = right[0] if right else holders[0]
        else:
            present = any(back[k][case.ref] in kept_by[k] for k in holders)
            chosen = holders[0] if present else case.has.index(False)
        decisions.append(replace(opened(case), decision=LETTERS[chosen]))
    result = adjudicated(a, b, decisions, where="", more=more)
    return [*decisions, *_amendments(result, gold)]


def history(
    document: Document, found: Iterable[Case], decisions: Iterable[Decision], annotators: Sequence[str]
) -> Document:
    """The document with who annotated it, and for each object decided on the rule and the cause.

    The note of a row is the id of the decision, under which the records hold both readings.
    """
    known = {x.id for _, x in objects(document)}
    refs = {case.id: case.ref for case in found}
    rows = [Provenance("v1", annotator=" and ".join(annotators), action="adjudicated")]
    for decision in decisions:
        on = refs.get(decision.id) or decision.object.partition(" ")[0]
        if on in known and (decision.doc in ("", document.meta.doc_id)):
            name = f"v{len(rows) + 1}"
            who = Provenance(name, on=on, annotator="adjudicator", action="decided")
            rows.append(replace(who, rule=decision.rule, cause=decision.cause, note=decision.id))
    return replace(document, provenance=tuple(rows))


def _is_annotation(change: Change) -> bool:
    """Notes, provenance and what is known of the document are nobody's reading of the text."""
    return change.kind not in ("doc", "provenance") and change.part != "note"


def _matched(found: Sequence[Case], decisions: Sequence[Decision], where: str) -> None:
    wanted = {case.id for case in found}
    made = {d.id for d in decisions if d.decision == "edit" or d.decision in tuple(LETTERS)}
    wrong = [
        Problem(where, 0, "open-case", f"{x} has no decision")
        for x in sorted(wanted - made - moot(found, decisions))
    ]
    wrong += [Problem(where, 0, "no-case", f"{x} decides nothing") for x in sorted(made - wanted)]
    if wrong:
        raise ProblemError(*wrong)


def _decide(kept: Taken, pool: Pool, case: Case, decision: Decision, where: str) -> None:
    choice = decision.decision
    if choice == "edit":
        value = _json_of(decision, where)
        if case.part and case.ref in kept:
            _set(kept[case.ref][1], case.part, _part(value) if decision.value else None)
        elif not case.part and isinstance(value, dict) and value:
            kept[case.ref] = case.kind, {k: _part(json.loads(v)) for k, v in value.items()}
        elif not case.part:
            kept.pop(case.ref, None)
    elif choice not in tuple(case.letters):
        _refuse(decision, where)
    else:
        side = pool.held[LETTERS.index(choice)]
        if not case.part and case.ref not in side:
            kept.pop(case.ref, None)
        elif not case.part:
            kept[case.ref] = case.kind, dict(side[case.ref][2])
        elif case.ref in kept:
            _set(kept[case.ref][1], case.part, side[case.ref][2].get(case.part))


def _set(own: dict[str, Part], key: str, part: Part | None) -> None:
    """Give a part a value, in its place: arguments stay in the order in which they were written."""
    if part is None:
        own.pop(key, None)
    else:
        own[key] = part


def _amend(kept: Taken, decision: Decision, where: str) -> None:
    """What both agreed on and is changed all the same."""
    ref = decision.object.partition(" ")[0]
    match decision.decision:
        case "drop":
            kept.pop(ref, None)
        case "set" if ref in kept:
            value = _json_of(decision, where)
            _set(kept[ref][1], decision.part, _part(value) if decision.value else None)
        case "add":
            found = _json_of(decision, where)
            kept[ref] = decision.kind, {k: _part(json.loads(v)) for k, v in found.items()}
        case "a" | "b" | "c" | "d" | "edit":
            pass
        case _:
            _refuse(decision, where)


def _refuse(decision: Decision, where: str) -> None:
    said = f"{decision.id}: {decision.decision!r} cannot be done to {decision.object!r}"
    raise ProblemError(Problem(where, 0, "decision", said))


def _json_of(decision: Decision, where: str) -> Any:
    try:
        return json.loads(decision.value) if decision.value else None
    except ValueError:
        said = f"{decision.id}: the value {decision.value!r} is not JSON"
        raise ProblemError(Problem(where, 0, "decision", said)) from None


def _amendments(result: Document, gold: Document) -> Iterator[Decision]:
    name = gold.meta.doc_id
    to_result = renamed(result, gold, {x.id for _, x in objects(result)})
    items = {x.id: (kind, x) for kind, x in objects(gold)}
    for number, change in enumerate(filter(_is_annotation, diff(result, gold)), start=1):
        row = Decision(f"{name}+{number:03d}", doc=name, kind=change.kind, part=change.part)
        if not change.new_id:
            yield replace(row, object=change.title, decision="drop")
            continue
        kind, item = items[change.new_id]
        found = parts(item, lambda r: to_result.get(r, r), str)
        if change.old_id:
            value = written(found[change.part].value) if change.part in found else ""
            yield replace(row, object=change.title, decision="set", value=value)
        else:
            named = f"{to_result[item.id]} {title(kind, item).partition(' ')[2]}"
            yield replace(row, object=named, decision="add", value=value_of(found))


def value_of(found: Mapping[str, Part]) -> str:
    """A whole object as the value of a decision: its parts, each JSON in a string."""
    return written({key: written(part.value) for key, part in found.items()})


def written(value: Any) -> str:
    """A value as a decision holds it."""
    return json.dumps(value, ensure_ascii=False)


def _part(value: Any) -> Part:
    return Part(value, value, "")


def _document(a: Document, kept: Taken) -> Document:
    layers: dict[str, list[Any]] = {name: [] for name in COLLECTIONS.values()}
    for ref, (kind, found) in kept.items():
        layers[COLLECTIONS[kind]].append(whole(CLASSES[kind], ref, found))
    return replace(a, **{name: tuple(items) for name, items in layers.items()})
