"""Shows every notebook of the docs as a page, with the outputs that it stores.

A hook of mkdocs: it runs nothing. ``tests/test_notebook.py`` runs the cells and compares their outputs.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files


def on_files(files: Files, config: Any) -> Files:
    """Called with the files of the docs before any is rendered."""
    for file in [f for f in files if f.src_uri.endswith(".ipynb")]:
        notebook = json.loads(Path(file.abs_src_path or "").read_text(encoding="utf-8"))
        page = "\n\n".join(part for cell in notebook["cells"] for part in _parts(cell))
        files.append(File.generated(config, file.src_uri.removesuffix(".ipynb") + ".md", content=page))
    return files


def _parts(cell: dict[str, Any]) -> Iterator[str]:
    source = "".join(cell["source"])
    if cell["cell_type"] != "code":
        yield source
        return
    yield f"```python\n{source}\n```"
    for output in cell["outputs"]:
        data = output.get("data", {"text/plain": output.get("text", [])})
        if "text/html" in data:
            # Without empty lines: they would end the block for the reader of Markdown.
            html = "\n".join(line for line in "".join(data["text/html"]).splitlines() if line.strip())
            yield f"<div>\n{html}\n</div>"
        else:
            yield f"```text\n{''.join(data['text/plain']).rstrip()}\n```"
