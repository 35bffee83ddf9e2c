"""Metrics of numbers: the span, and what it says.

All but the first compare numbers whose spans answer each other (``alignment.py``),
whatever their kinds; ``given`` leaves the others out, else they are missed or
spurious. Labels are kinds, except where a field has labels of its own.
"""

from __future__ import annotations

from goldwire.annotate.document import Document, Number
from goldwire.evaluate import fields, quantities, spans
from goldwire.evaluate.alignment import Alignment, aligned
from goldwire.evaluate.counts import Tally
from goldwire.evaluate.fields import Layer
from goldwire.evaluate.match import Pieces


def span(gold: Document, pred: Document, *, match: str = "exact", typed: bool = True) -> Tally:
    """Count numbers found, of the right kind unless ``typed`` is false.

    The span is the full expression with its modifier; the head is the bare numeral.

    >>> from goldwire.annotate.document import Mention, Number
    >>> full = Number("n1", Mention("about 12", 0, head="12", head_start=6), "COUNT")
    >>> bare = Number("n1", Mention("12", 6), "COUNT")
    >>> gold, pred = (Document("about 12 hurt", numbers=(n,)) for n in (full, bare))
    >>> span(gold, pred)
    Tally({'COUNT': Counts(p_hit=0, p_all=1, r_hit=0, r_all=1)})
    >>> span(gold, pred, match="head").total
    Counts(p_hit=1, p_all=1, r_hit=1, r_all=1)
    """
    return spans.found("numbers", spans.numbers, gold, pred, match=match, typed=typed)


def value(
    gold: Document,
    pred: Document,
    *,
    match: str = "exact",
    absolute: str = "0",
    relative: str = "0",
    given: bool = False,
) -> Tally:
    """Count numbers of the right value: |gold - pred| <= max(absolute, relative * |gold|), in decimals.

    Values in units that can be converted are compared after conversion. Two empty values are equal.

    >>> from goldwire.annotate.document import Mention, Number
    >>> dozen, twelve = Mention("a dozen", 0), Mention("twelve", 9)
    >>> gold = Document("a dozen, twelve", numbers=(Number("n1", dozen, "COUNT", value="12"),))
    >>> off = Number("n1", dozen, "COUNT", value="11.5"), Number("n2", twelve, "COUNT", value="12")
    >>> value(gold, Document(gold.text, numbers=off)).total.p_hit
    0
    >>> value(gold, Document(gold.text, numbers=off), relative="0.05").total
    Counts(p_hit=1, p_all=2, r_hit=1, r_all=1)
    """
    both = aligned(gold, pred, match)
    return fields.compare(
        both,
        _layer(both),
        lambda g, p: quantities.same_value(g, p, absolute=absolute, relative=relative),
        _kind,
        given=given,
    )


def bounds(gold: Document, pred: Document, *, match: str = "exact", given: bool = False) -> Tally:
    """Count numbers whose lower and upper bound are right, and open or closed as in gold.

    >>> from goldwire.annotate.document import Mention, Number
    >>> over = Number("n1", Mention("over 9", 0), "COUNT", value="9", low="9", open_low=True)
    >>> closed = Number("n1", Mention("over 9", 0), "COUNT", value="9", low="9.0")
    >>> bounds(Document("over 9", numbers=(over,)), Document("over 9", numbers=(closed,)))
    Tally({'COUNT': Counts(p_hit=0, p_all=1, r_hit=0, r_all=1)})
    """
    both = aligned(gold, pred, match)
    return fields.compare(both, _layer(both), quantities.same_bounds, _kind, given=given)


