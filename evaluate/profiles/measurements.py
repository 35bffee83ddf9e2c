"""The scorer of quantities of SemEval-2021 task 8: MeasEval.

A document is a list of annotations, sets of which belong together: a quantity, what was
measured of what, and qualifiers. Written from Harper et al. 2021 and from what
measeval-eval.py at 1fa738b answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import nan
from typing import Any, NamedTuple

from goldwire.evaluate import counts
from goldwire.evaluate.assignment import best
from goldwire.evaluate.counts import Four as Row
from goldwire.evaluate.counts import Rates
from goldwire.evaluate.profiles.profile import Results, Rows, zero

QUANTITY, SPANS = "Quantity", ("MeasuredEntity", "MeasuredProperty", "Qualifier")
# Relation -> the kinds of annotation that may be its target.
TARGETS = {
    "HasQuantity": (QUANTITY,),
    "HasProperty": ("MeasuredProperty",),
    "Qualifies": ("MeasuredEntity", "MeasuredProperty", QUANTITY),
}
SOURCES = {
    "HasQuantity": ("MeasuredEntity", "MeasuredProperty"),
    "HasProperty": ("MeasuredEntity",),
    "Qualifies": ("Qualifier",),
}
KINDS = (QUANTITY, *SPANS, "Unit", "modifier", *TARGETS)


class Annotation(NamedTuple):
    """One row of the task's files; ``other`` holds unit and mods, or one relation to another id."""

    set: int
    type: str
    start: int
    end: int
    id: str
    text: str
    other: Mapping[str, Any]


class _Pair(NamedTuple):
    gold: Annotation
    pred: Annotation
    f1: float


class _Side(NamedTuple):
    """What is compared beside spans: of which gold set, where from, and what."""

    gold_set: int | None
    key: tuple[Any, ...]


Annotations = Sequence[Annotation]


def measeval(gold: Annotations, pred: Annotations, *, fixed: bool = False) -> dict[str, Row]:
    """Count one document's annotations by type, and what the means of the report are taken of.

    Quantities that touch are matched, their sets with them (the last match of a set decides), and
    all else only within sets so matched: units and modifiers as strings, spans by touch, relations
    by their ends. ``exact`` and ``overlap`` sum, over matches, spurious and missed rows alike, 1 for
    equal bounds and the best token F1. Faults kept unless ``fixed``: ends are exclusive but compared
    as if they were not, so neighbours touch; several predictions may match one gold annotation, and
    each counts. The number itself is never compared.

    >>> gold = [Annotation(1, "Quantity", 0, 4, "T1", "5 kg", {"unit": "kg"})]
    >>> pred = [Annotation(1, "Quantity", 4, 6, "T1", " a", {"unit": "kg"})]
    >>> {k: v for k, v in measeval(gold, pred).items() if v[1]}["overlap"]
    (1.5, 2.0, 1.5, 2.0)
    >>> measeval(gold, pred, fixed=True)["Quantity"]
    (0, 1, 0, 1)
    """
    pairs = {QUANTITY: _touching(_of(gold, QUANTITY), _of(pred, QUANTITY), lambda g, p: True, fixed)}
    sets = {p.pred.set: p.gold.set for p in pairs[QUANTITY]}

    def together(g: Annotation, p: Annotation) -> bool:
        return sets.get(p.set) == g.set

    for kind in SPANS:
        pairs[kind] = _touching(_of(gold, kind), _of(pred, kind), together, fixed)
    rows: dict[str, Row] = {}
    exact = overlap = whole = 0.0
    for kind, found in pairs.items():
        top: dict[str, float] = {}
        for p in found:
            top[p.pred.id] = max(top.get(p.pred.id, 0.0), p.f1)
        matched = {(p.pred.set, p.pred.id) for p in found}
        answered = {(p.gold.set, p.gold.id) for p in found}
        spurious = sum((a.set, a.id) not in matched for a in _of(pred, kind))
        missed = sum((a.set, a.id) not in answered for a in _of(gold, kind))
        rows[kind] = _row(len(found), spurious, missed)
        exact += sum((p.gold.start, p.gold.end) == (p.pred.start, p.pred.end) for p in found)
        overlap += sum(top[p.pred.id] for p in found)
        whole += len(found) + spurious + missed
    for kind, values in (("Unit", _units), ("modifier", _modifiers)):
        # Within one gold set, whose modifiers are told apart, and whose units are not.
        apart = kind == "modifier"
        wanted = [_Side(a.set, (v,)) for a in _of(gold, QUANTITY) for v in values(a)]
        given = [_Side(sets.get(a.set), (v,)) for a in _of(pred, QUANTITY) for v in values(a)]
        hits = [(g, p) for p in given for g in wanted if p == g and None not in g.key]
        done = {_known(g, apart) for g, _ in hits}
        spurious = sum(_known(p, apart) not in done for p in given)
        missed = sum(_known(g, apart) not in done for g in wanted)
        rows[kind] = _row(len(hits), spurious, missed)
    for kind in TARGETS:
        rows[kind] = _relations(kind, gold, pred, pairs, sets)
    for kind in ("Unit", "modifier", *TARGETS):
        hit, p_all, _, r_all = rows[kind]
        exact, overlap, whole = exact + hit, overlap + hit, whole + p_all + r_all - hit
    return {**rows, "exact": (exact, whole, exact, whole), "overlap": (overlap, whole, overlap, whole)}


