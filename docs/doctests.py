"""Shows the examples in docstrings as code: the page builder reads them as prose otherwise."""

import re
from typing import Any

from griffe import Extension, Object

# A run of indented or flush lines that begins with a prompt and ends at an empty line.
EXAMPLE = re.compile(r"(?m)^>>> (?:.+\n?)+")


class Doctests(Extension):
    """Puts a fence around every doctest."""

    def on_object(self, *, obj: Object, **kwargs: Any) -> None:
        """Called for each module, class, function and attribute."""
        if obj.docstring:
            obj.docstring.value = EXAMPLE.sub(
                lambda found: f"```pycon\n{found[0].rstrip()}\n```\n", obj.docstring.value
            )
