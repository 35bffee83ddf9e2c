"""One system under many profiles: what each published scorer would say, and how far they lie apart."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from math import isnan
from typing import Any

import msgspec

from goldwire.annotate import files
from goldwire.annotate.document import Document
from goldwire.annotate.ontology import Ontology
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate import signature
from goldwire.evaluate.assignment import TooLargeError
from goldwire.evaluate.counts import Counts, Rates
from goldwire.evaluate.documents import named, pair
from goldwire.evaluate.labels import LabelMap, typed
from goldwire.evaluate.profiles.profile import Profile, Results, Rows
from goldwire.evaluate.profiles.table import KINDS, PROFILES


@dataclass(frozen=True)
class Profiled:
    """What one profile says of a system: its results, or the sentence why it has none."""

    profile: Profile
    results: Results
    refused: str
    signature: str
    counts: Rows

    @property
    def headline(self) -> Rates | None:
        """The result that papers quote, if there is one."""
        return self.results.get(self.profile.headline)

    @property
    def f1(self) -> float | None:
        """The headline's F1 where it is defined."""
        return None if self.headline is None or isnan(self.headline.f1) else self.headline.f1

    @property
    def base(self) -> str:
        """The name without ``+fixed``."""
        return self.profile.name.removesuffix("+fixed")


@dataclass(frozen=True)
class Spread:
    """All profiles asked for, in the order of the table, and what was not scored."""

    profiles: tuple[Profiled, ...]
    documents: tuple[str, ...]
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def ranges(self) -> dict[str, tuple[Profiled, Profiled]]:
        """The profiles with the lowest and the highest headline F1 of each kind, where two have any."""
        found: dict[str, tuple[Profiled, Profiled]] = {}
        for kind, names in KINDS.items():
            scored = [p for p in self.profiles if p.base in names.split() and p.f1 is not None]
            if len(scored) > 1:
                found[kind] = min(scored, key=_f1), max(scored, key=_f1)
        return found

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; what is not defined is None."""
        return {
            "documents": list(self.documents),
            "missing": list(self.missing),
            "unknown": list(self.unknown),
            "ranges": {kind: {p.profile.name: p.f1 for p in both} for kind, both in self.ranges().items()},
            "profiles": [
                {
                    "profile": p.profile.name,
                    "reference": p.profile.reference,
                    "headline": p.profile.headline,
                    "refused": p.refused,
                    "results": {name: _plain(rates) for name, rates in p.results.items()},
                    "counts": {name: _four(row) for name, row in p.counts.items()},
                    "signature": p.signature,
                }
                for p in self.profiles
            ],
        }


def profile(name: str) -> Profile:
    """The profile of that name; raises ProblemError that lists those there are.

    >>> profile("nervaluate-1.2").reference
    'nervaluate 1.2.1'
    """
    if name not in PROFILES:
        message = f"the profiles are {', '.join(PROFILES)}"
        raise ProblemError(Problem(name, 0, "unknown-profile", message))
    return PROFILES[name]


def spread(
    gold: Iterable[Document],
    pred: Iterable[Document],
    *,
    names: Sequence[str] = (),
    labels: LabelMap | None = None,
    ontology: Ontology | None = None,
    gold_name: str = "",
    repair: str = "",
    where: str = "prediction",
) -> Spread:
    """Score a system under profiles (all of them by default), as ``score`` pairs and translates.

    ``gold_name`` and ``repair`` only stand in the signatures.

    >>> from goldwire.annotate.document import Event, Mention, Meta
    >>> raid, talk = Event("e1", Mention("raid", 4), "STRIKE"), Event("e2", Mention("talk", 9), "MEET")
    >>> gold = [Document("The raid talk", Meta("A"), events=(raid, talk))]
    >>> pred = [Document("The raid talk", Meta("A"), events=(raid, raid))]
    >>> two = spread(gold, pred, names=("textee", "textee+fixed")).profiles
    >>> [p.results["trigger_cls"].precision for p in two]
    [1.0, 0.5]
    """
    chosen = [profile(name) for name in names or PROFILES]
    paired = pair(gold, pred, where=where)
    golds, preds = ([side for side, _ in paired.documents], [side for _, side in paired.documents])
    both = typed(golds, preds, ontology or files.ontology(), labels)
    pairs = list(zip(both.gold, both.pred, strict=True))
    about = {
        "gold": f"{gold_name}+sha256.{signature.digest(golds)[:12]}".lstrip("+"),
        "map": labels.name if labels else "",
        "repair": repair,
    }
    return Spread(
        tuple(_profiled(p, partial(p.rows, pairs), about) for p in chosen),
        tuple(named(g, i) for i, (g, _) in enumerate(paired.documents)),
        paired.missing,
        paired.unknown,
    )


def of_own(gold: str, pred: str, names: Sequence[str]) -> Spread:
    """Profiles over files of their references' own input (``own.py``, ``ownfiles.py``).

    Raises ProblemError for a profile without such input, and for files that are no such input.
    """
    from goldwire.evaluate.profiles import own, ownfiles

    found: list[Profiled] = []
    for name in names:
        chosen, shape = profile(name), own.shape(name)
        sides = ownfiles.read(gold, shape), ownfiles.read(pred, shape)
        digest = f"own+sha256.{hashlib.sha256(msgspec.json.encode(sides[0])).hexdigest()[:12]}"
        found.append(_profiled(chosen, partial(own.rows, name, *sides), {"gold": digest}))
    return Spread(tuple(found), ())


def _profiled(chosen: Profile, count: Callable[[], Rows], about: Mapping[str, str]) -> Profiled:
    refused = ""
    rows: Rows = {}
    try:
        rows = count()
    except TooLargeError as error:  # of one profile, while the others have a figure
        refused = str(error)
    except ProblemError:
        raise
    except ValueError as error:
        refused = str(error)
    results = {} if refused else chosen.finish(rows)
    figures = [(name, *(f"{x:.9g}" for x in rates)) for name, rates in results.items()]
    # The rules of the profile are the program's own, so goldwire's fixed ones are not in its signature.
    line = signature.write(
        {
            **about,
            "profile": chosen.name,
            "zero": "",
            "duplicates": "",
            "average": "",
            "result": signature.result(figures),
        }
    )
    return Profiled(chosen, results, refused, line, rows)


def _f1(profiled: Profiled) -> float:
    return profiled.f1 or 0.0


def _plain(rates: Rates) -> dict[str, float | None]:
    return {name: None if isnan(x) else x for name, x in rates._asdict().items()}


def _four(row: Counts) -> list[float | None]:
    return [None if isnan(x) else x for x in astuple(row)]
