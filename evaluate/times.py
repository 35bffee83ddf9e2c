"""Metrics of times: the span, and what it says."""

from __future__ import annotations

from goldwire.annotate.document import Document, Time
from goldwire.evaluate import fields, spans
from goldwire.evaluate.alignment import aligned
from goldwire.evaluate.counts import Tally
from goldwire.evaluate.fields import Layer
from goldwire.evaluate.match import Pieces
from goldwire.evaluate.timex import same_value


def span(gold: Document, pred: Document, *, match: str = "exact", typed: bool = True) -> Tally:
    """Count time expressions found, of the right kind unless ``typed`` is false.

    >>> from goldwire.annotate.document import Mention, Time
    >>> may, noon = Time("t1", Mention("May", 3), "DATE"), Time("t2", Mention("noon", 10), "DATE")
    >>> span(Document("In May at noon", times=(may,)), Document("In May at noon", times=(may, noon)))
    Tally({'DATE': Counts(p_hit=1, p_all=2, r_hit=1, r_all=1)})
    """
    return spans.found("times", spans.times, gold, pred, match=match, typed=typed)


def value(
    gold: Document, pred: Document, *, match: str = "exact", name: str = "value", given: bool = False
) -> Tally:
    """Count times with the right value (TIMEX3), or ``name``: resolved (the interval), mod, basis.

    Values are compared letter by letter, after the precise year only: ``XXXX`` in gold stands for a year
    that the text does not give, and any year answers it. Labels are kinds.

    >>> from goldwire.annotate.document import Mention, Time
    >>> said = [Time("t1", Mention("May 5", 0), "DATE", x) for x in ("XXXX-05-05", "2018-05-05", "05-05")]
    >>> gold, year, wrong = (Document("May 5", times=(t,)) for t in said)
    >>> value(gold, year).total.p_hit, value(gold, wrong).total.p_hit
    (1, 0)
    """
    both = aligned(gold, pred, match)
    layer = Layer.of(both, "times", (gold.times, pred.times), lambda: both.times, _place)
    return fields.compare(
        both,
        layer,
        lambda g, p: same_value(getattr(g, name), getattr(p, name)),
        lambda t: t.kind,
        given=given,
        holds=lambda t: bool(getattr(t, name)),
    )


def _place(time: Time) -> Pieces:
    return spans.stretch(time.mention).pieces
