"""``goldwire confidence``: what a system's confidences are worth."""

from __future__ import annotations

from typing import Annotated

import typer


def confidence(
    pred: Annotated[str, typer.Argument(help="Predictions that carry a confidence.")],
    gold: Annotated[str, typer.Option(help="Gold file or folder; else the corpus in the package.")] = "",
    layer: Annotated[str, typer.Option(help="The layer whose spans are judged.")] = "events",
    match: Annotated[str, typer.Option(help="exact, head, overlap@T.")] = "exact",
    map: Annotated[
        str, typer.Option("--map", help="Translate labels: ace, plover, acled, ontonotes, or a TOML file.")
    ] = "",
    bins: Annotated[int, typer.Option(min=1, help="Bins of the calibration error.")] = 10,
    precision: Annotated[
        float, typer.Option(min=0, max=1, help="Least precision of the operating point.")
    ] = 0.0,
    recall: Annotated[float, typer.Option(min=0, max=1, help="Least recall of the operating point.")] = 0.0,
    curve: Annotated[bool, typer.Option("--curve", help="Print the whole curve as CSV.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, the curve included.")] = False,
) -> None:
    """Average precision, calibration, operating point and risk-coverage of a system's confidences."""
    import math
    from dataclasses import asdict

    import msgspec

    from goldwire.annotate import files
    from goldwire.evaluate import confidence as worth
    from goldwire.evaluate import intake, labels
    from goldwire.evaluate.correctness import judged

    found = judged(
        files.read(gold) if gold else files.gold(),
        intake.predictions(pred, files.ontology())[0],
        layer,
        match=match,
        labels=labels.find(map, files.ontology()) if map else None,
        where=pred,
    )
    n = sum(found.gold.values())
    points = worth.curve(found.confidence, found.right, n)
    rows = list(
        zip(*(getattr(points, x).tolist() for x in ("threshold", "precision", "recall", "f1")), strict=True)
    )
    if curve and not as_json:
        typer.echo("threshold,precision,recall,f1")
        for row in rows:
            typer.echo(",".join(f"{x:.9g}" for x in row))
        return
    precisions = {
        r: worth.average_precision(found.confidence, found.right, n, r) for r in ("step", "voc", "coco")
    }
    best = worth.operating_point(points, precision=precision, recall=recall)
    fresh = worth.held_out(found.confidence, found.right, found.document, found.gold)
    proper = all(0 <= c <= 1 for c in found.confidence)
    calibrated = worth.calibration(found.confidence, found.right, bins) if proper else None
    area = worth.risk_coverage(found.confidence, found.right)[2]
    if as_json:
        whole = {
            "layer": layer,
            "match": match,
            "gold": n,
            "predictions": len(found.right),
            "without_confidence": found.without,
            "average_precision": precisions,
            "operating_point": best and asdict(best),
            "held_out": asdict(fresh),
            "calibration": calibrated and asdict(calibrated),
            "aurc": area,
            "curve": [
                dict(zip(("threshold", "precision", "recall", "f1"), row, strict=True)) for row in rows
            ],
        }
        typer.echo(msgspec.json.format(msgspec.json.encode(whole), indent=1))
        return

    def say(name: str, value: float, rest: str = "") -> None:
        typer.echo(f"{name:27} {'–' if math.isnan(value) else f'{value:.3f}'}  {rest}".rstrip())

    typer.echo(f"{layer} {match}: {len(found.right)} predictions with a confidence, {n} gold")
    say("average precision", precisions["step"], "equal confidences one threshold, nothing interpolated")
    say("  VOC, all points", precisions["voc"], "interpolated; depends on the order of equal confidences")
    say("  COCO, 101 points", precisions["coco"], "likewise")
    if best:
        where = f"at {best.threshold:g}: P {best.precision:.3f} R {best.recall:.3f}"
        say("best F1", best.f1, f"{where}, chosen on these documents")
    else:
        typer.echo(f"no threshold reaches precision {precision:g} and recall {recall:g}")
    say(
        "F1, threshold held out",
        fresh.f1,
        f"P {fresh.precision:.3f} R {fresh.recall:.3f}, chosen on the others",
    )
    if calibrated:
        say("calibration error (ECE)", calibrated.ece, f"{bins} bins, the largest {calibrated.mce:.3f}")
        say("Brier score", calibrated.brier)
    else:
        typer.echo("calibration: – (confidences outside 0 to 1)")
    say("area under risk-coverage", area)
    if found.without:
        typer.echo(f"without a confidence, not counted: {found.without}")
