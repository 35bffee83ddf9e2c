"""The graph that stands between our objects and the tools' spans and arrows."""

from __future__ import annotations

from hypothesis import given, settings

from goldwire.annotate.document import Document
from goldwire.annotate.formats.graph import join_pieces, split_pieces
from goldwire.annotate.formats.project import project
from goldwire.annotate.formats.restore import restore

from .strategies import documents


@given(documents())
@settings(max_examples=100, deadline=None)
def test_a_document_comes_back_from_its_graph(document: Document) -> None:
    assert restore(project(document), "doc") == document


@given(documents())
@settings(max_examples=50, deadline=None)
def test_pieces_are_joined_again(document: Document) -> None:
    assert restore(join_pieces(split_pieces(project(document))), "doc") == document
