"""The editor with another annotation beside it, and adjudication as a page."""

import json
import os
import subprocess
import sys

import pytest

from goldwire.annotate import files
from goldwire.annotate.editor import storage
from goldwire.annotate.editor.beside import Beside
from goldwire.evaluate.report.agreement import brief

from .editing import LINES, REBELS, VELM, Here
from .test_editor_page import current, kept, visit  # noqa: F401

pytest.importorskip("starlette", reason="the extra editor is not installed")
pytest.importorskip("uvicorn", reason="the extra editor is not installed")

SHELLED = {"event": "e1", "type": "STRIKE", "trigger": {"text": "shelled", "start": 9}, "coref": "e1"}


def lines(*rows):
    return LINES + "".join(json.dumps(row) + "\n" for row in rows)


def test_what_the_other_has_comes_with_ids_that_nobody_has(tmp_path):
    mine, theirs = tmp_path / "mine.jsonl", tmp_path / "theirs.jsonl"
    mine.write_text(lines({**VELM, "place": "p7"}), encoding="utf-8")
    agent = {"role": "agent", "ref": "a1", "evidence": {"text": "Rebels", "start": 0}}
    target = {"role": "target", "ref": "p1", "evidence": {"text": "Velm", "start": 17}}
    theirs.write_text(lines(REBELS, VELM, {**SHELLED, "args": [agent, target]}), encoding="utf-8")
    found = Beside(files.read(theirs)[0], "theirs", brief).compared(
        storage.rows(mine.read_bytes(), where="mine"), "mine"
    )
    assert [(d["on"], d["said"]) for d in found["differences"]] == [
        ("a1", "a1 REB «Rebels»: only there"),
        ("e1", "e1 STRIKE «shelled»: only there"),
    ]
    # p1 is p7 here.
    assert found["missing"][1]["args"] == [agent, {**target, "ref": "p7"}]
    assert ("places", "mention(typed=False) exact", "1.000, 1 of 1") in found["agreement"]


def test_differences_are_shown_in_place_and_taken(visit, tmp_path):  # noqa: F811
    mine, theirs = tmp_path / "mine.jsonl", tmp_path / "theirs.jsonl"
    mine.write_text(lines({**REBELS, "type": "MIL"}), encoding="utf-8")
    theirs.write_text(lines(REBELS, VELM), encoding="utf-8")
    with Here(mine, Beside(files.read(theirs)[0], "theirs.jsonl", brief)) as editor:
        tab = visit(editor)
        tab.get_by_role("tab", name="Compare 2").click()
        assert "type MIL → REB" in tab.text_content("#compare")
        assert tab.evaluate("[...CSS.highlights.get('theirs')].map(String)") == ["Velm"]
        tab.get_by_role("button", name="take p1 city «Velm»: only there").click()
        tab.wait_for_selector("mark[data-id=p1]")
        tab.get_by_role("tab", name="Compare 1").wait_for()
        kept(tab)
        assert current(editor)[-1] == VELM


def test_adjudication_in_the_browser_makes_the_gold(browser, tmp_path):
    first, second, gold = (tmp_path / f"{name}.jsonl" for name in ("first", "second", "gold"))
    first.write_text(lines(REBELS, SHELLED), encoding="utf-8")
    second.write_text(lines({**REBELS, "type": "MIL"}, VELM, {**SHELLED, "tense": "past"}), encoding="utf-8")
    command = [sys.executable, "-m", "goldwire", "adjudicate", str(first), str(second), "-o", str(gold)]
    process = subprocess.Popen(
        [*command, "--browser"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "BROWSER": "true"},
    )  # fmt: skip
    try:
        url = process.stdout.readline().rpartition(" at ")[2].strip()
        tab = browser.new_page()
        tab.goto(url)

        def decide(key, *answers):
            tab.wait_for_selector("body[data-asks=choice]")
            turn = tab.get_attribute("body", "data-turn")
            tab.keyboard.press(key)
            for asked, typed in zip(("cause", "rule", "note"), answers, strict=False):
                tab.wait_for_selector(f"body[data-asks={asked}]")
                tab.wait_for_selector("#chooser[open]")
                tab.keyboard.type(typed)
                tab.keyboard.press("Enter")
            tab.wait_for_selector(f"body:not([data-turn='{turn}'])")

        tab.wait_for_selector("text=a1 REB «Rebels»: type")
        decide("b", "slip", "actor-name", "a reason")
        tab.wait_for_selector("text=STRIKE «shelled»: tense")
        decide("s")
        tab.wait_for_selector("text=who has it?")
        decide("u")  # the first decision is taken back
        tab.wait_for_selector("text=a1 REB «Rebels»: type")
        decide("a", "slip", "actor-name", "")
        tab.wait_for_selector("text=who has it?")
        decide("b", "slip", "actor-name", "")
        tab.wait_for_selector("body[data-asks=end]")
        tab.keyboard.press("s")
        decide("b", "slip", "tense", "")
        tab.wait_for_selector("body[data-asks=end]")
        tab.keyboard.press("Enter")
        tab.wait_for_selector("body[data-asks=stop]")
        tab.close()
        assert process.wait(20) == 0, process.stderr.read()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()
    rows = [json.loads(x) for x in gold.read_text(encoding="utf-8").splitlines()]
    assert [r for r in rows if "actor" in r] == [REBELS]
    assert [r for r in rows if "place" in r] == [VELM]
    assert [r["tense"] for r in rows if "event" in r] == ["past"]
