"""DocBin and Doc.to_json: what spaCy wrote goes back as it came, and what we write spaCy reads."""

from __future__ import annotations

import io
import json
import zlib
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings

from goldwire.annotate.document import Actor, Argument, Document, Event, Mention, Span
from goldwire.annotate.formats import recognise
from goldwire.annotate.problems import ProblemError

from . import samples
from .strategies import documents

pytest.importorskip("spacy", reason="the extra spacy is not installed")

from goldwire.annotate.formats import spacy as docbin
from goldwire.annotate.formats import spacyjson


def decode(codec: Any, data: bytes, name: str = "doc.spacy") -> list[Document]:
    return list(codec.decode({name: io.BytesIO(data)}))


def encode(codec: Any, *documents: Document) -> tuple[bytes, Counter[str]]:
    lost: Counter[str] = Counter()
    return b"".join(b for _, b in codec.encode(documents, lost=lost)), lost


def docs(data: bytes) -> list[Any]:
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    return list(DocBin().from_bytes(data).get_docs(Vocab()))


@given(documents())
@settings(max_examples=25, deadline=None)
def test_every_document_comes_back(document: Document) -> None:
    assert decode(docbin, encode(docbin, document)[0]) == [document]
    assert decode(spacyjson, encode(spacyjson, document)[0]) == [document]
    (doc,) = docs(encode(docbin, document)[0])
    assert doc.text == document.text


def shown(doc: Any) -> Any:
    """All that a Doc says, by spaCy's own words."""
    spans = {
        key: ([(s.start_char, s.end_char, s.label_, s.kb_id_, s.id_) for s in group], group.attrs)
        for key, group in doc.spans.items()
    }
    return doc.to_json(), spans, doc.user_data, [t.whitespace_ for t in doc]


@samples.needed
@pytest.mark.parametrize("name", ["spacy-docbin/demo.spacy", "tool-written/a.spacy"])
def test_what_spacy_wrote_goes_back_as_it_came(name: str) -> None:
    data = (samples.FOLDER / name).read_bytes()
    found = decode(docbin, data)
    again, lost = encode(docbin, *found)
    assert lost == {}
    assert [shown(d) for d in docs(again)] == [shown(d) for d in docs(data)]


@samples.needed
def test_the_truth_of_the_samples() -> None:
    expected = json.loads((samples.FOLDER / "tool-written/a.expected.json").read_text())
    truth = [(s["start"], s["end"], s["label"], s["text"]) for s in expected["spans"]]
    for codec, name in ((docbin, "a.spacy"), (spacyjson, "a.spacy-doc.json")):
        data = (samples.FOLDER / "tool-written" / name).read_bytes()
        (document,) = decode(codec, data)
        assert [(s.mention.start, s.mention.end, s.label, s.mention.text) for s in document.spans] == truth
        assert document.text == expected["text"]
        if codec is spacyjson:
            assert json.loads(encode(codec, document)[0]) == json.loads(data)
    (demo,) = decode(docbin, (samples.FOLDER / "spacy-docbin/demo.spacy").read_bytes())
    assert [(s.mention.text, s.label) for s in demo.spans] == [("Ed Sheeran", "PERSON")]


def a_doc() -> Any:
    from spacy.tokens import Doc, Span, SpanGroup
    from spacy.vocab import Vocab

    doc = Doc(
        Vocab(),
        words=["Ada", "left", "\n", "Rome", "."],
        spaces=[True, False, False, False, False],
        tags=["NNP", "VBD", "_SP", "NNP", "."],
        lemmas=["Ada", "leave", "\n", "Rome", "."],
        heads=[1, 1, 1, 1, 1],
        deps=["nsubj", "ROOT", "dep", "obj", "punct"],
    )
    doc.set_ents([Span(doc, 0, 1, "PER", kb_id="Q1")])
    group = SpanGroup(doc, name="sc", spans=[Span(doc, 0, 2, "X", span_id="x1"), Span(doc, 0, 4, "Y")])
    group.attrs["score"] = [0.5, 0.25]
    doc.spans["sc"] = group
    doc.spans["empty"] = []
    doc.cats = {"NEWS": 0.5}
    doc.user_data["own"] = {"a": [1, 2]}
    return doc


def test_all_that_a_docbin_holds_is_kept() -> None:
    from spacy.tokens import DocBin

    data = DocBin(docs=[a_doc(), a_doc()], store_user_data=True).to_bytes()
    first, second = decode(docbin, data, "x.spacy")
    assert (first.meta.doc_id, second.meta.doc_id) == ("x", "x#2")
    assert [(s.id, s.mention.text, s.label) for s in first.spans] == [
        ("s1", "Ada", "PER"),
        ("x1", "Ada left", "X"),
        ("s3", "Ada left\nRome", "Y"),
    ]
    assert [(g.start, g.end) for g in first.segments] == [(0, 14)]
    again, lost = encode(docbin, first, second)
    assert lost == {}
    assert [shown(d) for d in docs(again)] == [shown(d) for d in docs(data)]


LEFT = Argument("agent", "a1", Mention("Ada Lovelace", 0))
ADA = Document(
    "Ada Lovelace left Rome.",
    actors=(Actor("a1", "PER", wikidata="Q7259", mentions=(Mention("Ada Lovelace", 0, "Lovelace", 4),)),),
    events=(
        Event("e1", Mention("left", 13), "MOVE", args=(Argument("agent", "a1", Mention("Ada Lovelace", 0)),)),
    ),
    spans=(Span("s1", Mention("da", 1), "CUT"),),
)


