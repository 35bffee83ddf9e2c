"""The task for VS Code that the guide shows understands what ``goldwire check`` prints."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def matcher() -> dict[str, Any]:
    page = (ROOT / "docs" / "annotate.md").read_text(encoding="utf-8")
    blocks = [json.loads(x) for x in re.findall(r"^```json\n(.*?)^```", page, re.MULTILINE | re.DOTALL)]
    return next(b for b in blocks if "tasks" in b)["tasks"][0]["problemMatcher"]  # type: ignore[no-any-return]


def test_every_kind_of_problem_is_found() -> None:
    pattern = matcher()["pattern"]
    expected = tomllib.loads((ROOT / "tests" / "bad" / "expected.toml").read_text(encoding="utf-8"))
    for rule, problems in expected.items():
        for problem in problems:
            line, _, message = problem.partition(": ")
            printed = f"gold/A.jsonl:{line}: {rule}: {message}"
            found = re.match(pattern["regexp"], printed)
            assert found, printed
            assert [found[pattern[k]] for k in ("file", "line", "code", "message")] == [
                "gold/A.jsonl",
                line,
                rule,
                message,
            ]


def test_the_watch_is_understood() -> None:
    background = matcher()["background"]
    source = (ROOT / "annotate" / "cli" / "check.py").read_text(encoding="utf-8")
    for name, line in (("beginsPattern", "checking"), ("endsPattern", "checked; waiting for changes")):
        assert re.search(background[name], line)
        assert f'"{line}"' in source
