"""A published score recomputed from its signature, the gold and the predictions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from goldwire import __version__
from goldwire.annotate.document import Document
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate import signature
from goldwire.evaluate.labels import LabelMap
from goldwire.evaluate.scores import Scores, plain, score

FIGURES = ("precision", "recall", "f1", "p_hit", "p_all", "r_hit", "r_all")
_NEAR = 1e-9


@dataclass(frozen=True)
class Verification:
    """Whether a score is what it says, and a sentence for everything that differs."""

    equal: bool
    said: tuple[str, ...]
    scores: Scores


def verify(
    published: str,
    gold: Sequence[Document],
    pred: Iterable[Document],
    *,
    rows: Sequence[dict[str, Any]] = (),
    labels: LabelMap | None = None,
    where: str = "prediction",
) -> Verification:
    """Compute what a signature names once more, and compare: the digest, and the ``rows`` of a report.

    Raises ProblemError for a signature that is none, and where it names a label map other than ``labels``.

    >>> from goldwire.annotate.document import Event, Mention, Meta
    >>> gold = [Document("raid", Meta("A"), events=(Event("e1", Mention("raid", 0), "STRIKE"),))]
    >>> line = score(gold, gold, layers=["events"]).signature
    >>> verify(line, gold, gold).equal, verify(line, gold, [Document("raid", Meta("A"))]).equal
    (True, False)
    """
    fields = signature.read(published)
    if (named := fields.get("map", "")) != (labels.name if labels else ""):
        raise ProblemError(
            Problem("signature", 0, "other-map", f"scored under the map {named or '(none)'}, not this one")
        )
    if "profile" in fields:
        message = f"goldwire score --profile {fields['profile']} prints one to compare it with"
        raise ProblemError(Problem("signature", 0, "profile", f"is that of a profile; {message}"))
    layers = None if fields.get("layers", "all") == "all" else fields["layers"].split(",")
    scores = score(
        gold,
        pred,
        layers=layers,
        match=fields.get("match", "exact").split(","),
        labels=labels,
        repair=fields.get("repair", ""),
        align=fields.get("align", ""),
        where=where,
    )
    now = signature.read(scores.signature)
    said = [*_other_gold(fields, now), *_other_rows(rows, scores)]
    same = fields.get("result") == now["result"]
    if not same:
        said.append(f"the result is {now['result']}, published was {fields.get('result', '(none)')}")
    if said and fields["goldwire"] != __version__:
        said.append(
            f"this is goldwire {__version__}; published with {fields['goldwire']}: "
            f"pip install 'goldwire=={fields['goldwire']}'"
        )
    return Verification(not said, tuple(said), scores)


def _other_gold(published: dict[str, str], now: dict[str, str]) -> list[str]:
    name, _, sha = published.get("gold", "").rpartition("+")
    here = now["gold"].rpartition("+")[2]
    if sha == here:
        return []
    hint = f"; {name} comes with another version of goldwire" if name else ""
    return [f"the gold is {here}, published against {sha or '(none)'}{hint}"]


def _other_rows(rows: Sequence[dict[str, Any]], scores: Scores) -> list[str]:
    """The rows of a report that come out differently now."""
    keys = ("metric", "match", "label", "document")
    by = "document" if any(row.get("document") for row in rows) else "label"
    now = {tuple(row[k] for k in keys): row for row in map(plain, scores.rows(by=by))}
    said = []
    for row in rows:
        name = tuple(row.get(k, "") for k in keys)
        other = now.get(name)
        if other is None:
            said.append(f"{' '.join(filter(None, name))}: there is no such row now")
            continue
        for figure in FIGURES:
            a, b = row.get(figure), other[figure]
            if (a is None) != (b is None) or (a is not None and abs(a - b) > _NEAR):
                said.append(f"{' '.join(filter(None, name))}: {figure} is {b}, published was {a}")
    return said
