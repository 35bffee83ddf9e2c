"""Documents that hold what one tool wrote and nothing else: they go back as they came."""

from __future__ import annotations

from goldwire.annotate.document import COLLECTIONS, Document, Mention, Meta, Span


def untouched(document: Document, key: str, collections: frozenset[str] = frozenset({"spans"})) -> bool:
    """Whether all of it came from the tool whose remarks stand in ``extra[key]``, with nothing added.

    Both the document and its spans have such remarks. ``collections`` are those
    that the tool's format holds of itself.

    >>> span = Span("s1", Mention("Ada", 0), "PER", extra={"gate": {"set": "Key"}})
    >>> document = Document("Ada", spans=(span,), extra={"gate": {}})
    >>> untouched(document, "gate"), untouched(Document("Ada"), "gate")
    (True, False)
    """
    if any(getattr(document, name) for name in COLLECTIONS.values() if name not in collections):
        return False
    return (
        document.meta == Meta(document.meta.doc_id)
        and document.extra.keys() - {"tokens"} == {key}
        and isinstance(document.extra[key], dict)
        and all(as_it_came(span, key) for span in document.spans)
    )


def as_it_came(span: Span, key: str) -> bool:
    """Whether a span holds nothing that ``key``'s format has no place for."""
    m = span.mention
    return (
        span.extra.keys() == {key}
        and isinstance(span.extra[key], dict)
        and not (span.confidence or span.note)
        and m == Mention(m.text, m.start)
    )
