"""However a corpus is packed, cut and handed out, the same is counted; and the command says it."""

import gzip
import json
import os
import random
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from goldwire.annotate.problems import ProblemError
from goldwire.evaluate.stream import engines, parts, result
from goldwire.evaluate.stream.shard import Shard, SpanCounts, score_shard

pa = pytest.importorskip("pyarrow")


def row(rng, i):
    spans = [(a, a + rng.randint(1, 6), rng.choice("ABC")) for a in rng.sample(range(30), rng.randint(0, 9))]
    keys = ("start", "end", "label")
    return {
        "text": f"d{i} " + "x" * 40,
        "meta": {"id": f"d{i}"},
        "spans": [dict(zip(keys, s, strict=True)) for s in spans],
    }


def rows(seed, count=900):
    rng = random.Random(seed)
    return [row(rng, i) for i in range(count)]


GOLD, PRED = rows(1), rows(2)


def jsonl(path, rows):
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("stream")


@pytest.fixture(scope="module")
def plain(folder):
    return jsonl(folder / "gold.jsonl", GOLD), jsonl(folder / "pred.jsonl", PRED)


@pytest.fixture(scope="module")
def expected(plain):
    return score_shard(Shard(*plain))


@pytest.fixture(scope="module")
def shards(folder):
    for side, rows in ("g", GOLD), ("p", PRED):
        (folder / side).mkdir()
        for i in range(3):
            jsonl(folder / side / f"part-{i}.jsonl", rows[300 * i : 300 * (i + 1)])
    return str(folder / "g"), str(folder / "p")


def parquet(path, rows):
    from pyarrow import parquet

    parquet.write_table(pa.Table.from_pylist(rows), path, compression="zstd")
    return str(path)


def test_packed_lines_count_the_same(folder, plain, expected):
    packed = []
    for path in plain:
        data = Path(path).read_bytes()
        Path(path + ".gz").write_bytes(gzip.compress(data))
        with pa.CompressedOutputStream(path + ".zst", "zstd") as file:
            file.write(data)
        packed.append((path + ".gz", path + ".zst"))
    assert score_shard(Shard(packed[0][0], packed[1][1])) == expected
    assert score_shard(Shard(packed[0][1], packed[1][0])) == expected


def test_parquet_counts_the_same_in_any_order(folder, plain, expected):
    gold = parquet(folder / "gold.parquet", GOLD)
    mixed = [*PRED[:500], *random.Random(3).sample(PRED[500:], 400)]
    assert score_shard(Shard(gold, parquet(folder / "pred.parquet", PRED))) == expected
    assert score_shard(Shard(gold, parquet(folder / "mixed.parquet", mixed))) == expected
    assert score_shard(Shard(gold, plain[1])) == expected


def test_a_dataset_is_scored_as_it_is(expected):
    datasets = pytest.importorskip("datasets")
    inner = {
        "start": datasets.Value("int64"),
        "end": datasets.Value("int64"),
        "label": datasets.ClassLabel(names=list("CBA")),
    }
    features = datasets.Features(
        {
            "text": datasets.Value("string"),
            "meta": {"id": datasets.Value("string")},
            "spans": datasets.List(inner),
        }
    )
    gold, pred = (datasets.Dataset.from_list(rows, features=features) for rows in (GOLD, PRED))
    assert result.score_datasets(gold, pred) == expected
    assert result.score_datasets(gold.shuffle(seed=1), pred) == expected


def test_parquet_that_is_no_such_table(folder):
    path = parquet(folder / "other.parquet", [{"x": 1}])
    with pytest.raises(ProblemError, match=r"other.parquet: parquet: no column names the documents"):
        score_shard(Shard(path, path))


@pytest.mark.parametrize("jobs", [2, 3])
def test_processes_count_the_same(plain, shards, expected, jobs):
    seen = []
    assert engines.score(*plain, jobs=jobs, progress=lambda done, of: seen.append((done, of))) == expected
    assert seen[-1] == (jobs, jobs)
    assert engines.score(*shards, jobs=jobs) == expected
    assert engines.score(f"file://{shards[0]}/*.jsonl", f"file://{shards[1]}/") == expected


def test_files_in_different_orders_are_read_by_one_process(folder, plain, expected):
    mixed = jsonl(folder / "mixed.jsonl", random.Random(3).sample(PRED, len(PRED)))
    assert engines.score(plain[0], mixed, jobs=2) == expected


def test_shards_are_paired_by_name(folder, shards):
    (folder / "q").mkdir()
    jsonl(folder / "q" / "part-0.jsonl", PRED)
    jsonl(folder / "q" / "other.jsonl", PRED)
    with pytest.raises(ProblemError, match=r"shards: other.jsonl has no file of its name"):
        engines.score(shards[0], str(folder / "q"))


def broken(shard, marks):
    """Fails for good on one shard; on another, the first time only."""
    if shard.gold.endswith("part-1.jsonl"):
        raise OSError("the disk is gone")
    mark = Path(marks) / Path(shard.gold).name
    if not mark.exists():
        mark.touch()
        raise OSError("not now")
    return SpanCounts(1)


def test_a_shard_that_fails_is_tried_again_and_named(folder, shards):
    parts = engines.shards(*shards)
    with pytest.raises(ProblemError) as caught:
        list(engines._processes(partial(broken, marks=str(folder)), parts, 2))
    [problem] = caught.value.problems
    assert problem.path.endswith("p/part-1.jsonl")
    assert "failed 3 times" in problem.message
    assert "the disk is gone" in problem.message
    assert (
        list(engines._processes(partial(broken, marks=str(folder)), [parts[0], parts[2]], 2))
        == [SpanCounts(1)] * 2
    )


