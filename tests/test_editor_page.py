"""The page of ``goldwire edit`` in a real Chromium: by keyboard alone, through crashes, for everybody."""

import json
import os
import re
from pathlib import Path

import pytest

from goldwire.annotate import files
from goldwire.annotate.canonical import canonical
from goldwire.annotate.editor import storage

from .editing import LINES, REBELS, TEXT, VELM, Editor, Here, journal
from .typist import Typist

pytest.importorskip("starlette", reason="the extra editor is not installed")
pytest.importorskip("uvicorn", reason="the extra editor is not installed")


@pytest.fixture
def visit(browser):
    """Opens the page of an editor; whatever it throws or asks of another server fails the test."""
    tabs, said = [], []

    def opened(editor, **options):
        tab = browser.new_page(viewport={"width": 1280, "height": 900}, **options)
        tab.on("pageerror", lambda error: said.append(str(error)))
        outside = (f"http://{editor.address}/", "data:")
        tab.on("request", lambda r: said.append(r.url) if not r.url.startswith(outside) else None)
        tabs.append(tab)
        tab.goto(editor.url)
        tab.wait_for_selector("body[data-ready=yes]", timeout=20_000)
        return tab

    yield opened
    for tab in tabs:
        tab.close()
    assert said == []


def current(editor):
    """The rows as they stand in the server."""
    state = editor.ask("state")[1]
    rows = {storage.key(raw): raw for raw in state["rows"]}
    for change in state["changes"]:
        rows |= {storage.key(raw): raw for raw in change["set"]}
        for name in change["drop"]:
            rows.pop(name, None)
    return list(rows.values())


def kept(tab):
    """Wait until every change is on disk."""
    tab.wait_for_selector("#status.kept, #status.saved")


def save(tab):
    tab.keyboard.press("Control+s")
    tab.wait_for_selector("#status.saved")


# Written by hand, in the short form of the guidelines; every layer, a nested quotation, a chain, a link.
ARTICLE = """\
{"doc": "tarn", "text": "Fleet shells Tarn 🙂\\nNorland’s fleet shelled Tarn on 9 May, and more than 600 people fled the “quiet” city, the mayor said. He denied that Norland had warned them. The city is Tarn.", "lang": "en", "layers": ["segments", "mentions", "events"]}
{"segment": "g1", "text": "Fleet shells Tarn 🙂", "kind": "headline", "paragraph": 1}
{"segment": "g2", "start": 20, "end": 123, "paragraph": 2}
{"segment": "g3", "text": "He denied that Norland had warned them.", "paragraph": 2}
{"segment": "g4", "text": "The city is Tarn.", "paragraph": 2}
{"actor": "a1", "type": "MIL", "name": "Norland’s fleet", "affiliation": ["a2"], "mentions": [{"text": "Fleet", "form": "nominal"}, {"text": "Norland’s fleet", "head": "fleet", "form": "nominal"}]}
{"actor": "a2", "type": "STATE", "name": "Norland", "mentions": [{"text": "Norland", "occurrence": 1, "form": "name"}, {"text": "Norland", "occurrence": 2, "form": "name"}]}
{"actor": "a3", "type": "CIV", "name": "people", "status": "displaced", "mentions": [{"text": "people", "form": "nominal"}, {"text": "them", "form": "pronoun"}]}
{"actor": "a4", "type": "PER", "name": "mayor", "mentions": [{"text": "the mayor", "head": "mayor", "form": "nominal"}, {"text": "He", "form": "pronoun"}]}
{"place": "p1", "kind": "city", "name": "Tarn", "wikidata": "Q1", "mentions": [{"text": "Tarn", "occurrence": 1, "form": "name"}, {"text": "Tarn", "occurrence": 2, "form": "name"}, {"text": "the “quiet” city", "head": "city", "form": "nominal"}]}
{"time": "t1", "mention": "9 May", "kind": "DATE", "value": "XXXX-05-09", "resolved": "XXXX-05-09/XXXX-05-09", "basis": "text"}
{"number": "n1", "mention": {"text": "more than 600", "head": "600"}, "kind": "COUNT", "value": "600", "low": "600", "open_low": true, "mod": "more_than", "rounded": true, "counted": "a3", "stat": "flow", "as_of": "t1", "said_by": "q1"}
{"quotation": "q1", "speaker": "a4", "speaker_span": "the mayor", "cue": "said", "content": {"text": "Norland’s fleet shelled Tarn on 9 May, and more than 600 people fled the “quiet” city", "start": 20}}
{"quotation": "q2", "speaker": "a4", "speaker_span": "He", "cue": "denied", "content": "that Norland had warned them", "stance": "deny", "parent": "q1"}
{"term": "w1", "mention": "quiet"}
{"event": "e1", "type": "STRIKE", "trigger": "shells", "tense": "past", "details": {"method": "artillery"}, "args": {"agent": "a1", "target": "p1"}, "factuality": {"AUTHOR": "CT+"}}
{"event": "e2", "type": "STRIKE", "trigger": "shelled", "coref": "e1", "tense": "past", "details": {"method": "artillery"}, "args": {"agent": "a1", "target": "p1", "time": "t1"}, "factuality": {"AUTHOR": "U", "q1": "CT+"}}
{"event": "e3", "type": "DISPLACE", "trigger": "fled", "tense": "past", "plural": true, "args": {"displaced": "a3", "count": "n1"}, "factuality": {"AUTHOR": "U", "q1": "CT+"}}
{"link": "l1", "type": "CAUSES", "from": "e2", "to": "e3"}
{"ambiguity": "x1", "on": "p1", "field": "kind", "accept": ["region"], "note": "the text does not say"}
"""  # noqa: E501


