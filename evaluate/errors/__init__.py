"""Every error of a prediction, each with one cause.

One fixed order decides what belongs together, whatever the way of matching of a
score: exact with label, exact, head, any overlap. What is paired by the first is
right, or wrong in one of its fields; what is paired by a later one has one cause;
what is left over on either side is missed or spurious, or says why: a duplicate,
a part of something split, one of several merged, or words that stand nowhere.

So for each layer: gold items = right + pairs + left over in gold, and predicted
items = right + pairs + left over in the prediction. What is right is what the
metric of the layer (``causes.JUDGED``) counts under exact matching; of actors and places,
a mention is right if it has the right type and belongs to the right entity.
"""

from __future__ import annotations

from collections.abc import Iterable

from goldwire.annotate import files
from goldwire.annotate.document import Document
from goldwire.annotate.ontology import Ontology
from goldwire.evaluate.alignment import Alignment
from goldwire.evaluate.causes import Judged
from goldwire.evaluate.documents import named, pair
from goldwire.evaluate.errors import arguments, items
from goldwire.evaluate.labels import LabelMap, typed
from goldwire.evaluate.tallies import suited, tried


def errors(
    gold: Iterable[Document],
    pred: Iterable[Document],
    *,
    labels: LabelMap | None = None,
    ontology: Ontology | None = None,
    where: str = "prediction",
) -> list[Judged]:
    """Judge every layer that was attempted, document by document, against the reading that suits it best.

    Raises ProblemError as ``score`` does.
    """
    paired = pair(gold, pred, where=where)
    golds, preds = [g for g, _ in paired.documents], [p for _, p in paired.documents]
    both = typed(golds, preds, ontology or files.ontology(), labels)
    attempted = tried(both)
    layers = {m.layer for m in attempted} | (
        {"arguments"} if any("argument" in m.name for m in attempted) else set()
    )
    found = []
    for i, (g, p) in enumerate(zip(both.gold, both.pred, strict=True)):
        reading = suited(g, p, attempted, "exact")
        found += [j for j in judge(reading, p, name=named(g, i)) if j.layer in layers]
    return found


def judge(gold: Document, pred: Document, *, name: str = "") -> list[Judged]:
    """Every layer of one document; ``name`` is what the document is called in the errors.

    >>> from goldwire.annotate.document import Event, Mention
    >>> raid, talk = Event("e1", Mention("raid", 0), "STRIKE"), Event("e2", Mention("talk", 5), "MEET")
    >>> wrong, none = Event("e1", Mention("raid", 0), "MEET"), Event("e2", Mention("now", 10), "MEET")
    >>> gold, pred = (Document("raid talk now", events=es) for es in ((raid, talk), (wrong, none)))
    >>> events = judge(gold, pred)
    >>> [(e.cause, e.gold, e.pred) for e in events[0].errors]
    [('type', 'raid', 'raid'), ('missed', 'talk', ''), ('spurious', '', 'now')]
    """
    both = Alignment(gold, pred)
    events, *others = items.layers(both, name)
    return [events, arguments.arguments(both, name), *others]
