"""Metrics of the places' layer: mentions."""

from __future__ import annotations

from goldwire.annotate.document import Document
from goldwire.evaluate import spans
from goldwire.evaluate.counts import Tally


def mention(gold: Document, pred: Document, *, match: str = "exact", typed: bool = True) -> Tally:
    """Count mentions of places found, of the right kind unless ``typed`` is false.

    >>> from goldwire.annotate.document import Mention, Place
    >>> rome = Place("p1", "city", mentions=(Mention("Rome", 3),))
    >>> town = Place("p1", "site", mentions=(Mention("Rome", 3),))
    >>> mention(Document("In Rome", places=(rome,)), Document("In Rome", places=(town,)))["city"]
    Counts(p_hit=0, p_all=0, r_hit=0, r_all=1)
    """
    return spans.found("places", spans.places, gold, pred, match=match, typed=typed)
