"""Every generated file of the corpus, from the gold and from what is said of it by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import eq
from typing import Any

import msgspec

from goldwire.annotate import statistics
from goldwire.annotate.dataset import card, croissant, parquet
from goldwire.annotate.dataset.columns import labels
from goldwire.annotate.dataset.rows import rows
from goldwire.annotate.document import Document
from goldwire.annotate.formats import record
from goldwire.annotate.ontology import Ontology
from goldwire.annotate.tokens import NAME, spacy_tokens


@dataclass(frozen=True)
class Generated:
    """A file below ``corpus/``: its content, and when an older content is as good."""

    path: str
    data: bytes
    same: Callable[[bytes, bytes], bool] = eq


def corpus(
    documents: Sequence[Document],
    ontology: Ontology,
    *,
    about: Mapping[str, Any],
    page: str,
    more: Mapping[str, list[dict[str, Any]]],
) -> Iterator[Generated]:
    """The generated files.

    ``about`` is ``about.toml``, ``page`` the card as it stands; ``more`` holds the
    rows of configs that are not made from the gold: agreement and adjudication.
    """
    closed = labels(ontology)
    written = record.encode(documents, tokenizer=spacy_tokens, tokenizer_name=NAME)
    yield Generated("data/test.jsonl", b"".join(data for _, data in written))

    tables = {**rows(documents, spacy_tokens), **more}
    files = {name: parquet.encode(name, found, closed) for name, found in tables.items()}
    for name, data in files.items():
        yield Generated(f"data/{name}.parquet", data, parquet.same)

    shown = {
        "counts": statistics.markdown(statistics.table(documents)),
        "labels": statistics.markdown(statistics.label_table(statistics.labels(documents))),
        "agreement": statistics.markdown(_agreement(more.get("agreement", []))),
        "sufficiency": statistics.markdown([["layer", "cold F1"]]),
    }
    head = card.front_matter(about, list(files), closed)
    yield Generated("README.md", card.fill(page, head, shown, where="README.md").encode())

    described = croissant.describe(about["croissant"], files, about["columns"], closed)
    yield Generated(
        "croissant.json", msgspec.json.format(msgspec.json.encode(described), indent=1) + b"\n", _alike
    )


def _alike(old: bytes, new: bytes) -> bool:
    """Equal but for the hashes of Parquet files, whose bytes depend on the library's version."""
    return bool(_without_hashes(msgspec.json.decode(old)) == _without_hashes(msgspec.json.decode(new)))


def _without_hashes(value: Any) -> Any:
    match value:
        case dict():
            return {k: _without_hashes(v) for k, v in value.items() if k != "sha256"}
        case list():
            return [_without_hashes(x) for x in value]
        case _:
            return value


def _agreement(figures: list[dict[str, Any]]) -> list[list[str]]:
    """The figures of agreement before discussion, totals only, as rows of text."""
    header = ["metric", "value", "95% interval", "counts"]
    body = [
        [
            f["metric"],
            f["value"],
            f"[{f['low']}, {f['high']}]" if f["low"] else f["no_interval"] or "–",
            f["counts"],
        ]
        for f in figures
        if not f["label"]
    ]
    return [header, *body]
