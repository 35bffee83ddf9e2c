"""Events on invented sentences: triggers, attributes, arguments, and who holds them."""

import pytest

from goldwire.annotate.document import Document, Event
from goldwire.evaluate.baseline.pipeline import load

pytest.importorskip("spacy")


@pytest.fixture(scope="module")
def read():
    return load()


def shown(e: Event) -> tuple[str, str, list[tuple[str, str]]]:
    return e.type, e.trigger.text, sorted((a.role, a.evidence.text) for a in e.args if a.evidence)


# text -> each event: type, trigger, arguments
EVENTS = {
    "The army carried out a raid on Velm.": [("ATTACK", "raid", [("agent", "The army"), ("target", "Velm")])],
    "The Norwegian attack failed.": [("ATTACK", "attack", [("agent", "Norwegian")])],
    "The raid killed 7 monks.": [
        ("ATTACK", "raid", []),
        ("CASUALTY", "killed", [("cause", "raid"), ("count", "7"), ("victim", "7 monks")]),
    ],
    "They fled from Velm to Sweden.": [
        ("DISPLACE", "fled", [("destination", "Sweden"), ("displaced", "They"), ("origin", "Velm")])
    ],
    "The rebels threatened to shell Harsk.": [
        ("THREATEN", "threatened", [("agent", "The rebels"), ("content", "shell")]),
        ("STRIKE", "shell", [("agent", "The rebels"), ("target", "Harsk")]),
    ],
    "The camp hosts 900 refugees.": [
        ("SHELTER", "hosts", [("count", "900"), ("displaced", "900 refugees"), ("host", "The camp")])
    ],
    "The army seized the port on 9 May.": [
        ("TAKE_TERRITORY", "seized", [("agent", "The army"), ("territory", "the port"), ("time", "9 May")])
    ],
}


@pytest.mark.parametrize("text", EVENTS)
def test_events(read, text: str) -> None:
    assert [shown(e) for e in read(text).events] == EVENTS[text]


@pytest.mark.parametrize(
    "text",
    [
        *[
            "Displaced families wept.",
            "The ceasefire line is long.",
            "Police arrested two men.",
            "The rebels wept.",
        ],
        *["They accepted the plan.", "The shop opened at noon.", "Norland-backed fighters wept."],
    ],
)
def test_no_event(read, text: str) -> None:
    assert read(text).events == ()


# text -> polarity, modality, tense, phase of the first event
ATTRIBUTES = {
    "The fleet did not shell Tarn.": ("neg", "asserted", "past", "none"),
    "Sweden refused to open its border.": ("neg", "asserted", "past", "none"),
    "The shelling resumed.": ("pos", "asserted", "past", "resume"),
    "Rebels may surrender to the army.": ("pos", "hedged"),
    "The army will attack Tarn.": ("pos", "asserted", "future", "none"),
    "If they attack, we leave.": ("pos", "hypothetical", "unspecified", "none"),
}


@pytest.mark.parametrize("text", ATTRIBUTES)
def test_attributes(read, text: str) -> None:
    e = read(text).events[0]
    expected = ATTRIBUTES[text]
    assert (e.polarity, e.modality, e.tense, e.phase)[: len(expected)] == expected


def test_factuality_is_decided_by_the_innermost_holder(read) -> None:
    found: Document = read("The mayor said that the army had attacked Tarn.")
    assert [(f.holder, f.value) for f in found.events[0].factuality] == [("AUTHOR", "U"), ("q1", "CT+")]
    denied = read("The mayor denied that the army had attacked Tarn.").events[0]
    assert (denied.modality, denied.factuality[-1].value) == ("hedged", "CT-")


def test_a_promise_is_event_and_quotation(read) -> None:
    found: Document = read("The rebels threatened to shell Harsk.")
    assert found.quotations[0].event == found.events[0].id
    agent = next(a for a in found.events[0].args if a.role == "agent")
    assert agent.ref == found.quotations[0].speaker


def test_every_role_is_one_of_the_type(read) -> None:
    from goldwire.annotate import files

    ontology = files.ontology()
    for text in EVENTS:
        for event in read(text).events:
            assert {a.role for a in event.args} <= set(ontology.roles(event.type))


def test_only_labels_of_the_ontology_are_used() -> None:
    """The word lists name types; a type that the ontology does not know would be a typing error."""
    from goldwire.annotate import files
    from goldwire.evaluate.baseline.lexicon import table

    ontology = files.ontology()
    assert set(table("events")["types"]) <= set(ontology.events)
    assert set(table("people")["nouns"]) | set(table("organisations")["names"]) <= set(ontology.actors)
    assert set(table("locations")["nouns"]) <= set(ontology.places)


def test_the_components_work_by_name_in_any_pipeline() -> None:
    spacy = pytest.importorskip("spacy")
    from goldwire.evaluate.baseline.components import doc_to_document

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("goldwire_numbers")
    doc = nlp("More than 600 men left. Five stayed.")
    found = doc_to_document(doc, "d")
    assert [n.value for n in found.numbers] == ["600", "5"]
    assert (found.meta.doc_id, found.meta.layers, len(found.segments)) == ("d", ("numbers",), 2)
    assert [s.label_ for s in doc.spans["goldwire_numbers"]] == ["NUMBER", "NUMBER"]
    again = spacy.tokens.Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert doc_to_document(again, "d") == found
