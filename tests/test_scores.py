"""``goldwire.score``, what a Scores can be turned into, and the doors for spaCy and Hugging Face."""

import json
import math
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

import goldwire
from goldwire.annotate import files
from goldwire.annotate.document import (
    Actor,
    Document,
    Event,
    Mask,
    Mention,
    Meta,
    Place,
    Segment,
    Span,
)
from goldwire.annotate.problems import ProblemError
from goldwire.evaluate import labels, signature
from goldwire.evaluate.metrics import METRICS
from goldwire.evaluate.report import tables
from goldwire.evaluate.report.text import text
from goldwire.evaluate.verification import verify

ROOT = Path(__file__).parents[1]
TEXT = "The raid, the talks, the war"


def event(name, word, kind):
    return Event(name, Mention(word, TEXT.index(word)), kind)


GOLD = [
    Document(TEXT, Meta("A"), events=(event("e1", "raid", "STRIKE"), event("e2", "talks", "MEET"))),
    Document(TEXT + "!", Meta("B"), events=(event("e1", "war", "WAR"),)),
]
# Found: raid (right), talks (as WAR). B is not predicted.
PRED = [Document(TEXT, Meta("A"), events=(event("x", "raid", "STRIKE"), event("y", "talks", "WAR")))]


def test_rows():
    scores = goldwire.score(GOLD, PRED)
    rows = {(r.metric, r.label, r.document): r for r in scores.rows(by="label")}
    whole = rows["events.trigger", "micro", ""]
    assert (whole.counts.r_hit, whole.counts.r_all, whole.counts.p_all) == (1, 3, 2)
    assert whole.rates == (1 / 2, 1 / 3, 2 / 5)
    # MEET and WAR 0, STRIKE 1; precision is not defined for MEET.
    mean = rows["events.trigger", "macro", ""]
    assert mean.labels == 3
    assert mean.rates == (1 / 2, 1 / 3, 1 / 3)
    assert math.isnan(rows["events.trigger", "MEET", ""].rates.precision)
    untyped = scores["events.trigger(typed=False)"]
    assert (untyped.p_hit, untyped.p_all, untyped.r_hit, untyped.r_all) == (2, 2, 2, 3)
    by_document = {r.document: r for r in scores.rows(by="document") if r.metric == "events.trigger"}
    assert by_document["B"].counts.r_all == 1
    assert scores.missing == ("B",)


def test_rates_by_average():
    scores = goldwire.score(GOLD, PRED)
    # 1 of 2 predicted, 1 of 3 gold; by label MEET and WAR 0, STRIKE 1 (no precision for MEET).
    assert scores.rates("events.trigger") == (1 / 2, 1 / 3, 2 / 5)
    assert scores.rates("events.trigger", average="macro") == (1 / 2, 1 / 3, 1 / 3)
    each = scores.rates("events.trigger", average=None)
    assert {label: rates.recall for label, rates in each.items()} == {"MEET": 0, "STRIKE": 1, "WAR": 0}
    assert scores.rates("events.trigger(typed=False)", match="exact").f1 == pytest.approx(4 / 5)
    for wrong in ({"metric": "events.nosuch"}, {"metric": "events.trigger", "match": "head"}):
        with pytest.raises(KeyError):
            scores.rates(**wrong)
    with pytest.raises(ValueError, match="'weighted' is none of micro, macro, None"):
        scores.rates("events.trigger", average="weighted")


@pytest.mark.parametrize("kind", [str, Path])
def test_paths_are_read(tmp_path, kind):
    for name, documents in (("gold.jsonl", GOLD), ("pred.jsonl", PRED)):
        files.write(tmp_path / name, documents)
    found = goldwire.score(kind(tmp_path / "gold.jsonl"), kind(tmp_path / "pred.jsonl"))
    assert found.signature == goldwire.score(GOLD, PRED).signature
    aligned = goldwire.score(kind(tmp_path / "gold.jsonl"), kind(tmp_path / "pred.jsonl"), align="text")
    assert aligned["events.trigger"] == found["events.trigger"]
    other = [replace(GOLD[0], text="The Raid, the talks, the war", events=())]
    files.write(tmp_path / "other.jsonl", other)
    with pytest.raises(ProblemError, match=r"other\.jsonl"):
        goldwire.score(GOLD, kind(tmp_path / "other.jsonl"))


