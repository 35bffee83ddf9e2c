"""Scorers of event triggers and arguments by offsets: ACE as in Li et al. 2013, TextEE, OneIE.

An event is its trigger (start, end, type) and its arguments, each (start, end, role).
Sources: Li, Ji & Huang 2013; Lin et al. 2020; Huang et al. 2024; and what TextEE at
25d5dca and the OneIE scorer in it answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

from goldwire.evaluate.counts import Four as Row

Mark = tuple[int, int, str]


class Event(NamedTuple):
    """A trigger and its arguments, each (start, end, type or role), half-open."""

    trigger: Mark
    arguments: tuple[Mark, ...] = ()


Events = Sequence[Event]


def keys(events: Events) -> dict[str, list[Hashable]]:
    """What is compared for each measure, one key an item, repetitions kept.

    An argument stands beside the *type* of its event; beside its trigger only where "attached".
    """
    arguments = [(e.trigger, a) for e in events for a in e.arguments]
    return {
        "trigger_id": [e.trigger[:2] for e in events],
        "trigger_cls": [e.trigger for e in events],
        "argument_id": [(t[2], *a[:2]) for t, a in arguments],
        "argument_cls": [(t[2], *a) for t, a in arguments],
        "argument_attached_id": [(*t, *a[:2]) for t, a in arguments],
        "argument_attached_cls": [(*t, *a) for t, a in arguments],
    }


def textee(gold: Events, pred: Events) -> dict[str, Row]:
    """Count triggers and arguments as sets, as TextEE end to end: what is said twice counts once.

    >>> gold = [Event((3, 4, "Hit"), ((0, 2, "agent"),)), Event((9, 10, "Hit"), ((6, 8, "agent"),))]
    >>> rows = textee(gold, [Event((3, 4, "Hit"), ((0, 2, "agent"), (6, 8, "agent")))])
    >>> rows["argument_cls"], rows["argument_attached_cls"]
    ((2, 2, 2, 2), (1, 2, 1, 2))
    """
    wanted, given = keys(gold), keys(pred)
    return {name: _sets(wanted[name], given[name]) for name in wanted}


def textee_fixed(gold: Events, pred: Events) -> dict[str, Row]:
    """The same with repetitions counted: the second copy of an answer is wrong.

    >>> event = Event((3, 4, "Attack"))
    >>> textee_fixed([event], [event, event])["trigger_cls"]
    (1, 2, 1, 1)
    """
    wanted, given = keys(gold), keys(pred)
    return {name: _bags(wanted[name], given[name]) for name in wanted}


def oneie(gold: Events, pred: Events) -> dict[str, Row]:
    """Count as OneIE's ``score_graphs`` (and DyGIE++).

    Faults kept: a trigger's type is compared with that of the first gold trigger at its offsets only,
    and each copy of a right trigger is right again, so that recall may exceed 1.

    >>> gold = [Event((3, 4, "Attack")), Event((3, 4, "Die"))]
    >>> oneie(gold, gold)["trigger_cls"], oneie(gold, [gold[0], gold[0], gold[0]])["trigger_id"]
    ((1, 2, 1, 2), (3, 3, 3, 2))
    """
    first: dict[tuple[int, int], str] = {}
    for event in gold:
        first.setdefault(event.trigger[:2], event.trigger[2])
    found = [e.trigger for e in pred if e.trigger[:2] in first]
    typed = sum(first[t[:2]] == t[2] for t in found)
    wanted, given = set(keys(gold)["argument_cls"]), set(keys(pred)["argument_cls"])
    spans = set(keys(gold)["argument_id"])
    # A span with two roles is two arguments here, even where only the span is looked at.
    inside = sum(key in spans for key in _spans(given))
    right = len(wanted & given)
    return {
        "trigger_id": (len(found), len(pred), len(found), len(gold)),
        "trigger_cls": (typed, len(pred), typed, len(gold)),
        "argument_id": (inside, len(given), inside, len(wanted)),
        "argument_cls": (right, len(given), right, len(wanted)),
    }


def _spans(arguments: Iterable[Hashable]) -> list[Hashable]:
    return [key[:3] for key in arguments if isinstance(key, tuple)]


def _sets(gold: Iterable[Hashable], pred: Iterable[Hashable]) -> Row:
    wanted, given = set(gold), set(pred)
    hit = len(wanted & given)
    return hit, len(given), hit, len(wanted)


def _bags(gold: Iterable[Hashable], pred: Iterable[Hashable]) -> Row:
    wanted, given = Counter(gold), Counter(pred)
    hit = (wanted & given).total()
    return hit, given.total(), hit, wanted.total()


def spacy_spans(gold: Iterable[Mark], pred: Iterable[Mark]) -> dict[str, Row]:
    """Count labelled spans as sets, per label, as spaCy's ``Scorer.score_spans``: copies count once.

    >>> spacy_spans([(0, 2, "PER"), (3, 4, "LOC")], [(0, 2, "PER"), (0, 2, "PER"), (3, 4, "PER")])
    {'LOC': (0, 0, 0, 1), 'PER': (1, 2, 1, 1)}
    """
    wanted, given = set(gold), set(pred)
    hit, p_all, r_all = (Counter(label for _, _, label in side) for side in (wanted & given, given, wanted))
    return {x: (hit[x], p_all[x], hit[x], r_all[x]) for x in sorted(p_all.keys() | r_all.keys())}


def spans_fixed(gold: Iterable[Mark], pred: Iterable[Mark]) -> dict[str, Row]:
    """The same with repetitions counted, and no tags between: the second copy of an answer is wrong.

    >>> spans_fixed([(0, 2, "PER")], [(0, 2, "PER"), (0, 2, "PER")])
    {'PER': (1, 2, 1, 1)}
    """
    wanted, given = Counter(gold), Counter(pred)
    labels = sorted({label for _, _, label in wanted | given})
    return {
        x: _bags((m for m in wanted.elements() if m[2] == x), (m for m in given.elements() if m[2] == x))
        for x in labels
    }
