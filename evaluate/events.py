"""Metrics of events: triggers, arguments, attributes, factuality, identity, links.

Every metric but the first counts what belongs to events that answer each other:
of the same type, their triggers matched (``alignment.py``).
"""

from __future__ import annotations

from collections.abc import Hashable

from goldwire.annotate.document import Argument, Document, Event, Link
from goldwire.evaluate import fields, identity, spans, templates
from goldwire.evaluate.alignment import Alignment, aligned
from goldwire.evaluate.counts import Entry, Tally
from goldwire.evaluate.fields import Layer
from goldwire.evaluate.lookup import Side
from goldwire.evaluate.match import Pair, Pieces, Stretch, align, matching, one_to_one, shared


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


def argument(
    gold: Document,
    pred: Document,
    *,
    match: str = "exact",
    by: str = "entity",
    typed: bool = True,
    given: bool = False,
) -> Tally:
    """Count arguments found with their role (classification), without it if not ``typed`` (identification).

    An argument belongs to its event: it can be found only where its event is. ``by`` says when two
    fillers are the same: ``entity`` (any mention of the entity is as good as another), ``span`` (the
    mention that shows it, matched as ``match`` says), ``head`` (that mention, by its head). An argument
    that is said not to take part is another one than the same that does. ``given``: only arguments of
    events that were found. Labels are roles.

    >>> from goldwire.annotate.document import Actor, Argument, Event, Mention
    >>> text = "They met Ada"
    >>> ada, they = Actor("a1", mentions=(Mention("Ada", 9),)), Actor("a2", mentions=(Mention("They", 0),))
    >>> met = Event("e1", Mention("met", 5), "MEET", args=(Argument("party", "a1"), Argument("party", "a2")))
    >>> part = Event("e1", Mention("met", 5), "MEET", args=(Argument("party", "a1"),))
    >>> gold = Document(text, actors=(ada, they), events=(met,))
    >>> argument(gold, Document(text, actors=(ada,), events=(part,)))
    Tally({'party': Counts(p_hit=1, p_all=1, r_hit=1, r_all=2)})
    """
    both = aligned(gold, pred, match)
    return fields.parts(
        both,
        _layer(both),
        lambda e: e.args,
        lambda g, p: both.same_argument(g, p, by=by, typed=typed),
        lambda a: a.role,
        given=given,
    )


def pooled_argument(
    gold: Document, pred: Document, *, match: str = "exact", by: str = "span", typed: bool = True
) -> Tally:
    """Count arguments by the type of their event, whichever event of that type they belong to.

    This is the convention of ACE 2005 evaluations (Li, Ji & Huang 2013): two events of one type whose
    arguments are exchanged score as if nothing had happened. Repeated arguments count once.

    >>> from goldwire.annotate.document import Actor, Argument, Event, Mention
    >>> text, ada = "Ada met, met", Actor("a1", mentions=(Mention("Ada", 0),))
    >>> first = Event("e1", Mention("met", 4), "MEET", args=(Argument("party", "a1"),))
    >>> both = Argument("party", "a1"), Argument("place", "a1")
    >>> second = Event("e1", Mention("met", 9), "MEET", args=both)
    >>> gold, pred = (Document(text, actors=(ada,), events=(e,)) for e in (first, second))
    >>> pooled_argument(gold, pred).total, argument(gold, pred).total.p_hit
    (Counts(p_hit=1, p_all=2, r_hit=1, r_all=1), 0)
    """
    both = aligned(gold, pred, match)
    mask = spans.masked(gold, "events")
    pools = [_pool(side, by, mask) for side in both.sides]
    # Only what has a key in common can be the same, so that long documents fall into many small ones.
    groups: dict[Hashable, tuple[list[int], list[int]]] = {}
    for k, pool in enumerate(pools):
        for i, (kind, a, _) in enumerate(pool):
            key = kind, (a.role, a.polarity) if typed else "", _key(both, k, a, by)
            groups.setdefault(key, ([], []))[k].append(i)
    hits: tuple[set[int], set[int]] = set(), set()
    for numbers in groups.values():
        args = [[pools[k][i][1] for i in numbers[k]] for k in (0, 1)]
        for x in _pooled(both, args[0], args[1], by):
            hits[0].add(numbers[0][x.gold])
            hits[1].add(numbers[1][x.pred])
    return Tally(
        [Entry(a.role, at, r_hit=int(i in hits[0]), r_all=1) for i, (_, a, at) in enumerate(pools[0])]
        + [Entry(a.role, at, p_hit=int(j in hits[1]), p_all=1) for j, (_, a, at) in enumerate(pools[1])]
    )


