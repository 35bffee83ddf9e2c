"""``goldwire new``: texts become empty documents, cut into segments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from goldwire.annotate.document import Document


def new(
    texts: list[str] = typer.Argument(metavar="TEXT…", help="Plain text, .jsonl, .csv or .tsv; - is stdin."),
    output: str = typer.Option("", "-o", "--output", metavar="DIR", help="Write a file for each document."),
    cut: bool = typer.Option(False, "--cut", help="A text may hold several articles: cut them apart."),
    notes: str = typer.Option(
        "", "--notes", metavar="TOML", help="Decisions and metadata; metadata.toml beside a text is found."
    ),
    lang: str = typer.Option(
        "", "--lang", help="Language of the texts where they do not say; en if left out."
    ),
    ontology: str = typer.Option("", "--ontology", metavar="TOML", help="Labels of your own."),
) -> None:
    """Turn texts, or rows of JSONL or CSV, into empty segmented documents to annotate.

    What each decision rests on stands in the document (origin, dct_evidence,
    provenance) and is printed. A file that exists is never written over.
    """
    from pathlib import Path

    from msgspec.structs import replace

    from goldwire.annotate import files, intake
    from goldwire.annotate.formats import lines
    from goldwire.annotate.problems import Problem, ProblemError

    labels = files.ontology(ontology)
    found: list[tuple[str, Document]] = []
    for given in texts:
        path = Path(given)
        beside = Path(notes) if notes else path.with_name("metadata.toml")
        about = intake.Notes()
        if notes or beside.is_file():
            about = intake.notes(files.read_bytes(beside), where=str(beside)).get(path.name, about)
        name, where = (path.name, given) if given != "-" else ("stdin.txt", "<stdin>")
        made = intake.documents(
            files.read_bytes(given),
            name=name,
            where=where,
            known=replace(about, cut=about.cut or cut, lang=lang or about.lang),
        )
        before = len(found)
        found += [(where, document) for document in made]
        if len(found) == before:
            raise ProblemError(Problem(where, 0, "empty-text", "holds no text"))
    problems = intake.collisions(found, labels)
    targets = [
        files.inside(output, f"{document.meta.doc_id}.jsonl") if output else "-" for _, document in found
    ]
    problems += [
        Problem(str(target), 0, "file", "exists, and is not written over")
        for target in targets
        if isinstance(target, Path) and target.exists()
    ]
    if problems:
        raise ProblemError(*problems)
    if len(found) > 1 and not output:
        typer.echo(f"{len(found)} documents: name a folder for them with -o", err=True)
        raise typer.Exit(2)
    for target, (_, document) in zip(targets, found, strict=True):
        meta = document.meta
        if ontology:
            meta = replace(meta, ontology=f"{labels.name} {labels.version}")
        files.write_bytes(target, lines.write(replace(document, meta=meta)))
        typer.echo(f"{meta.doc_id}: {len(document.segments)} segments; {meta.origin}", err=True)
        rests = f": {meta.dct_evidence}" if meta.dct_evidence else ""
        typer.echo(f"  document time {meta.dct or 'unknown'} ({meta.dct_basis}){rests}", err=True)
        for item in document.provenance:
            if item.note:
                typer.echo(f"  {item.on} {item.rule}: {item.note}", err=True)
