"""Metrics of places: mentions, which is which, linking."""

from __future__ import annotations

from goldwire.annotate.document import Document
from goldwire.evaluate import entities, spans
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


def coreference(gold: Document, pred: Document, *, match: str = "exact", metric: str) -> Tally:
    """Count how well mentions of one place are put together; ``metric`` as in ``coreference.py``.

    >>> from goldwire.annotate.document import Mention, Place
    >>> rome, there = Mention("Rome", 0), Mention("there", 6)
    >>> gold = Document("Rome, there", places=(Place("p1", mentions=(rome, there)),))
    >>> pred = Document("Rome, there", places=(Place("p1", mentions=(rome,)),))
    >>> coreference(gold, pred, metric="ceaf_e").total
    Counts(p_hit=0.6666666666666666, p_all=1, r_hit=0.6666666666666666, r_all=1)
    """
    return entities.coreference("places", gold, pred, match=match, metric=metric)


def link(gold: Document, pred: Document, *, match: str = "exact", given: bool = False) -> Tally:
    """Count mentions with the right Wikidata id; places without one are NIL, which is an answer too.

    ``given`` counts only mentions that were found. Labels are ``linked`` and ``NIL``.

    >>> from goldwire.annotate.document import Mention, Place
    >>> city, nil = (Place("p1", wikidata=x, mentions=(Mention("Rome", 0),)) for x in ("Q220", ""))
    >>> link(Document("Rome", places=(city,)), Document("Rome", places=(nil,)))["linked"]
    Counts(p_hit=0, p_all=0, r_hit=0, r_all=1)
    """
    return entities.link("places", gold, pred, match=match, given=given)