def attribute(
    gold: Document, pred: Document, *, match: str = "exact", name: str, given: bool = False
) -> Tally:
    """Count events whose attribute ``name`` is right: of those found, if ``given``, else of all.

    ``name`` is polarity, modality, tense, phase or plural. Labels are its values.

    >>> from goldwire.annotate.document import Event, Mention
    >>> no = Event("e1", Mention("raid", 3), "STRIKE", polarity="neg")
    >>> yes, other = Event("e1", Mention("raid", 3), "STRIKE"), Event("e2", Mention("No", 0), "STRIKE")
    >>> gold, pred = Document("No raid", events=(no,)), Document("No raid", events=(yes, other))
    >>> attribute(gold, pred, name="polarity").total, attribute(gold, pred, name="modality", given=True).total
    (Counts(p_hit=0, p_all=2, r_hit=0, r_all=1), Counts(p_hit=1, p_all=1, r_hit=1, r_all=1))
    """
    both = aligned(gold, pred, match)
    return fields.compare(
        both,
        _layer(both),
        lambda g, p: getattr(g, name) == getattr(p, name),
        lambda e: str(getattr(e, name)).lower(),
        given=given,
    )


def detail(gold: Document, pred: Document, *, match: str = "exact", given: bool = False) -> Tally:
    """Count the attributes that belong to an event's type (method, outcome …), name and value.

    Labels are the names.

    >>> from goldwire.annotate.document import Detail, Event, Mention
    >>> raid = Event("e1", Mention("raid", 0), "STRIKE", details=(Detail("method", "aerial"),))
    >>> bare = Event("e1", Mention("raid", 0), "STRIKE")
    >>> detail(Document("raid", events=(raid,)), Document("raid", events=(bare,)))
    Tally({'method': Counts(p_hit=0, p_all=0, r_hit=0, r_all=1)})
    """
    both = aligned(gold, pred, match)
    return fields.parts(
        both, _layer(both), lambda e: e.details, lambda g, p: g == p, lambda d: d.name, given=given
    )


def factuality(
    gold: Document, pred: Document, *, match: str = "exact", typed: bool = True, given: bool = False
) -> Tally:
    """Count judgements of how certain a holder is of an event: holder and, if ``typed``, value right.

    Holders are the author, or quotations that answer each other or have the same speaker. With ``given``
    only judgements of holders that were found for events that were found are counted. Labels are values.

    >>> from goldwire.annotate.document import Event, Factuality, Mention
    >>> raid, sure, open_ = Mention("raid", 0), Factuality("AUTHOR", "CT+"), Factuality("AUTHOR", "U")
    >>> gold, pred = (Document("raid", events=(Event("e1", raid, factuality=(f,)),)) for f in (sure, open_))
    >>> factuality(gold, pred)["CT+"], factuality(gold, pred, typed=False).total.r_hit
    (Counts(p_hit=0, p_all=0, r_hit=0, r_all=1), 1)
    """
    both = aligned(gold, pred, match)
    return fields.parts(
        both,
        _layer(both),
        lambda e: e.factuality,
        lambda g, p: both.same_holder(g.holder, p.holder) and (g.value == p.value or not typed),
        lambda f: f.value,
        given=given,
        within=lambda g, p: both.same_holder(g.holder, p.holder),
    )


