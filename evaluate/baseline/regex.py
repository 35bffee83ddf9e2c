"""The floor: what a few regular expressions find, without spaCy and without a grammar.

Numbers in digits with a scale and the commonest modifiers, dates with a month,
and quotations between marks with "said". Whoever does not beat this has learnt
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from goldwire.annotate.document import Document, Mention, Meta, Number, Quotation, Time

_NUMBER = re.compile(
    r"(?:(?P<mod>more than|over|at least|up to|about|some|nearly|fewer than)\s)?"
    r"(?P<figure>\d+(?:,\d{3})*(?:\.\d+)?(?:\s(?:thousand|million|billion))?)(?P<percent>\s?%|\spercent)?(?![\d\w])",
    re.IGNORECASE,
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(rf"\b(?:(?P<d1>\d{{1,2}})\s(?P<m1>{_MONTHS})|(?P<m2>{_MONTHS})\s(?P<d2>\d{{1,2}}))\b")
_QUOTED = re.compile(r"[“\"](?P<content>[^”\"\n]+)[”\"][,]?\s+(?:\w+\s){0,3}?(?P<cue>said|says|told)\b")
_SAID = re.compile(r"\b(?P<cue>said|says|reported|stated|announced)\s(?P<content>that\s[^.!?\n;:]+)")
_MODS = {
    **{"more than": "more_than", "over": "more_than", "at least": "at_least", "up to": "at_most"},
    **{"about": "approx", "some": "approx", "nearly": "less_than", "fewer than": "less_than"},
}
_SCALES = {"thousand": 3, "million": 6, "billion": 9}


def load() -> Callable[[str], Document]:
    """The floor as a function of a text."""
    return predict


def predict(text: str) -> Document:
    """Numbers, times and quotations by regular expressions.

    >>> found = predict("More than 600 men left on 9 May, he said that day.")
    >>> [(n.mention.text, n.value) for n in found.numbers], [t.value for t in found.times]
    ([('More than 600', '600')], ['XXXX-05-09'])
    """
    times = [_time(m, n) for n, m in enumerate(_DATE.finditer(text), 1)]
    taken = [t.mention.bounds for t in times]
    figures = [m for m in _NUMBER.finditer(text) if all(m.end() <= a or b <= m.start() for a, b in taken)]
    spoken = sorted([*_QUOTED.finditer(text), *_SAID.finditer(text)], key=lambda m: m.start())
    return Document(
        text,
        Meta(lang="en", layers=("numbers", "times", "quotations")),
        times=tuple(times),
        numbers=tuple(_number(m, n) for n, m in enumerate(figures, 1)),
        quotations=tuple(_quotation(text, m, n) for n, m in enumerate(spoken, 1)),
    )


def _time(m: re.Match[str], n: int) -> Time:
    month = _MONTHS.split("|").index(m["m1"] or m["m2"]) + 1
    value = f"XXXX-{month:02d}-{int(m['d1'] or m['d2']):02d}"
    return Time(
        f"t{n}",
        Mention(m.group(), m.start()),
        kind="DATE",
        value=value,
        resolved=f"{value}/{value}",
        basis="text",
    )


def _number(m: re.Match[str], n: int) -> Number:
    figure, _, scale = m["figure"].partition(" ")
    digits = figure.replace(",", "")
    whole, _, rest = digits.partition(".")
    zeros = _SCALES.get(scale.lower(), 0) - (2 if m["percent"] else 0)
    value = _shifted(whole, rest, zeros)
    mod = _MODS.get((m["mod"] or "").lower(), "exact")
    low = value if mod in ("more_than", "at_least") else ""
    high = value if mod in ("less_than", "at_most") else ""
    return Number(
        f"n{n}",
        Mention(m.group(), m.start(), head=m["figure"], head_start=m.start("figure")),
        kind="SHARE" if m["percent"] else "COUNT",
        value=value,
        low=low,
        high=high,
        open_low=mod == "more_than",
        open_high=mod == "less_than",
        mod=mod,
        rounded=not m["percent"] and value.isdecimal() and value.endswith("0") and value != "0",
    )


def _shifted(whole: str, rest: str, zeros: int) -> str:
    """A decimal moved by ``zeros`` places.

    >>> _shifted("2", "5", 6), _shifted("12", "", -2)
    ('2500000', '0.12')
    """
    if zeros < 0:
        whole = whole.zfill(1 - zeros)
        whole, rest = whole[:zeros], whole[zeros:] + rest
    else:
        rest = rest.ljust(zeros, "0")
        whole, rest = whole + rest[:zeros], rest[zeros:]
    rest = rest.rstrip("0")
    return f"{int(whole)}.{rest}" if rest else str(int(whole))


def _quotation(text: str, m: re.Match[str], n: int) -> Quotation:
    start, end = m.span("content")
    direct = text[start - 1] in '“"'
    inside = (start - 1, end + 1) if direct else (start, end)
    return Quotation(
        f"q{n}",
        cue=(Mention(m["cue"], m.start("cue")),),
        content=(Mention.at(text, inside),),
        verbatim=(Mention(m["content"], start),) if direct else (),
        directness="direct" if direct else "indirect",
    )
