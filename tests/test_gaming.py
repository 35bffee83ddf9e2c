"""Systems that play a metric instead of reading the text: none may gain by it."""

import itertools

import pytest
from msgspec.structs import replace

import goldwire
from goldwire.annotate import files
from goldwire.annotate.document import Actor, Event, Mention, Number, Place, Quotation

GOLD = [replace(d, ambiguities=()) for d in files.gold()]
WAYS = ("exact", "head", "overlap@0.5")


def honest(document):
    """What a middling system finds: two thirds of everything, every third argument lost."""
    kept = {
        name: tuple(x for i, x in enumerate(getattr(document, name)) if i % 3)
        for name in ("actors", "places", "times", "numbers", "quotations", "events")
    }
    ids = {x.id for items in kept.values() for x in items}
    kept["events"] = tuple(
        replace(e, args=tuple(a for i, a in enumerate(e.args) if i % 3 and a.ref in ids))
        for e in kept["events"]
    )
    return replace(document, links=(), **kept)


def again(items, times=3):
    return tuple(replace(x, id=f"{x.id}.{n}") if n else x for x in items for n in range(times))


def duplicates(document):
    layers = ("actors", "places", "times", "numbers", "quotations", "events")
    return replace(document, **{name: again(getattr(document, name)) for name in layers})


def whole_document(document):
    """The whole text, in every layer and under every type of gold."""
    all_of_it = Mention(document.text, 0)
    events = tuple(Event(f"w{t}", all_of_it, t) for t in sorted({e.type for e in document.events}))
    actors = tuple(
        Actor(f"x{t}", t, mentions=(all_of_it,)) for t in sorted({a.type for a in document.actors})
    )
    return replace(
        document,
        events=(*document.events, *events),
        actors=(*document.actors, *actors),
        places=(*document.places, Place("y", "city", mentions=(all_of_it,))),
        quotations=(*document.quotations, Quotation("z", content=(all_of_it,))),
        numbers=(*document.numbers, Number("m", all_of_it, "COUNT", "1")),
    )


def every_word(document):
    """Every word as a trigger, a mention, a place and a number, besides what was found."""
    words, start = [], 0
    for word in document.text.split(" "):
        words.append(Mention(word, start)) if word else None
        start += len(word) + 1
    return replace(
        document,
        events=(*document.events, *(Event(f"w{i}", m, "STRIKE") for i, m in enumerate(words))),
        actors=(*document.actors, *(Actor(f"x{i}", "PER", mentions=(m,)) for i, m in enumerate(words))),
        places=(*document.places, *(Place(f"y{i}", "city", mentions=(m,)) for i, m in enumerate(words))),
        numbers=(*document.numbers, *(Number(f"m{i}", m, "COUNT", "1") for i, m in enumerate(words))),
    )


def one_heap(document):
    """Everybody is one actor, who does everything and says everything."""
    heap = Actor("heap", "PER", mentions=tuple(m for a in document.actors for m in a.mentions))
    ours = {a.id for a in document.actors}

    def aimed(event):
        return replace(event, args=tuple(replace(a, ref="heap") if a.ref in ours else a for a in event.args))

    def counting(number):
        return replace(number, counted="heap" if number.counted in ours else number.counted)

    return replace(
        document,
        actors=(heap,),
        events=tuple(map(aimed, document.events)),
        quotations=tuple(replace(q, speaker="heap") for q in document.quotations),
        numbers=tuple(
            replace(n, counted="heap" if n.counted in ours else n.counted) for n in document.numbers
        ),
    )


def every_role(document):
    """Every actor in every role of every event."""
    roles = sorted({a.role for e in document.events for a in e.args})
    more = [
        replace(a, role=role) for e in document.events for a in e.args for role in roles if role != a.role
    ]
    return replace(document, events=tuple(replace(e, args=(*e.args, *more)) for e in document.events))


def f1s(pred, match):
    rows = goldwire.score(GOLD, pred, match=match).rows()
    return {r.metric: r.rates.f1 for r in rows if r.label == "micro" and "given" not in r.metric}


@pytest.mark.parametrize(
    ("trick", "match"),
    itertools.product((duplicates, whole_document, every_word, one_heap, every_role), WAYS),
    ids=lambda x: x if isinstance(x, str) else x.__name__,
)
def test_tricks_do_not_pay(trick, match):
    plain = [honest(d) for d in GOLD]
    before, after = f1s(plain, match), f1s(list(map(trick, plain)), match)
    gained = {
        name: (round(before[name], 3), round(after[name], 3))
        for name in before
        if after.get(name, 0) > before[name] + 1e-9
    }
    assert gained == {}
