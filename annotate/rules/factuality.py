"""Who holds an event for how certain: guidelines/events.md."""

from __future__ import annotations

from collections.abc import Iterator

from goldwire.annotate.document import Document, Event, Quotation
from goldwire.annotate.problems import visible
from goldwire.annotate.rules.context import Context, Finding
from goldwire.annotate.rules.nesting import around, innermost
from goldwire.annotate.rules.references import AUTHOR


def factuality_holders(document: Document, context: Context) -> Iterator[Finding]:
    for event in document.events:
        said = [f.holder for f in event.factuality]
        for holder in sorted({h for h in said if said.count(h) > 1}):
            yield event, f"{holder} has more than one value"
        if "attributes" not in context.finished:
            continue
        wanted = {AUTHOR} | {q.id for q in around(context.quotations, event.trigger)}
        if missing := sorted(wanted - set(said)):
            yield event, f"{visible(event.trigger.text)}: {', '.join(missing)} should hold a value, too"
        if more := sorted(set(said) - wanted):
            yield event, f"{visible(event.trigger.text)} does not lie in the content of {', '.join(more)}"


def author_passes_on(document: Document, context: Context) -> Iterator[Finding]:
    for event in document.events:
        holders = around(context.quotations, event.trigger)
        deciding = {q.id for q in innermost(holders)} or {AUTHOR}
        passing = {AUTHOR, *(q.id for q in holders)} - deciding
        for f in event.factuality:
            if f.holder in passing and f.value != "U":
                yield (
                    event,
                    f"{f.holder} has {f.value}, and passes on what {', '.join(sorted(deciding))} says: U",
                )


def factuality_value(document: Document, context: Context) -> Iterator[Finding]:
    for event in document.events:
        last = innermost(around(context.quotations, event.trigger))
        by_id: dict[str, Quotation | None] = {q.id: q for q in last} or {AUTHOR: None}
        for f in event.factuality:
            if f.holder in by_id:
                wanted = _values(event, by_id[f.holder])
                if f.value not in wanted:
                    why = f"{event.modality} and {event.polarity}"
                    yield event, f"{f.holder} has {f.value}; {why} asks for {' or '.join(wanted)}"


def _values(event: Event, quotation: Quotation | None) -> tuple[str, ...]:
    """The values that fit, by the table of the guidelines."""
    sign, other = ("+", "-") if event.polarity == "pos" else ("-", "+")
    if quotation and quotation.stance == "deny" and event.modality in ("asserted", "hedged"):
        return (f"CT{other}",)
    match event.modality:
        case "asserted":
            implied = bool(quotation and quotation.stance == "imply")
            return (f"PR{sign}",) if implied else (f"CT{sign}",)
        case "hedged":
            return (f"PR{sign}", f"PS{sign}", "U")
        case "proposed" | "hypothetical" | "generic":
            return ("U",)
    return tuple(f.value for f in event.factuality)
