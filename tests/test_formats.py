"""What the table of formats claims is what a round trip gives back."""

from __future__ import annotations

import io
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings

from goldwire.annotate.document import Document
from goldwire.annotate.formats import FORMATS, ROWS, Format, find, recognise
from goldwire.annotate.formats.loss import keep
from goldwire.annotate.problems import ProblemError

from .strategies import documents

# Formats that say nothing of a whole Document are proved in tests of their own.
WHOLE = """
brat
doccano
label-studio
prodigy
csv
tsv
gate
""".split()


def there_and_back(row: Format, document: Document, **options: Any) -> list[Document]:
    files: dict[str, bytes] = {}
    for name, data in row.codec().encode([document], lost=Counter(), **options):
        files[name or f"doc{row.suffixes[0]}"] = files.get(name or f"doc{row.suffixes[0]}", b"") + data
    return list(row.codec().decode({name: io.BytesIO(data) for name, data in files.items()}))


@pytest.mark.parametrize("name", WHOLE)
def test_what_a_format_claims_comes_back(name: str) -> None:
    row = find(name)

    @given(documents())
    @settings(max_examples=60, deadline=None)
    def proved(document: Document) -> None:
        kept = keep(document, row.carries, Counter())
        assert there_and_back(row, kept) == [kept]

    proved()


def test_names_and_modules_are_one_to_one() -> None:
    assert len(FORMATS) == len(ROWS)
    assert all(hasattr(row.codec(), "decode") for row in ROWS)


@pytest.mark.parametrize(
    ("path", "head", "name"),
    [
        ("a.ann", b"T1\tX 0 1\ta\n", "brat"),
        ("a.jsonl", b'{"doc": "a"', "lines"),
        ("A.JSONL", b"{}", "record"),
    ],
)
def test_a_file_is_known_by_name_and_first_bytes(path: str, head: bytes, name: str) -> None:
    assert recognise(path, head).name == name


def test_what_is_not_known_says_so() -> None:
    with pytest.raises(ProblemError, match=r"a\.xyz: unknown-format: neither its name"):
        recognise("a.xyz", b"")
    with pytest.raises(ProblemError, match=r"the formats are .*brat"):
        find("brad")
