"""An answer in strings → a document: every string anchored, every reference resolved."""

from __future__ import annotations

from collections import Counter
from typing import Any, NoReturn

from msgspec.structs import replace

from goldwire.annotate.anchor import Anchor, Anchorer
from goldwire.annotate.document import CLASSES, COLLECTIONS, Document, Meta
from goldwire.annotate.formats import source
from goldwire.annotate.formats.graph import LAYERS, PARTS, REFS
from goldwire.annotate.formats.strings_shape import COLLECTION_NAMES, Shaper
from goldwire.annotate.heads import head_found, map_mentions, settled
from goldwire.annotate.placing import mentions as shapes
from goldwire.annotate.problems import Problem
from goldwire.annotate.structure import StructureError, build, fields

KINDS = {name: kind for kind, name in COLLECTIONS.items()}
# Objects that others refer to come first.
ORDER = (
    "actors",
    "places",
    "times",
    "numbers",
    "quotations",
    "terms",
    "spans",
    "events",
    "links",
    "relations",
)


def anchored(
    raw: dict[str, Any],
    doc_id: str,
    home: Document,
    *,
    where: str = "answer",
    line: int = 1,
    notes: list[Problem] | None = None,
) -> Document:
    """The document that an answer makes of ``home``'s text; raises ProblemError.

    Of ``home``, text and segments are used and nothing else.

    >>> raw = {"spans": [{"text": "Ada", "label": "PER"}, {"text": "Eva"}]}
    >>> found = anchored(raw, "d", Document("Ada left."))
    >>> [s.mention.start for s in found.spans], found.extra["unanchored"]
    ([0], [{'layer': 'SPAN', 'label': '', 'text': 'Eva'}])
    """
    return _Answer(raw, home, where, line, notes).document(doc_id)


