"""What the consistency queries find in the gold is explained in the case log, and they find something."""

from pathlib import Path

from goldwire.annotate import files
from goldwire.annotate.consistency import query
from goldwire.annotate.document import Actor, Argument, Document, Event, Mention, Meta, Number, Quotation

LOG = Path(__file__).parents[1] / "corpus" / "decisions.md"


def test_every_hit_in_the_gold_is_explained_in_the_case_log() -> None:
    log = LOG.read_text(encoding="utf-8")
    assert [str(hit) for hit in query(files.gold(), files.ontology()) if f"`{hit.key}`" not in log] == []


def test_each_query_finds_what_it_looks_for() -> None:
    text = "Rebels raided Velm. The raid on Tarn was reported, said two men; reports of Velm."
    document = Document(
        text,
        Meta("x"),
        actors=(
            Actor("a1", "STATE", mentions=(Mention("Velm", 14, form="name"),)),
            Actor("a2", "GOV", mentions=(Mention("Velm", 76, form="name"),)),
        ),
        events=(Event("e1", Mention("raided", 7), "STRIKE", args=(Argument("victim", "a1"),)),),
        numbers=(Number("n1", Mention("two", 56), "COUNT", "2"),),
        quotations=(Quotation("q1", cue=(Mention("said", 51),), content=(Mention("Tarn", 32),)),),
    )
    assert [hit.key for hit in query([document], files.ontology())] == [
        "lemma x 24",
        "number-counts-nothing x n1",
        "quotation-without-speaker x q1",
        "reporting-word x 41",
        "reporting-word x 65",
        "filler x e1",
        "name * Velm",
    ]
