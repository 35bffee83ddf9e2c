"""Metrics of the numbers' layer: spans."""

from __future__ import annotations

from goldwire.annotate.document import Document
from goldwire.evaluate import spans
from goldwire.evaluate.counts import Tally


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
