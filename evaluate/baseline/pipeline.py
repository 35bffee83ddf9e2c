"""The spaCy pipeline of all rule components, and its predictions."""

from __future__ import annotations

from collections.abc import Callable

from goldwire.annotate.document import Document

COMPONENTS = (
    "goldwire_sentences",
    "goldwire_times",
    "goldwire_numbers",
    "goldwire_actors",
    "goldwire_quotations",
    "goldwire_events",
)


def load() -> Callable[[str], Document]:
    """The baseline as a function of a text."""
    import spacy

    from goldwire.evaluate.baseline import components

    nlp = spacy.blank("en")
    for name in COMPONENTS:
        nlp.add_pipe(name)
    return lambda text: components.doc_to_document(nlp(text))
