"""A trained floor: a linear model of token features, one tagger for each layer.

A linear support vector machine over spaCy's token features in a window of two, tags of
the kind B-TYPE, I-TYPE, O, each token by itself. Trained on the other documents and
applied to the one left out, with a fixed seed: the same gold gives the same answer.
Each mention becomes an object of its own: no coreference, no arguments, no values.
The only door to scikit-learn's classifiers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from goldwire.annotate.document import (
    Actor,
    Document,
    Event,
    Mention,
    Meta,
    Number,
    Place,
    Quotation,
    Time,
)
from goldwire.annotate.problems import Problem, ProblemError

Span = tuple[int, int, str]


class Layer(NamedTuple):
    """What a tagger learns: the labelled spans of gold, and the objects made of those it finds."""

    name: str
    spans: Callable[[Document], list[Span]]
    made: Callable[[str, list[Span]], dict[str, tuple[Any, ...]]]


def _mentions(items: Iterable[Any], label: str) -> list[Span]:
    return [(*m.bounds, getattr(item, label)) for item in items for m in item.mentions]


def _actors(text: str, spans: list[Span]) -> dict[str, tuple[Any, ...]]:
    return {
        "actors": tuple(Actor(f"a{n}", t, mentions=(_at(text, s, e),)) for n, (s, e, t) in _numbered(spans))
    }


def _places(text: str, spans: list[Span]) -> dict[str, tuple[Any, ...]]:
    return {
        "places": tuple(Place(f"p{n}", t, mentions=(_at(text, s, e),)) for n, (s, e, t) in _numbered(spans))
    }


def _times(text: str, spans: list[Span]) -> dict[str, tuple[Any, ...]]:
    return {"times": tuple(Time(f"t{n}", _at(text, s, e), kind=t) for n, (s, e, t) in _numbered(spans))}


def _figures(text: str, spans: list[Span]) -> dict[str, tuple[Any, ...]]:
    return {"numbers": tuple(Number(f"n{n}", _at(text, s, e), kind=t) for n, (s, e, t) in _numbered(spans))}


def _events(text: str, spans: list[Span]) -> dict[str, tuple[Any, ...]]:
    return {
        "events": tuple(
            Event(f"e{n}", _at(text, s, e), t, coref=f"e{n}") for n, (s, e, t) in _numbered(spans)
        )
    }


def _quotations(text: str, spans: list[Span]) -> dict[str, tuple[Any, ...]]:
    """Content, each with the nearest cue."""
    cues = [(s, e) for s, e, t in spans if t == "CUE"]
    found = []
    for n, (start, end, _) in _numbered([x for x in spans if x[2] == "QUOTE"]):
        near = min(cues, key=lambda c: min(abs(c[1] - start), abs(c[0] - end)), default=None)
        cue = (_at(text, *near),) if near else ()
        found.append(Quotation(f"q{n}", cue=cue, content=(_at(text, start, end),)))
    return {"quotations": tuple(found)}


def _spoken(document: Document) -> list[Span]:
    quotes = [(*m.bounds, "QUOTE") for q in document.quotations for m in q.content]
    return quotes + [(*m.bounds, "CUE") for q in document.quotations for m in q.cue]


LAYERS = (
    Layer("mentions", lambda d: _mentions(d.actors, "type"), _actors),
    Layer("mentions", lambda d: _mentions(d.places, "kind"), _places),
    Layer("times", lambda d: [(*t.mention.bounds, t.kind) for t in d.times], _times),
    Layer("numbers", lambda d: [(*n.mention.bounds, n.kind) for n in d.numbers], _figures),
    Layer("quotations", _spoken, _quotations),
    Layer("events", lambda d: [(*e.trigger.bounds, e.type) for e in d.events], _events),
)


def leave_one_out(
    documents: Sequence[Document], done: Callable[[int], None] = lambda n: None
) -> list[Document]:
    """For each document the prediction of a model trained on all the others.

    Raises ProblemError for fewer than two documents, or without the libraries.
    """
    if len(documents) < 2:
        raise ProblemError(Problem("gold", 0, "too-few", "leaving one document out takes at least two"))
    nlp = _tokenizer()
    tokens = [nlp(d.text) for d in documents]
    features = [_features(doc) for doc in tokens]
    result = []
    for left in range(len(documents)):
        others = [i for i in range(len(documents)) if i != left]
        found: dict[str, Any] = {}
        for layer in LAYERS:
            tags = [tag for i in others for tag in encoded(tokens[i], layer.spans(documents[i]))]
            rows = [row for i in others for row in features[i]]
            predicted = _predicted(rows, tags, features[left])
            found |= layer.made(documents[left].text, decoded(tokens[left], predicted))
        names = tuple(dict.fromkeys(layer.name for layer in LAYERS))
        meta = Meta(doc_id=documents[left].meta.doc_id, lang="en", layers=names)
        result.append(Document(documents[left].text, meta, **found))
        done(1)
    return result


def _tokenizer() -> Any:
    try:
        import sklearn  # noqa: F401
        import spacy
    except ImportError as error:
        message = f"needs {error.name}: pip install 'goldwire[baselines]'"
        raise ProblemError(Problem("linear", 0, "missing-library", message)) from None
    return spacy.blank("en")


def _features(doc: Any) -> list[dict[str, Any]]:
    """What the model sees of each token and of two on either side."""
    own = [_of_token(t) for t in doc]
    rows = []
    for i in range(len(own)):
        row: dict[str, Any] = {"bias": 1.0}
        for offset in range(-2, 3):
            if 0 <= i + offset < len(own):
                row |= {f"{offset}:{name}": value for name, value in own[i + offset].items()}
        rows.append(row)
    return rows


def _of_token(t: Any) -> dict[str, Any]:
    return {
        "lower": t.lower_,
        "shape": t.shape_,
        "prefix": t.lower_[:3],
        "suffix": t.lower_[-3:],
        "title": t.is_title,
        "number": t.like_num,
        "punctuation": t.is_punct or t.is_quote,
        "stop": t.is_stop,
    }


def encoded(doc: Any, spans: Iterable[Span]) -> list[str]:
    """A tag for each token: of spans that overlap, the longest; those that cut a token cover it."""
    tags = ["O"] * len(doc)
    for start, end, label in sorted(spans, key=lambda s: (s[0] - s[1], s[0])):
        inside = [t.i for t in doc if t.idx < end and start < t.idx + len(t)]
        if inside and all(tags[i] == "O" for i in inside):
            tags[inside[0]] = f"B-{label}"
            for i in inside[1:]:
                tags[i] = f"I-{label}"
    return tags


def decoded(doc: Any, tags: Sequence[str]) -> list[Span]:
    """The spans of tags: an I without its B begins one."""
    spans: list[Span] = []
    before = "O"
    for token, tag in zip(doc, tags, strict=True):
        if tag != "O" and not token.is_space:
            label, end = tag[2:], token.idx + len(token)
            if tag[0] == "I" and before[2:] == label and spans:
                spans[-1] = (spans[-1][0], end, label)
            else:
                spans.append((token.idx, end, label))
        before = tag
    return spans


def _predicted(rows: list[dict[str, Any]], tags: list[str], left: list[dict[str, Any]]) -> list[str]:
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.svm import LinearSVC

    if len(set(tags)) < 2 or not left:
        return ["O"] * len(left)
    vectorizer = DictVectorizer()
    model = LinearSVC(C=1.0, random_state=0)
    model.fit(_narrow(vectorizer.fit_transform(rows)), tags)
    return [str(tag) for tag in model.predict(_narrow(vectorizer.transform(left)))]


def _narrow(matrix: Any) -> Any:
    """The sparse matrix with 32-bit indices: liblinear takes no others."""
    matrix.indices, matrix.indptr = matrix.indices.astype("int32"), matrix.indptr.astype("int32")
    return matrix


def _at(text: str, start: int, end: int) -> Mention:
    return Mention(text[start:end], start)


def _numbered(spans: Sequence[Span]) -> list[tuple[int, Span]]:
    return list(enumerate(sorted(spans), 1))
