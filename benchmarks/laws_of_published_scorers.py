"""Which published scorers break which law of scoring, with the smallest input that shows it.

    python benchmarks/laws_of_published_scorers.py [--write docs/laws-of-published-scorers.md]

Scorers that are installed run themselves (nervaluate, seqeval, spaCy: the extras ``test`` and
``spacy``); the others are goldwire's profiles of them, each proved against its reference elsewhere.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from goldwire.evaluate import laws
from goldwire.evaluate.laws import world
from goldwire.evaluate.laws.calling import CannotExpressError
from goldwire.evaluate.metrics import METRICS
from goldwire.evaluate.profiles.table import PROFILES

Spans = list[list[tuple[int, int, str]]]
WORDS = len(world.WORDS)


def nervaluate(scheme: str) -> Callable[[Spans, Spans], Any]:
    from nervaluate import Evaluator

    def score(gold: Spans, pred: Spans) -> Any:
        sides = [
            [[{"label": x, "start": s, "end": e - 1} for s, e, x in d] for d in side] for side in (gold, pred)
        ]
        return Evaluator(*sides, tags=list(world.LABELS), loader="dict").evaluate()["overall"][scheme]

    return score


def tags(spans: list[tuple[int, int, str]]) -> list[str]:
    """IOB2; what overlaps cannot be written so."""
    found = ["O"] * WORDS
    for start, end, label in spans:
        if any(tag != "O" for tag in found[start:end]):
            raise CannotExpressError("overlapping spans as tags")
        found[start:end] = [f"B-{label}", *[f"I-{label}"] * (end - start - 1)]
    return found


def seqeval(**options: Any) -> Callable[[Spans, Spans], Any]:
    import warnings

    from seqeval.metrics import f1_score, precision_score, recall_score

    def score(gold: Spans, pred: Spans) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sides = [[tags(d) for d in side] for side in (gold, pred)]
            return tuple(f(*sides, **options) for f in (precision_score, recall_score, f1_score))

    return score


def spacy_spans() -> Callable[[Spans, Spans], Any]:
    import spacy
    from spacy.scorer import Scorer
    from spacy.tokens import Doc, Span
    from spacy.training import Example

    vocabulary = spacy.blank("en").vocab

    def doc(spans: list[tuple[int, int, str]]) -> Doc:
        made = Doc(vocabulary, words=list(world.WORDS))
        made.spans["sc"] = [Span(made, s, e, label=x) for s, e, x in spans]
        return made

    def score(gold: Spans, pred: Spans) -> Any:
        examples = [Example(doc(p), doc(g)) for g, p in zip(gold, pred, strict=True)]
        options = {"getter": lambda d, _: d.spans["sc"], "allow_overlap": True}
        found = Scorer.score_spans(examples, attr="sc_", **options)
        return tuple(math.nan if found.get(f"sc__{x}") is None else found[f"sc__{x}"] for x in "prf")

    return score


def installed(name: str) -> str:
    return f"{name} {importlib.metadata.version(name)}"


def scorers() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Name and function: goldwire's own, programs that run here, profiles."""
    for name in ("spans.span", "spans.span(typed=False)"):
        yield f"goldwire `{name}`", METRICS[name]
    for scheme in ("strict", "exact", "partial", "ent_type"):
        yield f"{installed('nervaluate')} {scheme}", nervaluate(scheme)
    yield f"{installed('seqeval')} default", seqeval()
    from seqeval.scheme import IOB2

    yield f"{installed('seqeval')} strict, IOB2", seqeval(mode="strict", scheme=IOB2)
    yield f"{installed('spacy')} Scorer.score_spans", spacy_spans()
    for name, profile in PROFILES.items():
        if not name.endswith("+fixed"):
            yield f"profile `{name}`", profile


def table(cases: int, drawn: int) -> Iterator[str]:
    """Markdown: a row a scorer, then each broken law with its counterexample."""
    names = [law.name for law in laws.LAWS]
    found = []
    for name, scorer in scorers():
        print(name, file=sys.stderr, flush=True)
        found.append((name, laws.judge(scorer, cases=cases, drawn=drawn, exempt={})))
    yield "| scorer | " + " | ".join(names) + " |"
    yield "|---" * (len(names) + 1) + "|"
    for name, verdicts in found:
        yield f"| {name} | " + " | ".join(mark(v) for v in verdicts) + " |"
    yield ""
    for name, verdicts in found:
        broken = [v for v in verdicts if v.counterexample is not None]
        if broken:
            yield f"### {name}\n"
        for v in broken:
            assert v.counterexample is not None
            yield f"- **{v.law.name}** ({v.law.says}): `{world.shown(v.counterexample)}`: {v.how}"
        if broken:
            yield ""


def mark(verdict: laws.Verdict) -> str:
    if verdict.counterexample is not None:
        return "**no**"
    return "–" if verdict.outside == verdict.tried else "yes"


HEAD = """# Which published scorers break which law

Written by `benchmarks/laws_of_published_scorers.py`: every scorer is tried on the {cases} smallest
inputs of a tiny world and on {drawn} larger ones (`goldwire evaluate-metric` does the same with any scorer
of yours). **no**: broken, the smallest counterexample found stands below; yes: not broken by any input
tried; –: no input could be given to it. A law is not a verdict: a scorer may have a reason to break one.
To score 0 where there is nothing at all is a convention, and no law forbids it.

{laws}

"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--write", default="", help="file to write instead of printing")
    arguments.add_argument("--cases", type=int, default=600)
    arguments.add_argument("--drawn", type=int, default=100)
    chosen = arguments.parse_args()
    listed = "\n".join(f"- **{law.name}**: {law.says}" for law in laws.LAWS)
    head = HEAD.format(cases=chosen.cases, drawn=chosen.drawn, laws=listed)
    whole = head + "\n".join(table(chosen.cases, chosen.drawn)).rstrip() + "\n"
    if chosen.write:
        Path(chosen.write).write_text(whole, encoding="utf-8")
    else:
        print(whole)


if __name__ == "__main__":
    main()
