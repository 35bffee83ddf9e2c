"""What a notebook shows: HTML of documents, scores and comparisons, inert; and the notebooks of the docs."""

import ast
import contextlib
import io
import json
import os
from html.parser import HTMLParser
from pathlib import Path

import pytest

import goldwire
from goldwire.annotate import drawing, files, show
from goldwire.annotate.document import Actor, Document, Event, Mention, Meta, Segment
from goldwire.evaluate.counts import Counts, Entry, Tally
from goldwire.evaluate.leaderboard import Board, Run
from goldwire.evaluate.versus import versus

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "docs").glob("*.ipynb"))
NASTY = "Rebels </style><script>alert(1)</script> \u202egnp\u202c <img src=x onerror=alert(2)> fled & won"
BAD_LABEL = '"><script>alert(3)</script>'


class Elements(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on") or name in ("src", "href")]

    def handle_data(self, data):
        self.text += data


def nasty(label=BAD_LABEL):
    mentions = (Mention("Rebels", 0), Mention(NASTY, 0))
    actor = Actor("<a>", label, name="<b>name", mentions=mentions)
    event = Event("e1", Mention("fled", NASTY.index("fled")), label)
    return Document(NASTY, Meta("</title>A", title="\u202etitle"), actors=(actor,), events=(event,))


@pytest.mark.parametrize(
    "draw", [Document._repr_html_, lambda d: show(d, jupyter=False)], ids=["own", "displacy"]
)
def test_nothing_of_a_document_becomes_markup(draw):
    html = draw(nasty())
    found = Elements(html)
    assert not {"script", "style", "img", "title"} & set(found.tags)
    assert "\u202e" not in html
    assert "‹U+202E›gnp" in "".join(found.text.split())
    assert BAD_LABEL in found.text


def test_scores_and_comparisons_are_inert_too():
    gold, names = [nasty("STRIKE")], ("<script>a", "<script>b")
    both = versus(gold, dict.fromkeys(names, gold), layers=["actors.mention"])
    tally = Tally([Entry("<i>", 0, 1, 1, 1, 2)])
    line = "goldwire:0.1.0|gold:x|layers:all|match:exact"
    board = Board((Run(run="<script>", signature=line, rows=(), about="<b>"),), {"gold": "<u>"})
    for shown in (both, goldwire.score(gold, gold), tally, tally["<i>"], board):
        found = Elements(shown._repr_html_())
        assert not {"script", "i", "b", "u"} & set(found.tags)
    assert "<i>" in Elements(tally._repr_html_()).text
    cells = "</td><td>".join(["50.0", "25.0", "33.3", "1", "4", "2"])
    assert cells in Counts(1, 2, 1, 4)._repr_html_()


def test_displacy_gets_every_mention_whole():
    text = "Ada-Lovelace met\n\nthe mayor of Velm"
    mentions = (Mention("Ada", 0), Mention("Ada-Lovelace", 0), Mention("the mayor of Velm", 18))
    d = Document(
        text,
        actors=(Actor("a1", "PER", mentions=mentions),),
        segments=(Segment("g1", 0, 16), Segment("g2", 18, 35)),
    )
    first, second = drawing._parts(d, drawing.chosen(d, ()))
    # The token is cut where a mention ends inside it.
    assert first["tokens"] == ["Ada", "-Lovelace", "met"]
    assert [(s["start_token"], s["end_token"]) for s in first["spans"]] == [(0, 2), (0, 1)]
    assert [(s["start_token"], s["end_token"]) for s in second["spans"]] == [(0, 4)]


def test_layers_can_be_chosen():
    d = nasty("STRIKE")
    assert [m.layer for m in drawing.chosen(d, ["events"])] == ["events"]
    with pytest.raises(ValueError, match="'verbs' is none of events, actors"):
        show(d, ["verbs"])


def test_without_spacy_our_own_drawing_is_shown(monkeypatch):
    monkeypatch.setattr("goldwire.annotate.tokens.available", lambda: False)
    assert show(nasty()) == nasty()._repr_html_()


def test_a_document_without_anything():
    assert Elements(Document("")._repr_html_()).text == ""
    assert show(Document(""), jupyter=False) is not None
    assert "a" in show(Document("a"), jupyter=False)


def test_every_gold_document_is_drawn():
    for d in files.gold():
        for html in (d._repr_html_(), show(d, jupyter=False)):
            assert len(Elements(html).text) > len(d.text)


def run(source, names):
    """What a cell shows, as a notebook stores it: what it prints, then its last value if it has one."""
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(ast.Module(body, []), "<cell>", "exec"), names)
        value = None if last is None else eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
    shown = []
    if printed.getvalue():
        text = printed.getvalue().splitlines(keepends=True)
        shown.append({"name": "stdout", "output_type": "stream", "text": text})
    if value is not None:
        html = value._repr_html_() if hasattr(value, "_repr_html_") else ""
        kind, said = ("text/html", html) if html else ("text/plain", repr(value))
        data = {kind: said.splitlines(keepends=True)}
        shown.append({"data": data, "execution_count": None, "metadata": {}, "output_type": "execute_result"})
    return shown


def told(outputs):
    """The words of what a cell shows: how displaCy writes its styles is its own affair."""
    each = [o["text"] if "text" in o else next(iter(o["data"].values())) for o in outputs]
    return [Elements("".join(lines)).text.split() for lines in each]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
def test_notebooks_show_what_they_store(path, tmp_path, monkeypatch):
    """Each cell, run in turn, gives its stored output; GOLDWIRE_STORE=1 stores what they give instead."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    for number, cell in enumerate(notebook["cells"], 1):
        if cell["cell_type"] != "code":
            continue
        shown = run("".join(cell["source"]), names)
        if os.environ.get("GOLDWIRE_STORE"):
            cell["outputs"] = shown
        assert told(shown) == told(cell["outputs"]), f"cell {number}: GOLDWIRE_STORE=1 stores this"
    if os.environ.get("GOLDWIRE_STORE"):
        path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def test_there_is_a_notebook():
    assert NOTEBOOKS
