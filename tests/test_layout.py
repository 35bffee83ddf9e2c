"""The house rules that a program can check: what imports what, who opens files, how long files are."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("annotate", "evaluate", "goldwire")
SOURCES = sorted(p for name in PACKAGES for p in (ROOT / name).rglob("*.py"))
# Loaded by Hugging Face's `evaluate` as a script of its own, never imported as a part of the package.
SCRIPTS = {"evaluate/huggingface/goldwire_score.py"}
NAMES = [name for p in SOURCES if (name := str(p.relative_to(ROOT))) not in SCRIPTS]

FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "core", "misc", "shared"}
LONGEST = 400

# Imported where they are used, inside functions, so that importing goldwire costs nothing.
HEAVY = {
    "scipy", "sklearn", "pandas", "polars", "datasets", "pyarrow", "spacy", "jinja2", "matplotlib", "pint",
    "krippendorff", "cassis", "dask", "rich", "starlette", "uvicorn", "sentencex", "mlcroissant",
    "quantulum3",
}  # fmt: skip
# Modules that are themselves the door to a library, reached by an import inside a function or by the library.
DOORS = {
    "evaluate/baseline/components.py": "spacy",  # loaded by spaCy itself, as an entry point
    "evaluate/baseline/reader.py": "spacy",  # likewise
}
# The module that opens files, under the names by which it is imported.
DOOR_NAMES = ("files", "disk")
OPENING = {"open", "read_text", "write_text", "read_bytes", "write_bytes"}


TREES = {name: ast.parse((ROOT / name).read_text(encoding="utf-8")) for name in NAMES}


def imported(node):
    """The dotted names that an import statement names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def top_level(module):
    """The statements that run when the module is imported, those under TYPE_CHECKING left out."""
    todo = list(module.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            todo += node.orelse
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield node
            todo += [n for n in ast.iter_child_nodes(node) if isinstance(n, ast.stmt | ast.ExceptHandler)]


def names_in(name):
    return [x for node in ast.walk(TREES[name]) for x in imported(node)]


def test_annotate_imports_nothing_of_evaluate():
    assert not [
        (name, x)
        for name in NAMES
        if name.startswith("annotate/")
        for x in names_in(name)
        if x.startswith("goldwire.evaluate")
    ]


def test_imports_name_the_package():
    """From the repository's root, a bare ``import evaluate`` would find our folder, not the library."""
    assert not [
        (name, x) for name in NAMES for x in names_in(name) if x.split(".")[0] in ("annotate", "evaluate")
    ]
    relative = [
        name for name in NAMES for n in ast.walk(TREES[name]) if isinstance(n, ast.ImportFrom) and n.level
    ]
    assert not relative


def opens(node):
    """Does a node call something that opens a file, other than a function of ``files``?"""
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    if isinstance(called, ast.Name):
        return called.id == "open"
    owner = (
        called.value.id if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) else ""
    )
    return isinstance(called, ast.Attribute) and called.attr in OPENING and owner not in DOOR_NAMES


def test_only_files_opens_files():
    found = [
        f"{name}:{node.lineno}: {ast.unparse(node)}"
        for name in NAMES
        if name not in ("annotate/files.py", "annotate/disk.py")
        for node in ast.walk(TREES[name])
        if opens(node)
    ]
    assert not found


def test_heavy_libraries_are_imported_where_they_are_used():
    found = []
    for name in NAMES:
        heavy = HEAVY - {DOORS.get(name, "")}
        if not name.startswith(("annotate/cli/", "evaluate/cli/", "goldwire/__main__")):
            heavy = heavy | {"typer"}
        for node in top_level(TREES[name]):
            found += [f"{name}:{node.lineno}: {x}" for x in imported(node) if x.split(".")[0] in heavy]
    assert not found


def test_modules_have_names_that_say_something():
    assert not [n for n in NAMES if FORBIDDEN_NAMES & {*Path(n).parts, Path(n).stem}]


def test_files_are_short():
    tests = [str(p.relative_to(ROOT)) for p in (ROOT / "tests").glob("*.py")]
    lengths = {name: (ROOT / name).read_text(encoding="utf-8").count("\n") for name in [*NAMES, *tests]}
    assert not {name: n for name, n in lengths.items() if n > LONGEST}


def test_importing_goldwire_is_light():
    modules = [
        "goldwire"
        if n == "goldwire/__init__.py"
        else f"goldwire.{n[:-3].replace('/', '.')}".replace(".__init__", "")
        for n in NAMES
        if n.startswith("evaluate/") and n.split("/")[1] not in ("baseline", "cli", "huggingface")
    ]
    heavy = ["scipy", "sklearn", "pandas", "polars", "datasets", "spacy", "typer"]
    code = (
        f"import importlib, sys\nfor name in {modules!r}: importlib.import_module(name)\n"
        f"print([x for x in {heavy!r} if x in sys.modules])"
    )
    path = os.pathsep.join(str(Path(p).resolve()) for p in sys.path if p)
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT / "tests",
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert result.stdout.strip() == "[]"


def test_the_help_says_of_each_verb_what_its_docstring_says():
    """The table that spares the help from importing every verb."""
    from goldwire.__main__ import VERBS

    rows = dict(line.split(": ", 1) for line in VERBS.strip().splitlines())
    verbs = {}
    for package in "annotate", "evaluate":
        for path in (ROOT / package / "cli").glob("*.py"):
            for node in TREES[str(path.relative_to(ROOT))].body:
                if isinstance(node, ast.FunctionDef) and node.name == path.stem:
                    first = (ast.get_docstring(node) or "").partition("\n\n")[0]
                    sentence = re.split(r"(?<=\.)\s", " ".join(first.split()))[0]
                    verbs[f"{package}.{node.name}"] = sentence
    # A module of a verb's folder that is no verb is used by those that are.
    assert rows == {name: verbs[name] for name in rows}
    assert not verbs.keys() - rows.keys() - {"annotate.progress"}


def test_help_imports_no_verb():
    code = (
        "import sys, goldwire.__main__ as m\nsys.argv = ['goldwire', '--help']\n"
        "try: m.main()\nexcept SystemExit: pass\n"
        "print([x for x in sys.modules if '.cli.' in x or x in ('numpy', 'pydantic', 'msgspec')])"
    )
    path = os.pathsep.join(str(Path(p).resolve()) for p in sys.path if p)
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT / "tests",
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert result.stdout.splitlines()[-1] == "[]"
    assert "  score " in result.stdout
