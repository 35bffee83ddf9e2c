"""Every metric there is, by name: ``numbers.span`` is ``def span`` in ``evaluate/numbers.py``.

A name may go on with the options that the row fixes: ``numbers.span(typed=False)``.
A metric is a function of (gold document, predicted document), its options are
keyword-only, and what it returns maps labels to rows of counts that add.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from goldwire.annotate.document import Document
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate import actors, events, identity, numbers, places, quotations, spans, times
from goldwire.evaluate.counts import Tally

CLUSTERS = identity.METRICS
LAYERS = ("events", "actors", "places", "times", "numbers", "quotations", "spans")
Held = Callable[[Document], bool]


@dataclass(frozen=True)
class Metric:
    """One row of the table.

    ``finished`` is the name in ``meta.layers`` that says the annotation is meant to be there; ``held``
    whether a prediction holds any. ``main`` metrics stand in the short report. ``macro`` tells that a
    mean over labels makes sense. ``exempt`` maps a law (``laws``) that the metric breaks on purpose
    to the reason.
    """

    layer: str
    function: Callable[..., Tally]
    finished: str
    held: Held
    options: Mapping[str, Any] = field(default_factory=dict)
    main: bool = False
    macro: bool = False
    exempt: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Layer, function and fixed options."""
        fixed = ", ".join(f"{key}={value}" for key, value in self.options.items())
        return f"{self.layer}.{self.function.__name__}" + (f"({fixed})" if fixed else "")

    @property
    def judges(self) -> bool:
        """Whether the metric has a say in which joint reading of gold suits a prediction best.

        Every field has one, end to end; metrics that look at the same from another side have none.
        """
        fields = ("attribute", "detail", "reference", "addressee", "link")
        return not (self.match or "given" in self.options) and (self.main or self.function.__name__ in fields)

    @property
    def given(self) -> str:
        """The name of the same metric that counts only where the object is found; "" if there is none."""
        twin = Metric(self.layer, self.function, "", self.held, {**self.options, "given": True}).name
        return twin if twin in METRICS else ""

    @property
    def match(self) -> str:
        """The way of matching that the row fixes, else ""."""
        return str(self.options.get("match", ""))

    def __call__(self, gold: Document, pred: Document, *, match: str = "exact") -> Tally:
        """Count one document."""
        return self.function(gold, pred, **{"match": match, **self.options})

    def attempted(self, pred: Document) -> bool:
        """Whether the prediction says that it did this layer, or holds any of it."""
        return self.finished in pred.meta.layers or self.held(pred)


# Reasons that several metrics share.
HEAP = (
    "a predicted entity stands for the gold entity with which it shares most mentions: "
    "several pieces may stand for one, but one heap never for several"
)
CHOICE = "objects are aligned for the sake of all their fields, so a rival may win one field and lose another"
NEARER = "where an overlap is enough, a nearer trigger may take the place of one with better arguments"
SHARE = "the tolerance is a share of the gold value"
YEAR = "an X in gold stands for any digit"
SUBSET = "a predicted entity is right if it is a part of the gold one, and not the other way round"
MERGED = "a new mention may join what should be apart, and clusters are counted as wholes"
GIVEN = dict.fromkeys(("wrong", "defined"), "only objects that were found are counted")
COPIES = "copies of what is found count where they are predicted; two gold objects at one place are two"
PART = "an entity that is wrong already may grow at no cost"
UNLINKED = dict.fromkeys(("identity", "defined"), "a mention that stands alone has no link to count")


def _any(layer: str, *fields: str) -> Held:
    """Whether any object of a layer has something in each of the fields."""
    return lambda d: any(all(getattr(x, f) for f in fields) for x in getattr(d, layer))


def _any_mention(layer: str, field: str) -> Held:
    return lambda d: any(getattr(m, field) for x in getattr(d, layer) for m in x.mentions)


def _spans(layer: str, function: Callable[..., Tally], finished: str, kind: str) -> Iterator[Metric]:
    yield Metric(layer, function, finished, _any(layer, kind), main=True, macro=True)
    yield Metric(layer, function, finished, _any(layer), {"typed": False}, main=True)


