"""The built-in systems: rules for spaCy, a floor of regular expressions, numbers by quantulum3.

Written from the guidelines and from general knowledge of English news. Whoever
writes rules with the gold in view flatters them: nothing here was tuned on it.
"""

from __future__ import annotations

from collections.abc import Callable

from goldwire.annotate.document import Document


def system(name: str) -> Callable[[str], Document]:
    """A built-in system, loaded: ``baseline``, ``regex`` or ``quantulum3``."""
    from importlib import import_module

    loaded: Callable[[], Callable[[str], Document]] = import_module(
        f"goldwire.evaluate.baseline.{MODULES[name]}"
    ).load
    return loaded()


MODULES = {"baseline": "pipeline", "regex": "regex", "quantulum3": "quantulum"}
