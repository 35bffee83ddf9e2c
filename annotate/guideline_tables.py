"""Tables of labels inside the guidelines' pages, written from the ontology.

A page asks for a table with a pair of comments, and what stands between them is generated::

    <!-- table: events -->
    <!-- end -->

Names are ``events``, ``actors``, ``places``, ``times``, ``numbers``, ``links``, ``spans`` and
``closed:FIELD`` for any other closed list, such as ``closed:events.modality``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from goldwire.annotate.ontology import EventType, Ontology, Role
from goldwire.annotate.problems import Problem, ProblemError

_TABLE = re.compile(r"<!-- table: (?P<name>\S+) -->\n.*?<!-- end -->", re.DOTALL)


def refill(page: str, ontology: Ontology, *, where: str) -> str:
    """The page with each of its tables written anew; raises ProblemError for a table nobody knows.

    >>> o = Ontology("toy", "1", spans={"ACTOR": "Who acts."})
    >>> print(refill("<!-- table: spans -->\\nold\\n<!-- end -->", o, where="spans.md"))
    <!-- table: spans -->
    | Label | Meaning |
    |---|---|
    | `ACTOR` | Who acts. |
    <!-- end -->
    """

    def written(found: re.Match[str]) -> str:
        rows = _rows(found["name"], ontology)
        if rows is None:
            line = page.count("\n", 0, found.start()) + 1
            raise ProblemError(Problem(where, line, "table", f"no list is called {found['name']!r}"))
        return f"<!-- table: {found['name']} -->\n{_table(rows)}\n<!-- end -->"

    return _TABLE.sub(written, page)


def _table(rows: Iterable[Iterable[str]]) -> str:
    head, *body = ([cell.replace("|", "\\|") for cell in row] for row in rows)
    return "\n".join(
        "| " + " | ".join(row) + " |" if row else "|---" * len(head) + "|" for row in (head, [], *body)
    )


def _rows(name: str, ontology: Ontology) -> list[tuple[str, ...]] | None:
    if name == "events":
        return _events(ontology)
    lists: dict[str, Mapping[str, str]] = {
        "spans": ontology.spans,
        **{f"closed:{field}": labels for field, labels in ontology.closed.items()},
        **{
            kind: {label: item.definition for label, item in getattr(ontology, kind).items()}
            for kind in ("actors", "places", "times", "numbers", "links")
        },
    }
    if name not in lists:
        return None
    return [("Label", "Meaning"), *((f"`{label}`", meaning) for label, meaning in lists[name].items())]


def _events(ontology: Ontology) -> list[tuple[str, ...]]:
    common = _roles(ontology.common_roles)
    used = {label: kind for label, kind in ontology.events.items() if not kind.reserved}
    reserved = ", ".join(f"`{label}`" for label, kind in ontology.events.items() if kind.reserved)
    rows = [("Type", "Family", "Is", "Roles (what may fill them)", "Details")]
    rows += [(f"`{label}`", *_event(kind)) for label, kind in used.items()]
    rows += [("every type", "", "", common, "")] if common else []
    rows += [("reserved", "", reserved, "", "")] if reserved else []
    return list(rows)


def _event(kind: EventType) -> tuple[str, str, str, str]:
    details = "; ".join(f"`{name}`: {', '.join(values)}" for name, values in kind.details.items())
    return kind.family, kind.definition, _roles(kind.roles), details


def _roles(roles: Mapping[str, Role]) -> str:
    return "<br>".join(
        f"`{name}` ({', '.join(role.fillers)}): {role.definition}" for name, role in roles.items()
    )
