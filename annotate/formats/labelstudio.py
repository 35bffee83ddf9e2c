"""Label Studio JSON: tasks with annotations, predictions, or ``completions`` of old versions.

A region becomes a span, whatever else is said of it (per-region choices, text
areas) stays with it; relations become relations. Offsets are code points, UTF-16
units in files from before 2021-10: the stored text tells. Over HTML and
paragraphs the document's text is what a reader sees, and the task goes back as it
came. A task with several annotations is read by the one marked ground truth, else
the first that was not cancelled; the others are kept, and ``annotation`` chooses:
an id, "predictions", or "all" for a document each.

Our own objects are regions with their fields as choices and text areas, and
relations; what these cannot say stands in ``data.goldwire``, which Label Studio keeps.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from msgspec.structs import replace

from goldwire.annotate.document import Document
from goldwire.annotate.formats import ledger, source
from goldwire.annotate.formats.labelstudio_min import from_min
from goldwire.annotate.formats.labelstudio_read import TOOL, Words, flat, graph_of
from goldwire.annotate.formats.labelstudio_write import results_of
from goldwire.annotate.formats.restore import restore
from goldwire.annotate.problems import Problem

_LISTS = ("annotations", "completions", "predictions")
Listed = tuple[str, int, dict[str, Any]]  # list, rank in it, annotation


def decode(
    files: Mapping[str, BinaryIO],
    *,
    ontology: Any = None,
    notes: list[Problem] | None = None,
    annotation: str = "",
    field: str = "",
) -> Iterator[Document]:
    """A document from each task; ``field`` names the key of ``data`` that holds the text.

    Raises ProblemError where a task has no text, or a region does not say what its text says.
    """
    for name, file in files.items():
        for line, raw in source.values(file, name):
            task = source.shaped(raw, dict[str, Any], name, line)
            yield from _documents(task, annotation, field, [] if notes is None else notes, name, line)


def _documents(
    task: dict[str, Any], wanted: str, field: str, notes: list[Problem], where: str, line: int
) -> Iterator[Document]:
    task = from_min(task, field, notes, where, line)
    data = task.get("data", task if "text" in task else None)
    if not isinstance(data, dict):
        source.refuse(where, line, "structure", "a task should have data with the text")
    key = field or _text_key(data, task)
    if key not in data:
        source.refuse(
            where, line, "structure", f"data has no {key or 'text'}; -o field=… names the key of the text"
        )
    kept = data.get(ledger.KEY)
    kept = kept if isinstance(kept, dict) else {}
    listed = [(name, i, x) for name in _LISTS for i, x in enumerate(_listed(task, name, where, line))]
    chosen = _chosen(listed, wanted)
    if len(listed) > 1 and not wanted:
        message = f"{len(listed) - 1} more annotations are kept unread; -o annotation=all reads them"
        notes.append(Problem(where, line, "annotations", message))
    for name, index, each in chosen or [("annotations", -1, {})]:
        words = Words(data[key], where, line)
        graph, order = graph_of(flat(each.get("result", [])), words, kept, where, line)
        own = str(kept.get("doc_id", task.get("id", f"{source.stem(where)}-{line}")))
        if wanted == "all" and len(chosen) > 1:
            own += f"/{_who(each, index)}"
        document = restore(graph, own, where=where)
        if not kept:
            others = {n: [x for m, i, x in listed if m == n and (n, i) != (name, index)] for n in _LISTS}
            remarks: dict[str, Any] = {
                "task": {k: v for k, v in task.items() if k not in (*_LISTS, "data")},
                "keys": list(task),
                "data": data if words.kind != "text" else {k: v if k != key else "" for k, v in data.items()},
                "field": key,
                "kind": words.kind,
                "list": name,
                "rank": index,
                "annotation": {k: v for k, v in each.items() if k != "result"},
                "others": {n: x for n, x in others.items() if x},
                "order": order,
                "read": bool(chosen),
            }
            document = replace(document, extra={TOOL: remarks})
        yield document


def _text_key(data: dict[str, Any], task: dict[str, Any]) -> str:
    """The key of the text: the one a result points at, ``text``, or the only string there is."""
    for name in _LISTS:
        for each in task.get(name) or []:
            for result in flat(each.get("result") if isinstance(each, dict) else None):
                pointed = str(result.get("source", "")).removeprefix("$")
                if pointed in data:
                    return pointed
                if str(result.get("to_name", "")) in data:
                    return str(result["to_name"])
    if "text" in data:
        return "text"
    strings = [k for k, v in data.items() if isinstance(v, str)]
    dialogues = [k for k, v in data.items() if isinstance(v, list) and v and isinstance(v[0], dict)]
    return (strings if len(strings) == 1 else dialogues if len(dialogues) == 1 else [""])[0]


def _listed(task: dict[str, Any], name: str, where: str, line: int) -> list[dict[str, Any]]:
    return source.shaped(task.get(name) or [], list[dict[str, Any]], where, line)


def _chosen(listed: list[Listed], wanted: str) -> list[Listed]:
    if wanted == "all":
        return [x for x in listed if x[0] != "predictions"]
    if wanted == "predictions":
        return [x for x in listed if x[0] == "predictions"][:1]
    if wanted:
        return [x for x in listed if str(x[2].get("id")) == wanted][:1]
    made = [x for x in listed if not x[2].get("was_cancelled")]
    made.sort(key=lambda x: (x[0] == "predictions", not x[2].get("ground_truth")))
    return made[:1]


def _who(annotation: dict[str, Any], index: int) -> str:
    by = annotation.get("completed_by", annotation.get("id", index + 1))
    return str(by.get("email", by.get("id", index + 1))) if isinstance(by, dict) else str(by)


def encode(
    documents: Iterable[Document], *, lost: Counter[str], unit: str = "code points", to: str = "annotations"
) -> Iterator[tuple[str, bytes]]:
    """One list of tasks; ``to`` is where our results stand: "annotations" or "predictions"."""
    if to not in _LISTS:
        source.refuse(to, 0, "option", f"to is one of {', '.join(_LISTS)}")
    opening = b"[\n"
    for number, document in enumerate(documents, start=1):
        task = _task(document, number, unit, to)
        yield "", opening + json.dumps(task, ensure_ascii=False).encode("utf-8", "surrogatepass")
        opening = b",\n"
    yield "", (b"[" if opening == b"[\n" else b"") + b"\n]\n"


def _task(document: Document, number: int, unit: str, to: str) -> dict[str, Any]:
    known = document.extra.get(TOOL)
    remarks = known if isinstance(known, dict) and "list" in known else {}
    bare = (
        replace(document, extra={k: v for k, v in document.extra.items() if k != TOOL})
        if remarks
        else document
    )
    results, kept = results_of(bare, remarks, unit)
    if not remarks:
        kept["doc_id"] = document.meta.doc_id
        return {
            "id": number,
            "data": {"text": document.text, ledger.KEY: kept},
            to: [{"result": results}],
        }
    data = dict(remarks["data"])
    if remarks["kind"] == "text":
        data[remarks["field"]] = document.text
    if kept:
        data[ledger.KEY] = {**kept, "doc_id": document.meta.doc_id}
    whole = {**remarks["task"], "data": data}
    others, kind = remarks["others"], remarks["list"]
    lists = {n: list(others.get(n, [])) for n in _LISTS if n in remarks["keys"] or n in others}
    if remarks["read"] or results:
        own = {**remarks["annotation"], "result": results}
        lists.setdefault(kind, []).insert(remarks["rank"], own)
    whole |= lists
    return {k: whole[k] for k in remarks["keys"] if k in whole} | whole
