"""The guidelines' pages: tables up to date, links alive, and wrong readings that are really others.

That each example is what it claims, and each rule has its examples, is in ``test_rules.py``.
"""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from goldwire.annotate import files, guideline_tables
from goldwire.annotate.canonical import canonical

FOLDER = Path(__file__).parents[1] / "guidelines"
PAGES = sorted(FOLDER.glob("*.md"))

HEADING = re.compile(r"^#+ .*\{#(?P<slug>[a-z0-9-]+)(?: \.unchecked)?\}$", re.MULTILINE)
BLOCK = re.compile(r"^```jsonl (?P<info>.*)\n(?P<body>(?:.*\n)*?)```$", re.MULTILINE)
LINK = re.compile(r"\]\((?P<page>[a-z]+\.md)?(?:#(?P<slug>[a-z0-9-]+))?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_tables_are_up_to_date(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert guideline_tables.refill(text, files.ontology(), where=page.name) == text, "run: goldwire build"


def test_a_table_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match=r"x\.md:2: table: no list is called 'colours'"):
        guideline_tables.refill("\n<!-- table: colours -->\n<!-- end -->", files.ontology(), where="x.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_a_page_and_to_a_rule_of_it(page: Path) -> None:
    for link in LINK.finditer(page.read_text(encoding="utf-8")):
        target = FOLDER / (link["page"] or page.name)
        assert target.exists(), link[0]
        slugs = {m["slug"] for m in HEADING.finditer(target.read_text(encoding="utf-8"))}
        assert not link["slug"] or link["slug"] in slugs, link[0]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_wrong_reading_follows_the_right_one_and_differs(page: Path) -> None:
    blocks = [(m["info"], m["body"].encode()) for m in BLOCK.finditer(page.read_text(encoding="utf-8"))]
    for (before, right), (info, wrong) in pairwise(blocks):
        if info.startswith("instead-of="):
            assert before == "good", info
            assert text_of(right) == text_of(wrong), info
            assert canonical(right, where="right") != canonical(wrong, where="wrong"), info


def text_of(block: bytes) -> str:
    found = re.search(rb'"text": "(.*?)"[,}]', block)
    assert found
    return found[1].decode()
