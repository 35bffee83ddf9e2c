"""The page's model in a real Chromium: offsets, and what every edit leaves behind, on the packaged gold."""

import json

import pytest

from goldwire.annotate import files
from goldwire.annotate.editor import storage
from goldwire.annotate.editor.forms import forms
from goldwire.annotate.rules import check

from .editing import LINES, Here
from .test_editor_page import visit  # noqa: F401

pytest.importorskip("starlette", reason="the extra editor is not installed")
pytest.importorskip("uvicorn", reason="the extra editor is not installed")

# What an edit must never leave: a reference to nothing, or a row that is no annotation.
NEVER = {"dangling-id", "structure", "repeated-id", "surface-text", "offset-range", "coref-first", "null"}

EDIT = """async ([rows, forms]) => {
  const { Model, kindOf, mentionsOf, difference } = await import("/model.js");
  const edits = await import("/edits.js");
  const found = [];
  const model = new Model(rows, forms);
  const before = JSON.stringify([...model.rows].sort());
  const attempt = (name, make) => {
    const change = make();
    const back = model.apply(change);
    found.push([name, [...model.rows.values()].map((r) => structuredClone(r))]);
    model.apply(back);
    if (JSON.stringify([...model.rows].sort()) !== before) throw new Error(`${name} cannot be undone`);
  };
  for (const [id, row] of [...model.rows]) {
    const kind = kindOf(row);
    if (["doc", "provenance"].includes(kind)) continue;
    attempt(`remove ${id}`, () => edits.remove(model, id));
    for (const { path, label } of mentionsOf(row)) {
      attempt(`unmark ${id} ${path}`, () => edits.unmention(model, id, path));
      if (["actor", "place"].includes(kind) && row.mentions.length > 1) attempt(`split ${id} ${path}`, () => edits.split(model, id, path));
    }
    if (kind === "event" && model.cluster(id).length > 1) attempt(`split ${id}`, () => edits.split(model, id, ["trigger"]));
    if (["actor", "place", "event"].includes(kind)) {
      const other = model.all(kind).find((r) => r[kind] !== id && r.coref !== row.coref || (kind !== "event" && r[kind] !== id));
      if (other) attempt(`merge ${id} ${other[kind]}`, () => edits.merge(model, id, other[kind]));
    }
  }
  return found;
}"""  # noqa: E501

POINTS = """async (text) => {
  const { Text, words } = await import("/points.js");
  const t = new Text(text);
  const bad = [];
  for (let p = 0; p <= t.length; p++) if (t.point(t.unit(p)) !== p) bad.push(p);
  return { length: t.length, bad, words: words(t), slices: words(t).map(([a, b]) => t.slice(a, b)) };
}"""


@pytest.fixture(scope="module")
def tab(browser, tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "d.jsonl"
    path.write_text(LINES, encoding="utf-8")
    with Here(path) as editor:
        opened = browser.new_page()
        opened.goto(editor.url)
        opened.wait_for_selector("body[data-ready=yes]")
        yield opened
        opened.close()


@pytest.mark.parametrize(
    "text", ["plain", "🙂", "a🙂🙂 b 👩\u200d👧 c", "no\u0301n é “q” 1,000.5 don't U.N.-led", "𝔘𝔫𝔦 x𝔠", ""]
)
def test_offsets_are_code_points(tab, text):
    found = tab.evaluate(POINTS, text)
    assert found["length"] == len(text)
    assert found["bad"] == []
    assert found["slices"] == [text[a:b] for a, b in found["words"]]


def test_every_edit_of_the_gold_leaves_it_whole_and_can_be_undone(tab):
    ontology = files.ontology()
    path = files.packaged("corpus") / "gold" / "B.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    tried = tab.evaluate(EDIT, [rows, forms(ontology)])
    assert len(tried) > 100
    for name, after in tried[::4]:  # all were undone; checking takes longer
        found = {p.rule for p in check(storage.written_as(after), ontology, where="d.jsonl")}
        assert not found & NEVER, (name, found & NEVER)
