"""Two annotations and a decision for every disagreement make the gold.

A case is one disagreement, with an id that depends on the two files alone. Its
decision is ``a``, ``b``, or ``edit`` (``value`` then holds what is right instead,
"" for nothing). Three further decisions change what both annotators agreed on:
``set`` gives a part of an object a value, ``drop`` removes an object, ``add``
brings one. Values are JSON; references in them are the first annotator's ids, the
ids that the second's own objects were given, or those of objects that were added.
Notes and provenance are not adjudicated: the result has the first annotator's notes
and no provenance.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from goldwire.annotate.changes.align import align, renamed
from goldwire.annotate.changes.diff import Change, diff, title
from goldwire.annotate.changes.parts import Part, parts, whole
from goldwire.annotate.document import CLASSES, COLLECTIONS, Document, objects
from goldwire.annotate.problems import Problem, ProblemError

Taken = dict[str, tuple[str, dict[str, Part]]]
WHOLE = "-"


class Decision(Struct, frozen=True, omit_defaults=True):
    """One line of ``adjudication.jsonl``: both readings, what was decided, why, and by which rule."""

    id: str
    doc: str = ""
    kind: str = ""
    object: str = ""
    part: str = ""
    a: str = ""
    b: str = ""
    decision: str = ""
    value: str = ""
    cause: str = ""
    rule: str = ""
    note: str = ""


def cases(a: Document, b: Document) -> list[Decision]:
    """Every disagreement of two annotators as a decision that is still open, in the order of the text."""
    return [case for case, _ in _cases(a, b)]


def adjudicated(a: Document, b: Document, decisions: Iterable[Decision], *, where: str) -> Document:
    """The document that the decisions make of two annotations.

    Raises ProblemError that lists cases without a decision and decisions without a case.

    >>> from goldwire.annotate.document import Actor, Mention
    >>> ada = (Mention("Ada", 0),)
    >>> one, two = (Document("Ada", actors=(Actor("a1", t, mentions=ada),)) for t in ("PER", "CIV"))
    >>> adjudicated(one, two, [Decision("-001", decision="b")], where="d.jsonl").actors[0].type
    'CIV'
    """
    mine = [d for d in decisions if d.doc in ("", a.meta.doc_id)]
    found = _cases(a, b)
    by_id = _matched({case.id for case, _ in found}, mine, where)
    to_a = _ids(a, b)
    kept: Taken = {x.id: (kind, parts(x, str, str)) for kind, x in objects(a)}
    other: Taken = {to_a[x.id]: (kind, parts(x, lambda r: to_a.get(r, r), str)) for kind, x in objects(b)}
    for case, change in found:
        ref = change.old_id or to_a[change.new_id]
        _decide(kept, other, ref, change, by_id[case.id])
    for decision in mine:
        _amend(kept, decision, where)
    return _document(a, kept)


def derived(a: Document, b: Document, gold: Document) -> list[Decision]:
    """The decisions that lead from two annotations to a gold that somebody has written.

    Whoever adjudicates may thus edit the gold as any document; cause and rule are theirs to fill in.
    """
    same_a, same_b = align(a, gold), align(b, gold)
    against_a, against_b = (_differences(diff(x, gold)) for x in (a, b))
    in_gold = set(same_a.values()), set(same_b.values())
    decisions = []
    for case, change in _cases(a, b):
        if not change.part:
            present = change.old_id in in_gold[0] if change.old_id else change.new_id in in_gold[1]
            choice = "a" if present == bool(change.old_id) else "b"
        elif (change.old_id, change.part) not in against_a:
            choice = "a"
        else:
            choice = "b" if (change.new_id, change.part) not in against_b else "a"
        decisions.append(replace(case, decision=choice))
    result = adjudicated(a, b, decisions, where="")
    return [*decisions, *_amendments(result, gold)]


def _cases(a: Document, b: Document) -> list[tuple[Decision, Change]]:
    name = a.meta.doc_id
    found = []
    for number, change in enumerate(filter(_is_annotation, diff(a, b)), start=1):
        first, second = (change.old, change.new) if change.part else (change.old_id, change.new_id)
        case = Decision(
            f"{name}-{number:03d}",
            doc=name,
            kind=change.kind,
            object=change.title,
            part=change.part,
            a=first or "–",
            b=second or "–",
        )
        found.append((case, change))
    return found


def _is_annotation(change: Change) -> bool:
    """Notes, provenance and what is known of the document are nobody's reading of the text."""
    return change.kind not in ("doc", "provenance") and change.part != "note"


