"""Objects taken out of a document: what referred to them lets go."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from msgspec.structs import replace

from goldwire.annotate.changes.parts import REFERENCES

# Without these an object is about nothing, or has no name: whoever takes out decides what becomes of it.
_OWN = frozenset({"on", "source", "target", "coref"})


def let_go(item: Any, gone: Collection[str]) -> tuple[Any, list[str]]:
    """The object without its references to what is gone, and a sentence for each field that lost some.

    What it is about (``on``, the ends of a link or relation, ``coref``) stays.

    >>> from goldwire.annotate.document import Argument, Event, Mention
    >>> let_go(Event("e1", Mention("left", 4), args=(Argument("agent", "a1"),)), {"a1"})[1]
    ['agent a1 removed']
    """
    changes: dict[str, Any] = {}
    said = []
    for name in item.__struct_fields__:
        if name in _OWN or (name not in REFERENCES and name not in ("args", "factuality")):
            continue
        value = getattr(item, name)
        if isinstance(value, str):
            if value in gone:
                changes[name] = ""
                said.append(f"{name} {value} removed")
        elif lost := [x for x in value if _ref(x) in gone]:
            changes[name] = tuple(x for x in value if _ref(x) not in gone)
            roles = [x.role for x in lost if name == "args"]
            said.append(f"{', '.join(roles) or name} {', '.join(map(_ref, lost))} removed")
    return (replace(item, **changes) if changes else item), said


def _ref(value: Any) -> str:
    """The id that stands in a list of ids, arguments or factuality."""
    return value if isinstance(value, str) else getattr(value, "ref", "") or getattr(value, "holder", "")
