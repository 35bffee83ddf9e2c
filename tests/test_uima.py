"""UIMA: what goldwire reads is what dkpro-cassis reads, what it writes cassis reads the same."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from goldwire.annotate.document import Actor, Argument, Document, Event, Mention, Meta, Span
from goldwire.annotate.formats import inception, uima, uimajson, webanno
from goldwire.annotate.problems import Problem, ProblemError

from . import samples
from .strategies import documents

cassis = pytest.importorskip("cassis")
pytestmark = pytest.mark.filterwarnings("ignore")  # cassis warns of its own deprecations

TYPES = {
    "small_cas.xmi": "small_typesystem.xml",
    "cas_with_references.xmi": "webanno_types.xml",
    "cas_with_inheritance.xmi": "typesystem_with_inheritance.xml",
}
XMI = [
    *(
        (samples.FOLDER / "uima-xmi" / n, samples.FOLDER / "uima-xmi/typesystems" / t)
        for n, t in TYPES.items()
    ),
    (samples.FOLDER / "tool-written/a.xmi", samples.FOLDER / "tool-written/a.typesystem.xml"),
    *((p, p.with_name("debug-typesystem.xml")) for p in samples.found("uima-jsoncas/*[tC]*/debug.xmi")),
]
JSON = [*samples.found("uima-jsoncas/*/*.json"), *samples.found("tool-written/a.cas.json")]
SUITE = samples.found("webanno-tsv/inception-suite/*/reference.xmi")
# The XMI has what TSV cannot hold (places between tokens), or a subtype that TSV writes as its parent.
CUT = {"testAnnotationWithLeadingWhitespace", "testAnnotationWithTrailingWhitespace", "testElevatedType"}


def read(*paths: Path) -> Document:
    (document,) = uima.decode({str(p): io.BytesIO(p.read_bytes()) for p in paths})
    return document


def as_text(cas: Any) -> str:
    return str(cassis.cas_to_comparable_text(cas))


def reread(encoded: dict[str, bytes]) -> Any:
    types = cassis.load_typesystem(io.BytesIO(encoded["*.typesystem.xml"]))
    return cassis.load_cas_from_xmi(io.BytesIO(encoded[""]), typesystem=types)


@samples.needed
@pytest.mark.parametrize(("path", "types"), XMI, ids=lambda p: f"{p.parent.name}-{p.name}")
def test_xmi_goes_back_as_cassis_reads_it(path: Path, types: Path) -> None:
    if "casWithTextAndAnnotations" in str(path):
        with pytest.raises(ProblemError, match="no-text: the CAS has no text"):
            read(path, types)
        return
    document = read(path, types)
    with path.open("rb") as file, types.open("rb") as described:
        original = cassis.load_cas_from_xmi(file, typesystem=cassis.load_typesystem(described))
    assert as_text(reread(dict(uima.encode([document], lost=Counter())))) == as_text(original)
    shown = {(fs.begin, fs.end) for fs in original.select_all_annotations()}
    assert {(s.mention.start, s.mention.end) for s in document.spans} <= shown


@samples.needed
@pytest.mark.parametrize("path", JSON, ids=lambda p: f"{p.parent.name}-{p.name}")
def test_cas_json_goes_back_as_cassis_reads_it(path: Path) -> None:
    (document,) = uimajson.decode({str(path): io.BytesIO(path.read_bytes())})
    (encoded,) = uimajson.encode([document], lost=Counter())
    with path.open("rb") as file:
        original = cassis.load_cas_from_json(file)
    assert as_text(cassis.load_cas_from_json(io.BytesIO(encoded[1]))) == as_text(original)


@samples.needed
def test_offsets_beyond_an_emoji_are_code_points() -> None:
    truth = json.loads((samples.FOLDER / "tool-written/a.expected.json").read_text("utf-8"))
    listed = truth["spans"] if isinstance(truth, dict) else truth
    document = read(*XMI[3])
    said = {(s.mention.start, s.mention.end, s.label) for s in document.spans}
    assert said == {(x["start"], x["end"], x["label"]) for x in listed}


@samples.needed
def test_a_type_that_the_type_system_lacks_is_named() -> None:
    path = samples.FOLDER / "uima-xmi/lenient_cas.xmi"
    with pytest.raises(ProblemError, match=r"Type with name \[cassis.NotInTypesystem\] not found"):
        read(path, samples.FOLDER / "uima-xmi/typesystems/small_typesystem.xml")


def content(document: Document) -> tuple[Any, Any]:
    """Spans and relations by what they say; the suite's XMI names one layer and one feature otherwise."""

    def plain(values: dict[str, Any]) -> tuple[tuple[str, str], ...]:
        return tuple(sorted((k.replace("integerValue", "intValue"), str(v)) for k, v in values.items()))

    def layer(extra: dict[str, Any]) -> str:
        name = str(extra.get("layer", ""))
        return name.replace("de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity", "webanno.custom.Span")

    spans = {
        s.id: (layer(s.extra), s.mention.start, s.mention.end, plain(s.extra.get("values", {})))
        for s in document.spans
    }
    keys = ("chain", "slot", "role")
    relations = Counter(
        (
            r.label,
            spans[r.source],
            spans[r.target],
            layer(r.extra),
            tuple(r.extra.get(k) for k in keys),
            plain(r.extra.get("values", {})),
        )
        for r in document.relations
    )
    return Counter(spans.values()), relations


