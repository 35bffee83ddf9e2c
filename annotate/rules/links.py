"""Identity of events and links between them: guidelines/identity.md, and causes of events.md.

What a type of link asks for, the ontology's traits say.
"""

from __future__ import annotations

from collections.abc import Iterator

from goldwire.annotate.document import Document, Event
from goldwire.annotate.problems import visible
from goldwire.annotate.rules import words
from goldwire.annotate.rules.context import Context, Finding

REAL, UNREAL = ("asserted", "hedged"), ("proposed", "hypothetical")


def coref_first(document: Document, context: Context) -> Iterator[Finding]:
    for event in document.events:
        first = min(context.clusters[event.id], key=lambda e: (e.trigger.start, -e.trigger.bounds[1]))
        if event.coref and event.coref != first.id and context.kind(event.coref) == "event":
            yield event, f"coref is {event.coref}; the first mention is {first.id}; goldwire fmt mends it"


def coref_family(document: Document, context: Context) -> Iterator[Finding]:
    for event, first in _with_first(document, context):
        families = [t.family for e in (event, first) if (t := context.ontology.events.get(e.type))]
        if len(set(families)) > 1:
            yield event, f"{event.type} and {first.type} of {first.id} are of two families"


def coref_realis(document: Document, context: Context) -> Iterator[Finding]:
    for event, first in _with_first(document, context):
        if _realis(event) != _realis(first):
            yield event, f"{event.modality}, and the same as {first.id}, which is {first.modality}"


def _with_first(document: Document, context: Context) -> Iterator[tuple[Event, Event]]:
    for event in document.events:
        first = min(context.clusters[event.id], key=lambda e: (e.trigger.start, e.id))
        if first is not event:
            yield event, first


def _realis(event: Event) -> str:
    return "real" if event.modality in REAL else "unreal" if event.modality in UNREAL else event.modality


def cause_or_link(document: Document, context: Context) -> Iterator[Finding]:
    for link in document.links:
        role = context.ontology.links[link.type].role if link.type in context.ontology.links else ""
        target = context.item(link.target)
        if not role or not isinstance(target, Event):
            continue
        sources = {e.id for e in context.clusters.get(link.source, [])} | {link.source}
        effects = context.clusters[target.id]
        if any(a.role == role and a.ref in sources for e in effects for a in e.args):
            yield link, f"{link.target} has {link.source} as its {role} already; say it once"
        elif role in context.ontology.roles(target.type):
            yield link, f"{target.type} has the role {role}; say it there"


def member_of(document: Document, context: Context) -> Iterator[Finding]:
    for link in document.links:
        target = context.item(link.target)
        if _asks(context, link.type, "plural-target") and isinstance(target, Event) and not target.plural:
            yield link, f"{link.type}: {link.target} {visible(target.trigger.text)} should be plural"


def causes(document: Document, context: Context) -> Iterator[Finding]:
    for link in document.links:
        if not _asks(context, link.type, "words"):
            continue
        shown = link.evidence.text if link.evidence else ""
        if not shown:
            yield link, f"{link.type} has no evidence; it needs a word that says so"
        elif context.english and not words.CAUSES.search(shown):
            yield link, f"{link.type}: {visible(shown)} does not say that something is a cause"


def realises(document: Document, context: Context) -> Iterator[Finding]:
    for link in document.links:
        source, target = context.item(link.source), context.item(link.target)
        if not _asks(context, link.type, "fulfilment") or not isinstance(source, Event):
            continue
        if isinstance(target, Event) and (source.modality not in REAL or target.modality not in UNREAL):
            said = f"from {link.source} ({source.modality}) to {link.target} ({target.modality})"
            yield link, f"{link.type} leads {said}; it leads from a real event to a proposed one"


def _asks(context: Context, label: str, trait: str) -> bool:
    return label in context.ontology.links and trait in context.ontology.links[label].traits
