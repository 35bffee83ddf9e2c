"""The binary projection of a document: what Prodigy's relations view can show of it.

Derived from the objects and never read back: roles, links, chains (a star to the
first mention), what a number counts, and the parts of quotations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Rows = Mapping[str, Mapping[str, Any]]
Written = Mapping[str, list[dict[str, Any]]]
SPAN_KEYS = ("start", "end", "token_start", "token_end", "label")


def relations(written: Written, rows: Rows) -> list[dict[str, Any]]:
    """The relations of a record: ``written`` its objects as plain values, ``rows`` its spans by id."""
    anchor = dict(_anchors(written))
    pairs = [*_roles(written, anchor), *_chains(written), *_facts(written, anchor)]
    derived = [_row(rows[a], rows[b], label) for a, b, label in pairs if a in rows and b in rows]
    derived.sort(
        key=lambda r: (*(r["head_span"][k] for k in SPAN_KEYS), *(r["child_span"][k] for k in SPAN_KEYS))
    )
    return derived + [_foreign(r, anchor, rows) for r in written["relations"]]


def _anchors(written: Written) -> Iterator[tuple[str, str]]:
    """The span that stands for an object: its first mention, its trigger, its content."""
    for name in ("actors", "places"):
        for x in written[name]:
            for mention in x["mentions"][:1]:
                yield x["id"], mention["span"] if isinstance(mention, dict) else mention
    for name in ("times", "numbers"):
        yield from ((x["id"], x["span"]) for x in written[name])
    yield from ((x["id"], x["trigger"]) for x in written["events"])
    yield from ((x["id"], x["content"][0]) for x in written["quotations"] if x["content"])
    yield from ((x["id"], x["id"]) for x in written["spans"])


def _roles(written: Written, anchor: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for event in written["events"]:
        for arg in event["args"]:
            yield event["trigger"], arg["evidence"] or anchor.get(arg["ref"], ""), arg["role"]
    for link in written["links"]:
        yield anchor.get(link["from"], ""), anchor.get(link["to"], ""), link["type"]


def _chains(written: Written) -> Iterator[tuple[str, str, str]]:
    for name in ("actors", "places"):
        for x in written[name]:
            ids = [m["span"] if isinstance(m, dict) else m for m in x["mentions"]]
            yield from ((later, ids[0], "COREF") for later in ids[1:])
    triggers = {x["id"]: x["trigger"] for x in written["events"]}
    for x in written["events"]:
        if x["coref"] not in ("", x["id"]):
            yield x["trigger"], triggers.get(x["coref"], ""), "COREF"


def _facts(written: Written, anchor: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for number in written["numbers"]:
        yield number["span"], anchor.get(number["counted"], ""), "COUNTS"
    for quotation in written["quotations"]:
        content = anchor.get(quotation["id"], "")
        yield content, quotation["speaker_span"], "SPEAKER"
        yield from ((content, cue, "CUE") for cue in quotation["cue"])
        yield content, anchor.get(quotation["addressee"], ""), "ADDRESSEE"
        yield content, quotation["anaphor"], "ANAPHOR"
        yield content, anchor.get(quotation["parent"], ""), "PARENT"


def _row(head: Mapping[str, Any], child: Mapping[str, Any], label: str) -> dict[str, Any]:
    # Prodigy anchors a relation at the last token of each span.
    return {
        "id": "",
        "from": "",
        "to": "",
        "head": head["token_end"],
        "child": child["token_end"],
        "head_span": {k: head[k] for k in SPAN_KEYS},
        "child_span": {k: child[k] for k in SPAN_KEYS},
        "label": label,
    }


def _foreign(relation: dict[str, Any], anchor: Mapping[str, str], rows: Rows) -> dict[str, Any]:
    head, child = (rows.get(anchor.get(relation[end], "")) for end in ("from", "to"))
    empty = {"start": 0, "end": 0, "token_start": -1, "token_end": -1, "label": ""}
    return {**_row(head or empty, child or empty, relation["label"]), **relation}
