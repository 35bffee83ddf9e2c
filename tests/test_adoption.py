"""Spans that an annotator drew in a tool become objects."""

from __future__ import annotations

from goldwire.annotate.adoption import adopt, known_labels
from goldwire.annotate.document import Actor, Document, Event, Mention, Meta, Relation, Span
from goldwire.annotate.ontology import EventType, Ontology, Type

TEXT = "Ada said the army hit 12 towns; it left."
ONTOLOGY = Ontology(
    "o",
    "1",
    events={"HIT": EventType("d"), "LEAVE": EventType("d")},
    actors={"PER": Type("d"), "MIL": Type("d"), "BOTH": Type("d")},
    places={"BOTH": Type("d")},
    numbers={"COUNT": Type("d")},
)


def span(own: str, text: str, label: str) -> Span:
    return Span(own, Mention(text, TEXT.index(text)), label)


def test_labels_and_arrows_say_what_they_can() -> None:
    document = Document(
        TEXT,
        Meta("a"),
        actors=(Actor("a1", "PER", mentions=(Mention("Ada", 0),)),),
        spans=(
            span("T1", "the army", "MIL"),
            span("T2", "hit", "HIT"),
            span("T3", "12", "COUNT"),
            span("T4", "it", "MIL"),
            span("T5", "the army hit 12 towns", "QUOTE"),
            span("T6", "said", "CUE"),
            span("T7", "towns", "BOTH"),
            span("T8", "left", "LEAVE"),
        ),
        relations=(
            Relation("R1", "T2", "T1", "agent"),
            Relation("R2", "T4", "T1", "COREF"),
            Relation("R3", "T5", "T6", "CUE"),
            Relation("R4", "T5", "a1", "SPEAKER"),
            Relation("R5", "T2", "T7", "target"),
            Relation("R6", "T8", "T4", "agent"),
            Relation("R7", "T3", "T7", "near"),
        ),
    )
    adopted = adopt(document, ONTOLOGY)
    assert [(a.id, a.type, [m.text for m in a.mentions]) for a in adopted.actors] == [
        ("a1", "PER", ["Ada"]),
        ("a2", "MIL", ["the army", "it"]),
    ]
    hit, left = adopted.events
    assert (hit.type, hit.coref, [(a.role, a.ref, a.evidence and a.evidence.text) for a in hit.args]) == (
        "HIT",
        "e1",
        [("agent", "a2", "the army"), ("target", "", "towns")],
    )
    assert [(a.role, a.ref) for a in left.args] == [("agent", "a2")]
    (quotation,) = adopted.quotations
    assert (quotation.speaker, [c.text for c in quotation.cue]) == ("a1", ["said"])
    assert [(s.id, s.label) for s in adopted.spans] == [("T7", "BOTH")]
    assert [(r.source, r.target, r.label) for r in adopted.relations] == [("n1", "T7", "near")]


def test_nothing_known_is_nothing_changed() -> None:
    document = Document(TEXT, spans=(span("T1", "Ada", "GPE"),))
    assert adopt(document, ONTOLOGY) is document
    assert "BOTH" not in known_labels(ONTOLOGY)
    assert known_labels(ONTOLOGY)["ACTOR"] == ("actor", "")


def test_events_that_are_one_share_the_first_ones_id() -> None:
    first = Event("e1", Mention("hit", TEXT.index("hit")), "HIT", coref="e1")
    relations = (Relation("R1", "T8", "e1", "COREF"),)
    document = Document(TEXT, events=(first,), spans=(span("T8", "left", "LEAVE"),), relations=relations)
    assert [(e.id, e.coref) for e in adopt(document, ONTOLOGY).events] == [("e1", "e1"), ("e2", "e1")]
