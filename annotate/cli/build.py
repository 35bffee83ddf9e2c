"""``goldwire build``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from goldwire.annotate.dataset.build import Generated


def build(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; say what is out of date.")] = False,
    root: Annotated[Path, typer.Option(help="The checkout that holds corpus/ and guidelines/.")] = Path(),
) -> None:
    """Make every generated file: records, Parquet, card, Croissant, the tables of the guidelines."""
    from goldwire.annotate import files

    stale = []
    for item in _everything(root):
        path = root / item.path
        old = files.read_bytes(path) if path.exists() else None
        if old != item.data:
            stale.append(path)
            if not check:
                files.write_bytes(path, item.data)
    for path in stale:
        print(f"{path}: {'is out of date; run goldwire build' if check else 'written'}")
    if check and stale:
        raise typer.Exit(1)


def _everything(root: Path) -> Iterator[Generated]:
    import tomllib

    from goldwire.annotate import files, guideline_tables
    from goldwire.annotate.dataset import build
    from goldwire.annotate.formats import lines
    from goldwire.annotate.suggestions import decided

    corpus, guidelines = root / "corpus", root / "guidelines"

    def rows(name: str) -> list[dict[str, Any]]:
        path = corpus / name
        return [row for _, row in lines.rows(files.read_bytes(path), where=str(path))]

    ontology = files.ontology(str(guidelines / "ontology.toml"))
    for path in sorted(guidelines.glob("*.md")):
        text = files.read_bytes(path).decode("utf-8")
        page = guideline_tables.refill(text, ontology, where=str(path))
        yield build.Generated(f"guidelines/{path.name}", page.encode())
    gold = list(files.iterate(corpus / "gold"))
    decided(gold, "gold")
    for item in build.corpus(
        gold,
        ontology,
        about=tomllib.loads(files.read_bytes(corpus / "about.toml").decode("utf-8")),
        page=files.read_bytes(corpus / "README.md").decode("utf-8"),
        more={name: rows(f"{name}.jsonl") for name in ("agreement", "adjudication")},
        old={path.stem: files.read_bytes(path) for path in (corpus / "data").glob("*.parquet")},
    ):
        yield build.Generated(f"corpus/{item.path}", item.data)
