"""``croissant.json``: the dataset for machines, in Croissant 1.1 with the vocabulary of responsible AI.

Generated from the columns and from what the corpus says of itself; nested
columns are described whole, as the JSON-like values that they are in Parquet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from goldwire.annotate.dataset.columns import SCHEMA, Labels

CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
TYPES = {"string": "sc:Text", "int64": "sc:Integer", "bool": "sc:Boolean"}


def describe(
    about: Mapping[str, Any], files: Mapping[str, bytes], columns: Mapping[str, str], labels: Labels
) -> dict[str, Any]:
    """The Croissant description.

    ``about`` holds the properties of the dataset itself (name, description,
    license, rai:…); ``files`` maps a config to its Parquet file; ``columns`` says
    what a column means ("events.type": …); ``labels`` lists the closed columns.
    """
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        **about,
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": f"{config}.parquet",
                "name": f"{config}.parquet",
                "contentUrl": f"data/{config}.parquet",
                "encodingFormat": "application/x-parquet",
                "sha256": hashlib.sha256(data).hexdigest(),
            }
            for config, data in files.items()
        ],
        "recordSet": [
            *(_enumeration(f"{config}.{path}", names) for (config, path), names in labels.items()),
            *(
                {
                    "@type": "cr:RecordSet",
                    "@id": config,
                    "name": config,
                    "description": columns.get(config, config),
                    "field": [
                        _field(config, name, kind, columns, labels) for name, kind in SCHEMA[config].items()
                    ],
                }
                for config in files
            ),
        ],
    }


def _enumeration(name: str, names: list[str]) -> dict[str, Any]:
    """A closed list: the number that Parquet holds, and the label that it stands for."""
    ref = f"labels/{name}"
    return {
        "@type": "cr:RecordSet",
        "@id": ref,
        "name": ref,
        "description": f"The labels of {name}.",
        "dataType": "sc:Enumeration",
        "key": {"@id": f"{ref}/id"},
        "field": [
            {"@type": "cr:Field", "@id": f"{ref}/id", "name": "id", "dataType": "sc:Integer"},
            {"@type": "cr:Field", "@id": f"{ref}/name", "name": "name", "dataType": "sc:Text"},
        ],
        "data": [{f"{ref}/id": i, f"{ref}/name": label} for i, label in enumerate(names)],
    }


def _field(config: str, name: str, kind: Any, columns: Mapping[str, str], labels: Labels) -> dict[str, Any]:
    source = {"fileObject": {"@id": f"{config}.parquet"}, "extract": {"column": name}}
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{config}/{name}",
        "name": name,
        "description": columns.get(f"{config}.{name}", columns.get(name, name)),
    }
    match kind:
        case dict() | [dict()]:
            many = isinstance(kind, list)
            inner = kind[0] if many else kind
            flat = {key: k for key, k in inner.items() if isinstance(k, str)}
            field["subField"] = [
                _leaf(config, name, key, source)
                | _type([k] if many else k, labels.get((config, f"{name}.{key}")), f"{config}.{name}.{key}")
                for key, k in flat.items()
            ]
            if deeper := sorted(inner.keys() - flat.keys()):
                field["description"] += f" (in Parquet also, nested deeper: {', '.join(deeper)})"
        case _:
            field |= {"source": source, **_type(kind, labels.get((config, name)), f"{config}.{name}")}
    return field


def _leaf(config: str, name: str, key: str, source: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{config}/{name}/{key}",
        "name": key,
        "source": {**source, "transform": {"jsonPath": key}},
    }


def _type(kind: Any, labels: list[str] | None, name: str) -> dict[str, Any]:
    many, inner = (True, kind[0]) if isinstance(kind, list) else (False, kind)
    said: dict[str, Any] = {"dataType": "sc:Integer" if labels else TYPES[inner]}
    if labels:
        said["references"] = {"field": {"@id": f"labels/{name}/id"}}
    return said | ({"isArray": True, "arrayShape": "-1"} if many else {})
