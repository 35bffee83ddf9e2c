"""The scorer of named entities of CLEF HIPE 2020 and HIPE 2022, at c2a5684: the NERC task.

Written from the task's description (Ehrmann et al. 2020) and from what the program answers.
Spans are (start, end, label), half-open, counted in tokens, in reading order.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import nan

from goldwire.evaluate.counts import Counts, Rates
from goldwire.evaluate.counts import Four as Row
from goldwire.evaluate.profiles.profile import Results, Rows, zero
from goldwire.evaluate.profiles.semeval import SCHEMES, Categories, Item, optimal, touching

NAMES = {"strict": "strict", "ent_type": "fuzzy", "exact": "exact", "partial": "partial"}


def hipe(gold: Sequence[Item], pred: Sequence[Item], labels: frozenset[str]) -> dict[str, Row]:
    """Count one document's entities; ``labels`` are those of the whole gold standard.

    Rows: each scheme (``ent_type`` is what HIPE calls fuzzy), each scheme and label, the sums of the
    document's rates (``doc …``) and F1 (``docf1 …``). Faults kept: predictions of labels that gold
    has nowhere are ignored; a prediction takes the first gold span that it touches, even one that has
    its exact answer; copies of a right prediction are all right, so that recall looks whole.

    >>> gold, pred = [Item(0, 2, "PER")], [Item(0, 2, "PER"), Item(5, 6, "DOG")]
    >>> hipe(gold, pred, frozenset({"PER"}))["strict"]
    (1.0, 1, 1.0, 1)
    """
    gold = [g for g in gold if g.label in labels]
    pred = [p for p in pred if p.label in labels]
    touched: set[Item] = set()
    known, near = set(gold), touching(gold)
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for p in pred:
        if p in known:
            touched.add(p)
            _note(found, p.label, "correct", "correct", "correct", "correct")
            continue
        for g in (gold[i] for i in near(p)):
            if g[:2] == p[:2] and g.label != p.label:
                _note(found, g.label, "incorrect", "correct", "correct", "incorrect")
            elif g not in touched:
                same = "correct" if g.label == p.label else "incorrect"
                _note(found, g.label, "incorrect", "incorrect", "partial", same)
            else:
                continue
            touched.add(g)
            break
        else:
            _note(found, p.label, *["spurious"] * 4)
    for g in gold:
        if g not in touched:
            _note(found, g.label, *["missed"] * 4)
    return _rows(found)


def _note(found: dict[tuple[str, str], Counter[str]], label: str, *kinds: str) -> None:
    for scheme, kind in zip(SCHEMES, kinds, strict=True):
        found[scheme, label][kind] += 1


def _rows(found: dict[tuple[str, str], Counter[str]]) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for scheme in SCHEMES:
        whole = Counter[str]()
        for (name, label), kinds in sorted(found.items()):
            if name == scheme:
                rows[f"{scheme} {label}"] = Categories(**kinds).row
                whole += kinds
        row = Categories(**whole).row
        rows[scheme] = row
        rates = zero(Counts(*row).rates())
        _, p_all, _, r_all = row
        rows[f"doc {scheme}"] = (
            rates.precision if p_all else 0,
            int(p_all > 0),
            rates.recall if r_all else 0,
            int(r_all > 0),
        )
        both = int(p_all > 0 and r_all > 0)
        rows[f"docf1 {scheme}"] = (rates.f1 * both, both, rates.f1 * both, both)
    return rows


def hipe_fixed(gold: Sequence[Item], pred: Sequence[Item], labels: frozenset[str]) -> dict[str, Row]:
    """The same schemes under the best alignment, every prediction counted.

    >>> gold, pred = [Item(0, 2, "PER")], [Item(0, 2, "PER"), Item(5, 6, "DOG")]
    >>> hipe_fixed(gold, pred, frozenset({"PER"}))["strict"]
    (1.0, 2, 1.0, 1)
    """
    return {scheme: optimal(gold, pred, scheme).row for scheme in SCHEMES}


def finish(rows: Rows) -> Results:
    """The report: micro, macro over documents and macro over labels, for every scheme."""
    results: Results = {}
    for scheme in SCHEMES:
        if scheme not in rows:
            continue
        name = NAMES[scheme]
        results[f"{name} micro"] = zero(rows[scheme].rates())
        if f"doc {scheme}" in rows:
            p, r, _ = rows[f"doc {scheme}"].rates()
            results[f"{name} macro doc"] = Rates(p, r, rows[f"docf1 {scheme}"].rates().precision)
            labels = [zero(row.rates()) for key, row in rows.items() if key.startswith(f"{scheme} ")]
            columns = list(zip(*labels, strict=True)) or [(), (), ()]
            results[f"{name} macro type"] = Rates(*(sum(c) / len(c) if c else 0.0 for c in columns))
    return results or {"strict micro": Rates(nan, nan, nan)}
