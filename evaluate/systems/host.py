"""The process in which Python systems run; ``child.own`` starts it with a kind and a name.

It says first whether the system could be loaded; then every line that it reads
is a list of documents, and it writes a line for each: the answer, or why there
is none. What the system prints goes to the error output.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from importlib import import_module, util
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from goldwire.annotate.document import Document, Mention, Span
from goldwire.annotate.formats import record

System = Callable[[Sequence[str]], Iterator[Any]]


def main(kind: str, name: str) -> None:
    """Load the system and answer until standard input ends."""
    # The line protocol gets a descriptor of its own: a print() in the system must not be an answer.
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    sys.path.insert(0, os.getcwd())
    try:
        system = LOADERS[kind](name)
    except BaseException as error:
        _write(answers, {"cannot": _said(error)})
        return
    _write(answers, {"ready": True})
    for line in sys.stdin.buffer:
        texts = json.loads(line)
        for answer in _answered(system, texts):
            _write(answers, answer)


def _answered(system: System, texts: list[str]) -> Iterator[dict[str, Any]]:
    """An answer for each text: of the batch at once, or, where that fails, of each by itself."""
    done = 0
    try:
        for answer in system(texts):
            yield {"answer": plain(answer)}
            done += 1
        if done == len(texts):
            return
        raise ValueError(f"{done} answers for {len(texts)} texts")
    except Exception as error:
        if len(texts) == 1:
            yield {"failed": _said(error)}
            return
    for text in texts[done:]:
        yield from _answered(system, [text])


def _write(file: Any, value: Any) -> None:
    try:
        data = json.dumps(value).encode()
    except Exception as error:
        data = json.dumps({"failed": f"the answer cannot be written as JSON: {_said(error)}"}).encode()
    rest = memoryview(data + b"\n")
    while rest:
        rest = rest[file.write(rest) :]


def _said(error: BaseException) -> str:
    message = " ".join(str(error).split())[:500]
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def plain(answer: Any) -> Any:
    """An answer of a Python system as JSON values: records, spans as tuples, numpy's numbers."""
    if isinstance(answer, Document):
        return record.record(answer)
    if isinstance(answer, (str, int, float, bool)) or answer is None:
        return answer
    if isinstance(answer, Mapping):
        return {str(key): plain(value) for key, value in answer.items()}
    if isinstance(answer, msgspec.Struct):
        return msgspec.to_builtins(answer)
    if is_dataclass(answer) and not isinstance(answer, type):
        return plain(asdict(answer))
    if hasattr(answer, "ents") and hasattr(answer, "spans"):
        return record.record(of_spacy(answer))
    if hasattr(answer, "item") and not hasattr(answer, "__len__"):
        return answer.item()
    if hasattr(answer, "start_char") and hasattr(answer, "label_"):
        return {"start": answer.start_char, "end": answer.end_char, "label": answer.label_}
    if hasattr(answer, "__iter__"):
        return [plain(item) for item in answer]
    raise TypeError(f"{type(answer).__name__} is no prediction")


def of_spacy(doc: Any) -> Document:
    """The prediction in a spaCy Doc: layers of goldwire's components, entities, groups of spans."""
    from goldwire.annotate.formats import spacy, spacyjson
    from goldwire.evaluate.baseline.components import document

    theirs = spacyjson.document(spacy.json_of(doc), "", where="answer")
    seen = dict.fromkeys(
        (s.mention.bounds, s.label) for s in theirs.spans if not _is_ours(s.extra.get("spacy", {}))
    )
    spans = tuple(
        Span(f"s{n}", Mention(doc.text[start:end], start), label)
        for n, ((start, end), label) in enumerate(sorted(seen), 1)
    )
    ours = document(doc)
    return replace(ours, spans=ours.spans + spans)


def _is_ours(remarks: dict[str, Any]) -> bool:
    """Whether a span is one that a component of ours shows besides its layer."""
    return str(remarks.get("group", "")).startswith("goldwire_")


def _builtin(name: str) -> System:
    from goldwire.evaluate import baseline

    return _each(baseline.system(name))


def _callable(name: str) -> System:
    where, _, path = name.rpartition(":")
    if where.endswith(".py"):
        spec = util.spec_from_file_location(Path(where).stem, where)
        if spec is None or spec.loader is None:
            raise ImportError(f"{where} is no Python file")
        module = util.module_from_spec(spec)
        spec.loader.exec_module(module)
    else:
        module = import_module(where)
    found: Any = module
    for part in path.split("."):
        found = getattr(found, part)
    if not callable(found):
        raise TypeError(f"{name} is no callable")
    return _each(found)


def _each(function: Callable[[str], Any]) -> System:
    return lambda texts: (function(text) for text in texts)


def _spacy(name: str) -> System:
    import spacy

    path = Path(name)
    if path.suffix == ".cfg":
        config = spacy.util.load_config(path)
        nlp = spacy.util.load_model_from_config(config, auto_fill=True)
    else:
        nlp = spacy.load(path if path.exists() else name)
    return lambda texts: iter(nlp.pipe(texts, batch_size=len(texts)))


def _openai(name: str) -> System:
    from goldwire.evaluate import openai

    return _each(openai.load(name))


LOADERS: dict[str, Callable[[str], System]] = {
    "builtin": _builtin,
    "openai": _openai,
    "callable": _callable,
    "spacy": _spacy,
}