def test_tables_reconcile_per_label_and_in_total():
    gold = files.gold()
    broken = [replace(d, events=d.events[::2], actors=d.actors[1:], numbers=()) for d in gold]
    scores = goldwire.score(gold, broken, match=["exact", "head", "overlap@0.5", "partial"])
    for metric, match in scores.tallies:
        whole = scores.counts(metric, match)
        parts = [scores.counts(metric, match, label) for label in scores.labels(metric, match)]
        for field in ("p_hit", "p_all", "r_hit", "r_all"):
            assert sum(getattr(p, field) for p in parts) == pytest.approx(getattr(whole, field))
        assert whole.missed >= -1e-9
        assert whole.spurious >= -1e-9


def test_what_was_not_attempted_is_not_zero():
    scores = goldwire.score(GOLD, PRED)
    assert "numbers.span" in scores.not_attempted
    assert not any(name.startswith("numbers") for name, _ in scores.tallies)
    said = [replace(PRED[0], meta=Meta("A", layers=("numbers",)))]
    counted = goldwire.score([replace(GOLD[0], numbers=())], said)
    assert math.isnan(counted["numbers.span"].rates().f1)


def test_gold_against_itself_is_perfect_under_every_matching():
    gold = files.gold()
    scores = goldwire.score(gold, gold, match=["exact", "head", "overlap", "partial", "partial-token"])
    for row in scores.rows(by="label"):
        assert row.rates.f1 == 1 or math.isnan(row.rates.f1), row


def test_shuffled_documents_and_other_ids_give_the_same_digits():
    one, other = goldwire.score(GOLD, PRED), goldwire.score(GOLD[::-1], PRED[::-1])
    assert one.signature == other.signature


def test_documents():
    with pytest.raises(ProblemError, match="gold at offset 4: «fire» for «raid, the talks, the»"):
        goldwire.score(GOLD, [Document("The fire", Meta("A"))])
    with pytest.raises(ProblemError, match="document A is predicted twice"):
        goldwire.score(GOLD, [PRED[0], PRED[0]])
    scores = goldwire.score(GOLD, [replace(PRED[0], meta=Meta("")), Document("Else", Meta("Z"))])
    assert scores.unknown == ("Z",)
    assert scores["events.trigger"].p_all == 2  # found by its text


def test_masks_hide_gold_and_what_answers_nothing():
    masked = [replace(GOLD[0], masks=(Mask("m1", 10, 19),))]
    scores = goldwire.score(masked, PRED)
    assert (
        scores["events.trigger"]
        == goldwire.score(
            [replace(GOLD[0], events=GOLD[0].events[:1])], [replace(PRED[0], events=PRED[0].events[:1])]
        )["events.trigger"]
    )


def test_label_maps():
    ontology = files.ontology()
    ace = labels.vocabulary("ace", ontology)
    raw = (Span("s1", Mention("raid", 4), "Conflict.Attack"), Span("s2", Mention("war", 25), "Justice.Sue"))
    scores = goldwire.score(GOLD[:1], [Document(TEXT, Meta("A"), spans=raw)], labels=ace)
    assert scores["events.trigger"].p_hit == 1  # STRIKE is Conflict.Attack in ACE
    assert scores.unmapped_pred == {"Justice.Sue": 1}
    assert "map:ace" in scores.signature
    own = labels.decode(
        b'[gold]\nSTRIKE = "FORCE"\nMEET = "FORCE"\n[pred]\nbang = "FORCE"\n', ontology, where="m.toml"
    )
    bang = (Span("s1", Mention("raid", 4), "bang"), Span("s2", Mention("talks", 14), "bang"))
    assert (
        goldwire.score(GOLD[:1], [Document(TEXT, Meta("A"), spans=bang)], labels=own)["events.trigger"].r_hit
        == 2
    )
    with pytest.raises(ProblemError, match="the ontology maps to ace, plover, acled, ontonotes"):
        labels.vocabulary("cameo", ontology)
    with pytest.raises(ProblemError, match=r"gold\.BANG: is no label of the ontology"):
        labels.decode(b'[gold]\nBANG = "X"\n', ontology, where="m.toml")


