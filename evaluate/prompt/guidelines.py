"""The guidelines' pages, cut into sections, with their examples as answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from goldwire.annotate.document import COLLECTIONS

_HEADING = re.compile(r"^(#{1,3}) (.*)$", re.MULTILINE)
_BLOCK = re.compile(r"^```jsonl (?P<kind>\S+)\n(?P<body>.*?)^```\n?", re.MULTILINE | re.DOTALL)
_ATTRIBUTES = re.compile(r"\s*\{#[^}]*\}")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)


class Section(NamedTuple):
    """A heading with what stands under it, and its good examples as pairs of text and answer."""

    page: str
    level: int
    title: str
    body: str
    examples: tuple[tuple[str, str], ...]


def sections(page: str, text: str) -> list[Section]:
    """The sections of a page, in order; links, comments and names of rules are for people only.

    >>> sections("x.md", "# Times\\n\\nSee [spans](spans.md).\\n\\n## No hour {#no-hour}\\n")[1].title
    'No hour'
    """
    found = list(_HEADING.finditer(text))
    ends = [*(m.start() for m in found[1:]), len(text)]
    result = []
    for m, end in zip(found, ends, strict=True):
        body = text[m.end() : end]
        examples = tuple(
            made
            for block in _BLOCK.finditer(body)
            if block["kind"] == "good"
            for made in _example(block["body"].splitlines())
        )
        plain = _LINK.sub(r"\1", _COMMENT.sub("", _BLOCK.sub("", body))).strip()
        result.append(Section(page, len(m[1]), _ATTRIBUTES.sub("", m[2]), plain, examples))
    return result


def _example(lines: Iterable[str]) -> list[tuple[str, str]]:
    """The text of an example and what a right answer to it says: ids and strings, no offsets."""
    rows = [json.loads(line) for line in lines if line.strip()]
    if not rows or "doc" not in rows[0]:
        return []
    answer: dict[str, list[Any]] = {}
    for row in rows[1:]:
        kind = next(iter(row))
        if kind in ("segment", "provenance", "ambiguity", "mask"):
            continue
        body = {"id": row[kind], **{k: _plain(v) for k, v in row.items() if k != kind}}
        answer.setdefault(COLLECTIONS[kind], []).append(body)
    said = json.dumps(answer, ensure_ascii=False)
    # An answer in strings has no way to write a mention in pieces.
    return [(rows[0]["text"], said)] if answer and '"more": ' not in said else []


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(x) for x in value]
    if isinstance(value, dict):
        kept = {k: _plain(v) for k, v in value.items() if k not in ("start", "head_start", "segment")}
        return kept["text"] if set(kept) == {"text"} else kept
    return value
