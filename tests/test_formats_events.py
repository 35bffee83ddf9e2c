"""Event extraction's JSON in its dialects: read, proved against the words, and back."""

from __future__ import annotations

import io
import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from goldwire.annotate.document import Actor, Argument, Document, Event, Mention, Relation, Span
from goldwire.annotate.formats import dygie, gliner, omnievent, phee, recognise, textee
from goldwire.annotate.problems import ProblemError

from . import samples
from .strategies import documents


def decode(codec: Any, *lines: Any, **options: Any) -> list[Document]:
    data = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return list(codec.decode({"x.jsonl": io.BytesIO(data.encode())}, **options))


def encode(codec: Any, *documents: Document, **options: Any) -> tuple[list[Any], Counter[str]]:
    lost: Counter[str] = Counter()
    data = b"".join(b for _, b in codec.encode(documents, lost=lost, **options))
    if data.startswith(b"["):
        return json.loads(data), lost
    return [json.loads(line) for line in data.split(b"\n") if line], lost


SAMPLES = [
    (textee, "event-json/geneva.degree-textee-style.jsonl"),
    (dygie, "event-json/phee.eeqa-dygie-style.jsonl"),
    (phee, "event-json/phee.json.jsonl"),
    (gliner, "gliner/sample_data.json"),
]


def raw(path: str) -> list[Any]:
    text = (samples.FOLDER / path).read_text()
    return json.loads(text) if path.endswith(".json") else [json.loads(x) for x in text.split("\n") if x]


@samples.needed
@pytest.mark.parametrize(("codec", "path"), SAMPLES)
def test_samples_go_back_as_they_came(codec: Any, path: str) -> None:
    data = (samples.FOLDER / path).read_bytes()
    found = list(codec.decode({"x.jsonl": io.BytesIO(data)}))
    lines, lost = encode(codec, *found)
    assert lines == raw(path)
    assert lost == {}


@samples.needed
@pytest.mark.parametrize(("codec", "path"), SAMPLES)
def test_samples_written_anew_say_the_same(codec: Any, path: str) -> None:
    found = list(codec.decode({"x.jsonl": io.BytesIO((samples.FOLDER / path).read_bytes())}))
    key = codec.__name__.rpartition(".")[2]
    bare = [replace(d, extra={k: v for k, v in d.extra.items() if k != key}) for d in found]
    lines, _ = encode(codec, *bare)
    again = decode(codec, *lines)
    # DyGIE++ knows triggers of one token only.
    cut = codec is dygie
    assert [said(d, cut) for d in again] == [said(d, cut) for d in bare]


def said(document: Document, cut: bool) -> Any:
    """Events with their arguments and spans, by place."""
    events = [
        (
            e.type,
            e.trigger.bounds[1] if cut else e.trigger.pieces,
            sorted((a.role, a.evidence.pieces) for a in e.args if a.evidence),
        )
        for e in document.events
    ]
    return document.text, sorted(events), sorted((s.label, s.mention.pieces) for s in document.spans)


@samples.needed
def test_phee_says_the_same_in_characters_and_in_tokens() -> None:
    pieces = {d.meta.doc_id: d for d in decode(phee, *raw("event-json/phee.json.jsonl"))}
    tokens = {d.meta.doc_id: d for d in decode(dygie, *raw("event-json/phee.eeqa-dygie-style.jsonl"))}
    both = sorted(pieces.keys() & tokens.keys())
    assert len(both) == 60
    agreed = 0
    for own in both:
        one, other = pieces[own], tokens[own]
        types = [Counter(e.type for e in d.events if e.type != "Combination") for d in (one, other)]
        agreed += types[0] == types[1]
        first = one.events[0].trigger.text.split()[0]
        assert any(
            e.trigger.text.replace(" ", "").startswith(first.replace("-", "")[:3]) for e in other.events
        )
    assert agreed == 60


