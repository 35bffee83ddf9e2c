"""Items of a layer paired in the fixed order of ``errors``, and what is wrong with each pair."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from goldwire.annotate.document import Document, Mention, Number, Quotation, Time
from goldwire.evaluate import quantities, spans
from goldwire.evaluate.alignment import Alignment
from goldwire.evaluate.causes import Error, Judged
from goldwire.evaluate.match import Pieces, Stretch, align, matching, shared
from goldwire.evaluate.timex import same_value

LOOSER = ("exact", "head", "partial")


class Thing(NamedTuple):
    """An item of a layer on one side."""

    stretch: Stretch
    label: str
    item: Any
    number: int


def layers(both: Alignment, name: str) -> Iterator[Judged]:
    """Judge every layer but the arguments; ``name`` is what the document is called."""
    both_sides = both.gold, both.pred
    yield _layer(both, "events", name, [_events(d) for d in both_sides], _nothing)
    for layer in ("actors", "places"):
        yield _layer(both, layer, name, [_mentions(layer, d) for d in both_sides], _identity(both))
    yield _layer(both, "times", name, [_times(d) for d in both_sides], _time)
    yield _layer(both, "numbers", name, [_numbers(d) for d in both_sides], _number(both))
    quotations = [_quotations(d) for d in both_sides]
    yield _layer(both, "quotations", name, quotations, _quotation(both), typed=False)


Field = Callable[[Any, Any], tuple[str, str]]  # (gold, pred) -> the cause and what differs; "" if right


def _layer(
    both: Alignment,
    layer: str,
    document: str,
    sides: list[list[Thing]],
    wrong: Field,
    *,
    typed: bool = True,
) -> Judged:
    """Pair the items of a layer in the fixed order, and say what is wrong with each."""
    mask = spans.masked(both.gold, layer)
    gold = [t for t in sides[0] if t.stretch.pieces and not shared(t.stretch.pieces, mask)]
    pred = [t for t in sides[1] if t.stretch.pieces]
    errors: list[Error] = []
    right: list[Error] = []
    rest = list(gold), list(pred)
    paired: list[tuple[Thing, Thing]] = []
    for stage, (mode, labels) in enumerate((("exact", typed), *((m, False) for m in LOOSER))):
        found = _pairs(rest[0], rest[1], mode, labels, wrong)
        for g, p in found:
            cause, said = wrong(g.item, p.item)
            if stage > 1 or (stage == 1 and not typed):
                cause, said = "boundary", ""
            elif typed and g.label != p.label:
                cause, said = "type", f"{g.label} as {p.label or '(none)'}"
            if cause:
                errors.append(_error(both, document, layer, cause, g, p, said))
            else:
                right.append(_error(both, document, layer, "", g, p))
        paired += found
        taken = {g.number for g, _ in found}, {p.number for _, p in found}
        rest = (
            [t for t in rest[0] if t.number not in taken[0]],
            [t for t in rest[1] if t.number not in taken[1]],
        )
    rest = rest[0], [t for t in rest[1] if not shared(t.stretch.pieces, mask)]
    for g in rest[0]:
        merged = any(shared(g.stretch.pieces, p.stretch.pieces) for _, p in paired)
        errors.append(_error(both, document, layer, "merged" if merged else "missed", g, None))
    for p in rest[1]:
        errors.append(_error(both, document, layer, _extra(both, p, paired), None, p))
    return Judged(layer, len(gold), len(paired) + len(rest[1]), len(right), tuple(errors), tuple(right))


def _pairs(
    gold: list[Thing], pred: list[Thing], mode: str, labels: bool, wrong: Field
) -> list[tuple[Thing, Thing]]:
    """Pair what is left by one rule; where there is a choice, so that least is wrong."""
    found = align(
        [t.stretch._replace(label=t.label) for t in gold],
        [t.stretch._replace(label=t.label) for t in pred],
        matching(mode),
        typed=labels,
        prefer=lambda i, j: not wrong(gold[i].item, pred[j].item)[0],
    )
    return [(gold[x.gold], pred[x.pred]) for x in found]


def _extra(both: Alignment, p: Thing, paired: Sequence[tuple[Thing, Thing]]) -> str:
    """Why a prediction answers nothing."""
    if p.stretch.at >= len(both.gold.text):
        return "unsupported text"
    if any(p.stretch.pieces == q.stretch.pieces and p.label == q.label for _, q in paired):
        return "duplicate"
    return "split" if any(shared(p.stretch.pieces, g.stretch.pieces) for g, _ in paired) else "spurious"


def _error(
    both: Alignment,
    document: str,
    layer: str,
    cause: str,
    gold: Thing | None,
    pred: Thing | None,
    said: str = "",
) -> Error:
    shown = gold or pred
    assert shown is not None
    at = shown.stretch.at if shown.stretch.at < len(both.gold.text) else -1
    first, second = (_words(both.gold.text, x.stretch.pieces, x.item) if x else "" for x in (gold, pred))
    end = shown.stretch.pieces[-1][1] if at >= 0 else -1
    return Error(document, layer, cause, shown.label, at, first, second, said, end)


def _words(text: str, pieces: Pieces, item: Any) -> str:
    found = " … ".join(text[a:b] for a, b in pieces)
    mention = getattr(item, "mention", None) or getattr(item, "trigger", None)
    return found or (mention.text if isinstance(mention, Mention) else "")


# ---- the items of each layer, and what may be wrong with one whose span is right


def _events(document: Document) -> list[Thing]:
    return [Thing(spans.stretch(e.trigger), e.type, e, i) for i, e in enumerate(document.events)]


def _nothing(gold: Any, pred: Any) -> tuple[str, str]:
    return "", ""


class Owned(NamedTuple):
    """A mention with the id of its entity."""

    entity: str
    mention: Mention


def _mentions(layer: str, document: Document) -> list[Thing]:
    found = [
        (x.type if layer == "actors" else x.kind, Owned(x.id, m))
        for x in getattr(document, layer)
        for m in x.mentions
    ]
    return [Thing(spans.stretch(own.mention), label, own, i) for i, (label, own) in enumerate(found)]


def _identity(both: Alignment) -> Field:
    """Whether the mention belongs to the entity that stands for the gold one."""

    def wrong(gold: Owned, pred: Owned) -> tuple[str, str]:
        if both.same_entity(gold.entity, pred.entity):
            return "", ""
        return "coreference", f"{_name(both.gold, gold.entity)} as {_name(both.pred, pred.entity)}"

    return wrong


def _name(document: Document, entity: str) -> str:
    known = [(x.id, x.name, x.mentions) for x in document.actors]
    known += [(x.id, x.name, x.mentions) for x in document.places]
    for name, title, mentions in known:
        if name == entity:
            return title or (mentions[0].text if mentions else entity)
    return entity


def _times(document: Document) -> list[Thing]:
    return [Thing(spans.stretch(t.mention), t.kind, t, i) for i, t in enumerate(document.times)]


def _time(gold: Time, pred: Time) -> tuple[str, str]:
    return ("", "") if same_value(gold.value, pred.value) else ("value", changed(gold.value, pred.value))


def _numbers(document: Document) -> list[Thing]:
    return [Thing(spans.stretch(n.mention), n.kind, n, i) for i, n in enumerate(document.numbers)]


def _number(both: Alignment) -> Field:
    def wrong(gold: Number, pred: Number) -> tuple[str, str]:
        if not quantities.same_value(gold, pred):
            return "value", changed(gold.value, pred.value)
        if not quantities.same_bounds(gold, pred):
            return "value", changed(f"{gold.low}..{gold.high}", f"{pred.low}..{pred.high}")
        if gold.mod != pred.mod:
            return "modifier", changed(gold.mod, pred.mod)
        if not quantities.same_unit(gold.unit, pred.unit):
            return "unit", changed(gold.unit, pred.unit)
        if not both.same_reference(gold, pred, "counted"):
            return "counted", ""
        if gold.stat != pred.stat:
            return "counted", changed(gold.stat, pred.stat)
        return ("", "") if both.same_reference(gold, pred, "as_of") else ("counted", "as of another time")

    return wrong


def _quotations(document: Document) -> list[Thing]:
    return [Thing(Stretch(spans.content(q)), q.directness, q, i) for i, q in enumerate(document.quotations)]


def _quotation(both: Alignment) -> Field:
    def wrong(gold: Quotation, pred: Quotation) -> tuple[str, str]:
        if not both.same_spans(gold.cue, pred.cue):
            return "cue", changed(*(", ".join(m.text for m in q.cue) for q in (gold, pred)))
        if both.same_entity(both.sides[0].speaker(gold), both.sides[1].speaker(pred)):
            return "", ""
        return "speaker", changed(_speaker(both.gold, gold), _speaker(both.pred, pred))

    return wrong


def _speaker(document: Document, quotation: Quotation) -> str:
    if quotation.speaker_span:
        return quotation.speaker_span.text
    return _name(document, quotation.speaker) if quotation.speaker else ""


def changed(gold: str, pred: str) -> str:
    """What gold has, and what stands there instead."""
    return f"{gold or '(none)'} as {pred or '(none)'}"
