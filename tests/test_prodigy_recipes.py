"""Prodigy's recipes: tasks of the shape of real exports, and answers that come back with their edits.

Prodigy itself is not free and was not run: a stand-in records what would be registered.
"""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from goldwire.annotate import files, tokens
from goldwire.annotate import prodigy_recipes as recipes
from goldwire.annotate.changes.diff import diff
from goldwire.annotate.document import Actor, Argument, Document, Event, Mention, Meta
from goldwire.annotate.formats import lines, prodigy

from . import samples

ARMY = Mention("The army", 0, head="army", head_start=4)
HIT = Event("e1", Mention("struck", 9), "STRIKE", "e1", args=(Argument("agent", "a1", ARMY),))
DOCUMENT = Document(
    "The army struck Ada.",
    Meta("d1"),
    actors=(Actor("a1", "MIL", mentions=(ARMY,)), Actor("a2", "PER", mentions=(Mention("Ada", 16),))),
    events=(HIT,),
)
needs_spacy = pytest.mark.skipif(not tokens.available(), reason="tokens need spaCy")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "d1.jsonl"
    path.write_bytes(lines.write(DOCUMENT))
    return path


def test_every_recipe_is_registered_with_its_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    found: dict[str, tuple[dict[str, Any], Callable[..., Any]]] = {}

    def recipe(name: str, **arguments: Any) -> Callable[[Callable[..., Any]], None]:
        def register(function: Callable[..., Any]) -> None:
            found[name] = arguments, function

        return register

    stub = ModuleType("prodigy")
    monkeypatch.setattr(stub, "recipe", recipe, raising=False)
    monkeypatch.setitem(sys.modules, "prodigy", stub)
    # As Prodigy's -F does: the file is run as a module of another name.
    import importlib.util

    spec = importlib.util.spec_from_file_location("recipes_file", str(recipes.__file__))
    assert spec
    assert spec.loader
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    assert sorted(found) == [
        "goldwire.coref",
        "goldwire.ner",
        "goldwire.rel",
        "goldwire.review",
        "goldwire.spans",
    ]
    import inspect

    for arguments, function in found.values():
        assert set(arguments) == set(inspect.signature(function).parameters)


@needs_spacy
@pytest.mark.parametrize(
    ("recipe", "sample"), [("goldwire.spans", "review_recipe"), ("goldwire.rel", "rel_manual")]
)
@samples.needed
def test_tasks_have_the_shape_of_real_ones(source: Path, recipe: str, sample: str) -> None:
    """Keys of a task, of its spans and tokens are among those of a real export, with their types."""
    (path,) = samples.found(f"prodigy/{sample}.jsonl")
    real = [json.loads(x) for x in path.read_text(encoding="utf-8").splitlines()]
    if sample == "review_recipe":
        real = [version for task in real for version in task["versions"]]
    (task,) = recipes.components(recipe, "set", str(source))["stream"]
    ours_alone = {"goldwire", "meta"}
    assert _shape([task]).keys() - ours_alone <= _shape(real).keys() | {"relations"}
    for name in ("spans", "tokens", "relations"):
        rows = [row for t in real for row in t.get(name) or []]
        if rows and task.get(name):
            mine = {k: v for k, v in _shape(task[name]).items() if k != "id" or name == "tokens"}
            assert mine.items() <= _shape(rows).items(), name
    assert (task["spans"][0]["token_start"], task["spans"][0]["token_end"]) == (0, 1)  # inclusive


def _shape(rows: list[dict[str, Any]]) -> dict[str, str]:
    return {key: type(value).__name__ for row in rows for key, value in row.items()}


def test_labels_are_those_of_the_layers(source: Path) -> None:
    made = recipes.components("goldwire.rel", "set", str(source), layers="actors,events")
    config = made["config"]
    assert made["view_id"] == "relations"
    assert {"COREF", "agent", "target", "CAUSES", "AFFILIATION"} <= set(config["labels"])
    assert {"MIL", "STRIKE"} <= set(config["relations_span_labels"])
    assert "QUOTE" not in config["relations_span_labels"]
    assert "ARREST" not in config["relations_span_labels"]  # reserved
    assert recipes.components("goldwire.coref", "set", str(source))["config"]["labels"] == ["COREF"]


