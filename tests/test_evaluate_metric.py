"""The laws find what is wrong with a metric, and pass those that are right."""

import json
import math
import sys
from collections import Counter

import pytest
from typer.testing import CliRunner

from goldwire.annotate.document import Document
from goldwire.evaluate import laws
from goldwire.evaluate.laws import world
from goldwire.evaluate.laws.calling import CannotExpressError, form_of, read
from goldwire.evaluate.laws.world import Placed, World
from goldwire.evaluate.metrics import METRICS, ROWS


def rates(hits, n_pred, n_gold):
    p, r = (hits / n if n else math.nan for n in (n_pred, n_gold))
    return p, r, (2 * hits / (n_pred + n_gold) if n_pred + n_gold else math.nan)


def flat(documents):
    return [(i, *span) for i, spans in enumerate(documents) for span in spans]


def right(gold, pred):
    """Multisets of spans."""
    g, p = Counter(flat(gold)), Counter(flat(pred))
    return rates(sum((g & p).values()), sum(p.values()), sum(g.values()))


def greedy(gold, pred):
    """Each prediction takes the first gold span that it overlaps."""
    left, hits = flat(gold), 0
    for d, start, end, label in flat(pred):
        for other in left:
            if other[0] == d and other[1] < end and start < other[2]:
                left.remove(other)
                hits += other == (d, start, end, label)
                break
    return rates(hits, len(flat(pred)), len(flat(gold)))


def copies(gold, pred):
    """Counts every copy of a right prediction."""
    return rates(sum(s in flat(gold) for s in flat(pred)), len(flat(pred)), len(flat(gold)))


def swapped(gold, pred):
    """Takes precision for recall, on one side only."""
    p, r, f1 = right(gold, pred)
    return (r, p, f1) if len(flat(pred)) > len(flat(gold)) else (p, r, f1)


def deaf(gold, pred):
    """Leaves out documents without gold."""
    kept = [(g, p) for g, p in zip(gold, pred, strict=True) if g]
    return right([g for g, _ in kept], [p for _, p in kept])


def brittle(gold, pred):
    """Divides without looking."""
    hits = len({*flat(gold)} & {*flat(pred)})
    return 2 * hits / (len(flat(gold)) + len(flat(pred)))


def greedy_hand(gold, pred):
    """Sorts what it was given."""
    for spans in pred:
        spans.sort()
    return right(gold, pred)


def ceaf(gold, pred):
    """Divides by the wrong number."""
    p, r, f1 = right(gold, pred)
    return p, r, 2 * f1


def one_label(gold, pred):
    """Sees only one of the labels."""
    only = [[[s for s in spans if s[2] == "A"] for spans in side] for side in (gold, pred)]
    return right(*only)


def first_counts(gold, pred):
    """Weighs the first document twice."""
    return right([gold[0], *gold], [pred[0], *pred])


BROKEN = {
    greedy: {"order", "right"},
    copies: {"duplicates", "swap", "bounds"},  # two copies against one: F1 4/3
    swapped: {"swap", "another"},
    deaf: {"wrong", "defined", "swap"},
    brittle: {"defined"},
    greedy_hand: {"untouched"},
    ceaf: {"identity", "bounds"},
    one_label: {"identity", "wrong", "renaming"},
    first_counts: {"documents"},
}


@pytest.mark.parametrize("metric", BROKEN, ids=lambda f: f.__name__)
def test_what_is_wrong_is_found(metric):
    found = laws.judge(metric, cases=600, drawn=50)
    assert {v.law.name for v in found if v.counterexample is not None} == BROKEN[metric]
    assert all(v.fine == (v.law.name not in BROKEN[metric]) for v in found)


def test_what_is_right_passes():
    assert all(v.fine and not v.outside for v in laws.judge(right, cases=600, drawn=50))


def test_a_metric_that_always_fails_keeps_no_law():
    def failing(gold, pred):
        raise RuntimeError("never")

    verdicts = laws.judge(failing, cases=200, drawn=10)
    assert [v.law.name for v in verdicts if v.outside < v.tried] == ["defined"]
    assert [v.law.name for v in verdicts if not v.fine] == ["defined"]


def test_the_counterexample_is_the_smallest():
    found = {v.law.name: v.counterexample for v in laws.judge(greedy, cases=600, drawn=0)}
    # One gold word, predicted after the same word under another label: no smaller world has an order.
    one, other = Placed(0, 0, 1, "A"), Placed(0, 0, 1, "B")
    assert found["order"] == World((one,), (one, other))
    assert {v.law.name: v.counterexample for v in laws.judge(brittle, cases=9)}["defined"] == World((), ())


