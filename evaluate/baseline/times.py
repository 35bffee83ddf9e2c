"""The times layer: dates, intervals, durations, relative times and vague ones, with their values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from msgspec.structs import replace

from goldwire.annotate.document import Document, Mention, Time
from goldwire.evaluate.baseline import calendar
from goldwire.evaluate.baseline.calendar import Date, duration
from goldwire.evaluate.baseline.lexicon import inverted, table
from goldwire.evaluate.baseline.numerals import numeral, written
from goldwire.evaluate.baseline.sentences import sentences
from goldwire.evaluate.baseline.words import split

MODS = {
    **dict.fromkeys(["about", "around", "some", "approximately", "roughly"], "approx"),
    **dict.fromkeys(["more than", "over", "at least"], "more_than"),
    **dict.fromkeys(["nearly", "almost", "less than"], "less_than"),
    **dict.fromkeys(["early", "start", "beginning", "outset", "outbreak"], "start"),
    **dict.fromkeys(["mid", "middle"], "mid"),
    **dict.fromkeys(["late", "end", "eve"], "end"),
}


class Found(NamedTuple):
    """An expression: its bounds in the sentence, what it says, and its head word, if it has one."""

    start: int
    end: int
    kind: str
    value: str = ""
    days: tuple[str, str] = ("", "")
    mod: str = ""
    head: str = ""


def _date(m: re.Match[str]) -> Found:
    g = m.groupdict()
    date = Date(
        g.get("y") or "",
        calendar.month(g.get("m") or ""),
        int(re.sub(r"\D", "", g.get("d") or "") or 0),
        calendar.WEEKDAYS.get((g.get("w") or "").lower(), 0),
        calendar.SEASONS.get((g.get("s") or "").lower(), ""),
    )
    part = (g.get("p") or "").lower()
    mod = MODS.get(part, "")
    hour = {"morning": "TMO", "afternoon": "TAF", "evening": "TEV", "night": "TNI"}.get(g.get("h") or "", "")
    clock = _clock(g.get("c") or "")
    days = date.days if not mod else ("", "")
    value = g.get("v") or (date.value if date != Date() else "XXXX-XX-XX")
    if g.get("v"):
        days = (value, value)
    if g.get("decade"):
        value = f"{g['decade']}X"
    return Found(m.start(), m.end(), "DATE", value + (clock or hour), days, mod)


def _clock(said: str) -> str:
    """ "5.30 p.m." as T17:30."""
    m = re.match(r"(\d{1,2})(?:[:.](\d\d))?\s*(a|p)?", said)
    if not m:
        return ""
    hour = int(m[1]) % 12 + 12 * (m[3] == "p") if m[3] else int(m[1])
    return f"T{hour:02d}:{m[2] or '00'}"


def _interval(m: re.Match[str]) -> Found:
    g = m.groupdict()
    ends = []
    for n in "12":
        other = "2" if n == "1" else "1"
        months = g.get(f"m{n}") or g.get(f"m{other}") or ""
        years = g.get(f"y{n}") or (g.get("y2") or "" if n == "1" else "")
        if len(years) == 2:
            years = (g.get("y1") or "")[:2] + years  # 1998-99
        day = int(re.sub(r"\D", "", g.get(f"d{n}") or "") or 0)
        week = calendar.WEEKDAYS.get((g.get(f"w{n}") or "").lower(), 0)
        ends.append(Date(years, calendar.month(months), day, week))
    value = f"{ends[0].value}/{ends[1].value}"
    days = (ends[0].days[0], ends[1].days[1])
    return Found(m.start(), m.end(), "INTERVAL", value, days if all(days) else ("", ""))


def _count(said: str) -> str:
    """The figure of a duration as digits, X for one that is not said."""
    said = said.lower().strip()
    if said in ("a", "an", "one", "the"):
        return "1"
    if said in ("half a", "half an"):
        return "0.5"
    if said == "a couple of":
        return "2"
    found = numeral(split(said), 0) if said else None
    return written(found.value) if found else "X"


def _unit(said: str) -> str:
    lower = said.lower()
    return "century" if lower.startswith("centur") else lower.rstrip("s")


def _duration(m: re.Match[str]) -> Found:
    g = m.groupdict()
    count, unit = _count(g.get("n") or ""), _unit(g["u"])
    if count == "0.5":
        half = {
            "hour": ("30", "minute"),
            "year": ("6", "month"),
            "day": ("12", "hour"),
            "decade": ("5", "year"),
        }
        count, unit = half.get(unit, (count, unit))
    mod = MODS.get((g.get("mod") or "").lower(), "")
    return Found(m.start(), m.end(), "DURATION", duration(count, unit), mod=mod)


def _relative(m: re.Match[str]) -> Found:
    g = m.groupdict()
    way = (g.get("way") or "").lower()
    mod = "before" if way in ("ago", "earlier", "before", "prior to") else "after"
    if g.get("part"):
        mod = MODS.get(g["part"].lower(), "")
    head = g.get("part") or g.get("u") or ""
    return Found(m.start(), m.end(), "RELATIVE", mod=mod, head=head)


def _near(m: re.Match[str]) -> Found:
    """ "last week", "this year", "next Tuesday"."""
    unit = m["u"].lower()
    weekday, month, season = (
        calendar.WEEKDAYS.get(unit, 0),
        calendar.month(unit),
        calendar.SEASONS.get(unit, ""),
    )
    known = Date(month=month, weekday=weekday, season=season)
    value = known.value if known != Date() else table("times")["near"].get(unit, "XXXX-XX-XX")
    return Found(m.start(), m.end(), "DATE", value, mod=MODS.get((m["p"] or "").lower(), ""))


BUILDERS: dict[str, Callable[[re.Match[str]], Found]] = {
    "interval": _interval,
    "date": _date,
    "near": _near,
    "relative": _relative,
    "duration": _duration,
}


@cache
def rules() -> list[tuple[re.Pattern[str], Callable[[re.Match[str]], Found]]]:
    """The patterns of ``times.toml`` with the functions that read their matches."""
    parts: dict[str, str] = {}
    for name, pattern in table("times")["parts"].items():
        parts[name] = _filled(pattern, parts)
    patterns = table("times")["patterns"]
    return [
        (re.compile(_filled(pattern, parts)), build)
        for kind, build in BUILDERS.items()
        for pattern in patterns[kind]
    ]


def _filled(pattern: str, parts: dict[str, str]) -> str:
    """A pattern with its <PARTS> put in."""
    return re.sub(r"<([A-Z]+)>", lambda m: parts[m[1]], pattern)


def expressions(sentence: str) -> list[Found]:
    """The times of a sentence in reading order: the longest where several overlap.

    >>> [(f.kind, f.value) for f in expressions("On Friday, 9 May, they rested for two weeks.")]
    [('DATE', 'XXXX-05-09'), ('DURATION', 'P2W')]
    """
    found = [build(m) for pattern, build in rules() for m in pattern.finditer(sentence)]
    found += _listed(sentence)
    found.sort(key=lambda f: (f.start - f.end, f.start))
    kept: list[Found] = []
    for f in found:
        if all(f.end <= k.start or k.end <= f.start for k in kept):
            kept.append(f)
    return sorted(kept)


def _listed(sentence: str) -> Iterator[Found]:
    """Words that are times by themselves."""
    never: dict[str, str] = table("times")["not_before"]
    for phrase, value in inverted("times", "reference").items():
        for m in re.finditer(rf"\b{phrase}\b", sentence, re.IGNORECASE):
            after = re.match(r"\s+(\w+)", sentence[m.end() :])
            if not after or after[1] not in never.get(phrase, "").split():
                preposition = 3 if phrase.startswith(("in ", "at ")) else 0
                yield Found(m.start() + preposition, m.end(), "REFERENCE", value)
    for word, value in table("times")["dates"].items():
        for m in re.finditer(rf"\b{word}\b", sentence, re.IGNORECASE):
            yield Found(m.start(), m.end(), "DATE", value)


def add(document: Document) -> Document:
    """The document with the times of its sentences."""
    times: list[Time] = []
    for start, end in sentences(document):
        for f in expressions(document.text[start:end]):
            times.append(_time(document.text, start, f, f"t{len(times) + 1}"))
    return replace(document, times=tuple(times))


def _time(text: str, offset: int, f: Found, id: str) -> Time:
    start = offset + f.start
    surface = text[start : offset + f.end]
    at = surface.lower().find(f.head.lower()) if f.head else -1
    head = surface[at : at + len(f.head)] if at >= 0 else ""
    return Time(
        id,
        Mention(surface, start, head=head, head_start=start + at if head else -1),
        kind=f.kind,
        value=f.value,
        resolved="/".join(f.days) if all(f.days) else "",
        basis="text" if all(f.days) else "none",
        mod=f.mod,
    )
