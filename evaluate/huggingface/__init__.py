"""A metric for Hugging Face's ``evaluate``: ``evaluate.load(goldwire.evaluate.huggingface.path())``."""

from __future__ import annotations

from pathlib import Path


def path() -> str:
    """The file of the metric, for ``evaluate.load``.

    >>> path().endswith("goldwire_score.py")
    True
    """
    return str(Path(__file__).parent / "goldwire_score.py")
