"""Spans of tokens in brackets: ``(1``, ``(1)``, ``1)`` in a column, as in CoNLL-2012 and ``Entity=``.

Spans may nest, overlap and share a token; a closing bracket closes the latest open
one of its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

# Nothing is tried twice (++): a cell may be a megabyte long.
_PIECE = re.compile(r"\(([^()|]++)(\))?|([^()|]++)\)|[|]")
NONE = ("", "_", "-", "*")


class Bracketed(NamedTuple):
    """Tokens ``first`` to ``last`` (inclusive) and what stands after the opening bracket."""

    first: int
    last: int
    content: str


class BracketError(ValueError):
    """Brackets that do not pair: at which token, and why."""

    def __init__(self, at: int, message: str) -> None:
        self.at = at
        super().__init__(message)


def spans(cells: Sequence[str], name: Callable[[str], str] = str) -> list[Bracketed]:
    """The spans in the order of their opening; ``name(content)`` is what closes it. Raises BracketError.

    >>> [tuple(s) for s in spans(["(0|(1)", "_", "0)"])]
    [(0, 2, '0'), (0, 0, '1')]
    """
    found: list[Bracketed | None] = []
    open_: dict[str, list[tuple[int, int, str]]] = {}
    for at, cell in enumerate(cells):
        if cell in NONE:
            continue
        end = 0
        while piece := _PIECE.match(cell, end):
            end = piece.end()
            opens, closed, closes = piece.groups()
            if opens and closed:
                found.append(Bracketed(at, at, opens))
            elif opens:
                open_.setdefault(name(opens), []).append((len(found), at, opens))
                found.append(None)
            elif closes:
                if not open_.get(closes):
                    raise BracketError(at, f"closes {closes!r}, which is not open")
                where, first, content = open_[closes].pop()
                found[where] = Bracketed(first, at, content)
        if end != len(cell):
            raise BracketError(at, f"cannot be read: {cell[:60]!r}")
    for waiting in open_.values():
        for _, first, content in waiting:
            raise BracketError(first, f"opens {content[:60]!r}, which is never closed")
    return [span for span in found if span is not None]


def written(
    found: Iterable[Bracketed], length: int, name: Callable[[str], str] = str, glue: str = ""
) -> list[str]:
    """The cells of a column: longer spans open first and close last; "" where there is nothing.

    >>> written([Bracketed(0, 0, "1"), Bracketed(0, 2, "0"), Bracketed(2, 3, "2")], 4, glue="|")
    ['(0|(1)', '', '0)|(2', '2)']
    """
    opening: list[list[str]] = [[] for _ in range(length)]
    closing: list[list[str]] = [[] for _ in range(length)]
    later = [False] * length
    for span in sorted(found, key=lambda s: (s.first, -s.last)):
        single = span.first == span.last
        opening[span.first].append(f"({span.content}" + ")" * single)
        if not single:
            later[span.first] = True
            closing[span.last].insert(0, f"{name(span.content)})")
    # What closes stands after what opens and closes here, but before what stays open.
    cells = [b + a if c else a + b for a, b, c in zip(opening, closing, later, strict=True)]
    return [glue.join(cell) for cell in cells]


def separable(found: Iterable[Bracketed], name: Callable[[str], str] = str) -> list[Bracketed]:
    """The spans of which no two of one name cross; of two that do, the later is left out.

    >>> [tuple(s) for s in separable([Bracketed(0, 2, "1"), Bracketed(1, 3, "1"), Bracketed(1, 3, "2")])]
    [(0, 2, '1'), (1, 3, '2')]
    """
    kept: list[Bracketed] = []
    open_: dict[str, list[Bracketed]] = {}
    for span in sorted(found, key=lambda s: (s.first, -s.last)):
        # Only what is still open where this one opens can be crossed.
        rivals = [k for k in open_.get(name(span.content), ()) if k.last > span.first]
        open_[name(span.content)] = rivals
        if not any(k.first < span.first < k.last < span.last for k in rivals):
            kept.append(span)
            rivals.append(span)
    return kept


def same(old: str, new: str) -> bool:
    """Whether two cells hold the same brackets, in whatever order; trailing empty fields do not count.

    >>> same("(1-x-|(2)", "(2)(1-x"), same("_", ""), same("(1)", "1)")
    (True, True, False)
    """

    def pieces(cell: str) -> list[tuple[str, bool, bool]]:
        listed = cell.replace("(", "\n(").replace(")", ")\n").replace("|", "\n").split("\n")
        return sorted((x.strip("()").rstrip("-"), x[0] == "(", x[-1] == ")") for x in listed if x)

    return (old in NONE and new in NONE) or pieces(old) == pieces(new)
