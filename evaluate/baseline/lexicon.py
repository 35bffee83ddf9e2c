"""The word lists of the rules, read from the TOML files beside this one.

A list is a string of words, or of phrases cut by ``|``. They come from general
knowledge of English newswire; a word is added there and in no code.
"""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from goldwire.annotate import files


@cache
def table(name: str) -> dict[str, Any]:
    """The content of ``<name>.toml``."""
    data = files.read_bytes(files.packaged("evaluate") / "baseline" / f"{name}.toml")
    return tomllib.loads(data.decode("utf-8"))


def phrases(listed: str) -> list[str]:
    """The items of a list: cut at ``|`` where there is one, else at spaces.

    >>> phrases("one two"), phrases("one two | three")
    (['one', 'two'], ['one two', 'three'])
    """
    if "|" in listed:
        return [" ".join(item.split()) for item in listed.split("|") if item.strip()]
    return listed.split()


@cache
def words(name: str, key: str) -> frozenset[str]:
    """One list of a file as a set."""
    return frozenset(phrases(table(name)[key]))


@cache
def inverted(name: str, key: str) -> dict[str, str]:
    """A table of lists, label -> items, turned round: item -> label.

    >>> inverted("quantities", "after")["or more"]
    'at_least'
    """
    return {item: label for label, listed in table(name)[key].items() for item in phrases(listed)}
