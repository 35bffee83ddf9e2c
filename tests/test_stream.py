"""The fast path: what it counts is what the obvious slow way counts, in whatever order things come."""

import json
import pickle
import random
from collections import Counter
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from goldwire.annotate import files
from goldwire.annotate.problems import ProblemError
from goldwire.evaluate import scores, signature, sweep
from goldwire.evaluate.stream import credit, engines, near, pairing, reach, result
from goldwire.evaluate.stream.records import NotPlainError, records, without_tokens
from goldwire.evaluate.stream.schemes import SCHEMES
from goldwire.evaluate.stream.shard import Shard, SpanCounts, score_shard

TEXT = "x" * 40
SPAN = st.tuples(st.integers(0, 12), st.integers(1, 8), st.sampled_from("AB"))
SIDE = st.lists(SPAN.map(lambda s: (s[0], s[0] + s[1], s[2])), max_size=7)


def line(name, spans, text=TEXT, **more):
    rows = [{"start": a, "end": b, "label": label} for a, b, label in spans]
    return json.dumps({"text": f"{name} {text}", "meta": {"doc_id": name}, "spans": rows, **more})


def written(folder, name, lines):
    path = folder / name
    path.write_text("".join(f"{x}\n" for x in lines), encoding="utf-8")
    return str(path)


def best(gold, pred, worth):
    """The greatest sum over all pairings, by a dense solver over a full table."""
    table = np.array([[worth(g, p) for p in pred] for g in gold] or [[]])
    rows, columns = linear_sum_assignment(table, maximize=True) if table.size else ([], [])
    return table[rows, columns].sum() if len(rows) else 0


def overlap(g, p):
    return g[0] < p[1] and p[0] < g[1]


SLOW = {
    "strict": lambda g, p: g == p,
    "exact": lambda g, p: g[:2] == p[:2],
    "partial": lambda g, p: 1 if g[:2] == p[:2] else overlap(g, p) / 2,
    "type": lambda g, p: g[2] == p[2] and overlap(g, p),
}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(SIDE, SIDE), min_size=1, max_size=4))
def test_all_four_schemes_are_the_best_pairing(tmp_path_factory, documents):
    folder = tmp_path_factory.mktemp("s")
    gold = written(folder, "gold.jsonl", [line(f"d{i}", g) for i, (g, _) in enumerate(documents)])
    pred = written(folder, "pred.jsonl", [line(f"d{i}", p) for i, (_, p) in enumerate(documents)])
    found = score_shard(Shard(gold, pred))
    assert found.documents == len(documents)
    for scheme, worth in SLOW.items():
        rows = found.counts(scheme).values()
        hits = sum(best(g, p, worth) for g, p in documents)
        assert sum(r.p_hit for r in rows) == sum(r.r_hit for r in rows) == hits, scheme
        assert sum(r.r_all for r in rows) == sum(len(g) for g, _ in documents)
        assert sum(r.p_all for r in rows) == sum(len(p) for _, p in documents)
    for label in "AB":
        own = [([s for s in g if s[2] == label], [s for s in p if s[2] == label]) for g, p in documents]
        for scheme in ("strict", "type"):
            hits = sum(best(g, p, SLOW[scheme]) for g, p in own)
            row = found.counts(scheme).get(label)
            assert (row.p_hit, row.r_hit) == (hits, hits) if row else not any(map(any, own))
    # Neither the order of spans nor that of documents, nor where the file is cut, changes a digit.
    order = random.Random(7)
    mixed = [(order.sample(g, len(g)), order.sample(p, len(p))) for g, p in documents]
    rows = [line(f"d{i}", p) for i, (_, p) in enumerate(mixed)]
    again = written(folder, "again.jsonl", [line(f"d{i}", g) for i, (g, _) in enumerate(mixed)])
    other = written(folder, "other.jsonl", order.sample(rows, len(rows)))
    assert score_shard(Shard(again, other)) == found
    parts = engines.split(Shard(gold, pred), 3)
    assert engines.total(map(score_shard, reversed(parts))) == found


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(SIDE, SIDE), min_size=1, max_size=3))
def test_exact_is_what_the_general_scorer_counts(tmp_path_factory, documents):
    folder = tmp_path_factory.mktemp("s")
    gold = written(folder, "gold.jsonl", [line(f"d{i}", g) for i, (g, _) in enumerate(documents)])
    pred = written(folder, "pred.jsonl", [line(f"d{i}", p) for i, (_, p) in enumerate(documents)])
    if not any(g for g, _ in documents) or not any(p for _, p in documents):
        return
    fast = result.streamed(gold, pred)
    slow = scores.score(files.read(gold), files.read(pred))
    assert fast.rows(by="label") == slow.rows(by="label")
    assert signature.read(fast.signature)["result"] == signature.read(slow.signature)["result"]


