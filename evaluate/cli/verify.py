"""``goldwire verify``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from goldwire.evaluate.verification import Verification


def verify(
    signature: Annotated[
        str, typer.Argument(help="The signature's line, or the file of a report (score --json).")
    ],
    pred: Annotated[str, typer.Option(help="The predictions that were scored.")],
    gold: Annotated[str, typer.Option(help="Gold file or folder; else the corpus in the package.")] = "",
    map: Annotated[str, typer.Option("--map", help="The label map, where it was a file.")] = "",
    entities: Annotated[
        str, typer.Option(help="The table of what is one across gold documents, where there was one.")
    ] = "",
    format: Annotated[str, typer.Option("--from", help="Format of the prediction; else by its name.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compute a published score once more: equal or not, and what differs. Exit status 1 if not equal."""
    from goldwire.annotate import files
    from goldwire.evaluate import signature as signatures

    known = files.exists(signature)
    reports = signatures.reports(files.read_bytes(signature)) if known else [{"signature": signature}]
    found = [_verified(report, pred, gold, map, format, entities) for report in reports]
    if json:
        import msgspec

        answers = [{"equal": v.equal, "said": v.said, "signature": v.signature} for v in found]
        answer = answers if len(answers) > 1 else answers[0]
        typer.echo(msgspec.json.format(msgspec.json.encode(answer), indent=1))
    else:
        for report, v in zip(reports, found, strict=True):
            name = f"{report['profile']}: " if len(found) > 1 else ""
            for line in v.said or ("equal",):
                typer.echo(name + line)
    if not all(v.equal for v in found):
        raise typer.Exit(1)


def _verified(
    report: dict[str, Any], pred: str, gold: str, map: str, format: str, entities: str
) -> Verification:
    from goldwire.annotate import files
    from goldwire.evaluate import across, intake, verification
    from goldwire.evaluate import labels as maps
    from goldwire.evaluate import signature as signatures

    line = report["signature"]
    fields = signatures.read(line)
    if fields.get("gold", "").startswith("own+"):
        if not gold:
            raise typer.BadParameter("is needed for a score of files of another scorer", param_hint="--gold")
        return verification.verify_own(line, gold, pred, **_figures(report))
    ontology = files.ontology()
    name = map or fields.get("map", "")
    labels = maps.find(name, ontology) if name and (map or "+sha256." not in name) else None
    right = files.read(gold) if gold else files.gold()
    documents, _ = intake.predictions(pred, ontology, format=format, repair=fields.get("repair", ""))
    if "profile" in fields:
        return verification.verify_profile(
            line, right, documents, labels=labels, where=pred, **_figures(report)
        )
    return verification.verify(
        line,
        right,
        documents,
        rows=report.get("rows", ()),
        labels=labels,
        entities=entities or ("" if gold else across.packaged()),
        where=pred,
    )


def _figures(report: dict[str, Any]) -> dict[str, Any]:
    """The figures of a profile's report; none of a bare signature."""
    return {"rows": report.get("results"), "counts": report.get("counts")}
