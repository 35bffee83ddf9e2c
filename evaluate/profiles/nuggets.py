"""The scorer of event nuggets of TAC KBP 2015 to 2017: EvmEval.

Written from the task's descriptions (Mitamura, Liu & Hovy 2015 to 2017) and from what
scorer_v1.8.py at 9f60e17 answers.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from math import floor, isnan, nan
from typing import NamedTuple

from goldwire.evaluate import coreference
from goldwire.evaluate.counts import Counts, Rates
from goldwire.evaluate.counts import Four as Row
from goldwire.evaluate.profiles import chains
from goldwire.evaluate.profiles.profile import Results, Rows, zero

PLAIN, TYPE, REALIS, BOTH = "plain", "mention_type", "realis_status", "mention_type+realis_status"
ATTRIBUTES: dict[str, tuple[int, ...]] = {PLAIN: (), TYPE: (0,), REALIS: (1,), BOTH: (0, 1)}
NOT_ANNOTATED = "notannotated"


class Nugget(NamedTuple):
    """A mention of an event: its id, its pieces (start, end), type and realis."""

    id: str
    pieces: tuple[tuple[int, int], ...]
    type: str
    realis: str


Nuggets = Sequence[Nugget]
Chains = Iterable[Iterable[str]]


def nuggets(
    gold: Nuggets,
    pred: Nuggets,
    gold_chains: Chains = (),
    pred_chains: Chains = (),
    *,
    fixed: bool = False,
) -> dict[str, Row]:
    """Count one document's nuggets and their chains.

    Pairs are made greedily by falling Dice of characters, ties in the order of the prediction,
    anew for each set of attributes that must agree; a hit is worth its Dice on both sides. Chains
    are compared over nuggets whose type and span agree exactly. Rows ``macro …`` are sums of a
    document's rates, ``type …`` those by type. Faults kept unless ``fixed``: a document without gold
    counts for nothing, and types that gold has nowhere are in no table; the table by type asks for
    the realis too.

    >>> hit = Nugget("E1", ((0, 5),), "Conflict_Attack", "Actual")
    >>> nuggets([hit], [hit._replace(pieces=((0, 4),), realis="Other")])["plain"]
    (0.8888888888888888, 1, 0.8888888888888888, 1)
    >>> nuggets([], [hit])["plain"], nuggets([], [hit], fixed=True)["plain"]
    ((0, 0, 0, 0), (0, 1, 0, 0))
    """
    rows: dict[str, Row] = {}
    found = {name: _greedy(gold, pred, needed) for name, needed in ATTRIBUTES.items()}
    for name, pairs in found.items():
        hit = sum(dice for _, _, dice in pairs)
        rows[name] = (hit, len(pred), hit, len(gold)) if gold or fixed else (0, 0, 0, 0)
        rates = Counts(hit, len(pred), hit, len(gold)).rates()
        rows[f"macro {name}"] = (zero(rates).precision, 1, rates.recall, 1) if gold else (0, 0, 0, 0)
    kinds = sorted({_plain(n.type) for n in (*gold, *pred)})
    for kind in kinds:
        hit = sum(dice for i, _, dice in found[TYPE if fixed else BOTH] if _plain(gold[i].type) == kind)
        n_pred, n_gold = (sum(_plain(n.type) == kind for n in side) for side in (pred, gold))
        rows[f"type {kind}"] = hit, n_pred, hit, n_gold
    exact = {j: i for i, j, dice in found[TYPE] if dice >= 1}
    of_gold = _clusters([n.id for n in gold], list(range(len(gold))), gold_chains)
    of_pred = _clusters([n.id for n in pred], [exact.get(j, ("s", j)) for j in range(len(pred))], pred_chains)
    for name, row in chains.reference(of_gold, of_pred).items():
        rows[f"coref {name}"] = row
    return rows


def _greedy(gold: Nuggets, pred: Nuggets, needed: tuple[int, ...]) -> list[tuple[int, int, float]]:
    edges: list[tuple[float, int, int]] = []
    for j, p in enumerate(pred):
        for i, g in enumerate(gold):
            if all(_agree(g[2 + k], p[2 + k]) for k in needed) and (dice := _dice(g, p)) > 0:
                edges.append((-dice, j, i))
    left, right = set[int](), set[int]()
    pairs: list[tuple[int, int, float]] = []
    for minus, j, i in sorted(edges):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            pairs.append((i, j, -minus))
    return pairs


def _agree(gold: object, pred: object) -> bool:
    wanted = _plain(str(gold))
    return wanted in (NOT_ANNOTATED, _plain(str(pred)))


def _plain(label: str) -> str:
    return "".join(c.lower() for c in label if c.isalnum())


def _dice(gold: Nugget, pred: Nugget) -> float:
    a, b = ([x for start, end in n.pieces for x in range(start, end)] for n in (gold, pred))
    return 2.0 * len(set(a) & set(b)) / (len(a) + len(b)) if a or b else 0.0


def _clusters(ids: Sequence[str], keys: Sequence[Hashable], found: Chains) -> list[list[Hashable]]:
    """The chains with ids replaced by keys; what stands in none is a chain of its own."""
    chain_of: dict[str, int] = {}
    for n, chain in enumerate(found):
        for name in chain:
            chain_of.setdefault(name, n)
    result: dict[Hashable, list[Hashable]] = {}
    for name, key in zip(ids, keys, strict=True):
        result.setdefault(chain_of.get(name, ("alone", key)), []).append(key)
    return list(result.values())


def finish(rows: Rows) -> Results:
    """The report: rates of each row, the four F1 of coreference, and their mean.

    Faults kept: that mean (``coref average``) is over B³, CEAF-e, MUC and BLANC, each cut to two
    decimals of a percent; so a perfect answer without chains has 75.
    """
    results: Results = {}
    for name, row in rows.items():
        if name.startswith("macro "):
            results[name] = _macro(row)
        elif not name.startswith("coref ") and not (name.startswith("type ") and not row.r_all):
            results[name] = zero(row.rates())
    coref = coreference_rates(rows)
    results |= {f"coref {name}": rates for name, rates in coref.items()}
    if coref:
        four = [floor(coref[name].f1 * 10000 + 1e-9) / 10000 for name in ("b3", "ceaf_e", "muc", "blanc")]
        results["coref average"] = Rates(nan, nan, sum(four) / 4)
    return results


def finish_fixed(rows: Rows) -> Results:
    """The same with the CoNLL mean as everybody else takes it, and types that only the system has."""
    results = finish(rows)
    coref = coreference_rates(rows)
    if coref:
        found = {n.removeprefix("coref "): row for n, row in rows.items()}
        results["coref average"] = coreference.conll(found)
    return {**results, **{n: zero(r.rates()) for n, r in rows.items() if n.startswith("type ")}}


def coreference_rates(rows: Mapping[str, Counts], *, either: bool = False) -> Results:
    """Rates of the rows ``coref …``, BLANC averaged from its two."""
    found = {n.removeprefix("coref "): row for n, row in rows.items() if n.startswith("coref ")}
    results = {n: zero(row.rates()) for n, row in found.items() if not n.startswith("blanc")}
    if found:
        results["blanc"] = zero(
            coreference.blanc_rates(found["blanc_coref"], found["blanc_other"], either=either)
        )
    return results


def _macro(row: Counts) -> Rates:
    p, r, f = row.rates()
    # The harmonic mean of the two means, nan of nothing.
    return Rates(p, r, 2 * p * r / (p + r) if p and r and not isnan(f) else 0.0)