def share(g, p):
    both = max(0, min(g[1], p[1]) - max(g[0], p[0]))
    return both / (g[1] - g[0] + p[1] - p[0] - both)


def fewer(own, other):
    """Of equal spans only as many as the other side has, but one always."""
    return [s for s, n in Counter(own).items() for _ in range(min(n, max(1, other.count(s))))]


@example([([(0, 1, "A")], [(0, 1, "A"), (0, 1, "B")])], 0.1, 2)
@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(SIDE, SIDE), min_size=1, max_size=3),
    st.sampled_from([0.1, 0.5, 0.7, 1.0]),
    st.integers(1, 4),
)
def test_as_many_pairs_reach_a_threshold_as_can(tmp_path_factory, documents, least, times):
    documents = [(g * times, p) for g, p in documents]  # duplicates have a shortcut of their own
    folder = tmp_path_factory.mktemp("s")
    gold = written(folder, "gold.jsonl", [line(f"d{i}", g) for i, (g, _) in enumerate(documents)])
    pred = written(folder, "pred.jsonl", [line(f"d{i}", p) for i, (_, p) in enumerate(documents)])
    found = score_shard(Shard(gold, pred), (f"near-typed@{least}", f"near@{least}"))
    for scheme, typed in (f"near-typed@{least}", True), (f"near@{least}", False):
        worth = lambda g, p, typed=typed: share(g, p) >= least - 1e-9 and (g[2] == p[2] or not typed)  # noqa: E731
        rows = found.counts(scheme).values()
        hits = sum(best(fewer(g, p), fewer(p, g), worth) for g, p in documents)
        assert sum(r.p_hit for r in rows) == sum(r.r_hit for r in rows) == hits
        assert sum(r.r_all for r in rows) == sum(len(g) for g, _ in documents)
    if any(g for g, _ in documents) and any(p for _, p in documents):
        ways = ["exact", f"overlap@{least}", "partial", "partial-iou", "head"]
        both = (
            result.streamed(gold, pred, match=ways),
            scores.score(files.read(gold), files.read(pred), match=ways),
        )
        fast, slow = (
            sorted((r.metric, r.match, r.counts) for r in s.rows() if r.label == "micro") for s in both
        )
        assert [(m, w, c.p_hit, c.p_all, c.r_all) for m, w, c in fast] == [
            (m, w, c.p_hit, c.p_all, c.r_all) for m, w, c in slow
        ]


def lines(start, end):
    zero = np.zeros(len(start), np.int64)
    return reach.Line(np.asarray(start), np.asarray(end), zero, zero)


def test_a_group_that_is_too_large_may_hold_no_pair_at_all(monkeypatch):
    monkeypatch.setattr(reach, "LOOKED", 10)
    start = np.arange(40)
    found = near.pairs(lines(start * 2, start * 2 + 3), lines(start * 2 + 1, start * 2 + 4), 0.9)
    assert (found[0].tolist(), found[2]) == ([], 0)


def test_wide_spans_do_not_defeat_the_index(monkeypatch):
    """Of 600 spans as long as the text and 3,000 short ones, only what overlaps is looked at."""
    from goldwire.evaluate import edges
    from goldwire.evaluate.stretches import Matching, Stretch

    wide = [Stretch(((k, 40_000 - k),), "A") for k in range(20)]
    short = [Stretch(((10 * k, 10 * k + 4),), "A") for k in range(50, 3000)]
    looked = []
    monkeypatch.setattr(edges, "_worth", lambda g, p, how: looked.append((g, p)) or (1, 1))
    edges.near([*wide, *short], [*wide, *short], Matching("partial"), True)
    assert len(looked) < 3 * (len(short) + 2 * len(wide) * len(short) + len(wide) ** 2)
    monkeypatch.setattr(edges, "MOST", 10)
    with pytest.raises(ProblemError, match="partial: too-many-pairs: more than 10 pairs of spans"):
        edges.near(wide, wide, Matching("partial"), True)


