"""The two forms of a document, annotation lines and records, are exact inverses."""

import io

import pytest

from goldwire.annotate.document import Document
from goldwire.annotate.formats import lines, prodigy_hash, record
from goldwire.annotate.problems import Problem, ProblemError

# Discontinuous, nested, a filler that is no object, unknown keys, and spans of a tool's own.
TEXT = """\
{"doc": "A", "text": "The old army hit 12 of 40 towns, he said.", "layers": ["mentions"], "odd": true}
{"segment": "g1", "start": 0, "end": 41}
{"actor": "a1", "type": "MIL", "mentions": [{"text": "The old army", "start": 0, "head": "army", \
"form": "nominal", "key": 3}], "own": [1]}
{"number": "n1", "mention": {"text": "12", "start": 17}, "kind": "COUNT", "value": "12", "counted": "e1"}
{"quotation": "q1", "speaker_span": {"text": "he", "start": 33}, "cue": [{"text": "said", "start": 36}], \
"content": [{"text": "The old army hit 12 of 40 towns", "start": 0}]}
{"event": "e1", "trigger": {"text": "hit", "start": 13, "more": [{"text": "towns", "start": 26}]}, \
"type": "STRIKE", "args": [{"role": "agent", "ref": "a1", "evidence": {"text": "The old army", "start": 0}}, \
{"role": "target", "evidence": {"text": "40 towns", "start": 23, "head": "towns"}}]}
{"span": "s1", "mention": {"text": "towns", "start": 26}, "label": "GPE", "note": "n", "score": "0.5"}
{"relation": "r1", "from": "s1", "to": "e1", "label": "HIT"}
"""


def read(text: str) -> Document:
    return lines.document(lines.rows(text.encode(), where="a.jsonl"), where="a.jsonl")


def test_lines_come_back_byte_for_byte() -> None:
    assert lines.write(read(TEXT)).decode() == TEXT


def test_record_gives_the_same_document() -> None:
    document = read(TEXT)
    (encoded,) = record.encode([document])
    assert list(record.decode({"r.jsonl": io.BytesIO(encoded[1])})) == [document]


def test_every_key_of_a_record_is_present_and_in_order() -> None:
    assert (
        list(record.record(Document("x")))
        == (
            "text meta segments tokens spans events links actors places times numbers quotations terms "
            "relations ambiguities masks provenance schema_version _input_hash _task_hash answer"
        ).split()
    )


def test_a_slim_prediction_keeps_its_labels() -> None:
    raw = {"text": "Ada left.", "spans": [{"start": 0, "end": 3, "label": "PERSON"}]}
    (span,) = record.document(raw, where="p.jsonl").spans
    assert (span.mention.text, span.label) == ("Ada", "PERSON")


def test_relations_of_prodigy_are_kept_with_their_spans() -> None:
    spans = [{"start": 0, "end": 3, "label": "PER"}, {"start": 4, "end": 8, "label": "ACT"}]
    raw = {
        "text": "Ada left.",
        "spans": spans,
        "relations": [{"head": 1, "child": 0, "head_span": spans[1], "child_span": spans[0], "label": "WHO"}],
    }
    (relation,) = record.document(raw, where="p.jsonl").relations
    assert (relation.source, relation.target, relation.label) == ("s2", "s1", "WHO")


@pytest.mark.parametrize(
    ("span", "message"),
    [
        ({"start": 0, "end": 99}, r"p.jsonl:7: offset-range: spans\[0\]: \[0, 99\) is not in a text of 9"),
        ({"start": 0, "end": 3, "text": "Eva"}, "surface-text: .* says «Eva», the text has «Ada» at 0"),
        ({"start": "0", "end": 3}, "structure: .* whole numbers"),
    ],
)
def test_a_span_that_does_not_fit_is_named(span: dict[str, object], message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        record.document({"text": "Ada left.", "spans": [span]}, where="p.jsonl", line=7)


def test_murmur3_gives_the_published_value() -> None:
    assert prodigy_hash.murmur3("hello") == 613153351


@pytest.mark.parametrize(
    "data",
    [b'[{"text": "Ada left."},\n {"text": "So did I."}]', b'{\n "text": "Ada left."}\n{"text": "So did I."}'],
)
def test_records_may_stand_in_a_list_or_over_several_lines(data: bytes) -> None:
    found = list(record.decode({"a.json": io.BytesIO(data)}))
    assert [d.text for d in found] == ["Ada left.", "So did I."]


def test_json_that_is_no_record_is_not_called_no_json() -> None:
    with pytest.raises(ProblemError, match=r"a\.json:1: structure: text: is missing or is not a string"):
        list(record.decode({"a.json": io.BytesIO(b'{\n "a": [1,\n 2]}\n')}))


def test_what_may_be_annotations_under_another_name_is_told() -> None:
    notes: list[Problem] = []
    data = (
        b'{"text": "Ada", "entities": [{"start": 0, "end": 3}], "marks": [[0, 3, "X"]], "tags": ["a", "b"]}'
    )
    (document,) = record.decode({"a.jsonl": io.BytesIO(data)}, notes=notes)
    assert [n.message for n in notes] == ["kept, and not read as annotations: entities, marks"]
    assert document.extra.keys() == {"entities", "marks", "tags"}
