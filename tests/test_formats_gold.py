"""The gold corpus through every format that is written: whole, or in part and the rest counted."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

import pytest
from msgspec.structs import replace

from goldwire.annotate import files
from goldwire.annotate.document import Document, mentions, objects
from goldwire.annotate.formats import EVERYTHING, ROWS, Format
from goldwire.annotate.formats.loss import keep
from goldwire.annotate.heads import settled

GOLD = [settled(d) for d in files.gold()]
WRITTEN = [row for row in ROWS if row.writes]
# One compressed block each.
WHOLE_FILES = {"spacy", "inception"}


def written(row: Format, documents: list[Document]) -> tuple[dict[str, bytes], Counter[str]]:
    """The files of some documents, and what was lost."""
    found: dict[str, bytes] = {}
    lost: Counter[str] = Counter()
    for name, data in row.codec().encode(documents, lost=lost):
        own = name or f"gold{row.suffixes[0]}"
        found[own] = found.get(own, b"") + data
    return found, lost


def read(row: Format, found: dict[str, bytes]) -> list[Document]:
    opened = {name: io.BytesIO(data) for name, data in found.items()}
    return list(row.codec().decode(opened))


@pytest.mark.parametrize("name", [row.name for row in WRITTEN if row.carries == EVERYTHING])
def test_gold_comes_back(name: str) -> None:
    (row,) = (r for r in ROWS if r.name == name)
    for document in GOLD:
        found, _ = written(row, [document])
        (again,) = read(row, found)
        assert replace(again, meta=document.meta if again.meta == document.meta else again.meta) == document


@pytest.mark.parametrize("name", [row.name for row in WRITTEN if row.carries != EVERYTHING])
def test_gold_is_written_in_part_and_the_rest_is_counted(name: str) -> None:
    (row,) = (r for r in ROWS if r.name == name)
    for document in GOLD:
        found, lost = written(row, [document])
        assert sum(lost.values()) > 0
        assert min(lost.values()) > 0
        kept = keep(document, row.carries, Counter())
        beside = (
            {f"{document.meta.doc_id}.txt": document.text.encode()} if row.name in ("tbf", "measeval") else {}
        )
        for again in read(row, found | beside):
            assert "".join(again.text.split()) == "".join(kept.text.split())
            for _, item in objects(again):
                for _, mention in mentions(item):
                    assert again.text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize("name", [row.name for row in WRITTEN if row.name not in WHOLE_FILES])
def test_long_files_are_written_piece_by_piece(name: str) -> None:
    """None of many documents is asked for before its turn."""
    (row,) = (r for r in ROWS if r.name == name)
    asked = 0

    def many() -> Iterator[Document]:
        nonlocal asked
        for number in range(40):
            asked = number + 1
            yield replace(GOLD[0], meta=replace(GOLD[0].meta, doc_id=f"d{number}"))

    assert len(list(islice(row.codec().encode(many(), lost=Counter()), 5))) == 5
    assert asked <= 8