def test_beyond_a_number_of_pairs_the_result_says_what_it_can_lack(monkeypatch):
    rng = np.random.default_rng(3)
    for _ in range(20):
        sides = []
        for size in (60, 50):
            start = rng.integers(0, 80, size)
            sides.append(lines(start, start + rng.integers(1, 30, size)))
        whole = near.pairs(*sides, 0.3), credit.pairs(*sides, reach.Way(0, reach.dice))
        assert (whole[0][2], whole[1][3]) == (0, 0)
        with monkeypatch.context() as patch:
            patch.setattr(reach, "LOOKED", 10)
            patch.setattr(reach, "KEPT", 2)
            patch.setattr(credit, "LOOKED", 10)
            cut = near.pairs(*sides, 0.3), credit.pairs(*sides, reach.Way(0, reach.dice))
        assert len(cut[0][0]) <= len(whole[0][0]) <= len(cut[0][0]) + cut[0][2]
        assert cut[1][2].sum() <= whole[1][2].sum() <= cut[1][2].sum() + cut[1][3]
        with monkeypatch.context() as patch:
            patch.setattr(credit, "LARGEST", 5)
            patch.setattr(credit, "WINDOW", 20)
            patch.setattr(credit, "AHEAD", 5)
            i, j, worth, lacking = credit.pairs(*sides, reach.Way(0, reach.dice))
        for ends, side in (i, sides[0]), (j, sides[1]):
            copies = Counter(zip(side.start.tolist(), side.end.tolist(), strict=True))
            paired = Counter(zip(side.start[ends].tolist(), side.end[ends].tolist(), strict=True))
            assert not paired - copies
        assert worth.sum() <= whole[1][2].sum() <= worth.sum() + lacking


@settings(max_examples=60, deadline=None)
@given(SIDE, SIDE)
def test_the_sweep_pairs_as_many_as_can_be(gold, pred):
    found = sweep.pairs([(a, b, 0) for a, b, _ in gold], [(a, b, 0) for a, b, _ in pred])
    assert len({i for i, _ in found}) == len({j for _, j in found}) == len(found)
    assert all(overlap(gold[i], pred[j]) for i, j in found)
    assert len(found) == best(gold, pred, overlap)


def test_wide_positions_are_numbered(tmp_path):
    far = 1 << 40
    spans = [[0, far, "A"], [5, 9, "B"], [far - 3, far + 1, "A"]]
    gold = [
        json.dumps(
            {
                "meta": {"id": 1},
                "spans": [dict(zip(("start", "end", "label"), s, strict=True)) for s in spans],
            }
        )
    ]
    path = written(tmp_path, "g.jsonl", gold)
    found = score_shard(Shard(path, path))
    assert {s: sum(r.p_hit for r in found.counts(s).values()) for s in SCHEMES} == dict.fromkeys(SCHEMES, 3)


TOKENS = [
    [{"text": "]", "start": 0}, {"text": '"],', "start": 1}],
    [{"text": "a", "of": [1, 2], "x": 1}],
    [[1, [2]], [3]],
    [{"text": '], "spans": [', "start": 0}],
    [{"text": "\\", "start": 0}, {"text": '\\"], "', "start": 0}],
    [],
]


@pytest.mark.parametrize("tokens", TOKENS)
@pytest.mark.parametrize("order", list(permutations(["text", "tokens", "spans", "meta"])))
def test_cutting_the_tokens_changes_nothing_else(tokens, order):
    held = {
        "text": 'said "tokens": [1], "spans": [] ]',
        "tokens": tokens,
        "spans": [{"start": 0, "end": 2, "label": 'A "tokens": [0], "x"'}],
        "meta": {"doc_id": "d", "tokens": [1, 2], "more": {"tokens": [3], "z": [4]}},
    }
    raw = json.dumps({key: held[key] for key in order}).encode()
    [found] = records([raw], "x")
    assert (found.key, found.text, len(found.spans)) == ("d", held["text"], 1)
    assert found.spans[0].label == held["spans"][0]["label"]


def test_the_cut_is_made():
    raw = line("a", [(0, 2, "A")])
    with_tokens = raw.replace('"spans"', '"tokens": [{"text": "a", "start": 0}], "spans"').encode()
    assert without_tokens(with_tokens) == raw.encode()


BAD = {
    "offset-range": line("a", [(0, 2, "A"), (3, 99, "A")]),
    "structure": '{"text": "x", "spans": [{"start": "0", "end": 1, "label": "A"}]}',
    "other-text": line("a", [], text="other"),
}


@pytest.mark.parametrize("rule", BAD)
def test_what_is_wrong_is_said_as_the_general_reader_says_it(tmp_path, rule):
    gold = written(tmp_path, "gold.jsonl", [line("b", []), line("a", [(0, 2, "A")])])
    pred = written(tmp_path, "pred.jsonl", [line("b", []), BAD[rule]])
    with pytest.raises(ProblemError) as fast:
        score_shard(Shard(gold, pred))
    with pytest.raises(ProblemError) as slow:
        scores.score(files.read(gold), files.read(pred), where=pred)
    fast, slow = fast.value.problems[0], slow.value.problems[0]
    assert (fast.rule, fast.message) == (slow.rule, slow.message)
    assert f"pred.jsonl:2: {rule}" in str(fast)


