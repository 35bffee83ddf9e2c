"""goldwire: a gold corpus of news events, and the tools to annotate and to score against it.

>>> import goldwire
>>> goldwire.__version__.count(".")
2
"""

from importlib import import_module
from pathlib import Path
from typing import Any

__version__ = "0.1.0"

# In a source tree `annotate/` and `evaluate/` lie beside this folder; in a wheel, inside it.
if not (Path(__file__).parent / "annotate").is_dir():
    __path__.append(str(Path(__file__).parents[1]))

# Public name -> where it lives; imported when asked for, so that `import goldwire` costs nothing.
_PUBLIC = {
    "Document": "goldwire.annotate.document",
    "load_gold": "goldwire.annotate.files:gold",
    "read": "goldwire.annotate.files",
    "write": "goldwire.annotate.files",
    "score": "goldwire.evaluate.scores",
}
__all__ = ["Document", "__version__", "load_gold", "read", "score", "write"]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'goldwire' has no attribute {name!r}")
    module, _, attribute = _PUBLIC[name].partition(":")
    return getattr(import_module(module), attribute or name)
