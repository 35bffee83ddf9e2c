"""The guidelines teach with invented examples: whoever has read them has read nothing of the corpus.

Neither of the articles nor of the practice articles. Words in a row are what a program can find; a sentence
whose nouns are exchanged is for the reviewer.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXTS = [*(ROOT / "seeds").glob("*.txt"), *(ROOT / "corpus" / "practice").glob("*.txt")]
WORDS = 4
# Runs that may be shared, each with the reason why it gives nothing away.
ALLOWED: dict[tuple[str, ...], str] = {}


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[\w’'-]+", text.lower())
    return {tuple(words[i : i + WORDS]) for i in range(len(words) - WORDS + 1)}


GUIDELINES = {p: runs(p.read_text(encoding="utf-8")) for p in (ROOT / "guidelines").iterdir() if p.is_file()}


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.name)
def test_no_words_of_an_article_in_the_guidelines(path: Path) -> None:
    article = runs(path.read_text(encoding="utf-8")) - set(ALLOWED)
    for page, said in GUIDELINES.items():
        shared = article & said
        assert not shared, f"{page.name} shares «{' '.join(min(shared))}» with {path.name}"


def test_what_is_allowed_is_needed() -> None:
    articles = set[tuple[str, ...]]().union(*(runs(p.read_text(encoding="utf-8")) for p in TEXTS))
    guidelines = set[tuple[str, ...]]().union(*GUIDELINES.values())
    assert len(TEXTS) == 3
    assert [run for run in ALLOWED if run not in articles & guidelines] == []
