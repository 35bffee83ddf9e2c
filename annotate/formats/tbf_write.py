"""Event nuggets out of a document: a line for each mention, a line for what links them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from msgspec.structs import replace

from goldwire.annotate.document import Document, Event, Mention
from goldwire.annotate.formats.loss import keep

CARRIES = frozenset({"events", "links", "ids", "overlaps", "duplicates", "discontinuous"})
BEGIN, END = "#BeginOfDocument", "#EndOfDocument"
# Realis -> what it says of the event; "Other" covers all that is neither.
REALIS = {"Actual": "asserted", "Generic": "generic", "Other": "hypothetical"}
LINKS = {"@Coreference": "", "@After": "AFTER", "@Subevent": "SUBEVENT_OF"}


def written(item: Document, lost: Counter[str], system: str) -> str:
    """The lines of one document; ``system`` "" is the one that the document was read with."""
    return "".join(f"{line}\n" for line in _lines(item, lost, system))


def _lines(item: Document, lost: Counter[str], system: str) -> Iterator[str]:
    remarks = item.extra.get("tbf", {})
    bare = replace(item, extra={k: v for k, v in item.extra.items() if k != "tbf"})
    document = keep(replace(bare, events=(), links=()), CARRIES, lost)
    name = re.sub(r"\s+", "_", document.meta.doc_id) or "document"
    chains: dict[str, list[str]] = {}
    yield f"{BEGIN} {name}"
    for event in item.events:
        yield "\t".join(_columns(event, name, system or remarks.get("system") or "goldwire", item.text, lost))
        chains.setdefault(event.coref or event.id, []).append(event.id)
    named = remarks.get("chains", {})
    used = set(named)
    for number, ids in enumerate((x for x in chains.values() if len(x) > 1), start=1):
        own = next((k for k, v in named.items() if sorted(v) == sorted(ids)), "")
        listed = ",".join(named[own] if own else ids)
        own = own or next(r for n in range(number, number + len(used) + 1) if (r := f"R{n}") not in used)
        used.add(own)
        yield f"@Coreference\t{own}\t{listed}"
    known = {e.id for e in item.events}
    kinds = {v: k for k, v in LINKS.items() if v}
    for link in item.links:
        if link.type in kinds and {link.source, link.target} <= known:
            yield f"{kinds[link.type]}\t{link.id.partition('.')[0]}\t{link.source},{link.target}"
            lost["link evidence"] += link.evidence is not None
        else:
            lost[f"link {link.type}"] += 1
    lost += Counter()
    yield END


def _columns(event: Event, name: str, system: str, text: str, lost: Counter[str]) -> list[str]:
    kept = event.extra.get("tbf", {})
    lost["argument"] += len(event.args)
    lost["head"] += bool(event.trigger.head)
    plain = Event("", Mention("", 0))
    for name_ in ("polarity", "tense", "phase", "plural", "details", "factuality", "confidence", "note"):
        lost[f"event {name_}"] += getattr(event, name_) != getattr(plain, name_)
    lost["unknown key"] += len(event.extra.keys() - {"tbf"})
    realis = kept.get("realis", "")
    if REALIS.get(realis, "asserted") != event.modality or not realis:
        back = {v: k for k, v in REALIS.items()}
        lost["event modality"] += event.modality not in back
        realis = back.get(event.modality, "Other")
    said = " ".join(text[a:b] for a, b in event.trigger.pieces)
    surface = kept.get("surface") or re.sub(r"\s", " ", said)
    place = kept.get("span") or ";".join(f"{a},{b}" for a, b in event.trigger.pieces)
    lost += Counter()
    return [system, name, event.id, place, surface, event.type, realis, *kept.get("more", [])]
