"""Predictions as they come: refused with their place, or mended by a repair that says so; the commands."""

import json
import re

import pytest
from typer.testing import CliRunner

import goldwire
from goldwire.__main__ import app
from goldwire.annotate import files
from goldwire.annotate.problems import ProblemError
from goldwire.evaluate.intake import predictions

TEXT = "The raid, the talks"
GOOD = {"start": 4, "end": 8, "label": "STRIKE"}
RUN = CliRunner()


def write(path, *records):
    path.write_text(
        "".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in records), encoding="utf-8"
    )
    return str(path)


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("{", ":2: not-json: "),
        ({"text": TEXT, "spans": [{**GOOD, "end": 99}]}, ":2: offset-range: spans[0]: [4, 99) is not in"),
        ({"text": TEXT, "spans": [{**GOOD, "text": "ride"}]}, ":2: surface-text: spans[0]: "),
        ({"text": TEXT, "events": [{"id": "e1", "type": "STRIKE"}]}, ":2: structure: "),
        (
            {"text": TEXT, "spans": [{**GOOD, "id": "s1"}], "events": [
                {"id": "e1", "type": "STRIKE", "trigger": "s1", "args": [{"role": "agent", "ref": "a7"}]}
            ]},
            ":2: dangling-id: e1: args[agent]: nothing has the id «a7»",
        ),
    ],
    ids=["json", "range", "surface", "structure", "dangling"],
)  # fmt: skip
def test_broken_predictions_are_refused_with_their_line(tmp_path, record, said):
    path = write(tmp_path / "pred.jsonl", {"text": TEXT, "spans": [GOOD]}, record)
    with pytest.raises(ProblemError) as caught:
        predictions(path, files.ontology())
    assert f"pred.jsonl{said}" in str(caught.value)


def test_all_problems_are_listed(tmp_path):
    path = write(tmp_path / "p.jsonl", {"text": TEXT, "spans": [{**GOOD, "end": 99}]}, "x", {"text": 1})
    with pytest.raises(ProblemError) as caught:
        predictions(path, files.ontology())
    assert [p.line for p in caught.value.problems] == [1, 2, 3]


def test_the_repair_leaves_out_what_is_broken(tmp_path):
    record = {
        "text": TEXT,
        "spans": [{**GOOD, "id": "s1"}, {"id": "s2", "start": 9, "end": 99, "label": "ACTOR"}],
        "actors": [{"id": "a1", "type": "REB", "mentions": [{"span": "s2"}]}],
        "events": [{"id": "e1", "type": "STRIKE", "trigger": "s1", "args": [{"role": "agent", "ref": "a9"}]}],
    }
    (document,), dropped = predictions(write(tmp_path / "p.jsonl", record), files.ontology(), repair="drop")
    assert [(e.type, e.args) for e in document.events] == [("STRIKE", ())]
    assert document.actors[0].mentions == ()
    assert dropped == {"dangling-id": 1, "offset-range": 1}
    with pytest.raises(ProblemError, match="the repairs are drop"):
        predictions("p.jsonl", files.ontology(), repair="guess")


def test_the_commands(tmp_path):
    gold = write(tmp_path / "gold.jsonl", {"text": TEXT, "meta": {"doc_id": "A"}, "spans": [GOOD]})
    pred = write(tmp_path / "pred.jsonl", {"text": TEXT, "spans": [GOOD, {**GOOD, "end": 99}]})
    refused = RUN.invoke(app, ["score", pred, "--gold", gold])
    assert isinstance(refused.exception, ProblemError)
    done = RUN.invoke(
        app, ["score", pred, "--gold", gold, "--repair", "drop", "--interval", "none", "--json"]
    )
    report = json.loads(done.stdout)
    assert report["dropped"] == {"offset-range": 1}
    assert "repair:drop" in report["signature"]
    saved = tmp_path / "report.json"
    saved.write_text(done.stdout, encoding="utf-8")
    verified = RUN.invoke(app, ["verify", str(saved), "--pred", pred, "--gold", gold])
    assert (verified.exit_code, verified.stdout) == (0, "equal\n")
    other = RUN.invoke(app, ["verify", str(saved), "--pred", gold, "--gold", gold.replace("gold", "pred")])
    assert other.exit_code == 1
    assert RUN.invoke(app, ["score", pred, "--by", "colour"]).exit_code == 2
    assert RUN.invoke(app, ["errors", pred, "--cause", "bad luck"]).exit_code == 2
    folder = str(files.packaged("corpus") / "gold")
    listed = RUN.invoke(app, ["errors", folder, "--summary"])
    assert listed.exit_code == 0
    assert re.search(r"events: (\d+) of \1 found, 0 of \1 predictions wrong", listed.stdout)


def dangling(tmp_path):
    """Gold, and a prediction with an argument that refers to nothing, as files."""
    event = {"id": "e1", "type": "STRIKE", "trigger": "s1"}
    whole = {"id": "A", "text": TEXT, "spans": [{**GOOD, "id": "s1"}]}
    gold = write(tmp_path / "gold.jsonl", {**whole, "events": [event]})
    loose = {**event, "args": [{"role": "agent", "ref": "a7"}]}
    return gold, write(tmp_path / "pred.jsonl", {**whole, "events": [loose]})


def test_no_profile_scores_what_is_broken(tmp_path):
    gold, pred = dangling(tmp_path)
    command = ["score", pred, "--gold", gold, "--profile", "textee", "--json"]
    refused = RUN.invoke(app, command)
    assert isinstance(refused.exception, ProblemError)
    said = "pred.jsonl:1: dangling-id: e1: args[agent]: nothing has the id «a7»"
    assert said in str(refused.exception)
    mended = RUN.invoke(app, [*command, "--repair", "drop"])
    assert mended.exit_code == 0
    assert "drop: 1 broken by dangling-id" in mended.stderr
    (report,) = json.loads(mended.stdout)["profiles"]
    assert report["counts"]["trigger_cls"] == [1, 1, 1, 1]
    assert report["counts"]["argument_cls"] == [0, 0, 0, 0]
    assert "|profile:textee|repair:drop|" in report["signature"]
    again = RUN.invoke(app, ["verify", report["signature"], "--pred", pred, "--gold", gold])
    assert (again.exit_code, again.stdout) == (0, "equal\n")


def test_a_changed_count_in_the_report_of_a_profile_is_found(tmp_path):
    gold, pred = dangling(tmp_path)
    mended = RUN.invoke(
        app, ["score", pred, "--gold", gold, "--profile", "textee", "--repair", "drop", "--json"]
    )
    path = tmp_path / "report.json"
    path.write_text(mended.stdout, encoding="utf-8")
    assert RUN.invoke(app, ["verify", str(path), "--pred", pred, "--gold", gold]).exit_code == 0
    report = json.loads(mended.stdout)
    report["profiles"][0]["counts"]["trigger_cls"] = [1, 1, 1, 2]
    path.write_text(json.dumps(report), encoding="utf-8")
    changed = RUN.invoke(app, ["verify", str(path), "--pred", pred, "--gold", gold])
    assert changed.exit_code == 1
    assert "trigger_cls: r_all is 1, published was 2" in changed.stdout


def test_python_takes_a_file_as_the_command_does(tmp_path):
    gold, pred = dangling(tmp_path)
    with pytest.raises(ProblemError, match=r"pred\.jsonl:1: dangling-id: e1"):
        goldwire.score(gold, pred)
    scores = goldwire.score(gold, pred, repair="drop")
    assert scores.dropped == {"dangling-id": 1}
    assert "|repair:drop|" in scores.signature
