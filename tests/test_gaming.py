"""Systems that play a metric instead of reading the text: none may gain by it."""

import itertools

import pytest
from msgspec.structs import replace

import goldwire
from goldwire.annotate import files
from goldwire.annotate.document import Actor, Event, Mention, Number, Place, Quotation
from goldwire.evaluate import across

GOLD = [replace(d, ambiguities=()) for d in files.gold()]
TABLE = across.table(across.packaged())
WAYS = ("exact", "head", "overlap@0.5", "partial")


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


def every_span(document):
    """Every stretch of up to three words as somebody, somewhere, some number and something said."""
    bounds, start = [], 0
    for word in document.text.split(" "):
        bounds.append((start, start + len(word)))
        start += len(word) + 1
    spans = [(a[0], b[1]) for n in range(3) for a, b in zip(bounds, bounds[n:], strict=False) if a[0] < a[1]]
    found = [Mention(document.text[a:b], a) for a, b in spans[::2]]
    return replace(
        document,
        actors=(*document.actors, *(Actor(f"x{i}", "PER", mentions=(m,)) for i, m in enumerate(found))),
        places=(*document.places, *(Place(f"y{i}", "city", mentions=(m,)) for i, m in enumerate(found))),
        numbers=(*document.numbers, *(Number(f"m{i}", m, "COUNT", "1") for i, m in enumerate(found))),
        quotations=(*document.quotations, *(Quotation(f"z{i}", content=(m,)) for i, m in enumerate(found))),
    )


def all_singletons(document):
    """Every mention is somebody of its own; who acts and speaks is the first of them."""

    def apart(items):
        return tuple(
            replace(x, id=f"{x.id}.{n}" if n else x.id, mentions=(m,))
            for x in items
            for n, m in enumerate(x.mentions)
        )

    return replace(
        document,
        actors=apart(document.actors),
        places=apart(document.places),
        events=tuple(replace(e, coref=e.id) for e in document.events),
    )


def same_everywhere(document):
    """Everybody, and every place, is one and the same in all articles."""
    one = {"entity": "one"}
    return replace(
        document,
        actors=tuple(replace(a, extra=one) for a in document.actors),
        places=tuple(replace(p, extra=one) for p in document.places),
    )


def telling(document):
    """What gold's table says of identity across articles, of the objects that are there."""

    def named(items):
        known = ((x, TABLE.get((document.meta.doc_id, x.id))) for x in items)
        return tuple(replace(x, extra={"entity": entity}) if entity else x for x, entity in known)

    return replace(document, actors=named(document.actors), places=named(document.places))


def f1s(pred, match):
    rows = goldwire.score(GOLD, pred, match=match, entities=TABLE).rows()
    return {r.metric: r.rates.f1 for r in rows if r.label == "micro" and "given" not in r.metric}


def halves(document):
    """The text in two halves, each somebody, some event, a number and a quotation, besides what was found."""
    middle = len(document.text) // 2
    parts = [Mention(document.text[a:b], a) for a, b in ((0, middle), (middle, len(document.text)))]
    return replace(
        document,
        events=(*document.events, *(Event(f"w{i}", m, "STRIKE") for i, m in enumerate(parts))),
        actors=(*document.actors, *(Actor(f"x{i}", "PER", mentions=(m,)) for i, m in enumerate(parts))),
        numbers=(*document.numbers, *(Number(f"m{i}", m, "COUNT", "1") for i, m in enumerate(parts))),
        quotations=(*document.quotations, *(Quotation(f"z{i}", content=(m,)) for i, m in enumerate(parts))),
    )


TRICKS = (
    halves,
    duplicates,
    whole_document,
    every_word,
    every_span,
    one_heap,
    all_singletons,
    every_role,
    same_everywhere,
)


@pytest.mark.parametrize(
    ("trick", "match"),
    itertools.product(TRICKS, WAYS),
    ids=lambda x: x if isinstance(x, str) else x.__name__,
)
def test_tricks_do_not_pay(trick, match):
    plain = [telling(honest(d)) for d in GOLD]
    before, after = f1s(plain, match), f1s(list(map(trick, plain)), match)
    gained = {
        name: (round(before[name], 3), round(after[name], 3))
        for name in before
        if after.get(name, 0) > before[name] + 1e-9
    }
    assert gained == {}
