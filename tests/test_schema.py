"""The JSON Schema of both forms accepts what check accepts, and refuses what no program could read."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from goldwire.annotate import files
from goldwire.annotate.formats import lines, record
from goldwire.annotate.schema import schema

ROOT = Path(__file__).parents[1]
BAD = ROOT / "tests" / "bad"
OWN = files.ontology()
LINE = Draft202012Validator(schema(OWN, "lines"))
RECORD = Draft202012Validator(schema(OWN, "record"))


def test_the_schemas_are_schemas():
    for form in ("lines", "record"):
        Draft202012Validator.check_schema(schema(OWN, form))


@pytest.mark.parametrize("path", sorted((ROOT / "corpus" / "gold").glob("*.jsonl")), ids=lambda p: p.stem)
def test_the_gold_fits(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        LINE.validate(json.loads(line))
    for item in files.read(path):
        RECORD.validate(record.record(item))
        for written in lines.write(item).splitlines():
            LINE.validate(json.loads(written))


@pytest.mark.parametrize(
    "line",
    [
        {"term": "", "mention": "Rome"},
        {"quotation": "q1", "cue": "said", "content": "yes", "event": "e1", "speaker_span": "Ada"},
        {
            "event": "e1",
            "trigger": "left",
            "args": {"agent": "a1", "place": ["p1", "p2"]},
            "details": {"x": "y"},
        },
        {"actor": "a1", "mentions": ["Ada", {"text": "she", "occurrence": 2, "segment": "g1"}]},
        {"place": "p1", "kind": "city", "actor": "a1", "segment": "g1", "mentions": "Rome"},
        {"segment": "", "text": "Ada left."},
        {"term": "w1", "mention": {"text": "lay", "more": ["down"]}, "own": {"x": 1}},
    ],
    ids=lambda line: next(iter(line)),
)
def test_short_forms_fit(line):
    LINE.validate(line)


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ({"event": "e1"}, "'trigger' is a required property"),
        ({"event": "e1", "trigger": "left", "type": "FLOOD"}, "'FLOOD' is not one of"),
        ({"quotation": "q1", "stance": "shout"}, "'shout' is not one of"),
        ({"doc": "x"}, "'text' is a required property"),
        ({"segment": 3}, "3 is not of type 'string'"),
        ({"nix": 1}, "'doc' is a required property"),
        ({"number": "n1", "mention": "9", "rounded": "yes"}, "'yes' is not of type 'boolean'"),
    ],
)
def test_a_wrong_line_is_named(line, where):
    messages = [e.message for error in LINE.iter_errors(line) for e in [error, *error.context]]
    assert any(where in m for m in messages), messages


@pytest.mark.parametrize("slug", ["null", "float", "structure", "unknown-label"])
def test_bad_files_of_structure_do_not_fit(slug):
    rows = [json.loads(x) for x in (BAD / f"{slug}.jsonl").read_text(encoding="utf-8").splitlines()]
    assert not all(LINE.is_valid(row) for row in rows)


def test_a_slim_prediction_is_a_record():
    RECORD.validate({"text": "Rome", "spans": [{"start": 0, "end": 4, "label": "GPE"}]})
    assert not RECORD.is_valid({"spans": []})
    assert not RECORD.is_valid({"text": "Rome", "spans": [{"start": "0", "end": 4}]})


def test_labels_bring_their_definitions():
    kind = schema(OWN)["$defs"]["Actor"]["properties"]["type"]
    assert (
        dict(zip(kind["enum"], kind["enumDescriptions"], strict=True))["PER"] == OWN.actors["PER"].definition
    )
