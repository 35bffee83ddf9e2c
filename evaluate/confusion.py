"""Which type was taken for which: gold labels against predicted ones, over spans that answer each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from goldwire.annotate.document import Document
from goldwire.evaluate import spans
from goldwire.evaluate.match import align, matching, shared

# Layer -> its spans with their types.
TYPES = spans.STRETCHES | {"spans": spans.plain}
NONE = ""


def confusion(
    pairs: Iterable[tuple[Document, Document]], layer: str, *, match: str = "overlap@0.5"
) -> Counter[tuple[str, str]]:
    """How often a gold type (first) met a predicted one; ``NONE`` stands for no span on that side.

    Spans are paired whatever their labels; those in masked text are left out, as in the scores.

    >>> from goldwire.annotate.document import Event, Mention
    >>> raid, talk = Event("e1", Mention("raid", 4), "STRIKE"), Event("e2", Mention("talk", 9), "MEET")
    >>> wrong = Event("e1", Mention("raid", 4), "MEET")
    >>> both = [Document("The raid talk", events=events) for events in ((raid, talk), (wrong,))]
    >>> sorted(confusion([(both[0], both[1])], "events").items())
    [(('MEET', ''), 1), (('STRIKE', 'MEET'), 1)]
    """
    how = matching(match)
    found: Counter[tuple[str, str]] = Counter()
    for gold, pred in pairs:
        mask = spans.masked(gold, layer)
        g = [s for s in TYPES[layer](gold) if s.pieces and not shared(s.pieces, mask)]
        p = [s for s in TYPES[layer](pred) if s.pieces]
        met = align(g, p, how, typed=False)
        answered = {x.gold: x.pred for x in met}
        used = set(answered.values())
        for i, s in enumerate(g):
            found[s.label, p[answered[i]].label if i in answered else NONE] += 1
        for j, s in enumerate(p):
            if j not in used and not shared(s.pieces, mask):
                found[NONE, s.label] += 1
    return found
