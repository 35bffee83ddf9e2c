"""The events layer: triggers with their attributes, arguments, and who holds them for certain."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from goldwire.annotate import files
from goldwire.annotate.document import Argument, Document, Event, Factuality, Fragment, Mention, Quotation
from goldwire.evaluate.baseline import triggers
from goldwire.evaluate.baseline.arguments import Arguments
from goldwire.evaluate.baseline.grammar import lower
from goldwire.evaluate.baseline.lexicon import table
from goldwire.evaluate.baseline.nouns import singular
from goldwire.evaluate.baseline.phrases import Sentence, read
from goldwire.evaluate.baseline.triggers import Trigger
from goldwire.evaluate.baseline.views import Sentences


def add(document: Document) -> Document:
    """The document with its events; numbers that count one say so, promises name theirs.

    >>> from goldwire.evaluate.baseline import actors
    >>> found = add(actors.add(Document("The rebels shelled Oslo.")))
    >>> [(e.type, e.trigger.text, [(a.role, a.ref) for a in e.args]) for e in found.events]
    [('STRIKE', 'shelled', [('agent', 'a1'), ('target', 'p1')])]
    """
    ontology = files.ontology()
    headlines = {s.start for s in document.segments if s.kind != "sentence"}
    found: list[Event] = []
    spoken: dict[str, str] = {}
    segments = Sentences(read(document))
    for view, sentence in zip(segments.views(document), segments.all, strict=True):
        speech = {q.id: t for q in view.quotations if (t := _spoken(sentence, q))}
        arguments = Arguments(view, sentence, ontology)
        ours = [*triggers.triggers(sentence, _cue_words(view, sentence)), *speech.values()]
        ours.sort(key=lambda t: t.at)
        ids = {t: f"e{n}" for n, t in enumerate(ours, len(found) + 1)}
        for t in ours:
            event = _event(document, sentence, t, ids[t], arguments, sentence.start in headlines)
            event = _with_cause(event, sentence, t, ours, ids)
            for quotation in (q for q in view.quotations if speech.get(q.id) == t):
                spoken[quotation.id] = event.id
                event = _of_speaker(event, quotation)
            found.append(replace(event, coref=_first(found, event, sentence, t) or event.id))
    quotations = tuple(replace(q, event=spoken.get(q.id, "")) for q in document.quotations)
    holding = segments.holding(quotations)
    around = {e.id: [q for q in holding[segments.at(e.trigger.start)] if _holds(q, e)] for e in found}
    events = _with_factuality(_with_contents(found, quotations, around), around)
    return _joined(replace(document, quotations=quotations, events=tuple(events)))


def _with_cause(
    event: Event, sentence: Sentence, t: Trigger, others: Sequence[Trigger], ids: dict[Trigger, str]
) -> Event:
    """Deaths and flight with the event in or by which they came: "killed in a raid", "the raid killed"."""
    words = sentence.words
    if t.type not in ("CASUALTY", "DISPLACE"):
        return event
    for other in others:
        if not other.noun or other == t:
            continue
        between_them = {w.lower for w in words[t.end : other.at]}
        behind = (
            other.at > t.end
            and other.at - t.end <= 8
            and between_them & {"in", "by", "during", "from", "after"}
        )
        before = 0 <= t.at - other.end <= 4 and not any(a.role == "agent" for a in event.args)
        if behind or (before and not {w.lower for w in words[other.end : t.at]} & {",", "and", "in"}):
            mention = Mention(words[other.at].text, words[other.at].start)
            return replace(event, args=(*event.args, Argument("cause", ids[other], mention)))
    return event


def _spoken(sentence: Sentence, q: Quotation) -> Trigger | None:
    """The trigger in the cue of a promise, threat or demand."""
    type = table("events")["stance"].get(q.stance, "")
    if not type or not sentence.start <= q.cue[0].start < sentence.end:
        return None
    first, end = sentence.at(q.cue[0].start, q.cue[0].end)
    called = lower(sentence.words, end - 1) in ("for", "on")
    at = end - 1 - called
    return Trigger(at, end, type, False) if at >= first else None


def _cue_words(document: Document, sentence: Sentence) -> frozenset[int]:
    words: set[int] = set()
    for q in document.quotations:
        for cue in q.cue:
            if sentence.start <= cue.start < sentence.end:
                words |= set(range(*sentence.at(cue.start, cue.end)))
    return frozenset(words)


def _event(
    document: Document, sentence: Sentence, t: Trigger, id: str, arguments: Arguments, headline: bool
) -> Event:
    modality = triggers.modality(sentence, t)
    return Event(
        id,
        _trigger(document.text, sentence, t),
        t.type,
        polarity=triggers.polarity(sentence, t),
        modality=modality,
        tense=triggers.tense(sentence, t, modality, headline),
        phase=triggers.phase(sentence, t),
        plural=triggers.plural(sentence, t),
        details=triggers.details(sentence, t),
        args=arguments.of(t),
    )


def _trigger(text: str, sentence: Sentence, t: Trigger) -> Mention:
    """The trigger word; a verb and its particle where they stand apart are two fragments."""
    words = sentence.words
    start, end = words[t.at].start, words[t.end - 1].end
    if t.type == "SURRENDER" and words[t.at].lower == "laid" and t.end == t.at + 1:
        down = next((w for w in words[t.end : t.end + 5] if w.lower == "down"), None)
        more = (Fragment(down.text, down.start),) if down else ()
        return Mention(text[start:end], start, more=more)
    return Mention(text[start:end], start)


def _of_speaker(event: Event, q: Quotation) -> Event:
    """The agent of a promise, threat or demand is its speaker, the recipient its addressee."""
    args = [a for a in event.args if a.role not in ("agent", "recipient")]
    if q.speaker and q.speaker_span:
        args.insert(0, Argument("agent", q.speaker, Mention(q.speaker_span.text, q.speaker_span.start)))
    recipient = next((a for a in event.args if a.ref == q.addressee and q.addressee), None)
    if recipient:
        args.append(replace(recipient, role="recipient"))
    return replace(event, args=tuple(args))


def _with_contents(
    events: Sequence[Event], quotations: Sequence[Quotation], around: Mapping[str, Sequence[Quotation]]
) -> list[Event]:
    """Promises, threats and demands with the first event of their content."""
    said = {q.event: q for q in quotations if q.event}
    first: dict[str, Event] = {}
    for event in events:
        for q in around[event.id]:
            if q.event != event.id:
                first.setdefault(q.id, event)
    result = []
    for event in events:
        inside = first.get(said[event.id].id) if event.id in said else None
        if inside:
            mention = Mention(inside.trigger.text, inside.trigger.start, more=inside.trigger.more)
            result.append(replace(event, args=(*event.args, Argument("content", inside.id, mention))))
        else:
            result.append(event)
    return result


def _holds(q: Quotation, event: Event) -> bool:
    start, end = event.trigger.bounds
    return any(m.start <= start and end <= m.end for m in q.content)


def _first(found: Sequence[Event], event: Event, sentence: Sentence, t: Trigger) -> str:
    """An earlier mention of the same event: a war is one; else "the" with a noun met before."""
    noun = singular(event.trigger.text.lower())
    definite = lower(sentence.words, t.at - 1) in ("the", "this", "its", "their")
    if event.type != "WAR" and not (t.noun and definite):
        return ""
    for other in reversed(found):
        same = t.noun and definite and singular(other.trigger.text.lower()) == noun
        if other.type == event.type and (same or event.type == "WAR"):
            return other.coref
    return ""


def _with_factuality(events: Sequence[Event], holding: Mapping[str, Sequence[Quotation]]) -> list[Event]:
    """One value for AUTHOR and each quotation around the trigger: only the innermost decides."""
    result = []
    for event in events:
        around = sorted(holding[event.id], key=lambda q: (-sum(len(m.text) for m in q.content), bool(q.via)))
        denied = bool(around) and around[-1].stance == "deny"
        implied = bool(around) and around[-1].stance == "imply"
        decided = _value(event, denied, implied)
        holders = ["AUTHOR", *(q.id for q in around)]
        values = [Factuality(h, "U") for h in holders[:-1]] + [Factuality(holders[-1], decided)]
        modality = "hedged" if denied and event.modality == "asserted" else event.modality
        result.append(replace(event, modality=modality, factuality=tuple(values)))
    return result


def _value(event: Event, denied: bool, implied: bool) -> str:
    sign = "+" if event.polarity == "pos" else "-"
    if denied:
        return "CT-" if sign == "+" else "CT+"
    if event.modality in ("proposed", "hypothetical", "generic"):
        return "U"
    if implied:
        return f"PR{sign}"
    return f"PS{sign}" if event.modality == "hedged" else f"CT{sign}"


def _joined(document: Document) -> Document:
    """Numbers that count an event, times that hang on one, people whom one made victims or refugees."""
    counts = {a.ref: e.id for e in document.events for a in e.args if a.role == "count"}
    numbers = tuple(n if n.counted else replace(n, counted=counts.get(n.id, "")) for n in document.numbers)
    starts = sorted((e.trigger.start, e.id) for e in document.events)
    times = []
    for time in document.times:
        start, end = time.mention.bounds
        inside = starts[bisect_left(starts, (start, "")) : bisect_left(starts, (end, ""))]
        anchored = time.kind == "RELATIVE" and inside and not time.anchor
        times.append(replace(time, anchor=inside[0][1]) if anchored else time)
    people = ("PER", "CIV", "GROUP", "MIL", "REB", "ORG_MIL", "ALLY_SET")
    victims = {a.ref for e in document.events for a in e.args if a.role == "victim"}
    displaced = {a.ref for e in document.events for a in e.args if a.role == "displaced"}
    actors = []
    for actor in document.actors:
        status = "victim" if actor.id in victims else "displaced" if actor.id in displaced else actor.status
        actors.append(replace(actor, status=status) if actor.type in people else actor)
    return replace(document, numbers=numbers, times=tuple(times), actors=tuple(actors))
