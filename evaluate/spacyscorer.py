"""A scorer for spaCy's ``config.cfg``: every metric of goldwire over a pipeline's Docs.

    [components.ner]
    factory = "ner"
    scorer = {"@scorers": "goldwire.scorer.v1", "layers": ["spans"], "match": "exact"}

    [training.score_weights]
    spans.span_f = 1.0

What stands in a Doc is said in ``annotate/formats/spacyjson.py``: the layers of
goldwire's own components, entities, and groups of spans.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import isnan
from typing import Any

Scorer = Callable[..., dict[str, float | None]]


def make_scorer(layers: list[str] | None = None, match: str = "exact") -> Scorer:
    """The scorer that a config names; ``layers`` and ``match`` as for ``goldwire.score``."""

    def scorer(examples: Iterable[Any], **settings: Any) -> dict[str, float | None]:
        return spacy_score(examples, layers=layers, match=match)

    return scorer


def spacy_score(
    examples: Iterable[Any], *, layers: list[str] | None = None, match: str = "exact"
) -> dict[str, float | None]:
    """Score spaCy's examples: ``METRIC_p``, ``METRIC_r``, ``METRIC_f``, None where not defined.

    >>> import spacy
    >>> from spacy.training import Example
    >>> nlp = spacy.blank("en")
    >>> gold = {"entities": [(0, 3, "PERSON"), (8, 11, "PERSON")]}
    >>> example = Example.from_dict(nlp("Ada met Bob"), gold)
    >>> example.predicted.ents = [example.predicted.char_span(0, 3, "PERSON")]
    >>> spacy_score([example])["spans.span_r"]
    0.5
    """
    from msgspec.structs import replace

    from goldwire.annotate.document import Meta
    from goldwire.evaluate.scores import score
    from goldwire.evaluate.systems.host import of_spacy

    # Texts may repeat, so documents are told apart by their number.
    sides: tuple[list[Any], list[Any]] = ([], [])
    for number, example in enumerate(examples):
        for side, doc in zip(sides, (example.reference, example.predicted), strict=True):
            side.append(replace(of_spacy(doc), meta=Meta(str(number))))
    found: dict[str, float | None] = {}
    scores = score(*sides, layers=layers, match=match)
    for metric, way in scores.tallies:
        for name, rate in zip("prf", scores.counts(metric, way).rates(), strict=True):
            found[f"{metric}_{name}"] = None if isnan(rate) else rate
    return found
