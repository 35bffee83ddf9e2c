"""INCEpTION's archives: a zip of documents as XMI or CAS JSON, with ``TypeSystem.xml``, or WebAnno TSV.

Nothing is unpacked to disk. Archives inside the archive (a project's annotations
are stored so) are read, too; the document's id is the path of its file.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from msgspec.structs import replace

from goldwire.annotate.document import Document
from goldwire.annotate.formats import markup, source, uima, webanno
from goldwire.annotate.problems import Problem

MEMBERS = 100_000
_TABLE = re.compile(rb"(?:\xef\xbb\xbf)?#FORMAT=WebAnno TSV 3")
DEEP = 2


def decode(
    files: Mapping[str, BinaryIO], *, ontology: Any = None, notes: list[Problem] | None = None
) -> Iterator[Document]:
    """A document from each XMI, CAS JSON or WebAnno TSV file of each archive; raises ProblemError."""
    for name, file in files.items():
        found = 0
        for document in _documents(file, name, [] if notes is None else notes, 0):
            found += 1
            yield document
        if not found:
            source.refuse(
                name, 0, "no-document", "the archive holds no .xmi, no CAS .json and no WebAnno .tsv file"
            )


def _documents(file: BinaryIO, where: str, notes: list[Problem], depth: int) -> Iterator[Document]:
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        source.refuse(where, 0, "archive", f"is no zip archive: {uima.brief(error)}")
    with archive:
        members = archive.infolist()
        if len(members) > MEMBERS:
            source.refuse(where, 0, "archive", f"holds {len(members)} members, more than {MEMBERS}")
        types = next((m for m in members if PurePosixPath(m.filename).name.lower() == "typesystem.xml"), None)
        system = _content(archive, types, where) if types else None
        for member in members:
            path = PurePosixPath(member.filename)
            inside = f"{where}/{member.filename}"
            if path.suffix == ".xmi":
                own = (f"{where}/{types.filename}", io.BytesIO(system)) if types and system else None
                data = io.BytesIO(_content(archive, member, where))
                yield _named(uima.from_xmi(data, own, inside, notes), path, depth)
            elif path.suffix == ".json" and b'"%' in (text := _content(archive, member, where))[:4096]:
                yield _named(uima.from_json(io.BytesIO(text), inside, notes), path, depth)
            elif path.suffix == ".tsv" and _TABLE.match(text := _content(archive, member, where)):
                for document in webanno.decode({inside: io.BytesIO(text)}, notes=notes):
                    yield _named(document, path, depth)
            elif path.suffix == ".zip" and depth < DEEP:
                yield from _documents(io.BytesIO(_content(archive, member, where)), inside, notes, depth + 1)


def _named(document: Document, path: PurePosixPath, depth: int) -> Document:
    """A document known by where it stands in the archive, unless it says its own id."""
    if document.meta.doc_id != path.stem or len(path.parts) == 1:
        return document
    own = str(path.with_suffix("")).lstrip("/")
    return replace(document, meta=replace(document.meta, doc_id=own))


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str) -> bytes:
    """A member's bytes; raises ProblemError where it is too long, encrypted or broken."""
    if member.flag_bits & 0x1:
        source.refuse(f"{where}/{member.filename}", 0, "archive", "is encrypted")
    if member.file_size > markup.LIMIT:
        source.refuse(f"{where}/{member.filename}", 0, "size", f"is longer than {markup.LIMIT >> 20} MB")
    try:
        data = archive.read(member)  # never more than the size stated, which has been looked at
    except Exception as error:  # besides zipfile's own errors there are zlib's and those of other methods
        source.refuse(f"{where}/{member.filename}", 0, "archive", f"cannot be unpacked: {uima.brief(error)}")
    return data


def encode(documents: Iterable[Document], *, lost: Counter[str]) -> Iterator[tuple[str, bytes]]:
    """One archive with an XMI file for each document and the type system of all of them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in uima.encode(documents, lost=lost):
            inside = "TypeSystem.xml" if name == "*.typesystem.xml" else name or "document.xmi"
            # A fixed date: the same documents make the same archive.
            archive.writestr(zipfile.ZipInfo(inside, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    yield "", buffer.getvalue()
