"""Events, their triggers, attributes and arguments: guidelines/events.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from goldwire.annotate.document import Document
from goldwire.annotate.problems import visible
from goldwire.annotate.rules import words
from goldwire.annotate.rules.context import Context, Finding

UNREAL = {"proposed": "future", "hypothetical": "unspecified", "generic": "unspecified"}


def one_word_trigger(document: Document, context: Context) -> Iterator[Finding]:
    for event in document.events:
        pieces = [event.trigger.text, *(f.text for f in event.trigger.more)]
        said = [word for piece in pieces for word in piece.split()]
        particle = len(said) == 2 and said[1].lower() in words.PARTICLES
        if len(said) > 1 and not particle:
            yield (
                event,
                f"the trigger {visible(' '.join(said))} should be one word, or a verb and its particle",
            )


def _not_a_trigger(pattern: re.Pattern[str], what: str) -> Callable[[Document, Context], Iterator[Finding]]:
    def rule(document: Document, context: Context) -> Iterator[Finding]:
        for event in document.events if context.english else ():
            if pattern.fullmatch(event.trigger.text):
                yield event, f"the trigger {visible(event.trigger.text)} is {what}"

    return rule


def light_verb_trigger(document: Document, context: Context) -> Iterator[Finding]:
    return _not_a_trigger(words.LIGHT_VERBS, "a light verb; the noun names the event")(document, context)


def auxiliary_trigger(document: Document, context: Context) -> Iterator[Finding]:
    return _not_a_trigger(words.AUXILIARIES, "an auxiliary or a negation; the main verb names the event")(
        document, context
    )


def phase_word_trigger(document: Document, context: Context) -> Iterator[Finding]:
    return _not_a_trigger(words.PHASE_WORDS, "a word of phase; it sets the phase of the event it goes with")(
        document, context
    )


def causal_word_trigger(document: Document, context: Context) -> Iterator[Finding]:
    return _not_a_trigger(words.CAUSAL_WORDS, "a causal word; it shows a cause")(document, context)


def reporting_word_trigger(document: Document, context: Context) -> Iterator[Finding]:
    return _not_a_trigger(words.REPORTING_WORDS, "a word of reporting; it is a cue")(document, context)


def detail_stated(document: Document, context: Context) -> Iterator[Finding]:
    for event in document.events if "attributes" in context.finished else ():
        known = context.ontology.events.get(event.type)
        for name, values in known.details.items() if known else ():
            if name not in [d.name for d in event.details]:
                yield event, f"{event.type} states {name}: {', '.join(values)}"


def proposed_cue(document: Document, context: Context) -> Iterator[Finding]:
    for event in document.events if context.english else ():
        sentence = context.sentence(event.trigger.start)
        if event.modality == "proposed" and not words.PROPOSALS.search(sentence):
            yield (
                event,
                f"{visible(event.trigger.text)} is proposed, but no word of {visible(sentence)} says so",
            )


def hedge_cue(document: Document, context: Context) -> Iterator[Finding]:
    for event in document.events if context.english else ():
        sentence = context.sentence(event.trigger.start)
        if event.modality == "hedged" and not words.HEDGES.search(sentence):
            yield (
                event,
                f"{visible(event.trigger.text)} is hedged, but no word of {visible(sentence)} does it",
            )


def unreal_tense(document: Document, context: Context) -> Iterator[Finding]:
    for event in document.events:
        wanted = UNREAL.get(event.modality, event.tense)
        if event.tense != wanted:
            yield event, f"{event.modality} goes with the tense {wanted}, not {event.tense}"


def argument_same_segment(document: Document, context: Context) -> Iterator[Finding]:
    for event in document.events:
        own = context.segment(event.trigger.start)
        for argument in event.args:
            if argument.evidence and own != context.segment(argument.evidence.start):
                shown = visible(argument.evidence.text)
                yield event, f"{argument.role}: {shown} stands in another segment than the trigger"


def argument_evidence(document: Document, context: Context) -> Iterator[Finding]:
    for event in document.events:
        for argument in event.args:
            if not argument.evidence:
                missing = (
                    f"{argument.ref} is shown by nothing" if argument.ref else "has neither ref nor evidence"
                )
                yield event, f"{argument.role}: {missing}"
            elif argument.ref in context.ids:
                shown = [m.pieces for m in context.shown(argument.ref)]
                if argument.evidence.pieces not in shown:
                    yield (
                        event,
                        f"{argument.role}: {visible(argument.evidence.text)} is no mention of {argument.ref}",
                    )


def duplicate_argument(document: Document, context: Context) -> Iterator[Finding]:
    for event in document.events:
        seen = set()
        for argument in event.args:
            key = (argument.role, argument.ref or (argument.evidence and argument.evidence.pieces))
            if key in seen:
                filler = argument.ref or visible(argument.evidence.text if argument.evidence else "")
                yield event, f"{argument.role} {filler} stands twice"
            seen.add(key)
