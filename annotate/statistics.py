"""How much is annotated: the counts that a card, a paper and ``goldwire stats`` show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from goldwire.annotate.document import Document, Place, mentions, objects

# What is counted, in the order of the table.
ROWS = (
    "characters words segments sentences events event-mentions arguments actors actor-mentions places "
    "place-mentions times numbers quotations nested-quotations terms links ambiguities"
).split()


def counts(document: Document) -> dict[str, int]:
    """One document's counts; a word is a stretch without white space.

    >>> from goldwire.annotate.document import Event, Mention
    >>> d = Document("Ada left.", events=(Event("e1", Mention("left", 4), coref="e1"),))
    >>> [counts(d)[x] for x in ("words", "events", "event-mentions")]
    [2, 1, 1]
    """
    return {
        "characters": len(document.text),
        "words": len(document.text.split()),
        "segments": len(document.segments),
        "sentences": sum(s.kind == "sentence" for s in document.segments),
        "events": len({e.coref or e.id for e in document.events}),
        "event-mentions": len(document.events),
        "arguments": sum(len(e.args) for e in document.events),
        "actors": len(document.actors),
        "actor-mentions": sum(len(a.mentions) for a in document.actors),
        "places": len(document.places),
        "place-mentions": sum(len(p.mentions) for p in document.places),
        "times": len(document.times),
        "numbers": len(document.numbers),
        "quotations": len(document.quotations),
        "nested-quotations": sum(bool(q.parent) for q in document.quotations),
        "terms": len(document.terms),
        "links": len(document.links),
        "ambiguities": len(document.ambiguities),
    }


def labels(documents: Iterable[Document]) -> dict[str, Counter[str]]:
    """How often each label is used: event types, actor types, place kinds and so on.

    Events and quotations count once for each record, actors and places once for each mention.
    """
    found: dict[str, Counter[str]] = {
        name: Counter() for name in ("events", "actors", "places", "times", "numbers", "quotations", "links")
    }
    for document in documents:
        for kind, item in objects(document):
            match kind:
                case "event" | "link":
                    found[f"{kind}s"][item.type] += 1
                case "actor" | "place":
                    label = item.kind if isinstance(item, Place) else item.type
                    found[f"{kind}s"][label] += sum(1 for _ in mentions(item))
                case "time" | "number":
                    found[f"{kind}s"][item.kind] += 1
                case "quotation":
                    found["quotations"][item.directness] += 1
    return found


def table(documents: Iterable[Document]) -> list[list[str]]:
    """Rows of text: a header, then each count for every document and in total."""
    each = [(d.meta.doc_id, counts(d)) for d in documents]
    header = ["", *(name for name, _ in each), "all"]
    body = [
        [row.replace("-", " "), *(f"{c[row]:,}" for _, c in each), f"{sum(c[row] for _, c in each):,}"]
        for row in ROWS
    ]
    return [header, *body]


def label_table(found: Mapping[str, Counter[str]]) -> list[list[str]]:
    """Rows of text: layer, label, number of uses, the most used first."""
    rows = [["layer", "label", "uses"]]
    for layer, uses in found.items():
        ordered = sorted(uses.items(), key=lambda x: (-x[1], x[0]))
        rows += [[layer, label or "–", f"{number:,}"] for label, number in ordered]
    return rows


def markdown(rows: list[list[str]]) -> str:
    """A table in Markdown; the first row is its header.

    >>> print(markdown([["a", "b"], ["x", "1"]]), end="")
    | a | b |
    |---|--:|
    | x | 1 |
    """
    rule = ["---", *("--:" for _ in rows[0][1:])]
    lines = ["| " + " | ".join(r) + " |" for r in rows]
    return "\n".join([lines[0], "|" + "|".join(rule) + "|", *lines[1:]]) + "\n"


def plain(rows: list[list[str]]) -> str:
    """A table in plain text: the first column to the left, the others to the right.

    >>> print(plain([["", "n"], ["events", "1,024"]]), end="")
                n
    events  1,024
    """
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [c.rjust(w) if i else c.ljust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
        lines.append("  ".join(cells).rstrip() + "\n")
    return "".join(lines)
