"""How much a message in msgpack would unpack to, counted without unpacking it.

One byte may stand for an empty list, which takes fifty in memory; a message within a
message is counted, too. Source of the layout: the msgpack specification.
"""

from __future__ import annotations

# First byte -> bytes of the header, and how many after the first are the length of what follows.
_HEADERS = {0xC4: (2, 1), 0xC5: (3, 2), 0xC6: (5, 4), 0xC7: (3, 1), 0xC8: (4, 2), 0xC9: (6, 4)}
_HEADERS |= {0xD9: (2, 1), 0xDA: (3, 2), 0xDB: (5, 4)}
_FIXED = {0xCA: 5, 0xCB: 9, 0xCC: 2, 0xCD: 3, 0xCE: 5, 0xCF: 9, 0xD0: 2, 0xD1: 3, 0xD2: 5, 0xD3: 9}
_FIXED |= {0xD4: 3, 0xD5: 4, 0xD6: 6, 0xD7: 10, 0xD8: 18, 0xDC: 3, 0xDD: 5, 0xDE: 3, 0xDF: 5}
_BYTES = (0xC4, 0xC5, 0xC6)


def values(data: bytes, most: int, arrays: tuple[bytes, ...] = (), depth: int = 4) -> int:
    """The number of values in a message and in the messages that its byte strings are, up to ``most`` + 1.

    Byte strings that follow one of the keys ``arrays`` hold numbers and no message.

    >>> values(b"\\x82\\xa1a\\x93\\x01\\x02\\x90\\xa1b\\xc4\\x02\\x91\\x05", 100)
    10
    >>> values(b"\\x90" * 1000, 10)
    11
    """
    at = count = 0
    key = b""
    while at < len(data) and count <= most:
        first = data[at]
        count += 1
        if 0xA0 <= first <= 0xBF:
            end = at + 1 + (first & 0x1F)
            key = data[at + 1 : end]
        elif first in _HEADERS:
            header, digits = _HEADERS[first]
            start = at + header
            end = start + int.from_bytes(data[at + 1 : at + 1 + digits], "big")
            if first in _BYTES and key not in arrays and depth:
                count += values(data[start:end], most - count, arrays, depth - 1)
            key = b""
        else:
            end = at + _FIXED.get(first, 1)
            key = b""
        at = end
    return count
