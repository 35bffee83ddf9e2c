"""The guidelines: their tables are up to date, their rules well named, their examples true."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from goldwire.annotate import ontology, tables

FOLDER = Path(__file__).parents[1] / "guidelines"
PAGES = sorted(FOLDER.glob("*.md"))
LABELS = ontology.decode((FOLDER / "ontology.toml").read_bytes(), where="ontology.toml")
OWN = [page for page in PAGES if page.name != "files.md"]

HEADING = re.compile(r"^###? .*\{#(?P<slug>[a-z0-9-]+)(?P<unchecked> \.unchecked)?\}$", re.MULTILINE)
BLOCK = re.compile(r"^```jsonl (?P<info>.*)\n(?P<body>(?:.*\n)*?)```$", re.MULTILINE)
LINK = re.compile(r"\]\((?P<page>[a-z]+\.md)?#(?P<slug>[a-z0-9-]+)\)")


@dataclass(frozen=True)
class Example:
    page: str
    line: int
    rule: str  # the heading that it stands under
    info: str
    body: str

    @property
    def name(self) -> str:
        return f"{self.page}:{self.line}:{self.info.replace(' ', '_')}"


def examples(page: Path) -> list[Example]:
    text = page.read_text(encoding="utf-8")
    headings = [(m.start(), m["slug"]) for m in HEADING.finditer(text)]
    found = []
    for block in BLOCK.finditer(text):
        above = [slug for start, slug in headings if start < block.start()]
        rule = above[-1] if above else ""
        line = text.count("\n", 0, block.start()) + 1
        found.append(Example(page.name, line, rule, block["info"], block["body"]))
    return found


EXAMPLES = [example for page in OWN for example in examples(page)]
RULES = {
    m["slug"]: bool(m["unchecked"])
    for page in OWN
    for m in HEADING.finditer(page.read_text(encoding="utf-8"))
}


@pytest.mark.parametrize("page", OWN, ids=lambda page: page.name)
def test_tables_are_up_to_date(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert tables.refill(text, LABELS, where=page.name) == text, "run: goldwire build"


def test_a_table_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match=r"x\.md:2: table: no list is called 'colours'"):
        tables.refill("\n<!-- table: colours -->\n<!-- end -->", LABELS, where="x.md")


def test_slugs_are_unique_and_links_lead_to_one() -> None:
    slugs = Counter(m["slug"] for page in PAGES for m in HEADING.finditer(page.read_text(encoding="utf-8")))
    assert [slug for slug, times in slugs.items() if times > 1] == []
    dead = [m["slug"] for page in PAGES for m in LINK.finditer(page.read_text(encoding="utf-8"))]
    assert [slug for slug in dead if slug not in slugs] == []


def test_every_rule_has_a_good_example_and_a_bad_one() -> None:
    infos = Counter((example.rule, example.info) for example in EXAMPLES)
    for slug, unchecked in RULES.items():
        assert infos[slug, "good"], f"{slug}: no good example"
        wrong = f"instead-of={slug}" if unchecked else f"breaks={slug}"
        assert infos[slug, wrong], f"{slug}: no example {wrong}"
    strangers = {example.info for example in EXAMPLES} - {"good"}
    assert strangers <= {f"breaks={slug}" for slug in RULES} | {f"instead-of={slug}" for slug in RULES}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_examples_are_lines_of_json_whose_words_stand_in_the_text(example: Example) -> None:
    document, *objects = map(json.loads, example.body.splitlines())
    assert document["doc"]
    for item in objects:
        for surface in surfaces(item):
            assert surface in document["text"], surface


def surfaces(item: object) -> list[str]:
    if isinstance(item, list):
        return [text for part in item for text in surfaces(part)]
    if isinstance(item, dict):
        own = [item["text"]] if "text" in item else []
        return own + [text for part in item.values() for text in surfaces(part)]
    return []


def test_a_wrong_reading_follows_the_right_one_and_differs() -> None:
    for before, example in pairwise(EXAMPLES):
        if example.info.startswith("instead-of="):
            assert before.info == "good", example.name
            right, wrong = (json.loads(each.body.splitlines()[0])["text"] for each in (before, example))
            assert right == wrong, example.name
            assert before.body != example.body, example.name
