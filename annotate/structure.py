"""Plain JSON values to the classes of ``document.py`` and back, losing no key.

Both forms on disk are built on these two verbs. Keys that a class does not know
go to its ``extra`` and come back from there, after the known ones.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import NoneType
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec import NODEFAULT, Struct

T = TypeVar("T", bound=Struct)

NAMES = {str: "a string", bool: "true or false", int: "a whole number", list: "a list", dict: "an object"}


class StructureError(ValueError):
    """A value of the wrong type, or a key that is missing; says where and what."""


class Field(NamedTuple):
    """One field of a class: its names in Python and in JSON, its type, and what stands for "nothing"."""

    name: str
    key: str
    type: Any
    required: bool
    default: Any

    def is_default(self, value: Any) -> bool:
        return not self.required and bool(value == self.default)


def fields(cls: Any) -> tuple[Field, ...]:
    """The fields of a class, ``extra`` left out."""
    return _fields(cls)


@cache
def _fields(cls: Any) -> tuple[Field, ...]:
    hints = typing.get_type_hints(cls)
    return tuple(
        Field(
            f.name,
            f.encode_name,
            hints[f.name],
            f.required,
            None if f.default is NODEFAULT else f.default,
        )
        for f in msgspec.structs.fields(cls)
        if f.name != "extra"
    )


def build(cls: type[T], raw: Mapping[str, Any], *, skip: Iterable[str] = ()) -> T:
    """Make an object of ``cls``; keys in ``skip`` are ignored, unknown ones kept in ``extra``.

    Raises StructureError, whose text begins with the path of the value.

    >>> from goldwire.annotate.document import Detail
    >>> build(Detail, {"name": "method", "value": 3})
    Traceback (most recent call last):
    goldwire.annotate.structure.StructureError: value: should be a string, is 3
    """
    if not isinstance(raw, dict):
        raise StructureError(f"should be an object, is {_short(raw)}")
    known = fields(cls)
    values: dict[str, Any] = {}
    for field in known:
        if field.key in raw:
            try:
                values[field.name] = _value(field.type, raw[field.key])
            except StructureError as error:
                separator = "" if str(error).startswith("[") else ": " if _is_leaf(error) else "."
                raise StructureError(f"{field.key}{separator}{error}") from None
        elif field.required:
            raise StructureError(f"{field.key}: is missing")
    rest = raw.keys() - {f.key for f in known} - set(skip)
    if rest:
        extra = {key: raw[key] for key in raw if key in rest}
        if "extra" in cls.__struct_fields__:
            values["extra"] = extra
        else:
            raise StructureError(f"{min(rest)}: is not a key of {cls.__name__.lower()}")
    return cls(**values)


def plain(item: Struct, *, defaults: bool, write: Callable[[Any], Any] | None = None) -> dict[str, Any]:
    """The JSON value of an object; ``defaults`` says whether fields at their default are written.

    ``write`` may turn nested objects into something else than their plain value.

    >>> from goldwire.annotate.document import Mention
    >>> plain(Mention("now", 4), defaults=False)
    {'text': 'now', 'start': 4}
    """
    result: dict[str, Any] = {}
    for field in fields(type(item)):
        value = getattr(item, field.name)
        if defaults or not field.is_default(value):
            result[field.key] = _plain(value, defaults, write)
    result.update(getattr(item, "extra", {}))
    return result


def _plain(value: Any, defaults: bool, write: Callable[[Any], Any] | None) -> Any:
    match value:
        case tuple():
            return [_plain(x, defaults, write) for x in value]
        case Struct():
            return write(value) if write else plain(value, defaults=defaults)
        case _:
            return value


def _value(kind: Any, raw: Any) -> Any:
    arguments = typing.get_args(kind)
    if NoneType in arguments:
        (kind,) = (a for a in arguments if a is not NoneType)
        return _value(kind, raw)
    if typing.get_origin(kind) is tuple:
        if not isinstance(raw, list):
            raise StructureError(f"should be a list, is {_short(raw)}")
        items = []
        for index, item in enumerate(raw):
            try:
                items.append(_value(arguments[0], item))
            except StructureError as error:
                separator = ": " if _is_leaf(error) else "."
                raise StructureError(f"[{index}]{separator}{error}") from None
        return tuple(items)
    if isinstance(kind, type) and issubclass(kind, Struct):
        return build(kind, raw)
    if type(raw) is not kind:
        raise StructureError(f"should be {NAMES.get(kind, str(kind))}, is {_short(raw)}")
    return raw


def _is_leaf(error: StructureError) -> bool:
    return str(error).startswith("should be ")


def _short(raw: Any) -> str:
    text = msgspec.json.encode(raw).decode()
    return text if len(text) <= 40 else f"{text[:37]}..."
