"""The wheel holds every package and the data, and lives beside Hugging Face's `evaluate`."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_folder_with_code_is_a_package() -> None:
    found = {"goldwire", "goldwire.corpus", "goldwire.guidelines"}
    for top in ("annotate", "evaluate"):
        for path in (ROOT / top).rglob("*.py"):
            found.add(".".join(["goldwire", *path.parent.relative_to(ROOT).parts]))
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == found


def test_the_extra_all_names_every_extra_of_users() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    (line,) = extras["all"]
    named = set(re.findall(r"\w+", line)) - {"goldwire"}
    assert named == set(extras) - {"all", "test", "docs", "bench"}


def test_evaluate_of_hugging_face_is_not_shadowed() -> None:
    code = "import sys, goldwire.evaluate; print('evaluate' in sys.modules)"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
