"""spaCy's ``DocBin``: many Docs in one compressed file. What stands in a Doc is said in ``spacyjson.py``.

The one door to spaCy's own serialisation. A DocBin is read and written whole; what it
unpacks to is bounded before it is unpacked.
"""

from __future__ import annotations

import base64
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from goldwire.annotate.document import Document
from goldwire.annotate.formats import msgpack, source
from goldwire.annotate.formats.spacyjson import OURS, Raw, document, known_custom, raw_of
from goldwire.annotate.problems import Problem, ProblemError, missing

ATTRIBUTES = {
    "tag": "tags",
    "pos": "pos",
    "morph": "morphs",
    "lemma": "lemmas",
    "dep": "deps",
    "head": "heads",
}
MOST = 5_000_000  # values besides the table of tokens; each takes some fifty bytes
# What tokens may be besides in and outside of entities -> spaCy's number for it. A model learns from it.
_STATES = {"missing": 0, "blocked": 3}


def decode(
    files: Mapping[str, BinaryIO], *, ontology: Any = None, notes: list[Problem] | None = None
) -> Iterator[Document]:
    """A document from each Doc of each file; raises ProblemError."""
    _library()
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    for name, file in files.items():
        data = source.whole(file, name)
        try:
            unpacked = zlib.decompressobj().decompress(data, source.LIMIT + 1)
        except zlib.error:
            source.refuse(name, 0, "docbin", "is not compressed as a DocBin is")
        if len(unpacked) > source.LIMIT:
            source.refuse(name, 0, "size", f"unpacks to more than {source.LIMIT >> 20} MB")
        if msgpack.values(unpacked, MOST, (b"tokens", b"spaces", b"lengths")) > MOST:
            source.refuse(name, 0, "size", f"holds more than {MOST:,} strings, numbers and lists")
        del unpacked
        number = 0
        try:
            for number, doc in enumerate(DocBin().from_bytes(data).get_docs(Vocab()), start=1):
                raw = json_of(doc)
                own = source.stem(name) + (f"#{number}" if number > 1 else "")
                yield document(raw, own, where=name, line=0)
        except ProblemError:
            raise
        except GeneratorExit:
            raise
        except Exception as error:
            # A file that was tampered with fails anywhere in spaCy, numpy or msgpack.
            said = f"{type(error).__name__}: {error}".replace("\n", " ")[:200]
            source.refuse(name, 0, "docbin", f"document {number + 1} cannot be read: {said}")


def encode(documents: Iterable[Document], *, lost: Counter[str]) -> Iterator[tuple[str, bytes]]:
    """One DocBin with all documents."""
    _library()
    import spacy
    from spacy.tokens import DocBin

    vocab = spacy.blank("en").vocab
    docs = DocBin(store_user_data=True)
    for item in documents:
        docs.add(doc_of(raw_of(item, lost), vocab))
    yield "", docs.to_bytes()


def json_of(doc: Any) -> Raw:
    """``Doc.to_json`` and what it leaves out: ids of spans, attributes of groups, user data."""
    raw: Raw = doc.to_json()
    if "ents" in raw:
        raw["ents"] = [_span(s) for s in doc.ents]
        states = {name: _runs(doc, code) for name, code in _STATES.items()}
        if any(states.values()):
            raw["ents_more"] = {name: runs for name, runs in states.items() if runs}
    if doc.spans:
        raw["spans"] = {key: [_span(s) for s in group] for key, group in doc.spans.items()}
        raw["group_attrs"] = {key: dict(group.attrs) for key, group in doc.spans.items() if group.attrs}
        if not raw["group_attrs"]:
            del raw["group_attrs"]
    data = dict(doc.user_data)
    ours = data.pop(OURS, None)
    if isinstance(ours, str):
        raw["_"] = {OURS: ours}
    if data:
        import srsly  # type: ignore[import-untyped]

        raw["user_data"] = base64.b64encode(srsly.msgpack_dumps(data)).decode()
    return raw


def _runs(doc: Any, code: int) -> list[list[int]]:
    """The stretches of tokens, first and last + 1, about which nobody said, or may say, that they are one."""
    found: list[list[int]] = []
    for n, token in enumerate(doc):
        if token.ent_iob == code and not token.ent_type:
            if found and found[-1][1] == n:
                found[-1][1] = n + 1
            else:
                found.append([n, n + 1])
    return found


def _span(span: Any) -> Raw:
    row = {"start": span.start_char, "end": span.end_char, "label": span.label_}
    more = {"kb_id": span.kb_id_, "id": span.id_}
    return row | {key: value for key, value in more.items() if value}


def doc_of(raw: Raw, vocab: Any) -> Any:
    """The Doc of ``raw_of``: built from its tokens, so that its text is the text."""
    from spacy.tokens import Doc, Span, SpanGroup

    text, rows = raw["text"], raw["tokens"]
    words = [text[t["start"] : t["end"]] for t in rows]
    starts = [*(t["start"] for t in rows[1:]), len(text)] if rows else []
    spaces = [end < start for end, start in zip((t["end"] for t in rows), starts, strict=True)]
    given = {ours: [t.get(theirs, "") for t in rows] for theirs, ours in ATTRIBUTES.items()}
    found: dict[str, Any] = {k: v for k, v in given.items() if any(x != "" for x in v)}
    sents = {s["start"] for s in raw.get("sents", ())}
    if sents and "heads" not in found:
        found["sent_starts"] = [t["start"] in sents for t in rows]
    doc = Doc(vocab, words=words, spaces=spaces, **found)
    first = {t["start"]: n for n, t in enumerate(rows)}
    last = {t["end"]: n + 1 for n, t in enumerate(rows)}

    def span(x: Raw) -> Any:
        start, end = first[x["start"]], last[x["end"]]
        return Span(doc, start, end, x["label"], kb_id=x.get("kb_id", ""), span_id=x.get("id", ""))

    doc.cats = raw.get("cats", {})
    if "ents" in raw:
        states: Any = {
            name: [doc[a:b] for a, b in raw.get("ents_more", {}).get(name, ())] for name in _STATES
        }
        doc.set_ents([span(x) for x in raw["ents"]], **states)
    attrs = raw.get("group_attrs", {})
    for key, each in raw.get("spans", {}).items():
        doc.spans[key] = SpanGroup(doc, name=key, spans=[span(x) for x in each], attrs=attrs.get(key, {}))
    if "user_data" in raw:
        import srsly

        doc.user_data = srsly.msgpack_loads(base64.b64decode(raw["user_data"]), use_list=False)
    if ours := known_custom(raw):
        doc.user_data[OURS] = ours
    return doc


def _library() -> None:
    try:
        import spacy  # noqa: F401
    except ImportError as error:
        raise missing("spacy", "spacy") from error
