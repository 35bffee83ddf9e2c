"""Prodigy: real exports come back value for value, views show what they can, edits are read."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from goldwire.annotate import tokens
from goldwire.annotate.document import Actor, Argument, Document, Event, Mention, Meta, Quotation
from goldwire.annotate.formats import prodigy, prodigy_hash, source
from goldwire.annotate.problems import ProblemError

from . import samples
from .strategies import documents

REAL = [
    *samples.found("prodigy/*.jsonl"),
    *samples.found("prodigy/astral/*"),
    *samples.found("goldwire-example/*.jsonl"),
]
ARMY, ADA, HE = Mention("The army", 0, head="army", head_start=4), Mention("Ada", 13), Mention("he", 18)
SAID = Quotation(
    "q1", speaker="a2", speaker_span=HE, cue=(Mention("said", 21),), content=(Mention("The army hit Ada", 0),)
)
HIT = Event(
    "e1",
    Mention("hit", 9),
    "HIT",
    args=(Argument("agent", "a1", Mention("The army", 0)), Argument("target", "a2", ADA)),
)
DOCUMENT = Document(
    "The army hit Ada, he said.",
    Meta("d1"),
    actors=(Actor("a1", "MIL", mentions=(ARMY,)), Actor("a2", "PER", name="Ada", mentions=(ADA, HE))),
    events=(HIT,),
    quotations=(SAID,),
)
needs_spacy = pytest.mark.skipif(not tokens.available(), reason="tokens need spaCy")


def read(*tasks: dict[str, Any], **options: str) -> list[Document]:
    lines = "\n".join(json.dumps(task) for task in tasks)
    return list(prodigy.decode({"d/a.jsonl": io.BytesIO(lines.encode())}, **options))


def written(*made: Document, **options: str) -> list[dict[str, Any]]:
    data = b"".join(part for _, part in prodigy.encode(made, lost=Counter(), **options))
    return [json.loads(line) for line in data.decode().split("\n") if line]


def shown(task: dict[str, Any]) -> list[str]:
    return [f"{task['text'][s['start'] : s['end']]}/{s['label']}" for s in task["spans"]]


@samples.needed
@pytest.mark.parametrize("path", REAL, ids=lambda p: p.name)
def test_a_real_export_comes_back_value_for_value(path: Path) -> None:
    with path.open("rb") as file:
        found = list(prodigy.decode({str(path): file}))
    with path.open("rb") as file:
        raw = [value for _, value in source.values(file, path.name)]
    assert written(*found) == raw
    assert [list(task) for task in written(*found)] == [list(task) for task in raw]


@samples.needed
def test_hashes_are_those_of_prodigy() -> None:
    tasks = [json.loads(line) for p in REAL for line in p.read_text("utf-8").split("\n") if line]
    hashed = [task for task in tasks if "_input_hash" in task]
    assert len(hashed) > 100
    same = [task for task in hashed if prodigy_hash.input_hash(task["text"]) == task["_input_hash"]]
    assert len(same) >= len(hashed) - 1


@samples.needed
def test_relations_are_read_by_their_spans_not_by_their_tokens() -> None:
    (path,) = samples.found("prodigy/rel_manual.jsonl")
    with path.open("rb") as file:
        found = list(prodigy.decode({str(path): file}))
    assert sum(len(d.relations) for d in found) == 128
    for document in found:
        ids = {s.id: s for s in document.spans}
        for relation in document.relations:
            raw = relation.extra["prodigy"]
            assert ids[relation.source].mention.start == raw["head_span"]["start"]
            assert ids[relation.target].mention.end == raw["child_span"]["end"]


@samples.needed
def test_versions_of_a_review_can_be_read_one_by_one() -> None:
    (path,) = samples.found("prodigy/review_recipe.jsonl")
    with path.open("rb") as file:
        found = list(prodigy.decode({str(path): file}, version="all"))
    raw = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
    assert len(found) == sum(len(task["versions"]) for task in raw)
    assert found[0].meta.doc_id == "review_recipe-1/ner_model"


@pytest.mark.parametrize("view", ["spans", "ner", "rel", "coref"])
def test_every_view_keeps_the_whole_document(view: str) -> None:
    assert read(*written(DOCUMENT, view=view)) == [DOCUMENT]

    @given(documents())
    @settings(max_examples=25, deadline=None)
    def proved(document: Document) -> None:
        assert read(*written(document, view=view)) == [document]

    proved()


@needs_spacy
def test_views_show_what_they_can() -> None:
    everything, flat, arrows, chains = (
        written(DOCUMENT, view=v)[0] for v in ("spans", "ner", "rel", "coref")
    )
    assert shown(everything) == [
        "The army hit Ada/QUOTE",
        "The army/MIL",
        "hit/HIT",
        "Ada/PER",
        "he/PER",
        "said/CUE",
    ]
    assert shown(flat) == ["The army hit Ada/QUOTE", "he/PER", "said/CUE"]
    assert flat["meta"] == {"doc_id": "d1", "not shown": "3 of 6 spans"}
    assert "relations" not in everything
    assert [r["label"] for r in arrows["relations"]] == ["CUE", "SPEAKER_SPAN"]
    (chain,) = chains["relations"]
    assert (chain["label"], chain["head"], chain["child"]) == ("COREF", 3, 5)
    (events,) = written(DOCUMENT, view="rel", layers="events,actors")
    assert sorted(r["label"] for r in events["relations"]) == ["COREF", "agent", "target"]


@needs_spacy
def test_what_an_annotator_changed_is_read() -> None:
    (task,) = written(DOCUMENT, view="rel", layers="actors,events")
    for span in task["spans"]:
        del span["id"]  # spans drawn again carry only the standard keys
    by_text = {task["text"][s["start"] : s["end"]]: s for s in task["spans"]}
    by_text["The army"]["start"] = 4  # redrawn
    by_text["hit"]["label"] = "STRIKE"  # relabelled
    new = {"start": 21, "end": 25, "token_start": 6, "token_end": 6, "label": "SAY"}
    task["spans"].append(new)
    task["relations"] = [r for r in task["relations"] if r["label"] == "target"]
    task["relations"][0]["head_span"]["label"] = "STRIKE"
    ends = {"head_span": by_text["hit"], "child_span": by_text["he"]}
    task["relations"].append({"head": 2, "child": 5, **ends, "label": "witness"})
    task |= {"answer": "accept", "_annotator_id": "ann1", "_view_id": "relations", "_timestamp": 5}
    (edited,) = read(task)
    assert [m.text for m in edited.actors[0].mentions] == ["army"]
    (event,) = edited.events
    assert event.type == "STRIKE"
    assert [(a.role, a.ref, a.evidence and a.evidence.text) for a in event.args] == [
        ("target", "a2", "Ada"),
        ("witness", "a2", "he"),
    ]
    assert edited.quotations == DOCUMENT.quotations, "what the view did not show stays"
    assert [(s.label, s.mention.text) for s in edited.spans] == [("SAY", "said")]
    (who,) = edited.provenance
    assert (who.annotator, who.action, who.tool, who.note) == ("ann1", "accept", "prodigy/relations", "5")


def test_answers_can_be_chosen() -> None:
    tasks = [{"text": "a", "answer": "accept"}, {"text": "b", "answer": "reject"}, {"text": "c"}]
    assert [d.text for d in read(*tasks)] == ["a", "b", "c"]
    assert [d.text for d in read(*tasks, answer="accept")] == ["a", "c"]


@pytest.mark.parametrize(
    ("task", "message"),
    [
        (
            {"text": "Ada", "spans": [{"start": 0, "end": 9}]},
            r"d/a.jsonl:1: span-range: spans\[0\] 0–9 lies outside",
        ),
        ({"text": "Ada", "spans": [{"start": 0}]}, r"spans\[0\] should have whole numbers start and end"),
        (
            {"text": "Ada", "spans": [{"start": 0, "end": 2, "text": "Ada"}]},
            "should say «Ada», the text says «Ad»",
        ),
        ({"text": "Ada x", "tokens": [{"text": "x", "start": 3, "end": 4}]}, r"span-text: tokens\[0\] 3–4"),
        ({"spans": []}, "a task should have a text"),
        ({"text": "Ada", "spans": {"a": 1}}, "structure: Expected `array`, got `object`"),
        ({"text": "Ada", "goldwire": {"spans": 3}}, "structure: Expected `array`, got `int`"),
        (
            {"text": "Ada", "goldwire": {"rest": {"objects": [["actor", 3]]}}},
            "goldwire wrote into the file was changed",
        ),
    ],
)
def test_what_is_wrong_is_named(task: dict[str, Any], message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        read(task)


def test_an_unknown_view_is_refused() -> None:
    with pytest.raises(ProblemError, match="view is one of spans, ner, rel, coref"):
        written(DOCUMENT, view="textcat")
    with pytest.raises(ProblemError, match="layers are actors, events, quotations"):
        written(DOCUMENT, layers="actor")