def annotated(visit, expected, tmp_path):
    """The file that comes of typing what another file holds, from its text and segments."""
    rows = [json.loads(line) for line in expected.decode().splitlines()]
    given = {k: v for k, v in rows[0].items() if k != "layers"}
    path = tmp_path / "typed.jsonl"
    path.write_bytes(
        storage.written_as(
            [given, *(row for row in rows[1:] if next(iter(row)) in ("segment", "provenance"))]
        )
    )
    with Here(path) as editor:
        tab = visit(editor)

        def now():
            kept(tab)
            return current(editor)

        typist = Typist(tab, rows[0]["text"], now)
        typist.annotate(rows)
        save(tab)
    assert not journal(path).exists()
    return path.read_bytes()


def test_a_document_annotated_by_keyboard_is_the_file_written_by_hand(visit, tmp_path):
    """Every layer from the segmented text on, no mouse, an emoji before everything."""
    expected = canonical(ARTICLE.encode(), where="tarn.jsonl")
    assert annotated(visit, expected, tmp_path).decode() == expected.decode()


@pytest.mark.skipif("GOLDWIRE_SLOW" not in os.environ, reason="takes a minute; set GOLDWIRE_SLOW to run it")
def test_a_whole_article_of_the_corpus_annotated_by_keyboard(visit, tmp_path):
    expected = (files.packaged("corpus") / "gold" / "B.jsonl").read_bytes()
    assert annotated(visit, expected, tmp_path) == expected


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "d.jsonl"
    made.write_text(LINES, encoding="utf-8")
    return made


def test_after_a_kill_the_page_has_everything_again(visit, path):
    with Editor(path) as editor:
        tab = visit(editor)
        tab.keyboard.press("a")
        for typed in ("new REB", "nominal"):
            tab.wait_for_selector("#chooser[open]")
            tab.keyboard.type(typed)
            tab.keyboard.press("Enter")
        tab.wait_for_selector("#status.kept")
        editor.stop()  # kill -9
        again = Editor(path)
        editor.process = again.process
        tab = visit(again)
        assert "1 changes that were not saved are here again" in tab.text_content("#recovered")
        assert tab.locator("mark[data-id=a1]").count() == 1
        # What was recovered can be undone and redone like any other change.
        tab.keyboard.press("u")
        tab.wait_for_selector("mark[data-id=a1]", state="detached")
        tab.keyboard.press("U")
        tab.wait_for_selector("mark[data-id=a1]")
        save(tab)
    assert [json.loads(x) for x in path.read_text(encoding="utf-8").splitlines()][2:] == [REBELS]


def test_what_was_recovered_can_be_discarded(visit, path):
    with Here(path) as editor:
        editor.begin()
        editor.change(REBELS)
    with Here(path) as editor:
        tab = visit(editor)
        tab.get_by_role("button", name="Discard them").click()
        tab.wait_for_selector("mark[data-id=a1]", state="detached")
        assert not journal(path).exists()


