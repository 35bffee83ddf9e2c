"""MeasEval (SemEval 2021): quantities and what they measure, a span a line.

``docId annotSet annotType startOffset endOffset annotId text other``, tab separated, ``other`` a
JSON object: ``{"unit", "mods"}`` of a Quantity, ``{"HasQuantity": "T1-1"}``, ``HasProperty``,
``Qualifies`` of the others. Code points, end exclusive, proved against ``text``.

A Quantity is a number, the others are labelled spans, tied by relations. The text of a
document lies beside as ``<docId>.txt``, or in the folder ``texts``. Tried on examples of our
own making: the annotations have no licence that lets us keep any.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, BinaryIO

from goldwire.annotate.document import Document, Mention, Meta, Number, Relation, Span
from goldwire.annotate.formats import source
from goldwire.annotate.formats.partial import count_lost
from goldwire.annotate.offsets import Claim, prove
from goldwire.annotate.problems import Problem

COLUMNS = ["docId", "annotSet", "annotType", "startOffset", "endOffset", "annotId", "text", "other"]
TIES = ("HasQuantity", "HasProperty", "Qualifies")
CARRIES = {"number": "mention unit mod", "span": "label mention", "relation": "from to label"}
# What the modifiers of MeasEval say of our own; the others are kept in extra.
MODS = {"IsApproximate": "approx", "IsRange": "between"}
# What reading leaves in extra, and writing takes from there.
KNOWN = {"set", "row", "other"}
Row = tuple[int, dict[str, str]]


def decode(
    files: Mapping[str, BinaryIO],
    *,
    ontology: Any = None,
    notes: list[Problem] | None = None,
    texts: str = "",
) -> Iterator[Document]:
    """A document from each run of rows of one docId; raises ProblemError with the line."""
    beside = source.texts_beside(files)
    homes = source.documents_by_id(texts) if texts else {}
    for name, file in files.items():
        if name.endswith(".txt"):
            continue
        for doc_id, rows in groupby(_rows(file, name), key=lambda row: row[1]["docId"]):
            listed = list(rows)
            known = homes[doc_id].text if doc_id in homes else None
            if doc_id in beside:
                where, own = beside.pop(doc_id)
                known = source.text_of(source.whole(own, where), where)
            if known is None:
                message = f"the text of {doc_id!r} should lie beside as {doc_id}.txt, or in texts"
                source.refuse(name, listed[0][0], "no-text", message)
            yield _document(listed, source.checked_text(known, name), doc_id, name)


def _rows(file: BinaryIO, name: str) -> Iterator[Row]:
    lines = source.lines(file, name)
    number, header = next(lines, (1, ""))
    if header.split("\t") != COLUMNS:
        source.refuse(name, number, "columns", f"the first line should be {' '.join(COLUMNS)}")
    for number, line in lines:
        if not line.strip():
            continue
        # The last column is JSON with its quotation marks as they are.
        cells = line.split("\t")
        if len(cells) not in (7, 8):
            source.refuse(name, number, "columns", f"has {len(cells)} cells, and should have 8")
        yield number, dict(zip(COLUMNS, [*cells, ""], strict=False))


def _document(rows: list[Row], text: str, doc_id: str, name: str) -> Document:
    claims = []
    for number, row in rows:
        start, end = row["startOffset"], row["endOffset"]
        if not (start.isdecimal() and end.isdecimal() and len(start + end) < 30):
            source.refuse(name, number, "offset", f"offsets should be whole numbers: {start!r}, {end!r}")
        claims.append(Claim(int(start), int(end), row["text"], number, row["annotId"]))
    _, bounds = prove(text, claims, where=name, same=_alike)
    ids = {row["annotId"] for _, row in rows}
    if len(ids) < len(rows):
        source.refuse(name, rows[0][0], "repeated-id", f"an annotId stands more than once in {doc_id!r}")
    numbers: list[Number] = []
    spans: list[Span] = []
    relations: list[Relation] = []
    for order, ((number, row), (a, b)) in enumerate(zip(rows, bounds, strict=True)):
        mention, own = Mention(text[a:b], a), row["annotId"]
        told = source.parsed(row["other"], name, number) if row["other"].strip() else {}
        other = source.shaped(told, dict[str, Any], name, number)
        extra: dict[str, Any] = {"set": row["annotSet"], "row": order}
        if row["annotType"] == "Quantity":
            mods = source.shaped(other.get("mods", []), list[str], name, number)
            mod = next((MODS[m] for m in mods if m in MODS), "exact")
            extra |= {"other": other} if other.keys() - {"unit"} else {}
            numbers.append(Number(own, mention, unit=str(other.get("unit", "")), mod=mod, extra=extra))
            continue
        spans.append(Span(own, mention, row["annotType"], extra=extra))
        for key, target in other.items():
            if key not in TIES or target not in ids:
                message = f"{own}: {key} {target!r} is none of {' '.join(TIES)}, or names no annotation"
                source.refuse(name, number, "relation", message)
            relations.append(Relation(f"r{len(relations) + 1}", own, str(target), key))
    return Document(
        text, Meta(doc_id), numbers=tuple(numbers), spans=tuple(spans), relations=tuple(relations)
    )


def _alike(said: str, here: str) -> bool:
    return said.split() == here.split()


def encode(documents: Iterable[Document], *, lost: Counter[str]) -> Iterator[tuple[str, bytes]]:
    """One table of all documents; their texts are not in it.

    >>> n = Number("n1", Mention("12 km", 0), unit="km", mod="approx")
    >>> table = list(encode([Document("12 km", Meta("d"), numbers=(n,))], lost=Counter()))
    >>> table[1][1].decode().split("\\t")[-2:]
    ['12 km', '{"mods": ["IsApproximate"], "unit": "km"}\\n']
    """
    yield "", ("\t".join(COLUMNS) + "\n").encode()
    for item in documents:
        count_lost(item, CARRIES, lost)
        known = [n.extra.keys() & KNOWN for n in item.numbers] + [s.extra.keys() & KNOWN for s in item.spans]
        lost["unknown key"] -= sum(map(len, known))
        rows = [row for _, row in sorted(_written(item, lost), key=lambda pair: pair[0])]
        for key in [k for k, n in lost.items() if n <= 0]:
            del lost[key]
        yield "", "".join("\t".join(row) + "\n" for row in rows).encode()


def _written(item: Document, lost: Counter[str]) -> Iterator[tuple[tuple[int, int], list[str]]]:
    back = {v: k for k, v in MODS.items()}
    known = {n.id for n in item.numbers} | {s.id for s in item.spans}
    ties: dict[str, dict[str, Any]] = {}
    for r in item.relations:
        if r.label in TIES and {r.source, r.target} <= known and r.label not in ties.get(r.source, {}):
            ties.setdefault(r.source, {})[r.label] = r.target
        else:
            lost["relation that measures nothing"] += 1

    def row(x: Number | Span, kind: str, other: dict[str, Any]) -> tuple[tuple[int, int], list[str]]:
        m = x.mention
        order = x.extra.get("row", 0)
        said = " ".join(m.text.split())
        told = json.dumps(other, ensure_ascii=False) if other else ""
        place = [str(x.extra.get("set", "1")), kind, str(m.start), str(m.end)]
        rank = (order if isinstance(order, int) else 0, m.start)
        return rank, [item.meta.doc_id, *place, x.id, said, told]

    for n in item.numbers:
        other = dict(n.extra.get("other", {}))
        if not other and n.mod in back:
            other["mods"] = [back[n.mod]]
        lost["number mod"] += n.mod not in (*back, "exact", "")
        yield row(n, "Quantity", other | ({"unit": n.unit} if n.unit else {}))
    for s in item.spans:
        yield row(s, s.label, ties.get(s.id, {}))
