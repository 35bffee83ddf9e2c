"""Label Studio's export JSON_MIN: the data and the regions side by side, no relations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from goldwire.annotate.formats.labelstudio_read import LABELS
from goldwire.annotate.problems import Problem

# What the export writes beside the data and the results.
_OF_THE_TASK = ("id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time")


def from_min(task: dict[str, Any], field: str, notes: list[Problem], where: str, line: int) -> dict[str, Any]:
    """The task that a line of JSON_MIN came from, as far as it says; any other task as it is.

    >>> region = {"start": 0, "end": 3, "text": "Ada", "labels": ["PER"]}
    >>> whole = from_min({"id": 7, "text": "Ada left", "label": [region]}, "", [], "a.json", 1)
    >>> whole["data"], whole["annotations"][0]["result"][0]["value"] == region
    ({'text': 'Ada left'}, True)
    """
    regions = {key: value for key, value in task.items() if _is_regions(value)}
    if "data" in task or not regions:
        return task
    text = field or "text"
    results = [
        {"id": f"{key}-{n}", "from_name": key, "to_name": text, "type": _kind(value), "value": value}
        for key, listed in regions.items()
        for n, value in enumerate(listed, start=1)
    ]
    notes.append(Problem(where, line, "json-min", "this export of Label Studio leaves out relations"))
    about = {k: v for k, v in task.items() if k in _OF_THE_TASK}
    data = {k: v for k, v in task.items() if k not in regions and k not in about}
    return {**about, "data": data, "annotations": [{"result": results}]}


def _is_regions(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(x, dict) and _kind(x) for x in value)


def _kind(value: Mapping[str, Any]) -> str:
    """The type of a result by the key of its labels; "" where it is no stretch of text."""
    return next((k for k in LABELS if isinstance(value.get(k), list) and "start" in value), "")
