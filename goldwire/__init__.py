"""goldwire: a gold corpus of news events, and the tools to annotate and to score against it."""

from pathlib import Path

__version__ = "0.1.0"

# In a source tree `annotate/` and `evaluate/` lie beside this folder; in a wheel, inside it.
if not (Path(__file__).parent / "annotate").is_dir():
    __path__.append(str(Path(__file__).parents[1]))
