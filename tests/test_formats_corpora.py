"""What corpora and shared tasks come in: the Guardian's quotations, LitBank, MeasEval, ACE."""

from __future__ import annotations

import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from goldwire.annotate.document import Document
from goldwire.annotate.formats import apf, brat, guardian, litbank, measeval
from goldwire.annotate.problems import Problem, ProblemError

from . import samples


def decode(codec: Any, *files: Any, **options: Any) -> list[Document]:
    """Decode JSON values, or (name, text) pairs."""
    opened = {}
    for n, file in enumerate(files):
        name, text = file if isinstance(file, tuple) else (f"x{n or ''}.json", json.dumps(file))
        opened[name] = io.BytesIO(text.encode())
    return list(codec.decode(opened, **options))


def encode(codec: Any, *documents: Document, **options: Any) -> tuple[str, Counter[str]]:
    lost: Counter[str] = Counter()
    return "".join(b.decode() for _, b in codec.encode(documents, lost=lost, **options)), lost


@samples.needed
def test_guardian() -> None:
    notes: list[Problem] = []
    data = (samples.FOLDER / "quotes-guardian/example.json").read_text()
    (document,) = decode(guardian, ("example.json", data), notes=notes)
    assert [(s.label, s.mention.start, s.mention.text[:12]) for s in document.spans] == [
        ("Source", 22, "He"),
        ("Cue", 25, "said"),
        ("Content", 40, '"the quick b'),
    ]
    # The example's own end of the content is wrong: its words end at 104.
    assert [n.message for n in notes] == ["Content 18–108 of paragraph 1 should end at 104 by its words"]
    assert document.meta.title == "The story of the brown fox."


@samples.needed
def test_litbank_says_in_columns_what_it_says_in_standoff() -> None:
    for path in samples.found("litbank/entities/tsv/*.tsv"):
        (columns,) = decode(litbank, (str(path), path.read_text()))
        ann = samples.FOLDER / "litbank/entities/brat" / (path.stem + ".ann")
        files = {p.name: io.BytesIO(p.read_bytes()) for p in (ann, ann.with_suffix(".txt"))}
        (standoff,) = brat.decode(files)
        assert columns.text.split() == standoff.text.split()
        places = [Counter((s.label, s.mention.text) for s in d.spans) for d in (columns, standoff)]
        # The standoff of one file has an end that is off by one.
        assert set(places[0] - places[1]) <= {("ORG", "a German university")}
    for path in samples.found("litbank/events/tsv/*.tsv"):
        (columns,) = decode(litbank, (str(path), path.read_text()))
        ann = (samples.FOLDER / "litbank/events/brat" / (path.stem + ".ann")).read_text()
        words = Counter(line.split("\t")[2] for line in ann.split("\n") if line.startswith("T"))
        assert Counter(e.trigger.text for e in columns.events) == words


@samples.needed
def test_litbank_layers() -> None:
    for path in samples.found("litbank/*/tsv/*.ann"):
        text = path.with_suffix(".txt")
        (document,) = decode(litbank, (str(path), path.read_text()), (str(text), text.read_text()))
        rows = [line.split("\t") for line in path.read_text().split("\n") if line]
        kinds = Counter(row[0] for row in rows)
        assert len(document.quotations) == kinds["QUOTE"]
        assert sum(len(a.mentions) for a in document.actors) == kinds["MENTION"]
        speakers = {row[1]: row[2] for row in rows if row[0] == "ATTRIB"}
        assert {q.id: q.speaker for q in document.quotations if q.speaker} == speakers
        assert (document.meta.license, document.text) == ("CC BY 4.0", text.read_text())


MEASURES = (
    "docId\tannotSet\tannotType\tstartOffset\tendOffset\tannotId\ttext\tother\n"
    'd1\t1\tQuantity\t4\t15\tT1-1\tabout 12 km\t{"mods": ["IsApproximate"], "unit": "km"}\n'
    'd1\t1\tMeasuredEntity\t0\t3\tT2-1\tAda\t{"HasQuantity": "T1-1"}\n'
    "d1\t2\tQualifier\t16\t21\tT1-2\tlater\t\n"
)


def test_measeval() -> None:
    files = (("x.tsv", MEASURES), ("d1.txt", "Ada about 12 km later."))
    (document,) = decode(measeval, *files)
    (number,) = document.numbers
    assert (number.mention.text, number.unit, number.mod) == ("about 12 km", "km", "approx")
    assert [(r.source, r.target, r.label) for r in document.relations] == [("T2-1", "T1-1", "HasQuantity")]
    assert encode(measeval, document) == (MEASURES, {})


SGM = "<DOC>\n<DOCID> d1 </DOCID>\n<TEXT>\nThe old army of AT&amp;T hit Deraa.\nIt left.\n</TEXT>\n</DOC>\n"


