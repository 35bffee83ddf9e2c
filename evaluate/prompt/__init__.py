"""The guidelines, the labels and the schema of the answer as a prompt for a language model.

What a person reads, a model reads: the pages of the layers asked for, with their
tables. Within a budget of tokens, pieces are left out in a stated order, and named:
examples from the last to the first, then checklists, then ambiguities, then
sections from the last to the first. The task, the labels and the schema stay.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from goldwire.annotate.document import Document
from goldwire.annotate.ontology import Ontology
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate.prompt.guidelines import Section, sections
from goldwire.evaluate.prompt.schema import COLLECTIONS_OF, LAYERS, answer_schema
from goldwire.evaluate.prompt.tokens import Counter, counter

# Layer -> the pages that say how it is annotated.
PAGES = {
    "actors": ("spans.md", "actors.md"),
    "places": ("spans.md", "actors.md"),
    "times": ("spans.md", "numbers.md"),
    "numbers": ("spans.md", "numbers.md"),
    "quotations": ("spans.md", "quotations.md"),
    "events": ("spans.md", "events.md", "identity.md"),
}
_TASK = """You annotate a news text. Read the guidelines below; answer with one JSON object, nothing else.

- Annotate {layers}: everything of these layers that the text holds, and nothing that it does not hold.
- Copy every string exactly as it stands in the text: letters, case, punctuation. Never give offsets.
- Sentences are numbered in brackets; the numbers are not part of the text. Where a string stands more
  than once, write {{"text": "…", "sentence": N}}.
- Give every object an id (a1, p1, t1, n1, q1, e1 …); refer to other objects by their ids.
- Leave out fields that have nothing to say. Use only the labels listed."""


class Prompt(NamedTuple):
    """A prompt, its size, by whose count, and what had to be left out."""

    text: str
    tokens: int
    counted_by: str
    left_out: tuple[str, ...]


class _Piece(NamedTuple):
    """A stretch of the prompt; the greater ``rank``, the sooner it is left out; 0 stays."""

    name: str
    text: str
    rank: int


def render(
    ontology: Ontology,
    pages: Mapping[str, str],
    layers: Sequence[str] = LAYERS,
    *,
    examples: bool = True,
    budget: int = 0,
    counts: Counter | None = None,
) -> Prompt:
    """The instructions for some layers, in at most ``budget`` tokens (0: no limit).

    ``pages`` maps names of pages to their Markdown. Raises ProblemError for a layer that
    there is not, and for a budget that the task, labels and schema alone exceed.
    """
    unknown = [layer for layer in layers if layer not in LAYERS]
    if unknown or not layers:
        raise ProblemError(Problem("prompt", 0, "layer", f"layers are {', '.join(LAYERS)}, not {unknown}"))
    counts = counts or counter()
    pieces = list(_pieces(ontology, pages, layers, examples))
    left_out: list[str] = []
    sizes = [counts.count(p.text) + 1 for p in pieces]  # a line break joins them
    while budget and sum(sizes) > budget:
        worst = max(range(len(pieces)), key=lambda i: (pieces[i].rank, i))
        if pieces[worst].rank == 0:
            needed = f"task, labels and schema alone take {sum(sizes)} of {budget} tokens ({counts.name})"
            raise ProblemError(Problem("prompt", 0, "budget", needed))
        left_out.append(pieces[worst].name)
        del pieces[worst], sizes[worst]
    text = "\n\n".join(p.text for p in pieces) + "\n"
    return Prompt(text, counts.count(text), counts.name, tuple(left_out))


def _pieces(
    ontology: Ontology, pages: Mapping[str, str], layers: Sequence[str], examples: bool
) -> Iterator[_Piece]:
    yield _Piece("task", _TASK.format(layers=", ".join(layers)), 0)
    yield _Piece("labels", "# Labels\n\n" + _labels(ontology, layers), 0)
    for name in dict.fromkeys(page for layer in layers for page in PAGES[layer]):
        if name in pages:
            for section in sections(name, pages[name]):
                yield from _of_section(section, layers, examples)
    schema = json.dumps(answer_schema(ontology, layers), ensure_ascii=False)
    yield _Piece("schema", f"# JSON Schema of the answer\n\n```json\n{schema}\n```", 0)


def _of_section(section: Section, layers: Sequence[str], examples: bool) -> Iterator[_Piece]:
    name = f"{section.page}: {section.title}"
    rank = 1
    if section.title.lower() == "checklist":
        rank = 3
    elif "ambiguit" in section.title.lower():
        rank = 2
    yield _Piece(name, f"{'#' * section.level} {section.title}\n\n{section.body}".strip(), rank)
    wanted = {collection for layer in layers for collection in COLLECTIONS_OF[layer]}
    for n, (text, answer) in enumerate(section.examples if examples else (), 1):
        shown = {k: v for k, v in json.loads(answer).items() if k in wanted}
        if shown:
            said = json.dumps(shown, ensure_ascii=False)
            yield _Piece(f"{name}: example {n}", f"Example. Text: {text}\nAnswer: {said}", 4)


def _labels(ontology: Ontology, layers: Sequence[str]) -> str:
    """The labels of the layers with their definitions, and the roles of each event type."""
    lines: list[str] = []
    for layer in layers:
        table = getattr(ontology, layer, {})
        if layer == "events":
            lines += list(_event_types(ontology))
        elif table:
            lines += [f"{layer}:", *(f"- {label}: {entry.definition}" for label, entry in table.items())]
        for field, closed in ontology.closed.items():
            if field.split(".")[0] in COLLECTIONS_OF[layer]:
                lines += [f"{field}:", *(f"- {label}: {said}" for label, said in closed.items())]
    return "\n".join(lines)


def _event_types(ontology: Ontology) -> Iterator[str]:
    yield "events:"
    for label, entry in ontology.events.items():
        if entry.reserved:
            continue
        roles = ", ".join(f"{role} ({'/'.join(r.fillers)})" for role, r in ontology.roles(label).items())
        details = "".join(f"; {name}: {'|'.join(values)}" for name, values in entry.details.items())
        yield f"- {label}: {entry.definition} Roles: {roles}{details}"


def user_message(document: Document) -> str:
    """The text as the model is shown it: its sentences, numbered from 1.

    >>> from goldwire.annotate.document import Segment
    >>> segments = (Segment("g1", 0, 9), Segment("g2", 10, 18))
    >>> print(user_message(Document("Ada left. Bo came.", segments=segments)))
    [1] Ada left.
    [2] Bo came.
    """
    bounds = [(s.start, s.end) for s in document.segments] or [(0, len(document.text))]
    return "\n".join(f"[{n}] {document.text[a:b]}" for n, (a, b) in enumerate(bounds, 1))