class _Answer:
    def __init__(
        self, raw: dict[str, Any], home: Document, where: str, line: int, notes: list[Problem] | None
    ) -> None:
        self.home, self.where, self.line, self.notes = home, where, line, notes
        self.anchorer = Anchorer(home.text, [(s.start, s.end) for s in home.segments])
        self.found: dict[str, list[dict[str, Any]]] = {}
        self.taken: dict[str, set[tuple[int, int]]] = {}
        self.unanchored: list[dict[str, str]] = []
        self.statuses: Counter[str] = Counter()
        self.at: dict[tuple[int, int], list[str]] = {}
        self.names: dict[str, str] = {}
        self.unknown: list[str] = []
        for key, value in raw.items():
            name = COLLECTION_NAMES.get(key, key)
            if name in ORDER:
                if not isinstance(value, list) or not all(isinstance(x, dict) for x in value):
                    self.refuse(f"{key}: should be a list of objects")
                self.found.setdefault(name, []).extend(dict(x) for x in value)
            elif key not in ("doc", "doc_id", "document", "document_id", "text"):
                self.unknown.append(key)
        self.ids = {str(x["id"]) for listed in self.found.values() for x in listed if "id" in x}
        self.shaper = Shaper(self.ids, self.refuse)

    def refuse(self, message: str) -> NoReturn:
        source.refuse(self.where, self.line, "structure", message)

    def document(self, doc_id: str) -> Document:
        for name in ORDER:
            kept = []
            for index, raw in enumerate(self.found.get(name, [])):
                shaped = self.shaper.shaped(KINDS[name], raw, f"{name}[{index}]")
                if self.placed(KINDS[name], shaped, f"{name}[{index}]"):
                    kept.append(shaped)
                    self.learn(KINDS[name], shaped)
            self.found[name] = kept
        layers: dict[str, tuple[Any, ...]] = {}
        for name in ORDER:
            built = []
            for index, raw in enumerate(self.found[name]):
                try:
                    self.resolve(KINDS[name], raw)
                    built.append(map_mentions(build(CLASSES[KINDS[name]], raw), _headed))
                except StructureError as error:
                    self.refuse(f"{name}[{index}].{error}")
            layers[name] = tuple(built)
        if self.unknown and self.notes is not None:
            message = f"keys that mean nothing here: {', '.join(sorted(self.unknown))[:200]}"
            self.notes.append(Problem(self.where, self.line, "unknown-key", message))
        extra: dict[str, Any] = {"anchored": dict(sorted(self.statuses.items()))} if self.statuses else {}
        if self.unanchored:
            extra["unanchored"] = self.unanchored
        return settled(
            Document(self.home.text, Meta(doc_id), segments=self.home.segments, extra=extra, **layers)
        )

    def placed(self, kind: str, raw: dict[str, Any], at: str) -> bool:
        """Anchor every string of an object; False where it cannot be without one that has no place."""
        layer, label_field, first = LAYERS.get(kind, ("ARG", "", "evidence"))
        label = raw.get(label_field) if label_field else ""
        label = label if isinstance(label, str) else ""
        near = self.cited(raw.pop("sentence", None), at)
        lost: set[int] = set()
        whole = True
        for path, mention in list(shapes(CLASSES[kind], raw)):
            field = path.partition("[")[0].partition(".")[0]
            part = PARTS.get(kind, {}).get(field, (layer, ""))[0] or layer
            found = self.anchor(mention, near, part, f"{at}.{path}")
            if found is not None:
                # Cue and speaker stand by the content, arguments by the trigger; a chain goes everywhere.
                near = near or (self.around(found) if kind in ("event", "quotation") else None)
                continue
            lost.add(id(mention))
            said = label if part == layer else self.role(raw, mention) if field == "args" else ""
            self.unanchored.append({"layer": part, "label": said, "text": str(mention.get("text", ""))})
            whole = whole and not (field == first and first in ("mention", "trigger"))
        _prune(raw, lost)
        return whole and (first not in ("mention", "trigger") or first in raw)

    def role(self, raw: dict[str, Any], mention: dict[str, Any]) -> str:
        owner: dict[str, Any] = next((a for a in raw.get("args", ()) if a.get("evidence") is mention), {})
        return str(owner.get("role", ""))

    def cited(self, said: Any, at: str) -> tuple[int, int] | None:
        if said is None:
            return None
        if not isinstance(said, int | str) or isinstance(said, bool):
            self.refuse(f"{at}.sentence: should be a number or words of the sentence")
        segment = next((s for s in self.home.segments if s.id == said), None)
        return (segment.start, segment.end) if segment else self.anchorer.sentence(said)

    def around(self, found: Anchor) -> tuple[int, int] | None:
        return next((s for s in self.anchorer.sentences if s[0] <= found.start < s[1]), None)

    def anchor(
        self, mention: dict[str, Any], near: tuple[int, int] | None, layer: str, at: str
    ) -> Anchor | None:
        """Give a mention its place; None where it has none."""
        said, nth = mention.get("text"), mention.pop("occurrence", 0)
        if not isinstance(said, str) or type(nth) is not int:
            self.refuse(f"{at}: text should be a string, occurrence a whole number")
        cited = mention.pop("sentence", None)
        near = self.cited(cited, at) if cited is not None else near if not nth else None
        # Two events may well share a filler; two actors do not share a mention.
        taken = self.taken.setdefault(layer, set()) if layer != "ARG" else set()
        found = self.anchorer.find(said, near=near, occurrence=nth, taken=taken)
        self.statuses[found.status if found else "none"] += 1
        if found is None:
            return None
        taken.add(found.bounds)
        mention |= {"text": self.home.text[found.start : found.end], "start": found.start}
        mention.pop("end", None)
        if found.status != "exact":
            remark = {"status": found.status, "said": said}
            mention["anchor"] = remark | ({"score": str(found.score)} if found.status == "fuzzy" else {})
        return found

    def learn(self, kind: str, raw: dict[str, Any]) -> None:
        """Remember where an object stands, so that strings that name it refer to it."""
        layer, _, first = LAYERS.get(kind, ("", "", ""))
        if not layer or kind in ("span", "term"):
            return
        value = raw.get(first, [])
        for mention in value if isinstance(value, list) else [value]:
            if not isinstance(mention, dict) or "start" not in mention:
                continue
            self.at.setdefault((mention["start"], mention["start"] + len(mention["text"])), []).append(
                raw["id"]
            )
            self.names.setdefault(mention["text"].casefold(), raw["id"])
        if isinstance(raw.get("name"), str) and raw["name"]:
            self.names.setdefault(raw["name"].casefold(), raw["id"])

    def resolve(self, kind: str, raw: dict[str, Any]) -> None:
        """Strings where ids should be -> the objects that stand there; others are kept as they were said."""
        for name in REFS.get(kind, ()):
            if name not in raw:
                continue
            many = isinstance(raw[name], list)
            said = raw[name] if many else [raw[name]]
            found = [self.named(x) for x in said]
            left = [x for x, ref in zip(said, found, strict=True) if not ref]
            refs = [ref for ref in found if ref]
            raw[name] = refs if many or _is_many(kind, name) else (refs[0] if refs else "")
            if left:
                raw[f"{name}_said"] = left if many else left[0]
        for arg in raw.get("args", ()):
            evidence = arg.get("evidence")
            if evidence and not arg.get("ref"):
                arg["ref"] = self.standing(evidence, {raw["id"]})
        if kind == "quotation" and raw.get("speaker_span") and not raw.get("speaker"):
            raw["speaker"] = self.standing(raw["speaker_span"], {raw["id"]})

    def named(self, said: Any) -> str:
        if isinstance(said, dict):
            said = said.get("text")
        if not isinstance(said, str):
            return ""
        if said in self.ids or said == "AUTHOR":
            return said
        return self.names.get(said.strip().casefold(), "")

    def standing(self, mention: dict[str, Any], but: set[str]) -> str:
        """The object that stands where a mention does; the one of that name, if there is none."""
        bounds = mention["start"], mention["start"] + len(mention["text"])
        here = [i for i in self.at.get(bounds, []) if i not in but]
        named = self.names.get(mention["text"].casefold(), "")
        return here[0] if here else named if named not in but else ""


def _is_many(kind: str, name: str) -> bool:
    return next(f.type for f in fields(CLASSES[kind]) if f.key == name) is not str


def _prune(raw: dict[str, Any], lost: set[int]) -> None:
    """Take out the mentions that have no place, and arguments that have nothing left."""
    for key, value in list(raw.items()):
        if id(value) in lost:
            del raw[key]
        elif isinstance(value, list):
            raw[key] = [x for x in value if id(x) not in lost]
    if "args" in raw:
        for arg in raw["args"]:
            if id(arg.get("evidence")) in lost:
                del arg["evidence"]
        raw["args"] = [a for a in raw["args"] if a.get("ref") or "evidence" in a]


def _headed(mention: Any) -> Any:
    """The mention with its head found, or without one where it does not stand in what was found."""
    try:
        return head_found(mention)
    except StructureError:
        return replace(mention, head="", head_start=-1)