def test_loading_the_page_again_loses_nothing(visit, path):
    with Here(path) as editor:
        tab = visit(editor)
        tab.keyboard.press("w")
        tab.wait_for_selector("mark[data-id=w1]")
        kept(tab)
        assert "#" not in tab.url  # the token is not left in the address
        tab.reload()
        tab.wait_for_selector("body[data-ready=yes]")
        tab.wait_for_selector("mark[data-id=w1]")


def test_a_file_changed_underneath_offers_the_merge(visit, path):
    with Here(path) as editor:
        tab = visit(editor)
        tab.keyboard.press("w")
        tab.wait_for_selector("mark[data-id=w1]")
        theirs = LINES + json.dumps(VELM) + "\n"
        path.write_text(theirs, encoding="utf-8")
        tab.keyboard.press("Control+s")
        tab.wait_for_selector("#merge[open]")
        assert "was changed by somebody else" in tab.text_content("#merge-said")
        assert path.read_text(encoding="utf-8") == theirs
        tab.keyboard.press("Enter")  # Merge has the focus
        tab.wait_for_selector("mark[data-id=p1]")
        tab.wait_for_selector("#merge:not([open])", state="attached")
        assert path.read_text(encoding="utf-8") == theirs
        save(tab)
    rows = [json.loads(x) for x in path.read_text(encoding="utf-8").splitlines()]
    assert rows[2] == VELM
    assert rows[3] == {"term": "w1", "mention": {"text": "Rebels", "start": 0}}


def test_conflicts_of_the_merge_are_shown(visit, path):
    path.write_text(LINES + json.dumps(REBELS) + "\n", encoding="utf-8")
    with Here(path) as editor:
        tab = visit(editor)
        tab.keyboard.press("Enter")
        tab.select_option("#field-type", "MIL")
        kept(tab)
        path.write_text(LINES + json.dumps({**REBELS, "type": "CIV"}) + "\n", encoding="utf-8")
        tab.keyboard.press("Control+s")
        tab.get_by_role("button", name="Merge").click()
        tab.get_by_role("button", name="Look at them").click()
        tab.keyboard.press("Enter")
        tab.wait_for_selector("text=type: ours MIL, theirs CIV, was REB")
        tab.get_by_role("button", name="Settled").click()
        save(tab)
    row = json.loads(path.read_text(encoding="utf-8").splitlines()[2])
    assert row == {**REBELS, "type": "MIL"}


def test_a_drag_from_a_trigger_makes_an_argument(visit, path):
    shelled = {"event": "e1", "type": "STRIKE", "trigger": {"text": "shelled", "start": 9}, "coref": "e1"}
    path.write_text(LINES + "".join(json.dumps(x) + "\n" for x in (REBELS, VELM, shelled)), encoding="utf-8")
    with Here(path) as editor:
        tab = visit(editor)
        tab.locator("mark[data-id=e1] .tag").drag_to(tab.locator("mark[data-id=p1]"))
        tab.wait_for_selector("#chooser[open]")
        tab.keyboard.type("target")
        tab.keyboard.press("Enter")
        tab.wait_for_selector("#ref-0")
        kept(tab)
        event = next(row for row in current(editor) if "event" in row)
    assert event["args"] == [{"role": "target", "ref": "p1", "evidence": {"text": "Velm", "start": 17}}]


def test_the_mouse_selects_code_points(visit, path):
    with Here(path) as editor:
        tab = visit(editor)
        tab.locator("#text .block").click(position={"x": 5, "y": 5})
        tab.get_by_text("shelled").first.dblclick(position={"x": 110, "y": 20})
        chosen = tab.text_content("#said")
        tab.keyboard.press("w")
        tab.wait_for_selector("mark[data-id=w1]")
        kept(tab)
        term = next(row for row in current(editor) if "term" in row)["mention"]
    assert chosen == term["text"]
    assert TEXT[term["start"] : term["start"] + len(term["text"])] == term["text"]


