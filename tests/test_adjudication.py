"""The gold is what the decisions make of two raw passes; every disagreement has its cause and its rule."""

import re
from pathlib import Path

from goldwire.annotate import files
from goldwire.annotate.changes.adjudicate import Decision, adjudicated, cases
from goldwire.annotate.changes.diff import diff
from goldwire.annotate.document import objects
from goldwire.annotate.formats import lines
from goldwire.annotate.structure import build

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus"
PASSES = [
    {d.meta.doc_id: d for d in files.iterate(CORPUS / "annotators" / name)} for name in ("first", "second")
]
GOLD = {d.meta.doc_id: d for d in files.iterate(CORPUS / "gold")}
ROWS = [
    build(Decision, row)
    for _, row in lines.rows((CORPUS / "adjudication.jsonl").read_bytes(), where="adjudication.jsonl")
]
SLUGS = {
    slug
    for page in (ROOT / "guidelines").glob("*.md")
    for slug in re.findall(r"^#+ .*\{#([\w-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
}


def test_the_gold_follows_from_the_passes_and_the_decisions() -> None:
    for name, gold in GOLD.items():
        made = adjudicated(PASSES[0][name], PASSES[1][name], ROWS, where="adjudication.jsonl")
        differences = [
            c for c in diff(made, gold) if c.kind not in ("doc", "provenance") and c.part != "note"
        ]
        assert differences == []


def test_every_disagreement_has_a_decision_with_cause_and_rule() -> None:
    decided = {row.id: row for row in ROWS}
    for name in GOLD:
        for case in cases(PASSES[0][name], PASSES[1][name]):
            row = decided[case.id]
            assert (row.object, row.part, row.a, row.b) == (case.object, case.part, case.a, case.b)
            assert row.cause in files.ontology().closed["provenance.cause"], row.id
            assert row.rule in SLUGS, row.id


def test_what_was_decided_of_objects_is_in_their_provenance() -> None:
    for gold in GOLD.values():
        known = {x.on for x in gold.provenance if x.annotator == "adjudicator"}
        ids = {x.id for _, x in objects(gold)}
        assert known <= ids
    noted = {i for d in GOLD.values() for x in d.provenance for i in re.findall(r"[A-C]-\d{3}", x.note)}
    assert noted == {r.id for r in ROWS if "-" in r.id and r.kind != "ambiguity"}


def test_provenance_says_once_and_as_the_rows_do_why_something_was_decided() -> None:
    decided = {row.id: row for row in ROWS}
    for gold in GOLD.values():
        said = [(x.on, x.annotator, x.action, x.rule, x.note) for x in gold.provenance]
        assert len(said) == len(set(said))
        for x in gold.provenance:
            rows = [decided[i] for i in re.findall(r"[A-C][-+]\d{3}", x.note)]
            assert not rows or (x.rule, x.cause) in {(r.rule, r.cause) for r in rows}, x.note


def test_ambiguities_named_in_the_case_log_are_in_the_gold() -> None:
    log = (CORPUS / "decisions.md").read_text(encoding="utf-8")
    for name, section in re.findall(r"^## Article (\w)\n(.*?)(?=^## )", log, re.DOTALL | re.MULTILINE):
        declared = {x.id for x in GOLD[name].ambiguities}
        named = [set(re.findall(r"x\d+", said)) for said in re.findall(r"\((x\d[x\d, and-]*)\)", section)]
        ranged = [
            {f"x{n}" for n in range(int(a), int(b) + 1)} for a, b in re.findall(r"\(x(\d+)-x(\d+)\)", section)
        ]
        assert set().union(*named, *ranged) == declared, name


def test_guideline_causes_changed_the_guidelines() -> None:
    changelog = (ROOT / "guidelines" / "README.md").read_text(encoding="utf-8").partition("## Changelog")[2]
    changed = {row.rule for row in ROWS if row.cause.startswith("guideline_")}
    entries = "".join(re.findall(r"^- (?:AMENDMENT|CLARIFICATION|CHECK).*$", changelog, re.MULTILINE))
    assert changed, "no guideline cause at all would be strange"
    named = {"place-and-time": "`place` of a BORDER", "maximal-extent": "modifier behind two nouns"}
    assert [rule for rule in changed if named.get(rule, f"[{rule}]") not in entries] == []
