"""What stands in a bracket of ``Entity=``: a chain's id, its type, and more, in the order the file declares.

``# global.Entity = GRP-etype-infstat-…`` names the fields. The chain is an actor,
``etype`` its type, ``identity`` its name, ``minspan`` and ``head`` (word numbers within the
mention) the mention's head; the other fields are kept with the mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote, unquote

from msgspec.structs import replace

from goldwire.annotate.document import Actor, Mention

OURS = ("eid", "etype", "minspan", "identity")
# Where a file does not say: what CorefUD begins with.
DEFAULT = ("eid", "etype", "head", "other")
IDS = ("eid", "GRP")
_PART = re.compile(r"(.+)\[(\d+)/(\d+)\]")


class Fields(NamedTuple):
    """The names of the fields, and where the chain's id stands among them."""

    names: tuple[str, ...]
    at: int

    @classmethod
    def declared(cls, names: Sequence[str]) -> Fields:
        """The fields of a header; raises ValueError where none is the chain's id."""
        found = [n for n, name in enumerate(names) if name in IDS]
        if not found:
            raise ValueError(f"names no field eid or GRP: {'-'.join(names)[:80]}")
        return cls(tuple(names), found[0])

    def split(self, content: str) -> dict[str, str]:
        """The fields of one bracket by name; trailing ones may be left out."""
        return dict(zip(self.names, content.split("-", len(self.names) - 1), strict=False))

    def closing(self, content: str) -> str:
        """What closes a bracket: the id, with the number of the part."""
        pieces = content.split("-", len(self.names) - 1)
        return pieces[self.at] if self.at < len(pieces) else content

    def content(self, values: Mapping[str, str]) -> str:
        """The inside of a bracket; empty fields at the end are left out."""
        listed = [values.get(name, "") for name in self.names]
        while len(listed) > self.at + 1 and not listed[-1]:
            listed.pop()
        return "-".join(listed)


def part(own: str) -> tuple[str, int, int]:
    """A chain's id without the part it names: (id, number, of how many).

    >>> part("e7[2/3]"), part("e7")
    (('e7', 2, 3), ('e7', 1, 1))
    """
    found = _PART.fullmatch(own)
    return (found[1], int(found[2]), int(found[3])) if found else (own, 1, 1)


def actors(mentions: Iterable[tuple[str, Mapping[str, str], Mention]]) -> tuple[Actor, ...]:
    """Chains from (id, fields, mention), in the order of their first mention."""
    chains: dict[str, list[tuple[Mapping[str, str], Mention]]] = {}
    for own, values, mention in mentions:
        chains.setdefault(own, []).append((values, mention))
    made = []
    for own, found in chains.items():
        kind = found[0][0].get("etype", "")
        raw = next((v["identity"] for v, _ in found if v.get("identity")), "")
        name = unquote(raw).replace("_", " ")
        known = {"etype": kind, "identity": raw}
        kept = tuple(_kept(m, v, known) for v, m in found)
        extra = {} if _escaped_name(name) == raw else {"identity": raw}
        made.append(Actor(own, kind, name, mentions=kept, extra=extra))
    return tuple(made)


def _kept(mention: Mention, values: Mapping[str, str], known: Mapping[str, str]) -> Mention:
    """The mention with what its fields say beyond what is known of its chain and its head."""
    told = {k: v for k, v in values.items() if v and k not in IDS and k not in known}
    if mention.head:
        told.pop("minspan" if "minspan" in told else "head", None)
    told |= {k: values.get(k, "") for k, v in known.items() if values.get(k, "") != v}
    return replace(mention, extra=mention.extra | told)


def _escaped_name(name: str) -> str:
    return escaped(name.replace(" ", "_"))


def values(actor: Actor, mention: Mention, fields: Fields, words: str) -> dict[str, str]:
    """The fields of one mention; ``words`` are the numbers of its head's words.

    >>> a = Actor("a1", "PER", "Ada L-K", mentions=(Mention("Ada", 0),))
    >>> Fields.declared(OURS).content(values(a, a.mentions[0], Fields.declared(OURS), ""))
    'a1-PER--Ada_L%2DK'
    """
    raw = actor.extra.get("identity", "")
    kept = isinstance(raw, str) and raw and unquote(raw).replace("_", " ") == actor.name
    name = raw if kept else _escaped_name(actor.name)
    said = {"etype": escaped(actor.type), "identity": name}
    said["minspan" if "minspan" in fields.names else "head"] = words
    said |= {k: v for k, v in mention.extra.items() if k in fields.names and isinstance(v, str)}
    return {fields.names[fields.at]: escaped(actor.id), **said}


def escaped(value: str) -> str:
    """A value that no bracket, bar or dash can cut short.

    >>> escaped("Trump (Don-ald) |x")
    'Trump_%28Don%2Dald%29_%7Cx'
    """
    spaced = re.sub(r"\s", "_", value)
    return re.sub(r"[()|=\-\[\]%/]", lambda m: quote(m[0], safe="") if m[0] != "-" else "%2D", spaced)
