"""Every generated file of the corpus, from the gold and from what is said of it by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from goldwire.annotate import statistics
from goldwire.annotate.dataset import card, croissant, parquet
from goldwire.annotate.dataset.columns import SCHEMA, labels, shaped
from goldwire.annotate.dataset.rows import rows
from goldwire.annotate.document import Document
from goldwire.annotate.formats import record
from goldwire.annotate.ontology import Ontology
from goldwire.annotate.tokens import NAME, spacy_tokens

# The comparison of the two raw passes, as corpus/agreement.jsonl calls it.
PASSES = "first and second, before discussion"


@dataclass(frozen=True)
class Generated:
    """A file of the checkout that is made from others."""

    path: str
    data: bytes


def corpus(
    documents: Sequence[Document],
    ontology: Ontology,
    *,
    about: Mapping[str, Any],
    page: str,
    more: Mapping[str, list[dict[str, Any]]],
    old: Mapping[str, bytes],
) -> Iterator[Generated]:
    """The generated files.

    ``about`` is ``about.toml``, ``page`` the card as it stands; ``more`` holds the
    rows of configs that are not made from the gold: agreement and adjudication;
    ``old`` the Parquet files as they stand: one that says the same stays, byte for byte,
    so that the hashes in the Croissant description are those of the files.
    """
    closed = labels(ontology)
    written = record.encode(documents, tokenizer=spacy_tokens, tokenizer_name=NAME)
    yield Generated("data/test.jsonl", b"".join(data for _, data in written))

    told = {name: [shaped(row, SCHEMA[name]) for row in found] for name, found in more.items()}
    tables = {**rows(documents, spacy_tokens), **told}
    files = {
        name: _kept(old.get(name), parquet.encode(name, found, closed)) for name, found in tables.items()
    }
    for name, data in files.items():
        yield Generated(f"data/{name}.parquet", data)

    shown = {
        "counts": statistics.markdown(statistics.table(documents)),
        "labels": statistics.markdown(statistics.label_table(statistics.labels(documents))),
        "agreement": statistics.markdown(_agreement(more.get("agreement", []))),
        "sufficiency": statistics.markdown(_sufficiency(more.get("agreement", []))),
    }
    head = card.front_matter(about, list(files), closed)
    yield Generated("README.md", card.fill(page, head, shown, where="README.md").encode())

    described = croissant.describe(about["croissant"], files, about["columns"], closed)
    yield Generated("croissant.json", msgspec.json.format(msgspec.json.encode(described)) + b"\n")


def _kept(old: bytes | None, new: bytes) -> bytes:
    """The old file if it holds the same rows: its bytes depend on the library's version."""
    return old if old is not None and parquet.same(old, new) else new


# Of the figures of a comparison, those that the card shows: of the whole corpus, of all labels together.
def _shown(figures: list[dict[str, Any]], comparison: str) -> list[dict[str, Any]]:
    return [f for f in figures if f["comparison"] == comparison and not f["label"] and not f["document"]]


def _agreement(figures: list[dict[str, Any]]) -> list[list[str]]:
    """The agreement of the two annotators before discussion, κ beside the share that it corrects."""
    shown = _shown(figures, PASSES)
    kappa = {_name(f): f["value"] for f in shown if f["kind"] == "kappa"}
    header = ["measure", "coefficient", "value", "95% interval", "same", "of", "κ"]
    body = [
        [_name(f), f["kind"], f["value"], _interval(f), f["same"], f["n"], _kappa(f, kappa)]
        for f in shown
        if f["value"] and f["kind"] in ("F1", "share", "alpha_u", "gamma")
    ]
    return [header, *body]


def _kappa(figure: dict[str, Any], known: Mapping[str, str]) -> str:
    return known.get(_name(figure), "") or "–" if figure["kind"] == "share" else ""


def _sufficiency(figures: list[dict[str, Any]]) -> list[list[str]]:
    """F1 of cold annotators against the gold, and what part of the annotators' agreement that is."""
    others = sorted({f["comparison"] for f in figures} - {PASSES})
    base = {_name(f): f for f in _shown(figures, PASSES) if f["kind"] == "F1"}
    cold = {x: {_name(f): f for f in _shown(figures, x) if f["kind"] == "F1"} for x in others}
    body = []
    for name, both in base.items():
        if both["value"] and any(cold[x].get(name, {}).get("value") for x in others):
            cells = [_ratio(cold[x].get(name, {}).get("value", ""), both["value"]) for x in others]
            body.append([name, both["value"], *cells])
    return [["measure (F1)", "two annotators", *(f"{x} (ratio)" for x in others)], *body]


def _name(figure: dict[str, Any]) -> str:
    return f"{figure['layer']}.{figure['measure']} {figure['match']}".strip()


def _ratio(value: str, base: str) -> str:
    return f"{value} ({float(value) / float(base):.2f})" if value and float(base) else "–"


def _interval(figure: dict[str, Any]) -> str:
    return f"[{figure['low']}, {figure['high']}]" if figure["low"] else f"– ({figure['why'] or 'none'})"
