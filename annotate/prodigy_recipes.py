"""Recipes for Prodigy, each a view of goldwire's documents: ``prodigy goldwire.spans … -F FILE``.

``python -m goldwire.annotate.prodigy_recipes`` prints the FILE. A task carries, under the
key ``goldwire``, what its view does not show, so an answer comes back whole, by ``--save`` or
with ``goldwire convert`` from what ``db-out`` prints. Prodigy is not free and was not run
here: the tasks are held to real exports, the registration to a stand-in.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from goldwire.annotate import files
from goldwire.annotate.adoption import adopt
from goldwire.annotate.canonical import ordered
from goldwire.annotate.document import COLLECTIONS, Document
from goldwire.annotate.formats import ledger, lines, prodigy
from goldwire.annotate.formats.graph import PARTS, REFS
from goldwire.annotate.ontology import Ontology

Task = dict[str, Any]

# Recipe -> the view of formats/prodigy.py, and Prodigy's interface for it.
RECIPES = {
    "goldwire.spans": ("spans", "spans_manual"),
    "goldwire.ner": ("ner", "ner_manual"),
    "goldwire.rel": ("rel", "relations"),
    "goldwire.coref": ("coref", "relations"),
}
TYPED = ("actors", "places", "times", "numbers", "events")
LAYERS = {"quotations": ("QUOTE", "CUE", "VERBATIM", "ANAPHOR"), "terms": ("TERM",)}
ARGUMENTS = {
    "dataset": ("Dataset to save annotations to", "positional", None, str),
    "source": ("Goldwire file or folder: annotation lines or records", "positional", None, str),
    "layers": ("Layers to show, with commas: actors,events", "option", "l", str),
    "ontology": ("TOML with labels of your own", "option", "o", str),
    "save": ("Folder for annotation lines, written as answers come", "option", "s", str),
}


def tasks(documents: Iterable[Document], view: str, layers: str = "") -> Iterator[Task]:
    """A task for each document.

    >>> from goldwire.annotate.document import Actor, Mention
    >>> ada = Document("Ada left.", actors=(Actor("a1", "PER", mentions=(Mention("Ada", 0),)),))
    >>> [(s["start"], s["end"], s["label"]) for s in next(tasks([ada], "spans"))["spans"]]
    [(0, 3, 'PER')]
    """
    for document in documents:
        for _, data in prodigy.encode([document], lost=Counter(), view=view, layers=layers):
            yield json.loads(data)


def span_labels(ontology: Ontology, layers: str = "") -> list[str]:
    """The labels that a person may draw in some layers; of all layers if "".

    >>> span_labels(files.ontology(), "terms,quotations")
    ['QUOTE', 'CUE', 'VERBATIM', 'ANAPHOR', 'TERM']
    """
    wanted = {x.strip() for x in layers.split(",") if x.strip()} or {*TYPED, *LAYERS}
    found = [label for name in TYPED if name in wanted for label in _types(ontology, name)]
    return [*found, *(label for name, own in LAYERS.items() if name in wanted for label in own)]


def _types(ontology: Ontology, name: str) -> list[str]:
    held = getattr(ontology, name)
    return [label for label, row in held.items() if not getattr(row, "reserved", False)]


def relation_labels(ontology: Ontology, layers: str = "") -> list[str]:
    """The labels of arrows between the spans of some layers: roles, references and COREF."""
    wanted = {x.strip() for x in layers.split(",") if x.strip()} or set(COLLECTIONS.values())
    roles = [role for event in ontology.events.values() for role in event.roles]
    found = [*roles, *ontology.common_roles, *ontology.links] if "events" in wanted else []
    for kind in (kind for kind, name in COLLECTIONS.items() if name in wanted):
        found += [label for _, label in PARTS.get(kind, {}).values() if label]
        found += [name.upper() for name in REFS.get(kind, ()) if name != "coref"]
    return list(dict.fromkeys(["COREF", *found]))


def components(
    recipe: str, dataset: str, source: str, layers: str = "", ontology: str = "", save: str = ""
) -> dict[str, Any]:
    """What a recipe returns to Prodigy: stream, interface, labels, and what is done with answers."""
    view, interface = RECIPES[recipe]
    labels = files.ontology(ontology)
    sent: dict[int, Task] = {}

    def stream() -> Iterator[Task]:
        for task in tasks(files.iterate(source), view, layers):
            sent[task["_task_hash"]] = task
            yield task

    config: dict[str, Any] = {
        "labels": span_labels(labels, layers),
        "exclude_by": "task",
        "allow_newline_highlight": True,  # a quotation may run over paragraphs
        "show_stats": True,
    }
    if interface == "relations":
        config["relations_span_labels"] = config["labels"]
        config["labels"] = ["COREF"] if view == "coref" else relation_labels(labels, layers)
        config["wrap_relations"] = True
    return {
        "dataset": dataset,
        "stream": stream(),
        "view_id": interface,
        "config": config,
        "before_db": before_db(sent, labels, save),
    }


def before_db(sent: dict[int, Task], ontology: Ontology, save: str) -> Callable[[list[Task]], list[Task]]:
    """What Prodigy calls with answers: each gets back what its view hid, and is saved as annotation lines.

    The answers themselves go to the database as they are. An answer that cannot be read raises
    ProblemError with the sentence, before anything is stored.
    """

    def stored(answers: list[Task]) -> list[Task]:
        whole = []
        for answer in answers:
            kept = sent.get(answer.get("_task_hash", 0), {}).get(ledger.KEY)
            whole.append(answer if ledger.KEY in answer or kept is None else {**answer, ledger.KEY: kept})
        for document in read_back(whole, ontology):
            if save:
                name = f"{document.meta.doc_id or 'document'}.jsonl"
                files.write_bytes(files.inside(save, name), lines.write(ordered(document)))
        return whole

    return stored


def read_back(answers: Iterable[Task], ontology: Ontology) -> list[Document]:
    """The documents of accepted answers; spans drawn anew become objects where their label says of what."""
    import io

    data = b"".join(json.dumps(answer).encode() + b"\n" for answer in answers)
    found = prodigy.decode({"answers.jsonl": io.BytesIO(data)}, answer="accept")
    return [adopt(document, ontology) for document in found]


def reviewed(
    sides: Sequence[tuple[str, Sequence[Document]]], view: str, interface: str, layers: str = ""
) -> Iterator[Task]:
    """A task for each document that all annotators have, with a version of each; equal versions are one.

    The task itself is the first version; what is hidden comes back from there.
    """
    by_name = [(who, {d.meta.doc_id: d for d in documents}) for who, documents in sides]
    for doc_id in by_name[0][1]:
        if not all(doc_id in documents for _, documents in by_name):
            continue
        versions: list[Task] = []
        for who, documents in by_name:
            task = next(tasks([documents[doc_id]], view, layers))
            same = next((v for v in versions if _shown(v) == _shown(task)), None)
            if same is not None:
                same["sessions"].append(who)
            else:
                versions.append({**task, "sessions": [who], "default": not versions})
        first = {k: v for k, v in versions[0].items() if k not in ("sessions", "default")}
        everybody = [who for who, _ in by_name]
        yield {**first, "versions": versions, "sessions": everybody, "view_id": interface}


def _shown(task: Task) -> Any:
    spans = [(s["start"], s["end"], s["label"]) for s in task["spans"]]
    ends = ("head_span", "child_span")
    arrows = [
        (r["label"], *((r[e]["start"], r[e]["end"], r[e]["label"]) for e in ends))
        for r in task.get("relations", [])
    ]
    return sorted(spans), sorted(arrows)


def review(
    dataset: str, sources: str, view: str = "spans", layers: str = "", ontology: str = "", save: str = ""
) -> dict[str, Any]:
    """Components of ``goldwire.review``: the files of several annotators, with commas, side by side."""
    labels = files.ontology(ontology)
    interface = {row[0]: row[1] for row in RECIPES.values()}[view]
    sides = [(Path(path).stem, files.read(path)) for path in sources.split(",")]
    found = list(reviewed(sides, view, interface, layers))
    sent = {task["_task_hash"]: task for task in found}
    return {
        "dataset": dataset,
        "stream": iter(found),
        "view_id": "review",
        "config": {"labels": span_labels(labels, layers), "allow_newline_highlight": True},
        "before_db": before_db(sent, labels, save),
    }


def _command(name: str) -> Callable[..., Any]:
    """The function of a recipe, with the arguments that Prodigy reads off it."""

    def command(
        dataset: str, source: str, layers: str = "", ontology: str = "", save: str = ""
    ) -> dict[str, Any]:
        return components(name, dataset, source, layers, ontology, save)

    return command


def register(recipe: Callable[..., Any]) -> None:
    """Make the recipes known; ``recipe`` is Prodigy's decorator."""
    for name in RECIPES:
        recipe(name, **ARGUMENTS)(_command(name))
    more = {
        "sources": ("The annotators' files, with commas", "positional", None, str),
        "view": ("spans, ner, rel or coref", "option", "v", str),
    }
    own = {k: ARGUMENTS[k] for k in ("dataset", "layers", "ontology", "save")}
    recipe("goldwire.review", **own, **more)(review)


if __name__ == "__main__":
    print(__file__)
else:
    try:
        from prodigy import recipe as _recipe
    except ImportError:  # everything but the registration can be used without it
        pass
    else:
        register(_recipe)
