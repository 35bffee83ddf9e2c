"""Agreement on objects that annotators have both found: extents, cues, closed choices, against chance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from math import isnan
from typing import NamedTuple

import numpy as np

from goldwire.evaluate import coefficients, resample
from goldwire.evaluate.agreement.annotators import Compared, Figure, Options, places
from goldwire.evaluate.agreement.items import LAYERS, Item, Marked, same_cue, same_extent
from goldwire.evaluate.draws import Floats
from goldwire.evaluate.sampling import Bounds

EXTENT = ("actors", "places", "times", "numbers", "quotations")
Said = tuple[str | None, ...]
Place = tuple[int, int]  # document, sentence


class Coefficient(NamedTuple):
    """A coefficient as a function of sums over items: the rows of items, and the value of their sum."""

    rows: Callable[[Sequence[Said]], Floats]
    of: Callable[[Floats], Floats]


def _pairs(items: Sequence[Said]) -> list[tuple[str, str]]:
    return [(a, b) for item in items for a, b in combinations(item, 2) if a is not None and b is not None]


def _share_rows(items: Sequence[Said]) -> Floats:
    rows = np.zeros((len(items), 2))
    for row, item in zip(rows, items, strict=True):
        pairs = _pairs([item])
        row[:] = sum(a == b for a, b in pairs), len(pairs)
    return rows


def _share_of(row: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(row[..., 0] / row[..., 1], dtype=np.float64)


SHARE = Coefficient(_share_rows, _share_of)
COHEN = Coefficient(lambda items: coefficients.tables([(a, b) for a, b in items]), coefficients.cohen_of)
FLEISS = Coefficient(coefficients.fleiss_rows, coefficients.fleiss_of)
ALPHA = Coefficient(coefficients.alpha_rows, coefficients.alpha_of)


def figures(compared: Compared, layer: str, options: Options) -> Iterator[Figure]:
    """Shares and coefficients of a layer, between everybody and, if asked for, every two annotators."""
    if layer not in LAYERS:
        return
    for who, pairs in compared.pairs(options):
        annotators = sorted({k for pair in pairs for k in pair})
        found = compared.items(layer, annotators)
        where = places(found, compared.sentences)
        flat = [item for row in found for item in row]
        both = [(item, place) for item, place in zip(flat, where, strict=True) if len(_held(item)) > 1]
        if not both:
            continue
        if layer in EXTENT:
            yield from _figures(compared, layer, "extent", who, _alike(both, same_extent), options)
        if layer == "quotations":
            yield from _figures(compared, layer, "cue", who, _alike(both, same_cue), options)
        for field in LAYERS[layer].fields:
            said = [(tuple(_said(m, field) for m in item), place) for item, place in both]
            yield from _figures(compared, layer, field, who, said, options)


def _held(item: Item) -> list[Marked]:
    return [m for m in item if m]


def _said(m: Marked | None, field: str) -> str | None:
    """What an annotator said; nothing where the value of a time rests on metadata."""
    if m is None or (field == "value" and getattr(m.owner, "basis", "") == "metadata"):
        return None
    return m.said(field)


def _alike(
    both: list[tuple[Item, Place]], same: Callable[[Marked, Marked], bool]
) -> list[tuple[Said, Place]]:
    """Name for each annotator a class of those who have the same."""
    rows = []
    for item, place in both:
        said: list[str | None] = []
        for i, m in enumerate(item):
            twin = next((j for j in range(i) if m and (n := item[j]) and same(n, m)), i)
            said.append(None if m is None else said[twin] if twin < i else str(i))
        rows.append((tuple(said), place))
    return rows


def _figures(
    compared: Compared, layer: str, measure: str, who: str, said: list[tuple[Said, Place]], options: Options
) -> Iterator[Figure]:
    yield from _one(compared, layer, measure, who, said, "", options)
    if options.by == "document":
        for i, document in enumerate(compared.documents):
            part = [(x, place) for x, place in said if place[0] == i]
            yield from _one(compared, layer, measure, who, part, document, options)


def _one(
    compared: Compared,
    layer: str,
    measure: str,
    who: str,
    said: list[tuple[Said, Place]],
    document: str,
    options: Options,
) -> Iterator[Figure]:
    """The share of pairs that are alike, and (of closed choices) what is left of it beyond chance."""
    said = [(x, place) for x, place in said if sum(y is not None for y in x) > 1]
    if not said:
        return
    values = [x for x, _ in said]
    pairs = _pairs(values)
    same = sum(a == b for a, b in pairs)
    two = len(values[0]) == 2
    kinds = {"share": SHARE}
    if measure not in ("extent", "cue"):
        kinds |= {"kappa": COHEN, "alpha": ALPHA} if two else {"fleiss": FLEISS, "alpha": ALPHA}
    for kind, coefficient in kinds.items():
        rows = coefficient.rows(values)
        value = float(coefficient.of(rows.sum(0)))
        bounds = Bounds()
        if not document:
            kept = said if kind != "fleiss" else [(x, p) for x, p in said if None not in x]
            bounds = _bounds(compared, rows, [p for _, p in kept], coefficient.of, options)
            if bounds.by == "flat":
                bounds = Bounds(why=f"{len(pairs)} of {len(pairs)}" if same else "")
                if kind == "share":
                    bounds = Bounds(*resample.wilson(same, len(pairs), options.level), "item")
            elif isnan(value):
                bounds = Bounds(why="one value")
        yield Figure(layer, measure, "", kind, who, "", document, value, bounds, same, len(pairs))


def _bounds(
    compared: Compared, rows: Floats, where: Sequence[Place], of: Callable[[Floats], Floats], options: Options
) -> Bounds:
    """The interval over documents, or over sentences; by "flat" where all resamples are alike."""
    sentences = compared.sentences
    kind, why = resample.choose(len(sentences), sum(map(len, sentences)) if all(sentences) else None)
    if not kind:
        return Bounds(why=why)
    keys: list[Place] = [(d, s) for d, starts in enumerate(sentences) for s in range(len(starts))]
    if kind == "document":
        keys, where = [(d, 0) for d in range(len(sentences))], [(d, 0) for d, _ in where]
    order = {key: i for i, key in enumerate(keys)}
    units = np.zeros((len(keys), *rows.shape[1:]))
    np.add.at(units, [order[key] for key in where], rows)
    found = resample.intervals(units, statistic=lambda totals: of(totals)[..., None], **options.bootstrap)
    if len(set(where)) < 2:
        return Bounds(why=f"one {kind}")
    if found.flat[0] or isnan(found.low[0]):
        return Bounds(by="flat")
    return Bounds(float(found.low[0]), float(found.high[0]), kind)