@samples.needed
def test_what_geneva_says() -> None:
    first = decode(textee, *raw("event-json/geneva.degree-textee-style.jsonl"))[0]
    assert first.text == "Iran strongly denies acquiring or producing biological weapons ."
    assert (first.meta.doc_id, len(first.spans)) == ("135_23521_4097170", 4)
    getting = first.events[0]
    assert (getting.type, getting.trigger.text) == ("Getting", "acquiring")
    fillers = [(a.role, a.ref, a.evidence.text) for a in getting.args if a.evidence]
    assert fillers == [
        ("Recipient", "135_23521_4097170_0_1", "Iran"),
        ("Theme", "135_23521_4097170_6_8", "biological weapons"),
    ]


@samples.needed
def test_what_phee_says() -> None:
    by_id = {d.meta.doc_id: d for d in decode(phee, *raw("event-json/phee.json.jsonl"))}
    therapy, combination = by_id["18159131_4"].events
    assert (therapy.type, combination.type) == ("Potential_therapeutic_event", "Combination")
    roles = [(a.role, a.evidence.text if a.evidence else a.ref) for a in therapy.args]
    assert ("Treatment.Combination", "E2") in roles
    assert ("Treatment.Drug", "tacrolimus") in roles
    subject = next(a.evidence for a in therapy.args if a.role == "Subject")
    assert subject is not None
    assert subject.pieces == ((11, 86), (159, 176))
    can = by_id["10907391_3"].events[0].args[-1]
    assert (can.role, can.extra) == ("Speculated", {"value": True})


ADA = Actor("a1", "PER", mentions=(Mention("Ada", 0), Mention("She", 16)))
OWN = Document(
    "Ada left Rome. \nShe arrived in Deraa.",
    actors=(ADA,),
    spans=(Span("s1", Mention("Rome", 9), "GPE"), Span("s2", Mention("Deraa", 31), "GPE")),
    relations=(Relation("r1", "s1", "s2", "BEFORE"),),
    events=(
        Event(
            "e1",
            Mention("left", 4),
            "MOVE",
            coref="e1",
            args=(
                Argument("agent", "a1", Mention("Ada", 0)),
                Argument("origin", "s1", Mention("Rome", 9)),
            ),
        ),
        Event(
            "e2",
            Mention("arrived in", 20, "arrived", 20),
            "MOVE",
            coref="e1",
            args=(Argument("agent", "a1"),),
        ),
    ),
)


def test_our_events_for_textee() -> None:
    (line,), lost = encode(textee, OWN)
    assert lost == {"chain of mentions": 1, "event coref": 2, "head": 1}
    assert line["tokens"] == "Ada left Rome . She arrived in Deraa .".split()
    assert [e["trigger"] for e in line["event_mentions"]] == [
        {"text": "left", "start": 1, "end": 2},
        {"text": "arrived in", "start": 5, "end": 7},
    ]
    (again,) = decode(textee, line)
    assert again.text == OWN.text
    assert [[(a.role, a.evidence) for a in e.args] for e in again.events] == [
        [("agent", Mention("Ada", 0)), ("origin", Mention("Rome", 9))],
        [("agent", Mention("Ada", 0))],
    ]
    assert again.relations == OWN.relations


def test_our_events_for_dygie() -> None:
    (line,), lost = encode(dygie, OWN)
    assert lost == {"event coref": 2, "head": 1, "trigger of several tokens": 1}
    assert line["sentences"] == ["Ada left Rome .".split(), "She arrived in Deraa .".split()]
    assert line["events"] == [
        [[[1, "MOVE"], [0, 0, "agent"], [2, 2, "origin"]]],
        [[[5, "MOVE"], [0, 0, "agent"]]],
    ]
    assert line["clusters"] == [[[0, 0], [4, 4]]]
    assert line["relations"] == [[[2, 2, 7, 7, "BEFORE"]], []]
    (again,) = decode(dygie, line)
    # A span that is also in a chain stands for itself.
    assert [(a.role, a.evidence) for a in again.events[0].args] == [
        ("agent", Mention("Ada", 0)),
        ("origin", Mention("Rome", 9)),
    ]
    assert [[m.text for m in a.mentions] for a in again.actors] == [["Ada", "She"]]


