"""goldwire compare: tests by hand, where differences arise, every table."""

import csv
import io
import json
import sys

import pytest
from msgspec.structs import replace

from goldwire.annotate import files
from goldwire.annotate.document import Document, Event, Mention, Meta, Segment
from goldwire.evaluate.report import versus as report
from goldwire.evaluate.versus import letters, versus

LINE = "Troops struck and fled. "
TYPES = ("STRIKE", "MOVE")
LAYER = ["events.trigger"]


def document(n, found):
    """A document of ten sentences; ``found(sentence, event)`` says whether a system has it."""
    events = tuple(
        Event(f"e{i}{k}", Mention(word, i * len(LINE) + at), TYPES[k])
        for i in range(10)
        for k, (word, at) in enumerate((("struck", 7), ("fled", 18)))
        if found(i, k)
    )
    segments = tuple(Segment(f"g{i}", i * len(LINE), (i + 1) * len(LINE) - 1) for i in range(10))
    return Document(LINE * 10, Meta(f"d{n}", layers=("events",)), segments=segments, events=events)


GOLD = [document(n, lambda i, k: True) for n in range(3)]
GOOD = [document(n, lambda i, k: True) for n in range(3)]
BAD = [document(n, lambda i, k: k == 1 or i % 2) for n in range(3)]  # half of the strikes


def test_systems_that_differ():
    found = versus(GOLD, {"bad": BAD, "good": GOOD, "copy": GOOD}, layers=LAYER)
    contest = found.contests[0]
    assert list(contest.rates) == ["good", "copy", "bad"]
    assert contest.rates["bad"].f1 == pytest.approx(2 * 45 / (45 + 60))
    assert (contest.unit, contest.groups) == ("sentence", (("good", "copy"), ("bad",)))
    assert letters(contest) == {"good": "a", "copy": "a", "bad": "b"}
    pairs = {(p.test.a, p.test.b): p for p in contest.pairs}
    assert pairs["good", "copy"].test.p == 1.0
    # Fifteen sentences differ, all one way: of 2^15 exchanges two reach the difference.
    assert pairs["good", "bad"].test.units == 15
    assert pairs["good", "bad"].test.smallest == pytest.approx(1 / 10_001)
    assert pairs["good", "bad"].test.holm <= 0.05
    assert pairs["good", "bad"].won == ("d0", "d1", "d2")
    assert [(label, hits) for label, _, hits in pairs["good", "bad"].labels] == [("STRIKE", 15)]


def test_exact_where_few_units_differ():
    near = [document(n, lambda i, k, n=n: not (i < 4 and k == 0 and n == 0)) for n in range(3)]
    found = versus(GOLD, {"good": GOOD, "near": near}, layers=LAYER)
    test = found.contests[0].pairs[0].test
    assert (test.exact, test.units, test.p) == (True, 4, 2 / 2**4)
    assert letters(found.contests[0]) == {"good": "", "near": ""}
    assert "no two systems are told apart at 0.05" in report.text(found)


def test_a_layer_that_a_system_did_not_attempt_is_lost():
    silent = [Document(d.text, Meta(d.meta.doc_id), segments=d.segments) for d in GOLD]
    found = versus(GOLD, {"good": GOOD, "silent": silent}, layers=LAYER)
    assert found.contests[0].rates["silent"].f1 == 0.0


def test_clusters_are_tested_by_documents():
    together, apart = (
        [replace(d, events=tuple(replace(e, coref=one or e.id) for e in d.events)) for d in GOLD]
        for one in ("e01", "")
    )
    half = [replace(d, events=(*d.events[:9], *a.events[9:])) for d, a in zip(together, apart, strict=True)]
    systems = {"good": together, "half": half}
    found = versus(together, systems, layers=["events.coreference(metric=b3)"])
    [contest] = found.contests
    assert (contest.unit, contest.why) == ("document", "3 documents")
    assert contest.pairs[0].test.p == contest.pairs[0].test.smallest == 0.25
    assert "no interval of the difference where there are 3 documents" in report.text(found)


def test_tables():
    found = versus(GOLD, {"good": GOOD, "a_b": BAD}, layers=LAYER)
    rows = list(csv.DictReader(io.StringIO(report.comma_separated(found).partition("#")[0])))
    assert [(row["a"], row["b"]) for row in rows] == [("good", "a_b")] * len(found.contests)
    assert float(rows[0]["difference"]) == pytest.approx(1 - 2 * 45 / 105)
    assert r"a\_b" in report.latex(found)
    assert report.latex(found).count(r"\bottomrule") == 2
    assert "| events.trigger exact | 100.0" in report.markdown(found)
    assert json.loads(json.dumps(report.plain(found)))["metrics"][0]["pairs"][0]["won"] == ["d0", "d1", "d2"]


def test_the_command(tmp_path, monkeypatch, capsys):
    from goldwire.__main__ import main

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["goldwire", "compare", *map(str, arguments)])
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        return code, *capsys.readouterr()

    gold, good, bad = (tmp_path / f"{name}.jsonl" for name in ("gold", "good", "bad"))
    for path, documents in ((gold, GOLD), (good, GOOD), (bad, BAD)):
        files.write(path, documents, "record")
    options = ("--gold", gold, "--layer", "events.trigger", "--resamples", 200)
    code, shown, _ = run(good, bad, *options)
    assert (code, shown.splitlines()[0].split()) == (0, ["F1", "good", "bad"])
    assert run(good, bad, *options, "--json")[1] == run(good, bad, *options, "--json")[1]
    for option, start in (("--csv", "metric,"), ("--latex", "\\begin{tabular}"), ("--markdown", "| F1 |")):
        assert run(good, bad, *options, option)[1].startswith(start)
    assert run(good)[0] == 2
    assert run(good, bad, "--correction", "none")[0] == 2
    assert "good.jsonl: given-twice: " in run(good, good)[2]
