"""What the references of the profiles take for a document, in JSON, and how functions are given it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate.profiles import ace, brat, linking, measurements, muc4, nuggets, semeval

# What a document is, in JSON; {} stands for an object with these keys.
SHAPES: dict[str, str] = {
    "spans": '[{"start", "end", "label"}] with the last token as end, or [[start, end, label]] with the one '
    "after it",
    "tags": '["B-PER", "I-PER", "O"], a sentence each',
    "events": '[{"trigger": [start, end, type], "arguments": [[start, end, role]]}]',
    "clusters": "[[mention, mention], [mention]], a mention being a string, a number or a list of these",
    "chains": "[[mention, mention], [mention]], a mention being a string, a number or a list of these",
    "templates": '[{"incident_type": type, role: [[string, string]]}]',
    "german": '[{"quote": {"tokenIds": [5, 6]}, "speaker", "cue", "addressee", "frame", "type", "medium"}]',
    "sfu": '[{"quote_index": "(100,200)", "speaker", "speaker_index", "verb", "is_floating_quote"}]',
    "speakers": '{"q1": "Ann", "q2": "Bob"}',
    "nuggets": '{"nuggets": [[id, [[start, end]], type, realis]], "chains": [[id, id]]}',
    "quantities": "[[set, type, start, end, id, text, other]], other being an object",
    "brat": '[["T1", type, [[start, end]]]]',
    "linked": "[[document, start, end, entity, type]], the whole corpus as one list",
}


def shaped(shape: str, document: Any, where: str) -> Any:
    """A document of JSON as what the function below the profile takes; refused with its place."""
    try:
        return _MADE[shape](document)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        message = f"is not what this scorer takes: {SHAPES[shape]}"
        raise ProblemError(Problem(where, 0, "own-input", message)) from None


def _item(x: Any) -> semeval.Item:
    if isinstance(x, Mapping):
        start, end, label = x["start"], x["end"] + 1, x["label"]
    else:
        start, end, label = x
    if not (isinstance(start, int) and isinstance(end, int) and start < end):
        raise ValueError("no span")
    return semeval.Item(start, end, str(label))


def _event(x: Mapping[str, Any]) -> ace.Event:
    trigger, *arguments = (
        (int(start), int(end), str(label)) for start, end, label in (x["trigger"], *x.get("arguments", ()))
    )
    return ace.Event(trigger, tuple(arguments))


def _key(x: Any) -> Hashable:
    return tuple(map(_key, x)) if isinstance(x, list | tuple) else x


def _template(x: Any) -> Mapping[str, Any]:
    roles = {k: [[str(m) for m in e] for e in v] for k, v in x.items() if k != muc4.TYPE}
    if any(isinstance(e, str) for k, v in x.items() if k != muc4.TYPE for e in v):
        raise ValueError("an entity is a list")
    return {muc4.TYPE: x[muc4.TYPE], **roles}


def _quote(x: Any) -> Mapping[str, Any]:
    return {k: {"tokenIds": list(v["tokenIds"])} if isinstance(v, Mapping) else v for k, v in x.items()}


def _pieces(x: Iterable[Any]) -> tuple[tuple[int, int], ...]:
    return tuple((int(a), int(b)) for a, b in x)


def _told(x: Mapping[str, Any]) -> tuple[list[nuggets.Nugget], list[list[str]]]:
    found = [
        nuggets.Nugget(str(i), _pieces(at), kind, realis) for i, at, kind, realis in x.get("nuggets", ())
    ]
    return found, [list(map(str, chain)) for chain in x.get("chains", ())]


def _annotation(x: Sequence[Any]) -> measurements.Annotation:
    number, kind, start, end, own, text, other = x
    return measurements.Annotation(
        int(number), str(kind), int(start), int(end), str(own), str(text), dict(other)
    )


def _list(x: Any) -> list[Any]:
    if not isinstance(x, list | tuple):
        raise TypeError("no list")
    return list(x)


def _strings(x: Iterable[Any]) -> list[str]:
    tags = list(x)
    if not all(isinstance(tag, str) for tag in tags):
        raise TypeError("tags are strings")
    return tags


_MADE: dict[str, Callable[[Any], Any]] = {
    "spans": lambda d: list(map(_item, d)),
    "tags": _strings,
    "events": lambda d: list(map(_event, d)),
    "clusters": lambda d: [[_key(m) for m in _list(cluster)] for cluster in d],
    "chains": lambda d: [[_key(m) for m in _list(cluster)] for cluster in d],
    "templates": lambda d: list(map(_template, d)),
    "german": lambda d: list(map(_quote, d)),
    "sfu": lambda d: [{"speaker": "", "speaker_index": "", "verb": "", **x} for x in d],
    "speakers": lambda d: {str(k): str(v) for k, v in d.items()},
    "nuggets": _told,
    "quantities": lambda d: list(map(_annotation, d)),
    "brat": lambda d: [brat.Entity(str(i), str(kind), _pieces(at)) for i, kind, at in d],
    "linked": lambda d: [linking.Linked(str(x[0]), int(x[1]), int(x[2]), *map(str, x[3:])) for x in d],
}
