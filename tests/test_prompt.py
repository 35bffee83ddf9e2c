"""The prompt: complete, within its budget, and its examples answer its own schema."""

import json

import jsonschema
import pytest

from goldwire.annotate import files
from goldwire.annotate.problems import ProblemError
from goldwire.evaluate.prompt import PAGES as PAGES_OF
from goldwire.evaluate.prompt import render
from goldwire.evaluate.prompt.guidelines import sections
from goldwire.evaluate.prompt.schema import LAYERS, answer_schema
from goldwire.evaluate.prompt.tokens import Counter, counter

ONTOLOGY = files.ontology()
PAGES = files.pages()


def test_every_label_and_page_of_a_layer_is_in_it() -> None:
    text = render(ONTOLOGY, PAGES, ["events"]).text
    for label, entry in ONTOLOGY.events.items():
        assert (f"- {label}: {entry.definition}" in text) == (not entry.reserved)
    assert "Is it an event?" in text
    assert "The tree for numbers" not in text


def test_examples_are_asked_for() -> None:
    assert "Example. Text:" in render(ONTOLOGY, PAGES, ["numbers"]).text
    assert "Example. Text:" not in render(ONTOLOGY, PAGES, ["numbers"], examples=False).text


def test_the_budget_is_kept_and_examples_go_first() -> None:
    whole = render(ONTOLOGY, PAGES)
    some = render(ONTOLOGY, PAGES, budget=whole.tokens - 100)
    assert some.tokens <= whole.tokens - 100
    assert some.left_out
    assert all("example" in name for name in some.left_out)
    few = render(ONTOLOGY, PAGES, budget=whole.tokens // 3)
    assert few.tokens <= whole.tokens // 3
    assert any("Checklist" in name for name in few.left_out)
    assert whole.left_out == ()


def test_a_budget_that_the_task_exceeds_is_one_problem() -> None:
    with pytest.raises(
        ProblemError, match=r"prompt: budget: task, labels and schema alone take \d+ of 50 tokens"
    ):
        render(ONTOLOGY, PAGES, budget=50)


def test_an_unknown_layer_is_one_problem() -> None:
    with pytest.raises(ProblemError, match="layers are actors, places"):
        render(ONTOLOGY, PAGES, ["feelings"])


def test_the_count_is_the_counters() -> None:
    by_words = Counter("words", lambda text: len(text.split()))
    made = render(ONTOLOGY, PAGES, ["times"], counts=by_words)
    assert (made.tokens, made.counted_by) == (len(made.text.split()), "words")
    assert counter().count("12345") == 2


def test_the_schema_is_one_and_the_examples_keep_it() -> None:
    schema = answer_schema(ONTOLOGY)
    jsonschema.Draft202012Validator.check_schema(schema)
    lenient = {**schema, "required": []}
    validator = jsonschema.Draft202012Validator(lenient)
    count = 0
    for name in {page for layer in LAYERS for page in PAGES_OF[layer]}:
        for section in sections(name, PAGES[name]):
            for _, answer in section.examples:
                problems = [e.message for e in validator.iter_errors(json.loads(answer))]
                assert not problems, (name, section.title, problems)
                count += 1
    assert count > 40


@pytest.mark.parametrize("layer", LAYERS)
def test_a_schema_for_each_layer(layer: str) -> None:
    schema = answer_schema(ONTOLOGY, [layer])
    assert layer in schema["required"]
    jsonschema.Draft202012Validator.check_schema(schema)


def test_nothing_of_the_gold_is_in_the_prompt() -> None:
    text = render(ONTOLOGY, PAGES).text
    for document in files.gold():
        for segment in document.segments:
            sentence = document.text[segment.start : segment.end]
            assert len(sentence) < 20 or sentence not in text
