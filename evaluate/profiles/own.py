"""Profiles on the input that their references take: tags, token offsets, clusters, templates, not documents.

A side is a list with a document each, or a mapping of document names to documents; what a
document is, each profile says (`shapes.SHAPES`). `ownfiles.py` reads sides from files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate import templates
from goldwire.evaluate.counts import Counts, Four
from goldwire.evaluate.profiles import (
    ace,
    adaptors,
    brat,
    chains,
    historical,
    linking,
    measurements,
    muc4,
    nuggets,
    quoting,
    semeval,
    shapes,
    tagging,
)
from goldwire.evaluate.profiles.adaptors import Counted
from goldwire.evaluate.profiles.profile import Results, summed
from goldwire.evaluate.profiles.table import PROFILES

Side = Sequence[Any] | Mapping[str, Any]
Counting = Callable[[list[Any], list[Any]], Counted]

_NOTHING: dict[str, Any] = {"nuggets": {}, "speakers": {}}


@dataclass(frozen=True)
class Own:
    """What a reference takes for a document (a key of `shapes.SHAPES`), and how all documents are counted."""

    shape: str
    count: Counting


def _each(count: Callable[[Any, Any], Counted]) -> Counting:
    return lambda gold, pred: summed(count(g, p) for g, p in zip(gold, pred, strict=True))


def _named(prefix: str, count: Callable[[Any, Any], Counted]) -> Counting:
    return _each(lambda g, p: {f"{prefix} {name}": row for name, row in count(g, p).items()})


def _schemes(count: Callable[[Any, Any, str], semeval.Categories]) -> Own:
    return Own("spans", _each(partial(adaptors.scheme_rows, count)))


def _events(count: Callable[[Any, Any], Counted], *names: str) -> Own:
    return Own(
        "events", _each(lambda g, p: {n: r for n, r in count(g, p).items() if not names or n in names})
    )


def _corefud(gold: Any, pred: Any, *, singletons: bool) -> Counted:
    if not singletons:
        gold, pred = ([c for c in side if len(dict.fromkeys(c)) > 1] for side in (gold, pred))
    return chains.corefud(gold, pred)


def _whole(count: Callable[[Any, Any], Four]) -> Own:
    return Own("templates", _each(lambda g, p: {"all": count(g, p)}))


def _gender_gap(*, fixed: bool) -> Own:
    return Own("sfu", _each(partial(adaptors.gender_gap_rows, fixed=fixed)))


def _nuggets(*, fixed: bool) -> Own:
    return Own("nuggets", _each(lambda g, p: nuggets.nuggets(g[0], p[0], g[1], p[1], fixed=fixed)))


def _linked(*, fixed: bool) -> Own:
    def rows(gold: list[Any], pred: list[Any]) -> Counted:
        g, p = ([x for one in side for x in one] for side in (gold, pred))
        return {**linking.sets(g, p, fixed=fixed), **linking.clusters(g, p)}

    return Own("linked", rows)


def _hipe(count: Callable[..., Counted]) -> Own:
    def rows(gold: list[Any], pred: list[Any]) -> Counted:
        sides = [
            [[semeval.Item(a, b + 1, label) for label, a, b in tagging.strict(tags)] for tags in side]
            for side in (gold, pred)
        ]
        labels = frozenset(x.label for g in sides[0] for x in g)
        return summed(count(g, p, labels) for g, p in zip(*sides, strict=True))

    return Own("tags", rows)


_STRICT = partial(tagging.seqeval, chunks=tagging.strict)
OWN: dict[str, Own] = {
    "semeval2013": _schemes(semeval.optimal),
    "nervaluate-1.2": _schemes(semeval.greedy),
    "nervaluate-1.2+fixed": _schemes(semeval.optimal),
    "seqeval": Own("tags", tagging.seqeval),
    "seqeval-strict": Own("tags", _STRICT),
    "conlleval": Own("tags", tagging.conlleval),
    "spacy-spans": Own("spans", _each(ace.spacy_spans)),
    "spacy-spans+fixed": Own("spans", _each(ace.spans_fixed)),
    "ace-li2013": _events(ace.textee, "trigger_id", "trigger_cls", "argument_id", "argument_cls"),
    "ace-li2013+fixed": _events(ace.textee_fixed, "trigger_id", "trigger_cls", "argument_id", "argument_cls"),
    "textee": _events(ace.textee),
    "textee+fixed": _events(ace.textee_fixed),
    "textee-attached": _events(ace.textee),
    "textee-attached+fixed": _events(ace.textee_fixed),
    "oneie": _events(ace.oneie),
    "oneie+fixed": _events(ace.textee_fixed, "trigger_id", "trigger_cls", "argument_id", "argument_cls"),
    "conll-v8.01": Own("clusters", _named("coref", chains.reference)),
    "conll-v8.01+fixed": Own("clusters", _named("coref", adaptors.ours)),
    "corefud": Own("chains", _named("coref", partial(_corefud, singletons=False))),
    "corefud+fixed": Own("chains", _named("coref", partial(_corefud, singletons=True))),
    "lea": Own("chains", _named("coref", chains.coval)),
    "lea+fixed": Own("clusters", _named("coref", adaptors.ours)),
    "ceaf-ree": Own("templates", _each(adaptors.ree)),
    "ceaf-ree+fixed": Own("templates", _each(adaptors.ree_fixed)),
    "gtt": _whole(muc4.gtt),
    "gtt+fixed": Own("templates", _each(adaptors.whole_fixed(templates.template_f1))),
    "ceaf-rme-phi3": _whole(partial(muc4.ceaf_rme, phi3=True)),
    "ceaf-rme-phi3+fixed": Own(
        "templates",
        _each(adaptors.whole_fixed(partial(templates.ceaf_rme, similarity=templates.common))),
    ),
    "ceaf-rme-subset": _whole(partial(muc4.ceaf_rme, phi3=False)),
    "ceaf-rme-subset+fixed": Own(
        "templates",
        _each(adaptors.whole_fixed(partial(templates.ceaf_rme, similarity=templates.within))),
    ),
    "german-quotes-2024": Own("german", _each(quoting.german)),
    "german-quotes-2024+fixed": Own("german", _each(partial(quoting.german, fixed=True))),
    "kbp-nugget-2017": _nuggets(fixed=False),
    "kbp-nugget-2017+fixed": _nuggets(fixed=True),
    "measeval-2021": Own("quantities", _each(measurements.measeval)),
    "measeval-2021+fixed": Own("quantities", _each(partial(measurements.measeval, fixed=True))),
    "brateval": Own("brat", _each(partial(adaptors.brateval_rows, brat.brateval))),
    "brateval+fixed": Own("brat", _each(partial(adaptors.brateval_rows, brat.brateval_fixed))),
    "hipe": _hipe(historical.hipe),
    "hipe+fixed": _hipe(historical.hipe_fixed),
    "neleval": _linked(fixed=False),
    "neleval+fixed": _linked(fixed=True),
    "gender-gap-tracker": _gender_gap(fixed=False),
    "gender-gap-tracker+fixed": _gender_gap(fixed=True),
    "booknlp-b3": Own("speakers", _each(lambda g, p: {"b3": chains.booknlp(g, p)})),
    "booknlp-b3+fixed": Own("speakers", _each(lambda g, p: {"b3": chains.booknlp_fixed(g, p)})),
}


def score(name: str, gold: Side, pred: Side) -> Results:
    """What a profile reports on its reference's own input (`shapes.SHAPES`).

    Documents pair by their places in two lists, or by their names in two mappings.
    Documents that were not predicted count as empty, those that gold does not have are left out. Raises
    ProblemError for a profile without such input, and for input of another shape.

    >>> gold, pred = [["B-PER", "I-PER", "O"]], [["I-PER", "I-PER", "O"]]
    >>> [score(name, gold, pred)["micro"].f1 for name in ("seqeval", "seqeval-strict")]
    [1.0, 0.0]
    """
    return PROFILES[name].finish(rows(name, gold, pred))


def rows(name: str, gold: Side, pred: Side) -> dict[str, Counts]:
    """The counts behind `score`, by the name of the result.

    >>> rows("lea", [[["a", "b"], ["c"]]], [[["a", "b", "c"]]])["coref lea"]
    Counts(p_hit=1.0, p_all=3, r_hit=2.0, r_all=3)
    """
    shape(name)
    own = OWN[name]
    sides = paired(own.shape, gold, pred)
    shaped: list[list[Any]] = []
    for where, side in zip(("gold", "pred"), sides, strict=True):
        shaped.append(
            [shapes.shaped(own.shape, one, f"{where}, document {n}") for n, one in enumerate(side, 1)]
        )
    return {row: Counts(*four) for row, four in own.count(*shaped).items()}


def shape(name: str) -> str:
    """What the reference of a profile takes for a document: a key of `shapes.SHAPES`; raises ProblemError.

    >>> shape("gtt")
    'templates'
    """
    if name not in OWN:
        message = f"takes documents alone; of their own input there are {', '.join(OWN)}"
        raise ProblemError(Problem(name, 0, "own-input", message))
    return OWN[name].shape


def paired(shape: str, gold: Side, pred: Side) -> tuple[list[Any], list[Any]]:
    """Both sides as lists of documents that answer each other."""
    gold, pred = _listed(shape, gold), _listed(shape, pred)
    if isinstance(gold, Mapping) and isinstance(pred, Mapping):
        return list(gold.values()), [pred.get(name, _NOTHING.get(shape, [])) for name in gold]
    if isinstance(gold, Mapping) or isinstance(pred, Mapping):
        raise ProblemError(
            Problem("pred", 0, "own-input", "one side names its documents, the other does not")
        )
    if len(gold) != len(pred):
        message = f"holds {len(pred)} documents, gold {len(gold)}; name them where some are missing"
        raise ProblemError(Problem("pred", 0, "own-input", message))
    return list(gold), list(pred)


def _listed(shape: str, side: Any) -> Any:
    """A side as documents, where it may also be a single one (or, of tags, a single sentence)."""
    single = {
        "speakers": isinstance(side, Mapping) and not any(isinstance(x, Mapping) for x in side.values()),
        "sfu": isinstance(side, list) and bool(side) and all(isinstance(x, Mapping) for x in side),
        "nuggets": isinstance(side, Mapping) and "nuggets" in side,
        "linked": isinstance(side, list)
        and (not side or (isinstance(side[0], list) and bool(side[0]) and not isinstance(side[0][0], list))),
        "tags": isinstance(side, list) and bool(side) and all(isinstance(x, str) for x in side),
    }
    return [side] if single.get(shape, False) else side