def apf_xml(**change: str) -> str:
    story = apf._TAG.sub("", SGM)

    def seq(words: str, start: int = -1) -> str:
        at = start if start >= 0 else story.index(words)
        said = words.replace("&", "&amp;")
        return f'<charseq START="{at}" END="{at + len(words) - 1}">{said}</charseq>'

    xml = f"""<?xml version="1.0"?><!DOCTYPE source_file SYSTEM "apf.v5.1.1.dtd">
<source_file URI="d1.sgm"><document DOCID="d1">
<entity ID="E1" TYPE="ORG" SUBTYPE="Military" CLASS="SPC">
 <entity_mention ID="E1-1" TYPE="NOM" LDCTYPE="NOM"><extent>{seq("The old army of AT&amp;T")}</extent>
  <head>{seq("army")}</head></entity_mention>
 <entity_mention ID="E1-2" TYPE="PRO"><extent>{seq("It")}</extent><head>{seq("It")}</head></entity_mention>
</entity>
<entity ID="E2" TYPE="GPE"><entity_mention ID="E2-1" TYPE="NAM"><extent>{seq("Deraa")}</extent>
 <head>{seq("Deraa")}</head></entity_mention></entity>
<timex2 ID="T1" VAL="PAST_REF"><timex2_mention ID="T1-1"><extent>{seq("old")}</extent></timex2_mention>
</timex2>
<relation ID="R1" TYPE="PART-WHOLE" SUBTYPE="Geo"><relation_mention ID="R1-1">
 <relation_mention_argument REFID="E1-1" ROLE="Arg-1"/><relation_mention_argument REFID="E2-1" ROLE="Arg-2"/>
</relation_mention></relation>
<event ID="EV1" TYPE="Conflict" SUBTYPE="Attack" MODALITY="Asserted" POLARITY="Positive" GENERICITY="Specific"
 TENSE="Past"><event_mention ID="EV1-1"><extent>{seq("hit Deraa")}</extent><anchor>{seq("hit")}</anchor>
 <event_mention_argument REFID="E1-1" ROLE="Attacker"/><event_mention_argument REFID="E2-1" ROLE="Place"/>
</event_mention></event></document></source_file>"""
    for old, new in change.items():
        xml = xml.replace(*json.loads(new)) if old else xml
    return xml


def test_apf() -> None:
    (document,) = decode(apf, ("d1.apf.xml", apf_xml()), ("d1.sgm", SGM))
    assert document.text == "\n d1 \n\nThe old army of AT&amp;T hit Deraa.\nIt left.\n\n\n"
    army, deraa = document.actors
    assert [(m.text, m.head, m.form) for m in army.mentions] == [
        ("The old army of AT&amp;T", "army", "nominal"),
        ("It", "", "pronoun"),
    ]
    assert (deraa.type, deraa.name, army.extra) == ("GPE", "Deraa", {"subtype": "Military", "class": "SPC"})
    (attack,) = document.events
    assert (attack.type, attack.tense, attack.trigger.text) == ("Conflict.Attack", "past", "hit")
    assert [(a.role, a.ref) for a in attack.args] == [("Attacker", "E1"), ("Place", "E2")]
    assert (document.times[0].value, document.relations[0].label) == ("PAST_REF", "PART-WHOLE.Geo")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ([">army<", ">navy<"], "span-text: head of E1-1"),
        (['REFID="E1-1" ROLE="Attacker"', 'REFID="E9" ROLE="Attacker"'], "an argument names 'E9'"),
        (["<anchor>", "<ankor>"], "xml: is not well-formed"),
        (["source_file", "deft"], "the root element is deft, not source_file"),
    ],
)
def test_wrong_apf_is_refused(change: list[str], message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        decode(apf, ("d1.apf.xml", apf_xml(change=json.dumps(change))), ("d1.sgm", SGM))


ADA_LEFT = ("x.txt", "Ada left\n")
ABOUT = ("d1.txt", "Ada about 12 km later.")
QUOTED = "QUOTE\tQ1\t0\t0\t0\t{}\t{}\n"


@pytest.mark.parametrize(
    ("codec", "files", "message"),
    [
        (apf, [("d1.apf.xml", "<source_file/>")], "no-text: the story should lie beside as d1.sgm"),
        (measeval, [("x.tsv", "a\tb\n")], "columns: the first line should be docId"),
        (measeval, [("x.tsv", MEASURES)], "no-text: the text of 'd1'"),
        (measeval, [("x.tsv", MEASURES), ("d1.txt", "Eva about 12 km later.")], "x.tsv:3: span-text: T2-1"),
        (measeval, [("x.tsv", MEASURES.replace('"T1-1"}', '"T9"}')), ABOUT], "or names no annotation"),
        (litbank, [("x.ann", QUOTED.format(1, "Ada left"))], "no-text: the tokens should lie beside"),
        (litbank, [("x.ann", QUOTED.format(1, "Eva left")), ADA_LEFT], "span-text: 0.0–0.1"),
        (litbank, [("x.ann", QUOTED.format(9, "Ada")), ADA_LEFT], "there is no token"),
        (litbank, [("x.ann", "ATTRIB\tQ1\tAda-1\n"), ADA_LEFT], "ATTRIB names Q1, which is not there"),
        (litbank, [("x.ann", "WHAT\tQ1\n"), ADA_LEFT], "x.ann:1: line: should be one of"),
        (litbank, [("x.tsv", "Ada\tI-PER\n")], "x.tsv:1: label-sequence: PER begins with I, not B"),
        (guardian, [[{"paragraphs": ["Ada"], "entities": [{"span_text": "Ada"}]}]], "missing required field"),
    ],
)
def test_wrong_files_are_refused(codec: Any, files: list[Any], message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        decode(codec, *files)


def test_texts_may_lie_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "d1.txt").write_text("Ada about 12 km later.", "utf-8")
    (document,) = decode(measeval, ("x.tsv", MEASURES), texts=str(tmp_path))
    assert document.meta.doc_id == "d1"
