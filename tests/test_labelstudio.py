"""Label Studio: tasks old and new, over text, HTML and paragraphs."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from goldwire.annotate.document import Argument, Document, Event, Mention, Meta, Time
from goldwire.annotate.formats import labelstudio, recognise, source
from goldwire.annotate.problems import Problem, ProblemError

from . import samples

REAL = [
    *samples.found("label-studio/[nd]*/*.json"),
    *samples.found("synthetic/*.label-studio.json"),
]


def read(tasks: Any, notes: list[Problem] | None = None, **options: Any) -> list[Document]:
    file = io.BytesIO(json.dumps(tasks).encode())
    return list(labelstudio.decode({"d/a.json": file}, notes=notes, **options))


def written(*documents: Document, **options: str) -> list[dict[str, Any]]:
    data = b"".join(part for _, part in labelstudio.encode(documents, lost=Counter(), **options))
    result: list[dict[str, Any]] = json.loads(data)
    return result


def region(own: str, start: Any, end: Any, text: str | None, *labels: str, **more: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": list(labels), **more}
    value |= {} if text is None else {"text": text}
    return {"id": own, "from_name": "label", "to_name": "text", "type": "labels", "value": value}


def task(data: Any, *results: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": 7, "data": data, "annotations": [{"id": 1, "result": list(results)}], **more}


@samples.needed
@pytest.mark.parametrize("path", REAL, ids=lambda p: f"{p.parent.name}-{p.name}")
def test_a_real_file_comes_back_value_for_value(path: Path) -> None:
    with path.open("rb") as file:
        documents = list(labelstudio.decode({str(path): file}))
    with path.open("rb") as file:
        raw = [value for _, value in source.values(file, path.name)]
    assert written(*documents) == raw
    assert [list(t) for t in written(*documents)] == [list(t) for t in raw]


@samples.needed
def test_a_task_without_any_text_is_refused() -> None:
    (path,) = samples.found("label-studio/export/csv_test2.json")
    with path.open("rb") as file, pytest.raises(ProblemError, match=r"csv_test2.json:2: .* data has no text"):
        list(labelstudio.decode({str(path): file}))


def test_regions_relations_and_what_is_said_of_a_region() -> None:
    choice: dict[str, Any] = {"id": "x", "from_name": "sure", "to_name": "text", "type": "choices"}
    whole = {**choice, "id": "w", "from_name": "topic", "value": {"choices": ["war"]}}
    choice["value"] = {"choices": ["yes"]}
    left = {"from_id": "x", "to_id": "y", "type": "relation", "direction": "left", "labels": ["by"]}
    ada, bob = region("x", 0, 3, "Ada", "PER", "POET"), region("y", 8, 11, "Bob", "PER")
    raw = task({"text": "Ada met Bob"}, ada, choice, whole, bob, left)
    (document,) = read([raw])
    assert [(s.id, s.label, s.mention.text) for s in document.spans] == [
        ("x", "PER", "Ada"),
        ("x#2", "POET", "Ada"),
        ("y", "PER", "Bob"),
    ]
    assert [(r.source, r.target, r.label) for r in document.relations] == [("y", "x", "by")]
    assert document.meta.doc_id == "7"
    assert written(document) == [raw]


def test_old_exports_count_utf_16_and_nest_their_results() -> None:
    done = [{"id": 1, "result": [[region("x", 3, 6, "Ada", "P")]]}]
    raw = {"data": {"text": "😀 Ada left"}, "completions": done}
    (document,) = read([raw])
    assert document.spans[0].mention.start == 2
    (again,) = written(document)
    assert again["completions"][0]["result"][0]["value"]["start"] == 3


def test_html_is_read_as_a_browser_shows_it() -> None:
    html = "<div><p>Hello &amp; welcome</p><p>Ada <b>left</b></p></div>"
    by_path = region(
        "x", "/div[1]/p[2]/text()[1]", "/div[1]/p[2]/b/text()", "Ada left", "P", startOffset=0, endOffset=4
    )
    first = "/div[1]/p[1]/text()[1]"
    counted = region("y", first, first, "welcome", "W", startOffset=8, endOffset=15)
    counted["value"]["globalOffsets"] = {"start": 8, "end": 15}
    raw = task({"html": html}, by_path, counted)
    (document,) = read([raw])
    assert document.text == "Hello & welcomeAda left"
    assert {s.mention.text for s in document.spans} == {"Ada left", "welcome"}
    assert written(document) == [raw]


def test_paragraphs_are_joined_by_line_breaks() -> None:
    said = [{"author": "A", "text": "Hello Ada"}, {"author": "B", "text": "Bob here"}]
    mark = region("x", "1", "1", "Bob", startOffset=0, endOffset=3, paragraphlabels=["P"])
    del mark["value"]["labels"]
    raw = task({"dialogue": said}, mark)
    (document,) = read([raw])
    assert document.text == "Hello Ada\nBob here"
    assert (document.spans[0].mention.text, document.spans[0].mention.start) == ("Bob", 10)
    assert written(document) == [raw]


def test_of_several_annotations_one_is_read_and_all_can_be() -> None:
    both = [
        {"id": 1, "was_cancelled": True, "result": []},
        {"id": 2, "completed_by": {"id": 5, "email": "b@x"}, "result": [region("x", 0, 3, "Ada", "A")]},
        {"id": 3, "ground_truth": True, "result": [region("x", 0, 3, "Ada", "G")]},
    ]
    predicted = [{"model_version": "m", "result": [{**region("z", 0, 3, "Ada", "M"), "score": 0.5}]}]
    raw = {"id": 1, "data": {"text": "Ada left"}, "annotations": both, "predictions": predicted}
    notes: list[Problem] = []
    (document,) = read([raw], notes)
    assert document.spans[0].label == "G"
    assert [n.rule for n in notes] == ["annotations"]
    assert written(document) == [raw]
    assert [d.meta.doc_id for d in read([raw], annotation="all")] == ["1/1", "1/b@x", "1/3"]
    (guessed,) = read([raw], annotation="predictions")
    assert (guessed.spans[0].label, guessed.spans[0].confidence) == ("M", "0.5")
    assert read([raw], annotation="2")[0].spans[0].label == "A"


def test_our_objects_survive_an_annotator() -> None:
    when = Argument("when", "t1", Mention("Monday", 12))
    document = Document(
        "Ada left on Monday",
        Meta("a"),
        times=(Time("t1", Mention("Monday", 12), "DATE", value="2018-07-02", basis="dct"),),
        events=(Event("e1", Mention("left", 4), "LEAVE", args=(when,)),),
    )
    (made,) = written(document)
    results = made["annotations"][0]["result"]
    assert [(r["type"], r.get("from_name")) for r in results] == [
        ("labels", "label"),
        ("textarea", "value"),
        ("choices", "basis"),
        ("labels", "label"),
        ("relation", None),
    ]
    results[1]["value"]["text"] = ["2018-07-09"]
    results[3]["value"]["labels"] = ["GO"]
    results.append(region("new", 0, 3, "Ada", "PER"))
    (edited,) = read([made])
    assert edited.times[0].value == "2018-07-09"
    assert edited.events[0].type == "GO"
    assert edited.events[0].args == document.events[0].args
    assert [(s.id, s.label) for s in edited.spans] == [("new", "PER")]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (task({"text": "Ada"}, region("x", 0, 9, "Ada", "P")), "a.json:1: span-range: region x 0–9 lies out"),
        (
            task({"text": "Ada left"}, region("x", 1, 4, "Ada", "P")),
            "span-text: region x 1–4 should say «Ada»",
        ),
        (task({"text": "Ada"}, region("x", 0, None, "Ada", "P")), "region x: start and end should be whole"),
        (task({"text": 3}), "the text is neither a string nor a list of paragraphs"),
        ({"annotations": []}, "a task should have data with the text"),
        ([1], "a.json:1: structure: Expected `object`, got `int`"),
        (task({"html": "<p>a</p>"}, region("x", "/p[9]", "/p", None, "P", startOffset=0)), "span-range"),
    ],
)
def test_what_is_wrong_is_named(raw: Any, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        read(raw)


def test_html_as_deep_as_it_likes_is_read() -> None:
    mark = region("x", "/b", "/b", "Ada", "P", globalOffsets={"start": 0, "end": 3})
    (document,) = read([task({"html": "<b>" * 100_000 + "Ada"}, mark)])
    assert document.text == "Ada"


def test_json_min_is_read_and_says_what_it_leaves_out() -> None:
    regions = [{"start": 0, "end": 3, "text": "Ada", "labels": ["PER"]}]
    line = {"id": 7, "text": "Ada left", "label": regions, "topic": "news", "annotator": 2}
    data = json.dumps([line, {"id": 8, "text": "Ha", "label": []}]).encode()
    assert recognise("a.json", data).name == "label-studio"
    notes: list[Problem] = []
    first, second = labelstudio.decode({"a.json": io.BytesIO(data)}, notes=notes)
    assert [(s.mention.text, s.label) for s in first.spans] == [("Ada", "PER")]
    assert [n.message for n in notes] == ["this export of Label Studio leaves out relations"]
    assert second.text == "Ha"
    task = json.loads(b"".join(b for _, b in labelstudio.encode([first], lost=Counter())))[0]
    assert task["data"] == {"text": "Ada left", "topic": "news"}
    assert task["annotations"][0]["result"][0]["value"] == regions[0]