def test_our_events_for_omnievent() -> None:
    (line,), lost = encode(omnievent, OWN)
    assert lost == {"head": 1, "relation": 1}
    (again,) = decode(omnievent, line)
    assert [e.coref for e in again.events] == ["e1", "e1"]
    assert [(a.id, a.type, [m.text for m in a.mentions]) for a in again.actors] == [
        ("a1", "PER", ["Ada", "She"]),
        ("s1", "GPE", ["Rome"]),
        ("s2", "GPE", ["Deraa"]),
    ]
    assert [[(a.role, a.ref) for a in e.args] for e in again.events] == [
        [("agent", "a1"), ("origin", "s1")],
        [("agent", "a1")],
    ]
    assert encode(omnievent, again) == ([line], Counter())


def test_omnievent_in_other_units() -> None:
    line = {
        "id": "d",
        "text": "😀 Ada left.",
        "events": [],
        "entities": [{"mentions": [{"mention": "Ada", "position": [3, 6]}]}],
    }
    (document,) = decode(omnievent, line)
    assert document.actors[0].mentions[0] == Mention("Ada", 2)


def test_predictions_of_dygie() -> None:
    line = {
        "doc_key": "d",
        "sentences": [["Ada", "left"], ["Rome"]],
        "ner": [[], []],
        "predicted_ner": [[[0, 0, "PER", 9.5, 0.99]], [[2, 2, "GPE", 1.0, 0.5]]],
        "predicted_events": [[[[1, "MOVE", 3.2, 0.9], [0, 0, "agent", 1.1, 0.8]]], []],
    }
    (gold,), (pred,) = decode(dygie, line), decode(dygie, line, predicted=True)
    assert (gold.spans, gold.events) == ((), ())
    assert [(s.mention.text, s.label) for s in pred.spans] == [("Ada", "PER"), ("Rome", "GPE")]
    assert pred.events[0].args == (Argument("agent", "s1", Mention("Ada", 0)),)


def test_gliner_by_sentences() -> None:
    lines, lost = encode(gliner, OWN, examples="sentence", lines=True)
    assert lines == [
        {"tokenized_text": "Ada left Rome .".split(), "ner": [[0, 0, "PER"], [1, 1, "MOVE"], [2, 2, "GPE"]]},
        {
            "tokenized_text": "She arrived in Deraa .".split(),
            "ner": [[0, 0, "PER"], [1, 2, "MOVE"], [3, 3, "GPE"]],
        },
    ]
    assert lost == {"actor": 1, "event": 2, "relation": 1, "head": 1}


@pytest.mark.parametrize("codec", [textee, dygie, omnievent, phee])
def test_any_document_is_written_and_read_again(codec: Any) -> None:
    @given(documents(split=False))
    @settings(max_examples=40, deadline=None)
    def proved(document: Document) -> None:
        bare = replace(document, extra={})
        lines, _ = encode(codec, bare)
        (once,) = decode(codec, *lines)
        again, lost = encode(codec, once)
        assert again == lines
        assert lost == {}

    proved()


WINDOW = {"wnd_id": "w", "tokens": ["Ada", "left"], "entity_mentions": [], "event_mentions": []}
MENTION = {"id": "m1", "start": 0, "end": 1, "text": "Ada"}
EVA = {"mention": "Eva", "position": [0, 3]}
ADA_SAID = {"id": "d", "context": "Ada"}
LEFT = {"id": "v1", "event_type": "MOVE", "trigger": {"start": 1, "end": 2, "text": "left"}}


