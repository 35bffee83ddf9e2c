"""One scorer, once, in a process of its own: ``python benchmarks/peers.py NAME FOLDER``; prints what it found.

Each peer is given the fastest loader there is (msgspec, line by line), so ratios are in its favour.
"""

import json
import sys
from bisect import bisect_left

FOLDER = ""


def loaded(tokens=False):
    """Pairs of lists of spans, and of the bounds of tokens (a blank splits where there are none)."""
    import msgspec

    class Span(msgspec.Struct, gc=False):
        start: int
        end: int
        label: str

    class Line(msgspec.Struct, gc=False):
        spans: list[Span]
        text: str

    decode = msgspec.json.Decoder(Line).decode
    with open(f"{FOLDER}/gold.jsonl", "rb") as gold, open(f"{FOLDER}/pred.jsonl", "rb") as pred:
        for a, b in zip(gold, pred, strict=True):
            yield decode(a), decode(b)


def floor():
    """Nothing but reading: what every scorer that parses whole lines pays first."""
    return {"documents": sum(1 for _ in loaded())}


def obvious():
    """Every pair of spans looked at, and the best pairing by a dense solver: slow, and plainly right."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    found = dict.fromkeys(("strict", "exact", "partial", "type"), 0.0)
    for gold, pred in loaded():
        g, p = gold.spans, pred.spans
        if not g or not p:
            continue
        a = np.array([[s.start, s.end] for s in g])
        b = np.array([[s.start, s.end] for s in p])
        label = np.array([[x.label == y.label for y in p] for x in g])
        equal = (a[:, None] == b[None]).all(2)
        over = (a[:, None, 0] < b[None, :, 1]) & (b[None, :, 0] < a[:, None, 1])
        tables = {
            "strict": equal & label,
            "exact": equal,
            "partial": np.where(equal, 1, over / 2),
            "type": over & label,
        }
        for name, table in tables.items():
            rows, columns = linear_sum_assignment(table.astype(float), maximize=True)
            found[name] += float(table[rows, columns].sum())
    return found


def nervaluate():
    from nervaluate.evaluator import Evaluator

    gold, pred, labels = [], [], set()
    for g, p in loaded():
        for side, spans in (gold, g.spans), (pred, p.spans):
            side.append(
                [{"label": s.label, "start": s.start, "end": s.end - 1} for s in spans]
            )  # its ends are inclusive
        labels |= {s.label for s in g.spans}
    overall = Evaluator(gold, pred, tags=sorted(labels), loader="dict").evaluate()["overall"]
    return {
        name: overall[key].correct + 0.5 * overall[key].partial
        for name, key in (
            ("strict", "strict"),
            ("exact", "exact"),
            ("partial", "partial"),
            ("type", "ent_type"),
        )
    }


def tags(document):
    """One tag a token, for scorers that know no overlap: what overlaps an earlier span is dropped."""
    places, at = [], 0
    for word in document.text.split(" "):
        places.append(at)
        at += len(word) + 1
    found = ["O"] * len(places)
    for s in sorted(document.spans, key=lambda s: (s.start, s.end)):
        first, last = bisect_left(places, s.start + 1) - 1, bisect_left(places, s.end)
        if all(tag == "O" for tag in found[first:last]):
            found[first:last] = ["B-" + s.label] + ["I-" + s.label] * (last - first - 1)
    return found


def seqeval():
    from seqeval.metrics import f1_score

    gold, pred = zip(*((tags(g), tags(p)) for g, p in loaded()), strict=True)
    return {"f1": float(f1_score(list(gold), list(pred)))}


def sklearn():
    from sklearn.metrics import precision_recall_fscore_support

    gold, pred = [], []
    for g, p in loaded():
        gold += tags(g)
        pred += tags(p)
    labels = sorted({*gold, *pred} - {"O"})
    return {
        "f1": float(
            precision_recall_fscore_support(gold, pred, labels=labels, average="micro", zero_division=0)[2]
        )
    }


def spacy():
    import spacy as library
    from spacy.scorer import Scorer
    from spacy.tokens import Doc
    from spacy.training import Example

    blank = library.blank("xx")
    examples = []
    for g, p in loaded():
        words = g.text.split(" ")
        docs = []
        for side in g, p:
            doc = Doc(blank.vocab, words=words)
            group = [doc.char_span(s.start, s.end, s.label, alignment_mode="expand") for s in side.spans]
            doc.spans["sc"] = [s for s in group if s is not None]
            docs.append(doc)
        examples.append(Example(docs[1], docs[0]))
    found = Scorer.score_spans(
        examples, "spans_sc", getter=lambda doc, _: doc.spans["sc"], allow_overlap=True
    )
    return {"f1": found["spans_sc_f"]}


def metametric():
    from metametric import dsl

    metric = dsl.set_matching[tuple, "<->", "none"](dsl.discrete[tuple])
    found = {"strict": 0.0, "gold": 0, "pred": 0}
    for g, p in loaded():
        a, b = ([(s.start, s.end, s.label) for s in side.spans] for side in (g, p))
        found["strict"] += metric.compute(a, b)[0]
        found["gold"] += len(a)
        found["pred"] += len(b)
    return found


def clusters():
    with open(f"{FOLDER}/clusters.json", encoding="utf-8") as file:
        held = json.load(file)
    return [[[tuple(m) for m in c] for c in held[side]] for side in ("gold", "pred")]


def goldwire_coref():
    from goldwire.evaluate import coreference

    gold, pred = clusters()
    return timed(lambda: {name: row.rates().f1 for name, row in coreference.rows(gold, pred).items()})


def goldwire_ceafe():
    from goldwire.evaluate import coreference

    gold, pred = clusters()
    return timed(lambda: {"ceaf_e": coreference.ceaf_e(gold, pred).rates().f1})


def scorch():
    from scorch import scores

    gold, pred = ([set(c) for c in side] for side in clusters())
    return timed(
        lambda: {
            "muc": scores.muc(gold, pred)[2],
            "b3": scores.b_cubed(gold, pred)[2],
            "ceaf_e": scores.ceaf_e(gold, pred)[2],
        }
    )


def coval():
    """CEAFe alone; the folder of ns-moosavi/coval is given as the third argument."""
    sys.path.insert(0, sys.argv[3])
    from coval.eval import evaluator

    gold, pred = clusters()

    def run():
        p, pd, r, rd = evaluator.ceafe(pred, gold)
        return {"ceaf_e": 2 * (p / pd) * (r / rd) / (p / pd + r / rd)}

    return timed(run)


def timed(function):
    """The result, and how long it took without start-up and reading."""
    from time import perf_counter

    function()  # imports inside are not what is measured
    begun = perf_counter()
    return {**function(), "seconds": perf_counter() - begun}


if __name__ == "__main__":
    FOLDER = sys.argv[2]
    print(json.dumps(globals()[sys.argv[1]]()))
