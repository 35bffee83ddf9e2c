"""HTML as Label Studio counts it: text nodes in order, each with the path that leads to it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import NamedTuple

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_STEP = re.compile(r"([\w-]+|text\(\))(?:\[(\d{1,9})\])?")
DEPTH = 500


class TextNode(NamedTuple):
    """A stretch of text between tags; ``path`` like ``/div[1]/p[2]/text()[1]``."""

    path: str
    start: int
    text: str


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.nodes: list[TextNode] = []
        self.length = 0
        self.open: list[tuple[str, str]] = []  # tag, path
        self.seen: list[dict[str, int]] = [{}]
        self.pending: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.flush()
        path = self._step(tag)
        if tag not in _VOID and len(self.open) < DEPTH:
            self.open.append((tag, path))
            self.seen.append({})

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.flush()
        self._step(tag)

    def handle_endtag(self, tag: str) -> None:
        self.flush()
        if tag in [name for name, _ in self.open]:
            while self.open:
                self.seen.pop()
                if self.open.pop()[0] == tag:
                    break

    def handle_data(self, data: str) -> None:
        self.pending.append(data)

    def flush(self) -> None:
        text = "".join(self.pending)
        self.pending = []
        if text:
            self.nodes.append(TextNode(self._step("text()"), self.length, text))
            self.length += len(text)

    def _step(self, name: str) -> str:
        count = self.seen[-1].get(name, 0) + 1
        self.seen[-1][name] = count
        parent = self.open[-1][1] if self.open else ""
        return f"{parent}/{name}[{count}]"


def text_nodes(html: str) -> list[TextNode]:
    """The text nodes of a piece of HTML, in order; offsets are code points of their joined text.

    >>> text_nodes("<p>a &amp; <b>b</b></p>c")[1]
    TextNode(path='/p[1]/b[1]/text()[1]', start=4, text='b')
    """
    tree = _Tree()
    tree.feed(html)
    tree.close()
    tree.flush()
    return tree.nodes


def plain_text(nodes: list[TextNode]) -> str:
    """What the nodes say, one after the other."""
    return "".join(node.text for node in nodes)


def full_path(path: str) -> str:
    """A path with every count said: ``/p/text()`` is ``/p[1]/text()[1]``.

    >>> full_path("/div/p[2]/text()")
    '/div[1]/p[2]/text()[1]'
    """
    steps = [_STEP.fullmatch(step) for step in path.strip("/").split("/")]
    return "".join(f"/{s[1]}[{s[2] or 1}]" for s in steps if s)


def place(nodes: list[TextNode], path: str, offset: int) -> int:
    """The code point at an offset into the node of a path; -1 where there is no such node."""
    wanted = full_path(path)
    for node in nodes:
        if node.path == wanted and 0 <= offset <= len(node.text):
            return node.start + offset
    return -1
