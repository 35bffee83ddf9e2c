"""The page of metrics defines every metric, names its source, and works an example that comes out so."""

import re
from functools import cache
from pathlib import Path

import pytest

from goldwire.annotate import files
from goldwire.evaluate.metrics import METRICS, ROWS

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "metrics.md").read_text(encoding="utf-8")
WORKED = {
    m["name"]: tuple(map(float, (m["a"], m["b"], m["c"], m["d"])))
    for m in re.finditer(
        r"^- `(?P<name>[^`]+)`: (?P<a>\S+) of (?P<b>\S+) predicted, (?P<c>\S+) of (?P<d>\S+) gold$",
        PAGE,
        re.MULTILINE,
    )
}
NAMES = [m.name for m in ROWS if "given" not in m.options]


@cache
def example():
    (gold,), (pred,) = (files.read(DOCS / "example" / f"{name}.jsonl") for name in ("gold", "pred"))
    return gold, pred


def test_every_metric_is_worked():
    assert sorted(WORKED) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_example_comes_out_as_it_is_worked(name):
    total = METRICS[name](*example()).total
    assert (total.p_hit, total.p_all, total.r_hit, total.r_all) == pytest.approx(WORKED[name], abs=5e-3)


def test_every_metric_has_a_definition_and_a_source():
    functions = {name.partition("(")[0] for name in NAMES}
    sections = dict(re.findall(r"^### (\S+)\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))
    assert set(sections) == functions
    for name, body in sections.items():
        before = body.partition("\n- `")[0]
        assert len(before.split()) > 10, name
        assert "Source: " in before or "(#coreference)" in before, name