def _of(side: Annotations, kind: str) -> list[Annotation]:
    return [a for a in side if a.type == kind]


def _touching(
    gold: Annotations,
    pred: Annotations,
    together: Callable[[Annotation, Annotation], bool],
    fixed: bool,
) -> list[_Pair]:
    pairs = [
        _Pair(g, p, _f1(g, p))
        for p in pred
        for g in gold
        if together(g, p) and (g.start < p.end and p.start < g.end if fixed else _touch(g, p))
    ]
    return _one_to_one(pairs) if fixed else pairs


def _one_to_one(pairs: list[_Pair]) -> list[_Pair]:
    """As many pairs as there can be, then the best F1, then what comes first in the text."""
    gold = {x: i for i, x in enumerate(sorted({_placed(p.gold) for p in pairs}))}
    pred = {x: i for i, x in enumerate(sorted({_placed(p.pred) for p in pairs}))}
    numbered = {(gold[_placed(p.gold)], pred[_placed(p.pred)]): p for p in pairs}
    chosen = best({edge: 2 * len(pairs) + p.f1 for edge, p in numbered.items()})
    return [numbered[edge] for edge in chosen]


def _placed(a: Annotation) -> tuple[int, int, str, int, str]:
    return a.start, a.end, str(sorted(a.other.items(), key=str)), a.set, a.id


def _touch(a: Annotation, b: Annotation) -> bool:
    return a.start <= b.end and b.start <= a.end


def _f1(gold: Annotation, pred: Annotation) -> float:
    """F1 of tokens between single spaces; the program counts one even in nothing."""
    begin, end = max(gold.start, pred.start), min(gold.end, pred.end)
    common = len(pred.text[begin - pred.start : end - pred.start].split(" "))
    precision, recall = common / len(pred.text.split(" ")), common / len(gold.text.split(" "))
    return 2 * precision * recall / (precision + recall)


def _units(quantity: Annotation) -> list[Any]:
    unit = quantity.other.get("unit", "")
    return [unit] if unit else []


def _modifiers(quantity: Annotation) -> list[Any]:
    # An empty list is read as one modifier that equals nothing.
    mods = quantity.other.get("mods", "")
    return [] if mods == "" else list(mods) or [None]


def _known(side: _Side, apart: bool) -> tuple[Any, ...]:
    return (side.gold_set, *side.key) if apart else (side.gold_set,)


def _relations(
    kind: str,
    gold: Annotations,
    pred: Annotations,
    pairs: Mapping[str, list[_Pair]],
    sets: Mapping[int, int],
) -> Row:
    wanted, given = _arrows(gold, kind), _arrows(pred, kind)
    starts = _answers(pairs, SOURCES[kind])
    ends = _answers(pairs, TARGETS[kind])
    hits = [
        (g, p)
        for p in given
        for start in starts.get((p.set, p.id), ())
        for end in ends.get((p.set, _target(p)), ())
        for g in wanted
        if g.set == sets.get(p.set) and g.id == start and _target(g) == end
    ]
    done, answered = {(p.set, p.id) for _, p in hits}, {(g.set, g.id) for g, _ in hits}
    spurious = sum((p.set, p.id) not in done for p in given)
    return _row(len(hits), spurious, sum((g.set, g.id) not in answered for g in wanted))


def _arrows(side: Annotations, kind: str) -> list[Annotation]:
    # Only the first relation of an annotation is looked at.
    return [a for a in side if a.type in SPANS and next(iter(a.other), None) == kind]


def _target(annotation: Annotation) -> str:
    return str(next(iter(annotation.other.values())))


def _answers(pairs: Mapping[str, list[_Pair]], kinds: Iterable[str]) -> dict[tuple[int, str], list[str]]:
    found: dict[tuple[int, str], list[str]] = {}
    for kind in kinds:
        for pair in pairs[kind]:
            found.setdefault((pair.pred.set, pair.pred.id), []).append(pair.gold.id)
    return found


def _row(hits: float, spurious: float, missed: float) -> Row:
    return hits, hits + spurious, hits, hits + missed


def finish(rows: Rows) -> Results:
    """Precision and recall of all rows, each type, and the two means over all rows that rank systems."""
    kinds = {name: row for name, row in rows.items() if name in KINDS}
    means = {
        name: Rates(nan, nan, zero(rows[name].rates()).precision)
        for name in ("exact", "overlap")
        if name in rows
    }
    overall = zero(counts.total(kinds.values()).rates())
    return {"overall": overall, **means, **{n: zero(r.rates()) for n, r in kinds.items()}}
