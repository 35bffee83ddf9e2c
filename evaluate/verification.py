"""A published score recomputed from its signature, the gold and the predictions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from math import isnan
from os import PathLike
from typing import TYPE_CHECKING, Any

from goldwire import __version__
from goldwire.annotate.document import Document
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate import signature
from goldwire.evaluate.labels import LabelMap
from goldwire.evaluate.scores import Scores, plain, score

if TYPE_CHECKING:
    from goldwire.evaluate.profiles.spread import Profiled

FIGURES = ("precision", "recall", "f1", "low", "high", "p_hit", "p_all", "r_hit", "r_all", "labels")
_NEAR = 1e-12


@dataclass(frozen=True)
class Verification:
    """Whether a score is what it says, and a sentence for everything that differs."""

    equal: bool
    said: tuple[str, ...]
    signature: str  # of what was computed now


def verify(
    published: str,
    gold: Sequence[Document],
    pred: Iterable[Document],
    *,
    rows: Sequence[dict[str, Any]] = (),
    labels: LabelMap | None = None,
    entities: str | PathLike[str] | Mapping[tuple[str, str], str] = "",
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
        message = "is that of a profile: verify_profile computes it again"
        raise ProblemError(Problem("signature", 0, "profile", message))
    layers = None if fields.get("layers", "all") == "all" else _names(fields["layers"])
    method, level, resamples = _interval(fields.get("interval", ""))
    scores = score(
        gold,
        pred,
        layers=layers,
        match=fields.get("match", "exact").split(","),
        labels=labels,
        repair=fields.get("repair", ""),
        align=fields.get("align", ""),
        entities=entities,
        interval=method,
        level=level,
        resamples=resamples,
        seed=int(fields.get("seed") or 7),
        where=where,
    )
    now = signature.read(scores.signature)
    said = [*_other_rules(fields, now), *_other_gold(fields, now), *_other_rows(rows, scores)]
    if fields.get("entities", "") != now.get("entities", ""):
        here, there = (x.get("entities", "(none)") for x in (now, fields))
        said.append(f"the table of entities is {here}, published was {there}")
    same = fields.get("result") == now["result"]
    if not same:
        said.append(f"the result is {now['result']}, published was {fields.get('result', '(none)')}")
    return Verification(not said, (*said, *_other_version(fields, said)), scores.signature)


def verify_profile(
    published: str,
    gold: Sequence[Document],
    pred: Iterable[Document],
    *,
    rows: Mapping[str, Any] | None = None,
    counts: Mapping[str, Sequence[float | None]] | None = None,
    labels: LabelMap | None = None,
    where: str = "prediction",
) -> Verification:
    """The same for the signature of a profile; ``rows`` are the ``results`` of its report.

    ``counts`` are those of the report.

    >>> from goldwire.annotate.document import Event, Mention, Meta
    >>> from goldwire.evaluate.profiles.spread import spread
    >>> gold = [Document("raid", Meta("A"), events=(Event("e1", Mention("raid", 0), "STRIKE"),))]
    >>> line = spread(gold, gold, names=["textee"]).profiles[0].signature
    >>> verify_profile(line, gold, gold).equal, verify_profile(line, gold, []).equal
    (True, False)
    """
    from goldwire.evaluate.profiles.spread import spread

    fields = signature.read(published)
    if (named := fields.get("map", "")) != (labels.name if labels else ""):
        raise ProblemError(
            Problem("signature", 0, "other-map", f"scored under the map {named or '(none)'}, not this one")
        )
    (found,) = spread(
        gold,
        pred,
        names=[fields["profile"]],
        labels=labels,
        repair=fields.get("repair", ""),
        where=where,
    ).profiles
    return _of_profile(fields, found, rows, counts)


def verify_own(
    published: str,
    gold: str,
    pred: str,
    *,
    rows: Mapping[str, Any] | None = None,
    counts: Mapping[str, Sequence[float | None]] | None = None,
) -> Verification:
    """The same for a profile on its reference's own input (``score --own``): two paths."""
    from goldwire.evaluate.profiles.spread import of_own

    fields = signature.read(published)
    (found,) = of_own(gold, pred, [fields["profile"]]).profiles
    return _of_profile(fields, found, rows, counts)


def _of_profile(
    fields: dict[str, str],
    found: Profiled,
    rows: Mapping[str, Any] | None,
    counts: Mapping[str, Sequence[float | None]] | None,
) -> Verification:
    now = signature.read(found.signature)
    said = [*_other_rules(fields, now), *_other_gold(fields, now)]
    four = ("p_hit", "p_all", "r_hit", "r_all")
    published = {name: dict(zip(four, row, strict=True)) for name, row in (counts or {}).items()}
    for there, here in (
        (rows or {}, {name: rates._asdict() for name, rates in found.results.items()}),
        (published, {name: dict(zip(four, astuple(row), strict=True)) for name, row in found.counts.items()}),
    ):
        for name, row in there.items():
            if name not in here:
                said.append(f"{name}: there is no such row now")
                continue
            for figure, a in row.items():
                b = here[name][figure]
                if (a is None) != isnan(b) or (a is not None and abs(a - b) > _NEAR):
                    said.append(f"{name}: {figure} is {b}, published was {a}")
    if fields.get("result") != now["result"]:
        said.append(f"the result is {now['result']}, published was {fields.get('result', '(none)')}")
    return Verification(not said, (*said, *_other_version(fields, said)), found.signature)


def _other_rules(published: dict[str, str], now: dict[str, str]) -> list[str]:
    """The rules that goldwire has but one of, where a signature names another one."""
    return [
        f"the rule of {key} is {now.get(key, '(none)')}, published was {published.get(key, '(none)')}"
        for key in signature.FIXED
        if published.get(key) != now.get(key)
    ]


def _other_version(published: dict[str, str], said: Sequence[str]) -> list[str]:
    """Which version to install, where something differs and the version does."""
    version = published["goldwire"]
    if not said or version == __version__:
        return []
    return [f"this is goldwire {__version__}; published with {version}: pip install 'goldwire=={version}'"]


def _names(layers: str) -> list[str]:
    """The names of layers and metrics in a signature; a comma within brackets divides none.

    >>> _names("actors,events.argument(typed=False, by=span)")
    ['actors', 'events.argument(typed=False, by=span)']
    """
    return re.split(r",(?![^(]*\))", layers)


def _interval(written: str) -> tuple[str, float, int]:
    """Method, level and resamples as a signature has them; raises ProblemError.

    >>> _interval("percentile-0.95-10000")
    ('percentile', 0.95, 10000)
    """
    if not written:
        return "", 0.95, 10_000
    try:
        method, level, resamples = written.split("-")
        return method, float(level), int(resamples)
    except ValueError:
        message = f"interval:{written} is not METHOD-LEVEL-RESAMPLES"
        raise ProblemError(Problem("signature", 0, "no-signature", message)) from None


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
