"""Metrics of quotations: content, cue, speaker, manner, nesting and chains.

All but the first two compare quotations whose contents answer each other
(``alignment.py``); ``given`` leaves the others out, else they are missed or spurious.
"""

from __future__ import annotations

from goldwire.annotate.document import Document, Quotation
from goldwire.evaluate import fields, spans
from goldwire.evaluate.alignment import Alignment, aligned
from goldwire.evaluate.counts import Tally
from goldwire.evaluate.fields import Layer


def content(gold: Document, pred: Document, *, match: str = "exact", typed: bool = False) -> Tally:
    """Count quotations whose content is found: all its fragments as one set of positions.

    Labels are the directness, which has to agree only if ``typed``.

    >>> from goldwire.annotate.document import Mention, Quotation
    >>> right = Quotation("q1", content=(Mention("it rains", 9),))
    >>> short = Quotation("q1", content=(Mention("rains", 12),))
    >>> text = "Ada said it rains."
    >>> content(Document(text, quotations=(right,)), Document(text, quotations=(right, short)))
    Tally({'indirect': Counts(p_hit=1, p_all=2, r_hit=1, r_all=1)})
    """
    return spans.found("quotations", spans.contents, gold, pred, match=match, typed=typed)


def cue(gold: Document, pred: Document, *, match: str = "exact") -> Tally:
    """Count cues found, each on its own, whatever content they go with.

    >>> from goldwire.annotate.document import Mention, Quotation
    >>> gold = Quotation("q1", cue=(Mention("had said", 4),), content=(Mention("yes", 13),))
    >>> pred = Quotation("q1", cue=(Mention("said", 8),), content=(Mention("yes", 13),))
    >>> text = "Ada had said yes"
    >>> cue(Document(text, quotations=(gold,)), Document(text, quotations=(pred,)), match="overlap@0.5")
    Tally({'CUE': Counts(p_hit=1, p_all=1, r_hit=1, r_all=1)})
    """
    return spans.found("quotations", spans.cues, gold, pred, match=match, typed=False)


def speaker(
    gold: Document, pred: Document, *, match: str = "exact", by: str = "entity", given: bool = False
) -> Tally:
    """Count quotations that have a speaker, and the right one: ``by`` entity (any mention), or by span.

    Labels are the directness.

    >>> from goldwire.annotate.document import Actor, Mention, Quotation
    >>> text, ada = "Ada: she said yes", Actor("a1", mentions=(Mention("Ada", 0), Mention("she", 5)))
    >>> yes = (Mention("yes", 14),)
    >>> gold = Quotation("q1", "a1", Mention("she", 5), content=yes)
    >>> pred = Quotation("q1", speaker_span=Mention("Ada", 0), content=yes)
    >>> both = Document(text, actors=(ada,), quotations=(gold,)), Document(text, quotations=(pred,))
    >>> speaker(*both).total.p_hit, speaker(*both, by="span").total
    (1, Counts(p_hit=0, p_all=1, r_hit=0, r_all=1))
    """
    both = aligned(gold, pred, match)
    sides = both.sides
    if by == "span":
        return fields.compare(
            both,
            _layer(both),
            lambda g, p: both.same_span(g.speaker_span, p.speaker_span),
            _directness,
            given=given,
            holds=lambda q: q.speaker_span is not None,
        )
    return fields.compare(
        both,
        _layer(both),
        lambda g, p: both.same_entity(sides[0].speaker(g), sides[1].speaker(p)),
        _directness,
        given=given,
        holds=lambda q: bool(q.speaker or q.speaker_span),
    )


def attribute(
    gold: Document, pred: Document, *, match: str = "exact", name: str, given: bool = False
) -> Tally:
    """Count quotations whose ``name`` (directness, stance, polarity, medium) is right; labels are its values.

    >>> from goldwire.annotate.document import Mention, Quotation
    >>> deny, state = (Quotation("q1", content=(Mention("yes", 0),), stance=x) for x in ("deny", "assert"))
    >>> gold, pred = (Document("yes", quotations=(q,)) for q in (deny, state))
    >>> attribute(gold, pred, name="stance")["deny"]
    Counts(p_hit=0, p_all=0, r_hit=0, r_all=1)
    """
    both = aligned(gold, pred, match)
    return fields.compare(
        both,
        _layer(both),
        lambda g, p: getattr(g, name) == getattr(p, name),
        lambda q: getattr(q, name) or "none",
        given=given,
    )