def test_suggestions_are_accepted_and_rejected(visit, path):
    waits = {"annotator": "system 1", "action": "suggested"}
    rows = [
        REBELS,
        VELM,
        {"provenance": "v1", "on": "a1", **waits},
        {"provenance": "v2", "on": "p1", **waits},
    ]
    path.write_text(LINES + "".join(json.dumps(x) + "\n" for x in rows), encoding="utf-8")
    with Here(path) as editor:
        tab = visit(editor)
        assert tab.locator("mark.suggested").count() == 2
        tab.keyboard.press("Enter")
        tab.keyboard.press("y")  # goes on to the next
        tab.wait_for_selector("mark[data-id=a1]:not(.suggested)")
        tab.keyboard.press("z")
        tab.wait_for_selector("mark[data-id=p1]", state="detached")
        save(tab)
    found = [json.loads(x) for x in path.read_text(encoding="utf-8").splitlines()][2:]
    assert found[0] == REBELS
    assert [r.pop("provenance")[0] for r in found[1:]] == ["v", "v"]
    assert sorted(found[1:], key=str) == [
        {"action": "rejected", "tool": "system 1", "note": "p1 city Velm «Velm»"},
        {"on": "a1", "action": "accepted", "tool": "system 1"},
    ]


def test_problems_come_while_one_works(visit, path):
    with Here(path) as editor:
        tab = visit(editor)
        for _ in range(4):
            tab.keyboard.press("ArrowRight")
        tab.keyboard.press("Shift+ArrowRight")
        tab.keyboard.press("Shift+ArrowRight")
        tab.keyboard.press("t")  # "on 9 May": the preposition is outside
        tab.wait_for_selector("#problems code:has-text('time-preposition')", state="attached")
        tab.wait_for_selector("mark.wrong[data-id=t1]")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_violation(visit, path, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")
    path.write_bytes((files.packaged("corpus") / "gold" / "B.jsonl").read_bytes())
    with Here(path) as editor:
        tab = visit(editor, color_scheme=scheme)
        for keys in {"light": (["Enter"], ["a"]), "dark": (["Enter"], ["?"])}[scheme]:
            for key in keys:
                tab.keyboard.press(key)
            found = axe.Axe().run(tab).response
            assert len(found["passes"]) > 10
            serious = [
                (x["id"], x["nodes"][0]["html"])
                for x in found["violations"]
                if x["impact"] in ("serious", "critical")
            ]
            assert serious == [], keys


@pytest.mark.parametrize("width", [320, 640, 1280])
def test_no_width_overflows(visit, path, width):
    """640 pixels are a window of 1280 at 200%."""
    path.write_bytes((files.packaged("corpus") / "gold" / "B.jsonl").read_bytes())
    with Here(path) as editor:
        tab = visit(editor)
        tab.set_viewport_size({"width": width, "height": 600})
        tab.keyboard.press("Enter")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_a_key_that_needs_the_panel_comes_back(visit, path):
    with Here(path) as editor:
        tab = visit(editor)
        tab.keyboard.press("w")
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.getElementById('object').contains(document.activeElement)")
        tab.keyboard.press("Escape")
        tab.wait_for_selector("#text:focus")


def test_the_guide_lists_every_key():
    keys = (files.packaged("annotate") / "editor" / "page" / "keys.js").read_text(encoding="utf-8")
    page = (Path(__file__).parents[1] / "docs" / "edit.md").read_text(encoding="utf-8")
    table = re.findall(r'^  \["([^"\n]*)", "\w+", "([^"\n]*)"', keys, re.MULTILINE)
    told = re.findall(r"^\| (`.*`) \| (.*) \|$", page, re.MULTILINE)
    assert len(table) > 40
    assert told == [(" ".join(f"`{k.replace('Arrow', '')}`" for k in x.split()), said) for x, said in table]


def test_nothing_of_a_document_becomes_markup(visit, path):
    nasty = "<img src=x onerror=alert(1)> </script><b>bold & \u202ebidi"
    rows = [
        {"doc": "<i>d", "text": nasty, "title": "<u>t"},
        {
            "actor": "a<1>",
            "type": "<s>",
            "name": '"><script>alert(2)</script>',
            "mentions": [{"text": "<img", "start": 0}],
        },
    ]
    path.write_bytes(storage.written_as(rows))
    with Here(path) as editor:
        tab = visit(editor)
        tab.keyboard.press("Enter")
        assert tab.text_content("#text") == nasty
        assert tab.locator("#text img, #side script, #side s, h1 u").count() == 0
