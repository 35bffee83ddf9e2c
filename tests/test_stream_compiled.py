"""The compiled reader and counter find what the readable ones find, on anything at all."""

import json
import os
import random
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.annotate.problems import ProblemError
from goldwire.evaluate.stream import columns, engines, pieces, tally
from goldwire.evaluate.stream.columns import Codes
from goldwire.evaluate.stream.pairing import Left
from goldwire.evaluate.stream.records import NotPlainError, Record, Span, records
from goldwire.evaluate.stream.schemes import SCHEMES
from goldwire.evaluate.stream.shard import Shard, score_shard

compiled = tally.compiled
# Where it can be built the module has to be there, and nothing here is skipped.
BUILDABLE = shutil.which("cc") and Path(sysconfig.get_paths()["include"], "Python.h").exists()
pytestmark = pytest.mark.skipif(
    compiled is None and not BUILDABLE, reason="goldwire was installed without a C compiler"
)


def test_where_there_is_a_compiler_the_module_is_built_and_can_be_left_out(tmp_path):
    code = "from goldwire.evaluate.stream import tally; print(tally.compiled is not None)"
    for pure, expected in ("", "True"), ("1", "False"):
        env = {**os.environ, "GOLDWIRE_PURE": pure}
        out = subprocess.run(
            [sys.executable, "-c", code], env=env, cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert out.stdout.strip() == expected


# Labels whose order by name is not that in which they are met; bounds close together, and very wide.
SPANS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(1, 8) | st.just(1 << 40), st.sampled_from("BAéC")).map(
        lambda s: Span(s[0], s[0] + s[1], s[2])
    ),
    max_size=9,
)
WANTED = st.sets(st.sampled_from(SCHEMES), min_size=1).map(sorted)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(SPANS, SPANS), min_size=1, max_size=4), WANTED)
def test_counts_are_those_of_the_arrays(documents, wanted):
    codes = Codes()
    pairs = [tuple(Record(f"d{i}", "", -1, s, i) for s in both) for i, both in enumerate(documents)]
    [both] = columns.batches(pairs, codes)
    fast = tally.count(both, codes, wanted)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tally, "compiled", None)
        assert tally.count(both, codes, wanted) == fast


@pytest.mark.parametrize("many", [1, 700, 5000])
def test_counts_of_long_documents_are_those_of_the_arrays(many):
    """Heaps and merges have work only here: wide spans, dense ones, runs in order and out of it."""
    rng = random.Random(many)
    codes, pairs = Codes(), []
    for number in range(4):
        sides = []
        for _ in range(2):
            spans = [Span(a, a + rng.choice((1, 3, 9, 400, 3000)), rng.choice("xyzw")) for a in
                     (rng.randrange(2 * many) for _ in range(many))]  # fmt: skip
            sides.append(sorted(spans, key=lambda s: s.start) if number % 2 else spans)
        pairs.append(tuple(Record(str(number), "", -1, s, 1) for s in sides))
    [both] = list(columns.batches(pairs, codes)) if 8 * many < columns.SPANS else [_whole(pairs, codes)]
    fast = tally.count(both, codes, SCHEMES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tally, "compiled", None)
        assert tally.count(both, codes, SCHEMES) == fast


def _whole(pairs, codes):
    sides = [columns.side([p[i] for p in pairs], codes) for i in (0, 1)]
    none = columns.array("q", [-1] * len(pairs))
    return columns.Both(*sides, none, (none, none))


@pytest.mark.parametrize("span", [(0, 0), (3, 2), (-1, 2), (0, 9)])
def test_a_span_out_of_its_text_is_told_alike(span, monkeypatch):
    codes = Codes()
    pred = [Span(1, 2, "A"), Span(*span, "A")]
    pairs = [(Record("a", "", 5, [], 1), Record("a", "", 5, [Span(0, 5, "A")], 4))] * 2
    pairs.append((Record("b", "", 5, [Span(0, 1, "A")], 2), Record("b", "", 5, pred, 7)))
    [both] = columns.batches(pairs, codes)
    said = []
    for module in compiled, None:
        monkeypatch.setattr(tally, "compiled", module)
        with pytest.raises(ProblemError) as error:
            tally.count(both, codes, SCHEMES, ("g", "p"))
        said.append(str(error.value))
    assert (
        said == [f"p:7: offset-range: spans[1]: [{span[0]}, {span[1]}) is not in a text of 5 characters"] * 2
    )


def test_columns_that_disagree_are_refused():
    empty, one = b"", bytes(8)
    for gold in (one, one, empty, one), (one, one, one, one), (empty, empty, empty, empty):
        with pytest.raises(ValueError, match="disagree"):
            compiled.count(gold, (one, empty, empty, empty), one, one, one, 1)
    with pytest.raises(ValueError, match="no place"):
        compiled.scan(b"{}", 3, 1, 1, 1, Codes(), True)


