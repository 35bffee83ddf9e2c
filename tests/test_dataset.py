"""The corpus as a dataset: it loads offline from a folder, typed, and says what the gold says."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from goldwire.annotate import files
from goldwire.annotate.dataset.columns import SCHEMA, labels

CORPUS = Path(__file__).parents[1] / "corpus"
# What a copy on the Hub would hold: no annotators' working files are needed to load it.
PUBLISHED = ("README.md", "data")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every config, loaded in a process of its own from a bare copy, without network and without our code."""
    folder = tmp_path_factory.mktemp("hub") / "goldwire"
    folder.mkdir()
    for name in PUBLISHED:
        source = CORPUS / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    code = (
        "import json, sys\nfrom datasets import load_dataset, get_dataset_config_names\nout = {}\n"
        "for name in get_dataset_config_names(sys.argv[1]):\n"
        "    data = load_dataset(sys.argv[1], name, split='test')\n"
        "    out[name] = {'rows': data.to_list(), 'features': str(data.features)}\n"
        "json.dump(out, sys.stdout)"
    )
    environment = {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_CACHE": str(tmp_path_factory.mktemp("cache")),
        "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    }
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, str(folder)],
        capture_output=True,
        text=True,
        env=environment,
        cwd=folder,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_config_loads(loaded: dict[str, Any]) -> None:
    assert set(loaded) == set(SCHEMA)
    assert all(loaded[name]["rows"] for name in SCHEMA)


def test_rows_are_those_of_the_gold(loaded: dict[str, Any]) -> None:
    gold = files.gold()
    assert len(loaded["documents"]["rows"]) == len(gold)
    assert len(loaded["events"]["rows"]) == sum(len(d.events) for d in gold)
    assert len(loaded["numbers"]["rows"]) == sum(len(d.numbers) for d in gold)
    assert len(loaded["quotations"]["rows"]) == sum(len(d.quotations) for d in gold)
    assert len(loaded["actors"]["rows"]) == sum(len(a.mentions) for d in gold for a in d.actors)


def test_offsets_slice_the_text(loaded: dict[str, Any]) -> None:
    texts = {row["meta"]["doc_id"]: row["text"] for row in loaded["documents"]["rows"]}
    for config in ("events", "actors", "places", "times", "numbers"):
        for row in loaded[config]["rows"]:
            assert texts[row["doc_id"]][row["start"] : row["end"]] == row["text"] or " … " in row["text"]
            assert row["text"].split(" … ")[0] in row["sentence"]


def test_labels_are_class_labels_of_the_ontology(loaded: dict[str, Any]) -> None:
    names = labels(files.ontology())[("events", "type")]
    assert f"'type': ClassLabel(names={names!r}" in loaded["events"]["features"].replace('"', "'")
    gold = [e.type for d in files.gold() for e in d.events]
    assert [names[row["type"]] for row in loaded["events"]["rows"]] == gold


def test_nothing_is_null(loaded: dict[str, Any]) -> None:
    def holds_null(value: Any) -> bool:
        if isinstance(value, dict):
            return any(map(holds_null, value.values()))
        return any(map(holds_null, value)) if isinstance(value, list) else value is None

    assert not [name for name, config in loaded.items() if holds_null(config["rows"])]
    assert "null" not in "".join(config["features"] for config in loaded.values())


def test_records_load_as_json_and_in_spacy() -> None:
    from datasets import load_dataset

    data = load_dataset("json", data_files=str(CORPUS / "data" / "test.jsonl"), split="train")
    assert data.num_rows == len(files.gold())

    import spacy
    from spacy.tokens import Doc

    nlp = spacy.blank("en")
    for line in (CORPUS / "data" / "test.jsonl").read_text(encoding="utf-8").splitlines():
        task = json.loads(line)
        words, spaces = [t["text"] for t in task["tokens"]], [t["ws"] for t in task["tokens"]]
        doc = Doc(nlp.vocab, words=words, spaces=spaces)
        assert doc.text == task["text"]
        made = [doc.char_span(s["start"], s["end"], s["label"]) for s in task["spans"]]
        assert all(made)
        assert [(s.start, s.end - 1) for s in made if s] == [
            (s["token_start"], s["token_end"]) for s in task["spans"]
        ]


def test_croissant_validates_and_its_record_sets_iterate() -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    data = mlcroissant.Dataset(str(CORPUS / "croissant.json"))
    report = data.metadata.issues.report()
    assert "error" not in report.lower(), report
    described = {r.uuid for r in data.metadata.record_sets}
    assert set(SCHEMA) <= described
    for name in SCHEMA:
        assert next(iter(data.records(name)), None) is not None, name


def test_the_text_free_form_holds_no_word_of_the_text_and_comes_back() -> None:
    from goldwire.annotate.dataset import textfree

    (seed,) = (CORPUS.parent / "seeds").glob("*.txt")
    source = seed.read_bytes().decode("utf-8")
    for document in files.gold():
        stripped = textfree.strip(document)
        assert textfree.restore(stripped, [source], where="x") == document
        rows = [json.loads(line) for line in io.BytesIO(stripped)]
        assert not any("text" in row for row in rows)
        assert document.text[:40].encode() not in stripped
