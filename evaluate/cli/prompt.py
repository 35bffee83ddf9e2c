"""``goldwire prompt``."""

from __future__ import annotations

from typing import Annotated

import typer


def prompt(
    layer: Annotated[
        list[str] | None,
        typer.Option(help="actors, places, times, numbers, quotations or events; repeatable; else all."),
    ] = None,
    examples: Annotated[bool, typer.Option(help="With the guidelines' examples, as answers.")] = True,
    budget: Annotated[int, typer.Option(min=0, help="Most tokens; 0 is no limit.")] = 0,
    tokenizer: Annotated[str, typer.Option(help="An encoding of tiktoken to count with.")] = "",
    ontology: Annotated[str, typer.Option(help="Labels of your own, as TOML.")] = "",
    document: Annotated[str, typer.Option(help="Append the texts of this file.")] = "",
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of the answer alone.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON: prompt, schema, size.")] = False,
) -> None:
    """Render the guidelines as a prompt for a language model.

    Read its answers with `goldwire convert --from string-json`. The size, by whose
    count, and what a budget left out are said on standard error.
    """
    import json as j

    from goldwire.annotate import files
    from goldwire.evaluate import prompt as prompts
    from goldwire.evaluate.baseline import sentences
    from goldwire.evaluate.prompt.schema import LAYERS, answer_schema
    from goldwire.evaluate.prompt.tokens import counter

    labels = files.ontology(ontology)
    layers = layer or list(LAYERS)
    made = prompts.render(
        labels,
        files.pages(),
        layers,
        examples=examples,
        budget=budget,
        counts=counter(tokenizer),
    )
    wanted = answer_schema(labels, layers)
    texts = [prompts.user_message(sentences.add(d)) for d in files.iterate(document)] if document else []
    if schema:
        typer.echo(j.dumps(wanted, ensure_ascii=False, indent=1))
    elif json:
        said = {
            "prompt": made.text,
            "texts": texts,
            "schema": wanted,
            "tokens": made.tokens,
            "counted_by": made.counted_by,
            "left_out": made.left_out,
        }
        typer.echo(j.dumps(said, ensure_ascii=False, indent=1))
    else:
        typer.echo("\n".join([made.text, *texts]), nl=not made.text.endswith("\n") or bool(texts))
    typer.echo(f"{made.tokens} tokens, by {made.counted_by}", err=True)
    for name in made.left_out:
        typer.echo(f"left out: {name}", err=True)
