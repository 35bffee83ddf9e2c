"""The gold has a version, and no change of it goes without an entry in its changelog."""

import re
import tomllib
from pathlib import Path

from goldwire.annotate import files
from goldwire.evaluate import signature

CORPUS = Path(__file__).parents[1] / "corpus"
CHANGELOG = (CORPUS / "CHANGELOG.md").read_text(encoding="utf-8")
ABOUT = tomllib.loads((CORPUS / "about.toml").read_text(encoding="utf-8"))


def test_the_changelog_names_the_hash_of_the_gold_under_its_version() -> None:
    newest, entry = re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", CHANGELOG, re.DOTALL | re.MULTILINE)[0]
    assert newest == ABOUT["version"] == ABOUT["croissant"]["version"]
    assert f"sha256.{signature.digest(files.gold())[:12]}" in entry


def test_every_annotator_has_annotated_every_article_of_the_gold() -> None:
    names = {d.meta.doc_id for d in files.gold()}
    for folder in sorted((CORPUS / "annotators").iterdir()):
        if folder.is_dir():
            assert names <= {d.meta.doc_id for d in files.iterate(folder)}, folder.name
