"""Documents from one format into another, in constant memory, with an account of what was lost."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from goldwire.annotate import files, formats
from goldwire.annotate.adoption import adopt
from goldwire.annotate.document import Document
from goldwire.annotate.formats import Format
from goldwire.annotate.ontology import Ontology
from goldwire.annotate.problems import Problem, ProblemError

_GIVEN = {"files", "documents", "ontology", "notes", "lost"}


def convert(
    source: str,
    target: str,
    *,
    read: str = "",
    write: str = "",
    strict: bool = False,
    options: Mapping[str, str] | None = None,
    labels: Ontology | None = None,
    adopted: bool = False,
    lost: Counter[str],
    notes: list[Problem],
    each: Callable[[int], None] = lambda n: None,
) -> int:
    """Read ``source``, write ``target``; returns the number of documents.

    ``options`` go to whichever of the two formats declares them; one that neither
    declares raises ProblemError, as does everything that cannot be read or written.
    ``adopted`` makes objects of spans whose labels ``labels`` knows.
    """
    into = formats.find(write) if write else _written(target)
    if not into.writes:
        raise ProblemError(Problem(target, 0, "read-only", f"{into.name} is read, not written"))
    given = dict(options or {})
    encoding = declared(into.codec().encode, given)
    sources = [formats.find(read)] if read else files.formats_of(source)
    decoding: dict[str, Any] = {}
    for one in sources:
        decoding |= declared(one.codec().decode, given)
    if not sources:  # standard input, whose format shows when it is read
        decoding = {k: v for k, v in given.items() if k not in encoding}
    for key in given.keys() - encoding.keys() - decoding.keys():
        takes = {into.name: accepted(into.codec().encode)}
        takes |= {one.name: {**takes.get(one.name, {}), **accepted(one.codec().decode)} for one in sources}
        said = "; ".join(
            f"{name} takes {', '.join(sorted(own)) or 'no options'}" for name, own in takes.items()
        )
        raise ProblemError(Problem(key, 0, "unknown-option", said))
    if labels is not None and "ontology" in inspect.signature(into.codec().encode).parameters:
        encoding["ontology"] = labels
    count = 0

    def documents() -> Iterator[Document]:
        nonlocal count
        for document in files.iterate(source, read, ontology=labels, notes=notes, **decoding):
            yield adopt(document, labels) if adopted and labels else document
            count += 1
            each(1)

    files.write(target, documents(), into.name, lost, strict=strict, **encoding)
    return count


def _written(target: str) -> Format:
    """The format that the name of a file to be written tells; raises ProblemError."""
    try:
        return formats.recognise(target)
    except ProblemError:
        said = "the name does not tell the format to write; name it with --to"
        raise ProblemError(Problem(target, 0, "unknown-format", said)) from None


def accepted(verb: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """The options that a ``decode`` or ``encode`` declares."""
    own = inspect.signature(verb).parameters
    return {k: p for k, p in own.items() if k not in _GIVEN and p.kind is p.KEYWORD_ONLY}


def declared(verb: Callable[..., Any], given: Mapping[str, str]) -> dict[str, Any]:
    """Those of the options given that a verb declares, true and false read as such."""
    known = accepted(verb)
    words = {"true": True, "yes": True, "": True, "false": False, "no": False}
    return {
        key: words.get(value, value) if isinstance(known[key].default, bool) else value
        for key, value in given.items()
        if key in known
    }


def summary(done: int, lost: Counter[str], notes: list[Problem]) -> Iterator[str]:
    """What a person wants to know after a conversion, a line each."""
    for note in notes[:20]:
        yield str(note)
    if len(notes) > 20:
        yield f"… and {len(notes) - 20} more notes"
    if lost:
        yield "not held by the target: " + ", ".join(f"{n} {what}" for what, n in sorted(lost.items()))
    yield f"{done} document{'' if done == 1 else 's'}"