def test_a_document_twice(tmp_path):
    gold = written(tmp_path, "gold.jsonl", [line("a", []), line("b", []), line("c", [])])
    pred = written(tmp_path, "pred.jsonl", [line("b", []), line("x", []), line("x", []), line("a", [])])
    with pytest.raises(ProblemError, match=r"pred.jsonl:3: document-twice: document x is predicted twice"):
        score_shard(Shard(gold, pred))


def test_more_than_spans_is_declined(tmp_path):
    plain = written(tmp_path, "p.jsonl", [line("a", [(0, 1, "A")])])
    for more in ({"events": [{}]}, {"masks": [{}]}, {"relations": [{}]}, {"doc": "a"}):
        held = written(tmp_path, "m.jsonl", [line("a", [], **more)])
        with pytest.raises(NotPlainError):
            score_shard(Shard(plain, held))
    pieces = json.loads(line("a", [(0, 1, "A"), (2, 3, "A")]))
    pieces["spans"][1]["cont"] = "s1"
    with pytest.raises(NotPlainError):
        score_shard(Shard(plain, written(tmp_path, "c.jsonl", [json.dumps(pieces)])))
    empty = written(tmp_path, "e.jsonl", [line("a", [(0, 1, "A")], events=[], masks=[], segments=[{}])])
    assert score_shard(Shard(plain, empty)).counts("strict")["A"].p_hit == 1
    assert result.streamed(str(files.packaged("corpus") / "gold"), plain) is None


def side(seed, count=60):
    rng = random.Random(seed)
    spans = lambda: [(a, a + rng.randint(1, 6), rng.choice("ABC")) for a in rng.sample(range(30), 8)]  # noqa: E731
    return [line(f"d{i:03}", spans()) for i in range(count)]


def test_records_that_wait_go_to_disk_and_come_back(tmp_path):
    gold, pred = side(1), side(2)
    expected = score_shard(Shard(written(tmp_path, "g", gold), written(tmp_path, "p", pred)))
    shuffled = [json.loads(x) for x in random.Random(3).sample(pred, len(pred))]
    del shuffled[7]["meta"], shuffled[9]["meta"]["doc_id"]  # found by their text
    read = [
        records([x.encode() for x in gold], "g"),
        records([json.dumps(x).encode() for x in shuffled], "p"),
    ]
    missing, unknown = pairing.Left(), pairing.Left()
    pairs = list(pairing.in_step(*read, missing=missing, unknown=unknown, where="p", held=20))
    assert len(pairs) == len(gold)
    assert not missing.number
    assert not unknown.number
    assert all(g.text == p.text for g, p in pairs)
    again = [
        written(tmp_path, f"{i}.jsonl", [line(g.key, [(s.start, s.end, s.label) for s in pair[i].spans])
                                         for pair in pairs for g in pair[:1]])
        for i in (0, 1)
    ]  # fmt: skip
    assert score_shard(Shard(*again)) == expected


def test_what_has_no_partner_is_counted_and_named(tmp_path):
    gold = written(tmp_path, "g", side(1))
    pred = written(tmp_path, "p", [*side(2)[:30], line("new", [(0, 3, "A")])])
    found = score_shard(Shard(gold, pred))
    assert (found.missing.number, found.unknown.number, found.unknown.names) == (30, 1, ["new"])
    assert found.missing.names[0] == "d030"
    assert sum(r.r_all for r in found.counts("strict").values()) == 60 * 8
    shown = result.scores(found, result.KEYS)
    assert shown.missing[-1] == "and 10 more"


def test_counts_add_pickle_and_go_to_json_and_back(tmp_path):
    gold, pred = side(1), side(2)
    whole = score_shard(Shard(written(tmp_path, "g", gold), written(tmp_path, "p", pred)))
    parts = [
        score_shard(Shard(written(tmp_path, f"g{i}", gold[i::3]), written(tmp_path, f"p{i}", pred[i::3])))
        for i in range(3)
    ]
    assert sum(parts, SpanCounts()) == parts[2] + parts[0] + parts[1] == whole
    assert pickle.loads(pickle.dumps(whole)) == whole == SpanCounts.from_json(whole.to_json())
    assert replace(whole, digest=0) != whole
    strict = Counter()
    for g, p in zip(gold, pred, strict=True):
        spans = [Counter((s["start"], s["end"], s["label"]) for s in json.loads(x)["spans"]) for x in (g, p)]
        for (_, _, label), n in (spans[0] & spans[1]).items():
            strict[label] += n
    assert {label: row.p_hit for label, row in whole.counts("strict").items()} == {
        x: strict[x] for x in "ABC"
    }
