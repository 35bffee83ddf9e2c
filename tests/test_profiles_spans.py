"""Profiles of spans and tags: our cases, and the references themselves on random input."""

from __future__ import annotations

import os
import random
import re
import warnings
from collections import defaultdict
from pathlib import Path

import pytest

from goldwire.evaluate import counts
from goldwire.evaluate.counts import Counts
from goldwire.evaluate.profiles import ace, semeval, tagging
from goldwire.evaluate.profiles.profile import averages, zero

from .reference_cases import cases, same

SHARED = os.environ.get("GOLDWIRE_SHARED")
without_shared = pytest.mark.skipif(not SHARED, reason="GOLDWIRE_SHARED names no folder")


# SemEval-2013 and nervaluate


def items(document):
    return [semeval.Item(x["start"], x["end"] + 1, x["label"]) for x in document]


def check_nervaluate(true, pred, overall, per_type):
    for scheme in semeval.SCHEMES:
        whole, by_label = semeval.Categories(), defaultdict(semeval.Categories)
        for g, p in zip(map(items, true), map(items, pred), strict=True):
            whole = plus(whole, semeval.greedy(g, p, scheme))
            for label, found in semeval.per_label(g, p, scheme, semeval.greedy).items():
                by_label[label] = plus(by_label[label], found)
        assert by_label.keys() == per_type.keys()
        for found, wanted in [(whole, overall), *((by_label[x], per_type[x]) for x in by_label)]:
            expected = {**wanted[scheme]}
            assert found._asdict() == {k: expected[k] for k in found._fields}
            row = Counts(*found.row)
            assert (row.p_all, row.r_all) == (expected["actual"], expected["possible"])
            same(zero(row.rates()), [expected[k] for k in ("precision", "recall", "f1")])


def plus(a, b):
    return semeval.Categories(*map(sum, zip(a, b, strict=True)))


@pytest.mark.parametrize("case", cases("nervaluate"))
def test_nervaluate_cases(case):
    check_nervaluate(case["true"], case["pred"], case["overall"], case["per_type"])


@pytest.mark.parametrize("case", [c for c in cases("nervaluate") if "flat" in c.id])
def test_without_overlaps_the_best_alignment_has_the_greedy_strict_rates(case):
    for scheme in ("strict", "exact"):
        row = Counts()
        for g, p in zip(map(items, case["true"]), map(items, case["pred"]), strict=True):
            row += Counts(*semeval.optimal(g, p, scheme).row)
        same(zero(row.rates()), [case["overall"][scheme][k] for k in ("precision", "recall", "f1")])


def test_nervaluate_random():
    from nervaluate import Evaluator

    rng = random.Random(5)
    for _ in range(60):
        true, pred = ([[span(rng) for _ in range(rng.randint(0, 4))] for _ in range(2)] for _ in "tp")
        result = Evaluator(true, pred, tags=["A", "B"], loader="dict").evaluate()
        plain = {k: vars(v) for k, v in result["overall"].items()}
        per_type = {
            label: {k: vars(v) for k, v in found.items()} for label, found in result["entities"].items()
        }
        check_nervaluate(true, pred, plain, per_type)


def span(rng):
    start = rng.randrange(rng.choice([6, 400]))
    return {"label": rng.choice("AB"), "start": start, "end": start + rng.choice([0, 1, 3, 150])}


def test_semeval2013_by_hand():
    # PER 0-5 has its exact answer, though a shorter prediction came first: COR 1, SPU 1.
    gold, first = [semeval.Item(0, 6, "PER")], [semeval.Item(0, 3, "PER"), semeval.Item(0, 6, "PER")]
    for pred in (first, first[::-1]):
        assert semeval.optimal(gold, pred, "strict") == (1, 0, 0, 0, 1)
        assert semeval.optimal(gold, pred, "partial") == (1, 0, 0, 0, 1)
    # One prediction over two golds is one incorrect (partial) and one missed, whichever it is.
    two, wide = [semeval.Item(0, 2, "A"), semeval.Item(3, 5, "A")], [semeval.Item(0, 5, "A")]
    assert semeval.optimal(two, wide, "strict") == (0, 1, 0, 1, 0)
    assert semeval.optimal(two, wide, "partial") == (0, 0, 1, 1, 0)
    assert semeval.optimal(two, wide, "ent_type") == (1, 0, 0, 1, 0)


# Tags


