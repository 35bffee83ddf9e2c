"""A world of six letters and two labels, small enough for everything to touch everything else."""

import random

from hypothesis import strategies as st
from msgspec.structs import replace

from goldwire.annotate.document import (
    Actor,
    Argument,
    Detail,
    Document,
    Event,
    Factuality,
    Fragment,
    Link,
    Mention,
    Number,
    Place,
    Quotation,
    Span,
    Time,
)

TEXT = "abcdef"
LABELS = st.sampled_from(["A", "B"])


@st.composite
def mentions(draw, most=1):
    start = draw(st.integers(0, 5))
    end = draw(st.integers(start + 1, 6))
    more = ()
    if end < 5 and most > 1 and draw(st.booleans()):
        again = draw(st.integers(end + 1, 5))
        more = (Fragment(TEXT[again : again + 1], again),)
    head = draw(st.integers(start, end - 1))
    return Mention(TEXT[start:end], start, head=TEXT[head], head_start=head, more=more)


@st.composite
def documents(draw, most=2, repeats=False):
    """A document whose objects of all layers refer to each other, with repeated spans if asked for."""

    def several(items, key):
        return draw(st.lists(items, max_size=most, unique_by=None if repeats else key))

    spans = several(st.tuples(mentions(), LABELS, LABELS), lambda x: x[0].pieces)
    actors = tuple(
        Actor(f"a{i}", label, wikidata=draw(st.sampled_from(["", "Q1"])), mentions=tuple(ms))
        for i, (label, ms) in enumerate(_clusters(draw, spans))
    )
    spans = several(st.tuples(mentions(), LABELS, LABELS), lambda x: x[0].pieces)
    places = tuple(
        Place(f"p{i}", label, mentions=tuple(ms)) for i, (label, ms) in enumerate(_clusters(draw, spans))
    )
    values = st.sampled_from(["", "1", "1.0", "2"])
    times = tuple(
        Time(f"t{i}", m, label, value=draw(values), resolved=draw(values))
        for i, (m, label, _) in enumerate(
            several(st.tuples(mentions(), LABELS, LABELS), lambda x: (x[0].pieces, x[1]))
        )
    )
    quotes = several(st.tuples(mentions(most=2), LABELS), lambda x: x[0].pieces)
    quoted = [f"q{i}" for i in range(len(quotes))]
    people = st.sampled_from(["", *(x.id for x in (*actors, *places))])
    quotations = tuple(
        Quotation(
            f"q{i}",
            speaker=draw(people),
            speaker_span=draw(st.none() | mentions()),
            cue=tuple(draw(st.lists(mentions(), max_size=1))),
            content=(m,),
            directness=label,
            stance=draw(LABELS),
            addressee=draw(people),
            parent=draw(st.sampled_from(["", *quoted[:i]])),
            via=tuple(draw(st.lists(people.filter(bool), max_size=1))) if actors or places else (),
        )
        for i, (m, label) in enumerate(quotes)
    )
    triggers = several(st.tuples(mentions(), LABELS), lambda x: (x[0].pieces, x[1]))
    happened = [f"e{i}" for i in range(len(triggers))]
    counted = st.sampled_from(["", *happened, *(x.id for x in actors)])
    numbers = tuple(
        Number(
            f"n{i}",
            m,
            label,
            value=draw(values),
            low=draw(values),
            open_low=draw(st.booleans()),
            mod=draw(LABELS),
            stat=draw(LABELS),
            unit=draw(st.sampled_from(["", "u"])),
            counted=draw(counted),
            as_of=draw(st.sampled_from(["", *(t.id for t in times)])),
            said_by=draw(st.sampled_from(["", "AUTHOR", *quoted])),
        )
        for i, (m, label, _) in enumerate(
            several(st.tuples(mentions(), LABELS, LABELS), lambda x: (x[0].pieces, x[1]))
        )
    )
    fillers = st.sampled_from(["", *happened, *(x.id for x in (*actors, *places, *numbers, *times))])
    events = tuple(
        Event(
            f"e{i}",
            m,
            label,
            coref=draw(st.sampled_from(happened[: i + 1])),
            polarity=draw(LABELS),
            plural=draw(st.booleans()),
            details=tuple(draw(st.lists(st.builds(Detail, LABELS, LABELS), max_size=1))),
            args=tuple(draw(st.lists(st.builds(Argument, LABELS, fillers, mentions()), max_size=2))),
            factuality=tuple(
                draw(
                    st.lists(st.builds(Factuality, st.sampled_from(["AUTHOR", *quoted]), LABELS), max_size=2)
                )
            ),
        )
        for i, (m, label) in enumerate(triggers)
    )
    links = tuple(
        Link("l1", draw(st.sampled_from(happened)), draw(st.sampled_from(happened)), draw(LABELS))
        for _ in range(draw(st.integers(0, 1)) if happened else 0)
    )
    plain = tuple(Span(f"s{i}", m, label) for i, (m, label, _) in enumerate(spans))
    return Document(
        TEXT,
        actors=actors,
        places=places,
        times=times,
        numbers=numbers,
        events=events,
        links=links,
        quotations=quotations,
        spans=plain,
    )


def _clusters(draw, spans):
    """Spans as entities with one or more mentions."""
    clusters = []
    for mention, label, _ in spans:
        if clusters and draw(st.booleans()) and mention not in clusters[-1][1]:
            clusters[-1][1].append(mention)
        else:
            clusters.append((label, [mention]))
    return clusters


LAYERS = ("actors", "places", "times", "numbers", "quotations", "events", "links", "spans")


def shuffled(document, seed):
    rng = random.Random(seed)
    return replace(
        document,
        **{name: tuple(rng.sample(getattr(document, name), len(getattr(document, name)))) for name in LAYERS},
    )


def renamed(document):
    """Other ids, in another order, for every object and wherever one is referred to."""
    ids = [x.id for name in LAYERS for x in getattr(document, name)]
    new = {old: f"z{len(ids) - i}" for i, old in enumerate(ids)}

    def change(item):
        if isinstance(item, str):
            return new.get(item, item)
        if isinstance(item, tuple):
            return tuple(map(change, item))
        if isinstance(item, (Event, Quotation, Number, Actor, Place, Time, Link, Span, Argument, Factuality)):
            return replace(
                item, **{f: change(getattr(item, f)) for f in item.__struct_fields__ if f != "extra"}
            )
        return item

    return replace(document, **{name: change(getattr(document, name)) for name in LAYERS})