def attribute(
    gold: Document, pred: Document, *, match: str = "exact", name: str, given: bool = False
) -> Tally:
    """Count numbers whose ``name`` (mod, stat, rounded, kind) is right. Labels are its values.

    >>> from goldwire.annotate.document import Mention, Number
    >>> level, change = (Number("n1", Mention("9", 0), stat=x) for x in ("stock", "flow"))
    >>> attribute(Document("9", numbers=(level,)), Document("9", numbers=(change,)), name="stat")["stock"]
    Counts(p_hit=0, p_all=0, r_hit=0, r_all=1)
    """
    both = aligned(gold, pred, match)
    return fields.compare(
        both,
        _layer(both),
        lambda g, p: getattr(g, name) == getattr(p, name),
        lambda n: str(getattr(n, name)).lower(),
        given=given,
    )


def unit(gold: Document, pred: Document, *, match: str = "exact", given: bool = False) -> Tally:
    """Count numbers that have a unit, and whose unit measures what the gold one does.

    Kilometres for metres is no error of the unit: the value is converted.

    >>> from goldwire.annotate.document import Mention, Number
    >>> km, hours = (Number("n1", Mention("9", 0), "COUNT", unit=x) for x in ("km", "hour"))
    >>> unit(Document("9", numbers=(km,)), Document("9", numbers=(hours,)))
    Tally({'COUNT': Counts(p_hit=0, p_all=1, r_hit=0, r_all=1)})
    """
    both = aligned(gold, pred, match)
    return fields.compare(
        both,
        _layer(both),
        lambda g, p: quantities.same_unit(g.unit, p.unit),
        _kind,
        given=given,
        holds=lambda n: bool(n.unit),
    )


def reference(
    gold: Document, pred: Document, *, match: str = "exact", name: str, given: bool = False
) -> Tally:
    """Count numbers that refer to something by ``name`` and refer to the right thing.

    ``name`` is counted (the entity or event that is counted), of, as_of, scope, trend_from or said_by.
    Any mention of an entity is as good as another; who says it is the author, or a quotation or its speaker.

    >>> from goldwire.annotate.document import Actor, Mention, Number
    >>> men, them = Actor("a1", mentions=(Mention("men", 2), Mention("them", 7))), Mention("them", 7)
    >>> nine = Number("n1", Mention("9", 0), "COUNT", counted="a1")
    >>> gold = Document("9 men, them", actors=(men,), numbers=(nine,))
    >>> pred = Document("9 men, them", actors=(Actor("a1", mentions=(them,)),), numbers=(nine, nine))
    >>> reference(gold, pred, name="counted")
    Tally({'COUNT': Counts(p_hit=1, p_all=2, r_hit=1, r_all=1)})
    """
    both = aligned(gold, pred, match)
    return fields.compare(
        both,
        _layer(both),
        lambda g, p: both.same_reference(g, p, name),
        _kind,
        given=given,
        holds=lambda n: bool(getattr(n, name)),
    )


def fact(gold: Document, pred: Document, *, match: str = "exact") -> Tally:
    """Count numbers of which everything is right: span, kind, value, bounds, modifier, unit, what is
    counted, stock or flow, as of when.

    >>> from goldwire.annotate.document import Mention, Number
    >>> level, change = (Number("n1", Mention("9", 0), "COUNT", "9", stat=x) for x in ("stock", "flow"))
    >>> fact(Document("9", numbers=(level,)), Document("9", numbers=(change,))).total
    Counts(p_hit=0, p_all=1, r_hit=0, r_all=1)
    """
    both = aligned(gold, pred, match)

    def right(g: Number, p: Number) -> bool:
        return (
            (g.kind, g.mod, g.stat) == (p.kind, p.mod, p.stat)
            and quantities.same_unit(g.unit, p.unit)
            and quantities.same_value(g, p)
            and quantities.same_bounds(g, p)
            and both.same_reference(g, p, "counted")
            and both.same_reference(g, p, "as_of")
        )

    return fields.compare(both, _layer(both), right, _kind, given=False)


def _layer(both: Alignment) -> Layer:
    sides = both.gold.numbers, both.pred.numbers
    return Layer.of(both, "numbers", sides, lambda: both.numbers, _place)


def _place(number: Number) -> Pieces:
    return spans.stretch(number.mention).pieces


def _kind(number: Number) -> str:
    return number.kind
