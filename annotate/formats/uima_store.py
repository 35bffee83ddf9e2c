"""The CAS that a document came from, as a value that goes along with the document."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from xml.etree.ElementTree import Element, tostring

from goldwire.annotate.formats import markup
from goldwire.annotate.formats.uima_types import implied, library, loaded, type_name

KEYS = ("xmi", "types", "json")


def kept_xmi(root: Element, types: Element | None) -> dict[str, str]:
    """An XMI file, and of its type system no more than it needs ("" where it had none)."""
    kept = {"xmi": tostring(root, encoding="unicode"), "types": ""}
    if types is not None:
        _prune(types, {type_name(e.tag) for e in root})
        kept["types"] = tostring(types, encoding="unicode")
    return kept


def kept_json(raw: dict[str, Any]) -> dict[str, Any]:
    """A CAS in JSON with no more types than its structures need.

    >>> types = {"a.A": {"%SUPER_TYPE": "a.B", "f": {"%RANGE": "a.C[]"}}, "a.B": {}, "a.C": {}, "a.D": {}}
    >>> list(kept_json({"%TYPES": types, "%FEATURE_STRUCTURES": [{"%TYPE": "a.A"}]})["json"]["%TYPES"])
    ['a.A', 'a.B', 'a.C']
    """
    types = raw.get("%TYPES", {})

    def named(name: str) -> Iterable[str]:
        features = [f for f in types[name].values() if isinstance(f, dict)]
        yield str(types[name].get("%SUPER_TYPE"))
        yield from (str(f.get(key)) for f in features for key in ("%RANGE", "%ELEMENT_TYPE"))

    structures = raw.get("%FEATURE_STRUCTURES", [])
    listed = structures.values() if isinstance(structures, dict) else structures
    used = {str(fs.get("%TYPE")) for fs in listed}
    needed = _closure(used | {n.removeprefix("uima.noNamespace.") for n in used}, types, named)
    return {"json": {**raw, "%TYPES": {name: types[name] for name in types if name in needed}}}


def restored(kept: Mapping[str, Any]) -> Any:
    """The CAS, read anew from what was kept."""
    cassis = library()
    if "json" in kept:
        return cassis.load_cas_from_json(json.dumps(kept["json"]))
    xmi = str(kept["xmi"]).encode()
    if kept.get("types"):
        system = loaded(io.BytesIO(str(kept["types"]).encode()), "types")
    else:
        system = implied(markup.tree(io.BytesIO(xmi), "xmi"))
    return cassis.load_cas_from_xmi(io.BytesIO(xmi), typesystem=system)


def _prune(root: Element, used: set[str]) -> None:
    """Take the descriptions of types out of a type system that nothing needs."""
    described: dict[str, Element] = {}
    homes: list[tuple[Element, Element]] = []
    for home in root.iter():
        for child in home:
            if _local(child) == "typeDescription":
                homes.append((home, child))
                described[_said(child, "name")] = child

    def named(name: str) -> Iterable[str]:
        yield _said(described[name], "supertypeName")
        for feature in described[name].iter():
            if _local(feature) in ("rangeTypeName", "elementType"):
                yield (feature.text or "").strip()

    bare = {n.removeprefix("uima.noNamespace.") for n in used}
    needed = _closure(used | bare, described, named)
    for home, child in homes:
        if _said(child, "name") not in needed:
            home.remove(child)


def _closure(
    seeds: Iterable[str], known: Mapping[str, Any], named: Callable[[str], Iterable[str]]
) -> set[str]:
    """The known names that the seeds name, and those that these name, and so on."""
    waiting, found = list(seeds), set[str]()
    while waiting:
        name = waiting.pop().removesuffix("[]")
        if name in known and name not in found:
            found.add(name)
            waiting += named(name)
    return found


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _said(element: Element, name: str) -> str:
    return next(((c.text or "").strip() for c in element if _local(c) == name), "")
