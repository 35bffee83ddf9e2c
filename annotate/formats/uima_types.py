"""Type systems: the one that comes with a file, the one that a file implies, the one that layers need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element

from goldwire.annotate.formats import source
from goldwire.annotate.formats.layers import Layer
from goldwire.annotate.problems import missing

DKPRO = "de.tudarmstadt.ukp.dkpro.core.api"
SENTENCE = f"{DKPRO}.segmentation.type.Sentence"
TOKEN = f"{DKPRO}.segmentation.type.Token"
DOCUMENT = "uima.tcas.DocumentAnnotation"
ANNOTATION = "uima.tcas.Annotation"
STRING = "uima.cas.String"
TOP = "uima.cas.TOP"
ENDS = (("Governor", "Dependent"), ("source", "target"))
_XMI_ID = "{http://www.omg.org/XMI}id"
_POINTING = {"next", "first", "target", "source", "Governor", "Dependent"}


def library() -> Any:
    """dkpro-cassis; raises ProblemError with the command that installs it."""
    try:
        import cassis  # type: ignore[import-untyped]
    except ModuleNotFoundError as error:
        raise missing("uima", "dkpro-cassis") from error
    return cassis


def loaded(file: BinaryIO, where: str) -> Any:
    """The type system of an XML file that ``markup.tree`` has found harmless."""
    cassis = library()
    try:
        return cassis.load_typesystem(file)
    except Exception as error:  # cassis raises whatever its parser and its checks happen to raise
        source.refuse(where, 0, "type-system", f"is no UIMA type system: {_brief(error)}")


def implied(root: Element) -> Any:
    """The type system that a file's elements imply, on top of DKPro Core's.

    A feature is a reference where its name says so and all its values are ids, a
    list of links where each value names elements that have a target and no place, and
    text otherwise.
    """
    cassis = library()
    types = cassis.load_dkpro_core_typesystem()
    elements = [e for e in root if type_name(e.tag) and not e.tag.startswith("{http:///uima/cas.ecore}")]
    by_id = {e.get(_XMI_ID, ""): e for e in root}
    grouped: dict[str, list[Element]] = defaultdict(list)
    for element in elements:
        grouped[type_name(element.tag)].append(element)
    for name, found in grouped.items():
        if not types.contains_type(name):
            types.create_type(name, _parent(name, found))
    for name, found in grouped.items():
        kind = types.get_type(name)
        known = {f.name for f in kind.all_features}
        attributes = dict.fromkeys(a for e in found for a in e.attrib if not a.startswith("{"))
        for feature in attributes:
            if feature not in known and feature not in ("begin", "end", "sofa"):
                values = [v for e in found if (v := e.get(feature)) is not None]
                types.create_feature(kind, feature, _range(feature, values, by_id))
                known.add(feature)
        for child in dict.fromkeys(c.tag for e in found for c in e):
            if child not in known:
                types.create_feature(kind, child, "uima.cas.StringArray")
    return types


def type_name(tag: str) -> str:
    """The UIMA name of an element: its name space is the package.

    >>> type_name("{http:///webanno/custom.ecore}Span"), type_name("{http:///uima/noNamespace.ecore}X")
    ('webanno.custom.Span', 'uima.noNamespace.X')
    """
    space, _, name = tag.removeprefix("{").partition("}")
    if not space.startswith("http:///") or not space.endswith(".ecore"):
        return ""
    return f"{space.removeprefix('http:///').removesuffix('.ecore').replace('/', '.')}.{name}"


def _parent(name: str, found: Iterable[Element]) -> str:
    attributes = {a for e in found for a in e.attrib}
    if {"begin", "end"} <= attributes:
        return DOCUMENT if name.endswith("MetaData") else ANNOTATION
    return "uima.cas.AnnotationBase" if "sofa" in attributes else TOP


def _range(feature: str, values: list[str], by_id: dict[str, Element]) -> str:
    parts = [v.split() for v in values]
    if not all(x in by_id for p in parts for x in p) or not any(parts):
        return STRING
    if feature in _POINTING and all(len(p) == 1 for p in parts):
        return TOP
    links = all("target" in by_id[x].attrib and "begin" not in by_id[x].attrib for p in parts for x in p)
    return "uima.cas.FSArray" if links else STRING


def needed(types: Any, layers: Iterable[Layer], bare: Iterable[str]) -> None:
    """Add to a type system the types of layers, of the links and chains between them, and ``bare`` ones."""

    def have(name: str, parent: str, /, **features: str) -> Any:
        kind = types.get_type(name) if types.contains_type(name) else types.create_type(name, parent)
        known = {f.name for f in kind.all_features}
        for feature, range_name in features.items():
            if feature not in known:
                types.create_feature(kind, feature, range_name)
        return kind

    have(SENTENCE, ANNOTATION, id=STRING)
    have(TOKEN, ANNOTATION)
    for name in bare:
        have(name, ANNOTATION)
    for layer in layers:
        texts = {f: STRING for f in layer.features if f not in layer.slots}
        kind = have(layer.name, ANNOTATION, **texts)
        known = {f.name for f in kind.all_features}
        if layer.kind == "relation" and not any(set(pair) <= known for pair in ENDS):
            have(layer.name, ANNOTATION, Governor=ANNOTATION, Dependent=ANNOTATION)
        if layer.kind == "chain":
            have(layer.name, ANNOTATION, next=layer.name)
            have(chain_of(layer.name), "uima.cas.AnnotationBase", first=layer.name)
        for feature, (link, _) in layer.slots.items():
            have(link, TOP, role=STRING, target=ANNOTATION)
            if feature not in known:
                types.create_feature(kind, feature, "uima.cas.FSArray", elementType=link)


def chain_of(link: str) -> str:
    """The type of a chain, by the naming that INCEpTION keeps.

    >>> chain_of("x.CoreferenceLink")
    'x.CoreferenceChain'
    """
    return link.removesuffix("Link") + "Chain"


def _brief(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).split("\n")[0][:200]
