"""Who is who across documents: actors, places and events of several articles as one entity.

Two objects of different documents are one entity if a table says so (``corpus/entities.jsonl``: a line
``{"entity", "members": [{"doc", "id"}]}``), if both carry the same ``entity`` (any string; the way for a
prediction to say it), or the same Wikidata id. Whatever is in none of these stands for itself: that is
NIL, and an answer like any other. Pairs that gold calls only OVERLAPS are two entities.

Counted are the clusters of all documents together, by the metrics of ``coreference.py`` (a mention is
the same on both sides if it answers a gold mention of its document), so what is right within each
document counts, too; and ``pairs``: two objects of different documents that are one, where both answer
the gold objects that are. Pairs tell how far somebody got beyond the single document.

These counts belong to no document: they do not add, and there is no interval for them.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import partial
from itertools import combinations
from os import PathLike
from typing import Any, NamedTuple

from goldwire.annotate import files
from goldwire.annotate.document import Document
from goldwire.annotate.formats import lines
from goldwire.annotate.problems import Problem, ProblemError
from goldwire.evaluate import coreference, entities, events, identity
from goldwire.evaluate.alignment import Alignment, aligned
from goldwire.evaluate.counts import Counts, Rates
from goldwire.evaluate.lookup import Side
from goldwire.evaluate.match import Pieces

Member = tuple[str, str]  # id of a document, id of an object in it
Table = Mapping[Member, str]
Place = tuple[int, Hashable]  # number of a document, name of a cluster in it
Grouped = Mapping[Hashable, Sequence[Hashable]]

LAYERS = ("events", "actors", "places")
METRICS = ("pairs", *identity.METRICS)
MAIN = ("pairs", "lea", "conll")


def name(layer: str, metric: str) -> str:
    """What a row is called.

    >>> name("actors", "lea")
    'actors.across_documents(metric=lea)'
    """
    return f"{layer}.across_documents(metric={metric})"


SHOWN = frozenset(name(layer, metric) for layer in LAYERS for metric in MAIN)


def chosen(layers: tuple[str, ...] | None) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    """The layers whose identity across documents is asked for; and the names that ask for something else.

    >>> chosen(("actors", "events.across_documents", "numbers"))
    (('events', 'actors'), ('actors', 'numbers'))
    """
    if layers is None:
        return LAYERS, None
    short = {f"{layer}.across_documents": layer for layer in LAYERS}
    own = {short.get(given.partition("(")[0], given) for given in layers}
    left = tuple(given for given in layers if given.partition("(")[0] not in short)
    return tuple(layer for layer in LAYERS if layer in own), left


def rated(rows: Mapping[tuple[str, str], Counts]) -> dict[tuple[str, str], tuple[Counts, Rates]]:
    """Every row with its rates, then for each layer BLANC and the CoNLL mean."""
    found: dict[tuple[str, str], tuple[Counts, Rates]] = {}
    for key, row in rows.items():
        found[key] = row, row.rates()
        layer, _, last = key[0].partition(".across_documents(metric=")
        if last == "lea)":
            own = {metric: rows[name(layer, metric), key[1]] for metric in METRICS}
            blanc = coreference.blanc_rates(own["blanc_coref"], own["blanc_other"])
            found[name(layer, "blanc"), key[1]] = Counts(), blanc
            found[name(layer, "conll"), key[1]] = Counts(), coreference.conll(own)
    return found


def digest(known: Table) -> str:
    """A short sha256 of a table, whatever the order of its lines."""
    written = sorted((entity, *member) for member, entity in known.items())
    return hashlib.sha256(repr(written).encode()).hexdigest()[:12]


def packaged() -> str:
    """The table of the corpus in the package."""
    return str(files.packaged("corpus") / "entities.jsonl")


def table(path: str | PathLike[str]) -> dict[Member, str]:
    """The members of each entity of a file like ``corpus/entities.jsonl``; ProblemError has the line."""
    found: dict[Member, str] = {}
    for number, raw in lines.rows(files.read_bytes(str(path)), where=str(path)):
        try:
            members = [(str(m["doc"]), str(m["id"])) for m in raw["members"]]
            entity = str(raw["entity"])
        except (KeyError, TypeError):
            message = 'is no {"entity": …, "members": [{"doc": …, "id": …}]}'
            raise ProblemError(Problem(str(path), number, "no-entity", message)) from None
        for member in members:
            if member in found:
                message = f"{' '.join(member)} is in {found[member]} already"
                raise ProblemError(Problem(str(path), number, "repeated-member", message))
            found[member] = entity
    return found


def claimed(documents: Sequence[Document], known: Table, layer: str) -> bool:
    """Whether any two objects of a layer that stand in different documents are said to be one.

    >>> from goldwire.annotate.document import Actor, Meta
    >>> one = [Document("UN", Meta(x), actors=(Actor("a1", wikidata="Q1065"),)) for x in "AB"]
    >>> claimed(one, {}, "actors"), claimed(one[:1], {}, "actors")
    (True, False)
    """
    seen: dict[Hashable, int] = {}
    return any(
        seen.setdefault(sign, at) != at
        for at, document in enumerate(documents)
        for item in getattr(document, layer)
        for sign in _signs(document, item, known)
    )


def count(
    gold: Sequence[Document], pred: Sequence[Document], known: Table, layer: str, *, match: str = "exact"
) -> dict[str, Counts]:
    """Every metric of a layer over documents that answer each other; ``known`` is gold's table.

    >>> from goldwire.annotate.document import Actor, Mention, Meta
    >>> def side(entity):
    ...     un = Actor("a1", wikidata="Q1065", mentions=(Mention("UN", 0),))
    ...     other = Actor("a7", wikidata=entity, mentions=(Mention("UN", 0),))
    ...     return [Document("UN", Meta("A"), actors=(un,)), Document("UN", Meta("B"), actors=(other,))]
    >>> rows = count(side("Q1065"), side(""), {}, "actors")
    >>> rows["pairs"], rows["b3"]
    (Counts(p_hit=0, p_all=0, r_hit=0, r_all=1), Counts(p_hit=2.0, p_all=2, r_hit=1.0, r_all=2))
    """
    both = [aligned(g, p, match) for g, p in zip(gold, pred, strict=True)]
    laid = [_laid(one, layer) for one in both]
    roots = [_roots(gold, known, layer), _roots(pred, {}, layer)]
    merged: list[dict[Hashable, list[Hashable]]] = [{}, {}]
    for at, (grouped, _) in enumerate(laid):
        for side in (0, 1):
            for key, names in grouped[side].items():
                merged[side].setdefault(roots[side][at, key], []).extend((at, n) for n in names)
    rows = coreference.rows(list(merged[0].values()), list(merged[1].values()))
    return {"pairs": _pairs(laid, roots), **{m: rows[m] for m in identity.METRICS}}


class Laid(NamedTuple):
    """One document: its clusters on both sides, by name, and where each gold mention stands."""

    grouped: Sequence[Grouped]
    places: Mapping[Hashable, Pieces]


def _laid(both: Alignment, layer: str) -> Laid:
    clusters: Sequence[Sequence[Hashable]]
    if layer == "events":
        mentions, clusters = events.clustered(both)
    else:
        mentions, clusters = entities.clustered(layer, both.gold, both.pred)
    places: dict[Hashable, Pieces] = {(0, i): mention.pieces for i, mention in enumerate(mentions[0])}
    return Laid(identity.grouped(both, layer, mentions, clusters), places)


def _pairs(laid: Sequence[Laid], roots: Sequence[Mapping[Place, Hashable]]) -> Counts:
    """Pairs of objects in different documents that are one entity; each gold pair is found once."""
    sides: list[set[frozenset[Place]]] = []
    for side in (0, 1):
        together: dict[Hashable, list[Place]] = {}
        for (at, key), root in roots[side].items():
            if key in laid[at].grouped[side]:
                together.setdefault(root, []).append((at, key))
        each = [p for found in together.values() for p in combinations(found, 2)]
        sides.append({frozenset(p) for p in each if p[0][0] != p[1][0]})
    stand_in = [_answered(one) for one in laid]
    found = {frozenset((at, stand_in[at].get(key)) for at, key in pair) for pair in sides[1]}
    hits = len(found & sides[0])
    return Counts(hits, len(sides[1]), hits, len(sides[0]))


def _answered(one: Laid) -> dict[Hashable, Hashable]:
    """Predicted cluster -> the gold one with which it shares most mentions; among equals the smaller,
    then the one that comes first in the text."""
    home = {name: key for key, names in one.grouped[0].items() for name in names}
    found: dict[Hashable, Hashable] = {}
    for key, names in one.grouped[1].items():
        shared = Counter(home[name] for name in names if name in home)
        if shared:
            found[key] = min(shared, key=partial(_rank, one, shared))
    return found


def _rank(one: Laid, common: Mapping[Hashable, int], key: Hashable) -> tuple[int, int, list[Pieces]]:
    names = one.grouped[0][key]
    return -common[key], len(names), sorted(one.places[name] for name in names)


def _roots(documents: Sequence[Document], known: Table, layer: str) -> dict[Place, Hashable]:
    """Every cluster of every document -> what stands for it and all that are one with it."""
    up: dict[Hashable, Hashable] = {}

    def root(x: Hashable) -> Hashable:
        while up.setdefault(x, x) != x:
            up[x] = up[up[x]]
            x = up[x]
        return x

    members: list[Place] = []
    for at, document in enumerate(documents):
        cluster = Side(document).cluster
        for k, item in enumerate(getattr(document, layer)):
            place = (at, cluster[item.id] if layer == "events" else k)
            members.append(place)
            for sign in _signs(document, item, known):
                up[root(("sign", sign))] = root(place)
    return {member: root(member) for member in members}


def _signs(document: Document, item: Any, known: Table) -> Iterable[Hashable]:
    """What an object has in common with those of other documents that are the same."""
    if (entity := known.get((document.meta.doc_id, item.id))) is not None:
        yield "table", entity
    if isinstance(entity := item.extra.get("entity"), str) and entity:
        yield "entity", entity
    if wikidata := getattr(item, "wikidata", ""):
        yield "wikidata", wikidata
