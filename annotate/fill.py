"""What a person left out of annotation lines, filled in: nobody types an offset.

Works on plain JSON values, before they become objects. Allowed on input, and
gone from the output:

    "The rebels"                     for {"text": "The rebels"}, wherever a mention stands
    "said"                           for ["said"], wherever a list stands
    {"agent": "a1"}                  for [{"role": "agent", "ref": "a1"}] in ``args``;
                                     the same in ``details`` and ``factuality``
    "segment": "g3"                  look for the surface there (in a mention or on the line)
    "occurrence": 2                  the second place where the surface stands, whole words only
    "head_occurrence": 2             the second place of the head in the mention
    ""                               an id to be made
    "text" of a segment or a mask    instead of ``start`` and ``end``

Without ``segment``, the further mentions of an event or a quotation are looked
for in the sentence of its trigger or content first, and then in the whole text.
"""

from __future__ import annotations

from itertools import count
from typing import Any

from goldwire.annotate.document import CLASSES
from goldwire.annotate.jsonlines import Row
from goldwire.annotate.placing import Placer, mentions
from goldwire.annotate.problems import Problem

PREFIXES: dict[str, str] = {
    "segment": "g", "actor": "a", "place": "p", "time": "t", "number": "n", "quotation": "q", "term": "w",
    "event": "e", "link": "l", "span": "s", "relation": "r", "ambiguity": "x", "mask": "m", "provenance": "v",
}  # fmt: skip


def fill(rows: list[Row], *, where: str) -> tuple[list[Row], list[Problem]]:
    """The rows with everything filled in, and a problem for each thing that could not be.

    ``rows`` are changed in place. The first row that has the key ``doc`` holds the text.
    """
    text = next((raw.get("text") for _, raw in rows if next(iter(raw), "") == "doc"), None)
    if not isinstance(text, str):
        return rows, []
    placer = Placer(text)
    problems: list[Problem] = []
    # Segments first, with their ids: the others are looked for in them.
    for first in (True, False):
        some = [row for row in rows if (next(iter(row[1]), "") == "segment") == first]
        for number, raw in some:
            said = placer.placed(raw)
            problems += [Problem(where, number, rule, message) for rule, message in said]
        _fill_ids(some, rows)
        placer.learn(some)
    _fill_events(rows, placer)
    return rows, sorted(problems)


def _fill_ids(some: list[Row], rows: list[Row]) -> None:
    taken = {raw[kind] for _, raw in rows for kind in [next(iter(raw), "")] if isinstance(raw.get(kind), str)}
    for _, raw in sorted(some, key=lambda row: first_offset(row[1])):
        kind = next(iter(raw), "")
        if kind in CLASSES and raw[kind] == "":
            raw[kind] = next(i for n in count(1) if (i := f"{PREFIXES[kind]}{n}") not in taken)
            taken.add(raw[kind])


def first_offset(raw: dict[str, Any]) -> int:
    """Where an object begins in the text; far behind everything if it stands nowhere."""
    kind = next(iter(raw), "")
    starts = [raw.get("start")]
    if kind in CLASSES and kind not in ("segment", "mask"):
        starts = [m.get("start") for _, m in mentions(CLASSES[kind], raw)]
    return min([s for s in starts if type(s) is int], default=1 << 62)


def _fill_events(rows: list[Row], placer: Placer) -> None:
    """The identity of an event that stands alone, and the evidence of its arguments."""
    places_of: dict[str, list[dict[str, Any]]] = {}
    for _, raw in rows:
        kind = next(iter(raw), "")
        if kind in ("actor", "place", "time", "number", "event") and isinstance(raw[kind], str):
            shown = [m for p, m in mentions(CLASSES[kind], raw) if p.startswith(("mention", "trigger"))]
            places_of[raw[kind]] = [m for m in shown if _has_bounds(m)]
    for _, raw in rows:
        if next(iter(raw), "") != "event":
            continue
        if raw.get("coref", "") == "":
            raw["coref"] = raw["event"]
        trigger = raw.get("trigger")
        if not isinstance(trigger, dict) or not _has_bounds(trigger):
            continue
        inside = placer.segment_of(trigger["start"]) or (0, 0)
        for argument in raw.get("args", []):
            if not isinstance(argument, dict) or "evidence" in argument:
                continue
            shown = places_of.get(str(argument.get("ref", "")), [])
            near = [m for m in shown if inside[0] <= m["start"] < inside[1]]
            if near:
                nearest = min(near, key=lambda m: (_gap(m, trigger), m["start"]))
                argument["evidence"] = {k: nearest[k] for k in ("text", "start", "more") if k in nearest}


def _has_bounds(mention: dict[str, Any]) -> bool:
    return type(mention.get("start")) is int and isinstance(mention.get("text"), str)


def _gap(a: dict[str, Any], b: dict[str, Any]) -> int:
    """Characters between two mentions; 0 if they touch."""
    return max(0, *(int(y["start"]) - int(x["start"]) - len(x["text"]) for x, y in ((a, b), (b, a))))
