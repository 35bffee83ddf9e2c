"""The table of formats for people and programs, generated from the table in code."""

from __future__ import annotations

from typing import Any

from goldwire.annotate.formats import CARRIES, ROWS, Format, find


def rows(name: str = "") -> list[dict[str, Any]]:
    """One plain row for each format, or for the one named; raises ProblemError for a name unknown."""
    return [_row(row) for row in ([find(name)] if name else ROWS)]


def _row(row: Format) -> dict[str, Any]:
    return {
        "name": row.name,
        "about": row.about,
        "suffixes": list(row.suffixes),
        "unit": row.unit,
        "end": row.end,
        "reads": row.reads,
        "writes": row.writes,
        "extra": row.extra,
        "carries": [key for key in CARRIES if key in row.carries],
        "partly": [key for key in CARRIES if key in row.partly],
        "cannot": [key for key in CARRIES if key not in row.carries | row.partly],
    }


def one(row: dict[str, Any]) -> str:
    """Everything about one format, with the options of its two verbs."""
    from goldwire.annotate.conversion import accepted

    codec = find(row["name"]).codec()
    verbs = [("decode", "read")] * row["reads"] + [("encode", "write")] * row["writes"]
    options = {said: ", ".join(sorted(accepted(getattr(codec, verb)))) for verb, said in verbs}
    lines = [f"{row['name']}: {row['about']}", f"files: {' '.join(row['suffixes'])}"]
    lines += [f"offsets: {row['unit']}, end {row['end']}"]
    lines += [f"carries {key}: {CARRIES[key]}" for key in row["carries"]]
    lines += [f"carries in part {key}: {CARRIES[key]}" for key in row["partly"]]
    lines += [f"cannot carry {key}: {CARRIES[key]}" for key in row["cannot"]]
    lines += [f"options to {said}: {listed}" for said, listed in options.items() if listed]
    if row["extra"]:
        lines.append(f"needs: pip install 'goldwire[{row['extra']}]'")
    return "\n".join(lines)


def show(listed: list[dict[str, Any]]) -> None:
    """Print the table to standard output."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_edge=False)
    for head in ("format", "files", "offsets", "", "carries"):
        table.add_column(head, overflow="fold")
    for row in listed:
        ways = ("r" if row["reads"] else "") + ("w" if row["writes"] else "")
        everything = "everything" if not row["cannot"] else ""
        brief = everything or (
            f"all but {', '.join(row['cannot'])}"
            if len(row["cannot"]) < len(row["carries"])
            else ", ".join(row["carries"])
        )
        if row["partly"]:
            brief = "; ".join(
                filter(None, [", ".join(row["carries"]), f"in part {', '.join(row['partly'])}"])
            )
        offsets = row["unit"] + (" (end inclusive)" if row["end"] == "inclusive" else "")
        table.add_row(row["name"], " ".join(row["suffixes"]), offsets, ways, brief)
    Console().print(table)
