"""The trained floor: tags and spans, and that a document never teaches its own prediction."""

import pytest

from goldwire.annotate.document import Document, Mention, Meta, Number
from goldwire.annotate.problems import ProblemError

pytest.importorskip("sklearn")
spacy = pytest.importorskip("spacy")

from goldwire.evaluate.baseline.linear import decoded, encoded, leave_one_out  # noqa: E402


def test_tags_and_back() -> None:
    doc = spacy.blank("en")("Ada Brask left Tarn.")
    spans = [(0, 9, "PER"), (15, 19, "city"), (4, 9, "PER")]
    tags = encoded(doc, spans)
    assert tags == ["B-PER", "I-PER", "O", "B-city", "O"]
    assert decoded(doc, tags) == [(0, 9, "PER"), (15, 19, "city")]
    assert decoded(doc, ["I-PER", "I-PER", "O", "O", "O"]) == [(0, 9, "PER")]
    assert decoded(doc, ["B-PER", "B-PER", "O", "O", "O"]) == [(0, 3, "PER"), (4, 9, "PER")]


def documents() -> list[Document]:
    made = []
    for n, word in enumerate(("men", "monks", "boats", "homes")):
        text = f"Then 40 {word} left, and 90 {word} came."
        at = text.index("90")
        numbers = (
            Number("n1", Mention("40", 5), kind="COUNT"),
            Number("n2", Mention("90", at), kind="COUNT"),
        )
        made.append(Document(text, Meta(f"d{n}"), numbers=numbers))
    return made


def test_what_the_others_show_is_found() -> None:
    found = leave_one_out(documents())
    assert [[m.mention.text for m in d.numbers] for d in found] == [["40", "90"]] * 4
    assert leave_one_out(documents()) == found


def test_a_document_does_not_teach_itself() -> None:
    some = documents()
    odd = Document("Ada left Tarn.", Meta("odd"), numbers=(Number("n1", Mention("Ada", 0), kind="COUNT"),))
    assert leave_one_out([*some, odd])[-1].numbers == ()


def test_one_document_is_too_few() -> None:
    with pytest.raises(ProblemError, match="takes at least two"):
        leave_one_out(documents()[:1])


def test_the_config_trains_on_the_gold_without_the_document_held_out() -> None:
    from spacy.training.initialize import init_nlp
    from spacy.util import load_config

    from goldwire.annotate import files
    from goldwire.evaluate.baseline import reader

    if len(files.gold()) < 3:
        pytest.skip("no gold in this checkout")
    config = load_config(files.packaged("evaluate") / "baseline" / "actors.cfg")
    nlp = init_nlp(config)
    held_out = next(d for d in files.gold() if d.meta.doc_id == config["paths"]["held_out"])
    resolved = config.interpolate()["corpora"]["train"]
    examples = list(reader.actors(resolved["path"], resolved["leave_out"], resolved["only"])(nlp))
    assert held_out.text not in [e.reference.text for e in examples]
    losses = nlp.update(examples)
    assert losses["ner"] > 0
    assert set(nlp.get_pipe("ner").labels) <= set(files.ontology().actors)


def test_the_longest_of_overlapping_actors_is_learnt() -> None:
    from goldwire.annotate.document import Actor
    from goldwire.evaluate.baseline.reader import example

    inner, outer = Actor("a1", "STATE", mentions=(Mention("Keldian", 4),)), Mention("The Keldian army", 0)
    document = Document("The Keldian army left.", actors=(inner, Actor("a2", "MIL", mentions=(outer,))))
    made = example(spacy.blank("en"), document)
    assert [(e.text, e.label_) for e in made.reference.ents] == [("The Keldian army", "MIL")]
    assert not made.predicted.ents