def test_spacy_sees_our_objects_in_groups() -> None:
    data, lost = encode(docbin, ADA)
    (doc,) = docs(data)
    assert {k: [(s.text, s.label_, s.kb_id_, s.id_) for s in g] for k, g in doc.spans.items()} == {
        "actors": [("Ada Lovelace", "PER", "Q7259", "actor/a1")],
        "events": [("left", "MOVE", "", "event/e1")],
    }
    assert lost == {"span that cuts a token (spaCy does not see it)": 1}


def test_what_a_pipeline_adds_and_moves_is_read() -> None:
    from spacy.tokens import DocBin
    from spacy.tokens import Span as SpacySpan

    (doc,) = docs(encode(docbin, ADA)[0])
    doc.spans["actors"] = [SpacySpan(doc, 1, 2, "PER", span_id="actor/a1")]
    doc.set_ents([SpacySpan(doc, 3, 4, "GPE")])
    (read,) = decode(docbin, DocBin(docs=[doc], store_user_data=True).to_bytes())
    assert read.actors[0].mentions[0].text == "Lovelace"
    assert read.events[0].args[0].ref == "a1"
    assert [(s.label, s.mention.text) for s in read.spans] == [("CUT", "da"), ("GPE", "Rome")]


def test_json_is_what_spacy_reads() -> None:
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

    raw = json.loads(encode(spacyjson, ADA)[0])
    custom = raw.pop("_")
    doc = Doc(Vocab()).from_json(raw, validate=True)
    assert doc.text == ADA.text
    assert [s.text for s in doc.spans["actors"]] == ["Ada Lovelace"]
    assert list(custom) == ["goldwire"]


BOMB = zlib.compress(b"\0" * (1 << 20))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"not a DocBin", "doc.spacy: docbin: is not compressed"),
        (zlib.compress(b"\x93\x01\x02"), "doc.spacy: docbin: document 1 cannot be read"),
        (b"", "doc.spacy: docbin: document 1 cannot be read|is not compressed"),
    ],
)
def test_wrong_docbins_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        decode(docbin, data)


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("goldwire.annotate.formats.source.LIMIT", 1 << 16)
    with pytest.raises(ProblemError, match="size: unpacks to more than"):
        decode(docbin, BOMB)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"text": 3}, r"Expected `str`, got `int` - at `\$.text`"),
        ({"text": "a", "tokens": [{"start": 0, "end": 9}]}, "token 0 0–9 lies outside the text"),
        ({"text": "a", "spans": {"x": [{"start": "0", "end": 1}]}}, "span 0 should have whole numbers"),
        ({"text": "a", "_": {"goldwire": "{"}}, "not-json"),
        (
            {"text": "a", "_": {"goldwire": '{"nodes": {"span/s1": {"pieces": [[5, 9]], "label": ""}}}'}},
            "span-range",
        ),
    ],
)
def test_wrong_json_is_refused(raw: Any, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        decode(spacyjson, json.dumps(raw).encode(), "doc.json")


def test_a_doc_without_tokens_and_tokens_that_nobody_annotated_go_back() -> None:
    import spacy
    from spacy.tokens import Doc, DocBin, Span

    vocab = spacy.blank("en").vocab
    doc = Doc(vocab, words=["Ada", "left", "Rome", "."])
    doc.set_ents([Span(doc, 0, 1, "PER")], blocked=[doc[1:2]], missing=[doc[2:4]])
    data = DocBin(docs=[Doc(vocab, words=[]), doc]).to_bytes()
    documents = decode(docbin, data)
    ((_, written),) = docbin.encode(documents, lost=Counter())
    empty, again = DocBin().from_bytes(written).get_docs(vocab)
    assert (len(empty), [t.ent_iob for t in again]) == (0, [t.ent_iob for t in doc])


@pytest.mark.parametrize("wrap", [lambda b: b, lambda b: b"\xc6" + len(b).to_bytes(4, "big") + b])
def test_a_docbin_of_empty_lists_is_refused_before_it_is_unpacked(
    wrap: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docbin, "MOST", 1000)
    many = 2000
    bomb = b"\x81\xa4cats" + wrap(b"\xdd" + many.to_bytes(4, "big") + b"\x90" * many)
    with pytest.raises(ProblemError, match="size: holds more than 1,000 strings, numbers and lists"):
        decode(docbin, zlib.compress(bomb))


def test_pairs_of_text_and_annotations_as_spacy_2_was_trained_on() -> None:
    data = b'[["Ada left.", {"entities": [[0, 3, "PER"]], "cats": {"x": 1}}], ["", {"spans": {"sc": []}}]]'
    assert recognise("train.json", data).name == "spacy-json"
    first, second = decode(spacyjson, data, "train.json")
    assert [(s.mention.text, s.label) for s in first.spans] == [("Ada", "PER")]
    assert (first.meta.doc_id, second.text) == ("train", "")
    raw = json.loads(b"".join(b for _, b in spacyjson.encode([first], lost=Counter())))
    assert (raw["ents"], raw["cats"]) == ([{"start": 0, "end": 3, "label": "PER"}], {"x": 1})
    with pytest.raises(ProblemError, match="span 0 3–99 lies outside the text"):
        decode(spacyjson, b'[["Ada", {"entities": [[3, 99, "PER"]]}]]')
