"""Read, check and write gold annotations of news text."""

from typing import Any

__all__ = ["show"]


def __getattr__(name: str) -> Any:
    """``show``, imported when it is asked for."""
    if name == "show":
        from goldwire.annotate.drawing import show

        return show
    raise AttributeError(f"module 'goldwire.annotate' has no attribute {name!r}")