@samples.needed
@pytest.mark.parametrize("path", SUITE, ids=lambda p: p.parent.name)
def test_the_pairs_of_inception_say_the_same_in_both_formats(path: Path) -> None:
    tsv = path.with_suffix(".tsv")
    (table,) = webanno.decode({str(tsv): io.BytesIO(tsv.read_bytes())})
    whole = read(path)
    assert whole.text.rstrip() == table.text.rstrip()
    if path.parent.name in CUT or "ZeroWidth" in path.parent.name:
        assert len(whole.spans) == len(table.spans)
        return
    assert content(whole) == content(table)
    there = dict(uima.encode([table], lost=Counter()))
    (back,) = uima.decode({"a.xmi": io.BytesIO(there[""]), "a.xml": io.BytesIO(there["*.typesystem.xml"])})
    assert content(back) == content(table)
    rows = b"".join(data for _, data in webanno.encode([whole], lost=Counter()))
    (again,) = webanno.decode({"a.tsv": io.BytesIO(rows)})
    assert content(again) == content(table)


@pytest.mark.parametrize("codec", [uima, uimajson, inception], ids=lambda m: m.__name__.rpartition(".")[2])
def test_whole_documents_come_back(codec: Any) -> None:
    @given(documents())
    @settings(max_examples=20, deadline=None)
    def proved(document: Document) -> None:
        encoded = dict(codec.encode([document], lost=Counter()))
        suffix = {"inception": ".zip", "uimajson": ".json"}.get(codec.__name__.rpartition(".")[2], ".xmi")
        files = {
            name.replace("*", "doc") or f"doc{suffix}": io.BytesIO(data) for name, data in encoded.items()
        }
        assert list(codec.decode(files)) == [document]

    proved()


def test_inception_shows_our_labels_roles_and_fields() -> None:
    ada = Mention("Ada", 0)
    document = Document(
        "Ada left",
        Meta("d"),
        actors=(Actor("a1", "PER", name="Ada L.", mentions=(ada,)),),
        events=(Event("e1", Mention("left", 4), "LEAVE", tense="past", args=(Argument("who", "a1", ada),)),),
    )
    cas = reread(dict(uima.encode([document], lost=Counter())))
    actor, event = cas.select("webanno.custom.Goldwire")
    assert (actor.label, actor.name, event.label, event.tense) == ("PER", "Ada L.", "LEAVE", "past")
    (link,) = event.args.elements
    assert (link.role, link.target.get_covered_text()) == ("who", "Ada")
    assert [t.get_covered_text() for t in cas.select(uima_token())] == ["Ada", "left"]
    event.label, event.tense = "GO", "future"
    link.role = "agent"
    types = io.BytesIO(cas.typesystem.to_xml().encode())
    (edited,) = uima.decode({"d.xmi": io.BytesIO(cas.to_xmi().encode()), "d.xml": types})
    assert (edited.events[0].type, edited.events[0].tense) == ("GO", "future")
    assert [(a.role, a.ref) for a in edited.events[0].args] == [("agent", "a1")]


def uima_token() -> str:
    from goldwire.annotate.formats.uima_types import TOKEN

    return TOKEN


@samples.needed
def test_edits_reach_the_cas_that_a_document_came_from() -> None:
    document = read(*XMI[3])
    first, second, *others = document.spans
    new = Span("s99", Mention("crews", 20), "NEW")
    moved = Span(first.id, Mention("Rescue", 0), "ORG", extra=first.extra)
    changed = Document(document.text, document.meta, spans=(moved, *others), extra=document.extra)
    cas = reread(dict(uima.encode([changed], lost=Counter())))
    said = [(fs.begin, fs.end, fs.label) for fs in cas.select("goldwire.Span")]
    assert (0, 6, "ORG") in said
    assert (second.mention.start, second.mention.end, second.label) not in said
    assert len(said) == len(document.spans) - 1
    added = Document(document.text, document.meta, spans=(*document.spans, new), extra=document.extra)
    encoded = dict(uima.encode([added], lost=Counter()))
    (back,) = uima.decode(
        {"a.xmi": io.BytesIO(encoded[""]), "a.xml": io.BytesIO(encoded["*.typesystem.xml"])}
    )
    assert [s for s in back.spans if s.label == "NEW"] == [new]


