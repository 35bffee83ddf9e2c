"""Metrics of the events' layer: triggers."""

from __future__ import annotations

from goldwire.annotate.document import Document
from goldwire.evaluate import spans
from goldwire.evaluate.counts import Tally


def trigger(gold: Document, pred: Document, *, match: str = "exact", typed: bool = True) -> Tally:
    """Count triggers found (identification), of the right type unless ``typed`` is false (classification).

    >>> from goldwire.annotate.document import Event, Mention
    >>> raid, talk = Event("e1", Mention("raid", 4), "STRIKE"), Event("e2", Mention("talk", 9), "MEET")
    >>> wrong = Event("e1", Mention("raid", 4), "MEET")
    >>> trigger(Document("The raid talk", events=(raid, talk)), Document("The raid talk", events=(wrong,)))
    ... # doctest: +NORMALIZE_WHITESPACE
    Tally({'MEET': Counts(p_hit=0, p_all=1, r_hit=0, r_all=1),
           'STRIKE': Counts(p_hit=0, p_all=0, r_hit=0, r_all=1)})
    """
    return spans.found("events", spans.triggers, gold, pred, match=match, typed=typed)
