"""Metrics of the actors' layer: mentions."""

from __future__ import annotations

from goldwire.annotate.document import Document
from goldwire.evaluate import spans
from goldwire.evaluate.counts import Tally


def mention(gold: Document, pred: Document, *, match: str = "exact", typed: bool = True) -> Tally:
    """Count mentions of actors found, of the right type unless ``typed`` is false.

    >>> from goldwire.annotate.document import Actor, Mention
    >>> ada = Actor("a1", "PER", mentions=(Mention("Ada", 0),))
    >>> bob = Actor("a2", "PER", mentions=(Mention("Bob", 8),))
    >>> mention(Document("Ada met Bob", actors=(ada, bob)), Document("Ada met Bob", actors=(ada,)))
    Tally({'PER': Counts(p_hit=1, p_all=1, r_hit=1, r_all=2)})
    """
    return spans.found("actors", spans.actors, gold, pred, match=match, typed=typed)
