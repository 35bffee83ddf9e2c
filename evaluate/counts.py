"""What every metric counts, and the only division.

A row of four sums covers spans, arguments, values and clusters alike. Rows add,
over labels, sentences and documents; rates are taken once, at the end. Nothing
out of nothing is nan, neither 0 nor 1: it is printed as – and left out of means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum, isnan, nan
from typing import NamedTuple

Four = tuple[float, float, float, float]


class Rates(NamedTuple):
    """Precision, recall and their harmonic mean, each from 0 to 1 or nan."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Counts:
    """p_hit of p_all predictions are right; r_hit of r_all gold items are found.

    The two hits differ where one item is worth more on one side than on the other
    (coreference), or where labels differ (an item counts under its own side's label).

    >>> Counts(1, 2, 1, 4) + Counts(1, 1, 1, 1)
    Counts(p_hit=2, p_all=3, r_hit=2, r_all=5)
    """

    p_hit: float = 0
    p_all: float = 0
    r_hit: float = 0
    r_all: float = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.p_hit + other.p_hit,
            self.p_all + other.p_all,
            self.r_hit + other.r_hit,
            self.r_all + other.r_all,
        )

    def __bool__(self) -> bool:
        return bool(self.p_all or self.r_all)

    def _repr_html_(self) -> str:
        from goldwire.evaluate.report.tables import of_counts

        return of_counts({"": self})

    @property
    def spurious(self) -> float:
        """Predictions that answer nothing: hits + spurious = predicted."""
        return self.p_all - self.p_hit

    @property
    def missed(self) -> float:
        """Gold items that nothing answers: hits + missed = gold."""
        return self.r_all - self.r_hit

    def swapped(self) -> Counts:
        """The row with gold and pred exchanged."""
        return Counts(self.r_hit, self.r_all, self.p_hit, self.p_all)

    def rates(self) -> Rates:
        """Precision, recall, F1; F1 is 0 as soon as there is anything and no hit.

        >>> Counts(p_hit=1, p_all=2, r_hit=1, r_all=4).rates()
        Rates(precision=0.5, recall=0.25, f1=0.3333333333333333)
        >>> Counts(r_all=3).rates()
        Rates(precision=nan, recall=0.0, f1=0.0)
        """
        precision = self.p_hit / self.p_all if self.p_all else nan
        recall = self.r_hit / self.r_all if self.r_all else nan
        if not (self.p_hit and self.r_hit):
            return Rates(precision, recall, 0.0 if self else nan)
        # 2pr / (p + r), cleared of fractions so that equal counts give equal values (as resample.rates).
        f1 = 2 * self.p_hit * self.r_hit / (self.p_hit * self.r_all + self.r_hit * self.p_all)
        return Rates(precision, recall, f1)


def total(rows: Iterable[Counts]) -> Counts:
    """The sum of rows, the same in whatever order they come.

    >>> total([Counts(0.1, 1, 0.1, 1), Counts(0.2, 1, 0.2, 1), Counts(0.3, 1, 0.3, 2)])
    Counts(p_hit=0.6, p_all=3, r_hit=0.6, r_all=4)
    """
    columns = list(zip(*((r.p_hit, r.p_all, r.r_hit, r.r_all) for r in rows), strict=True))
    return Counts(*map(_sum, columns)) if columns else Counts()


def macro(rows: Iterable[Counts]) -> tuple[Rates, int]:
    """The mean of the rates of the rows, and over how many rows F1 was taken.

    Each rate is the mean over the rows in which it is defined.

    >>> macro([Counts(1, 1, 1, 2), Counts(0, 0, 0, 1), Counts()])
    (Rates(precision=1.0, recall=0.25, f1=0.3333333333333333), 2)
    """
    columns = list(zip(*(row.rates() for row in rows), strict=True)) or [(), (), ()]
    defined = [[x for x in column if not isnan(x)] for column in columns]
    return Rates(*(fsum(xs) / len(xs) if xs else nan for xs in defined)), len(defined[2])


class Entry(NamedTuple):
    """What one item adds: its label, where it begins in the text (-1: nowhere), and its row."""

    label: str
    at: int
    p_hit: float = 0
    p_all: float = 0
    r_hit: float = 0
    r_all: float = 0


class Tally(Mapping[str, Counts]):
    """What a metric returns: rows by label, with the entries that they are sums of.

    >>> tally = Tally([Entry("A", 0, 1, 1, 0, 0), Entry("A", 0, 0, 0, 1, 1), Entry("B", 9, 0, 1, 0, 0)])
    >>> tally
    Tally({'A': Counts(p_hit=1, p_all=1, r_hit=1, r_all=1), 'B': Counts(p_hit=0, p_all=1, r_hit=0, r_all=0)})
    >>> tally.total
    Counts(p_hit=1, p_all=2, r_hit=1, r_all=1)
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries = tuple(entries)

    @cached_property
    def _rows(self) -> dict[str, Counts]:
        by_label: dict[str, list[Entry]] = {}
        for entry in self.entries:
            by_label.setdefault(entry.label, []).append(entry)
        return {label: _total(by_label[label]) for label in sorted(by_label)}

    def __getitem__(self, label: str) -> Counts:
        return self._rows[label]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"Tally({self._rows!r})"

    def _repr_html_(self) -> str:
        from goldwire.evaluate.report.tables import of_counts

        return of_counts({**self._rows, "all": self.total})

    @cached_property
    def total(self) -> Counts:
        """All labels together."""
        return _total(self.entries)

    @property
    def divisible(self) -> bool:
        """Whether every entry stands somewhere, so that sentences can be units."""
        return all(entry.at >= 0 for entry in self.entries)

    def within(self, starts: Sequence[int]) -> list[Tally]:
        """One tally for each stretch of text, given where each begins; the first also takes what is before.

        >>> [t.total.p_all for t in Tally([Entry("A", 3, 0, 1), Entry("A", 9, 0, 1)]).within([0, 5, 20])]
        [1, 1, 0]
        """
        from bisect import bisect_right

        parts: list[list[Entry]] = [[] for _ in starts]
        for entry in self.entries:
            parts[max(bisect_right(starts, entry.at) - 1, 0)].append(entry)
        return [Tally(part) for part in parts]


def _total(entries: Sequence[Entry]) -> Counts:
    columns = list(zip(*(entry[2:] for entry in entries), strict=True))
    return Counts(*map(_sum, columns)) if columns else Counts()


def _sum(column: Sequence[float]) -> float:
    # Whole numbers stay whole; with a fraction among them, the sum is rounded once, whatever the order.
    whole = sum(column)
    return whole if isinstance(whole, int) else fsum(column)
