"""The published figures of agreement are what ``goldwire agree`` computes from the raw files."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from goldwire.__main__ import app
from goldwire.annotate.dataset.build import PASSES

CORPUS = Path(__file__).parents[1] / "corpus"
ROWS = [json.loads(x) for x in (CORPUS / "agreement.jsonl").read_text(encoding="utf-8").splitlines()]
COMPARED = {
    PASSES: ("annotators/first", "annotators/second"),
    "cold-1 and gold (seen)": ("annotators/cold-1", "gold"),
    "cold-1 and key (unseen)": ("practice/cold-1.jsonl", "practice/key-as-written.jsonl"),
    "cold-2 and gold (seen)": ("annotators/cold-2", "gold"),
    "cold-2 and key (no longer unseen)": ("practice/cold-2.jsonl", "practice/practice.jsonl"),
    "cold-3 and gold (seen)": ("annotators/cold-3", "gold"),
    "cold-3 and key (no longer unseen)": ("practice/cold-3.jsonl", "practice/practice.jsonl"),
    "cold-4 and gold (seen)": ("annotators/cold-4", "gold"),
    "cold-4 and second key (unseen)": ("practice/cold-4.jsonl", "practice/second.jsonl"),
}


@pytest.mark.parametrize("comparison", sorted(COMPARED))
def test_figures_are_recomputed(comparison: str) -> None:
    paths = [str(CORPUS / path) for path in COMPARED[comparison]]
    more = ["--by", "label", "--gamma"] if comparison == PASSES else []
    done = CliRunner().invoke(app, ["agree", *paths, *more, "--rows", comparison])
    assert done.exit_code == 0, done.output
    computed = [json.loads(line) for line in done.stdout.splitlines()]
    assert computed == [row for row in ROWS if row["comparison"] == comparison]


def test_every_comparison_is_recomputed() -> None:
    assert {row["comparison"] for row in ROWS} == set(COMPARED)
