"""One page that shows how systems fare and every error they make: values in, one string of HTML out.

The page is whole in itself: its style and its script stand in it, and its own policy
allows these two and nothing else, named by their hashes, so that no text of a document
or a system can run or load anything. Whatever is shown is escaped by jinja2, and before
that made inert (``mentions_html.inert``). The plots are small SVG drawn in the template from
the coordinates of ``plots``, which says why.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from math import isnan
from pathlib import Path
from typing import Any, NamedTuple

from goldwire.annotate import files
from goldwire.annotate.document import Document
from goldwire.annotate.mentions_html import inert
from goldwire.annotate.ontology import Ontology
from goldwire.annotate.problems import missing
from goldwire.evaluate import causes, errors
from goldwire.evaluate.causes import Error, Judged, gains
from goldwire.evaluate.confusion import TYPES, confusion
from goldwire.evaluate.counts import total
from goldwire.evaluate.documents import pair
from goldwire.evaluate.labels import LabelMap, typed
from goldwire.evaluate.metrics import HEADLINES
from goldwire.evaluate.report import articles, differences, plots
from goldwire.evaluate.report.text import amount, cells, rate, remarks
from goldwire.evaluate.scores import MICRO, Row, Scores, score


class System(NamedTuple):
    """One system: its name, gold and its documents in the words of the label map, its scores and errors."""

    name: str
    gold: tuple[Document, ...]
    documents: tuple[Document, ...]
    scores: Scores
    judged: tuple[Judged, ...]


def page(
    gold: Sequence[Document],
    predictions: Mapping[str, Sequence[Document]],
    *,
    title: str = "goldwire report",
    labels: LabelMap | None = None,
    ontology: Ontology | None = None,
    interval: str = "percentile",
    seed: int = 7,
    gold_name: str = "",
    match: str = "exact",
    repair: str = "",
    align: str = "",
    dropped: Mapping[str, Mapping[str, int]] | None = None,
) -> str:
    """Score every system and write the page; the options are those of ``score``, ``dropped`` by system.

    Errors are judged in their own fixed order, whatever ``match`` is. Without ``interval`` systems are not
    tested against each other. Raises ProblemError as ``score`` does, and where jinja2 is not installed.

    >>> from goldwire.annotate.document import Event, Mention, Meta
    >>> raid, talk = Event("e1", Mention("raid", 4), "STRIKE"), Event("e2", Mention("<x>", 9), "MEET")
    >>> gold = [Document("The raid <x>", Meta("A"), events=(raid, talk))]
    >>> html = page(gold, {"mine": [Document("The raid <x>", Meta("A"), events=(raid,))]}, interval="")
    >>> "66.7" in html, "<x>" in html
    (True, False)
    """
    known = ontology or files.ontology()
    golds = list(gold)
    options: dict[str, Any] = {
        **{"labels": labels, "ontology": known, "interval": interval, "seed": seed},
        **{"gold_name": gold_name, "match": match, "repair": repair},
    }
    systems = []
    for name, pred in predictions.items():
        found = list(pred)
        if align:
            from goldwire.annotate.carry import carried

            found = list(carried(found, {d.meta.doc_id: d.text for d in golds}, align))
        systems.append(_system(name, golds, found, {**options, "dropped": (dropped or {}).get(name)}, align))
    places = articles.Places(golds, [s.documents for s in systems])
    listed = _errors(systems, places)
    named_scores = [(s.name, s.scores) for s in systems]
    return _render(
        {
            "title": title,
            "systems": [s.name for s in systems],
            "summary": _summary(systems),
            "remarks": [(s.name, remarks(s.scores), s.scores.signature) for s in systems],
            "documents": len(golds),
            "differences": differences.between(named_scores, seed) if interval else [],
            "shared": differences.shared([s.judged for s in systems]),
            "contours": plots.contours(),
            "planes": [(s.name, _points(s.scores)) for s in systems],
            "plane": plots.PLANE,
            "bars": _bars(systems),
            "matrices": list(_matrices(systems)),
            "causes": [(s.name, _causes(s.judged)) for s in systems],
            "errors": listed,
            "choices": _choices(e for e, _, _, _ in listed),
            "articles": places.articles(),
            "layers": articles.LAYERS,
        }
    )


def _system(
    name: str, gold: list[Document], pred: list[Document], options: Mapping[str, Any], align: str
) -> System:
    scores = score(gold, pred, where=name, align=align, **options)
    labels, ontology = options["labels"], options["ontology"]
    judged = errors.errors(gold, pred, labels=labels, ontology=ontology, where=name)
    paired = pair(gold, pred, where=name).documents
    both = typed([g for g, _ in paired], [p for _, p in paired], ontology, labels)
    return System(name, both.gold, both.pred, scores, tuple(judged))


def _main(scores: Scores) -> dict[str, Row]:
    """The rows of the short report by what the summary calls them."""
    found: dict[str, Row] = {}
    for row in scores.rows(main=True):
        if row.label == MICRO:
            name = row.metric if row.counts or row.metric not in found else f"{row.metric} mean"
            found.setdefault(name, row)
    return found


def _summary(systems: Sequence[System]) -> list[dict[str, Any]]:
    """For each metric every system's figures in the order of the columns, and its dot."""
    rows = [_main(s.scores) for s in systems]
    found = []
    for metric in dict.fromkeys(name for each in rows for name in each):
        told = []
        for i, (system, each) in enumerate(zip(systems, rows, strict=True)):
            if metric in each:
                p, r, f1, interval, *counted = cells(each[metric], interval=True)[1:]
                said = f"{metric}, {system.name}: F1 {f1} {interval}"
                figures = (interval, p, r, *counted)
                told.append((i, system.name, f1, plots.dot(i, each[metric], said), figures))
        found.append({"metric": metric, "headline": metric in HEADLINES, "systems": told})
    return found