def test_dask_counts_the_same_on_a_cluster_of_two_workers(shards, plain, expected):
    distributed = pytest.importorskip("dask.distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True
    ) as cluster:
        engine = f"dask={cluster.scheduler_address}"
        assert engines.score(*shards, engine=engine) == expected
        (Path(plain[1]).parent / "bad").mkdir()
        wrong = {**PRED[0], "spans": [{"start": 0, "end": 999, "label": "A"}]}
        bad = jsonl(Path(plain[1]).parent / "bad" / "pred.jsonl", [wrong])
        with pytest.raises(ProblemError, match=r"pred.jsonl:1: offset-range: spans\[0\]"):
            engines.score(plain[0], bad, engine=engine)


def test_an_engine_that_does_not_exist(shards):
    with pytest.raises(ProblemError, match="the engine is dask"):
        engines.score(*shards, engine="abacus")


def goldwire(*words):
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(str(Path(p).resolve()) for p in sys.path if p)}
    return subprocess.run(
        [sys.executable, "-m", "goldwire", "score", *words],
        capture_output=True,
        text=True,
        env=env,
        check=False,
    )


def test_the_command_says_the_same_with_any_number_of_jobs(plain, shards, expected):
    gold, pred = plain
    outs = [
        goldwire(pred, "--gold", gold, "--schemes", "--json", *more).stdout for more in ((), ("--jobs", "2"))
    ]
    assert outs[0] == outs[1]
    micro = {
        (r["metric"], r["match"]): r["r_hit"] for r in json.loads(outs[0])["rows"] if r["label"] == "micro"
    }
    assert micro == {key: sum(c.r_hit for c in expected.counts(s).values()) for key, s in result.KEYS.items()}
    general = goldwire(pred, "--gold", gold, "--interval", "percentile", "--by", "label", "--csv").stdout
    fast = goldwire(pred, "--gold", gold, "--by", "label", "--csv").stdout
    counts = [[line.split(",")[-5:] for line in out.splitlines()[1:-1]] for out in (general, fast)]
    assert counts[0] == counts[1]
    refused = goldwire(pred, "--gold", gold, "--schemes", "--by", "document")
    assert refused.returncode == 2


def cut_at(path, rows):
    """Where the lines of a file begin, the end of it last."""
    places = [0]
    for line in Path(path).read_bytes().splitlines(keepends=True):
        places.append(places[-1] + len(line))
    assert len(places) == rows + 1
    return places


def test_files_are_cut_at_the_same_documents(plain, monkeypatch):
    gold, pred = (cut_at(path, len(GOLD)) for path in plain)
    for found in parts.cuts(*plain, 4), parts.cuts(plain[1], plain[0], 3):
        sides = (gold, pred) if found[-1][0] == gold[-1] else (pred, gold)
        assert [sides[0].index(a) for a, _ in found] == [sides[1].index(b) for _, b in found]
    # Where a document is not found near its place, lines are counted.
    monkeypatch.setattr(parts, "REACHES", ())
    assert [gold.index(a) for a, _ in parts.cuts(*plain, 4)] == [
        pred.index(b) for _, b in parts.cuts(*plain, 4)
    ]


def moved(rows, at, more):
    return [*rows[:at], *more, *rows[at:]]


MIDDLE = len(GOLD) // 2
OTHERS = {
    "one more at every place": [moved(PRED, at, [row(random.Random(1), "new")]) for at in range(430, 470, 3)],
    "one twice": [moved(PRED, 20, [PRED[MIDDLE + 3]]), moved(PRED, 890, [PRED[MIDDLE]])],
    "a half twice": [PRED + PRED[MIDDLE:]],
    "without names": [[{k: v for k, v in r.items() if k != "meta"} for r in PRED]],
    "one missing": [PRED[:MIDDLE] + PRED[MIDDLE + 1 :], PRED[:-1], PRED[1:]],
    "names in texts": [[r | {"x": '"d450"'} for r in PRED]],
}


@pytest.mark.parametrize("what", OTHERS)
def test_whatever_the_order_cut_files_count_as_whole_ones(plain, tmp_path, what):
    for rows in OTHERS[what]:
        other = jsonl(tmp_path / "pred.jsonl", rows)
        said = []
        for jobs in 1, 2:
            try:
                said.append(engines.score(plain[0], other, jobs=jobs))
            except ProblemError as error:
                said.append(str(error))
        assert said[0] == said[1]


def test_what_is_wrong_in_a_stretch_is_said_with_the_line_of_the_file(plain, tmp_path):
    rows = [dict(r) for r in PRED]
    rows[700] |= {"spans": [{"start": 0, "end": 99, "label": "A"}]}
    other = jsonl(tmp_path / "pred.jsonl", rows)
    with pytest.raises(ProblemError, match=r"pred.jsonl:701: offset-range: spans\[0\]"):
        engines.score(plain[0], other, jobs=2)
    rows[700] = {"text": rows[700]["text"], "meta": rows[700]["meta"], "spans": 3}
    other = jsonl(tmp_path / "pred.jsonl", rows)
    with pytest.raises(ProblemError, match=r"pred.jsonl:701: structure"):
        engines.score(plain[0], other, jobs=2)