def by_both(line):
    """What the compiled reader says of a line, None where it leaves the line; and what the other says."""
    codes = Codes()
    _, _, odd, *held = compiled.scan(line, 0, 1, 9, 9, codes, True)
    fast = None if odd else list(map(plain, pieces.as_records(pieces.Piece(*held), codes)))
    try:
        slow = list(map(plain, records([line], "x")))
    except (ProblemError, NotPlainError) as error:
        slow = error
    return fast, slow


def plain(record):
    return (
        record.key,
        record.text,
        record.length,
        [(s.start, s.end, s.label, s.cont or "") for s in record.spans],
    )


def span(start, end, label, **more):
    return {"start": start, "end": end, "label": label, **more}


NESTED = {"more": {"a": [{}]}}
LINES = [
    {"text": 'a\n"b\\ é 😀\u2028', "meta": {"doc_id": "d", "id": 3}, "spans": [span(0, 2, "A")]},
    {
        "meta": {"id": -12, "x": [1, {"y": None}]},
        "text": "",
        "tokens": [{"text": "],", "id": 1}],
        "z": 1.5e-3,
    },
    {"tokens": [{"text": "]"}, [1, [2]]], "spans": [span(0, 9, "B", cont=None, **NESTED)]},
    {"events": [], "actors": {}, "doc": "", "text": "x", "spans": [span(0, 1, "", cont="")], "t": True},
    {"masks": [{}], "text": "x"},
    {"meta": {"doc_id": "é"}, "spans": [span(1, 2, "A", cont="c1")]},
]
PLAIN = [True, True, True, True, False, False]


@pytest.mark.parametrize(("held", "plain"), zip(LINES, PLAIN, strict=True))
@pytest.mark.parametrize("ascii", [True, False])
@pytest.mark.parametrize("separators", [(",", ":"), (", ", " : ")])
def test_lines_are_read_alike(held, plain, ascii, separators):
    line = json.dumps(held, ensure_ascii=ascii, separators=separators).encode() + b"\r\n"
    fast, slow = by_both(line)
    assert (fast is not None) == plain
    assert not plain or fast == slow


@pytest.mark.parametrize(
    "line",
    [
        b'{"spans": [{"start": 01, "end": 2, "label": "A"}]}',
        b'{"spans": [{"start": 1.0, "end": 2, "label": "A"}]}',
        b'{"spans": [{"start": 1, "end": 2e0, "label": "A"}]}',
        b'{"spans": [{"start": 1, "end": 2}]}',
        b'{"spans": [{"start": 1, "start": 0, "end": 2, "label": "A"}]}',
        b'{"spans": [{"start": 12345678901234567890, "end": 2, "label": "A"}]}',
        b'{"spans": [{"start": 1, "end": 2, "label": "\\u0041"}]}',
        b'{"spans": [], "spans": [{"start": 1, "end": 2, "label": "A"}]}',
        b'{"text": "\xff"}',
        b'{"text": "\xed\xa0\x80"}',
        b'{"text": "\xc0\xaf"}',
        b'{"text": "\\ud800"}',
        b'{"text": "\\ud800\\u0041"}',
        b'{"text": "a\tb"}',
        b'{"text": "a\\x"}',
        b'{"te\\u0078t": "a"}',
        b'{"text": null}',
        b'{"meta": null}',
        b'{"meta": {"id": 1.5}}',
        b'{"x": [1,]}',
        b'{"x": {"a": 1,}}',
        b'{"x": tru}',
        b'{"x": 1}}',
        b'{"x": -}',
        b'{"x": .5}',
        b'{"x": "a}',
        b"[]",
        b"nonsense",
        b'{"x": ' + b"[" * 200 + b"]" * 200 + b"}",
        b'\xef\xbb\xbf{"text": "a"}',
    ],
)
def test_whatever_is_out_of_the_ordinary_is_left_to_the_other_reader(line):
    assert by_both(line)[0] is None


PARTS = (
    b'"',
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"0",
    b"-",
    b"null",
    b'"id":',
    b"\\u0000",
    b"\xf0\x9f",
)


@pytest.mark.parametrize("seed", range(6))
def test_a_broken_line_is_never_read_otherwise(seed):
    """Bytes cut, doubled, swapped and replaced: what the compiled reader takes, the other takes too."""
    rng = random.Random(seed)
    whole = [json.dumps(x, ensure_ascii=bool(i % 2)).encode() for i, x in enumerate(LINES * 2)]
    taken = 0
    for _ in range(4000):
        line = bytearray(rng.choice(whole))
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            a = rng.randrange(len(line))
            b = a + rng.choice((0, 0, 1, 2, 5, 20))
            other = rng.choice((rng.choice(whole)[a:b], bytes([rng.randrange(256)]), rng.choice(PARTS)))
            line[a:b] = rng.choice((b"", line[a:b] * 2, other))
            line = line or bytearray(b" ")
        fast, slow = by_both(bytes(line).replace(b"\n", b" "))
        if fast is not None:
            assert fast == slow, bytes(line)
            taken += 1
    assert taken > 100


def written(path, lines):
    path.write_bytes(b"".join(lines))
    return str(path)


