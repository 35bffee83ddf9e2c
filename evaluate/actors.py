"""Metrics of actors: mentions, who is who, linking, attributes."""

from __future__ import annotations

from goldwire.annotate.document import Document
from goldwire.evaluate import entities, spans
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


def coreference(gold: Document, pred: Document, *, match: str = "exact", metric: str) -> Tally:
    """Count how well mentions of one actor are put together; ``metric`` as in ``coreference.py``.

    >>> from goldwire.annotate.document import Actor, Mention
    >>> ada = Actor("a1", mentions=(Mention("Ada", 0), Mention("she", 5)))
    >>> gold, part = Document("Ada, she", actors=(ada,)), Actor("a1", mentions=(Mention("Ada", 0),))
    >>> coreference(gold, Document("Ada, she", actors=(part,)), metric="b3").total
    Counts(p_hit=1.0, p_all=1, r_hit=0.5, r_all=2)
    """
    return entities.coreference("actors", gold, pred, match=match, metric=metric)


def link(gold: Document, pred: Document, *, match: str = "exact", given: bool = False) -> Tally:
    """Count mentions with the right Wikidata id; actors without one are NIL, which is an answer too.

    ``given`` counts only mentions that were found. Labels are ``linked`` and ``NIL``.

    >>> from goldwire.annotate.document import Actor, Mention
    >>> un, none = (Actor("a1", wikidata=x, mentions=(Mention("UN", 0),)) for x in ("Q1065", ""))
    >>> link(Document("UN", actors=(un,)), Document("UN", actors=(none,)))  # doctest: +NORMALIZE_WHITESPACE
    Tally({'NIL': Counts(p_hit=0, p_all=1, r_hit=0, r_all=0),
           'linked': Counts(p_hit=0, p_all=0, r_hit=0, r_all=1)})
    """
    return entities.link("actors", gold, pred, match=match, given=given)


def attribute(
    gold: Document, pred: Document, *, match: str = "exact", name: str, given: bool = False
) -> Tally:
    """Count mentions with the right ``name``: form or metonymy of the mention, status of its actor.

    Labels are its values.

    >>> from goldwire.annotate.document import Actor, Mention
    >>> noun, name = (Actor("a1", mentions=(Mention("UN", 0, form=x),)) for x in ("nominal", "name"))
    >>> attribute(Document("UN", actors=(noun,)), Document("UN", actors=(name,)), name="form").total
    Counts(p_hit=0, p_all=1, r_hit=0, r_all=1)
    """
    return entities.attribute("actors", gold, pred, match=match, name=name, given=given)
