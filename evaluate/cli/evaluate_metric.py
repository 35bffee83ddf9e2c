"""``goldwire evaluate-metric``: the laws, on any metric."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from goldwire.evaluate.laws import Verdict


def evaluate_metric(
    metric: Annotated[
        str, typer.Argument(metavar="METRIC", help="module:function, or a metric of goldwire's by name.")
    ],
    form: Annotated[
        str,
        typer.Option(
            help="What it takes: spans, document or documents; read off its annotations if not given."
        ),
    ] = "",
    cases: Annotated[
        int, typer.Option(min=1, help="How many of the smallest inputs to try on each law.")
    ] = 2000,
    drawn: Annotated[int, typer.Option(min=0, help="How many larger inputs to draw after them.")] = 300,
    seed: Annotated[int, typer.Option(min=0, help="Seed of those drawn.")] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Try the laws of scoring on a metric, yours or anybody's, and show the smallest input that breaks one.

    The function takes gold and predictions, each a list with one list of (start, end, label) per document,
    and returns a number, or precision, recall and F1. A law that its attribute `exempt` names (law: reason)
    may be broken. Exit status 1 if another one is.
    """
    import json

    from goldwire.evaluate import laws
    from goldwire.evaluate.laws import loading, world

    verdicts = laws.judge(loading.load(metric), form=form, cases=cases, drawn=drawn, seed=seed)
    if as_json:
        rows = [
            {
                "law": v.law.name,
                "says": v.law.says,
                "kept": v.counterexample is None and v.outside < v.tried,
                "declared": v.declared,
                "tried": v.tried,
                "outside": v.outside,
                "how": v.how,
                "gold": world.lists(v.counterexample.gold) if v.counterexample else [],
                "pred": world.lists(v.counterexample.pred) if v.counterexample else [],
            }
            for v in verdicts
        ]
        typer.echo(json.dumps({"metric": metric, "seed": seed, "laws": rows}, indent=1, ensure_ascii=False))
    else:
        for v in verdicts:
            typer.echo(f"{_mark(v):9} {v.law.name:11} {v.law.says} ({_tried(v)})")
            if v.counterexample is not None:
                typer.echo(f"{'':21} {world.shown(v.counterexample)}\n{'':21} {v.how}")
            if v.declared:
                typer.echo(f"{'':21} declared: {v.declared}")
    if not all(v.fine for v in verdicts):
        raise typer.Exit(1)


def _mark(verdict: Verdict) -> str:
    if verdict.counterexample is not None:
        return "declared" if verdict.declared else "BROKEN"
    return "untried" if verdict.outside == verdict.tried else "unbroken!" if verdict.declared else "kept"


def _tried(verdict: Verdict) -> str:
    outside = f", {verdict.outside} of them beyond it" if verdict.outside else ""
    return f"{verdict.tried} tried{outside}"