def test_labels_that_stand_for_two_layers_are_counted_together():
    rome, italy = Mention("Rome", 0), Mention("Italy", 9)
    gold = Document(
        "Rome and Italy", Meta("A"), actors=(Actor("a1", "STATE", mentions=(italy,)),),
        places=(Place("p1", "city", mentions=(rome,)),),
    )  # fmt: skip
    pred = Document("Rome and Italy", Meta("A"), spans=(Span("s1", rome, "GPE"), Span("s2", italy, "GPE")))
    scores = goldwire.score([gold], [pred], labels=labels.vocabulary("ontonotes", files.ontology()))
    assert scores.merged == ("actors", "places")
    assert scores["spans.span"].rates() == (1, 1, 1)
    assert not any(name.startswith(("actors", "places")) for name, _ in scores.tallies)


def test_gold_in_words_of_its_own():
    spans = (Span("s1", Mention("raid", 4), "bang"), Span("s2", Mention("war", 25), "DATE"))
    gold, pred = [Document(TEXT, Meta("A"), spans=spans)], [Document(TEXT, Meta("A"), spans=spans[:1])]
    assert goldwire.score(gold, pred)["spans.span"].rates() == (1, 0.5, 2 / 3)


def test_shapes():
    scores = goldwire.score(GOLD, PRED, layers=["events.trigger"])
    assert list(scores.to_frame().columns)[:4] == ["metric", "match", "label", "document"]
    assert json.loads(msgspec.json.encode(scores.to_dict()))["rows"][0]["f1"] == pytest.approx(0.4)
    assert scores.signature in text(scores)
    assert tables.latex(scores).count("\\\\") == 4
    assert tables.comma_separated(scores).splitlines()[1].startswith("events.trigger,exact,micro,,0.5,")
    assert "<td>events.trigger exact</td>" in scores._repr_html_()
    assert "| events.trigger exact |  | 50.0 |" in tables.markdown(scores)


def test_intervals():
    segments = tuple(Segment(f"g{i}", i, i + 1) for i in range(len(TEXT)))
    gold = [replace(d, segments=segments) for d in GOLD]
    row = goldwire.score(gold, PRED, interval="percentile", layers=["events"]).rows()[0]
    assert row.interval.by == "sentence"
    assert 0 <= row.interval.low < row.rates.f1 < row.interval.high <= 1
    few = goldwire.score(GOLD, PRED, interval="percentile", layers=["events"]).rows()[0]
    assert str(few.interval) == "– (2 documents)"


def test_the_signature_can_be_verified():
    scores = goldwire.score(GOLD, PRED, match=["exact", "overlap@0.3"])
    fields = signature.read(scores.signature)
    assert list(fields) == [f for f in signature.FIELDS if f in fields]
    assert verify(scores.signature, GOLD, PRED, rows=scores.to_dict()["rows"]).equal
    other = verify(scores.signature, GOLD, GOLD)
    assert not other.equal
    assert "the result is" in other.said[0]
    changed = verify(scores.signature, [replace(GOLD[0], events=()), GOLD[1]], PRED)
    assert any(line.startswith("the gold is sha256.") for line in changed.said)
    old = scores.signature.replace(f"goldwire:{goldwire.__version__}", "goldwire:0.0.9")
    assert "pip install 'goldwire==0.0.9'" in verify(old, GOLD, GOLD).said[-1]
    with pytest.raises(ProblemError, match="it should begin with goldwire:VERSION"):
        verify("match:exact", GOLD, PRED)


