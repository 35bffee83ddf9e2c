"""Gold as training examples for spaCy: the reader that ``actors.cfg`` names.

Entities of spaCy do not overlap: of mentions that do, the longest is kept. A mention
that cuts a token is left out. After ``pip install`` spaCy finds the reader by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from spacy.language import Language
from spacy.training import Example
from spacy.util import filter_spans, registry

from goldwire.annotate import files
from goldwire.annotate.document import Document


def actors(
    path: str = "", leave_out: Sequence[str] = (), only: str = ""
) -> Callable[[Language], Iterator[Example]]:
    """Examples with actors as entities, from a file or folder, or the gold in the package.

    ``leave_out`` names documents that are not read, ``only`` the one that is.
    """

    def read(nlp: Language) -> Iterator[Example]:
        for document in files.read(path) if path else files.gold():
            if document.meta.doc_id not in leave_out and only in ("", document.meta.doc_id):
                yield example(nlp, document)

    return read


def example(nlp: Language, document: Document) -> Example:
    """A document with its actors as the reference's entities, labelled with their types."""
    reference = nlp.make_doc(document.text)
    spans = [
        reference.char_span(*m.bounds, label=actor.type) for actor in document.actors for m in actor.mentions
    ]
    reference.ents = filter_spans([s for s in spans if s is not None])
    return Example(nlp.make_doc(document.text), reference)


registry.readers.register("goldwire.actors.v1", func=actors)
