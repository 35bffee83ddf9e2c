"""A document → an answer in strings: each mention as few words as it takes to find it again."""

from __future__ import annotations

from collections import Counter
from typing import Any

from goldwire.annotate.anchor import Anchorer
from goldwire.annotate.document import COLLECTIONS, Document, Mention, Meta
from goldwire.annotate.formats.strings_read import ORDER
from goldwire.annotate.structure import plain
from goldwire.annotate.surface import places

KINDS = {name: kind for kind, name in COLLECTIONS.items()}


def written(document: Document, lost: Counter[str]) -> dict[str, Any]:
    """The collections of a document with strings for mentions; what strings cannot say is counted."""
    anchorer = Anchorer(document.text)

    def said(mention: Any) -> Any:
        if not isinstance(mention, Mention):
            return plain(mention, defaults=False, write=said)
        if mention.more:
            lost["discontinuous mention"] += 1
        at = places(document.text, mention.text)
        found = anchorer.find(
            mention.text, occurrence=at.index(mention.start) + 1 if mention.start in at else 0
        )
        if found is None or found.bounds != mention.pieces[0] or found.status != "exact":
            lost["mention that words do not find"] += 1
        body = {
            k: v
            for k, v in plain(mention, defaults=False).items()
            if k not in ("start", "more", "head_start")
        }
        if len(at) > 1 and mention.start in at:
            body["occurrence"] = at.index(mention.start) + 1
        return body if len(body) > 1 else mention.text

    result: dict[str, Any] = {}
    for name in COLLECTIONS.values():
        items = getattr(document, name)
        if name not in ORDER:
            # Segments and the like are for people; a model is asked about what the text says.
            if items:
                lost[KINDS[name]] += len(items)
        elif items:
            result[name] = [plain(x, defaults=False, write=said) for x in items]
    meta, bare = document.meta, Meta(document.meta.doc_id)
    lost.update(f"meta {f}" for f in Meta.__struct_fields__ if getattr(meta, f) != getattr(bare, f))
    if document.extra:
        lost["unknown key"] += len(document.extra)
    return result