def test_an_answer_comes_back_with_its_edits(source: Path, tmp_path: Path) -> None:
    """Somebody draws Ada again without an id, relabels the event, and draws an arrow to Ada."""
    made = recipes.components("goldwire.rel", "set", str(source), save=str(tmp_path / "out"))
    (task,) = made["stream"]
    answer = json.loads(json.dumps(task))
    answer |= {
        "answer": "accept",
        "_view_id": "relations",
        "_session_id": "set-eva",
        "_timestamp": 1700000000,
    }
    del answer["goldwire"]  # if a version of Prodigy should not keep it
    struck = next(s for s in answer["spans"] if s["start"] == 9)
    ada = next(s for s in answer["spans"] if s["start"] == 16)
    del ada["id"]
    for relation in answer["relations"]:
        for end in ("head_span", "child_span"):
            if relation[end]["start"] == 9:
                relation[end]["label"] = "ATTACK"
    struck["label"] = "ATTACK"
    arrow = {"label": "target", "head_span": {**struck}, "child_span": {**ada}, "head": 2, "child": 3}
    answer["relations"].append(arrow)
    (stored,) = made["before_db"]([answer])
    assert stored["goldwire"] == task["goldwire"]
    (back,) = files.read(tmp_path / "out" / "d1.jsonl")
    said = [str(c) for c in diff(DOCUMENT, back) if c.kind != "provenance"]
    assert said == ["e1 STRIKE «struck»: target – → a2 PER «Ada»", "e1 STRIKE «struck»: type STRIKE → ATTACK"]
    assert [(p.annotator, p.action, p.tool) for p in back.provenance] == [
        ("set-eva", "accept", "prodigy/relations")
    ]


def test_what_is_drawn_anew_becomes_an_object(tmp_path: Path) -> None:
    bare = tmp_path / "bare.jsonl"
    bare.write_bytes(lines.write(Document(DOCUMENT.text, Meta("d1"))))
    made = recipes.components("goldwire.spans", "set", str(bare), save=str(tmp_path / "out"))
    (task,) = made["stream"]
    task["spans"] = [{"start": 16, "end": 19, "token_start": 3, "token_end": 3, "label": "PER"}]
    made["before_db"]([{**task, "answer": "accept"}, {**task, "answer": "reject", "_task_hash": 1}])
    (back,) = files.read(tmp_path / "out" / "d1.jsonl")
    assert [(a.type, a.mentions[0].text) for a in back.actors] == [("PER", "Ada")]
    assert back.spans == ()


def test_a_dump_of_the_database_is_converted(source: Path, tmp_path: Path) -> None:
    (task,) = recipes.components("goldwire.ner", "set", str(source))["stream"]
    dump = tmp_path / "dump.jsonl"
    dump.write_text(json.dumps({**task, "answer": "accept"}) + "\n", encoding="utf-8")
    (back,) = files.read(dump, "prodigy")
    assert [str(c) for c in diff(DOCUMENT, back)] == []


def test_review_lays_versions_side_by_side(source: Path, tmp_path: Path) -> None:
    other, third = tmp_path / "eva.jsonl", tmp_path / "kai.jsonl"
    other.write_bytes(lines.write(DOCUMENT).replace(b'"MIL"', b'"REB"'))
    third.write_bytes(lines.write(DOCUMENT))
    made = recipes.review("set", f"{source},{other},{third}", save=str(tmp_path / "out"))
    (task,) = made["stream"]
    assert (made["view_id"], task["view_id"], task["sessions"]) == (
        "review",
        "spans_manual",
        ["d1", "eva", "kai"],
    )
    assert [(v["sessions"], v["default"]) for v in task["versions"]] == [
        (["d1", "kai"], True),
        (["eva"], False),
    ]
    read = prodigy.decode({"x": io.BytesIO(json.dumps(task).encode())}, version="all")
    assert [d.actors[0].type for d in read] == ["MIL", "REB"]
    made["before_db"]([{**task, "answer": "accept"}])
    assert [str(c) for c in diff(DOCUMENT, files.read(tmp_path / "out" / "d1.jsonl")[0])] == []


def test_the_file_says_where_it_is() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "goldwire.annotate.prodigy_recipes"],
        capture_output=True, text=True, check=True, env={"PYTHONPATH": str(Path(__file__).parents[1])},
    )  # fmt: skip
    assert Path(done.stdout.strip()).name == "prodigy_recipes.py"
