"""The one door to XML: parsed whole, bounded in size and depth, no entities and nothing from outside."""

from __future__ import annotations

from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, ParseError

from goldwire.annotate.formats import source
from goldwire.annotate.problems import ProblemError, missing

# A tree takes some twenty times the memory of its file.
LIMIT = 1 << 26
DEPTH = 200


def tree(file: BinaryIO, where: str) -> Element:
    """The root element; raises ProblemError with the line, and where ``defusedxml`` is missing.

    >>> import io
    >>> tree(io.BytesIO(b'<!DOCTYPE a [<!ENTITY b "c">]>\\n<a>&b;</a>'), "a.xml")
    Traceback (most recent call last):
    goldwire.annotate.problems.ProblemError: a.xml: xml: declares the entity 'b', which is not allowed
    """
    try:
        from defusedxml import DefusedXmlException, EntitiesForbidden  # type: ignore[import-untyped]
        from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]
    except ModuleNotFoundError as error:
        raise missing("formats", "defusedxml") from error
    depth, root = 0, None
    try:
        for event, element in iterparse(_Bounded(file, where), events=("start", "end"), forbid_dtd=False):
            root = element if root is None else root
            depth += 1 if event == "start" else -1
            if depth > DEPTH:
                source.refuse(where, 0, "xml", f"is nested more than {DEPTH} elements deep")
    except EntitiesForbidden as error:
        source.refuse(where, 0, "xml", f"declares the entity {error.name!r}, which is not allowed")
    except DefusedXmlException as error:
        source.refuse(where, 0, "xml", f"{type(error).__name__}: {error}")
    except ParseError as error:
        source.refuse(where, error.position[0], "xml", f"is not well-formed: {str(error).partition(':')[0]}")
    except (ValueError, LookupError) as error:
        if isinstance(error, ProblemError):
            raise
        source.refuse(where, 1, "encoding", f"cannot be read: {error}")
    assert root is not None
    return root  # type: ignore[no-any-return]


class _Bounded:
    """A stream that stops the reader where a file is too long."""

    def __init__(self, file: BinaryIO, where: str) -> None:
        self._file, self._where, self._left = file, where, LIMIT

    def read(self, size: int = -1) -> Any:
        data = self._file.read(min(size, 1 << 16) if size > 0 else 1 << 16)
        self._left -= len(data)
        if self._left < 0:
            source.refuse(self._where, 0, "size", f"is longer than {LIMIT >> 20} MB")
        return data
