"""Scorers of templates in the form of MUC-4: CEAF-REE (GRIT), GTT, CEAF-RME (IterX).

A document is a list of templates ``{"incident_type": str, role: [[mention, …], …]}``,
mentions being strings. Written from the papers and from what the programs answer.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from goldwire.evaluate.assignment import dense
from goldwire.evaluate.counts import Four as Row
from goldwire.evaluate.profiles.mappings import MOST_TRIED, best_mapping

Raw = Mapping[str, Any]
Entities = list[list[str]]

TYPE = "incident_type"


def normal(mention: str) -> str:
    """The form in which these scorers compare strings: lower case, no punctuation, no articles.

    >>> normal("The rebels' A-team")
    'rebels ateam'
    """
    bare = "".join(c for c in mention.lower() if c not in string.punctuation)
    return " ".join(re.sub(r"\b(?:a|an|the)\b", " ", bare).split())


def _fillers(template: Raw) -> dict[str, Entities]:
    return {role: [[normal(m) for m in e] for e in value] for role, value in template.items() if role != TYPE}


def ceaf_ree(gold: Sequence[Raw], pred: Sequence[Raw], *, proportional: bool = False) -> dict[str, Row]:
    """Count role fillers as GRIT's ``eval_ceaf``, per role: strict, or by the share of shared mentions.

    Its fault is kept: a predicted entity without any mention is right wherever a gold entity is free.

    >>> gold = [{"incident_type": "attack", "Victim": [["Ann", "she"]]}]
    >>> ceaf_ree(gold, [{"incident_type": "attack", "Victim": [["the Ann"], ["she"]]}])
    {'Victim': (1.0, 2, 1.0, 1)}
    """
    pooled: list[dict[str, Entities]] = []
    for templates in (gold, pred):
        roles: dict[str, Entities] = {}
        for template in templates:
            for role, entities in _fillers(template).items():
                roles.setdefault(role, []).extend(entities)
        pooled.append(roles)
    rows: dict[str, Row] = {}
    for role in sorted(pooled[0].keys() | pooled[1].keys()):
        wanted, given = pooled[0].get(role, []), pooled[1].get(role, [])
        table = np.zeros((len(wanted), len(given)))
        for i, g in enumerate(wanted):
            for j, p in enumerate(given):
                if proportional:
                    table[i, j] = sum(m in p for m in g) / len(p)
                else:
                    table[i, j] = all(m in g for m in p)
        hit = sum(float(table[pair]) for pair in dense(table))
        rows[role] = hit, len(given), hit, len(wanted)
    return rows


def gtt(gold: Sequence[Raw], pred: Sequence[Raw], *, most: int = MOST_TRIED) -> Row:
    """Count types and fillers as GTT's ``eval_tf``: the mapping of templates with the best F1.

    Faults kept: a type is right if it is a part of the gold type's string ("bomb" in "bombing"),
    a predicted type that is no string becomes "attack", and several predicted entities may answer
    one gold entity. The search is ``mappings.py``'s; it raises TooLargeError where it cannot be done.

    >>> gold = [{"incident_type": "bombing", "Victim": [["Ann", "she"]]}]
    >>> gtt(gold, [{"incident_type": "bomb", "Victim": [["Ann"], ["she"]]}])
    (3, 3, 2, 2)
    """
    gains = {(i, j): _gain(g, p) for i, p in enumerate(pred) for j, g in enumerate(gold)}
    p_all, r_all = (sum(1 + sum(map(len, _fillers(t).values())) for t in side) for side in (pred, gold))
    found = {pair: gain for pair, gain in gains.items() if gain[0]}
    p_hit, r_hit = best_mapping(found, len(pred), len(gold), p_all, r_all, most=most)
    return p_hit, p_all, r_hit, r_all


def _gain(gold: Raw, pred: Raw) -> tuple[int, int]:
    """Right answers and answered gold items of a pair of templates; (0, 0) if the types differ."""
    kind = pred[TYPE] if isinstance(pred[TYPE], str) else "attack"
    if kind not in gold[TYPE]:
        return 0, 0
    wanted, given = _fillers(gold), _fillers(pred)
    right = found = 1
    for role in wanted.keys() & given.keys():
        right += sum(any(set(p) <= set(g) for g in wanted[role]) for p in given[role])
        found += sum(any(set(p) <= set(g) for p in given[role]) for g in wanted[role])
    return right, found


def ceaf_rme(gold: Sequence[Raw], pred: Sequence[Raw], *, phi3: bool) -> Row:
    """Count what aligned templates share as IterX's ``CEAFRME`` scorers.

    With ``phi3`` mentions of entities aligned one to one; otherwise (phi subset) predicted entities
    that share a mention with some gold entity, and gold entities so touched. A gold type
    "attack / bombing" is either; under phi 3 its mentions are counted once for each (a fault).

    >>> gold = [{"incident_type": "attack / bombing", "Weapon": [["car bomb"]]}]
    >>> pred = [{"incident_type": "bombing", "Weapon": [["car bomb"]]}]
    >>> ceaf_rme(gold, pred, phi3=True), ceaf_rme(gold, pred, phi3=False)
    ((1.0, 1, 1.0, 2), (1.0, 1, 1.0, 1))
    """
    given = [t for t in map(_typed, pred) if t]
    wanted: list[list[list[tuple[str, str, str]]]] = []
    alternatives: list[list[int]] = []
    for template in map(_typed, gold):
        kinds = next((m[0] for e in template for m in e if "/" in m[0]), "")
        if not kinds or not pred:
            wanted.append(template)
            continue
        alternatives.append([])
        for kind in kinds.split("/"):
            alternatives[-1].append(len(wanted))
            wanted.append([[(kind.strip(), role, m) for _, role, m in e] for e in template])
    p_table, r_table = np.zeros((len(wanted), len(given))), np.zeros((len(wanted), len(given)))
    for i, g in enumerate(wanted):
        for j, p in enumerate(given):
            p_table[i, j], r_table[i, j] = _phi3(g, p) if phi3 else _phi_subset(g, p)
    for rows in alternatives:
        chosen = rows[int(p_table[rows].sum(axis=1).argmax())] if given else rows[0]
        for i in set(rows) - {chosen}:
            p_table[i] = r_table[i] = 0
    # Two tables are read at the cells that are best in the first, so ties must be settled as there.
    pairs = dense(p_table)
    if phi3:
        sizes = [sum(len(e) for t in side for e in t) for side in (given, wanted)]
    else:
        sizes = [sum(map(len, given)), sum(len(_typed(t)) for t in gold)]
    return float(sum(p_table[x] for x in pairs)), sizes[0], float(sum(r_table[x] for x in pairs)), sizes[1]


def _typed(template: Raw) -> list[list[tuple[str, str, str]]]:
    kind = template[TYPE]
    return [[(kind, role, m) for m in e] for role, entities in _fillers(template).items() for e in entities]


def _phi3(
    gold: list[list[tuple[str, str, str]]], pred: list[list[tuple[str, str, str]]]
) -> tuple[float, float]:
    table = np.array([[sum(m in g for m in p) for p in pred] for g in gold], dtype=float)
    hit = sum(float(table[pair]) for pair in dense(table)) if table.size else 0.0
    return hit, hit


def _phi_subset(
    gold: list[list[tuple[str, str, str]]], pred: list[list[tuple[str, str, str]]]
) -> tuple[float, float]:
    # The first mention that any gold entity has decides which gold entity is touched.
    touched = [next((i for m in p for i, g in enumerate(gold) if m in g), -1) for p in pred]
    found = [i for i in touched if i >= 0]
    return float(len(found)), float(len(set(found)))