def _headlines(scores: Scores) -> list[tuple[str, Row]]:
    rows = _main(scores)
    return [(layer, rows[name]) for name, layer in HEADLINES.items() if name in rows]


def _points(scores: Scores) -> list[plots.Point]:
    rows = _headlines(scores)
    said = [
        f"{layer}: precision {rate(r.rates.precision)}, recall {rate(r.rates.recall)}, F1 {rate(r.rates.f1)}"
        for layer, r in rows
    ]
    return plots.points(rows, said)


def _bars(systems: Sequence[System]) -> list[dict[str, Any]]:
    """For each layer its labels, each with F1 of every system (-1 where it is not defined)."""
    found = []
    for metric, layer in HEADLINES.items():
        keys = [next((k for k in s.scores.tallies if k[0] == metric), None) for s in systems]
        labels: dict[str, list[tuple[int, float, str, str]]] = {}
        for i, (s, key) in enumerate(zip(systems, keys, strict=True)):
            for label in s.scores.labels(*key) if key else ():
                counts = s.scores.counts(*key, label) if key else total([])
                f1 = counts.rates().f1
                found_of = f"{amount(counts.r_hit)} of {amount(counts.r_all)} found"
                said = f"{found_of}, {amount(counts.p_all)} predicted"
                labels.setdefault(label, []).append(
                    (i, -1 if isnan(f1) else round(100 * f1, 1), rate(f1), said)
                )
        if labels:
            found.append({"layer": layer, "metric": metric, "labels": sorted(labels.items())})
    return found


def _matrices(systems: Sequence[System]) -> Iterable[dict[str, Any]]:
    for s in systems:
        for layer in TYPES:
            met = confusion(zip(s.gold, s.documents, strict=True), layer)
            types = sorted({t for both in met for t in both if t})
            if not any(p for _, p in met):
                continue
            most = max(met.values())
            rows = [
                (g, [(met[g, p], g == p, -(-4 * met[g, p] // most)) for p in [*types, ""]])
                for g in [*types, ""]
                if any(met[g, p] for p in [*types, ""])
            ]
            yield {"system": s.name, "layer": layer, "types": types, "rows": rows}


def _causes(judged: Sequence[Judged]) -> list[tuple[str, str, list[tuple[str, int, str]]]]:
    """For each layer its F1, and each cause with its errors and F1 were they mended."""
    ordered = sorted(judged, key=lambda j: list(causes.JUDGED).index(j.layer))
    return [
        (layer, rate(each[0].f1), [(g.cause, g.errors, rate(g.mended)) for g in each])
        for layer, each in ((x, list(found)) for x, found in groupby(gains(ordered), key=lambda g: g.layer))
    ]


def _errors(systems: Sequence[System], places: articles.Places) -> list[tuple[Error, int, str, list[int]]]:
    """Every error with its system's number, the anchor of its place, and the systems that err there too."""
    by: dict[tuple[Any, ...], set[int]] = {}
    for i, s in enumerate(systems):
        for e in (e for j in s.judged for e in j.errors):
            by.setdefault(differences.what(e), set()).add(i)
    return [
        (e, i, places.find(e, i), sorted(by[differences.what(e)] - {i}))
        for i, s in enumerate(systems)
        for j in s.judged
        for e in j.errors
    ]


def _choices(found: Iterable[Error]) -> list[tuple[str, str, list[str]]]:
    kept = list(found)
    return [
        (name, f"all {name}s", sorted({getattr(e, name) for e in kept}))
        for name in ("document", "layer", "label", "cause")
    ]


def _packaged(name: str) -> str:
    return files.read_bytes(Path(__file__).with_name(name)).decode("utf-8")


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _render(values: Mapping[str, Any]) -> str:
    try:
        import jinja2
        from markupsafe import Markup
    except ImportError:
        raise missing("report", "jinja2") from None
    environment = jinja2.Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=lambda value: inert(value) if type(value) is str else value,
    )
    style, script = _packaged("page.css"), _packaged("page.js")
    own = f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    policy = f"default-src 'none'; img-src data:; {own}; base-uri 'none'"
    return environment.from_string(_packaged("page.html.j2")).render(
        values, style=Markup(style), script=Markup(script), policy=policy, html=Markup
    )
