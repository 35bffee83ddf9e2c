"""Another document of the same text, shown in place beside the one that is edited."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from goldwire.annotate.changes.counterparts import renamed
from goldwire.annotate.changes.diff import diff
from goldwire.annotate.changes.parts import REFERENCES
from goldwire.annotate.document import CLASSES, Document, objects
from goldwire.annotate.editor import storage
from goldwire.annotate.editor.storage import Raw
from goldwire.annotate.formats import lines
from goldwire.annotate.problems import Problem, ProblemError

# (this document, the other) -> (layer, measure, figure in words)
Agreement = Callable[[Document, Document], Iterable[tuple[str, str, str]]]


# Where ids stand on a line: its first key, and the fields that hold those of others.
IDS = REFERENCES | CLASSES.keys()


class Beside:
    """A document that is compared with, and the figures of agreement that somebody computes."""

    def __init__(self, document: Document, name: str, agreement: Agreement | None = None) -> None:
        self.document, self.name, self._agreement = document, name, agreement

    def compared(self, rows: list[Raw], where: str) -> dict[str, Any]:
        """Every difference in the order of the text, what this document lacks, and agreement per layer.

        ``missing`` holds the other's own objects as rows of this document: with ids that nobody has,
        and with references in its ids. Raises ProblemError where the texts differ.
        """
        ours = storage.made(rows, where=where)
        if ours.text != self.document.text:
            said = f"the text of {self.name} is another; run goldwire retext first"
            raise ProblemError(Problem(where, 0, "text", said))
        changes = [
            c for c in diff(ours, self.document) if c.kind not in ("doc", "provenance") and c.part != "note"
        ]
        ids = renamed(ours, self.document, {x.id for _, x in objects(ours)})
        wanted = {c.new_id for c in changes if not c.old_id}
        return {
            "name": self.name,
            "differences": [
                {
                    "on": c.old_id or ids[c.new_id],
                    "missing": not c.old_id,
                    "said": str(c) if c.part else f"{c.title}: only {'here' if c.old_id else 'there'}",
                }
                for c in changes
            ],
            "missing": [_renamed(raw, ids) for raw in _rows(self.document) if storage.key(raw) in wanted],
            "agreement": list(self._agreement(ours, self.document)) if self._agreement else [],
        }


def _rows(document: Document) -> list[Raw]:
    return storage.rows(lines.write(document), where=document.meta.doc_id)


def _renamed(value: Any, ids: dict[str, str], key: str = "") -> Any:
    """Plain values with ids translated wherever an id stands; words of the text are no ids."""
    if isinstance(value, dict):
        return {k: _renamed(v, ids, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_renamed(v, ids, key) for v in value]
    return ids.get(value, value) if isinstance(value, str) and key in IDS else value
