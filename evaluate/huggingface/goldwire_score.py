"""goldwire's scores for Hugging Face's ``evaluate``; loaded by its path, never imported here.

References and predictions are records as JSON, a string a document (a line of
``corpus/data/test.jsonl``; the least is {"text", "spans": [{"start", "end", "label"}]}).
The answer holds precision, recall and F1 of every metric, and the signature.
"""

import json
from typing import Any

import datasets

import evaluate
import goldwire


class GoldwireScore(evaluate.Metric):
    """Score news extraction: events, actors, places, times, numbers, quotations, or any labelled spans."""

    def _info(self) -> Any:
        return evaluate.MetricInfo(
            description=str(self.__doc__),
            citation="The goldwire authors. goldwire: a gold corpus of news events.",
            inputs_description=str(__doc__),
            features=datasets.Features(
                {"predictions": datasets.Value("string"), "references": datasets.Value("string")}
            ),
        )

    def _compute(
        self,
        predictions: list[str],
        references: list[str],
        layers: list[str] | None = None,
        match: str = "exact",
    ) -> dict[str, Any]:
        from goldwire.annotate.formats import record

        gold, pred = (
            [record.document(json.loads(line), where=name, line=n) for n, line in enumerate(lines, start=1)]
            for name, lines in (("references", references), ("predictions", predictions))
        )
        scores = goldwire.score(gold, pred, layers=layers, match=match)
        found: dict[str, Any] = {"signature": scores.signature}
        for metric, way in scores.tallies:
            found[metric] = scores.counts(metric, way).rates()._asdict()
        return found
