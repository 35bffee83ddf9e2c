"""Who is who: mentions of both sides under common names, for the metrics of clusters and templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence

from goldwire.evaluate import coreference
from goldwire.evaluate.alignment import Alignment
from goldwire.evaluate.counts import Counts, Entry, Tally
from goldwire.evaluate.lookup import Entity, Side
from goldwire.evaluate.match import Pieces, Stretch, answers, pieces, shared
from goldwire.evaluate.spans import masked
from goldwire.evaluate.templates import Template

# Metrics of clusters that are a row of counts; `blanc` and the CoNLL mean are means of these.
METRICS = ("muc", "b3", "ceaf_m", "ceaf_e", "blanc_coref", "blanc_other", "lea")


def count(
    both: Alignment,
    layer: str,
    mentions: Callable[[], Sequence[list[Stretch]]],
    clusters: Sequence[Sequence[Hashable]],
    metric: str,
) -> Tally:
    """Count clusters by one metric of ``coreference.py``; ``mentions`` and ``clusters`` hold gold and pred.

    Mentions answer each other by their spans, whatever their labels; each has the name of its
    cluster at the same place. Mentions in masked text are left out on both sides.
    """

    def rows() -> dict[str, Counts]:
        gold, pred = grouped(both, layer, mentions(), clusters)
        return coreference.rows(list(gold.values()), list(pred.values()))

    return Tally([entry("", both.once(f"clusters of {layer}", rows)[metric])])


def grouped(
    both: Alignment,
    layer: str,
    mentions: Sequence[list[Stretch]],
    clusters: Sequence[Sequence[Hashable]],
) -> list[dict[Hashable, list[Hashable]]]:
    """For gold and pred, each cluster with the names of its mentions: the same name where two answer."""
    names, mask = _names(both, mentions), masked(both.gold, layer)
    found: list[dict[Hashable, list[Hashable]]] = [{}, {}]
    for groups, *side in zip(found, mentions, names, clusters, strict=True):
        for mention, name, cluster in zip(*side, strict=True):
            if not shared(mention.pieces, mask):
                groups.setdefault(cluster, []).append(name)
    return found


def entry(label: str, row: Counts) -> Entry:
    """A row that stands nowhere in particular."""
    return Entry(label, -1, row.p_hit, row.p_all, row.r_hit, row.r_all)


def templates(both: Alignment) -> tuple[list[Template], list[Template]]:
    """The events of both sides as templates: one for each cluster, with the fillers of all its mentions."""
    flat = [both.measured([m for ms in side.entities.values() for m in ms]) for side in both.sides]
    gold: list[Hashable] = [(0, m.pieces) for m in flat[0]]
    pred: list[Hashable] = [(1, m.pieces) for m in flat[1]]
    # Every mention that may answer a gold one takes the name of the nearest, whatever else does.
    nearest: dict[int, tuple[float, float, int]] = {}
    for (i, j), (credit, like) in answers(flat[0], flat[1], both.how).items():
        nearest[j] = max(nearest.get(j, (credit, like, -i)), (credit, like, -i))
    for j, (_, _, i) in nearest.items():
        pred[j] = gold[-i]
    return _templates(both.sides[0], gold), _templates(both.sides[1], pred)


def copies(both: Alignment, gold: list[Template], pred: list[Template]) -> set[int]:
    """Which predicted templates repeat another one, triggers and all, more often than gold does.

    Templates answer each other whatever their triggers, so a copy could answer another event of gold.
    """
    said = [
        [(t.type, triggers, frozenset(t.entities())) for t, triggers in zip(ts, _triggers(side), strict=True)]
        for ts, side in zip((gold, pred), both.sides, strict=True)
    ]
    wanted, seen = Counter(said[0]), Counter[Hashable]()
    found = set()
    for j, what in enumerate(said[1]):
        seen[what] += 1
        if seen[what] > max(1, wanted[what]):
            found.add(j)
    return found


def _triggers(side: Side) -> list[frozenset[Pieces]]:
    """Where the events of each cluster stand, in the order of the templates."""
    found: dict[str, set[Pieces]] = {}
    for event in side.document.events:
        found.setdefault(side.cluster[event.id], set()).add(pieces(event.trigger.pieces))
    return list(map(frozenset, found.values()))


def _templates(side: Side, names: list[Hashable]) -> list[Template]:
    waiting = iter(names)
    mentions = {entity: [next(waiting) for _ in ms] for entity, ms in side.entities.items()}
    roles: dict[str, dict[str, dict[Entity, None]]] = {}
    for event in side.document.events:
        cluster = side.cluster[event.id]
        own = roles.setdefault(cluster, {})
        for argument in event.args:
            if (filler := side.filler(argument)) is not None:
                own.setdefault(argument.role, {})[filler] = None
    return [
        Template(side.types[c], {role: [mentions[f] for f in fillers] for role, fillers in own.items()})
        for c, own in roles.items()
    ]


def _names(both: Alignment, mentions: Sequence[list[Stretch]]) -> tuple[list[Hashable], list[Hashable]]:
    """A name for every mention: the same on both sides where two answer each other."""
    answered = {pair.pred: pair.gold for pair in both.pairs(*mentions)}
    gold: list[Hashable] = [(0, i) for i in range(len(mentions[0]))]
    pred: list[Hashable] = [(0, answered[j]) if j in answered else (1, j) for j in range(len(mentions[1]))]
    return gold, pred
