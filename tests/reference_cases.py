"""The committed cases of other scorers, and how rows and rates are compared with theirs."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest

from goldwire.evaluate import counts
from goldwire.evaluate.counts import Counts

REFERENCES = Path(__file__).parent / "references"


def cases(folder, file="cases.json"):
    """The cases of a file, each a parameter of a test under its own name."""
    found = json.loads((REFERENCES / folder / file).read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["name"]) for case in found]


def same(rates, expected, tolerance=1e-9):
    """Assert that figures are equal, nan to nan."""
    assert list(rates) == pytest.approx(list(expected), abs=tolerance, nan_ok=True)


def summed(count, gold, pred):
    """The rows of several documents, added."""
    rows = defaultdict(list)
    for g, p in zip(gold, pred, strict=True):
        for name, row in count(g, p).items():
            rows[name].append(Counts(*row))
    return {name: counts.total(found) for name, found in rows.items()}
