"""Counts a batch of documents with arrays: what each scheme (``schemes.py``) means, in numpy.

Strict and exact are intersections of multisets. For partial, equal bounds are paired first, and what
is left over by the sweep; type is solved by the sweep (``sweep.py``) wherever overlapping spans form more
than a pair or a star. All are optimal and none depends on the order of spans. Thresholds are
counted in ``near.py``, shares in ``credit.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from goldwire.evaluate import sweep
from goldwire.evaluate.stream.laid import Batch, Ints, Side
from goldwire.evaluate.stream.schemes import NEAR, SCHEMES, SHARES

if TYPE_CHECKING:
    from goldwire.evaluate.stream.reach import Line

Table = NDArray[np.int64]  # (labels, 4): p_hit, p_all, r_hit, r_all; hits in units (``schemes.unit``)


class Rows(NamedTuple):
    """Distinct spans of one side, sorted: their keys, and how many of each."""

    key: Ints
    number: Ints

    def without(self, taken: Ints) -> Rows:
        """What is left when so many of each are taken."""
        number = self.number - taken
        kept = number > 0
        return Rows(self.key[kept], number[kept])


class Keys(NamedTuple):
    """How many bits of a key hold the length of a span and its label; its start has the rest."""

    length: int
    label: int

    def pack(self, side: Side) -> Ints:
        """Start, length, label, the first in the highest bits."""
        return ((side.start << self.length | side.end - side.start) << self.label) | side.label

    def labels(self, key: Ints) -> Ints:
        """The label of each key."""
        return key & ((1 << self.label) - 1)

    def bounds(self, key: Ints) -> tuple[Ints, Ints]:
        """Start and end of each key."""
        start = key >> (self.length + self.label)
        return start, start + (key >> self.label & ((1 << self.length) - 1))


def count(batch: Batch, schemes: Sequence[str] = SCHEMES) -> tuple[dict[str, Table], dict[str, int]]:
    """Count a batch in some of the schemes: a row a label, in the order of its labels.

    Beside the tables, for schemes whose best pairing was too large to be looked for, how much it can have
    more than the one that was counted.
    """
    labels = len(batch.labels)
    short, keys = _keys(batch, labels)
    gold, pred = _distinct(keys.pack(short.gold)), _distinct(keys.pack(short.pred))
    every = np.zeros((labels, 4), np.int64)
    every[:, 1] = np.bincount(batch.pred.label, minlength=labels)
    every[:, 3] = np.bincount(batch.gold.label, minlength=labels)
    found: dict[str, Table] = {}
    twins = _common(gold, pred)
    found["strict"] = every + 2 * _by_label(keys, gold, pred, twins, labels)
    if "exact" in schemes or "partial" in schemes:
        rest = gold.without(twins[0]), pred.without(twins[1])
        equal = _equal_bounds(keys, *rest)
        found["exact"] = found["strict"] + 2 * _by_label(keys, *rest, equal, labels)
        if "partial" in schemes:
            left = rest[0].without(equal[0]), rest[1].without(equal[1])
            found["partial"] = found["exact"] + _partial(keys, *left, labels)
    if "type" in schemes:
        found["type"] = every + 2 * _typed(short, labels)
    lacking: dict[str, int] = {}
    for name in schemes:
        kind, _, least = name.partition("@")
        if kind in NEAR:
            table, lacking[name] = _near(batch, labels, float(least), typed=kind == NEAR[0])
            found[name] = every + table
        elif kind in SHARES:
            table, lacking[name] = _shares(batch, labels, kind.partition("-")[0], typed="-" in kind)
            found[name] = every + table
    return {name: found[name] for name in schemes}, {name: n for name, n in lacking.items() if n}


def _keys(batch: Batch, labels: int) -> tuple[Batch, Keys]:
    """The widths of keys. Where they come to more than 63 bits, positions are numbered in their order."""
    sides = batch.gold, batch.pred
    wide = [max((int((s.end - s.start).max(initial=0)) for s in sides), default=0), max(labels - 1, 0)]
    if batch.extent.bit_length() + sum(x.bit_length() for x in wide) > 62:
        known = np.unique(np.concatenate([x for s in sides for x in (s.start, s.end)]))
        gold, pred = (
            s._replace(start=np.searchsorted(known, s.start), end=np.searchsorted(known, s.end))
            for s in sides
        )
        batch = Batch(batch.labels, gold, pred, batch.lengths, np.array([0, len(known)]))
        wide[0] = len(known)
    return batch, Keys(wide[0].bit_length(), wide[1].bit_length())


def _distinct(key: Ints) -> Rows:
    key = np.sort(key)
    first = np.flatnonzero(np.concatenate([np.ones(min(len(key), 1), bool), key[1:] != key[:-1]]))
    return Rows(key[first], np.diff(np.append(first, len(key))))


def _common(gold: Rows, pred: Rows) -> tuple[Ints, Ints]:
    """How many of each distinct gold span, and of each predicted one, have an equal on the other side."""
    hits = np.zeros(len(gold.key), np.int64), np.zeros(len(pred.key), np.int64)
    if len(gold.key) and len(pred.key):
        at = np.minimum(np.searchsorted(gold.key, pred.key), len(gold.key) - 1)
        same = gold.key[at] == pred.key
        hits[1][same] = hits[0][at[same]] = np.minimum(gold.number[at[same]], pred.number[same])
    return hits


def _by_label(keys: Keys, gold: Rows, pred: Rows, hits: tuple[Ints, Ints], labels: int) -> Table:
    table = np.zeros((labels, 4), np.int64)
    np.add.at(table[:, 0], keys.labels(pred.key), hits[1])
    np.add.at(table[:, 2], keys.labels(gold.key), hits[0])
    return table


def _equal_bounds(keys: Keys, gold: Rows, pred: Rows) -> tuple[Ints, Ints]:
    """Of spans whose bounds are equal and labels are not, as many as there are on both sides.

    Among those of equal bounds the labels that come first by name are paired first.
    """
    groups = [rows.key >> keys.label for rows in (gold, pred)]
    totals = [
        Rows(key, np.add.reduceat(rows.number, at) if len(at) else rows.number)
        for rows, (key, at) in zip(
            (gold, pred), (np.unique(g, return_index=True) for g in groups), strict=True
        )
    ]
    hits = []
    for rows, group, total, both in zip((gold, pred), groups, totals, _common(*totals), strict=True):
        at = np.searchsorted(total.key, group)
        before = np.cumsum(rows.number) - rows.number
        first = np.searchsorted(group, total.key)
        earlier = before - before[first][at] if len(group) else before
        hits.append(np.clip(both[at] - earlier, 0, rows.number))
    return hits[0], hits[1]


def _partial(keys: Keys, gold: Rows, pred: Rows, labels: int) -> Table:
    """Pairs that overlap, of what has no equal."""
    table = np.zeros((labels, 4), np.int64)
    spread = [Rows(np.repeat(r.key, r.number), r.number) for r in (gold, pred)]
    sides = [(*keys.bounds(r.key), keys.labels(r.key)) for r in spread]
    hits = _overlapping(sides[0], sides[1], stars=False)
    for column, side, hit in (2, sides[0], hits[0]), (0, sides[1], hits[1]):
        table[:, column] = np.bincount(side[2][hit], minlength=labels)
    return table


def _typed(batch: Batch, labels: int) -> Table:
    """Pairs that overlap under one label: each label has a line of its own, end to end."""
    table = np.zeros((labels, 4), np.int64)
    sides = []
    for spans in batch.gold, batch.pred:
        shift = spans.label * batch.extent
        sides.append((spans.start + shift, spans.end + shift, spans.label))
    hits = _overlapping(sides[0], sides[1], stars=True)
    for column, side, hit in (2, sides[0], hits[0]), (0, sides[1], hits[1]):
        table[:, column] = np.bincount(side[2][hit], minlength=labels)
    return table


def _near(batch: Batch, labels: int, least: float, *, typed: bool) -> tuple[Table, int]:
    """Pairs that reach a threshold; without labels all in the row of the first label."""
    from goldwire.evaluate.stream import near

    sides = _without_copies(batch, labels)
    i, j, lacking = near.pairs(_line(batch, sides[0], typed), _line(batch, sides[1], typed), least)
    table = np.zeros((labels, 4), np.int64)
    for column, side, hit in (2, sides[0], i), (0, sides[1], j):
        table[:, column] = np.bincount(side.label[hit] if typed else hit * 0, minlength=labels)
    return 2 * table, 2 * lacking


def _shares(batch: Batch, labels: int, kind: str, *, typed: bool) -> tuple[Table, int]:
    """Pairs worth what they share, in 2**-30; without labels all in the row of the first label."""
    from goldwire.evaluate.stream import credit, reach

    sides = _without_copies(batch, labels)
    way = reach.Way(0, reach.dice if kind == "dice" else reach.iou)
    lines = _line(batch, sides[0], typed), _line(batch, sides[1], typed)
    i, j, worth, lacking = credit.pairs(lines[0], lines[1], way)
    table = np.zeros((labels, 4), np.int64)
    for column, side, hit in (2, sides[0], i), (0, sides[1], j):
        np.add.at(table[:, column], side.label[hit] if typed else hit * 0, worth)
    return table, lacking


def _line(batch: Batch, side: Side, typed: bool) -> Line:
    """A side on one line, or on a line for each label; what lies in another document never meets it."""
    from goldwire.evaluate.stream.reach import Line

    shift = side.label * batch.extent if typed else side.label * 0
    group = side.document + (side.label * batch.documents if typed else 0)
    return Line(side.start + shift, side.end + shift, group, batch.begins[side.document] + shift)


def _without_copies(batch: Batch, labels: int) -> tuple[Side, Side]:
    """Of equal spans as many as the other side has, but one always: the rest answer nothing (match.py)."""
    short, keys = _keys(batch, labels)
    packed = keys.pack(short.gold), keys.pack(short.pred)
    found = []
    for own, other, side in (packed[0], packed[1], batch.gold), (packed[1], packed[0], batch.pred):
        order = np.argsort(own, kind="stable")
        rank = np.arange(len(own)) - np.searchsorted(own[order], own[order])
        known = np.sort(other)
        number = np.searchsorted(known, own[order], "right") - np.searchsorted(known, own[order])
        kept = np.sort(order[rank < np.maximum(number, 1)])
        found.append(Side(*(column[kept] for column in side)))
    return found[0], found[1]


Stretches = tuple[Ints, Ints, Ints]  # start, end, label


def _overlapping(
    gold: Stretches, pred: Stretches, *, stars: bool
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which spans have a partner when as many as possible have one that overlaps them.

    Spans that overlap, directly or through others, are independent of all the rest. One against one
    is a pair; the sweep decides what is not plain. ``stars``: where one stands against many it does not
    matter which of the many it is (they have one label), so the first will do.
    """
    n = len(gold[0])
    start, end, label = (np.concatenate(pair) for pair in zip(gold, pred, strict=True))
    hit = np.zeros(len(start), bool)
    if not n or n == len(start):
        return hit[:n], hit[n:]
    order = np.argsort(start, kind="stable")
    ranked = start[order]
    reach = np.maximum.accumulate(end[order])
    opens = np.concatenate([[True], ranked[1:] >= reach[:-1]])
    first = np.flatnonzero(opens)
    sizes = np.diff(np.append(first, len(start)))
    side = (order >= n).astype(np.int64)
    preds = np.add.reduceat(side, first)
    golds = sizes - preds
    easy = (golds > 0) & (preds > 0) & ((np.minimum(golds, preds) == 1) if stars else (sizes == 2))
    hard = (golds > 0) & (preds > 0) & ~easy
    # Of an easy group, its first gold and its first predicted span.
    where = np.repeat(np.arange(len(first)), sizes)
    for kind in 0, 1:
        members = np.flatnonzero((side == kind) & easy[where])
        groups = where[members]
        hit[
            order[members[np.concatenate([[True], groups[1:] != groups[:-1]])] if len(members) else members]
        ] = True
    # Of as many on both sides, the first with the first, the second with the second …: where all of
    # them overlap, everybody has a partner.
    even = np.repeat(hard & (golds == preds), sizes)
    left, right = order[even & (side == 0)], order[even & (side == 1)]
    if len(left):
        meet = (start[left] < end[right]) & (start[right] < end[left])
        which = np.flatnonzero(hard & (golds == preds))
        done = np.logical_and.reduceat(meet, np.cumsum(golds[which]) - golds[which])
        hard[which[done]] = False
        settled = np.repeat(done, golds[which])
        hit[left[settled]] = hit[right[settled]] = True
    if not hard.any():
        return hit[:n], hit[n:]
    starts, ends, labels = start.tolist(), end.tolist(), label.tolist()
    ids = order.tolist()
    for at, size in zip(first[hard].tolist(), sizes[hard].tolist(), strict=True):
        group = ids[at : at + size]
        own, other = [i for i in group if i < n], [i for i in group if i >= n]
        found = sweep.pairs(
            [(starts[i], ends[i], labels[i]) for i in own], [(starts[i], ends[i], labels[i]) for i in other]
        )
        for i, j in found:
            hit[own[i]] = hit[other[j]] = True
    return hit[:n], hit[n:]


def checksum(batch: Batch) -> int:
    """The sum over gold documents of a number that their spans and labels decide (``tally.count``)."""
    side = batch.gold
    names = np.array([crc32(name.encode("utf-8", "surrogatepass")) for name in batch.labels], np.uint64)
    with np.errstate(over="ignore"):
        start = (side.start - batch.begins[side.document]).astype(np.uint64)
        length = (side.end - side.start).astype(np.uint64)
        spans = _mixed(_mixed(start) ^ (length << np.uint64(32)) ^ names[side.label])
        sums = np.zeros(batch.documents, np.uint64)
        np.add.at(sums, side.document, spans)
        return int(_mixed(sums).sum(dtype=np.uint64))


def _mixed(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Every bit spread over all (splitmix64, Steele et al. 2014)."""
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
