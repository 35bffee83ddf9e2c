"""Errors in the terminal: what each cause costs, then every error on a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from math import isnan
from typing import Any

from goldwire.annotate.problems import visible
from goldwire.evaluate.causes import JUDGED, Error, Judged, gains
from goldwire.evaluate.counts import total
from goldwire.evaluate.errors.slices import Slice
from goldwire.evaluate.report.tables import aligned
from goldwire.evaluate.report.text import rate

ORDER = "paired in this order: exact with label, exact, head, any overlap; each error has one cause"


def text(
    judged: Sequence[Judged],
    *,
    causes: Sequence[str] = (),
    listing: bool = True,
    cut: Mapping[str, Sequence[Slice]] | None = None,
) -> str:
    """What each cause costs, slices, then the errors (of some causes)."""
    lines = [ORDER, ""]
    for layer, several in groupby(sorted(judged, key=lambda j: _order(j.layer)), key=lambda j: j.layer):
        own = list(several)
        now = total(j.counts for j in own)
        lines.append(
            f"{layer}: {now.r_hit} of {now.r_all} found, {now.spurious} of {now.p_all} predictions wrong, "
            f"F1 {rate(now.rates().f1)} ({JUDGED[layer]})"
        )
        for gain in gains(own):
            lines.append(f"  {gain.cause:<17}{gain.errors:>5}   F1 {rate(gain.mended)} if mended")
    for key, each in (cut or {}).items():
        lines += ["", *_slices(key, each)]
    if listing:
        chosen = [e for j in judged for e in j.errors if not causes or e.cause in causes]
        lines += ["", *(line(e) for e in chosen)]
    return "\n".join(lines) + "\n"


def _slices(key: str, each: Sequence[Slice]) -> list[str]:
    rows, last = [], ""
    for s in each:
        rates = [rate(x) for x in s.counts.rates()]
        counted = [str(s.counts.r_hit), str(s.counts.r_all), str(s.counts.p_all)]
        said = ", ".join(f"{cause} {n}" for cause, n in s.causes)
        rows.append(["" if s.layer == last else s.layer, s.value, *rates, *counted, said])
        last = s.layer
    return aligned([f"by {key}", "", "P", "R", "F1", "right", "gold", "pred", "errors"], rows).splitlines()


def plain(cut: Slice) -> dict[str, Any]:
    """A slice as plain values; what is not defined is None."""
    rates = {name: None if isnan(x) else x for name, x in cut.counts.rates()._asdict().items()}
    counted = {"right": cut.counts.r_hit, "gold": cut.counts.r_all, "pred": cut.counts.p_all}
    return {
        "key": cut.key,
        "value": cut.value,
        "layer": cut.layer,
        **rates,
        **counted,
        "causes": dict(cut.causes),
    }


def line(error: Error) -> str:
    """One error: where, what, which words.

    >>> line(Error("A", "events", "type", "MEET", 4, "talks", "talks", "MEET as AGREE"))
    'A:4: events: type: «talks» MEET as AGREE'
    >>> line(Error("A", "events", "boundary", "MEET", 4, "talks", "the talks"))
    'A:4: events: boundary: «talks», predicted «the talks»'
    """
    words = visible(error.gold) if error.gold else visible(error.pred)
    if error.gold and error.pred and error.gold != error.pred:
        words += f", predicted {visible(error.pred)}"
    said = error.said or ("" if error.gold and error.pred else error.label)
    return f"{error.document}:{error.at}: {error.layer}: {error.cause}: {words} {said}".rstrip()


def _order(layer: str) -> int:
    return list(JUDGED).index(layer)
