"""A CAS as dkpro-cassis reads it → layers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from goldwire.annotate.formats import source
from goldwire.annotate.formats.layers import ANY, Annotation, Arrow, Layer, Layers
from goldwire.annotate.formats.uima_types import DOCUMENT, ENDS, SENTENCE, TOKEN

_HIDDEN = ("begin", "end", "sofa", "role", "target")


def layers_of_cas(cas: Any, where: str) -> Layers:
    """What stands in the initial view, as layers; offsets are code points, as cassis gives them."""
    text = cas.sofa_string
    if not isinstance(text, str):
        source.refuse(where, 0, "no-text", "the CAS has no text")
    source.checked_text(text, where)
    found = Layers(text)
    annotations = list(visible(cas))
    for fs in annotations:
        _checked(fs, text, where)
    annotations.sort(key=lambda fs: (fs.begin, -fs.end))
    ends: dict[int, Any] = {}
    for fs in annotations:
        if fs.type.name == SENTENCE:
            found.sentences.append((fs.begin, fs.end, str(getattr(fs, "id", None) or "")))
        elif fs.type.name == TOKEN:
            found.tokens.append((fs.begin, fs.end))
        elif pair := relation_ends(fs):
            ends |= {fs_id(end): end for end in pair}
            _declared(found, fs, "relation")
            origin, to = (str(fs_id(end)) for end in pair)
            found.arrows.append(Arrow(str(fs_id(fs)), fs.type.name, origin, to, values(fs)))
        else:
            found.annotations.append(_annotation(found, fs))
    _targets(found, annotations, ends)
    _chains(found, cas, annotations)
    return found


def fs_id(fs: Any) -> int:
    """The number of a feature structure in its file."""
    return int(fs.xmiID)


def visible(cas: Any) -> Iterator[Any]:
    """The annotations of the initial view that are annotation and not bookkeeping."""
    for fs in cas.select_all_annotations():
        names = {fs.type.name} | {t.name for t in _parents(fs.type)}
        if DOCUMENT not in names and not fs.type.name.endswith("TagsetDescription"):
            yield fs


def _parents(kind: Any) -> Iterator[Any]:
    while (kind := kind.supertype) is not None:
        yield kind


def _checked(fs: Any, text: str, where: str) -> None:
    begin, end = fs.begin, fs.end
    if not (isinstance(begin, int) and isinstance(end, int) and 0 <= begin <= end <= len(text)):
        message = f"{fs.type.name} {fs.xmiID} stands at {begin}–{end}, the text has {len(text)} characters"
        source.refuse(where, 0, "span-range", message)


def relation_ends(fs: Any) -> tuple[Any, Any] | None:
    """The two annotations that a relation runs between, source and target; None where it is none."""
    names = {f.name for f in fs.type.all_features}
    for a, b in ENDS:
        if {a, b} <= names:
            pair = getattr(fs, a), getattr(fs, b)
            if all(hasattr(end, "begin") and isinstance(end.begin, int) for end in pair):
                return pair
    return None


def values(fs: Any) -> dict[str, Any]:
    """The features that hold plain values, in the order of the type system."""
    found = {}
    for feature in fs.type.all_features:
        value = fs.get(feature.name)
        if feature.name not in _HIDDEN and isinstance(value, str | int | float | bool):
            found[feature.name] = value
    return found


def links(fs: Any) -> Iterator[tuple[str, list[Any]]]:
    """The slots: features that list structures with a role and a target."""
    for feature in fs.type.all_features:
        listed = fs.get(feature.name)
        elements = getattr(listed, "elements", listed)
        if isinstance(elements, list) and elements and all(_is_link(x) for x in elements):
            yield feature.name, elements


def _is_link(fs: Any) -> bool:
    names = {f.name for f in fs.type.all_features} if hasattr(fs, "type") else set()
    return "target" in names and "begin" not in names and hasattr(fs.target, "begin")


def is_chain_link(fs: Any) -> bool:
    """Whether an annotation is a link of a chain."""
    following = fs.type.get_feature("next")
    return following is not None and (fs.next is None or fs.next.type.name == fs.type.name)


def _annotation(found: Layers, fs: Any) -> Annotation:
    layer = _declared(found, fs, "chain" if is_chain_link(fs) else "span")
    own = Annotation(str(fs_id(fs)), fs.type.name, fs.begin, fs.end, values(fs))
    for name, listed in links(fs):
        layer.slots.setdefault(name, (listed[0].type.name, ANY))
        if name not in layer.features:
            layer.features.append(name)
        own.slots[name] = [(_role(x), str(fs_id(x.target))) for x in listed]
    return own


def _role(link: Any) -> str:
    return str(link.get("role") or "") if link.type.get_feature("role") else ""


def _declared(found: Layers, fs: Any, kind: str) -> Layer:
    if fs.type.name not in found.layers:
        # A chain's two features belong to it whether anything is said by them or not.
        chained = ["referenceType", "referenceRelation"] if kind == "chain" else []
        found.layers[fs.type.name] = Layer(fs.type.name, kind, chained)
    layer = found.layers[fs.type.name]
    layer.features += [name for name in values(fs) if name not in layer.features]
    pair = relation_ends(fs) if kind == "relation" else None
    if pair and not layer.base:
        layer.base = pair[0].type.name
    return layer


def _targets(found: Layers, annotations: list[Any], ends: dict[int, Any]) -> None:
    """What is pointed at and is no annotation of a layer (a token, mostly) becomes one."""
    known = {a.id for a in found.annotations}
    for fs in annotations:
        for _, listed in links(fs):
            ends |= {fs_id(x.target): x.target for x in listed}
    for number, fs in ends.items():
        if str(number) not in known:
            found.annotations.append(Annotation(str(number), fs.type.name, fs.begin, fs.end, values(fs)))
    found.annotations.sort(key=lambda a: (a.start, -a.end))


def _chains(found: Layers, cas: Any, annotations: list[Any]) -> None:
    by_id = {a.id: a for a in found.annotations}
    following = {}
    for fs in annotations:
        if is_chain_link(fs) and fs.next is not None and str(fs_id(fs.next)) in by_id:
            following[str(fs_id(fs))] = str(fs_id(fs.next))
    found.chained = list(following.items())
    heads = [
        str(fs_id(fs.first))
        for fs in cas.select_all_fs()
        if "first" in {f.name for f in fs.type.all_features} and hasattr(fs.first, "begin")
    ]
    for number, head in enumerate(heads, start=1):
        link, seen = head, set[str]()
        while link in by_id and link not in seen:
            by_id[link].chain = number
            seen.add(link)
            link = following.get(link, "")
