"""The table's other half: whatever a format is said not to carry is counted when it is written."""

from __future__ import annotations

from collections import Counter

import pytest

from goldwire.annotate.document import (
    Actor,
    Ambiguity,
    Document,
    Event,
    Fragment,
    Link,
    Mask,
    Mention,
    Meta,
    Number,
    Place,
    Provenance,
    Quotation,
    Relation,
    Segment,
    Span,
    Term,
    Time,
)
from goldwire.annotate.formats import CARRIES, ROWS

TEXT = "Ada left Rome on Monday with 12 men, Eve said."
ADA, LEFT, ROME, SAID = Mention("Ada", 0), Mention("left", 4), Mention("Rome", 9), Mention("said", 41)
LONG = Mention("left Rome", 4)
SPANS = (Span("s1", ADA, "PER"), Span("s2", ROME, "LOC"))
EVENTS = (Event("e1", LEFT, "GO", coref="e1"), Event("e2", SAID, "SAY", coref="e2"))
# One document for each thing, with nothing else that it does not need.
ONE: dict[str, Document] = {
    "segments": Document(TEXT, segments=(Segment("g1", 0, 8), Segment("g2", 9, 46, "headline"))),
    "actors": Document(TEXT, actors=(Actor("a1", "PER", mentions=(ADA,)),)),
    "places": Document(TEXT, places=(Place("p1", "city", mentions=(ROME,)),)),
    "times": Document(TEXT, times=(Time("t1", Mention("Monday", 17), "DATE"),)),
    "numbers": Document(TEXT, numbers=(Number("n1", Mention("12", 29), "COUNT", "12"),)),
    "events": Document(TEXT, events=EVENTS),
    "links": Document(TEXT, events=EVENTS, links=(Link("l1", "e1", "e2", "CAUSES"),)),
    "quotations": Document(TEXT, quotations=(Quotation("q1", cue=(SAID,), content=(LONG,)),)),
    "terms": Document(TEXT, terms=(Term("w1", ROME),)),
    "spans": Document(TEXT, spans=SPANS),
    "relations": Document(TEXT, spans=SPANS, relations=(Relation("r1", "s1", "s2", "LEFT"),)),
    "ambiguities": Document(TEXT, events=EVENTS, ambiguities=(Ambiguity("x1", "e1", "type", "", ("STAY",)),)),
    "masks": Document(TEXT, masks=(Mask("m1", 0, 3, "", "cut"),)),
    "provenance": Document(TEXT, provenance=(Provenance("v1", "", "ann"),)),
    "meta": Document(TEXT, Meta("d", title="Departures")),
    "overlaps": Document(TEXT, spans=(Span("s1", Mention("Ada left", 0), "A"), Span("s2", LONG, "B"))),
    "duplicates": Document(TEXT, spans=(Span("s1", ADA, "A"), Span("s2", ADA, "B"))),
    "discontinuous": Document(TEXT, spans=(Span("s1", Mention("Ada", 0, more=(Fragment("Rome", 9),)), "A"),)),
    "empty": Document(TEXT, spans=(Span("s1", Mention("", 4), "A"),)),
    "heads": Document(TEXT, spans=(Span("s1", Mention("Ada left", 0, "Ada", 0), "A"),)),
    "attributes": Document(TEXT, spans=(Span("s1", ADA, "A", "0.5", "sure"),)),
    "extra": Document(TEXT, extra={"odd": 1}),
}  # fmt: skip


def test_every_claim_has_its_document() -> None:
    assert ONE.keys() == CARRIES.keys() - {"text", "ids"}  # which are not taken away, but written anew


@pytest.mark.parametrize(
    ("name", "thing"),
    [(row.name, k) for row in ROWS if row.writes for k in ONE if k not in row.carries | row.partly],
)
def test_what_is_not_carried_is_counted(name: str, thing: str) -> None:
    (row,) = (r for r in ROWS if r.name == name)
    if row.extra:
        pytest.importorskip({"uima": "cassis", "spacy": "spacy"}.get(row.extra, "regex"))
    lost: Counter[str] = Counter()
    written = list(row.codec().encode([ONE[thing]], lost=lost))
    assert written
    assert sum(lost.values()) > 0
    assert min(lost.values()) > 0


@pytest.mark.parametrize("name", [row.name for row in ROWS if row.writes])
def test_what_is_carried_whole_is_not_counted(name: str) -> None:
    (row,) = (r for r in ROWS if r.name == name)
    if row.extra:
        pytest.importorskip({"uima": "cassis", "spacy": "spacy"}.get(row.extra, "regex"))
    needs = {"links": "events", "relations": "spans", "ambiguities": "events"}
    for thing in row.carries & ONE.keys():
        if needs.get(thing, "spans" if ONE[thing].spans else thing) not in row.carries:
            continue
        lost: Counter[str] = Counter()
        list(row.codec().encode([ONE[thing]], lost=lost))
        # What spaCy does not see comes back all the same.
        assert not [what for what in lost if "spaCy does not see" not in what], thing
