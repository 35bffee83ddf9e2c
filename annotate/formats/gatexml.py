"""GATE documents as XML: the text with numbered nodes in it, and sets of annotations between nodes.

Only read. A node's place is where it stands in the text, so whatever its number
says (UTF-16 units before the XML parser made LF of CR LF), offsets cannot drift;
where the numbers say something else, ``notes`` tells. Features keep their Java
type where it is no plain string, number or truth value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element

from goldwire.annotate.document import Document
from goldwire.annotate.formats import gate, markup, source
from goldwire.annotate.offsets import positions
from goldwire.annotate.problems import Problem

WHOLE = ("Integer", "Long", "Short", "Byte", "BigInteger")


def decode(
    files: Mapping[str, BinaryIO], *, ontology: Any = None, notes: list[Problem] | None = None
) -> Iterator[Document]:
    """A document from each file; raises ProblemError."""
    for name, file in files.items():
        root = markup.tree(file, name)
        if root.tag != "GateDocument":
            source.refuse(name, 1, "structure", f"the root element is {root.tag}, not GateDocument")
        text, nodes = _text(root, name)
        if notes is not None:
            notes.extend(_shifted(text, nodes, name))
        features = _features(root.find("GateDocumentFeatures"))
        raw = gate.Gate(text, _sets(root, nodes, name), features, name=source.stem(name))
        yield gate.document(raw, {}, where=name)


def _text(root: Element, where: str) -> tuple[str, dict[str, int]]:
    """The text, and the code point offset of each node."""
    home = root.find("TextWithNodes")
    if home is None:
        source.refuse(where, 1, "structure", "there is no TextWithNodes")
    pieces, nodes, length = [home.text or ""], {}, len(home.text or "")
    for node in home:
        nodes[node.get("id", "")] = length
        pieces.append(node.tail or "")
        length += len(pieces[-1])
    return "".join(pieces), nodes


def _shifted(text: str, nodes: Mapping[str, int], where: str) -> Iterator[Problem]:
    units = positions(text, "utf-16")
    for number, place in nodes.items():
        if number != str(units[place]):
            message = f"node {number} stands at {units[place]} (UTF-16); offsets are taken from its place"
            yield Problem(where, 0, "node-number", message)
            return


def _sets(root: Element, nodes: Mapping[str, int], where: str) -> dict[str, gate.Set]:
    sets: dict[str, gate.Set] = {}
    for home in root.iterfind("AnnotationSet"):
        name = home.get("Name", "")
        found = [_annotation(x, nodes, where) for x in home.iterfind("Annotation")]
        sets[name] = gate.Set(name, found, max([a.id for a in found], default=0) + 1)
    return sets


def _annotation(element: Element, nodes: Mapping[str, int], where: str) -> gate.Annotation:
    own = element.get("Id", "")
    if not own.isdecimal() or not own.isascii():
        source.refuse(where, 0, "structure", f"an annotation's Id is {own!r}, not a whole number")
    ends = []
    for key in ("StartNode", "EndNode"):
        if element.get(key, "") not in nodes:
            message = f"annotation {own} has the {key} {element.get(key)!r}, which is not in the text"
            source.refuse(where, 0, "node", message)
        ends.append(nodes[element.get(key, "")])
    return gate.Annotation(element.get("Type", ""), ends[0], ends[1], int(own), _features(element))


def _features(home: Element | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for feature in home.iterfind("Feature") if home is not None else ():
        value = feature.find("Value")
        said, kind = (value.text or "", value.get("className", "")) if value is not None else ("", "")
        short = kind.rpartition(".")[2]
        plain: Any = {"class": kind, "value": said}
        if short in ("String", ""):
            plain = said
        elif short in WHOLE and said.removeprefix("-").isdecimal() and len(said) < 4000:
            plain = int(said)
        elif short == "Boolean" and said in ("true", "false"):
            plain = said == "true"
        found[feature.findtext("Name", "")] = plain
    return found
