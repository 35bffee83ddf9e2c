"""Arguments paired in the fixed order of ``errors``: within their events, then across events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from goldwire.annotate.document import Argument, Document
from goldwire.evaluate import spans
from goldwire.evaluate.alignment import Alignment
from goldwire.evaluate.causes import Error, Judged
from goldwire.evaluate.errors.items import changed
from goldwire.evaluate.lookup import Side
from goldwire.evaluate.match import align, matching, one_to_one, shared


class Role(NamedTuple):
    """An argument with its event, both by their places in the document."""

    event: int
    place: int
    argument: Argument


Test = Callable[[Role, Role], bool]


def arguments(both: Alignment, document: str) -> Judged:
    """Pair arguments within events that answer each other, then across events."""
    mask = spans.masked(both.gold, "events")
    hidden = [
        {i for i, e in enumerate(d.events) if shared(spans.stretch(e.trigger).pieces, mask)}
        for d in (both.gold, both.pred)
    ]
    couples = {(c.i, c.j) for c in both.events if c.i not in hidden[0]}
    answered = {j for _, j in couples}
    gold = _roles(both.gold, hidden[0])
    pred = _roles(both.pred, hidden[1] - answered)
    wide = align(
        [spans.stretch(e.trigger) for e in both.gold.events],
        [spans.stretch(e.trigger) for e in both.pred.events],
        matching("exact"),
        typed=False,
    )
    retyped = {(x.gold, x.pred) for x in wide} - couples

    def within(
        test: Callable[[Role, Role], bool], where: set[tuple[int, int]]
    ) -> Callable[[Role, Role], bool]:
        return lambda g, p: (g.event, p.event) in where and test(g, p)

    def equal(g: Role, p: Role) -> bool:
        return both.same_argument(g.argument, p.argument) > 0

    stages: list[tuple[str, Test]] = [
        ("", within(equal, couples)),
        ("role", within(lambda g, p: both.same_filler(g.argument, p.argument, "entity"), couples)),
        ("coreference", within(lambda g, p: _shown_alike(both, g, p, "exact"), couples)),
        ("boundary", within(lambda g, p: _shown_alike(both, g, p, "partial"), couples)),
        ("type", within(equal, retyped)),
        ("attached", equal),
    ]
    errors: list[Error] = []
    right: list[Role] = []
    hits: list[Error] = []
    rest = list(gold), list(pred)
    for cause, fits in stages:
        found = one_to_one(rest[0], rest[1], fits)
        for x in found:
            g, p = rest[0][x.gold], rest[1][x.pred]
            if cause:
                errors.append(_argument_error(both, document, cause, g, p))
            else:
                right.append(p)
                hits.append(_argument_error(both, document, "", g, p))
        taken = {x.gold for x in found}, {x.pred for x in found}
        rest = (
            [g for i, g in enumerate(rest[0]) if i not in taken[0]],
            [p for j, p in enumerate(rest[1]) if j not in taken[1]],
        )
    errors += [_argument_error(both, document, "missed", g, None) for g in rest[0]]
    errors += [_argument_error(both, document, _extra_argument(both, p, right), None, p) for p in rest[1]]
    return Judged("arguments", len(gold), len(pred), len(right), tuple(errors), tuple(hits))


def _roles(document: Document, hidden: set[int]) -> list[Role]:
    return [
        Role(i, k, a) for i, e in enumerate(document.events) if i not in hidden for k, a in enumerate(e.args)
    ]


def _shown_alike(both: Alignment, gold: Role, pred: Role, mode: str) -> bool:
    """Whether two arguments of one role are shown by the same words, or by words that overlap."""
    g, p = both.sides[0].evidence(gold.argument), both.sides[1].evidence(pred.argument)
    if g is None or p is None or gold.argument.role != pred.argument.role:
        return False
    return bool(align([g], [p], matching(mode), typed=False))


def _extra_argument(both: Alignment, pred: Role, right: Sequence[Role]) -> str:
    shown = both.sides[1].evidence(pred.argument)
    if shown is not None and shown.at >= len(both.gold.text):
        return "unsupported text"
    filler = both.sides[1].filler(pred.argument)
    twins = (
        r.event == pred.event
        and r.argument.role == pred.argument.role
        and both.sides[1].filler(r.argument) == filler
        for r in right
    )
    return "duplicate" if any(twins) else "spurious"


def _argument_error(
    both: Alignment, document: str, cause: str, gold: Role | None, pred: Role | None
) -> Error:
    first, second = (
        _shown(side, role) if role else "" for side, role in zip(both.sides, (gold, pred), strict=True)
    )
    shown = gold or pred
    assert shown is not None
    home = both.gold if gold else both.pred
    event = home.events[shown.event]
    said = f"of {event.trigger.text}" if event.trigger.text else ""
    if cause == "role" and gold and pred:
        said = f"{said}: {changed(gold.argument.role, pred.argument.role)}"
    if cause == "attached" and pred:
        said = f"{said}, attached to {both.pred.events[pred.event].trigger.text}"
    at = event.trigger.start if event.trigger.start < len(both.gold.text) else -1
    end = event.trigger.end if at >= 0 else -1
    return Error(document, "arguments", cause, shown.argument.role, at, first, second, said, end)


def _shown(side: Side, role: Role) -> str:
    stretch = side.evidence(role.argument)
    if role.argument.evidence is not None:
        return role.argument.evidence.text
    return " … ".join(side.document.text[a:b] for a, b in stretch.pieces) if stretch else role.argument.ref