def test_larger_worlds_are_cut_down():
    def five(gold, pred):  # wrong only where a span ends at the last word
        return 0.5 if any(s[2] == 6 for s in flat(gold) + flat(pred)) else right(gold, pred)

    found = {v.law.name: v.counterexample for v in laws.judge(five, cases=1, drawn=100)}
    assert len(found["identity"].gold) == 1
    assert found["identity"].pred == ()


def test_declared_faults():
    def declared(gold, pred):
        return copies(gold, pred)

    declared.exempt = {"duplicates": "as its reference does", "order": "never was true"}
    found = {v.law.name: v for v in laws.judge(declared, cases=300, drawn=0)}
    assert found["duplicates"].fine
    assert not found["swap"].fine  # broken and not declared
    assert found["order"].fine  # declared and not broken


def test_input_that_a_metric_cannot_be_given_is_passed_over():
    def tags(gold, pred):
        for spans in (*gold, *pred):
            if len(spans) > 1:
                raise CannotExpressError
        return right(gold, pred)

    found = {v.law.name: v for v in laws.judge(tags, cases=100, drawn=20)}
    assert all(v.fine for v in found.values())
    assert 0 < found["defined"].outside < found["defined"].tried


@pytest.mark.parametrize("name", [n for n in METRICS if ".span" in n or ".mention" in n or ".trigger" in n])
def test_our_metrics_of_spans_obey(name):
    # The others are tried in richer worlds by test_laws.py.
    found = laws.judge(METRICS[name], cases=100, drawn=10)
    assert {v.law.name: v.how for v in found if not v.fine} == {}


def test_forms():
    def one(gold: Document, pred: Document) -> float:
        return 0.0

    def many(gold: list[Document], pred: list[Document]) -> float:
        return 0.0

    assert (form_of(one), form_of(many), form_of(right), form_of(ROWS[0])) == (
        "document",
        "documents",
        "spans",
        "document",
    )

    def total(gold: list[Document], pred: list[Document]) -> dict[str, float]:
        hits = Counter((d.meta.doc_id, e.type, e.trigger.bounds) for d in gold for e in d.events)
        made = Counter((d.meta.doc_id, e.type, e.trigger.bounds) for d in pred for e in d.events)
        p, r, f1 = rates(sum((hits & made).values()), sum(made.values()), sum(hits.values()))
        return {"precision": p, "recall": r, "f1": f1}

    assert all(v.fine for v in laws.judge(total, cases=40, drawn=5))
    with pytest.raises(ValueError, match="'trees' is none of spans"):
        laws.judge(total, form="trees")


def test_ids_matter_to_nobody():
    def by_id(gold: list[Document], pred: list[Document]) -> float:
        ids = [{(d.meta.doc_id, e.id) for d in side for e in d.events} for side in (gold, pred)]
        return 2 * len(ids[0] & ids[1]) / (len(ids[0]) + len(ids[1]) or 1)

    assert not {v.law.name: v for v in laws.judge(by_id, cases=20, drawn=10)}["renaming"].fine


def test_answers():
    assert math.isnan(read(None).f1)
    assert read((0.1, 0.2, 0.3)).recall == 0.2
    assert read({"f1": 0.5, "recall": None}).f1 == 0.5
    with pytest.raises(TypeError, match="not 'good'"):
        read("good")


def test_the_world_begins_small():
    worlds = [w for w, _ in zip(world.smallest(), range(400), strict=False)]
    assert worlds[0] == World((), ())
    assert len(set(worlds)) == len(worlds)
    cost = [len(w.gold) + len(w.pred) + max((s.end for s in (*w.gold, *w.pred)), default=0) for w in worlds]
    assert cost == sorted(cost)


def test_the_command(tmp_path, monkeypatch):
    from goldwire.__main__ import app

    (tmp_path / "mine.py").write_text("def f(gold, pred):\n    return float(gold == pred)\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    done = CliRunner().invoke(app, ["evaluate-metric", "mine:f", "--cases", "900", "--json"])
    assert done.exit_code == 1
    rows = {row["law"]: row for row in json.loads(done.stdout)["laws"]}
    assert rows["identity"]["kept"]
    assert not rows["order"]["kept"]
    done = CliRunner().invoke(app, ["evaluate-metric", "numbers.span", "--cases", "20", "--drawn", "0"])
    assert (done.exit_code, done.stdout.count("kept")) == (0, len(laws.LAWS))


@pytest.mark.parametrize("name", ["mine", "nowhere:f", "math:nothing", "math:pi"])
def test_no_such_metric(name, capsys, monkeypatch):
    from goldwire.__main__ import main

    monkeypatch.setattr(sys, "argv", ["goldwire", "evaluate-metric", name])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 1
    assert f"{name}: no-function: " in capsys.readouterr().err