def test_files_are_read_alike_wherever_blocks_end(tmp_path, monkeypatch):
    """Odd lines between plain ones, blank lines, lines longer than a block, no newline at the end."""
    rows = []
    for i in range(60):
        held = {"text": "word " * (i % 7 * 9), "meta": {"doc_id": f"d{i}"}}
        held["spans"] = [
            {"start": k, "end": k + 2, "label": "AB\u00e9"[k % 3]} for k in range(0, 8 * (i % 7), 3)
        ]
        rows.append(json.dumps(held, ensure_ascii=bool(i % 5)).encode() + b"\n")
        if i % 11 == 0:
            rows.append(rng_blank(i))
    odd = [r.replace(b'"label": "A"', rb'"label": "\u0041"') if i % 4 == 0 else r for i, r in enumerate(rows)]
    odd[-1] = odd[-1].rstrip(b"\n")
    gold, pred = written(tmp_path / "g.jsonl", rows), written(tmp_path / "p.jsonl", odd)
    shuffled = written(tmp_path / "s.jsonl", random.Random(2).sample(rows, len(rows)))
    cut = [*engines.split(Shard(gold, pred), 3)]
    expected = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tally, "compiled", None)
        expected = [score_shard(shard) for shard in (Shard(gold, pred), Shard(gold, shuffled), *cut)]
    for block, documents, spans in (1 << 20, 400, 50_000), (64, 3, 5), (7, 1, 1), (1000, 50, 40):
        monkeypatch.setattr(pieces, "BUFFER", block)
        monkeypatch.setattr(columns, "DOCUMENTS", documents)
        monkeypatch.setattr(columns, "SPANS", spans)
        found = [score_shard(shard) for shard in (Shard(gold, pred), Shard(gold, shuffled), *cut)]
        assert found == expected


def rng_blank(i):
    return (b"\n", b"  \r\n", b"\t\n")[i % 3]


def test_a_text_written_in_two_ways_is_one_text(tmp_path):
    held = {"text": 'é " 😀', "meta": {"doc_id": "d"}, "spans": [{"start": 0, "end": 5, "label": "A"}]}
    two = [json.dumps(held, ensure_ascii=ascii).encode() + b"\n" for ascii in (True, False)]
    gold, pred = (written(tmp_path / f"{i}.jsonl", [line]) for i, line in enumerate(two))
    assert score_shard(Shard(gold, pred)).counts("strict")["A"].p_hit == 1
    other = written(tmp_path / "o.jsonl", [two[0].replace(b" ", b"  ", 1).replace(b'\\"', b"x")])
    with pytest.raises(
        ProblemError, match=r"o.jsonl:1: other-text: document d: the text differs from gold at offset 2"
    ):
        score_shard(Shard(gold, other))


def test_documents_in_step_without_names_are_told_by_their_text(tmp_path):
    rows = [
        json.dumps({"text": f"t{i}", "spans": [{"start": 0, "end": 1, "label": "A"}]}).encode() + b"\n"
        for i in range(5)
    ]
    path = written(tmp_path / "x.jsonl", rows)
    found = score_shard(Shard(path, path))
    assert (found.documents, found.counts("strict")["A"].p_hit) == (5, 5)
    fewer = written(tmp_path / "f.jsonl", rows[:3])
    left = score_shard(Shard(path, fewer))
    assert (left.missing.number, left.counts("strict")["A"].r_hit) == (2, 3)
    assert score_shard(Shard(fewer, path)).unknown.number == 2
    assert Left() == score_shard(Shard(path, path)).missing


def test_lines_are_scored_without_numpy(tmp_path):
    """It takes longer to import than a small file takes to be scored."""
    row = {"text": "ab", "meta": {"id": 1}, "spans": [span(0, 1, "A")]}
    path = written(tmp_path / "x.jsonl", [json.dumps(row).encode()])
    code = (
        "import sys; from goldwire.evaluate.stream.result import streamed\n"
        f"found = streamed({path!r}, {path!r}, schemes=True)\n"
        "print(found.rows()[0].counts.p_hit, [x for x in ('numpy', 'scipy', 'pandas') if x in sys.modules])"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert out.stdout.split(maxsplit=1) == ["1", "[]\n"]


@pytest.mark.parametrize("far", [(1 << 62) + 1, 1 << 63, 1 << 70])
@pytest.mark.parametrize("text", ["abc", None])
def test_what_ends_behind_any_text_is_refused_and_equals_nothing(tmp_path, monkeypatch, far, text):
    row = {"meta": {"id": 1}, "spans": [span(0, far, "A")], **({"text": text} if text else {})}
    path = written(tmp_path / "x.jsonl", [json.dumps(row).encode()])
    for module in compiled, None:
        monkeypatch.setattr(tally, "compiled", module)
        with pytest.raises(ProblemError, match=r"x.jsonl:1: offset-range: spans\[0\]: \[0, beyond 2\*\*62\)"):
            score_shard(Shard(path, path))