def test_a_signature_in_which_a_rule_or_a_seed_was_changed_is_not_that_of_the_score():
    letters = [Event(f"e{i}", Mention(x, i), "WAR") for i, x in enumerate("abcdefghi")]
    shares = [(i * 7) % 10 for i in range(15)]  # found of nine, all different over ten documents
    gold = [Document("abcdefghi", Meta(str(i)), events=tuple(letters)) for i in range(15)]
    pred = [replace(d, events=d.events[:n]) for d, n in zip(gold, shares, strict=True)]
    scores = goldwire.score(gold, pred, interval="percentile", resamples=200, layers=["events.trigger"])
    line = scores.signature
    assert verify(line, gold, pred).equal
    for old, new in (
        ("seed:7", "seed:8"),
        ("percentile-0.95-200", "percentile-0.9-200"),
        ("percentile-0.95-200", "bca-0.95-200"),
        ("zero:nan", "zero:0"),
        ("average:micro", "average:macro"),
        ("duplicates:one-to-one|", ""),
    ):
        assert old in line
        assert not verify(line.replace(old, new), gold, pred).equal, new
    rows = scores.to_dict()["rows"]
    assert verify(line, gold, pred, rows=rows).equal
    for figure in ("f1", "low", "r_hit", "labels"):
        changed = [{**rows[0], figure: rows[0][figure] + 1e-9}, *rows[1:]]
        assert not verify(line, gold, pred, rows=changed).equal, figure


def test_unknown_names_list_those_there_are():
    with pytest.raises(ProblemError, match="the layers are events, actors"):
        goldwire.score(GOLD, PRED, layers=["event"])
    with pytest.raises(ProblemError, match="the ways to match are exact, head, overlap"):
        goldwire.score(GOLD, PRED, match="fuzzy")


def test_every_metric_is_a_function_of_its_name():
    from importlib import import_module

    for name, metric in METRICS.items():
        layer, _, function = name.partition("(")[0].partition(".")
        assert getattr(import_module(f"goldwire.evaluate.{layer}"), function) is metric.function
        assert metric.function.__doc__
        assert ">>>" in metric.function.__doc__


def test_spacy_scorer_in_a_config():
    spacy = pytest.importorskip("spacy")
    from spacy.training import Example

    from goldwire.evaluate.spacyscorer import make_scorer

    spacy.registry.scorers.register("goldwire.scorer.v1", func=make_scorer)
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler", config={"scorer": {"@scorers": "goldwire.scorer.v1", "layers": ["spans"]}})
    nlp.get_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "Ada"}])
    example = Example.from_dict(
        nlp.make_doc("Ada met Bob"), {"entities": [(0, 3, "PERSON"), (8, 11, "PERSON")]}
    )
    found = nlp.evaluate([example])
    assert (found["spans.span_p"], found["spans.span_r"]) == (1, 0.5)


def test_hugging_face_loads_the_metric(tmp_path):
    pytest.importorskip("datasets")
    farm = tmp_path / "site" / "goldwire"
    farm.mkdir(parents=True)
    for part in ROOT.joinpath("goldwire").glob("*.py"):
        farm.joinpath(part.name).symlink_to(part)
    for folder in ("annotate", "evaluate", "corpus", "guidelines"):
        farm.joinpath(folder).symlink_to(ROOT / folder)
    code = f"""
import evaluate
metric = evaluate.load({str(ROOT / "evaluate/huggingface/goldwire_score.py")!r})
gold = '{{"text": "Ada met Bob", "spans": [{{"start": 0, "end": 3, "label": "ACTOR"}}]}}'
pred = '{{"text": "Ada met Bob", "spans": []}}'
print(metric.compute(predictions=[gold], references=[gold])["spans.span"]["f1"])
"""
    environment = {
        "PYTHONPATH": str(farm.parent),
        "HF_HOME": str(tmp_path / "hf"),
        "HF_HUB_OFFLINE": "1",
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment,
        check=False,
    )
    if "No module named 'evaluate'" in done.stderr:
        pytest.skip("Hugging Face's evaluate is not installed")
    assert done.stdout.strip().endswith("1.0"), done.stderr
