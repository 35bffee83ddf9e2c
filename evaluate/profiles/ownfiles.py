"""The input of the profiles' references, out of the files in which they take it.

JSON (one value) or JSON Lines (a document a line) hold the shapes of ``shapes.py``. Tags are
also read from columns (the last one; sentences divided by empty lines), clusters from CoNLL-2012
files, nuggets from TBF, quantities from the task's TSV, mentions with entities from neleval's,
text-bound annotations from brat's .ann files (a file, or a folder with a file a document).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

import msgspec

from goldwire.annotate import files
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate.profiles.own import Side
from goldwire.evaluate.stream import parts

SUFFIXES = {"brat": ".ann", "quantities": ".tsv"}  # of the files in a folder; else .json


def read(path: str, shape: str) -> Side:
    """One side of a comparison; ``shape`` is a key of `shapes.SHAPES`. Raises ProblemError with the line."""
    if files.is_folder(path):
        return _folder(path, shape)
    data = files.read_bytes(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProblemError(Problem(path, 0, "encoding", f"is not UTF-8: {error.reason}")) from None
    if path.lower().endswith((".json", ".jsonl")) or shape not in _READERS:
        return _json(text, path)
    return _READERS[shape](text, path)


def _json(text: str, path: str) -> Side:
    try:
        if path.lower().endswith(".jsonl"):
            return [msgspec.json.decode(line) for line in _lines(text) if line.strip()]
        found = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise ProblemError(Problem(path, 0, "json", str(error))) from None
    if not isinstance(found, list | dict):
        raise ProblemError(
            Problem(path, 0, "json", "holds neither a list of documents nor a mapping of them")
        )
    return found


def _lines(text: str) -> list[str]:
    """The lines of a file; marks such as U+2028 divide none."""
    return re.split(r"\r?\n", text)


def _folder(path: str, shape: str) -> Side:
    """The files of a folder: a document each, under the name of its file, or the documents that they name."""
    found: dict[str, Any] = {}
    for file in parts.listed(path, (SUFFIXES.get(shape, ".json"),)):
        inside: Any = read(file, shape)
        if isinstance(inside, dict) and shape != "speakers":
            found |= inside
        else:
            found[PurePath(file).stem] = inside[0] if shape == "brat" else inside
    return found


def _tags(text: str, path: str) -> Side:
    sentences: list[list[str]] = [[]]
    for line in _lines(text):
        if line.strip():
            sentences[-1].append(line.split()[-1])
        elif sentences[-1]:
            sentences.append([])
    return [s for s in sentences if s]


def _clusters(text: str, path: str) -> Side:
    """Documents of a CoNLL-2012 file: clusters of (first token, last token), whatever the words are.

    A cluster has the place of its first bracket, as the reference scorer reads them; a part of a document
    is a document.
    """
    documents: dict[str, Any] = {}
    for name, lines in _parts(text, path).items():
        opened: dict[str, list[int]] = {}
        clusters: dict[str, list[list[int]]] = {}
        for token, (number, cell) in enumerate(lines):
            # In one cell mentions of one token come first, then what begins, then what ends.
            for own in re.findall(r"\((\d+)\)", cell):
                clusters.setdefault(own, []).append([token, token])
            for own in re.findall(r"\((\d+)(?![\d)])", cell):
                opened.setdefault(own, []).append(token)
                clusters.setdefault(own, [])
            for own in re.findall(r"(?<![(\d])(\d+)\)", cell):
                if not opened.get(own):
                    raise ProblemError(Problem(path, number, "brackets", f"{own}) closes what is not open"))
                clusters[own].append([opened[own].pop(), token])
        documents[name] = list(clusters.values())
    return documents


def _chains(text: str, path: str) -> Side:
    """The same as coval reads it: brackets that nothing divides from the next opening one are lost.

    So are closing ones of what is not open. A cluster has the place of its first whole mention.
    """
    documents: dict[str, Any] = {}
    for name, lines in _parts(text, path).items():
        opened: dict[str, list[int]] = {}
        clusters: dict[str, list[list[int]]] = {}
        for token, (_, cell) in enumerate(lines):
            for own in re.findall(r"\((\d+)\)", cell):
                clusters.setdefault(own, []).append([token, token])
            for own in re.findall(r"\((\d+)(?=\||$)", cell):
                opened.setdefault(own, []).append(token)
            for own in re.findall(r"(?<![(\d])(\d+)\)", cell):
                clusters.setdefault(own, [])
                if opened.get(own):
                    clusters[own].append([opened[own].pop(), token])
        documents[name] = [c for c in clusters.values() if c]
    return documents


def _parts(text: str, path: str) -> dict[str, list[tuple[int, str]]]:
    """Line number and last column of every token, for each document."""
    documents: dict[str, list[tuple[int, str]]] = {}
    name = ""
    for number, line in enumerate(_lines(text), start=1):
        if line.startswith("#begin document"):
            name = line.removeprefix("#begin document").strip()
            while name in documents:
                name += "'"
            documents[name] = []
        elif line.strip() and not line.startswith("#"):
            if not documents:
                raise ProblemError(Problem(path, number, "document", "stands before any #begin document"))
            documents[name].append((number, re.split(r"[\t ]", line.rstrip())[-1]))
    if not documents:
        raise ProblemError(Problem(path, 0, "document", "has no #begin document"))
    return documents


def _nuggets(text: str, path: str) -> Side:
    documents: dict[str, Any] = {}
    current: dict[str, Any] = {}
    for number, line in enumerate(_lines(text), start=1):
        cells = line.split("\t")
        if line.startswith("#BeginOfDocument"):
            current = {"nuggets": [], "chains": []}
            documents[line.removeprefix("#BeginOfDocument").strip()] = current
        elif cells[0] == "@Coreference" and len(cells) > 2 and current:
            current["chains"].append([x.strip() for x in cells[2].split(",")])
        elif line.strip() and not line.startswith(("#", "@")):
            try:
                pieces = [[int(x) for x in piece.split(",")] for piece in cells[3].split(";")]
                current["nuggets"].append([cells[2], pieces, cells[5], cells[6]])
            except (IndexError, ValueError, KeyError):
                message = (
                    "is no mention: system, document, id, start,end;…, words, type, realis in a document"
                )
                raise ProblemError(Problem(path, number, "columns", message)) from None
    return documents


def _quantities(text: str, path: str) -> Side:
    documents: dict[str, Any] = {}
    # As pandas reads it: a cell may stand in quotes, those within doubled.
    for number, cells in enumerate(csv.reader(_lines(text), delimiter="\t"), start=1):
        if not cells or cells[0] == "docId":
            continue
        try:
            doc, number_of_set, kind, start, end, own, said = cells[:7]
            other = msgspec.json.decode(cells[7]) if len(cells) > 7 and cells[7].strip() else {}
            row = [int(number_of_set), kind, int(start), int(end), own, said, other]
        except (ValueError, msgspec.DecodeError):
            message = "is no row of docId annotSet annotType startOffset endOffset annotId text other"
            raise ProblemError(Problem(path, number, "columns", message)) from None
        documents.setdefault(doc, []).append(row)
    return documents


def _linked(text: str, path: str) -> Side:
    found: list[list[Any]] = []
    for number, line in enumerate(_lines(text), start=1):
        cells = line.split("\t")
        if not line.strip():
            continue
        try:
            doc, start, end, entity = cells[:4]
            found.append([doc, int(start), int(end), entity, cells[5] if len(cells) > 5 else ""])
        except ValueError:
            message = "is no row of document, start, end, entity, score, type"
            raise ProblemError(Problem(path, number, "columns", message)) from None
    return [found]


def _brat(text: str, path: str) -> Side:
    found: list[list[Any]] = []
    for number, line in enumerate(_lines(text), start=1):
        if not line.startswith("T"):
            continue
        try:
            own, what = line.split("\t")[:2]
            kind, _, at = what.partition(" ")
            found.append([own, kind, [[int(x) for x in piece.split(" ")] for piece in at.split(";")]])
        except ValueError:
            message = "is no text-bound annotation: T1, type and start end;…, text"
            raise ProblemError(Problem(path, number, "columns", message)) from None
    return [found]


_READERS: dict[str, Callable[[str, str], Side]] = {
    "tags": _tags,
    "clusters": _clusters,
    "chains": _chains,
    "nuggets": _nuggets,
    "quantities": _quantities,
    "linked": _linked,
    "brat": _brat,
}