def addressee(gold: Document, pred: Document, *, match: str = "exact", given: bool = False) -> Tally:
    """Count quotations that are addressed to somebody, and to the right entity.

    >>> from goldwire.annotate.document import Actor, Mention, Quotation
    >>> ada, yes = Actor("a1", mentions=(Mention("Ada", 0),)), (Mention("yes", 5),)
    >>> gold, pred = (Quotation("q1", content=yes, addressee=x) for x in ("a1", ""))
    >>> addressee(*(Document("Ada: yes", actors=(ada,), quotations=(q,)) for q in (gold, pred))).total
    Counts(p_hit=0, p_all=0, r_hit=0, r_all=1)
    """
    both = aligned(gold, pred, match)
    return fields.compare(
        both,
        _layer(both),
        lambda g, p: both.same_entity(both.sides[0].entity(g.addressee), both.sides[1].entity(p.addressee)),
        _directness,
        given=given,
        holds=lambda q: bool(q.addressee),
    )


def parent(gold: Document, pred: Document, *, match: str = "exact", given: bool = False) -> Tally:
    """Count quotations that stand inside another one, and inside the right one.

    >>> from goldwire.annotate.document import Mention, Quotation
    >>> outer = Quotation("q1", content=(Mention("he said no", 0),))
    >>> inner, loose = (Quotation("q2", content=(Mention("no", 8),), parent=x) for x in ("q1", ""))
    >>> gold, pred = (Document("he said no", quotations=(outer, q)) for q in (inner, loose))
    >>> parent(gold, pred).total
    Counts(p_hit=0, p_all=0, r_hit=0, r_all=1)
    """
    both = aligned(gold, pred, match)
    return fields.compare(
        both,
        _layer(both),
        lambda g, p: both.quotation_answered.get(p.parent) == g.parent,
        _directness,
        given=given,
        holds=lambda q: bool(q.parent),
    )


def chain(gold: Document, pred: Document, *, match: str = "exact", given: bool = False) -> Tally:
    """Count quotations passed on by others (``via``): the same entities in the same order.

    >>> from goldwire.annotate.document import Actor, Mention, Quotation
    >>> ada, bob = (Actor(f"a{i}", mentions=(Mention(n, i),)) for i, n in ((0, "A"), (2, "B")))
    >>> passed = [Quotation("q1", content=(Mention("yes", 4),), via=v) for v in (("a0", "a2"), ("a2", "a0"))]
    >>> chain(*(Document("A B yes", actors=(ada, bob), quotations=(q,)) for q in passed)).total
    Counts(p_hit=0, p_all=1, r_hit=0, r_all=1)
    """
    both = aligned(gold, pred, match)
    return fields.compare(
        both,
        _layer(both),
        lambda g, p: _same_chain(both, g, p),
        _directness,
        given=given,
        holds=lambda q: bool(q.via),
    )


def triple(gold: Document, pred: Document, *, match: str = "exact") -> Tally:
    """Count quotations of which all three are right: content, every cue, and the speaker (entity).

    >>> from goldwire.annotate.document import Mention, Quotation
    >>> said, yes = (Mention("said", 4),), (Mention("yes", 9),)
    >>> gold, bare = Quotation("q1", cue=said, content=yes), Quotation("q1", content=yes)
    >>> triple(*(Document("Ada said yes", quotations=(q,)) for q in (gold, bare))).total
    Counts(p_hit=0, p_all=1, r_hit=0, r_all=1)
    """
    both = aligned(gold, pred, match)
    sides = both.sides
    return fields.compare(
        both,
        _layer(both),
        lambda g, p: (
            both.same_spans(g.cue, p.cue) and both.same_entity(sides[0].speaker(g), sides[1].speaker(p))
        ),
        _directness,
        given=False,
    )


def _same_chain(both: Alignment, gold: Quotation, pred: Quotation) -> bool:
    names = zip(gold.via, pred.via, strict=False)
    return len(gold.via) == len(pred.via) and all(
        both.same_entity(both.sides[0].entity(g), both.sides[1].entity(p)) for g, p in names
    )


def _layer(both: Alignment) -> Layer:
    sides = both.gold.quotations, both.pred.quotations
    return Layer.of(both, "quotations", sides, lambda: both.quotations, spans.content)


def _directness(quotation: Quotation) -> str:
    return quotation.directness
