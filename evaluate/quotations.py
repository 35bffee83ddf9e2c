"""Metrics of the quotations' layer: content and cue."""

from __future__ import annotations

from goldwire.annotate.document import Document
from goldwire.evaluate import spans
from goldwire.evaluate.counts import Tally


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
