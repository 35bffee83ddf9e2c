"""Prodigy's ``_input_hash`` and ``_task_hash``: a convenience for Prodigy, never an identity.

The formula was read off real exports: the hash is MurmurHash3 (x86, 32 bits,
seed 0, signed) of a string made of the task's keys.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

IGNORED = frozenset(
    "score rank model source pattern priority path _view_id _session_id _annotator_id answer".split()
)
_MASK = 0xFFFFFFFF


def input_hash(text: str) -> int:
    """The hash by which Prodigy knows a text again."""
    return murmur3("text=" + json.dumps(text))


def task_hash(input_hash: int, spans: Iterable[Mapping[str, Any]]) -> int:
    """The hash by which Prodigy knows a text with its spans again."""
    kept = [{k: v for k, v in span.items() if k not in IGNORED} for span in spans]
    return murmur3(f"{input_hash}spans=" + json.dumps(kept, sort_keys=True, separators=(",", ":")))


def murmur3(text: str) -> int:
    """MurmurHash3_x86_32 with seed 0 of the UTF-8 bytes, as a signed integer.

    >>> murmur3(""), murmur3("hello")
    (0, 613153351)
    """
    data = text.encode("utf-8")
    whole = len(data) // 4 * 4
    value = 0
    for at in range(0, whole, 4):
        value ^= _scramble(int.from_bytes(data[at : at + 4], "little"))
        value = (_rotate(value, 13) * 5 + 0xE6546B64) & _MASK
    if data[whole:]:
        value ^= _scramble(int.from_bytes(data[whole:], "little"))
    value ^= len(data)
    value = ((value ^ value >> 16) * 0x85EBCA6B) & _MASK
    value = ((value ^ value >> 13) * 0xC2B2AE35) & _MASK
    value ^= value >> 16
    return value - (value >> 31 << 32)


def _rotate(value: int, by: int) -> int:
    return (value << by | value >> (32 - by)) & _MASK


def _scramble(block: int) -> int:
    return _rotate(block * 0xCC9E2D51 & _MASK, 15) * 0x1B873593 & _MASK