def test_characters_that_xml_forbids_are_counted_and_come_back() -> None:
    lost: Counter[str] = Counter()
    document = Document("a\x00b", Meta("d"), spans=(Span("s1", Mention("b", 2), "X"),))
    encoded = dict(uima.encode([document], lost=lost))
    assert lost == {"character that XML cannot hold": 1}
    (back,) = uima.decode(
        {"d.xmi": io.BytesIO(encoded[""]), "d.xml": io.BytesIO(encoded["*.typesystem.xml"])}
    )
    assert back == document


def archive(**members: bytes) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    buffer.seek(0)
    return buffer


def test_an_archive_is_read_member_by_member_and_unpacked_nowhere(tmp_path: Path) -> None:
    made = [
        Document(t, Meta(n), spans=(Span("s1", Mention("Ada", 0), "X"),))
        for n, t in (("a", "Ada"), ("b", "Ada!"))
    ]
    files = dict(uima.encode(made, lost=Counter()))
    inner = archive(**{"user.xmi": files["a.xmi"], "TypeSystem.xml": files["TypeSystem.xml"]})
    whole = archive(
        **{
            "../../evil.xmi": files["b.xmi"],
            "TypeSystem.xml": files["TypeSystem.xml"],
            "x/u.zip": inner.getvalue(),
        }
    )
    found = list(inception.decode({"p.zip": whole}))
    assert [d.meta.doc_id for d in found] == ["b", "a"]
    assert list(tmp_path.parent.parent.glob("**/evil*")) == []


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (LAUGHS, "d.xmi: xml: declares the entity 'a', which is not allowed"),
        (OUTSIDE, "d.xmi: xml: declares the entity 'a', which is not allowed"),
        (b"<a>" * 10_000, "d.xmi: xml: is nested more than 200 elements deep"),
        (b"<a><b></a>", "d.xmi:1: xml: is not well-formed"),
        (b"\xff\xfe\x00", "d.xmi:1: (xml|encoding)"),
        (b"<a/>", "d.xmi:1: format: the root element is a, not xmi:XMI"),
        (b'<xmi:XMI xmlns:xmi="http://www.omg.org/XMI"/>', "d.xmi: (no-text|cas)"),
    ],
)
def test_hostile_xml_is_refused_in_one_sentence(data: bytes, message: str) -> None:
    with pytest.raises(ProblemError, match=message) as caught:
        list(uima.decode({"d.xmi": io.BytesIO(data)}))
    assert "\n" not in str(caught.value)
    with pytest.raises(ProblemError, match=r"d\.xml|d\.xmi"):
        list(uima.decode({"d.xmi": io.BytesIO(data), "d.xml": io.BytesIO(data)}))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"no zip", "p.zip: archive: is no zip archive"),
        (archive().getvalue(), "p.zip: no-document: the archive holds no .xmi"),
        (archive(**{"a.xmi": b" " * (1 << 27)}).getvalue(), "p.zip/a.xmi: size: is longer than 64 MB"),
        (archive(**{"a.xmi": LAUGHS}).getvalue(), "p.zip/a.xmi: xml: declares the entity"),
        (archive(**{"a.xmi": b"<a/>"}).getvalue().replace(b"<a/>", b"<b/>"), "p.zip/a.xmi"),
    ],
)
def test_hostile_archives_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        list(inception.decode({"p.zip": io.BytesIO(data)}))


def test_json_that_is_no_cas_is_refused() -> None:
    for data in (b"[1]", b'{"%TYPES": 3}', b"{", b"[" * 100_000):
        with pytest.raises(ProblemError, match=r"d.json"):
            list(uimajson.decode({"d.json": io.BytesIO(data)}))


def test_what_was_inferred_is_said() -> None:
    encoded = dict(uima.encode([Document("Ada", Meta("d"))], lost=Counter()))
    notes: list[Problem] = []
    list(uima.decode({"d.xmi": io.BytesIO(encoded[""])}, notes=notes))
    assert [n.rule for n in notes] == ["type-system"]
