"""Every metric there is, by name: ``numbers.span`` is ``def span`` in ``evaluate/numbers.py``.

A name may go on with the options that the row fixes: ``numbers.span(typed=False)``.
A metric is a function of (gold document, predicted document), its options are
keyword-only, and what it returns maps labels to rows of counts that add.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from goldwire.annotate.document import Document
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate import actors, events, numbers, places, quotations, spans, times
from goldwire.evaluate.counts import Tally

LAYERS = ("events", "actors", "places", "times", "numbers", "quotations", "spans")


@dataclass(frozen=True)
class Metric:
    """One row of the table.

    ``finished`` is the name in ``meta.layers`` that says the annotation is meant to be there;
    ``held`` whether a prediction holds any. ``spans`` tells that the way of matching spans changes
    the metric. ``exempt`` maps a law that the metric breaks on purpose to the reason.
    """

    layer: str
    function: Callable[..., Tally]
    finished: str
    held: Callable[[Document], bool]
    options: Mapping[str, Any] = field(default_factory=dict)
    matches: bool = True
    exempt: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Layer, function and fixed options."""
        fixed = ", ".join(f"{key}={value}" for key, value in self.options.items())
        return f"{self.layer}.{self.function.__name__}" + (f"({fixed})" if fixed else "")

    def __call__(self, gold: Document, pred: Document, *, match: str = "exact") -> Tally:
        """Count one document."""
        return self.function(gold, pred, **self.options, **({"match": match} if self.matches else {}))

    def attempted(self, pred: Document) -> bool:
        """Whether the prediction says that it did this layer, or holds any of it."""
        return self.finished in pred.meta.layers or self.held(pred)


UNTYPED = {"typed": False}

ROWS: tuple[Metric, ...] = (
    Metric("events", events.trigger, "events", lambda d: any(e.type for e in d.events)),
    Metric("events", events.trigger, "events", lambda d: bool(d.events), UNTYPED),
    Metric("actors", actors.mention, "mentions", lambda d: any(a.type for a in d.actors)),
    Metric("actors", actors.mention, "mentions", lambda d: bool(d.actors), UNTYPED),
    Metric("places", places.mention, "mentions", lambda d: any(p.kind for p in d.places)),
    Metric("places", places.mention, "mentions", lambda d: bool(d.places), UNTYPED),
    Metric("times", times.span, "times", lambda d: any(t.kind for t in d.times)),
    Metric("times", times.span, "times", lambda d: bool(d.times), UNTYPED),
    Metric("numbers", numbers.span, "numbers", lambda d: any(n.kind for n in d.numbers)),
    Metric("numbers", numbers.span, "numbers", lambda d: bool(d.numbers), UNTYPED),
    Metric("quotations", quotations.content, "quotations", lambda d: any(q.content for q in d.quotations)),
    Metric("quotations", quotations.cue, "quotations", lambda d: any(q.cue for q in d.quotations)),
    Metric("spans", spans.span, "spans", lambda d: bool(d.spans)),
    Metric("spans", spans.span, "spans", lambda d: bool(d.spans), UNTYPED),
)
METRICS: dict[str, Metric] = {row.name: row for row in ROWS}


def chosen(layers: tuple[str, ...] | None) -> list[Metric]:
    """The metrics of some layers (or of single names), in the order of the table; raises ProblemError."""
    if layers is None:
        return list(ROWS)
    known = {*LAYERS, *METRICS}
    for name in layers:
        if name not in known:
            raise ProblemError(Problem(name, 0, "unknown-layer", f"the layers are {', '.join(LAYERS)}"))
    return [row for row in ROWS if row.layer in layers or row.name in layers]