@pytest.mark.parametrize(
    ("codec", "line", "message"),
    [
        (textee, {"tokens": [1]}, r"x.jsonl:1: structure: Expected `str`, got `int` - at `\$.tokens\[0\]`"),
        (
            textee,
            WINDOW | {"entity_mentions": [MENTION | {"end": 3}]},
            "m1 stands on tokens 0–3 of 2",
        ),
        (textee, WINDOW | {"entity_mentions": [MENTION | {"text": "Eva"}]}, "span-text: m1 should say «Eva»"),
        (textee, WINDOW | {"entity_mentions": [MENTION, MENTION]}, "repeated-id: the id 'm1'"),
        (
            textee,
            WINDOW | {"event_mentions": [LEFT | {"arguments": [{"role": "x", "entity_id": "m9"}]}]},
            "argument: v1 names 'm9', which is no entity mention",
        ),
        (
            textee,
            WINDOW | {"event_mentions": [LEFT | {"arguments": [{"role": "x"}]}]},
            "argument: x of v1 has neither entity_id nor start and end",
        ),
        (
            dygie,
            {"sentences": [["Ada"]], "ner": [[[0, 1, "PER"]]]},
            "a span 0–1 is not in 1 tokens",
        ),
        (dygie, {"sentences": [["Ada"]], "ner": [[[0, 0]]]}, "structure: ner: an entry should be 3 values"),
        (dygie, {"sentences": [["Ada"]], "events": [[[]]]}, "structure: an event has no trigger"),
        (dygie, {"sentences": ["Ada"]}, "structure: Expected `array`, got `str`"),
        (dygie, {"doc_key": "d"}, "structure: Expected `array`, got `null`"),
        (
            gliner,
            {"tokenized_text": ["Ada"], "ner": [[0, 1, "PER"]]},
            r"span 0–1 \(PER\) is not",
        ),
        (
            omnievent,
            {"text": "Ada", "entities": [{"mentions": [{"mention": "Eva", "position": [0, 3]}]}]},
            "«Eva»",
        ),
        (
            phee,
            {"id": "d", "context": "Ada", "annotations": [{"events": [{}]}]},
            "trigger: E.1 has 0 triggers",
        ),
        (
            phee,
            {
                "id": "d",
                "context": "Ada",
                "annotations": [{"events": [{"Trigger": {"text": [["a"]], "start": [[]]}}]}],
            },
            "text and start differ in length",
        ),
        (
            phee,
            {
                "id": "d",
                "context": "Ada",
                "annotations": [{"events": [{"Trigger": {"text": [["x"]], "start": [[0]]}}]}],
            },
            "should say «x», the text says «A»",
        ),
    ],
)
def test_wrong_lines_are_refused(codec: Any, line: Any, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        decode(codec, line)


def test_what_textee_predicts_has_no_ids() -> None:
    piece = {"start": 1, "end": 2, "text": "left", "offset_start": 4, "offset_end": 8}
    args = [{"role": "Agent", "start": 0, "end": 1, "text": "Ada"}]
    raw = {"doc_id": "D", "tokens": ["Ada", "left"], "text": "Ada left"}
    raw |= {"event_mentions": [{"event_type": "Go", "trigger": piece, "arguments": args}] * 2}
    (document,) = textee.decode({"a.json": io.BytesIO(json.dumps(raw).encode())})
    assert [(e.id, e.trigger.text, e.args[0].evidence) for e in document.events] == [
        ("e1", "left", Mention("Ada", 0)),
        ("e2", "left", Mention("Ada", 0)),
    ]
    assert json.loads(next(iter(textee.encode([document], lost=Counter())))[1]) == raw


@pytest.mark.parametrize(
    ("name", "head", "format"),
    [
        ("a.json", b'{"events": [[], [[[2, "x"]]]], "ner": [[]]', "dygie"),
        ("a.json", b'{\n"sentences": [\n ["Ada"]', "dygie"),
        ("a.tsv", b"THE\tB-PER\tO\tO\tO\tO\n", "litbank"),
        ("a.jsonl", b'{"text": "x", "events": [{"id": "e1"}]}', "record"),
    ],
)
def test_first_bytes_tell(name: str, head: bytes, format: str) -> None:
    assert recognise(name, head).name == format
