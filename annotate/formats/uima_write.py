"""Layers → a CAS: changes to the one that a document came from, or a new one."""

from __future__ import annotations

import re
from typing import Any

from goldwire.annotate.formats.layers import Annotation, Arrow, Layers
from goldwire.annotate.formats.uima_read import layers_of_cas, links, visible
from goldwire.annotate.formats.uima_types import ENDS, SENTENCE, TOKEN, chain_of, library, needed

# XML 1.0 has no place for these, and nobody can read them.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def cas_of(new: Layers, stored: Any) -> Any:
    """The CAS of layers; ``stored`` is the CAS that they came from, if there was one, and is changed."""
    cassis = library()
    if stored is not None:
        cas = stored
        old = layers_of_cas(cas, "")
        if old.text != new.text:
            cas.sofa_string = new.text
    else:
        cas, old = cassis.Cas(cassis.TypeSystem()), Layers("")
        cas.sofa_string = new.text
        cas.sofa_mime = "text/plain"
    declared = [x for x in new.layers.values() if stored is None or x.name not in old.layers]
    bare = {a.layer for a in new.annotations if a.layer not in new.layers}
    needed(cas.typesystem, declared, bare if stored is None else ())
    return _Patch(cas, old, new).done()


class _Patch:
    def __init__(self, cas: Any, old: Layers, new: Layers) -> None:
        self.cas, self.old, self.new = cas, old, new
        self.types = cas.typesystem
        self.fs: dict[str, Any] = {str(fs.xmiID): fs for fs in visible(cas)} if old.text else {}

    def done(self) -> Any:
        """The CAS with what the new layers have, and without what they have not."""
        old, new = self.old, self.new
        was: dict[str, Any] = {a.id: a for a in old.annotations} | {x.id: x for x in old.arrows}
        now = {a.id for a in new.annotations} | {x.id for x in new.arrows}
        for own in was.keys() - now:
            self.cas.remove(self.fs.pop(own))
        if not old.text:
            for start, end, name in new.sentences:
                sentence = self._make(SENTENCE, begin=start, end=end)
                if name:
                    sentence.id = name
            for start, end in new.tokens:
                self._make(TOKEN, begin=start, end=end)
        for a in new.annotations:
            if a.id not in was:
                self.fs[a.id] = self._make(a.layer, begin=a.start, end=a.end, **_texts(a.values))
            elif was[a.id] != a:
                self._changed(a)
        for a in new.annotations:
            if a.id not in was or was[a.id].slots != a.slots:
                self._slots(a)
        for x in new.arrows:
            if x.id not in was:
                self._arrow(x)
            elif was[x.id] != x:
                self._set(self.fs[x.id], x.values)
        if sorted(old.chained) != sorted(new.chained) or not old.text:
            self._chains()
        return self.cas

    def _make(self, name: str, /, **features: Any) -> Any:
        made = self.types.get_type(name)(**features)
        if "begin" in features or name not in (TOKEN, SENTENCE):
            self.cas.add(made)
        return made

    def _set(self, fs: Any, values: dict[str, Any]) -> None:
        known = {f.name for f in fs.type.all_features}
        for key, value in values.items():
            if key in known:
                fs.set(key, value)

    def _changed(self, a: Annotation) -> None:
        fs = self.fs[a.id]
        if (fs.begin, fs.end) != (a.start, a.end):
            # The index of the CAS is sorted by offsets, so what moves is taken out first.
            self.cas.remove(fs)
            fs.begin, fs.end = a.start, a.end
            self.cas.add(fs)
        self._set(fs, a.values)

    def _slots(self, a: Annotation) -> None:
        for feature, listed in a.slots.items():
            layer = self.new.layers[a.layer]
            link = self.types.get_type(layer.slots[feature][0])
            made = [link(role=role or None, target=self.fs[target]) for role, target in listed]
            array = self.types.get_type("uima.cas.FSArray")
            self.fs[a.id].set(feature, array(elements=made))
        for feature, _ in list(links(self.fs[a.id])):
            if feature not in a.slots:
                self.fs[a.id].set(feature, None)

    def _arrow(self, x: Arrow) -> None:
        source, target = self.fs[x.source], self.fs[x.target]
        kind = self.types.get_type(x.layer)
        names = {f.name for f in kind.all_features}
        first, second = next(pair for pair in ENDS if set(pair) <= names)
        ends = {first: source, second: target}
        known = {k: v for k, v in _texts(x.values).items() if k in names}
        self.fs[x.id] = self._make(x.layer, begin=target.begin, end=target.end, **ends, **known)

    def _chains(self) -> None:
        following = dict(self.new.chained)
        chained = [a for a in self.new.annotations if self._kind(a.layer) == "chain"]
        for fs in [
            fs for fs in self.cas.select_all_fs() if "first" in {f.name for f in fs.type.all_features}
        ]:
            self.cas.remove(fs)
        for a in chained:
            self.fs[a.id].next = self.fs[following[a.id]] if a.id in following else None
        heads = [a for a in chained if a.id not in following.values()]
        for head in sorted(heads, key=lambda a: a.chain):
            self.cas.add(self.types.get_type(chain_of(head.layer))(first=self.fs[head.id]))

    def _kind(self, name: str) -> str:
        layer = self.new.layers.get(name)
        return layer.kind if layer else ""


def _texts(values: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in values.items() if v is not None}
