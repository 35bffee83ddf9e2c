"""Quotations on invented sentences: the constructions of the guidelines' table, and their borders."""

from typing import Any

import pytest

from goldwire.annotate.document import Document, Quotation
from goldwire.evaluate.baseline import actors, counted, numbers, quotations, sentences, times


def read(text: str) -> Document:
    return quotations.add(counted.add(actors.add(numbers.add(times.add(sentences.add(Document(text)))))))


def said(q: Quotation) -> tuple[Any, ...]:
    speaker = q.speaker_span.text if q.speaker_span else ""
    return speaker, q.cue[0].text, [m.text for m in q.content], q.directness, q.stance


# text -> speaker, cue, content, directness, stance
ONE = {
    "Ada Brask said that Tarn fell.": ("Ada Brask", "said", ["that Tarn fell"], "indirect", "assert"),
    "Brask said Tarn fell.": ("Brask", "said", ["Tarn fell"], "indirect", "assert"),
    "Tarn fell, said Brask.": ("Brask", "said", ["Tarn fell"], "indirect", "assert"),
    "Tarn, Ada Brask said, has fallen.": ("Ada Brask", "said", ["Tarn", "has fallen"], "indirect", "assert"),
    "According to police, Tarn fell.": ("police", "According to", ["Tarn fell"], "indirect", "assert"),
    "Tarn has fallen, according to police.": (
        "police",
        "according to",
        ["Tarn has fallen"],
        "indirect",
        "assert",
    ),
    "Mr Noor vowed to leave.": ("Mr Noor", "vowed", ["to leave"], "indirect", "promise"),
    "The mayor told them not to leave.": ("The mayor", "told", ["not to leave"], "indirect", "demand"),
    "The mayor demanded a truce in Velm.": (
        "The mayor",
        "demanded",
        ["a truce in Velm"],
        "indirect",
        "demand",
    ),
    "The mayor called for calm.": ("The mayor", "called for", ["calm"], "indirect", "demand"),
    "Rebels denied the raid.": ("Rebels", "denied", ["the raid"], "indirect", "deny"),
    "There were numerous reports of his death.": ("", "reports", ["his death"], "indirect", "assert"),
    "The letter implies that he lives.": ("The letter", "implies", ["that he lives"], "indirect", "imply"),
    "Experts believe Tarn will fall.": ("Experts", "believe", ["Tarn will fall"], "indirect", "assert"),
    "It was reported that Tarn fell.": ("", "was reported", ["that Tarn fell"], "indirect", "assert"),
    "Mr Noor did not say that Tarn fell.": (
        "Mr Noor",
        "did not say",
        ["that Tarn fell"],
        "indirect",
        "assert",
    ),
    "“Tarn fell,” said Ada Brask, the mayor of Velm.": (
        *("Ada Brask", "said", ["“Tarn fell,”"]),
        *("direct", "assert"),
    ),
    "“One fell. Two fell,” Mr Noor said.": ("Mr Noor", "said", ["“One fell. Two fell,”"], "direct", "assert"),
    "Mr Brask vowed “a new dawn” for Tarn.": (
        *("Mr Brask", "vowed", ["“a new dawn” for Tarn"]),
        *("mixed", "promise"),
    ),
    "Brask said that he sold the boat: it leaked.": (
        *("Brask", "said", ["that he sold the boat"]),
        *("indirect", "assert"),
    ),
    "The mayor of Velm, Ada Brask, said on Monday that Tarn fell.": (
        *("The mayor of Velm", "said", ["that Tarn fell"]),
        *("indirect", "assert"),
    ),
    "The ministry said in a statement that five soldiers died.": (
        *("The ministry", "said", ["that five soldiers died"]),
        *("indirect", "assert"),
    ),
}


@pytest.mark.parametrize("text", ONE)
def test_one_quotation(text: str) -> None:
    (q,) = read(text).quotations
    assert said(q) == ONE[text]


@pytest.mark.parametrize(
    "text",
    [
        "The guard refused to comment.",
        "Brask spoke.",
        "They agreed to a truce.",
        "The statement was published.",
    ],
)
def test_no_content_no_quotation(text: str) -> None:
    assert read(text).quotations == ()


@pytest.mark.parametrize(
    "text",
    ["The agency reports citing a guard that Tarn fell.", "Tarn fell, the agency said, citing a guard."],
)
def test_a_chain_has_one_content(text: str) -> None:
    near, far = sorted(read(text).quotations, key=lambda q: bool(q.via))
    assert near.content == far.content
    assert (far.parent, far.via, near.parent, near.via) == (near.id, (near.speaker,), "", ())


def test_nesting() -> None:
    outer, inner = read("Mr Noor said that the army had denied killing him.").quotations
    assert (inner.parent, inner.cue[0].text, inner.content[0].text) == (outer.id, "had denied", "killing him")


def test_an_anaphor_takes_the_sentence_before() -> None:
    (q,) = read("Tarn fell on us. This was reported by the mayor.").quotations
    assert (q.content[0].text, q.anaphor and q.anaphor.text, q.cue[0].text) == (
        *("Tarn fell on us", "This"),
        "was reported",
    )


def test_addressee_medium_polarity_and_tail() -> None:
    found = read("The mayor told the monks in a letter that Tarn fell.")
    (q,) = found.quotations
    (monks,) = [a for a in found.actors if a.name == "monks"]
    assert (q.addressee, q.medium) == (monks.id, "letter")
    assert read("Mr Noor did not say that Tarn fell.").quotations[0].polarity == "neg"
    assert read("Brask said that he sold it: it leaked.").quotations[0].content_tail == "uncertain"


def test_who_says_the_number() -> None:
    found = read("Mr Noor said 9 buses left. Another 7 stayed.")
    assert [n.said_by for n in found.numbers] == ["q1", "AUTHOR"]


def test_marks_of_nobody_are_a_term() -> None:
    found = read('The "Harsk" group met.')
    assert (found.quotations, [w.mention.text for w in found.terms]) == ((), ["Harsk"])
