"""The guidelines teach with invented examples: whoever has read them has read nothing of the corpus."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
# More words in a row than everyday phrases ("since the start of the") have.
WORDS = 6


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[\w’'-]+", text.lower())
    return {tuple(words[i : i + WORDS]) for i in range(len(words) - WORDS + 1)}


def test_no_words_of_the_corpus_in_the_guidelines() -> None:
    (seed,) = (ROOT / "seeds").glob("*.txt")
    corpus = runs(seed.read_text(encoding="utf-8"))
    for page in (ROOT / "guidelines").glob("*.md"):
        shared = corpus & runs(page.read_text(encoding="utf-8"))
        assert not shared, f"{page.name} shares «{' '.join(min(shared))}» with the corpus"
