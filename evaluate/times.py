"""Metrics of the times' layer: spans."""

from __future__ import annotations

from goldwire.annotate.document import Document
from goldwire.evaluate import spans
from goldwire.evaluate.counts import Tally


def span(gold: Document, pred: Document, *, match: str = "exact", typed: bool = True) -> Tally:
    """Count time expressions found, of the right kind unless ``typed`` is false.

    >>> from goldwire.annotate.document import Mention, Time
    >>> may, noon = Time("t1", Mention("May", 3), "DATE"), Time("t2", Mention("noon", 10), "DATE")
    >>> span(Document("In May at noon", times=(may,)), Document("In May at noon", times=(may, noon)))
    Tally({'DATE': Counts(p_hit=1, p_all=2, r_hit=1, r_all=1)})
    """
    return spans.found("times", spans.times, gold, pred, match=match, typed=typed)
