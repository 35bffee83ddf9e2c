"""Where a surface text stands: the places that a person means who names words, not offsets."""

from __future__ import annotations


def places(text: str, surface: str, start: int = 0, end: int | None = None) -> list[int]:
    """Starts of ``surface`` in ``text[start:end]``, whole words only where there are any.

    Code points. A match inside a word counts only if no match stands free.

    >>> places("rain, train, rain", "rain"), places("trains", "rain"), places("a-b", "b")
    ([0, 13], [1], [2])
    """
    if not surface:
        return []
    stop = len(text) if end is None else end
    found = []
    at = text.find(surface, start, stop)
    while at >= 0:
        found.append(at)
        at = text.find(surface, at + 1, stop)
    free = [at for at in found if _is_free(text, at, at + len(surface))]
    return free or found


def _is_free(text: str, start: int, end: int) -> bool:
    joins_left = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    joins_right = end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    return not joins_left and not joins_right