def _both(
    layer: str,
    function: Callable[..., Tally],
    finished: str,
    held: Held,
    *,
    main: bool = True,
    swap: str = "",
    **options: Any,
) -> Iterator[Metric]:
    """A field of objects: end to end, and given that the object is found."""
    exempt = {"another": CHOICE, **({"swap": swap} if swap else {})}
    yield Metric(layer, function, finished, held, options, main, exempt=exempt)
    laws = {"swap": COPIES, **exempt, **GIVEN}
    yield Metric(layer, function, finished, held, {**options, "given": True}, False, exempt=laws)


def _clusters(layer: str, function: Callable[..., Tally], held: Held) -> Iterator[Metric]:
    for metric in identity.METRICS:
        exempt, main = {"another": MERGED, "right": MERGED}, metric == "lea"
        if metric in ("muc", "blanc_coref", "blanc_other"):
            exempt |= UNLINKED
        if metric == "ceaf_e":
            exempt["wrong"] = PART
        yield Metric(layer, function, "coreference", held, {"metric": metric}, main, exempt=exempt)


def _events() -> Iterator[Metric]:
    yield from _spans("events", events.trigger, "events", "type")
    arguments = _any("events", "args")
    exempt = {"swap": HEAP, "another": NEARER}
    for options in ({}, {"typed": False}, {"by": "span"}, {"by": "head"}, {"given": True}):
        main = "given" not in options
        laws = exempt | GIVEN if "given" in options else exempt
        yield Metric("events", events.argument, "arguments", arguments, options, main, not options, laws)
    yield Metric("events", events.pooled_argument, "arguments", arguments)
    for name, default in (
        ("polarity", "pos"),
        ("modality", "asserted"),
        ("tense", "unspecified"),
        ("phase", "none"),
        ("plural", False),
    ):
        held = _differs("events", name, default)
        main = name in ("polarity", "modality", "tense")
        yield from _both("events", events.attribute, "attributes", held, main=main, swap=HEAP, name=name)
    details, judged = _any("events", "details"), _any("events", "factuality")
    yield from _both("events", events.detail, "attributes", details, main=False, swap=HEAP)
    yield from _both("events", events.factuality, "attributes", judged, swap=HEAP)
    exempt = {"swap": HEAP, "wrong": "any mention of an event stands for it, wrong ones of its cluster too"}
    yield Metric("events", events.link, "coreference", _any("links"), main=True, exempt=exempt)
    yield from _clusters(
        "events", events.coreference, lambda d: len({e.coref or e.id for e in d.events}) < len(d.events)
    )
    exempt = {"swap": SUBSET, "another": NEARER, "wrong": PART}
    yield Metric("events", events.filler, "arguments", arguments, exempt=exempt)
    for phi in ("entities", "mentions"):
        exempt = {"another": MERGED, "swap": SUBSET if phi == "entities" else HEAP, "wrong": PART}
        yield Metric("events", events.template, "arguments", arguments, {"phi": phi}, exempt=exempt)


def _differs(layer: str, name: str, default: object) -> Held:
    return lambda d: any(getattr(x, name) != default for x in getattr(d, layer))


def _entities(layer: str, module: Any, kind: str) -> Iterator[Metric]:
    yield from _spans(layer, module.mention, "mentions", kind)
    yield from _clusters(
        layer, module.coreference, lambda d: any(len(x.mentions) > 1 for x in getattr(d, layer))
    )
    yield from _both(layer, module.link, "", _any(layer, "wikidata"), main=False)


def _actors() -> Iterator[Metric]:
    for name in ("form", "metonymy"):
        yield from _both("actors", actors.attribute, "", _any_mention("actors", name), main=False, name=name)
    held = _differs("actors", "status", "none")
    yield from _both("actors", actors.attribute, "", held, main=False, name="status")


