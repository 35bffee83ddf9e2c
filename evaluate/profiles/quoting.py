"""Scorers of quotations: German news quotations 2024, and the Gender Gap Tracker of SFU.

Written from Petersen-Frey & Biemann 2024 and Asr et al. 2021, and from what the programs at
74e7bd6 and 5501de3 answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from goldwire.evaluate.assignment import best, dense
from goldwire.evaluate.counts import Four as Row

Quote = Mapping[str, Any]

ROLES = ("addressee", "cue", "frame", "speaker")
NOTHING: Quote = {}


def german(gold: Sequence[Quote], pred: Sequence[Quote], *, fixed: bool = False) -> dict[str, Row]:
    """Count the quotations of a document as the scorer of the German news quotations.

    A quotation is ``{"quote": {"tokenIds": […]}, "speaker": …, "cue": …, "addressee": …, "frame": …,
    "type": str, "medium": str}``. Quotations are aligned one to one by the F1 of their tokens (plus
    .01 for the same type, .001 for the same medium). ``quote`` and each role have the sums, over the
    groups (pairs and what is left alone), of token precision where anything was predicted and of
    token recall where there was anything; ``roles`` and ``joint`` add them up; ``form`` and ``stwr``
    count types and media. Fault kept unless ``fixed``: quotations that share no token still make a
    pair, so their types may count as right. A quotation without tokens is refused (ValueError).

    >>> one = {"quote": {"tokenIds": [5, 6]}, "type": "Direct", "medium": "Speech"}
    >>> far = {"quote": {"tokenIds": [8]}, "type": "Direct", "medium": "Speech"}
    >>> {k: r for k, r in german([one], [far]).items() if k in ("quote", "form")}
    {'quote': (0.0, 1, 0.0, 1), 'form': (1, 1, 1, 1)}
    >>> german([one], [far], fixed=True)["form"]
    (0, 1, 0, 1)
    """
    if fixed:
        gold, pred = sorted(gold, key=_written), sorted(pred, key=_written)
    rows = {name: [0.0, 0, 0.0, 0] for name in ("quote", *ROLES)}
    kinds = {"form": [0, 0, 0, 0], "stwr": [0, 0, 0, 0]}
    for g, p in _groups(gold, pred, fixed):
        for part, row in rows.items():
            wanted, given = _tokens(g, part), _tokens(p, part)
            both = len(wanted & given)
            if given:
                row[0] += both / len(given)
                row[1] += 1
            if wanted:
                row[2] += both / len(wanted)
                row[3] += 1
        for (_, count), key in zip(kinds.items(), ("type", "medium"), strict=True):
            mine, theirs = g.get(key), p.get(key)
            same = mine == theirs
            count[0] += same
            count[1] += theirs is not None
            count[2] += same
            count[3] += mine is not None
    parts: dict[str, Row] = {name: _row(row) for name, row in rows.items()}
    roles = _row([sum(column) for column in zip(*(rows[r] for r in ROLES), strict=True)])
    joint = _row([a + b for a, b in zip(rows["quote"], roles, strict=True)])
    return {**parts, "roles": roles, "joint": joint, **{name: _row(c) for name, c in kinds.items()}}


def _groups(gold: Sequence[Quote], pred: Sequence[Quote], fixed: bool) -> list[tuple[Quote, Quote]]:
    table = [[_similarity(g, p) for p in pred] for g in gold]
    if fixed:
        pairs = best({(i, j): x for i, row in enumerate(table) for j, x in enumerate(row)})
    else:
        pairs = dense(table)
    left, right = {i for i, _ in pairs}, {j for _, j in pairs}
    return [
        *((gold[i], pred[j]) for i, j in pairs),
        *((NOTHING, p) for j, p in enumerate(pred) if j not in right),
        *((g, NOTHING) for i, g in enumerate(gold) if i not in left),
    ]


def _similarity(gold: Quote, pred: Quote) -> float:
    wanted, given = _tokens(gold, "quote"), _tokens(pred, "quote")
    if not wanted or not given:
        raise ValueError("german-quotes-2024 cannot compare a quotation without tokens")
    both = len(wanted & given)
    if not both:
        return 0.0
    precision, recall = both / len(given), both / len(wanted)
    f1 = 2 * precision * recall / (precision + recall)
    form = 0.01 if gold.get("type") == pred.get("type") else 0.0
    medium = 0.001 if gold.get("medium") == pred.get("medium") else 0.0
    return f1 + form + medium


def _written(quote: Quote) -> str:
    """What a quotation says, for an order that depends on nothing else."""
    return str(
        [sorted(_tokens(quote, part)) for part in ("quote", *ROLES)]
        + [quote.get("type"), quote.get("medium")]
    )


def _tokens(quote: Quote, part: str) -> set[int]:
    return set(quote.get(part, NOTHING).get("tokenIds", ()))


def _row(sums: Sequence[float]) -> Row:
    return sums[0], sums[1], sums[2], sums[3]


def gender_gap(
    gold: Sequence[Quote], pred: Sequence[Quote], *, least: float, fixed: bool = False
) -> dict[str, Row]:
    """Count the quotations of a document as the Gender Gap Tracker's ``compare_res``.

    A quotation is ``{"quote_index": "(100,200)", "speaker": str, "speaker_index": str, "verb": str,
    "is_floating_quote": bool}``. In gold order each takes the prediction that covers most of it, if
    more than ``least`` (.3 and .8 in use). ``quote`` counts these; ``speaker`` and ``verb`` only
    the pairs, a speaker being right if the spans touch, or if the quote floats and the gold has none.
    Faults kept unless ``fixed``: covering more than the gold costs nothing, the order of gold
    quotations matters, and all copies of a prediction vanish with the one that is taken. Mended, pairs
    are those of the best alignment by intersection over union.

    >>> quote = {"quote_index": "(0,9)", "speaker": "Ann", "speaker_index": "(12,15)", "verb": "said"}
    >>> everything = {**quote, "quote_index": "(0,5000)", "speaker_index": "(0,5000)"}
    >>> gender_gap([quote], [everything, everything], least=0.8)
    {'quote': (1, 1, 1, 1), 'speaker': (1, 1, 1, 1), 'verb': (1, 1, 1, 1)}
    """
    if fixed:
        return _speakers_and_verbs(_best_pairs(gold, pred, least), len(gold), len(pred))
    left = list(pred)
    pairs: list[tuple[Quote, Quote]] = []
    for g in gold:
        shares = [_covered(g["quote_index"], p["quote_index"]) for p in left]
        most = max(shares, default=0.0)
        if most > least:
            taken = left[shares.index(most)]
            pairs.append((g, taken))
            left = [p for p in left if p != taken]
    return _speakers_and_verbs(pairs, len(gold), len(pairs) + len(left))


def _speakers_and_verbs(pairs: list[tuple[Quote, Quote]], n_gold: int, n_pred: int) -> dict[str, Row]:
    n = len(pairs)
    speakers = sum(_same_speaker(g, p) for g, p in pairs)
    verbs = sum(g["verb"].lower().strip() == p["verb"].lower().strip() for g, p in pairs)
    return {
        "quote": (n, n_pred, n, n_gold),
        "speaker": (speakers, n, speakers, n),
        "verb": (verbs, n, verbs, n),
    }


def _best_pairs(gold: Sequence[Quote], pred: Sequence[Quote], least: float) -> list[tuple[Quote, Quote]]:
    golds, preds = sorted(gold, key=_placed), sorted(pred, key=_placed)
    edges = {
        (i, j): len(golds) + like
        for i, g in enumerate(golds)
        for j, p in enumerate(preds)
        if (like := _jaccard(_span(g["quote_index"]), _span(p["quote_index"]))) > least
    }
    return [(golds[i], preds[j]) for i, j in best(edges)]


def _placed(quote: Quote) -> str:
    return str([quote[key] for key in ("quote_index", "speaker_index", "speaker", "verb")])


def _jaccard(a: range, b: range) -> float:
    both = len(range(max(a.start, b.start), min(a.stop, b.stop)))
    return both / (len(a) + len(b) - both) if both else 0.0


def _same_speaker(gold: Quote, pred: Quote) -> bool:
    if _covered(gold["speaker_index"], pred["speaker_index"]) > 0:
        return True
    return bool(pred.get("is_floating_quote")) and not gold["speaker"].strip()


def _covered(gold: str, pred: str) -> float:
    """The share of a gold span that the other covers; spans are written ``(start,end)``."""
    a, b = _span(gold), _span(pred)
    if not a or not b:
        return 0.0
    return len(range(max(a.start, b.start), min(a.stop, b.stop))) / len(a)


def _span(written: str) -> range:
    numbers = [x.strip() for x in written.replace("(", "").replace(")", "").split(",") if x.strip()]
    if len(numbers) != 2 or not all(x.lstrip("+-").isdigit() for x in numbers):
        return range(0)
    return range(int(numbers[0]), int(numbers[1]))
