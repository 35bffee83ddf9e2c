"""Tables to Parquet and back, through ``datasets``: the only module that imports it."""

from __future__ import annotations

import io
from typing import Any

from goldwire.annotate.dataset.columns import SCHEMA, Labels
from goldwire.annotate.problems import Problem, ProblemError


def _datasets() -> Any:
    try:
        import datasets
    except ImportError:
        message = "the dataset needs datasets: pip install 'goldwire[hf]'"
        raise ProblemError(Problem("goldwire", 0, "missing-library", message)) from None
    return datasets


def features(config: str, labels: Labels) -> Any:
    """The ``datasets.Features`` of a config: every type said, closed lists as ClassLabel."""
    hf = _datasets()

    def feature(path: str, schema: Any) -> Any:
        match schema:
            case dict():
                return {k: feature(f"{path}.{k}" if path else k, kind) for k, kind in schema.items()}
            case [kind]:
                return [feature(path, kind)]
            case _:
                names = labels.get((config, path))
                return hf.ClassLabel(names=names) if names else hf.Value(schema)

    return hf.Features(feature("", SCHEMA[config]))


def encode(config: str, rows: list[dict[str, Any]], labels: Labels) -> bytes:
    """The Parquet file of a config."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    typed = features(config, labels)
    columns = {name: [row[name] for row in rows] for name in SCHEMA[config]}
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pydict(typed.encode_batch(columns), schema=typed.arrow_schema), buffer)
    return buffer.getvalue()


def same(old: bytes, new: bytes) -> bool:
    """Do two Parquet files hold the same schema and the same rows? Their bytes may differ."""
    import pyarrow.parquet as pq

    a, b = (pq.read_table(io.BytesIO(data)) for data in (old, new))
    return bool(a.schema.equals(b.schema, check_metadata=False) and a.equals(b))


def card_data(names: list[str], labels: Labels) -> str:
    """The ``dataset_info`` of a card: the features of the configs as YAML."""
    import yaml

    info = [{"config_name": name, "features": features(name, labels)._to_yaml_list()} for name in names]
    return str(yaml.safe_dump({"dataset_info": info}, sort_keys=False, allow_unicode=True, width=100))
