"""``goldwire verify``."""

from __future__ import annotations

from typing import Annotated

import typer


def verify(
    signature: Annotated[
        str, typer.Argument(help="The signature's line, or the file of a report (score --json).")
    ],
    pred: Annotated[str, typer.Option(help="The predictions that were scored.")],
    gold: Annotated[str, typer.Option(help="Gold file or folder; else the corpus in the package.")] = "",
    map: Annotated[str, typer.Option("--map", help="The label map, where it was a file.")] = "",
    format: Annotated[str, typer.Option("--from", help="Format of the prediction; else by its name.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compute a published score once more: equal or not, and what differs. Exit status 1 if not equal."""
    from goldwire.annotate import files
    from goldwire.evaluate import intake, labels, verification
    from goldwire.evaluate import signature as signatures

    report = signatures.report(files.read_bytes(signature)) if files.exists(signature) else {}
    line = report.get("signature", signature)
    fields = signatures.read(line)
    ontology = files.ontology()
    name = map or fields.get("map", "")
    documents, _ = intake.predictions(pred, ontology, format=format, repair=fields.get("repair", ""))
    found = verification.verify(
        line,
        files.read(gold) if gold else files.gold(),
        documents,
        rows=report.get("rows", ()),
        labels=labels.find(name, ontology) if name and (map or "+sha256." not in name) else None,
        where=pred,
    )
    if json:
        import msgspec

        answer = {"equal": found.equal, "said": found.said, "signature": found.scores.signature}
        typer.echo(msgspec.json.format(msgspec.json.encode(answer), indent=1))
    else:
        typer.echo("\n".join(found.said) if found.said else "equal")
    if not found.equal:
        raise typer.Exit(1)
