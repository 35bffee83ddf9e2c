from collections.abc import Mapping
from typing import TypeAlias

from goldwire.evaluate.stream.columns import Column

Side: TypeAlias = tuple[Column, Column, Column, Column]

def scan(
    block: bytes, at: int, line: int, documents: int, spans: int, codes: Mapping[str, int], final: bool
) -> tuple[int, int, bool, list[str], list[bytes | None], bytes, bytes, bytes, bytes, bytes, bytes]: ...
def count(
    gold: Side, pred: Side, lengths: Column, ranks: Column, sums: Column, wanted: int
) -> tuple[bytes | None, int, int, int]: ...
