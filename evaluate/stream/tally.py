"""Counts columns: by the compiled module where it is there and knows the schemes, else by arrays.

``tables.py`` is what counting means; ``schemes.c`` is the same for the schemes of SemEval, some times as
fast, and the tests hold it to that. GOLDWIRE_PURE=1 in the environment goes without it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from goldwire.evaluate.stream import columns
from goldwire.evaluate.stream.columns import Both, Codes
from goldwire.evaluate.stream.schemes import SCHEMES

Four = tuple[int, int, int, int]  # p_hit, p_all, r_hit, r_all; both hits in units (schemes.unit)
Rows = dict[str, Four]  # by label; labels that do not occur are left out


def _compiled() -> Any:
    if os.environ.get("GOLDWIRE_PURE", "") not in ("", "0"):
        return None
    try:
        from goldwire.evaluate.stream import compiled
    except ImportError:  # installed without a compiler
        return None
    return compiled


compiled = _compiled()


def count(
    both: Both, codes: Codes, wanted: Sequence[str], names: tuple[str, str] = ("gold", "pred")
) -> tuple[dict[str, Rows], dict[str, int], int]:
    """Count documents in some schemes.

    Returns the rows of each scheme; of schemes whose best pairing was too large to be looked for, how many
    units of hits it can have more than the one that was counted; and a checksum of gold: a sum over
    documents of a number that their spans and labels decide, which does not feel their order. (It tells one
    gold file from another; it is no seal against somebody who wants to deceive.)

    Raises ProblemError for a span that is empty or does not lie in its text.
    """
    if compiled is None or not set(wanted) <= set(SCHEMES):
        from goldwire.evaluate.stream import laid, tables

        batch = laid.batch(both, codes, names)
        arrays, lacking = tables.count(batch, wanted)
        rows = {name: _rows(batch.labels, table.ravel().tolist()) for name, table in arrays.items()}
        return rows, lacking, tables.checksum(batch)
    labels, ranks, sums = codes.ranked()
    bits = sum(1 << SCHEMES.index(name) for name in wanted)
    found, digest, side, span = compiled.count(both.gold, both.pred, both.lengths, ranks, sums, bits)
    if found is None:
        raise columns.out_of_text(both, side, span, names[side])
    flat = columns.numbers(found)
    size = 4 * len(labels)
    tables_ = {name: flat[SCHEMES.index(name) * size :][:size].tolist() for name in wanted}
    return {name: _rows(labels, table) for name, table in tables_.items()}, {}, digest


def _rows(labels: Sequence[str], flat: list[int]) -> Rows:
    fours = zip(*(flat[k::4] for k in range(4)), strict=True)
    return {label: four for label, four in zip(labels, fours, strict=True) if any(four)}
