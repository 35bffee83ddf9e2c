"""``goldwire diff``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def diff(
    old: Annotated[Path, typer.Argument(help="A file or folder of documents, either form.")],
    new: Annotated[Path, typer.Argument(help="The other version.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object a line.")] = False,
) -> None:
    """What changed, in words; objects are matched by content where ids differ. Exit 1 if anything did."""
    import msgspec

    from goldwire.annotate import files
    from goldwire.annotate.changes.diff import diff as changes

    before, after = files.by_id(old), files.by_id(new)
    different = False
    for doc_id in sorted(before.keys() | after.keys()):
        if doc_id not in before or doc_id not in after:
            found: list[str] = [f"document {doc_id}: {'added' if doc_id in after else 'removed'}"]
        else:
            found = [
                msgspec.json.encode(c).decode() if as_json else str(c)
                for c in changes(before[doc_id], after[doc_id])
            ]
        different = different or bool(found)
        for line in found:
            print(line)
    if different:
        raise typer.Exit(1)
