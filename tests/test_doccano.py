"""doccano: both kinds of project, both units, and what annotators changed."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from goldwire.annotate.document import Actor, Document, Mention, Meta, Number, Span
from goldwire.annotate.formats import doccano, source
from goldwire.annotate.problems import Problem, ProblemError

from . import samples

REAL = [*samples.found("doccano/*.json*"), *samples.found("synthetic/*.doccano.jsonl")]


def read(text: str, notes: list[Problem] | None = None, **options: Any) -> list[Document]:
    return list(doccano.decode({"d/a.jsonl": io.BytesIO(text.encode())}, notes=notes, **options))


def written(*documents: Document, lost: Counter[str] | None = None, **options: str) -> list[dict[str, Any]]:
    counted = Counter() if lost is None else lost
    data = b"".join(part for _, part in doccano.encode(documents, lost=counted, **options))
    return [json.loads(line) for line in data.decode().split("\n") if line]


@samples.needed
@pytest.mark.parametrize(
    "path",
    [*samples.found("doccano/*.json*"), *samples.found("synthetic/*.doccano.jsonl")],
    ids=lambda p: p.name,
)
def test_a_real_file_comes_back_value_for_value(path: Path) -> None:
    with path.open("rb") as file:
        documents = list(doccano.decode({str(path): file}))
    with path.open("rb") as file:
        raw = [value for _, value in source.values(file, path.name)]
    assert written(*documents) == raw
    assert [list(task) for task in written(*documents)] == [list(task) for task in raw]


@samples.needed
def test_utf_16_gives_the_truth_of_the_sample() -> None:
    (path,) = samples.found("synthetic/a.doccano.jsonl")
    (document,) = read(path.read_text("utf-8"))
    truth = json.loads(samples.found("tool-written/a.expected.json")[0].read_text("utf-8"))
    said = {(s.mention.start, s.mention.end, s.label) for s in document.spans}
    listed = truth["spans"] if isinstance(truth, dict) else truth
    assert said <= {(x["start"], x["end"], x["label"]) for x in listed}


def test_graphemes_are_recognised_where_only_they_fit_words_and_can_be_asked_for() -> None:
    # A family of three is 8 UTF-16 units, 5 code points, 1 grapheme; CR LF is one grapheme.
    text = "👩\u200d👩\u200d👧\r\nAda left"
    for label, notes, options in (
        ([2, 5, "P"], 1, {}),
        ([10, 13, "P"], 0, {}),
        ([7, 10, "P"], 0, {"unit": "code points"}),
    ):
        said: list[Problem] = []
        (document,) = read(json.dumps({"text": text, "label": [label]}), said, **options)
        assert document.spans[0].mention.text == "Ada"
        assert len(said) == notes
        assert written(document)[0]["label"] == [label]


def test_a_span_inside_a_grapheme_is_counted_as_lost() -> None:
    lost: Counter[str] = Counter()
    document = Document("e\u0301a", Meta("a"), spans=(Span("1", Mention("e", 0), "X"),))
    written(document, lost=lost, unit="graphemes")
    assert lost == {"span that cuts a character (graphemes)": 1}


def test_our_objects_survive_an_annotator() -> None:
    document = Document(
        "Two armies of Ada met",
        Meta("a"),
        actors=(Actor("a1", "MIL", name="the armies", mentions=(Mention("armies", 4), Mention("Ada", 14))),),
        numbers=(Number("n1", Mention("Two", 0), "COUNT", value="2", counted="a1"),),
    )
    (task,) = written(document)
    assert [(x["label"], x["start_offset"], x["end_offset"]) for x in task["entities"]] == [
        ("MIL", 4, 10),
        ("MIL", 14, 17),
        ("COUNT", 0, 3),
    ]
    assert [x["type"] for x in task["relations"]] == ["COREF", "COUNTED"]
    task["entities"][0]["end_offset"] = 13
    task["entities"].append({"id": 99, "label": "PER", "start_offset": 14, "end_offset": 17})
    del task["entities"][1], task["relations"][0]
    (edited,) = read(json.dumps(task))
    assert [m.text for m in edited.actors[0].mentions] == ["armies of"]
    assert (edited.actors[0].name, edited.numbers) == ("the armies", document.numbers)
    assert [(s.id, s.label) for s in edited.spans] == [("99", "PER")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{"text": "Ada", "label": [[0, 9, "P"]]}',
            "a.jsonl:1: span-range: entity P 0–9 lies outside the text",
        ),
        (
            '\n{"text": "😀 Ada", "label": [[1, 3, "P"]]}',
            "d/a.jsonl:2: span-range: .* cuts a character in two",
        ),
        ('{"text": "Ada", "label": [[0, "x", "P"]]}', r"d/a.jsonl:1: structure: Expected `int`"),
        ('{"label": []}', "d/a.jsonl:1: structure: has no text"),
        ('{"text": "a\\ud83d", "label": []}', "half of a surrogate pair"),
        (
            '{"text": "a", "entities": [], "relations": [{"from_id": 1, "to_id": 2, "type": "x"}]}',
            "dangling-id",
        ),
        ('{"text": "a"', r"d/a.jsonl:\d: not-json"),
    ],
)
def test_what_is_wrong_is_named(text: str, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        read(text)


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(ProblemError, match="unit is one of utf-16, graphemes, code points"):
        read("{}", unit="bytes")
