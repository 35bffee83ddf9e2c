"""Every command shown in the docs runs, and prints what the page says it prints.

In a block marked ``console`` a line that begins with ``$ `` is a command, and what
follows is what it prints, behind lines that begin with ``>`` and carry it on; ``…``
stands for any characters, alone on a line for any lines. Blocks of one page run in one
folder, one after the other. ``make`` targets stand for the goldwire commands of their
recipes: CI runs the targets themselves.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)


def commands(page: str) -> list[tuple[str, str]]:
    """(command, expected output), in the order of the page."""
    found = []
    for block in FENCE.findall(page):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            while output.startswith(">"):
                more, _, output = output.partition("\n")
                command += "\n" + more[1:].removeprefix(" ")
            found.append((command, output))
    return found


def recipe(target: str) -> str:
    """The goldwire commands of a make target, as one line of shell."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    rule = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
    assert rule, f"the Makefile has no target {target}"
    lines = [re.sub(r"@?\$\(\w+\)/", "", line).strip() for line in rule[1].splitlines()]
    return " && ".join(line for line in lines if line.startswith("goldwire"))


def pattern(expected: str) -> str:
    """A regular expression for an output in which … stands for anything."""
    lines = (line.rstrip() for line in expected.rstrip("\n").splitlines())
    return "".join("(?:.*\n)*?" if x == "…" else re.escape(x).replace("…", ".*") + "\n" for x in lines)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_print_what_the_page_says(page: Path, tmp_path: Path) -> None:
    for folder in ("corpus", "guidelines", "seeds", "docs"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "COLUMNS": "110",
        "NO_COLOR": "1",
    }
    for command, expected in commands(page.read_text(encoding="utf-8")):
        if command.startswith(("pip ", "make test", "sudo ", "git clone")):
            continue
        run = recipe(command.split()[1]) if command.startswith("make ") else command
        done = subprocess.run(
            ["bash", "-c", run], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        printed = "".join(f"{line.rstrip()}\n" for line in (done.stdout + done.stderr).splitlines())
        assert re.fullmatch(pattern(expected), printed), f"$ {command}\n{printed}"
