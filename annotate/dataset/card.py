"""The card of the dataset: a page that people write, with the parts that are generated filled in.

The front matter comes from ``about.toml`` and the columns; tables stand between
``<!-- table: NAME -->`` and ``<!-- end -->``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from goldwire.annotate.dataset import parquet
from goldwire.annotate.dataset.columns import Labels
from goldwire.annotate.problems import Problem, ProblemError


def front_matter(about: Mapping[str, Any], configs: list[str], labels: Labels) -> str:
    """The YAML at the head of the card: what the Hub and ``load_dataset`` read."""
    import yaml

    files = [
        {
            "config_name": name,
            **({"default": True} if name == "documents" else {}),
            "data_files": [{"split": "test", "path": f"data/{name}.parquet"}],
        }
        for name in configs
    ]
    head = {**about["card"], "configs": files}
    written = yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=100)
    return f"---\n{written}{parquet.card_data(configs, labels)}---\n"


def fill(page: str, head: str, tables: Mapping[str, str], *, where: str) -> str:
    """The page with front matter and tables renewed; raises ProblemError for an unknown table."""

    def renewed(found: re.Match[str]) -> str:
        name = found["name"]
        if name not in tables:
            line = page[: found.start()].count("\n") + 1
            known = ", ".join(sorted(tables))
            raise ProblemError(Problem(where, line, "card", f"no table {name!r}; there are {known}"))
        return f"<!-- table: {name} -->\n{tables[name]}<!-- end -->"

    body = re.sub(r"\A---\n.*?\n---\n", "", page, flags=re.DOTALL)
    pattern = r"<!-- table: (?P<name>[\w:.-]+) -->\n.*?<!-- end -->"
    return head + re.sub(pattern, renewed, body, flags=re.DOTALL)
