"""``goldwire new``: texts cut into articles and segments, and the time at which they were written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from goldwire.annotate import files, intake
from goldwire.annotate.dateline import document_time
from goldwire.annotate.ontology import Ontology
from goldwire.annotate.problems import ProblemError
from goldwire.annotate.segment import lines
from goldwire.annotate.sentences import sentences

SEED = Path(__file__).parents[1] / "seeds" / "000_763dbe8512304329.txt"

# Written by hand: sentences of a paragraph are parted by "|".
HARD = [
    "Mr. Smith met Dr. Lee at 5 p.m. in Washington, D.C. on Monday. | They spoke.",
    "Gen. A. B. Carter told the U.S. Senate on Jan. 5 that 3.5 million fled. | “We are done.” | He left.",
    "“Is it over?” she asked. | “No!” he said. | “It is 5 p.m. now.” | He added nothing.",
    "The firm, Acme Inc. said so. | Profits rose 2.4 percent to $1.2bn. | No. 10 declined to comment.",
    "He arrived in the U.S. | He left the U.K. in 2010. | The U.N. Security Council met.",
    "“We will not stop. We will fight,” he said. | Others agreed.",
    "The report, e.g. page 5, i.e. the annex. | St. Petersburg was quiet. | Lt. Col. Brown agreed.",
    "He notes that «the wording on Tuesday implies that he is still alive.» | It said no more.",
    "The group said: “They came at dawn. They left at noon.” | Nobody was hurt.",
    "Visit example.com. | The site is up.",
    "He works at Yahoo! Inc. in Calif. | The company declined.",
    "Ask J. K. Rowling. | Mr. and Mrs. X vs. Y Co. Ltd. won. | iPhone sales rose. | eBay fell.",
    "Смерч прошёл. | Никто не пострадал 👩‍🚒. | Cafe\u0301 closed.",
]


@pytest.mark.parametrize("marked", HARD)
def test_sentences(marked):
    text = marked.replace(" | ", " ")
    assert [text[a:b] for a, b in sentences(text)] == marked.split(" | ")


def test_sentences_have_no_space_at_their_edges():
    assert sentences("  It rained.   It blew. ") == [(2, 12), (15, 23)]
    assert sentences("   ") == []


def seed():
    known = intake.notes(files.read_bytes(SEED.with_name("metadata.toml")), where="metadata.toml")
    return list(
        intake.from_text(files.read_bytes(SEED), name=SEED.name, where="seed", known=known[SEED.name])
    )


def test_the_seed_is_three_articles():
    a, b, c = seed()
    whole = files.read_bytes(SEED).decode()
    assert [d.meta.doc_id for d in (a, b, c)] == ["A", "B", "C"]
    assert (a.text, b.text, c.text) == (whole[:2021], whole[2022:2757], whole[2758:])
    assert "lines 11-16" in b.meta.origin


def test_the_headings_of_the_seed():
    a, b, c = seed()
    kinds = [[(s.paragraph, s.kind) for s in d.segments if s.kind != "sentence"] for d in (a, b, c)]
    assert kinds == [[], [(1, "headline")], [(1, "headline"), (4, "subhead")]]
    assert c.text[c.segments[8].start : c.segments[8].end] == "Jordan is in contact with Moscow and Damascus"


def test_the_sentences_of_the_seed():
    # Counted by hand: sentences in each line, headings left out.
    expected = {"A": [1, 1, 2, 1, 1, 1, 2, 1, 1, 1], "B": [1, 1, 2, 1, 1], "C": [5, 2, 2, 3]}
    for d in seed():
        prose = [s.paragraph for s in d.segments if s.kind == "sentence"]
        assert [prose.count(p) for p in sorted(set(prose))] == expected[d.meta.doc_id]


def test_the_gold_has_the_segments_that_the_rules_find():
    gold = {d.meta.doc_id: d for d in files.gold()}
    for d in seed():
        assert gold[d.meta.doc_id].text == d.text
        assert gold[d.meta.doc_id].segments == d.segments


def test_segments_cover_everything_but_the_space_between_them():
    for d in seed():
        covered = "".join(d.text[s.start : s.end] for s in d.segments)
        assert covered.split() != []
        assert sorted("".join(d.text.split())) == sorted("".join(covered.split()))


def test_the_times_of_the_seed_have_no_year():
    a, b, c = seed()
    assert [(d.meta.dct, d.meta.dct_basis) for d in (a, b, c)] == [
        ("XXXX-07-05", "text"), ("", "none"), ("XXXX-07-02", "text"),
    ]  # fmt: skip
    assert [d.meta.dct_evidence for d in (a, b, c)] == ["on July 5", "", "on Monday, July 2"]
    assert not any("2018" in str(d) for d in (a, b, c))


def test_every_decision_says_what_it_rests_on():
    _, b, c = seed()
    assert [(p.on, p.rule) for p in b.provenance[1:]] == [("g1", "shared-words")]
    assert c.provenance[2].note.startswith(
        "line 20: no final punctuation; what follows shares 22 of 52 words"
    )


def kinds(text, **options):
    return [(line.number, line.kind) for line in lines(text, **{"cut": False, **options})]


STORM = "Storm batters northern harbours\nGusts tore roofs from warehouses. Harbours closed."
TRIAL = "Court frees banker\nJudges acquitted the banker of bribery charges."


def test_headings():
    assert kinds("Storm hits\nBy a reporter\nIt rained.") == [(1, "headline"), (2, "subhead"), (3, "prose")]
    assert kinds("It rained.\nA word of thanks") == [(1, "prose"), (2, "prose")]
    assert kinds("“A quote.”\nIt rained.") == [(1, "prose"), (2, "prose")]
    assert kinds("“A storm”\nIt rained.") == [(1, "headline"), (2, "prose")]
    assert kinds("eggs\nmilk\nflour\nThat was all.") == [(n, "prose") for n in (1, 2, 3, 4)]
    assert kinds("x" * 201 + "\nIt rained.") == [(1, "prose"), (2, "prose")]
    assert kinds("x" * 200 + "\nIt rained.") == [(1, "headline"), (2, "prose")]


def test_an_article_ends_where_the_words_change():
    text = f"{STORM}\n{TRIAL}"
    assert kinds(text, cut=True)[2] == (3, "headline")
    assert kinds(text, cut=False)[2] == (3, "subhead")
    again = f"{STORM}\nMore gusts expected\nHarbours and warehouses await northern gusts."
    assert kinds(again, cut=True)[2] == (3, "subhead")


def test_decisions_of_people_go_first():
    assert kinds(f"{STORM}\n{TRIAL}", cut=True, decided={3: "prose"})[2] == (3, "prose")
    assert kinds("It rained.\nIt blew.", cut=True, decided={2: "headline"}) == [(1, "prose"), (2, "headline")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("It fell on July 4-5, and on July 5.", "XXXX-07-05"),
        ("On 3 March 2020 it rained, on 2021-01-02 it snowed.", "2021-01-02"),
        ("It rained on May 3. They will meet on May 9.", "XXXX-05-03"),
        ("Captured by rebels on May 9.", "XXXX-05-09"),
        ("On Sept. 11 it rained.", "XXXX-09-11"),
        ("It was published in September. On Tuesday it rained.", ""),
        ("It rose by 5 in May 30.5 percent.", ""),
        ("From December 30 to January 2 it rained.", ""),
        ("On May 3, 2019 and on June 1 it rained.", ""),
        ("The 45 May not count.", ""),
    ],
)
def test_document_time(text, value):
    assert document_time(text, sentences(text))[0] == value


def documents(name, data, **notes):
    return list(intake.documents(data, name=name, where=name, known=intake.Notes(**notes)))


def test_rows_of_csv_and_jsonl():
    csv = b'id;headline;text;date\nx1;Hi;"It rained; it\nblew. It ended.";2020-05-01\n;;Sun.;\n'
    first, second = documents("rows.csv", csv)
    assert (first.meta.doc_id, first.meta.title, first.meta.dct) == ("x1", "Hi", "2020-05-01")
    assert (first.meta.dct_basis, first.text) == ("metadata", "It rained; it\nblew. It ended.")
    assert (second.meta.doc_id, second.meta.dct_basis) == ("rows-2", "none")
    (third,) = documents("r.jsonl", b'\n{"body": "On July 4 it rained.", "n": 3}\n')
    assert (third.meta.doc_id, third.meta.dct) == ("r-1", "XXXX-07-04")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.txt", b"caf\xe9", "a.txt:1: encoding: byte 0xe9 is not UTF-8"),
        ("a.txt", b" \n", "a.txt: empty-text: "),
        (
            "a.jsonl",
            b'{"text": "x"}\n{"txt": "y"}\n',
            "a.jsonl:2: empty-text: no text under any of text, body",
        ),
        ("a.jsonl", b"[1]\n", "a.jsonl:1: not-json: "),
        ("a.csv", b'text\n"x" y\n', "a.csv:2: not-csv: "),
    ],
)
def test_what_cannot_be_used_is_said(name, data, said):
    with pytest.raises(ProblemError) as error:
        documents(name, data)
    assert str(error.value).startswith(said)


def test_notes_are_checked():
    with pytest.raises(ProblemError, match="the notes were made for sha256 00, the file has"):
        documents("a.txt", b"It rained.", sha256="00")
    with pytest.raises(ProblemError, match="the notes name 2 articles, the rules find 1"):
        documents("a.txt", b"It rained.", cut=True, ids=("A", "B"))
    with pytest.raises(ProblemError, match='lines: 3 = "title" should be a number and one of headline'):
        intake.notes(b'[x]\nlines = { 3 = "title" }', where="m.toml")
    with pytest.raises(ProblemError, match="unknown field `sha`"):
        intake.notes(b'[x]\nsha = "1"', where="m.toml")


def test_ids_and_kinds_are_checked():
    made = [("a", d) for d in documents("t.txt", b"Storm\nIt rained.")] * 2
    narrow = Ontology(name="mine", version="1", closed={"segments.kind": {"sentence": ""}})
    said = [p.message for p in intake.collisions(made, narrow)]
    assert said[0] == "t: the ontology mine has no kind of segment headline"
    assert "the id 't' is also that of a document of a" in said


def command(*arguments, cwd):
    path = os.pathsep.join(str(Path(p).resolve()) for p in sys.path if p)
    return subprocess.run(
        [sys.executable, "-m", "goldwire", "new", *arguments], capture_output=True, cwd=cwd, check=False,
        text=True, encoding="utf-8", env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1"},
    )  # fmt: skip


def test_the_command(tmp_path):
    (tmp_path / "storm.txt").write_text("Storm\nIt rained on July 4.", encoding="utf-8")
    (tmp_path / "own.toml").write_text('name = "mine"\nversion = "7"\n', encoding="utf-8")
    result = command("storm.txt", "--ontology", "own.toml", cwd=tmp_path)
    assert result.returncode == 0
    first = result.stdout.splitlines()[0]
    assert '"doc": "storm"' in first
    assert '"ontology": "mine 7"' in first
    assert "document time XXXX-07-04 (text): on July 4\n" in result.stderr
    assert command(str(SEED), cwd=tmp_path).returncode == 2
    assert command(str(SEED), "-o", "out", cwd=tmp_path).returncode == 0
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["A.jsonl", "B.jsonl", "C.jsonl"]
    again = command(str(SEED), "-o", "out", cwd=tmp_path)
    assert again.returncode == 1
    assert "A.jsonl: file: exists, and is not written over" in again.stderr
    assert all(d.segments for p in sorted((tmp_path / "out").iterdir()) for d in files.read(p))