def _differences(changes: Iterable[Change]) -> set[tuple[str, str]]:
    return {(c.old_id, c.part) for c in changes}


def _matched(wanted: set[str], decisions: Iterable[Decision], where: str) -> dict[str, Decision]:
    by_id = {d.id: d for d in decisions if d.decision in ("a", "b", "edit")}
    wrong = [Problem(where, 0, "open-case", f"{x} has no decision") for x in sorted(wanted - by_id.keys())]
    wrong += [Problem(where, 0, "no-case", f"{x} decides nothing") for x in sorted(by_id.keys() - wanted)]
    if wrong:
        raise ProblemError(*wrong)
    return by_id


def _ids(a: Document, b: Document) -> dict[str, str]:
    """Ids of the second document -> ids in the result: the first's where both have it, else free ones."""
    return renamed(a, b, {x.id for _, x in objects(a)})


def _decide(kept: Taken, other: Taken, ref: str, change: Change, decision: Decision) -> None:
    if not change.part:
        wanted = decision.decision == ("a" if change.old_id else "b")
        if wanted and ref not in kept:
            kept[ref] = other[ref]
        elif not wanted:
            kept.pop(ref, None)
    elif ref in kept and decision.decision != "a":
        own, theirs = kept[ref][1], other[ref][1]
        own.pop(change.part, None)
        if decision.decision == "edit" and decision.value:
            own[change.part] = _part(decision.value)
        elif decision.decision == "b" and change.part in theirs:
            own[change.part] = theirs[change.part]


def _amend(kept: Taken, decision: Decision, where: str) -> None:
    """What both agreed on and is changed all the same."""
    ref = decision.object.partition(" ")[0]
    match decision.decision:
        case "drop":
            kept.pop(ref, None)
        case "set" if ref in kept:
            kept[ref][1].pop(decision.part, None)
            if decision.value:
                kept[ref][1][decision.part] = _part(decision.value)
        case "add":
            kept[ref] = decision.kind, {k: _part(v) for k, v in json.loads(decision.value).items()}
        case "a" | "b" | "edit":
            pass
        case _:
            said = f"{decision.id}: {decision.decision!r} cannot be done to {decision.object!r}"
            raise ProblemError(Problem(where, 0, "decision", said))


def _amendments(result: Document, gold: Document) -> Iterator[Decision]:
    name = gold.meta.doc_id
    to_result = _ids(result, gold)
    items = {x.id: (kind, x) for kind, x in objects(gold)}
    for number, change in enumerate(filter(_is_annotation, diff(result, gold)), start=1):
        row = Decision(f"{name}+{number:03d}", doc=name, kind=change.kind, part=change.part)
        if not change.new_id:
            yield replace(row, object=change.title, decision="drop")
            continue
        kind, item = items[change.new_id]
        found = {k: p.value for k, p in parts(item, lambda r: to_result.get(r, r), str).items()}
        if change.old_id:
            value = _json(found[change.part]) if change.part in found else ""
            yield replace(row, object=change.title, decision="set", value=value)
        else:
            named = f"{to_result[item.id]} {title(kind, item).partition(' ')[2]}"
            value = _json({k: _json(v) for k, v in found.items()})
            yield replace(row, object=named, decision="add", value=value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _part(value: str) -> Part:
    read = json.loads(value)
    return Part(read, read, "")


def _document(a: Document, kept: Taken) -> Document:
    layers: dict[str, list[Any]] = {name: [] for name in COLLECTIONS.values()}
    for ref, (kind, found) in kept.items():
        if kind != "provenance":
            layers[COLLECTIONS[kind]].append(whole(CLASSES[kind], ref, found))
    return replace(a, **{name: tuple(items) for name, items in layers.items()})
