"""What language models answer: JSON in prose, strings for spans, names for references."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from goldwire.annotate.document import Document, Mention
from goldwire.annotate.formats import answer, lines, stringjson
from goldwire.annotate.problems import Problem, ProblemError

from .strategies import documents

TEXT = (
    "The army’s third brigade hit Deraa on July 4–5.\n"
    "More than 600 people fled Deraa, the U.N. said.\n"
    "“The army hit us again,” said Omar Haddad of Deraa."
)


def decode(body: Any, name: str = "d1.jsonl", text: str | None = TEXT, **options: Any) -> list[Document]:
    data = body if isinstance(body, str) else json.dumps(body)
    files = {name: io.BytesIO(data.encode())}
    if text is not None:
        files["d1.txt"] = io.BytesIO(text.encode())
    return list(stringjson.decode(files, **options))


ANSWER = {
    "actors": [
        {"type": "MIL", "name": "Syrian army", "mentions": ["The army's third brigade", "The army"]},
        {"type": "ORG", "text": "the U.N."},
        {"type": "PER", "name": "Omar Haddad", "mentions": [{"text": "Omar Haddad", "head": "Haddad"}]},
        {"type": "GRP", "mentions": ["the rebels"]},
    ],
    "locations": [{"kind": "city", "name": "Deraa", "mentions": ["Deraa", "Deraa", "Deraa"]}],
    "times": [{"text": "July 4-5", "value": "XXXX-07-04/XXXX-07-05"}],
    "numbers": [{"text": "More than 600", "value": 600, "mod": "more_than", "counted": "fled"}],
    "events": [
        {
            "event_type": "STRIKE",
            "trigger": "hit",
            "arguments": [
                {"role": "agent", "text": "The army’s third brigade"},
                {"role": "place", "text": "Deraa"},
                {"role": "time", "text": "July 4–5"},
            ],
        },
        {"type": "STRIKE", "trigger": {"text": "hit", "sentence": 3}, "arguments": {"agent": "The army"}},
        {"type": "FLIGHT", "trigger": "fled", "arguments": {"origin": ["Deraa"], "victim": "600 people"}},
        {"type": "STRIKE", "trigger": "shelled", "arguments": {"agent": "the rebels"}},
    ],
    "quotes": [{"quote": "The army hit us again", "cue": "said", "speaker": "Omar Haddad"}],
}


def test_an_answer_becomes_a_document() -> None:
    (document,) = decode(ANSWER)
    assert document.meta.doc_id == "d1"
    army, un, omar, rebels = document.actors
    assert [(m.text, m.start) for m in army.mentions] == [("The army’s third brigade", 0), ("The army", 97)]
    assert army.mentions[0].extra["anchor"] == {"status": "normalised", "said": "The army's third brigade"}
    assert army.mentions[1].extra == {}
    assert (un.mentions[0].text, omar.mentions[0].head, rebels.mentions) == ("the U.N.", "Haddad", ())
    (deraa,) = document.places
    assert [m.start for m in deraa.mentions] == [29, 74, 141]
    first, second, third = document.events
    assert [(a.role, a.ref, a.evidence.start if a.evidence else -1) for a in first.args] == [
        ("agent", army.id, 0),
        ("place", deraa.id, 29),
        ("time", document.times[0].id, 38),
    ]
    assert (second.trigger.start, second.args[0].ref) == (106, army.id)
    # A filler that is no object stays what it is; the place is the one of the trigger's sentence.
    assert [(a.role, a.ref, a.evidence) for a in third.args] == [
        ("origin", deraa.id, Mention("Deraa", 74)),
        ("victim", "", Mention("600 people", 58)),
    ]
    (number,) = document.numbers
    assert (number.value, number.counted, number.mention.text) == ("600", third.id, "More than 600")
    (quotation,) = document.quotations
    assert (quotation.speaker, quotation.cue[0].start) == (omar.id, 121)
    assert document.extra["unanchored"] == [
        {"layer": "ACTOR", "label": "GRP", "text": "the rebels"},
        {"layer": "TRIGGER", "label": "STRIKE", "text": "shelled"},
        {"layer": "ARG", "label": "agent", "text": "the rebels"},
    ]
    assert document.extra["anchored"] == {"exact": 19, "none": 3, "normalised": 2}


@pytest.mark.parametrize(
    "wrap",
    [
        "Here you are:\n```json\n{}\n```\nHope this helps {{smile}}!",
        '<think>maybe {{"a": 1}}?</think>\n{}',
        "{}",
        "Answer: {} I am done.",
        "```\n{}",
    ],
)
def test_prose_and_fences_are_passed_over(wrap: str) -> None:
    body = (
        json.dumps(ANSWER, indent=1, ensure_ascii=False).replace('"said",', '"said", ').replace("]\n", "],\n")
    )
    body = body.replace("},\n ],", "},\n ],").rstrip().replace("],\n}", "],\n}")
    wrapped = wrap.replace("{{", "<<").replace("}}", ">>").replace("{}", body)
    (document,) = decode(wrapped.replace("<<", "{").replace(">>", "}"), name="d1.md")
    assert len(document.events) == 3


def test_trailing_commas_and_nulls() -> None:
    text = '{"spans": [{"text": "Deraa", "label": "CITY", "x": null,},], "note": ",]",}'
    (document,) = decode(text, name="d1.json")
    assert [(s.mention.start, s.label, s.extra) for s in document.spans] == [(29, "CITY", {})]


def test_answers_in_lines(tmp_path: Path) -> None:
    gold = tmp_path / "gold"
    gold.mkdir()
    for doc in ("A", "B"):
        text = {"doc": doc, "text": f"{doc} left."}
        (gold / f"{doc}.jsonl").write_bytes(json.dumps(text).encode() + b"\n")
    body = (
        '{"doc": "B", "answer": "```json\\n[{\\"type\\": \\"GO\\", \\"trigger\\": \\"left\\"}]\\n```"}\n'
        '{"doc": "A", "response": {"spans": [{"text": "A", "label": "PER"}]}}\n'
        '{"doc_id": "C", "text": "C came.", "events": [{"trigger": "came"}]}\n'
    )
    b, a, c = decode(body, name="answers.jsonl", text=None, texts=str(gold))
    assert (b.text, b.events[0].type, b.events[0].trigger.start) == ("B left.", "GO", 2)
    assert (a.meta.doc_id, a.spans[0].label) == ("A", "PER")
    assert (c.text, c.events[0].trigger) == ("C came.", Mention("came", 2))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("I cannot help with that.", "not-json: the answer holds no JSON"),
        ('{"events": [{"trigger": "hit"}, {"trig', "not-json: the answer is cut off"),
        ("{'events': []}", "not-json: Expecting property name"),
        ('{"events": {"trigger": "hit"}}', "structure: events: should be a list of objects"),
        ('{"events": [{"trigger": 5}]}', r"structure: events\[0\]"),
        ('{"events": [{"trigger": {"text": ["hit"]}}]}', r"events\[0\].trigger: text should be a string"),
        ('{"actors": [{"mentions": ["army", 3]}]}', r"actors\[0\]"),
        ('{"events": [{"trigger": "hit", "args": [["agent", "x"]]}]}', r"events\[0\].args: should be a list"),
        ('{"events": [{"trigger": "hit", "type": ["A"]}]}', r"events\[0\].type: should be a string"),
        (
            '{"spans": [{"text": "hit", "sentence": []}]}',
            r"spans\[0\].*sentence: should be a number or words",
        ),
        ('{"a":' * 100000, "not-json: is nested too deeply"),
        ('{"spans": [{"text": "\\ud83d"}]}', "not-json: a string holds half of a surrogate pair"),
        ("", "not-json: the file is empty"),
    ],
)
def test_wrong_answers_are_refused(body: str, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        decode(body, name="d1.json")


def test_a_document_that_nobody_knows() -> None:
    with pytest.raises(ProblemError, match=r"d1.jsonl:1: no-text: the text of document 'zz'"):
        decode('{"doc": "zz", "events": []}', text=None)


def test_unknown_keys_are_noted() -> None:
    notes: list[Problem] = []
    (document,) = decode(
        {"spans": [{"text": "Deraa", "mood": "bad"}], "confidence_note": "high"}, notes=notes
    )
    assert document.spans[0].extra == {"mood": "bad"}
    assert [n.message for n in notes] == ["keys that mean nothing here: confidence_note"]


def again(document: Document) -> tuple[Document, Counter[str]]:
    lost: Counter[str] = Counter()
    ((_, data),) = stringjson.encode([document], lost=lost)
    (back,) = stringjson.decode({"x.jsonl": io.BytesIO(data)})
    return back, lost


@given(documents())
@settings(max_examples=60, deadline=None)
def test_what_words_can_say_comes_back(document: Document) -> None:
    back, lost = again(document)
    assert back.text == document.text
    if not lost["mention that words do not find"] and not lost["discontinuous mention"]:
        for name in ("actors", "events", "numbers", "spans"):
            places = [[m.pieces for m in _mentions(x)] for x in getattr(document, name)]
            assert [[m.pieces for m in _mentions(x)] for x in getattr(back, name)] == places


def _mentions(item: Any) -> list[Mention]:
    from goldwire.annotate.document import mentions

    # A filler in words may come back as the object that stands where it does.
    return [m for label, m in mentions(item) if label != "ARG"]


def test_gold_as_examples_comes_back() -> None:
    folder = Path(__file__).parents[1] / "corpus" / "gold"
    if not folder.is_dir():
        pytest.skip("there is no gold yet")
    for file in sorted(folder.glob("*.jsonl")):
        (gold,) = lines.decode({"g.jsonl": io.BytesIO(file.read_bytes())})
        back, lost = again(gold)
        assert lost["mention that words do not find"] == 0
        if not lost["discontinuous mention"]:
            assert [_mentions(x) for x in back.actors] == [_mentions(x) for x in gold.actors]
        assert "unanchored" not in back.extra


def test_a_value_is_the_largest_of_several() -> None:
    assert answer.value('{"a": {}} and {"a": [{"b": 1.50}, {"c": 2}]}', "x") == {
        "a": [{"b": "1.50"}, {"c": 2}]
    }


def test_an_answer_in_a_list_of_its_own_is_that_answer():
    answer = '[{"actors": [{"type": "PER", "mentions": ["Ada"]}]}]'
    line = json.dumps({"text": "Ada met Bo.", "answer": answer}) + "\n"
    (document,) = stringjson.decode({"a.jsonl": io.BytesIO(line.encode())})
    assert [m.start for a in document.actors for m in a.mentions] == [0]