def _numbers() -> Iterator[Metric]:
    yield from _spans("numbers", numbers.span, "numbers", "kind")
    valued = _any("numbers", "value")
    yield from _both("numbers", numbers.value, "numbers", valued)
    yield from _both("numbers", numbers.value, "numbers", valued, main=False, swap=SHARE, relative="0.05")
    yield from _both("numbers", numbers.bounds, "numbers", lambda d: any(n.low or n.high for n in d.numbers))
    for name, default in (("mod", "exact"), ("stat", "unspecified"), ("rounded", False)):
        held, main = _differs("numbers", name, default), name != "rounded"
        yield from _both("numbers", numbers.attribute, "numbers", held, main=main, name=name)
    yield from _both("numbers", numbers.unit, "numbers", _any("numbers", "unit"))
    for name in ("counted", "of", "as_of", "scope", "said_by", "trend_from"):
        held, main = _any("numbers", name), name in ("counted", "as_of")
        yield from _both("numbers", numbers.reference, "numbers", held, main=main, swap=HEAP, name=name)
    exempt = {"another": CHOICE, "swap": HEAP}
    yield Metric("numbers", numbers.fact, "numbers", valued, main=True, exempt=exempt)


def _quotations() -> Iterator[Metric]:
    quoted = _any("quotations", "content")

    def quoted_field(function: Callable[..., Tally], held: Held, **options: Any) -> Iterator[Metric]:
        # Quotations are aligned by their speakers where there is a choice, so all fields depend on these.
        return _both("quotations", function, "quotations", held, swap=HEAP, **options)

    yield Metric("quotations", quotations.content, "quotations", quoted, main=True)
    for way in ("partial-token", "partial", "partial-iou"):
        yield Metric("quotations", quotations.content, "quotations", quoted, {"match": way}, main=True)
    yield Metric("quotations", quotations.cue, "quotations", _any("quotations", "cue"), main=True)
    spoken: Held = lambda d: any(q.speaker or q.speaker_span for q in d.quotations)  # noqa: E731
    yield from quoted_field(quotations.speaker, spoken)
    yield from quoted_field(quotations.speaker, _any("quotations", "speaker_span"), by="span")
    for name, default in (("directness", "indirect"), ("stance", "assert"), ("polarity", "pos")):
        held, main = _differs("quotations", name, default), name != "polarity"
        yield from quoted_field(quotations.attribute, held, main=main, name=name)
    yield from quoted_field(quotations.addressee, _any("quotations", "addressee"), main=False)
    yield from quoted_field(quotations.parent, _any("quotations", "parent"))
    yield from quoted_field(quotations.chain, _any("quotations", "via"))
    exempt = {"another": CHOICE, "swap": HEAP}
    yield Metric("quotations", quotations.triple, "quotations", spoken, main=True, exempt=exempt)


def _times() -> Iterator[Metric]:
    yield from _spans("times", times.span, "times", "kind")
    valued, resolved = _any("times", "value"), _any("times", "resolved")
    yield from _both("times", times.value, "times", valued, swap=YEAR)
    yield from _both("times", times.value, "times", resolved, main=False, swap=YEAR, name="resolved")


ROWS: tuple[Metric, ...] = (
    *_events(),
    *_entities("actors", actors, "type"),
    *_actors(),
    *_entities("places", places, "kind"),
    *_times(),
    *_numbers(),
    *_quotations(),
    *_spans("spans", spans.span, "", "label"),
)
METRICS: dict[str, Metric] = {row.name: row for row in ROWS}


def chosen(layers: tuple[str, ...] | None) -> list[Metric]:
    """The metrics of some layers (or of single names), in the order of the table; raises ProblemError.

    >>> [m.name for m in chosen(("numbers.span",))]
    ['numbers.span', 'numbers.span(typed=False)']
    """
    if layers is None:
        return list(ROWS)
    short = {row.name.partition("(")[0] for row in ROWS}
    for name in layers:
        if name not in {*LAYERS, *short, *METRICS}:
            message = f"the layers are {', '.join(LAYERS)}; a metric's name will do, too"
            raise ProblemError(Problem(name, 0, "unknown-layer", message))
    return [row for row in ROWS if {row.layer, row.name, row.name.partition("(")[0]} & set(layers)]


# The metric that each layer is known by, where one figure stands for it.
HEADLINES = {
    "events.trigger": "events",
    "events.argument": "arguments",
    "actors.mention": "actors",
    "places.mention": "places",
    "times.span": "times",
    "numbers.span": "numbers",
    "quotations.content": "quotations",
    "spans.span": "spans",
}
