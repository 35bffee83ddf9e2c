"""Real files of other tools, found by GOLDWIRE_SHARED; tests that need them are skipped without it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_ROOT = os.environ.get("GOLDWIRE_SHARED")
FOLDER = Path(_ROOT or "unset") / "samples"
needed = pytest.mark.skipif(not _ROOT, reason="GOLDWIRE_SHARED does not name the folder with the samples")


def found(pattern: str) -> list[Path]:
    """The samples that a glob pattern finds, in order; none where there is no folder."""
    return sorted(FOLDER.glob(pattern)) if _ROOT else []