@pytest.mark.parametrize("case", cases("seqeval"))
def test_seqeval_cases(case):
    for key, chunks in (("default", tagging.lenient), ("strict_IOB2", tagging.strict)):
        rows = {
            k: Counts(*r) for k, r in tagging.seqeval(case["y_true"], case["y_pred"], chunks=chunks).items()
        }
        for average, expected in case[key].items():
            same(averages(rows)[average], [float("nan") if x is None else x for x in expected])
        if chunks is tagging.lenient:
            same(averages(rows, value=1.0)["micro"], case["zero_division_1_micro"])


def test_seqeval_random():
    from seqeval.metrics.sequence_labeling import precision_recall_fscore_support as lenient
    from seqeval.metrics.v1 import precision_recall_fscore_support as strict
    from seqeval.scheme import IOB2

    rng = random.Random(8)
    for _ in range(60):
        for chunks, prefixes, theirs, more in (
            (tagging.lenient, "BIES", lenient, {}),
            (tagging.strict, "BI", strict, {"scheme": IOB2}),
        ):
            gold = [tags(rng, prefixes) for _ in range(2)]
            pred = [[t if rng.random() < 0.6 else tags(rng, prefixes)[0] for t in g] for g in gold]
            rows = {k: Counts(*r) for k, r in tagging.seqeval(gold, pred, chunks=chunks).items()}
            for average in ("micro", "macro", "weighted"):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    expected = theirs(gold, pred, average=average, zero_division=0, **more)[:3]
                same(averages(rows)[average], expected)


def tags(rng, prefixes):
    choices = ["O", "O", *(f"{p}-{label}" for p in prefixes for label in ("A", "B"))]
    return [rng.choice(choices) for _ in range(rng.randint(1, 7))]


@without_shared
def test_conlleval_on_seqscore_files():
    folder = Path(SHARED) / "references" / "seqscore"
    blocks = re.split(r"(?m)^== ", (folder / "expected_seqscore_0.9.0.txt").read_text())[1:]
    assert len(blocks) == 6
    for block in blocks:
        head, *lines = block.strip().split("\n")
        gold, pred = (
            [
                [line.split()[-1] for line in sentence.split("\n")]
                for sentence in (folder / "files" / name).read_text().strip().split("\n\n")
            ]
            for name in head.split()[-2:]
        )
        rows = (
            tagging.seqeval(gold, pred, chunks=tagging.strict)
            if "discard" in head
            else tagging.conlleval(gold, pred)
        )
        for line in lines[1:]:
            name, *figures = line.split("\t")
            row = (
                counts.total(Counts(*r) for r in rows.values())
                if name == "ALL"
                else Counts(*rows.get(name, (0, 0, 0, 0)))
            )
            assert (row.r_all, row.p_all, row.p_hit) == tuple(map(int, figures[3:]))
            same(zero(row.rates()), map(float, figures[:3]))


def test_conlleval_reads_what_breaks_the_rules():
    # An orphaned I- begins a chunk; a label that changes inside ends one.
    rows = tagging.conlleval([["I-A", "I-A", "I-B"]], [["B-A", "I-A", "B-B"]])
    assert rows == {"A": (1, 1, 1, 1), "B": (1, 1, 1, 1)}
    with pytest.raises(ValueError, match="sentence 1 has 1 gold tags and 2 predicted ones"):
        tagging.conlleval([["O"]], [["O", "O"]])
    with pytest.raises(ValueError, match="'E-A' is no tag of IOB2"):
        tagging.strict(["E-A"])


def test_spacy_random():
    import spacy
    from spacy.scorer import Scorer
    from spacy.tokens import Doc, Span
    from spacy.training import Example

    nlp, rng = spacy.blank("en"), random.Random(3)
    for _ in range(60):
        sides = [[], []]
        for side in sides:
            for _ in range(rng.randint(0, 5)):
                start = rng.randrange(5)
                side.append((start, rng.randint(start + 1, 6), rng.choice("AB")))
        docs = []
        for side in sides:
            doc = Doc(nlp.vocab, words=["w"] * 6)
            doc.spans["s"] = [Span(doc, a, b, label=x) for a, b, x in side]
            docs.append(doc)
        found = Scorer.score_spans(
            [Example(docs[1], docs[0])], "s", getter=lambda d, k: d.spans[k], allow_overlap=True
        )
        rows = {k: Counts(*r) for k, r in ace.spacy_spans(*sides).items()}
        if found["s_p"] is None:
            assert not rows
            continue
        same(zero(counts.total(rows.values()).rates()), [found[f"s_{x}"] for x in "prf"])
        for label, expected in found["s_per_type"].items():
            same(zero(rows[label].rates()), [expected[x] for x in "prf"])