def link(gold: Document, pred: Document, *, match: str = "exact", typed: bool = True) -> Tally:
    """Count links between events: the same two events, and if ``typed`` the same relation.

    An event is as good as any other mention of it. Labels are the relations.

    >>> from goldwire.annotate.document import Event, Link, Mention
    >>> raid, fire = Event("e1", Mention("raid", 0), "STRIKE"), Event("e2", Mention("fire", 5), "ATTACK")
    >>> forth, back = Link("l1", "e1", "e2", "CAUSES"), Link("l1", "e2", "e1", "CAUSES")
    >>> gold, pred = (Document("raid fire", events=(raid, fire), links=(x,)) for x in (forth, back))
    >>> link(gold, pred)
    Tally({'CAUSES': Counts(p_hit=0, p_all=1, r_hit=0, r_all=1)})
    """
    both = aligned(gold, pred, match)
    first, second = both.sides

    def same(g: Link, p: Link) -> int:
        ends = both.same_entity(first.entity(g.source), second.entity(p.source))
        return (ends and both.same_entity(first.entity(g.target), second.entity(p.target))) * (
            1 + (g.type == p.type) if g.type == p.type or not typed else 0
        )

    pairs = one_to_one(gold.links, pred.links, same)
    hits = {x.gold for x in pairs}, {x.pred for x in pairs}
    return Tally(
        [Entry(x.type, -1, r_hit=int(i in hits[0]), r_all=1) for i, x in enumerate(gold.links)]
        + [Entry(x.type, -1, p_hit=int(j in hits[1]), p_all=1) for j, x in enumerate(pred.links)]
    )


def coreference(gold: Document, pred: Document, *, match: str = "exact", metric: str) -> Tally:
    """Count how well mentions of one event are put together; ``metric`` as in ``coreference.py``.

    Events are mentions of the same thing if their triggers answer each other, whatever their types.

    >>> from goldwire.annotate.document import Event, Mention
    >>> first, second = Event("e1", Mention("raid", 0), coref="e1"), Event("e2", Mention("it", 6), coref="e1")
    >>> apart = Event("e2", Mention("it", 6), coref="e2")
    >>> gold, pred = (Document("raid, it", events=(first, e)) for e in (second, apart))
    >>> coreference(gold, pred, metric="muc"), coreference(gold, pred, metric="ceaf_m").total
    (Tally({'': Counts(p_hit=0, p_all=0, r_hit=0, r_all=1)}), Counts(p_hit=1, p_all=2, r_hit=1, r_all=2))
    """
    both = aligned(gold, pred, match)
    mentions, clusters = clustered(both)
    return identity.count(both, "events", lambda: mentions, clusters, metric)


def clustered(both: Alignment) -> tuple[list[list[Stretch]], list[list[str]]]:
    """The triggers of either side, and the name of the cluster of each."""
    return (
        [[spans.stretch(e.trigger, e.type) for e in d.events] for d in (both.gold, both.pred)],
        [[side.cluster[e.id] for e in side.document.events] for side in both.sides],
    )


def filler(gold: Document, pred: Document, *, match: str = "exact") -> Tally:
    """Count who fills which role, over the whole document (CEAF-REE, Du, Rush & Cardie 2021).

    An event's fillers are those of all its mentions; an entity that fills a role of several events fills
    it once. Entities are paired one to one within a role, whatever the event; a predicted one is right if
    all its mentions are the gold one's. Labels are roles.

    >>> from goldwire.annotate.document import Actor, Argument, Event, Mention
    >>> text, met = "Ada met Bob", Mention("met", 4)
    >>> ada, bob = Actor("a1", mentions=(Mention("Ada", 0),)), Actor("a2", mentions=(Mention("Bob", 8),))
    >>> event = Event("e1", met, "MEET", args=(Argument("party", "a1"), Argument("party", "a2")))
    >>> wrong = Event("e1", Mention("Bob", 8), "WAR", args=(Argument("party", "a1"),))
    >>> gold = Document(text, actors=(ada, bob), events=(event,))
    >>> filler(gold, Document(text, actors=(ada,), events=(wrong,)))
    Tally({'party': Counts(p_hit=1.0, p_all=1, r_hit=1.0, r_all=2)})
    """
    sides = map(templates.pooled, identity.templates(aligned(gold, pred, match)))
    rows = templates.ceaf_ree(*sides)
    return Tally(identity.entry(role, row) for role, row in rows.items())


