"""The flat ``spans`` of a record and the mentions that objects hold, each made from the other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from goldwire.annotate.document import Document, Mention, Relation, Span, mentions, objects
from goldwire.annotate.problems import visible
from goldwire.annotate.structure import StructureError, build, plain

# Keys under which objects name one span, and those under which they name several.
ONE = ("mention", "trigger", "evidence", "speaker_span", "anaphor")
MANY = ("cue", "content", "verbatim")
# What the row of a span says itself; anything else in a row is kept with the mention.
ROW = ("id start end token_start token_end head_start head_end label text cont confidence").split()
NAMED = {"mention": "span"}


def listed(raw: dict[str, Any], key: str) -> list[Any]:
    """The list under a key, empty where there is none; raises StructureError."""
    value = raw.get(key) or []
    if not isinstance(value, list):
        raise StructureError(f"{key}: should be a list")
    return value


def below(path: str, error: StructureError) -> str:
    """What an error says, from one level higher."""
    said = str(error)
    joint = "" if said.startswith("[") else ": " if said.startswith(("should be ", "there is ")) else "."
    return path + joint + said


class Writer:
    """Gives every mention of a document a row and an id, and writes objects with those ids."""

    def __init__(self, document: Document) -> None:
        self._owned = {
            item.id: {m.pieces: (label, m) for label, m in mentions(item) if label not in ("ARG", "VERBATIM")}
            for kind, item in objects(document)
            if kind in ("actor", "place", "time", "number", "event")
        }
        kept = {item.id for item in document.spans}
        more = {
            item.id: {k: v for k in ("confidence", "note") if (v := getattr(item, k))} | item.extra
            for item in document.spans
        }
        found: dict[str, tuple[str, Mention, str]] = {}
        for _, item in objects(document):
            for label, mention in [*mentions(item), *self._pointed(item)]:
                own = item.id if isinstance(item, Span) else ""
                found.setdefault(own or _key(label, mention), (label, mention, own))
        order = sorted(found.items(), key=lambda x: (x[1][1].start, -x[1][1].bounds[1], x[1][0], x[0]))
        self._ids: dict[str, str] = {}
        self.rows: list[dict[str, Any]] = []
        fresh = (f"s{n}" for n in range(1, 1 << 62) if f"s{n}" not in kept)
        for key, (label, mention, own) in order:
            self._ids[key] = own or next(fresh)
            first = self._ids[key]
            for index, (start, end) in enumerate(mention.pieces):
                text = mention.text if not index else mention.more[index - 1].text
                row = _row(first if not index else next(fresh), label, mention, start, end, text)
                self.rows.append({**row, "cont": first if index else "", **more.get(own, {})})
        self.rows.sort(key=lambda r: (r["start"], -r["end"], r["label"]))

    def written(self, kind: str, item: Any) -> dict[str, Any]:
        """The plain value of an object, mentions as ids of spans."""
        if kind == "span":
            return {"id": item.id, "label": item.label, "note": item.note}
        labels = {id(m): label for label, m in mentions(item)}

        def write(nested: Any) -> Any:
            if isinstance(nested, Mention):
                # Evidence is not found here: which span shows it depends on what it stands for.
                return self._ids.get(_key(labels.get(id(nested), ""), nested), "")
            return plain(nested, defaults=True, write=write)

        body = plain(item, defaults=True, write=write)
        match kind:
            case "actor":
                body["mentions"] = [
                    {"span": self._ids[_key("ACTOR", m)], "form": m.form, "metonymy": m.metonymy or "none"}
                    for m in item.mentions
                ]
            case "event":
                for arg, plain_arg in zip(item.args, body["args"], strict=True):
                    plain_arg["evidence"] = self._evidence(arg.evidence, arg.ref)
            case "quotation":
                body["speaker_span"] = self._evidence(item.speaker_span, item.speaker)
                body["anaphor"] = body["anaphor"] or ""
            case "link":
                body["evidence"] = self._evidence(item.evidence, "")
        return {NAMED.get(key, key): value for key, value in body.items()}

    def _evidence(self, mention: Mention | None, ref: str) -> str:
        if mention is None:
            return ""
        label, own = self._shown(mention, ref) or ("ARG", mention)
        return self._ids[_key(label, own)]

    def _shown(self, mention: Mention, ref: str) -> tuple[str, Mention] | None:
        """The mention of an object that its evidence is; None for one that says more, or is none."""
        more = mention.confidence or mention.extra
        return None if more else self._owned.get(ref, {}).get(mention.pieces)

    def _pointed(self, item: Any) -> Iterator[tuple[str, Mention]]:
        """Evidence that is no mention of what it stands for: a span of its own."""
        pairs = [(a.evidence, a.ref) for a in getattr(item, "args", ())]
        pairs += [(getattr(item, "speaker_span", None), getattr(item, "speaker", ""))]
        pairs += [(getattr(item, "evidence", None), "")]
        for mention, ref in pairs:
            if mention and not self._shown(mention, ref):
                yield "ARG", mention


class Reader:
    """Finds the mention of a span's id, and knows at the end which spans nobody named."""

    def __init__(self, text: str, rows: Any) -> None:
        self.wrong: list[tuple[str, str]] = []
        self._rows: dict[str, dict[str, Any]] = {}
        self._more: dict[str, list[dict[str, Any]]] = {}
        self._used: set[str] = set()
        for index, raw in enumerate(rows):
            row = self._checked(text, index, raw)
            if row and row.get("cont"):
                self._more.setdefault(row["cont"], []).append(row)
            elif row:
                self._rows[row["id"]] = row
        for ref in self._more.keys() - self._rows.keys():
            self.wrong.append(("structure", f"spans: one continues (cont) {visible(ref)}, which is no span"))

    def _checked(self, text: str, index: int, raw: Any) -> dict[str, Any] | None:
        at = f"spans[{index}]"
        if not isinstance(raw, dict) or not all(type(raw.get(k)) is int for k in ("start", "end")):
            self.wrong.append(("structure", f"{at}: should be an object with whole numbers start and end"))
            return None
        start, end = raw["start"], raw["end"]
        if not 0 <= start < end <= len(text):
            self.wrong.append(
                ("offset-range", f"{at}: [{start}, {end}) is not in a text of {len(text)} characters")
            )
            return None
        odd = [k for k in ("head_start", "head_end") if type(raw.get(k, 0)) is not int]
        odd += [k for k in ("cont", "label") if not isinstance(raw.get(k, ""), str)]
        if odd:
            self.wrong.append(("structure", f"{at}.{odd[0]}: is of the wrong type"))
            return None
        surface = text[start:end]
        if raw.get("text", surface) != surface:
            said = f"{at}: says {visible(str(raw['text']))}, the text has {visible(surface)} at {start}"
            self.wrong.append(("surface-text", said))
            return None
        row = {**raw, "text": surface, "id": str(raw.get("id") or f"s{index + 1}")}
        if row["id"] in self._rows:
            self.wrong.append(("repeated-id", f"{at}: the id {row['id']!r} stands more than once"))
            return None
        return row

    def mention(self, ref: Any, **more: Any) -> dict[str, Any]:
        """The mention of a span's id as a plain value; raises StructureError."""
        if not isinstance(ref, str) or ref not in self._rows:
            said = visible(ref) if isinstance(ref, str) else f"with the id {json.dumps(ref)}"
            raise StructureError(f"there is no span {said}")
        self._used.add(ref)
        row = self._rows[ref]
        whole = (row["start"], row["end"])
        result = {"text": row["text"], "start": row["start"]}
        head = (row.get("head_start", whole[0]), row.get("head_end", whole[1]))
        pieces = [row, *self._more.get(ref, [])]
        if head != whole and head != (-1, -1):
            inside = [
                p["text"][head[0] - p["start"] : head[1] - p["start"]]
                for p in pieces
                if p["start"] <= head[0] <= head[1] <= p["end"]
            ]
            if not inside:
                raise StructureError(f"span {ref!r}: its head {list(head)} is not in it")
            result |= {"head": inside[0], "head_start": head[0]}
        if pieces[1:]:
            result["more"] = [{"text": p["text"], "start": p["start"]} for p in pieces[1:]]
        if row.get("confidence"):
            result["confidence"] = row["confidence"]
        return result | {k: v for k, v in row.items() if k not in ROW} | more

    def filled(self, kind: str, raw: dict[str, Any]) -> dict[str, Any]:
        """The value of an object with mentions in the place of span ids."""
        if not isinstance(raw, dict):
            raise StructureError("should be an object")
        result = dict(raw)
        if "span" in raw:
            result["mention"] = self._at("span", result.pop("span"))
        for key in ONE:
            if key in raw:
                result[key] = self._at(key, raw[key]) if raw[key] else None
        for key in MANY:
            if key in raw:
                listing = enumerate(listed(raw, key))
                result[key] = [self._at(f"{key}[{index}]", ref) for index, ref in listing]
        if kind in ("actor", "place"):
            listing = enumerate(listed(raw, "mentions"))
            result["mentions"] = [self._listed(f"mentions[{index}]", x) for index, x in listing]
        if kind == "event":
            result["args"] = [self._argument(index, x) for index, x in enumerate(listed(raw, "args"))]
        return {k: v for k, v in result.items() if v is not None}

    def _at(self, path: str, ref: Any, **more: Any) -> dict[str, Any]:
        try:
            return self.mention(ref, **more)
        except StructureError as error:
            raise StructureError(below(path, error)) from None

    def _argument(self, index: int, raw: Any) -> dict[str, Any]:
        try:
            return self.filled("", raw)
        except StructureError as error:
            raise StructureError(below(f"args[{index}]", error)) from None

    def _listed(self, path: str, entry: Any) -> dict[str, Any]:
        if not isinstance(entry, dict):
            return self._at(path, entry)
        more = {k: v for k, v in entry.items() if k != "span"}
        if more.get("metonymy") == "none":
            del more["metonymy"]
        return self._at(path, entry.get("span"), **more)

    def unused(self) -> tuple[Span, ...]:
        """The spans that belong to no object, in the order of the file."""
        return tuple(self._foreign(row) for ref, row in self._rows.items() if ref not in self._used)

    def _foreign(self, row: dict[str, Any]) -> Span:
        mention = self.mention(row["id"])
        more = {k: mention.pop(k) for k in mention.keys() - {"text", "start", "head", "head_start", "more"}}
        return build(Span, {"id": row["id"], "mention": mention, "label": row.get("label", ""), **more})

    def relations(self, raw: Iterable[dict[str, Any]], *, ours: bool) -> Iterator[Relation]:
        """Relations in a tool's own words; those that goldwire derived itself are passed over."""
        spans = [((r["start"], r["end"], r.get("label")), ref) for ref, r in reversed(self._rows.items())]
        at = {key: ref for key, ref in spans if _hashable(key)}
        for index, row in enumerate(raw):
            if not isinstance(row, dict):
                raise StructureError(f"relations[{index}]: should be an object")
            if row.get("id"):
                known = ("head", "child", "head_span", "child_span")
                yield build(Relation, {k: v for k, v in row.items() if k not in known})
            elif not ours:
                named = (row.get(end) for end in ("head_span", "child_span"))
                ends = [end if isinstance(end, dict) else {} for end in named]
                keys = [(e.get("start"), e.get("end"), e.get("label")) for e in ends]
                source, target = (at.get(key, "") if _hashable(key) else "" for key in keys)
                yield Relation(f"r{index + 1}", source, target, str(row.get("label", "")))


def _hashable(key: tuple[Any, ...]) -> bool:
    return not any(isinstance(part, list | dict) for part in key)


def _row(ref: str, label: str, mention: Mention, start: int, end: int, text: str) -> dict[str, Any]:
    head_start, head_end = mention.head_bounds
    row: dict[str, Any] = {
        "id": ref,
        "start": start,
        "end": end,
        "token_start": -1,
        "token_end": -1,
        "head_start": head_start,
        "head_end": head_end,
        "label": label,
        "text": text,
        "cont": "",
    }
    if label != "ACTOR":
        row |= {k: v for k in ("form", "metonymy") if (v := getattr(mention, k))}
    if mention.confidence:
        row["confidence"] = mention.confidence
    return row | mention.extra


def _key(label: str, mention: Mention) -> str:
    """What makes two mentions one span: everything that the row of a span says."""
    said = msgspec.to_builtins(mention)
    if label == "ACTOR":
        said |= {"form": "", "metonymy": ""}
    return json.dumps([label, said], sort_keys=True)
