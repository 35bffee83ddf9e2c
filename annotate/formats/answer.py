"""The JSON in a language model's answer: tolerant of what stands around it, strict about what it says.

Passed over: prose before and after, code fences, a ``<think>`` block, trailing commas,
null. Not guessed: single quotes, missing brackets, an answer cut off in the middle.
"""

from __future__ import annotations

import json
import re
from typing import Any

from goldwire.annotate.formats import source
from goldwire.annotate.problems import Problem, ProblemError

_FENCE = re.compile(r"```[a-zA-Z0-9_-]*[ \t]*\r?\n(.*?)(?:\r?\n[ \t]*```|\Z)", re.DOTALL)
_THOUGHT = re.compile(r"<(think|thinking|reasoning)>")
# A string that is never closed goes on to the end: it is not tried again from its next mark.
_LITERAL = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z|\\\Z)|,(?=\s*+[}\]])', re.DOTALL)
# As many places as an answer may have that look like the beginning of JSON.
TRIES = 50


def value(text: str, where: str, line: int = 1) -> Any:
    """The object or list that an answer holds; the largest, where there are several.

    Whole numbers stay numbers, others become decimal strings. Raises ProblemError.

    >>> value('Sure! {"a": [0.50, 2,], "b": null}  Hope it helps.', "x.txt")
    {'a': ['0.50', 2]}
    """
    bare = _thought_left_out(text)
    fenced = [m[1] for m in _FENCE.finditer(bare)]
    tried: list[Problem] = []
    for candidate in (*fenced, bare):
        found = _largest(candidate, where, line, tried)
        if found is not None:
            try:
                return source.writable(_without_nulls(found), candidate)
            except ValueError as error:
                source.refuse(where, line, "not-json", str(error))
    if tried:
        raise ProblemError(tried[0])
    source.refuse(where, line, "not-json", "the answer holds no JSON object or list")


def _thought_left_out(text: str) -> str:
    if (begin := _THOUGHT.search(text)) and (end := text.find(close := f"</{begin[1]}>", begin.end())) >= 0:
        return text[: begin.start()] + text[end + len(close) :]
    return text


def _largest(text: str, where: str, line: int, tried: list[Problem]) -> Any:
    """The longest value that begins at a bracket which no other value holds."""
    plain = _LITERAL.sub(lambda m: m[0] if m[0][0] == '"' else " ", text)
    best: tuple[int, Any] = (0, None)
    at, tries = 0, 0
    while (begin := re.compile(r"[{\[]").search(plain, at)) and tries < TRIES:
        tries += 1
        at = begin.start() + 1
        try:
            found, end = _DECODER.raw_decode(plain, begin.start())
        except json.JSONDecodeError as error:
            ends = error.pos >= len(plain.rstrip()) or error.msg.startswith("Unterminated")
            said = "the answer is cut off" if ends else f"{error.msg} at character {error.pos}"
            # The first attempt tells most: it begins where the answer does.
            tried.append(Problem(where, line + plain.count("\n", 0, error.pos), "not-json", said))
            continue
        except RecursionError:
            source.refuse(where, line, "not-json", "is nested too deeply")
        except ValueError as error:
            source.refuse(where, line, "not-json", str(error))
        if end - begin.start() > best[0] and _holds_objects(found):
            best = (end - begin.start(), found)
        at = end
    # An answer that was cut off must not shrink to one whole object inside it.
    if tried and best[0] and best[0] < len(text) / 2:
        return None
    return best[1]


def _holds_objects(found: Any) -> bool:
    return isinstance(found, dict) or (isinstance(found, list) and all(isinstance(x, dict) for x in found))


def _without_nulls(found: Any) -> Any:
    if isinstance(found, dict):
        return {k: _without_nulls(v) for k, v in found.items() if v is not None}
    if isinstance(found, list):
        return [_without_nulls(x) for x in found if x is not None]
    return found


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON value")


_DECODER = json.JSONDecoder(parse_float=str, parse_constant=_constant)