def template(gold: Document, pred: Document, *, match: str = "exact", phi: str = "entities") -> Tally:
    """Count what events, each with its fillers, have in common, events paired one to one (CEAF-RME).

    Events of the same type may be paired, whatever their triggers (Chen et al. 2023). ``phi`` is entities
    (phi subset: an entity is right if all its mentions are the gold one's) or mentions (phi 3).

    >>> from goldwire.annotate.document import Actor, Argument, Event, Mention
    >>> ada = Actor("a1", mentions=(Mention("Ada", 0), Mention("she", 9)))
    >>> part = Actor("a1", mentions=(Mention("Ada", 0),))
    >>> met = Event("e1", Mention("met", 4), "MEET", args=(Argument("party", "a1"),))
    >>> gold, pred = (Document("Ada met, she", actors=(a,), events=(met,)) for a in (ada, part))
    >>> template(gold, pred).total, template(gold, pred, phi="mentions").total
    (Counts(p_hit=1.0, p_all=1, r_hit=1.0, r_all=1), Counts(p_hit=1.0, p_all=1, r_hit=1.0, r_all=2))
    """
    similarity = templates.within if phi == "entities" else templates.common
    both = aligned(gold, pred, match)
    sides = identity.templates(both)
    row = templates.ceaf_rme(*sides, similarity=similarity, copies=identity.copies(both, *sides))
    return Tally([identity.entry("", row)])


def _layer(both: Alignment) -> Layer:
    sides = both.gold.events, both.pred.events
    return Layer.of(both, "events", sides, lambda: both.events, _place)


def _place(event: Event) -> Pieces:
    return spans.stretch(event.trigger).pieces


def _pooled(both: Alignment, gold: list[Argument], pred: list[Argument], by: str) -> list[Pair]:
    """Pair arguments by their fillers alone, those of the same role where there is a choice."""

    def role(i: int, j: int) -> int:
        return int(gold[i].role == pred[j].role and gold[i].polarity == pred[j].polarity)

    if by == "entity":
        return one_to_one(gold, pred, lambda g, p: both.same_argument(g, p, by=by, typed=False))
    shown = [
        [(i, s) for i, a in enumerate(x) if (s := both.sides[k].evidence(a))]
        for k, x in enumerate((gold, pred))
    ]
    how = matching("head") if by == "head" else both.how
    first, second = ([s for _, s in side] for side in shown)
    found = align(
        both.measured(first),
        both.measured(second),
        how,
        typed=False,
        prefer=lambda i, j: role(shown[0][i][0], shown[1][j][0]),
    )
    return [x._replace(gold=shown[0][x.gold][0], pred=shown[1][x.pred][0]) for x in found]


def _key(both: Alignment, side: int, argument: Argument, by: str) -> Hashable:
    """What two fillers have in common if they are the same; nothing where an overlap is enough."""
    if by == "entity":
        filler = both.sides[side].filler(argument)
        known = both.stands_for if side else both.sides[0].twins
        return known.get(filler) if filler is not None else None
    if by == "span" and both.how.mode == "exact":
        shown = both.sides[side].evidence(argument)
        return shown and shown.pieces
    return None


def _pool(side: Side, by: str, mask: Pieces) -> list[tuple[str, Argument, int]]:
    """(event type, argument, place) of every argument, each combination of type, role and filler once."""
    found: dict[tuple[object, ...], tuple[str, Argument, int]] = {}
    for event in side.document.events:
        if shared(_place(event), mask):
            continue
        for argument in event.args:
            shown = side.evidence(argument)
            filler = side.filler(argument) if by == "entity" else shown and shown.pieces
            key = (event.type, argument.role, argument.polarity, filler)
            found.setdefault(key, (event.type, argument, event.trigger.start))
    return list(found.values())
