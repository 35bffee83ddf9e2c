"""The labels: read from ``guidelines/ontology.toml`` and passed to rules as a value.

No label stands in code. A new event type, role or actor type changes the
ontology file and nothing else.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec
from msgspec import Struct, field

from goldwire.annotate.problems import Problem, ProblemError

Maps = dict[str, str]


class Role(Struct, frozen=True, forbid_unknown_fields=True):
    """What may fill a role: kinds of object (actor place time number event) or free text."""

    fillers: tuple[str, ...]
    definition: str = ""
    optional: bool = True
    many: bool = True


class Type(Struct, frozen=True, forbid_unknown_fields=True):
    """A label with its definition and its name in other vocabularies.

    ``traits`` are what rules ask for instead of the label: of actors and places
    "state" and "people", of links "plural-target", "words", "fulfilment".
    ``role`` of a link is the role that says the same, where a type has it.
    """

    definition: str
    traits: tuple[str, ...] = ()
    role: str = ""
    maps: Maps = field(default_factory=dict)


class EventType(Struct, frozen=True, forbid_unknown_fields=True):
    """An event type: its family, its roles, its own attributes (``details``)."""

    definition: str
    family: str = ""
    reserved: bool = False
    roles: dict[str, Role] = field(default_factory=dict)
    details: dict[str, tuple[str, ...]] = field(default_factory=dict)
    maps: Maps = field(default_factory=dict)


class Ontology(Struct, frozen=True, forbid_unknown_fields=True):
    """Every closed list. ``closed`` maps "collection.field" to {label: definition}.

    ``guidelines`` says that the rules of goldwire's guidelines hold for what is annotated with it.
    """

    name: str
    version: str
    guidelines: bool = False
    families: dict[str, str] = field(default_factory=dict)
    common_roles: dict[str, Role] = field(default_factory=dict)
    events: dict[str, EventType] = field(default_factory=dict)
    actors: dict[str, Type] = field(default_factory=dict)
    places: dict[str, Type] = field(default_factory=dict)
    times: dict[str, Type] = field(default_factory=dict)
    numbers: dict[str, Type] = field(default_factory=dict)
    links: dict[str, Type] = field(default_factory=dict)
    spans: dict[str, str] = field(default_factory=dict)
    closed: dict[str, dict[str, str]] = field(default_factory=dict)
    vocabularies: dict[str, str] = field(default_factory=dict)

    def roles(self, event_type: str) -> Mapping[str, Role]:
        """The roles that an event type takes, with those common to all; empty if it is unknown."""
        own = self.events.get(event_type)
        return MappingProxyType({**own.roles, **self.common_roles} if own else {})


def decode(data: bytes, *, where: str) -> Ontology:
    """Read an ontology from TOML; raises ProblemError with the place of what is wrong."""
    try:
        raw: dict[str, Any] = tomllib.loads(data.decode("utf-8"))
        return msgspec.convert(raw, Ontology)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ProblemError(Problem(where, 0, "ontology", str(error))) from error
