"""The guidelines as the page shows them: a section for each rule, and which sections speak of a label."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from goldwire.annotate.problems import missing

_HEADING = re.compile(r"^###? (?P<title>[^{\n]+?)(?: *\{#(?P<slug>[\w-]+)[^}\n]*\})?$", re.MULTILINE)
_FENCE = re.compile(r"^(```\w+) [^\n]*$", re.MULTILINE)


def sections(pages: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every section of the guidelines as HTML, with the words in capitals that it names.

    Markup in the pages' text is shown and not obeyed. Needs the extra ``editor``.

    >>> found = sections({"x.md": "# X\\n\\n## Rule {#rule}\\nA `STRIKE` is *loud* <b>."})
    >>> found[0]["slug"], found[0]["labels"], found[0]["html"]
    ('rule', ['STRIKE'], '<p>A <code>STRIKE</code> is <em>loud</em> &lt;b&gt;.</p>\\n')
    """
    try:
        from markdown_it import MarkdownIt
    except ImportError:
        raise missing("editor", "markdown-it-py") from None
    # Links would lead out of the editor, and the guidelines' pages are not served.
    write = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["link", "autolink", "image"])
    found = []
    for name, page in pages.items():
        heads = list(_HEADING.finditer(page))
        for head, after in zip(heads, [*heads[1:], None], strict=True):
            body = page[head.end() : after.start() if after else len(page)].strip()
            if not body:
                continue
            body = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", _FENCE.sub(_named, body))
            found.append(
                {
                    "page": name.removesuffix(".md"),
                    "slug": head["slug"] or "",
                    "title": head["title"].strip(),
                    "labels": _labels(body),
                    "html": write.render(body),
                }
            )
    return found


def _labels(body: str) -> list[str]:
    """The words that may be labels: in capitals anywhere, or marked as code."""
    return sorted({a or b for a, b in re.findall(r"\b([A-Z][A-Z_]+)\b|`([\w+-]+)`", body)})


def _named(match: re.Match[str]) -> str:
    """What an example shows is said above it, since the page drops the word behind the fence."""
    kind = match.group().partition(" ")[2]
    return f"*{kind}*\n\n{match.group(1)}"
