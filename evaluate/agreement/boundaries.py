"""Agreement on where units begin and end, layer by layer: alpha_U, and gamma where it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum, nan

from goldwire.annotate.document import Document
from goldwire.evaluate import spans
from goldwire.evaluate.agreement.annotators import Compared, Figure, Options
from goldwire.evaluate.sampling import Bounds
from goldwire.evaluate.unitizing import Unit, alpha_u, outermost


def figures(compared: Compared, layer: str, options: Options) -> Iterator[Figure]:
    """alpha_U of a layer over all texts (``same`` of ``n``: units kept of all), and gamma of its units.

    Units of one annotator that lie in another of the same label are left out of alpha_U, which is not
    defined for them. A unit in several pieces counts from its first character to its last.
    """
    if layer not in spans.STRETCHES or not compared.texts:
        return
    for who, pairs in compared.pairs(options):
        annotators = sorted({k for pair in pairs for k in pair})
        marked = [[_units(layer, versions[k]) for k in annotators] for versions in compared.texts]
        count = sum(len(units) for row in marked for units in row)
        if not count:
            continue
        kept = [[outermost(units) for units in row] for row in marked]
        lengths = [len(versions[0].text) for versions in compared.texts]
        overall, by_label = alpha_u(list(zip(lengths, kept, strict=True)))
        some = sum(len(units) for row in kept for units in row)
        values = [("alpha_u", "", "", overall.coefficient)]
        if options.by == "label":
            values += [("alpha_u", label, "", found.coefficient) for label, found in by_label.items()]
        if options.by == "document":
            each = zip(compared.documents, lengths, kept, strict=True)
            values += [("alpha_u", "", d, alpha_u([(n, row)])[0].coefficient) for d, n, row in each]
        if options.gamma:
            values += _gammas(compared, marked, options)
        for kind, label, document, value in values:
            part = bool(label or document)
            counts = (some if kind == "alpha_u" and not part else nan, nan if part else count)
            yield Figure(layer, "units", "exact", kind, who, label, document, value, Bounds(), *counts)


def _gammas(
    compared: Compared, marked: list[list[list[Unit]]], options: Options
) -> Iterator[tuple[str, str, str, float]]:
    """gamma over all texts: their disorders, seen and expected, weighted by the units an annotator has."""
    from goldwire.evaluate.gamma import gamma

    found = [gamma(row, seed=options.seed) for row in marked]
    weights = [sum(map(len, row)) / len(row) for row in marked]
    rows = [(g, w) for g, w in zip(found, weights, strict=True) if g.samples]
    observed, expected = (fsum(getattr(g, x) * w for g, w in rows) for x in ("observed", "expected"))
    yield "gamma", "", "", 1 - observed / expected if expected else nan
    if options.by == "document":
        for document, g in zip(compared.documents, found, strict=True):
            yield "gamma", "", document, g.gamma


def _units(layer: str, document: Document) -> list[Unit]:
    return sorted({(s.at, s.pieces[-1][1], s.label) for s in spans.STRETCHES[layer](document) if s.pieces})
